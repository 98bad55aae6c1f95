package salesforce

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/wire"
)

// The bodies below have the members and types of recorded answers and values of their own. The recordings: CCI is
// SFDO-Tooling/CumulusCI (VCR cassettes), GRP grouparoo/grouparoo (nock recordings of plugins/@grouparoo/salesforce),
// PM the official Postman collections' responses in api-evangelist/salesforce, RF restforce/restforce (spec/fixtures),
// DJ django-salesforce (tests/test_mock).

const data = "/services/data/v60.0"

// TestRecordedSaves: what collections say of rows that were and were not saved. A refused row names no record.
func TestRecordedSaves(t *testing.T) {
	t.Parallel()
	const saved = "[ {\n  \"id\" : \"0030000000000A1AAA\",\n  \"success\" : true,\n  \"errors\" : [ ]\n}, "
	refused := func(code, message, fields string) string {
		return `{"success":false,"errors":[{"statusCode":"` + code + `","message":"` + message + `","fields":` + fields + `}]} ]`
	}
	rows := []Row{{Object: "Contact", ID: "0030000000000A1AAA", Values: map[string]any{"LastName": "A"}}, {Object: "Contact", ID: "0030000000000A2AAA", Values: map[string]any{"LastName": "B"}}}
	fresh := []Row{{Object: "Contact", Values: map[string]any{"LastName": "A"}}, {Object: "Contact", Values: map[string]any{"LastName": "B"}}}
	update := func(c *Client) ([]Outcome, error) { return c.Update(t.Context(), rows) }
	create := func(c *Client) ([]Outcome, error) { return c.Create(t.Context(), fresh) }
	upsert := func(c *Client) ([]Outcome, error) { return c.Upsert(t.Context(), "Contact", "Email", fresh) }
	for name, test := range map[string]struct {
		write  func(*Client) ([]Outcome, error)
		route  string
		body   string
		second Outcome
	}{
		"updated, a bad address (GRP)":          {update, "PATCH " + data + "/composite/sobjects", saved + refused("INVALID_EMAIL_ADDRESS", "Second mail: invalid email address: badone", `["Mail__c"]`), Outcome{ID: "0030000000000A2AAA", Refusals: []Refusal{{Code: "INVALID_EMAIL_ADDRESS", Fields: []string{"Mail__c"}, Kind: wire.Record}}}},
		"updated, a converted lead (GRP)":       {update, "PATCH " + data + "/composite/sobjects", saved + refused("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", `[]`), Outcome{ID: "0030000000000A2AAA", Refusals: []Refusal{{Code: "CANNOT_UPDATE_CONVERTED_LEAD", Kind: wire.Follow}}}},
		"created, a name missing (GRP)":         {create, "POST " + data + "/composite/sobjects", saved + refused("REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", `["Name"]`), Outcome{Refusals: []Refusal{{Code: "REQUIRED_FIELD_MISSING", Fields: []string{"Name"}, Kind: wire.Record}}}},
		"created, a duplicate (DJ)":             {create, "POST " + data + "/composite/sobjects", saved + refused("DUPLICATES_DETECTED", "Use one of these records?", `[ ]`), Outcome{Refusals: []Refusal{{Code: "DUPLICATES_DETECTED", Kind: wire.Record}}}},
		"created, rolled back with others (DJ)": {create, "POST " + data + "/composite/sobjects", saved + refused("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header", `[ ]`), Outcome{Refusals: []Refusal{{Code: "ALL_OR_NONE_OPERATION_ROLLED_BACK", Kind: wire.Retry}}}},
		"upserted, one of them new (CCI)":       {upsert, "PATCH " + data + "/composite/sobjects/Contact/Email", saved + `{"id":"0030000000000A2AAA","success":true,"errors":[],"created":true} ]`, Outcome{ID: "0030000000000A2AAA", OK: true, Created: true}},
	} {
		got, err := test.write(newOrg(t, map[string][]http.HandlerFunc{test.route: one(says(200, test.body))}).client(t))
		if err != nil || len(got) != 2 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if diff := cmp.Diff(test.second, got[1], cmpopts.IgnoreFields(Refusal{}, "Message"), cmpopts.EquateEmpty()); diff != "" || !got[0].OK || got[0].ID != "0030000000000A1AAA" {
			t.Errorf("%s (-want +got):\n%s%+v", name, diff, got[0])
		}
	}
}

