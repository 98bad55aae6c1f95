package salesforce_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

// ingest runs a job to its end and returns its last state and its id.
func (x *org) ingest(job, data string) (response, string) {
	x.Helper()
	r := x.must(200, http.MethodPost, "/jobs/ingest", job)
	id := get(r.json, "id").(string)
	if url := get(r.json, "contentUrl"); get(r.json, "state") != "Open" || url != "services/data/v60.0/jobs/ingest/"+id+"/batches" {
		x.Fatalf("new job: %s", r.text)
	}
	if r := x.must(201, http.MethodPut, "/jobs/ingest/"+id+"/batches", data, "Content-Type", "text/csv"); r.text != "" {
		x.Errorf("upload answered %q", r.text)
	}
	x.must(400, http.MethodPut, "/jobs/ingest/"+id+"/batches", data, "Content-Type", "text/csv")
	if r := x.must(200, http.MethodPatch, "/jobs/ingest/"+id, `{"state":"UploadComplete"}`); get(r.json, "state") != "UploadComplete" || get(r.json, "jobType") != nil {
		x.Errorf("closed: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/jobs/ingest/"+id, ""); get(r.json, "state") != "InProgress" {
		x.Errorf("first poll: %s", r.text)
	}
	return x.must(200, http.MethodGet, "/jobs/ingest/"+id, ""), id
}

// lines is a result file, its rows sorted: they come shuffled.
func (x *org) lines(id, file string) []string {
	x.Helper()
	all := strings.Split(strings.TrimSuffix(x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/"+file, "").text, "\n"), "\n")
	slices.Sort(all[1:])
	return all
}

func TestBulkUpsert(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Contact", "HubSpot_Id__c", external)
	x.grant("Account", "HubSpot_Id__c", external)
	account := x.insert("Account", "Name", "Acme", "HubSpot_Id__c", "9001")
	old := x.insert("Contact", "LastName", "Lee", "HubSpot_Id__c", "51", "Phone", "1", "Title", "kept")
	job, id := x.ingest(`{"object":"Contact","operation":"upsert","externalIdFieldName":"HubSpot_Id__c","contentType":"CSV","lineEnding":"LF"}`,
		"HubSpot_Id__c,LastName,Phone,Title,Account.HubSpot_Id__c\n51,Leigh,#N/A,,9001\n52,\"Chen, Bo\",2,,\n53,,3,,\n54,x,4,,77\n55,a,,,\n55,b,,,\n")
	if get(job.json, "state") != "JobComplete" || fmt.Sprintf("%v %v %v %v", get(job.json, "numberRecordsProcessed"), get(job.json, "numberRecordsFailed"), get(job.json, "jobType"), get(job.json, "apiVersion")) != "6 4 V2Ingest 60.0" {
		t.Errorf("job: %s", job.text)
	}
	made := x.names("Id", "SELECT Id FROM Contact WHERE HubSpot_Id__c = '52'")
	want := []string{`"sf__Id","sf__Created",HubSpot_Id__c,LastName,Phone,Title,Account.HubSpot_Id__c`}
	rows := []string{`"` + old + `","false","51","Leigh","#N/A","","9001"`, `"` + made + `","true","52","Chen, Bo","2","",""`}
	slices.Sort(rows)
	if diff := cmp.Diff(append(want, rows...), x.lines(id, "successfulResults")); diff != "" {
		t.Error(diff)
	}
	want = []string{
		`"sf__Id","sf__Error",HubSpot_Id__c,LastName,Phone,Title,Account.HubSpot_Id__c`,
		`"","DUPLICATE_VALUE:Duplicate external id specified: 55:HubSpot_Id__c --","55","a","","",""`,
		`"","DUPLICATE_VALUE:Duplicate external id specified: 55:HubSpot_Id__c --","55","b","","",""`,
		`"","INVALID_FIELD:Foreign key external ID: 77 not found for field HubSpot_Id__c in entity Account:--","54","x","4","","77"`,
		`"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","53","","3","",""`,
	}
	if diff := cmp.Diff(want, x.lines(id, "failedResults")); diff != "" {
		t.Error(diff)
	}
	if got := x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/unprocessedrecords", "").text; got != "HubSpot_Id__c,LastName,Phone,Title,Account.HubSpot_Id__c\n" {
		t.Errorf("unprocessed: %q", got)
	}
	c, _ := x.Get("Contact", old)
	if _, hasPhone := c["Phone"]; hasPhone || c["LastName"] != "Leigh" || c["Title"] != "kept" || c["AccountId"] != account {
		t.Errorf("the record: %v", c)
	}
	x.must(400, http.MethodPatch, "/jobs/ingest/"+id, `{"state":"Aborted"}`)
	x.must(204, http.MethodDelete, "/jobs/ingest/"+id, "")
	x.must(404, http.MethodGet, "/jobs/ingest/"+id, "")
}

func TestBulkOperations(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	job, id := x.ingest(`{"object":"Lead","operation":"insert","lineEnding":"CRLF","columnDelimiter":"SEMICOLON"}`, "lastname;Company;DoNotCall;AnnualRevenue\r\nLee;Acme;true;many\r\nMoe;Acme;false;5\r\n")
	if fmt.Sprint(get(job.json, "numberRecordsFailed")) != "1" {
		t.Errorf("insert: %s", job.text)
	}
	failed := x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/failedResults", "").text
	if !strings.Contains(failed, `"";"INVALID_TYPE_ON_FIELD_IN_RECORD:Annual Revenue: value not of required type: many:AnnualRevenue --";"Lee"`) {
		t.Errorf("a number that is none: %s", failed)
	}
	lead := x.names("Id", "SELECT Id FROM Lead WHERE LastName = 'Moe'")
	x.ingest(`{"object":"Lead","operation":"update"}`, "Id,Title\n"+lead+",CEO\n")
	if l, _ := x.Get("Lead", lead); l["Title"] != "CEO" {
		t.Errorf("update: %v", l)
	}
	x.ingest(`{"object":"Lead","operation":"delete"}`, "Id\n"+lead+"\n")
	if _, there := x.Get("Lead", lead); there {
		t.Error("delete left the record")
	}
}

func TestBulkJobsThatFail(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for name, c := range map[string]struct{ job, data, problem string }{
		"unknown column":   {`{"object":"Lead","operation":"insert"}`, "LastName,Foo__c,Bar__c\nLee,x,y\n", "InvalidBatch : Field name not found : Foo__c"},
		"byte order mark":  {`{"object":"Lead","operation":"insert"}`, "\ufeffLastName,Company\nLee,Acme\n", "InvalidBatch : Field name not found : \ufeffLastName"},
		"line ending":      {`{"object":"Lead","operation":"insert","lineEnding":"LF"}`, "LastName,Company\r\nLee,Acme\r\n", "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"},
		"type not needed":  {`{"object":"Contact","operation":"insert"}`, "LastName,User:Owner.Username\nLee,x\n", "InvalidBatch : type is not needed for non polymorphic foreign key references: User:Owner.Username"},
		"id on an insert":  {`{"object":"Lead","operation":"insert"}`, "Id,LastName\nx,Lee\n", "InvalidBatch : Field name not found : Id"},
		"update by no id":  {`{"object":"Lead","operation":"update"}`, "LastName\nLee\n", "InvalidBatch : Id column is missing"},
		"delete with more": {`{"object":"Lead","operation":"delete"}`, "Id,LastName\nx,Lee\n", "InvalidBatch : Field name not found : LastName"},
	} {
		t.Run(name, func(t *testing.T) {
			job, id := x.ingest(c.job, c.data)
			if get(job.json, "state") != "Failed" || get(job.json, "errorMessage") != c.problem {
				t.Errorf("job: %s", job.text)
			}
			if got := x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/unprocessedrecords", "").text; strings.TrimRight(got, "\r\n") != strings.TrimRight(strings.ReplaceAll(c.data, "\r\n", "\n"), "\n") {
				t.Errorf("unprocessed: %q", got)
			}
		})
	}
	for name, c := range map[string]struct{ body, code string }{
		"object": {`{"object":"Nope","operation":"insert"}`, "INVALIDENTITY"}, "operation": {`{"object":"Lead","operation":"merge"}`, "INVALIDJOB"},
		"key": {`{"object":"Lead","operation":"upsert","externalIdFieldName":"Title"}`, "INVALIDJOB"}, "delimiter": {`{"object":"Lead","operation":"insert","columnDelimiter":"DOT"}`, "INVALIDJOB"},
		"member": {`{"object":"Lead","operation":"insert","foo":1}`, "JSON_PARSER_ERROR"},
	} {
		if r := x.must(400, http.MethodPost, "/jobs/ingest", c.body); get(r.json, 0, "errorCode") != c.code {
			t.Errorf("%s: %s", name, r.text)
		}
	}
}

func TestBulkQuery(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for i := range 7 {
		x.insert("Lead", "LastName", fmt.Sprint("L", i), "Company", `A "quoted" one`, "AnnualRevenue", "10000000", "SystemModstamp", "2026-01-01T00:00:00Z")
	}
	r := x.must(200, http.MethodPost, "/jobs/query", `{"operation":"query","query":"SELECT LastName, Company, AnnualRevenue, Owner.Email, Title, SystemModstamp FROM Lead"}`)
	id := get(r.json, "id").(string)
	if get(r.json, "state") != "UploadComplete" {
		t.Errorf("new job: %s", r.text)
	}
	x.must(400, http.MethodGet, "/jobs/query/"+id+"/results", "")
	x.must(200, http.MethodGet, "/jobs/query/"+id, "")
	if r := x.must(200, http.MethodGet, "/jobs/query/"+id, ""); get(r.json, "state") != "JobComplete" || fmt.Sprint(get(r.json, "numberRecordsProcessed")) != "7" {
		t.Errorf("done: %s", r.text)
	}
	var rows []string
	locator := ""
	for locator != "null" {
		path := "/jobs/query/" + id + "/results?maxRecords=3"
		if locator != "" {
			path += "&locator=" + locator
		}
		r := x.must(200, http.MethodGet, path, "", "Accept", "text/csv")
		lines := strings.Split(strings.TrimSuffix(r.text, "\n"), "\n")
		if lines[0] != `"LastName","Company","AnnualRevenue","Owner.Email","Title","SystemModstamp"` {
			t.Errorf("every page begins with the header, not %s", lines[0])
		}
		if r.header.Get("Sforce-NumberOfRecords") != fmt.Sprint(len(lines)-1) {
			t.Errorf("%d rows, header says %s", len(lines)-1, r.header.Get("Sforce-NumberOfRecords"))
		}
		rows = append(rows, lines[1:]...)
		locator = r.header.Get("Sforce-Locator")
	}
	if slices.IsSorted(rows) {
		t.Error("the rows came in order")
	}
	slices.Sort(rows)
	if len(rows) != 7 || rows[0] != `"L0","A ""quoted"" one","1.0E7","admin@sandbox.example.com","","2026-01-01T00:00:00.000Z"` {
		t.Errorf("rows: %q", rows)
	}
	if r := x.send(http.MethodGet, "/services/data/v61.0/jobs/query/"+id+"/results", ""); r.status != 409 {
		t.Errorf("another version: %d", r.status)
	}
	for _, q := range []string{"SELECT COUNT() FROM Lead", "SELECT Address FROM Lead", "SELECT Nope FROM Lead", "SELECT Id FROM Lead OFFSET 1"} {
		if r := x.must(400, http.MethodPost, "/jobs/query", `{"operation":"query","query":"`+q+`"}`); get(r.json, 0, "errorCode") != "API_ERROR" {
			t.Errorf("%s: %s", q, r.text)
		}
	}
	x.must(204, http.MethodDelete, "/jobs/query/"+id, "")
}
