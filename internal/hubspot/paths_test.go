package hubspot

import (
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		version                                            Version
		objects, search, properties, groups, owners, token string
		details                                            string
	}{
		{"2026-03", "/crm/objects/2026-03/contacts", "/crm/objects/2026-03/contacts/search", "/crm/properties/2026-03/contacts",
			"/crm/properties/2026-03/contacts/groups", "/crm/owners/2026-03", "/oauth/2026-03/token", "/account-info/2026-03/details"},
		{"2026-09", "/crm/objects/2026-09/contacts", "/crm/objects/2026-09/contacts/search", "/crm/properties/2026-09/contacts",
			"/crm/properties/2026-09/contacts/groups", "/crm/owners/2026-09", "/oauth/2026-09/token", "/account-info/2026-09/details"},
		// Tokens have dated paths from 2026-03 on only.
		{"2025-09", "/crm/objects/2025-09/contacts", "/crm/objects/2025-09/contacts/search", "/crm/properties/2025-09/contacts",
			"/crm/properties/2025-09/contacts/groups", "/crm/owners/2025-09", "/oauth/v3/token", "/account-info/2025-09/details"},
		{"v3", "/crm/v3/objects/contacts", "/crm/v3/objects/contacts/search", "/crm/v3/properties/contacts",
			"/crm/v3/properties/contacts/groups", "/crm/v3/owners", "/oauth/v3/token", "/account-info/v3/details"},
		// v4 is a version of associations alone.
		{"v4", "/crm/v3/objects/contacts", "/crm/v3/objects/contacts/search", "/crm/v3/properties/contacts",
			"/crm/v3/properties/contacts/groups", "/crm/v3/owners", "/oauth/v3/token", "/account-info/v3/details"},
	}
	for _, tt := range tests {
		v := tt.version
		for _, pair := range [][2]string{
			{v.objects("contacts"), tt.objects}, {v.objects("contacts", "search"), tt.search}, {v.properties("contacts"), tt.properties},
			{v.properties("contacts", "groups"), tt.groups}, {v.owners(), tt.owners}, {v.token(), tt.token}, {v.account("details"), tt.details},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: got %s, want %s", v, pair[0], pair[1])
			}
		}
	}
}

func TestPathEscapesTheObject(t *testing.T) {
	t.Parallel()
	if got, want := DefaultVersion.objects("../owners?a=b"), "/crm/objects/2026-03/..%2Fowners%3Fa=b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// One call has one name in history, whatever the version.
func TestEndpointHasNoVersion(t *testing.T) {
	t.Parallel()
	for _, v := range Versions {
		for _, pair := range [][2]string{
			{v.objects("contacts"), "objects/contacts"},
			{v.objects("contacts", "batch", "update"), "objects/contacts/batch/update"},
			{v.objects("2-9001", "search"), "objects/2-9001/search"},
			{v.properties("contacts", "groups"), "properties/contacts/groups"},
			{v.owners(), "owners"}, {v.token(), "oauth/token"}, {v.account("details"), "account-info/details"},
		} {
			if got := endpoint(pair[0]); got != pair[1] {
				t.Errorf("endpoint(%s) = %s, want %s", pair[0], got, pair[1])
			}
		}
	}
}

func TestUnknownVersionIsRefused(t *testing.T) {
	t.Parallel()
	_, err := New(Options{Version: "2026-04"})
	if err == nil || !strings.Contains(err.Error(), `"2026-04" is not known: want one of 2026-03, 2026-09`) {
		t.Errorf("got %v", err)
	}
}
