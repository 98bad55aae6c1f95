package hubspot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecordLists(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"offset":1,"hasMore":true,"total":2,"lists":[{"listId":"7","name":"Sales ready","objectTypeId":"0-1","processingType":"MANUAL","updatedAt":"2026-01-01T00:00:00.000Z","additionalProperties":{"hs_list_size":"2","hs_last_record_added_at":"1767225600000"}}]}`},
		reply{body: `{"offset":2,"hasMore":false,"total":2,"lists":[{"listId":"8","name":"Targets","objectTypeId":"0-2","updatedAt":"2026-01-02T00:00:00.000Z"}]}`})
	got, err := p.client(t).RecordLists(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []RecordList{
		{"7", "Sales ready", "0-1", 2, "2026-01-01T00:00:00.000Z 1767225600000 ", "MANUAL"},
		{"8", "Targets", "0-2", -1, "2026-01-02T00:00:00.000Z  ", ""}, // without a size: not said
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	r := p.requests()
	if r[0].Method != "POST" || r[0].Path != "/crm/lists/2026-03/search" {
		t.Errorf("called %s %s", r[0].Method, r[0].Path)
	}
	sameJSON(t, `{"query":"","count":500,"offset":500,"additionalProperties":["hs_list_size","hs_last_record_added_at","hs_last_record_removed_at"]}`, r[1].Body)
}

func TestListMembers(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"results":[{"recordId":"101","membershipTimestamp":"2026-01-01T00:00:00.000Z"}],"paging":{"next":{"after":"101"}}}`},
		reply{body: `{"results":[{"recordId":"102","membershipTimestamp":"2026-01-01T00:00:00.000Z"}]}`})
	got, err := p.client(t, func(o *Options) { o.Version = "v3" }).ListMembers(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"101", "102"}, got); d != "" {
		t.Error(d)
	}
	if r := p.requests()[1]; r.Path != "/crm/v3/lists/7/memberships" || r.Query != "after=101&limit=250" {
		t.Errorf("called %s?%s", r.Path, r.Query)
	}
	if name := endpoint("/crm/lists/2026-03/7/memberships"); name != "lists/{id}/memberships" {
		t.Errorf("metered as %s", name)
	}
	if _, err := script(t, reply{body: `{}`}).client(t).ListMembers(t.Context(), "7"); err == nil {
		t.Error("an answer without results is taken for an empty list")
	}
}
