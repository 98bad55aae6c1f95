package hubspot

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/wire"
)

// The bodies below have the members and types of recorded answers and values of their own. The recordings: AMP is
// amp-labs/connectors (providers/hubspot/**/test), VCR captaincontrat/hubspot-api-ruby (spec/fixtures/vcr_cassettes),
// GRP grouparoo/grouparoo (nock recordings of plugins/@grouparoo/hubspot).

// stamps end a record as every recorded answer since 2025 does.
const stamps = `"createdAt":"2026-04-09T13:17:00.224Z","updatedAt":"2026-04-10T13:17:00Z","archived":false,"url":"https://app.hubspot.com/contacts/1/record/0-1/51"`

// TestRecordedPages: a search without links (AMP), a list with one (VCR), a read; cleared values are "", never set ones null.
func TestRecordedPages(t *testing.T) {
	t.Parallel()
	const row = `{"id":"51","properties":{"createdate":"2026-04-09T13:17:00.224Z","firstname":"","hs_object_id":"51","lastmodifieddate":"2026-04-10T13:17:00Z","lastname":null},` + stamps + `}`
	p := script(t,
		reply{body: `{"total":57,"results":[` + row + `],"paging":{"next":{"after":"54"}}}`, header: map[string]string{"X-HubSpot-RateLimit-Daily": "250000", "X-HubSpot-RateLimit-Daily-Remaining": "248560"}},
		reply{body: `{"total":57,"results":[]}`},
		reply{body: `{"results":[` + row + `],"paging":{"next":{"after":"52","link":"https://api.hubapi.com/crm/objects/v3/contacts?offset_param=after&limit=1&after=52"}}}`},
		reply{body: `{"results":[` + row + `]}`},
		reply{status: 207, body: `{"completedAt":"2026-05-21T23:20:54.374Z","status":"COMPLETE","startedAt":"2026-05-21T23:20:54.333Z","results":[` + row + `],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["52"]}}]}`},
	)
	c := p.client(t)
	want := []Stamp{{ID: "51", ModifiedAt: time.Date(2026, 4, 10, 13, 17, 0, 0, time.UTC)}}
	found, err := c.Search(t.Context(), "contacts", Query{Properties: []string{"firstname", "lastname"}})
	if err != nil || found.Total != 57 || found.After != "54" || !cmp.Equal(want, found.Rows) || !strings.Contains(string(found.Body), `"firstname":""`) {
		t.Errorf("search: %+v, %v", found, err)
	}
	if last, err := c.Search(t.Context(), "contacts", Query{After: 54}); err != nil || last.After != "" || len(last.Rows) != 0 {
		t.Errorf("last page: %+v, %v", last, err)
	}
	pages := 0
	for page, err := range c.List(t.Context(), "contacts", ListQuery{Properties: []string{"firstname"}}) {
		if err != nil || !cmp.Equal(want, page.Rows) {
			t.Errorf("list: %+v, %v", page, err)
		}
		pages++
	}
	if pages != 2 || !strings.Contains(p.requests()[3].Query, "after=52") {
		t.Errorf("%d pages, the last asked with %s", pages, p.requests()[3].Query)
	}
	read, err := c.BatchRead(t.Context(), "contacts", ReadQuery{IDs: []string{"51", "52"}, Properties: []string{"firstname"}})
	if err != nil || !cmp.Equal(want, read.Rows) || !cmp.Equal([]string{"52"}, read.Missing) {
		t.Errorf("read: %+v, %v", read, err)
	}
}

