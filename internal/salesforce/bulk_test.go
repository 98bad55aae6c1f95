package salesforce

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/wire"
)

const (
	queryJobs  = "/services/data/v60.0/jobs/query"
	ingestJobs = "/services/data/v60.0/jobs/ingest"
)

func job(state, rest string) http.HandlerFunc {
	return says(200, `{"id":"750000000000001AAA","operation":"query","object":"Contact","createdDate":"2022-01-02T21:33:43.000+0000","state":"`+state+`","apiVersion":60.0`+rest+`}`)
}

func TestBulkQuery(t *testing.T) {
	t.Parallel()
	const header = `"Id","Name"` + "\n"
	soql := "SELECT Id, Name FROM Contact WHERE Name != " + Quote(strings.Repeat("x", 20_000)) // longer than a URL
	o := newOrg(t, map[string][]http.HandlerFunc{
		"POST " + queryJobs:                        one(job("UploadComplete", "")),
		"GET " + queryJobs + "/750000000000001AAA": {job("UploadComplete", ""), job("InProgress", `,"numberRecordsProcessed":2`), job("JobComplete", `,"jobType":"V2Query","numberRecordsProcessed":3`)},
		"GET " + queryJobs + "/750000000000001AAA/results": {
			saysCSV(header+`"003","Ann"`+"\n"+`"004","Bo"`+"\n", "Sforce-NumberOfRecords", "2", "Sforce-Locator", "MTAwMDA"),
			saysCSV(header+`"005",""`+"\n", "Sforce-NumberOfRecords", "1", "Sforce-Locator", "null"),
		},
	})
	var states []JobState
	var got []string
	pages := o.client(t).BulkQuery(t.Context(), BulkQuery{SOQL: soql, All: true, PageRows: 2, Progress: func(j Job) { states = append(states, j.State) }})
	for page, err := range pages {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(page.Body))
		if want := int64(strings.Count(string(page.Body), "\n") - 1); page.Records != want {
			t.Errorf("%d records, want %d", page.Records, want)
		}
	}
	// Each page keeps the header it came with.
	if diff := cmp.Diff([]string{header + `"003","Ann"` + "\n" + `"004","Bo"` + "\n", header + `"005",""` + "\n"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]JobState{JobUploadComplete, JobInProgress, JobComplete}, states); diff != "" {
		t.Error(diff)
	}
	calls := o.seen()
	if len(calls) != 6 || !strings.Contains(calls[0].Body, `"operation":"queryAll"`) || calls[4].Query != "maxRecords=2" || calls[5].Query != "locator=MTAwMDA&maxRecords=2" {
		t.Errorf("%d calls", len(calls))
	}
	if got := calls[5].Header.Get("Accept"); got != "text/csv" {
		t.Errorf("Accept %q", got)
	}
}

func TestBulkQueryThatEndsBadly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		poll    http.HandlerFunc
		results http.HandlerFunc
		want    string
		kind    wire.Kind
	}{
		{"failed, with a reason", job("Failed", `,"errorMessage":"InvalidBatch : Field name not found : Foo__c of `+theEmail+`"`), nil,
			"salesforce: GET bulk query job: 200 InvalidBatch: Field name not found : Foo__c", wire.Mapping},
		{"failed, without one", job("Failed", ""), nil, "salesforce: GET bulk query job: 200 Failed", wire.Stop},
		{"aborted", job("Aborted", ""), nil, "salesforce: GET bulk query job: 200 Aborted", wire.Stop},
		{"no job", says(200, `{}`), nil, "salesforce: GET bulk query poll: 200: the answer is no job", wire.Stop},
		{"another API version", job("JobComplete", ""), says(409, `[{"errorCode":"API_ERROR","message":"version"}]`), "salesforce: GET bulk query results: 409 API_ERROR", wire.Stop},
		{"a page that leads to itself", job("JobComplete", ""), saysCSV("\"Id\"\n", "Sforce-Locator", "MQ"), "salesforce: GET bulk query results: 200: the page after this one is this one", wire.Stop},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{
				"POST " + queryJobs:                        one(job("UploadComplete", "")),
				"GET " + queryJobs + "/750000000000001AAA": one(test.poll),
			})
			if test.results != nil {
				o.routes["GET "+queryJobs+"/750000000000001AAA/results"] = one(test.results)
			}
			var err error
			for _, e := range o.client(t).BulkQuery(t.Context(), BulkQuery{SOQL: "SELECT Id FROM Contact"}) {
				err = e
			}
			var e *wire.Error
			if !errors.As(err, &e) || err.Error() != test.want || e.Kind != test.kind {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			noLeak(t, o, err)
		})
	}
}