// TestRecordedErrors: every recorded error body, and what it asks for.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		body    string
		kind    wire.Kind
		code    string
		expired bool
	}{
		"a session that is over (RF)":          {401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, wire.Credentials, "INVALID_SESSION_ID", true},
		"an unknown object in a query (CCI)":   {400, `[ { "message" : "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.", "errorCode" : "INVALID_TYPE" } ]`, wire.Mapping, "INVALID_TYPE", false},
		"an unknown column on a write (RF)":    {400, `[{"message":"No such column 'foo' on sobject of type Bar","errorCode":"INVALID_FIELD"}]`, wire.Mapping, "INVALID_FIELD", false},
		"what is not there (GRP)":              {404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`, wire.Mapping, "NOT_FOUND", false},
		"no such external id (RF)":             {404, `[{"message":"Provided external ID field does not exist or is not accessible: Namez","errorCode":"NOT_FOUND"}]`, wire.Mapping, "NOT_FOUND", false},
		"a key on several records (RF)":        {300, `["/services/data/v23.0/sobjects/Contact/0030000000000A1AAA","/services/data/v23.0/sobjects/Contact/0030000000000A2AAA"]`, wire.Record, "DUPLICATE_EXTERNAL_ID", false},
		"no JSON, for lack of its type (DJ)":   {401, `<response><faultcode>LOGIN_OAUTH_INVALID_TOKEN(db=1703)</faultcode><error>Failed: Invalid Token</error></response>`, "", "", false},
		"nothing at all, in a composite (CCI)": {500, ``, "", "", false},
	} {
		if v := classify(test.status, nil, []byte(test.body)); v.Kind != test.kind || v.Code != test.code || v.Expired != test.expired {
			t.Errorf("%s: %+v", name, v)
		}
	}
	for name, test := range map[string]struct{ body, code string }{
		"a refresh token that is no good (RF)": {`{"error":"invalid_grant","error_description":"expired access/refresh token"}`, "invalid_grant"},
		"a wrong password (RF)":                {`{"error":"invalid_grant","error_description":"authentication failure - Invalid Password"}`, "invalid_grant"},
	} {
		if v := classifyLogin(400, nil, []byte(test.body)); v.Kind != wire.Credentials || v.Code != test.code || v.Hint == "" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// TestRecordedToken: a token's answer without token_type, scope or anything of its end (RF).
func TestRecordedToken(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET " + data + "/limits": one(says(200, `{"ActiveScratchOrgs":{"Max":3,"Remaining":3},"DailyApiRequests":{"Max":15000,"Remaining":14956},"PermissionSets":{"Max":1500,"Remaining":1499,"CreateCustom":{"Max":1000,"Remaining":999}}}`))})
	o.routes["POST /services/oauth2/token"] = one(says(200, `{"id":"https://login.salesforce.com/id/00Dx0000000BV7z/005x00000012Q9P","issued_at":"1278448832702","instance_url":"`+o.URL+`","signature":"c2ln","access_token":"`+theToken+`"}`))
	limits, err := o.client(t).Limits(t.Context())
	if err != nil || limits["DailyApiRequests"] != (Limit{Max: 15000, Remaining: 14956}) || limits["PermissionSets"].Max != 1500 {
		t.Errorf("%+v, %v", limits, err)
	}
}

// TestRecordedAnswers: queries (CCI), counts (CCI), userinfo and composites in their recorded shapes.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{
		"GET " + data + "/query":                 one(says(200, "{\n  \"totalSize\" : 17,\n  \"done\" : true,\n  \"records\" : [ ]\n}")),
		"GET " + data + "/limits/recordCount":    {says(200, `{ "sObjects" : [ { "count" : 3, "name" : "Account" } ] }`), says(200, `{ "sObjects" : [ ] }`)},
		"GET " + data + "/sobjects/Foo/describe": one(says(404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`)),
		"POST " + data + "/composite":            one(says(200, "{\n  \"compositeResponse\" : [ {\n    \"body\" : null,\n    \"httpHeaders\" : {\n      \"ETag\" : \"\\\"0a0b0c0d\\\"\",\n      \"Last-Modified\" : \"Fri, 14 Aug 2020 20:53:02 GMT\"\n    },\n    \"httpStatusCode\" : 304,\n    \"referenceId\" : \"r0\"\n  }, {\n    \"body\" : [ {\n      \"errorCode\" : \"NOT_FOUND\",\n      \"message\" : \"The requested resource does not exist\"\n    } ],\n    \"httpHeaders\" : { },\n    \"httpStatusCode\" : 404,\n    \"referenceId\" : \"r1\"\n  } ]\n}")),
	})
	c := o.client(t)
	for page, err := range c.Query(t.Context(), "select count() from Account") {
		if err != nil || page.Total != 17 || !page.Done {
			t.Errorf("count: %+v, %v", page, err)
		}
	}
	counts, err := c.RecordCount(t.Context(), "Account")
	if diff := cmp.Diff(map[string]int64{"Account": 3}, counts); diff != "" || err != nil {
		t.Errorf("counts: %v %s", err, diff)
	}
	if counts, err = c.RecordCount(t.Context(), "Contact"); err != nil || counts["Contact"] != 0 {
		t.Errorf("none: %v, %v", counts, err)
	}
	var e *wire.Error
	if _, err := c.Describe(t.Context(), "Foo"); !errors.As(err, &e) || e.Code != "NOT_FOUND" || e.Kind != wire.Mapping {
		t.Errorf("an unknown object: %v", err)
	}
	parts, err := c.Composite(t.Context(), []SubRequest{{Method: "GET", Path: "/sobjects", Name: "r0"}, {Method: "GET", Path: "/sobjects/Foo", Name: "r1"}}, true)
	if err != nil || len(parts) != 2 || parts[0].Status != 304 || parts[1].Status != 404 {
		t.Fatalf("composite: %+v, %v", parts, err)
	}
	if err := c.SubError("GET", "describe", parts[1], false); !errors.As(err, &e) || e.Code != "NOT_FOUND" {
		t.Errorf("a part that failed: %v", err)
	}
}