// TestRecordedWrites: results in another order and without trace ids, rows refused by themselves, whole batches refused.
func TestRecordedWrites(t *testing.T) {
	t.Parallel()
	made := func(id, email string) string {
		return `{"id":"` + id + `","properties":{"createdate":"2026-04-09T13:17:00.224Z","email":"` + email + `","hs_is_unworked":"true","hs_lifecyclestage_lead_date":"1762212973632"},` + stamps + `}`
	}
	const times = `"completedAt":"2025-11-04T20:29:54.897Z","status":"COMPLETE","startedAt":"2025-11-04T20:29:54.816Z",`
	create := func(c *Client) (BatchResult, error) {
		return c.BatchCreate(t.Context(), "contacts", "email", []Write{{Properties: map[string]string{"email": "A@example.com"}}, {Properties: map[string]string{"email": "b@example.com"}}})
	}
	update := func(c *Client) (BatchResult, error) {
		return c.BatchUpdate(t.Context(), "contacts", []Write{{ID: "51", Properties: map[string]string{"firstname": "A"}}, {ID: "52", Properties: map[string]string{"firstname": "B"}}})
	}
	const conflict = `{"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 77","context":{"objectWriteTraceId":["{trace}"],"existingId":["77"]}}`
	for name, test := range map[string]struct {
		write func(*Client) (BatchResult, error)
		reply reply
		want  []Outcome
	}{
		"created in another order, addresses in lower case (AMP)": {create, reply{status: 201, body: `{` + times + `"results":[` + made("52", "b@example.com") + `,` + made("51", "a@example.com") + `]}`},
			[]Outcome{{Answer: Taken, ID: "51"}, {Answer: Taken, ID: "52"}}},
		"one exists, no trace id on the other (AMP)": {create, reply{status: 207, body: `{` + times + `"results":[` + made("52", "b@example.com") + `],"errors":[` + conflict + `],"numErrors":1}`},
			[]Outcome{{Answer: Refused, ID: "77", Refusal: &Refusal{Category: "CONFLICT", ExistingID: "77"}}, {Answer: Taken, ID: "52"}}},
		"updated in another order (AMP)": {update, reply{body: `{` + times + `"results":[` + made("52", "b@example.com") + `,` + made("51", "a@example.com") + `]}`},
			[]Outcome{{Answer: Taken, ID: "51"}, {Answer: Taken, ID: "52"}}},
		"one is gone, named in a list (AMP)": {update, reply{status: 207, body: `{` + times + `"results":[` + made("52", "b@example.com") + `],"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["51"]}}],"numErrors":1}`},
			[]Outcome{{Answer: Refused, Refusal: &Refusal{Category: "OBJECT_NOT_FOUND", IDs: []string{"51"}}}, {Answer: Taken, ID: "52"}}},
	} {
		test.reply.body = strings.ReplaceAll(test.reply.body, "{trace}", trace(0))
		got, err := test.write(script(t, test.reply).client(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, got.Outcomes, cmpopts.IgnoreFields(Outcome{}, "Record"), cmpopts.IgnoreFields(Refusal{}, "Message"), cmpopts.IgnoreUnexported(Refusal{}), cmpopts.EquateEmpty()); diff != "" || len(got.Stray) > 0 {
			t.Errorf("%s (-want +got):\n%s%v", name, diff, got.Stray)
		}
	}
}

// TestRecordedRefusals: every recorded error body, and what it asks for.
func TestRecordedRefusals(t *testing.T) {
	t.Parallel()
	const long = `"message":"Property values were not valid: [{\"isValid\":false,\"message\":\"x was not a valid long. Portal 1, object type 0-47\",\"error\":\"INVALID_LONG\",\"name\":\"hs_meeting_start_time\"}]"`
	html := map[string]string{"Content-Type": "text/html;charset=iso-8859-1", "X-HubSpot-NotFound": "true"}
	for name, test := range map[string]struct {
		reply  reply
		kind   wire.Kind
		code   string
		fields []string
	}{
		"all refused for one that exists (AMP)":        {reply{status: 409, body: `{"status":"error","message":"Contact already exists","correlationId":"c","category":"CONFLICT"}`}, wire.Follow, "CONFLICT", nil},
		"the same id twice (AMP)":                      {reply{status: 400, body: `{"status":"error","message":"Duplicate IDs found in batch input: [51]. IDs must be unique","correlationId":"c","context":{"ids":["51"]},"category":"VALIDATION_ERROR"}`}, wire.Record, "VALIDATION_ERROR", nil},
		"a property nobody knows, once per row (AMP)":  {reply{status: 400, body: `{"status":"error","message":"Property values were not valid: []","correlationId":"c","errors":[{"message":"Property \"first000name\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["first000name"]}},{"message":"Property \"first000name\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["first000name"]}}],"category":"VALIDATION_ERROR"}`}, wire.Mapping, "VALIDATION_ERROR", []string{"first000name"}},
		"a bad time, told in the message alone (VCR)":  {reply{status: 400, body: `{"status":"error",` + long + `,"correlationId":"c","category":"VALIDATION_ERROR"}`}, wire.Record, "VALIDATION_ERROR", []string{"hs_meeting_start_time"}},
		"an object nobody knows, no category (AMP)":    {reply{status: 400, body: `{"status":"error","message":"Unable to infer object type from: butterflies","correlationId":"c"}`}, wire.Mapping, "", nil},
		"errors that are plain text (VCR)":             {reply{status: 400, body: `{"status":"error","message":"validation error","correlationId":"c","errors":["The request body may not be null"]}`}, wire.Record, "", nil},
		"scopes in the context, links as a list (AMP)": {reply{status: 403, body: `{"status":"error","message":"One or more of the following scopes are required.","correlationId":"c","context":{"requiredGranularScopes":["custom-object-read"],"links":["https://developers.hubspot.com/scopes"]},"category":"MISSING_SCOPES"}`}, wire.Credentials, "MISSING_SCOPES", nil},
		"the web server's page for what is not (VCR)":  {reply{status: 404, header: html, body: "<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404</h2>\n<p>Resource not found</p>\n</body>\n</html>\n"}, wire.Mapping, "", nil},
		"a list that is not there (VCR)":               {reply{status: 404, body: `{"status":"error","message":"List does not exist with ID -1.","correlationId":"c","context":{"listId":["-1"]},"category":"OBJECT_NOT_FOUND","subCategory":"ListError.LIST_ID_DOES_NOT_EXIST"}`}, wire.Follow, "OBJECT_NOT_FOUND", nil},
	} {
		_, err := script(t, test.reply).client(t).BatchUpdate(t.Context(), "contacts", []Write{{ID: "51", Properties: map[string]string{"firstname": "A"}}})
		var e *wire.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e.Kind != test.kind || e.Code != test.code || e.Status != test.reply.status {
			t.Errorf("%s: %s %q %d, want %s %q", name, e.Kind, e.Code, e.Status, test.kind, test.code)
		}
		var refused *Refusal
		if errors.As(err, &refused) {
			var names []string
			for _, p := range refused.Properties {
				names = append(names, p.Name)
			}
			if diff := cmp.Diff(test.fields, names); diff != "" {
				t.Errorf("%s: properties (-want +got):\n%s", name, diff)
			}
		} else if test.fields != nil {
			t.Errorf("%s: no refusal", name)
		}
	}
}

// TestRecordedTooFast: 69 recorded 429s of searches have no Retry-After and name the second; the search is asked again.
func TestRecordedTooFast(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: http.StatusTooManyRequests, body: `{"status":"error","message":"You have reached your secondly limit.","correlationId":"c","category":"RATE_LIMITS"}`}, reply{body: `{"total":0,"results":[]}`})
	if _, err := p.client(t).Search(t.Context(), "contacts", Query{}); err != nil {
		t.Fatal(err)
	}
	if pauses := p.pauses(time.Second); len(pauses) != 1 || pauses[0] > 2*time.Second {
		t.Errorf("paused %v", pauses)
	}
}