func TestIngest(t *testing.T) {
	t.Parallel()
	const id = "750000000000001AAA"
	at := ingestJobs + "/" + id
	o := newOrg(t, map[string][]http.HandlerFunc{
		"POST " + ingestJobs:     one(job("Open", `,"contentUrl":"services/data/v60.0/jobs/ingest/`+id+`/batches"`)),
		"PUT " + at + "/batches": one(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }),
		"PATCH " + at:            one(job("UploadComplete", "")),
		"GET " + at:              {job("InProgress", ""), job("JobComplete", `,"numberRecordsProcessed":4,"numberRecordsFailed":2`)},
		"GET " + at + "/successfulResults": one(saysCSV(`"sf__Id","sf__Created",HubSpot_Id__c,LastName,NumberOfEmployees` + "\n" +
			`"003q000000KvQ1tAAF","true","52","Lee","9.12260031E8"` + "\n" + `"0018c00002DJIpJAAX","false","51","Chen, Bo","800"` + "\n")),
		"GET " + at + "/failedResults": one(saysCSV(`"sf__Id","sf__Error",HubSpot_Id__c,LastName` + "\n" +
			`"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","53",""` + "\n" +
			`"","CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:Trig: execution of BeforeInsert` + "\n\n" + `caused by: x:--","54","Low"` + "\n")),
		"GET " + at + "/unprocessedrecords": one(saysCSV("HubSpot_Id__c,LastName\n" + `"55","Roe"` + "\n")),
	})
	c := o.client(t)
	j, err := c.CreateIngest(t.Context(), Ingest{Object: "Contact", Operation: "upsert", Key: "HubSpot_Id__c"})
	if err != nil || j.ID != id || j.State != JobOpen {
		t.Fatalf("%+v, %v", j, err)
	}
	upload := []byte("HubSpot_Id__c,LastName\n51,Lee\n")
	if err := c.Upload(t.Context(), id, upload); err != nil {
		t.Fatal(err)
	}
	if j, err = c.CloseIngest(t.Context(), id); err != nil || j.State != JobUploadComplete {
		t.Fatalf("%+v, %v", j, err)
	}
	if j, err = c.WaitIngest(t.Context(), id, nil); err != nil || j.State != JobComplete || j.Processed != 4 || j.Failed != 2 || c.JobError(j) != nil {
		t.Fatalf("%+v, %v", j, err)
	}
	rows, left, err := c.IngestResults(t.Context(), id, "hubspot_id__c")
	if err != nil {
		t.Fatal(err)
	}
	want := []IngestRow{
		{"52", Outcome{ID: "003q000000KvQ1tAAF", OK: true, Created: true}},
		{"51", Outcome{ID: "0018c00002DJIpJAAX", OK: true}},
		{"53", Outcome{Refusals: []Refusal{{Code: "REQUIRED_FIELD_MISSING", Message: "Required fields are missing: [LastName]", Fields: []string{"LastName"}, Kind: wire.Record}}}},
		{"54", Outcome{Refusals: []Refusal{{Code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Message: "Trig: execution of BeforeInsert\n\ncaused by: x", Fields: []string{}, Kind: wire.Record}}}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"55"}, left); diff != "" {
		t.Error(diff)
	}
	calls := o.seen()
	if got, want := calls[0].Body, `{"columnDelimiter":"COMMA","contentType":"CSV","externalIdFieldName":"HubSpot_Id__c","lineEnding":"LF","object":"Contact","operation":"upsert"}`; got != want {
		t.Errorf("created by %s", got)
	}
	if got := calls[1]; got.Body != string(upload) || got.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("uploaded %+v", got)
	}
	if got := calls[2].Body; got != `{"state":"UploadComplete"}` {
		t.Errorf("closed by %s", got)
	}
}

func TestIngestResultsOfNothing(t *testing.T) {
	t.Parallel()
	at := ingestJobs + "/750"
	o := newOrg(t, map[string][]http.HandlerFunc{
		"GET " + at + "/successfulResults":  one(saysCSV(`"sf__Id","sf__Created",Key__c` + "\n")),
		"GET " + at + "/failedResults":      one(saysCSV(`"sf__Id","sf__Error",Key__c` + "\n")),
		"GET " + at + "/unprocessedrecords": one(saysCSV("")),
	})
	rows, left, err := o.client(t).IngestResults(t.Context(), "750", "Key__c")
	if err != nil || len(rows) != 0 || len(left) != 0 {
		t.Errorf("%v, %v, %v", rows, left, err)
	}
}