// TestRecordedBulkJob: an ingest whose results are a header alone, and the job's numbers (PM).
func TestRecordedBulkJob(t *testing.T) {
	t.Parallel()
	const at = data + "/jobs/ingest/7500000000000A1AAA"
	const said = `"id":"7500000000000A1AAA","operation":"insert","object":"Account","createdById":"0050000000000A1AAA","createdDate":"2023-11-20T15:27:03.000+0000","systemModstamp":"2023-11-20T15:27:04.000+0000","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":58.0`
	o := newOrg(t, map[string][]http.HandlerFunc{
		"POST " + data + "/jobs/ingest":     one(says(200, `{`+said+`,"state":"Open","contentUrl":"services/data/v58.0/jobs/ingest/7500000000000A1AAA/batches","lineEnding":"LF","columnDelimiter":"COMMA"}`)),
		"PUT " + at + "/batches":            one(says(201, ``)),
		"PATCH " + at:                       one(says(200, `{`+said+`,"state":"UploadComplete"}`)),
		"GET " + at:                         one(says(200, `{`+said+`,"state":"JobComplete","jobType":"V2Ingest","lineEnding":"LF","columnDelimiter":"COMMA","numberRecordsProcessed":1,"numberRecordsFailed":1,"retries":0,"totalProcessingTime":886,"apiActiveProcessingTime":813,"apexProcessingTime":619}`)),
		"GET " + at + "/successfulResults":  one(saysCSV("\"sf__Id\",\"sf__Created\",Name\n")),
		"GET " + at + "/failedResults":      one(saysCSV("\"sf__Id\",\"sf__Error\",Name\n\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",\"Ann\"\n")),
		"GET " + at + "/unprocessedrecords": one(saysCSV("Name\n")),
	})
	c := o.client(t)
	job, err := c.CreateIngest(t.Context(), Ingest{Object: "Account", Operation: "insert"})
	if err != nil || job.ID != "7500000000000A1AAA" || job.State != JobOpen {
		t.Fatalf("%+v, %v", job, err)
	}
	if err := c.Upload(t.Context(), job.ID, []byte("Name\nAnn\n")); err != nil {
		t.Fatal(err)
	}
	if job, err = c.CloseIngest(t.Context(), job.ID); err != nil || job.State != JobUploadComplete {
		t.Fatalf("%+v, %v", job, err)
	}
	if job, err = c.WaitIngest(t.Context(), job.ID, nil); err != nil || job.Processed != 1 || job.Failed != 1 {
		t.Fatalf("%+v, %v", job, err)
	}
	rows, left, err := c.IngestResults(t.Context(), job.ID, "Name")
	want := []IngestRow{{Key: "Ann", Outcome: Outcome{Refusals: []Refusal{{Code: "REQUIRED_FIELD_MISSING", Message: "Required fields are missing: [LastName]", Fields: []string{"LastName"}, Kind: wire.Record}}}}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil || len(left) != 0 {
		t.Errorf("%v %v\n%s", left, err, diff)
	}
}
