package hubspot

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func listAll(t *testing.T, c *Client, q ListQuery) (ids []string, afters []string, err error) {
	t.Helper()
	for page, err := range c.List(t.Context(), "contacts", q) {
		if err != nil {
			return ids, afters, err
		}
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
		}
		afters = append(afters, page.After)
	}
	return ids, afters, nil
}

func TestList(t *testing.T) {
	t.Parallel()
	// As recorded: the cursor is the last id plus one, with a link; paging is absent on the last page.
	p := script(t,
		reply{body: `{"results":[{"id":"51854903508"},{"id":"51854903509"}],"paging":{"next":{"after":"51854903510","link":"https://api.hubapi.com/crm/v3/objects/contacts?after=51854903510"}}}`},
		reply{body: `{"results":[{"id":"51854903600","archived":true,"archivedAt":"2026-11-01T00:00:00Z"}]}`})
	ids, afters, err := listAll(t, p.client(t), ListQuery{Properties: []string{"email", "phone"}, Archived: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"51854903508", "51854903509", "51854903600"}, ids); diff != "" {
		t.Errorf("ids (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"51854903510", ""}, afters); diff != "" {
		t.Errorf("cursors (-want +got)\n%s", diff)
	}
	r := p.requests()
	if r[0].Path != "/crm/objects/2026-03/contacts" || r[0].Query != "archived=true&limit=100&properties=email%2Cphone" {
		t.Errorf("called %s?%s", r[0].Path, r[0].Query)
	}
	if r[1].Query != "after=51854903510&archived=true&limit=100&properties=email%2Cphone" {
		t.Errorf("then ?%s", r[1].Query)
	}
}

func TestListGoesOnFromACursorAndWithHistories(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"results":[]}`})
	if _, _, err := listAll(t, p.client(t), ListQuery{WithHistory: []string{"phone"}, After: "77"}); err != nil {
		t.Fatal(err)
	}
	if got, want := p.requests()[0].Query, "after=77&archived=false&limit=50&propertiesWithHistory=phone"; got != want {
		t.Errorf("asked ?%s, want ?%s", got, want)
	}
}

// Long lists of properties end in 414: ids are listed, the records read by batch.
func TestListReadsByBatchWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	q := ListQuery{Archived: true, WithHistory: []string{"phone"}}
	for i := range 400 {
		q.Properties = append(q.Properties, fmt.Sprintf("a_property_with_a_name_%d", i))
	}
	p := script(t,
		reply{body: `{"results":[{"id":"1"},{"id":"2"}],"paging":{"next":{"after":"3"}}}`},
		reply{body: `{"results":[{"id":"2","full":1},{"id":"1","full":1}]}`},
		reply{body: `{"results":[]}`})
	ids, afters, err := listAll(t, p.client(t), q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"2", "1"}, {"3", ""}}, [][]string{ids, afters}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r := p.requests()
	if r[0].Query != "archived=true&limit=50&properties=lastmodifieddate" {
		t.Errorf("listed ?%s", r[0].Query)
	}
	if r[1].Path != "/crm/objects/2026-03/contacts/batch/read" || r[1].Query != "archived=true" ||
		!strings.Contains(r[1].Body, "a_property_with_a_name_399") || !strings.Contains(r[1].Body, `"propertiesWithHistory":["phone"]`) {
		t.Errorf("read %s?%s %s", r[1].Path, r[1].Query, r[1].Body)
	}
}

func TestListStopsAtACursorThatLeadsToItself(t *testing.T) {
	t.Parallel()
	again := reply{body: `{"results":[{"id":"1"}],"paging":{"next":{"after":"2"}}}`}
	_, _, err := listAll(t, script(t, again, again).client(t), ListQuery{})
	if err == nil || !strings.Contains(err.Error(), "leads to itself") {
		t.Errorf("got %v", err)
	}
}

// A page that fails is an error, and those before it are the caller's.
func TestListFails(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"results":[{"id":"1"}],"paging":{"next":{"after":"2"}}}`},
		reply{status: 403, body: `{"status":"error","category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.contacts.read"]}}]}`})
	ids, _, err := listAll(t, p.client(t), ListQuery{})
	if len(ids) != 1 {
		t.Errorf("got %v", ids)
	}
	want := "hubspot.List(contacts): hubspot: GET objects/contacts: 403 MISSING_SCOPES: needs one of the scopes crm.objects.contacts.read"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
