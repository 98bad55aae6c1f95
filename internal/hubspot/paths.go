package hubspot

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Version is a version of HubSpot's API: a date ("2026-03") or "v3".
//
// Bodies are the same in all of them, only the paths move. HubSpot stops supporting v1 to v3 in September 2027
// and a dated version eighteen months after its date (developers.hubspot.com, "Legacy migration guide").
type Version string

// DefaultVersion is used where the settings name none.
const DefaultVersion Version = "2026-03"

// Versions are those the client knows the paths of. "v4" is "v3" but for associations.
var Versions = []Version{"2026-03", "2026-09", "2025-09", "v3", "v4"}

// check refuses a version the client does not know the paths of.
func (v Version) check() error {
	if slices.Contains(Versions, v) {
		return nil
	}
	names := make([]string, len(Versions))
	for i, known := range Versions {
		names[i] = string(known)
	}
	return fmt.Errorf("hubspot API version %q is not known: want one of %s", v, strings.Join(names, ", "))
}

// dated tells a version named by its date from v3 and v4.
func (v Version) dated() bool { return !strings.HasPrefix(string(v), "v") }

// objects is the path of an object's records: /crm/objects/2026-03/contacts.
func (v Version) objects(object string, rest ...string) string {
	return v.area("crm", "objects", object, rest)
}

// properties is the path of an object's columns: /crm/properties/2026-03/contacts.
func (v Version) properties(object string, rest ...string) string {
	return v.area("crm", "properties", object, rest)
}

// associations is the path of the associations between two objects: /crm/associations/2026-03/deals/companies. They
// are v4 where everything else is v3.
func (v Version) associations(from, to string, rest ...string) string {
	if !v.dated() {
		parts := []string{"", "crm", "v4", "associations", url.PathEscape(from), url.PathEscape(to)}
		return strings.Join(append(parts, rest...), "/")
	}
	return v.area("crm", "associations", from, append([]string{to}, rest...))
}

// owners is the path of the owners: /crm/owners/2026-03.
func (v Version) owners() string {
	if v.dated() {
		return "/crm/owners/" + string(v)
	}
	return "/crm/v3/owners"
}

// account is a path under account info: /account-info/2026-03/details.
func (v Version) account(rest string) string {
	if v.dated() {
		return "/account-info/" + string(v) + "/" + rest
	}
	return "/account-info/v3/" + rest
}

// token is the path an OAuth app renews its access token at. Dated from 2026-03 on; /oauth/v1 stops in
// February 2027, hence v3 for everything older.
func (v Version) token() string {
	if v.dated() && v >= "2026-03" {
		return "/oauth/" + string(v) + "/token"
	}
	return "/oauth/v3/token"
}

func (v Version) area(root, area, object string, rest []string) string {
	parts := []string{"", root, area, string(v)}
	if !v.dated() {
		parts = []string{"", root, "v3", area}
	}
	parts = append(parts, url.PathEscape(object))
	for _, r := range rest {
		parts = append(parts, url.PathEscape(r))
	}
	return strings.Join(parts, "/")
}

// version finds the version inside a path.
var version = regexp.MustCompile(`/(20\d\d-\d\d|v\d)(/|$)`)

// idPart finds an id inside a path.
var idPart = regexp.MustCompile(`/\d+(/|$)`)

// endpoint is a path without root, version and ids, the name its calls are metered and logged under:
// "objects/contacts/search".
func endpoint(path string) string {
	path = idPart.ReplaceAllString(version.ReplaceAllString(path, "$2"), "/{id}$1")
	return strings.TrimPrefix(strings.TrimPrefix(path, "/"), "crm/")
}