func TestIngestResultsWithoutTheKey(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{
		"GET " + ingestJobs + "/750/successfulResults": one(saysCSV(`"sf__Id","sf__Created",LastName` + "\n" + `"003","true","Lee"` + "\n")),
	})
	if _, _, err := o.client(t).IngestResults(t.Context(), "750", "Key__c"); err == nil || !strings.Contains(err.Error(), "no table with the column Key__c") {
		t.Errorf("got %v", err)
	}
}

func TestLostAnswersOfIngest(t *testing.T) {
	t.Parallel()
	lost := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	closed := says(400, `[{"errorCode":"INVALIDJOBSTATE","message":"job is already closed"}]`)
	at := ingestJobs + "/750"
	o := newOrg(t, map[string][]http.HandlerFunc{
		"POST " + ingestJobs:     one(lost),
		"PUT " + at + "/batches": one(lost),
		"PATCH " + at:            {lost, closed},
		"GET " + at:              one(job("InProgress", "")),
	})
	c := o.client(t)
	var e *wire.Error
	if _, err := c.CreateIngest(t.Context(), Ingest{Object: "Contact", Operation: "insert"}); !errors.As(err, &e) || !e.Uncertain || e.Attempts != 1 {
		t.Errorf("create: %v", err)
	}
	if err := c.Upload(t.Context(), "750", []byte("Id\n")); !errors.As(err, &e) || !e.Uncertain || e.Attempts != 1 {
		t.Errorf("upload: %v", err)
	}
	if j, err := c.CloseIngest(t.Context(), "750"); err != nil || j.State != JobInProgress {
		t.Errorf("close: %+v, %v", j, err)
	}
	// The same refusal without a lost answer is one.
	o = newOrg(t, map[string][]http.HandlerFunc{"PATCH " + at: one(closed), "GET " + at: one(job("InProgress", ""))})
	if _, err := o.client(t).CloseIngest(t.Context(), "750"); err == nil {
		t.Error("a refusal was taken for success")
	}
}

func TestJobError(t *testing.T) {
	t.Parallel()
	c := newOrg(t, nil).client(t)
	for _, test := range []struct{ message, want string }{
		{"InvalidBatch : Field name not found : Foo__c", "salesforce: GET bulk ingest job: 200 InvalidBatch: Field name not found : Foo__c; it may have been carried out"},
		{"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF", "salesforce: GET bulk ingest job: 200 ClientInputError: LineEnding is invalid on user data; it may have been carried out"},
	} {
		err := c.JobError(Job{State: JobFailed, Message: test.message})
		var e *wire.Error
		if !errors.As(err, &e) || e.Kind != wire.Mapping || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestIngestCSV(t *testing.T) {
	t.Parallel()
	columns := []string{"Id", "LastName", "Phone", "Account.Key__c"}
	got, err := IngestCSV(columns, []Row{
		{ID: "003", Values: map[string]any{"LastName": `O"Hara, Bo`, "Phone": nil, "Account.Key__c": "9001"}},
		{ID: "004", Values: map[string]any{"LastName": "two\r\nlines\rand", "Phone": ""}},
	})
	want := "Id,LastName,Phone,Account.Key__c\n003,\"O\"\"Hara, Bo\",#N/A,9001\n004,\"two\nlines\nand\",#N/A,\n"
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for name, value := range map[string]any{"a number": 7, "what clears": "#N/A"} {
		if _, err := IngestCSV(columns, []Row{{ID: "003", Values: map[string]any{"Phone": value}}}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestUploadTooLarge(t *testing.T) {
	t.Parallel()
	o := newOrg(t, nil)
	if err := o.client(t).Upload(t.Context(), "750", make([]byte, IngestMax+1)); err == nil || len(o.calls) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestJobPathsAreOfOneVersion(t *testing.T) {
	t.Parallel()
	// Results asked for under another version than the job's are refused (409).
	o := newOrg(t, nil)
	c := o.client(t, func(p *Options) { p.Version = "66.0" })
	for _, err := range c.BulkQuery(t.Context(), BulkQuery{SOQL: "SELECT Id FROM Contact"}) {
		if err == nil {
			t.Error("no error")
		}
	}
	if got := o.seen()[0].Path; got != "/services/data/v66.0/jobs/query" {
		t.Errorf("called %s", got)
	}
	if u, err := url.Parse(c.jobPath(ingestJob, "750")); err != nil || u.Path != "/services/data/v66.0/jobs/ingest/750" {
		t.Errorf("path %s", u)
	}
}
