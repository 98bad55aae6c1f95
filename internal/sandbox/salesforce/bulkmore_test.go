package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// queryJob runs a Bulk query to its end and returns its id.
func (x *org) queryJob(q string) string {
	x.Helper()
	id := get(x.must(200, http.MethodPost, "/jobs/query", `{"operation":"query","query":"`+q+`"}`).json, "id").(string)
	x.must(200, http.MethodGet, "/jobs/query/"+id, "")
	if r := x.must(200, http.MethodGet, "/jobs/query/"+id, ""); get(r.json, "state") != "JobComplete" {
		x.Fatalf("query job: %s", r.text)
	}
	return id
}

func TestResultPages(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{BulkPage: 2})
	for i := range 13 {
		x.insert("Lead", "LastName", fmt.Sprint("L", i), "Company", "Acme")
	}
	id := x.queryJob("SELECT LastName FROM Lead")
	rows, answers := 0, 0
	for path := "/services/data/v60.0/jobs/query/" + id + "/resultPages"; path != ""; answers++ {
		r := x.send(http.MethodGet, path, "")
		for _, link := range get(r.json, "resultPages").([]any) {
			page := x.send(http.MethodGet, get(link, "resultLink").(string), "")
			lines := strings.Split(strings.TrimSuffix(page.text, "\n"), "\n")
			if page.status != 200 || lines[0] != `"LastName"` {
				t.Fatalf("page: %d %s", page.status, page.text)
			}
			rows += len(lines) - 1
		}
		path, _ = get(r.json, "nextRecordsUrl").(string)
		if done := get(r.json, "done").(bool); done != (path == "") {
			t.Errorf("done %t, next %q", done, path)
		}
	}
	if rows != 13 || answers != 2 {
		t.Errorf("%d rows in %d answers", rows, answers)
	}
	for path, want := range map[string]int{
		"/services/data/v57.0/jobs/query/" + id + "/resultPages":           404,
		"/services/data/v58.0/jobs/query/" + id + "/resultPages":           409,
		"/services/data/v61.0/jobs/query/" + id + "/resultPages":           409,
		"/services/data/v60.0/jobs/query/" + id + "/resultPages?locator=!": 400,
		"/services/data/v60.0/jobs/query/" + id + "/results?locator=OTk":   400, // the 99th of 13
		"/services/data/v60.0/jobs/query/" + id + "/results?maxRecords=0":  400,
		"/services/data/v60.0/jobs/query/750000000000001/resultPages":      404,
		"/services/data/v60.0/jobs/ingest/" + id + "/successfulResults":    404,
	} {
		if r := x.send(http.MethodGet, path, ""); r.status != want {
			t.Errorf("%s: %d, want %d", path, r.status, want)
		}
	}
	empty := x.queryJob("SELECT Id FROM Contact")
	r := x.must(200, http.MethodGet, "/jobs/query/"+empty+"/results", "")
	if r.text != "\"Id\"\n" || r.header.Get("Sforce-Locator") != "null" || r.header.Get("Sforce-NumberOfRecords") != "0" {
		t.Errorf("no records: %q %v", r.text, r.header)
	}
}

func TestBulkQueryRefusals(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for q, words := range map[string]string{
		"SELECT MailingAddress FROM Contact":                            "Selecting compound data not supported in Bulk Query",
		"SELECT LeadSource, COUNT(Id) FROM Contact GROUP BY LeadSource": "aggregate queries and OFFSET",
		"SELECT COUNT() FROM Contact":                                   "aggregate queries and OFFSET",
		"SELECT Id FROM Contact OFFSET 1":                               "aggregate queries and OFFSET",
		"SELECT Id, (SELECT Id FROM Contacts) FROM Account":             "TYPEOF and nested queries",
		"SELECT TYPEOF Owner WHEN User THEN Id END FROM Lead":           "TYPEOF and nested queries",
		"SELECT Nope FROM Contact":                                      "INVALID_FIELD: \\nSELECT Nope FROM Contact\\n       ^\\nERROR at Row:1:Column:8\\nNo such column 'Nope'",
		"SELECT Id FROM Contact WHERE":                                  "MALFORMED_QUERY: ",
	} {
		if r := x.must(400, http.MethodPost, "/jobs/query", `{"operation":"query","query":"`+q+`"}`); r.code() != "API_ERROR" || !strings.Contains(r.text, words) {
			t.Errorf("%s: %s", q, r.text)
		}
	}
	for body, code := range map[string]string{
		`{"operation":"insert","query":"SELECT Id FROM Lead"}`: "INVALIDJOB", `{"operation":"query","query":"SELECT Id FROM Lead","contentType":"JSON"}`: "INVALIDJOB",
		`{"operation":"query","query":"SELECT Id FROM Lead","lineEnding":"CR"}`: "INVALIDJOB", `{"operation":"query","query":"SELECT Id FROM Lead","x":1}`: "JSON_PARSER_ERROR", `{"operation":"query"}`: "API_ERROR",
	} {
		if r := x.must(400, http.MethodPost, "/jobs/query", body); r.code() != code {
			t.Errorf("%s: %s", body, r.text)
		}
	}
}

func TestQueryJobStates(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	id := get(x.must(200, http.MethodPost, "/jobs/query", `{"operation":"queryAll","query":"SELECT Id FROM Lead ORDER BY Id","columnDelimiter":"PIPE","lineEnding":"CRLF"}`).json, "id").(string)
	if r := x.must(400, http.MethodDelete, "/jobs/query/"+id, ""); r.text != `[{"message":"Error encountered when deleting the job because the job is not terminated","errorCode":"API_ERROR"}]` {
		t.Errorf("deleting a running job: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/jobs/query/"+id, ""); get(r.json, "state") != "InProgress" || get(r.json, "isPkChunkingSupported") != false || get(r.json, "jobType") != "V2Query" {
		t.Errorf("first poll: %s", r.text)
	}
	if r := x.must(200, http.MethodPatch, "/jobs/query/"+id, `{"state":"Aborted"}`); get(r.json, "state") != "Aborted" {
		t.Errorf("abort: %s", r.text)
	}
	x.must(400, http.MethodPatch, "/jobs/query/"+id, `{"state":"Aborted"}`)
	x.must(400, http.MethodGet, "/jobs/query/"+id+"/results", "")
	x.must(204, http.MethodDelete, "/jobs/query/"+id, "")
	x.must(404, http.MethodDelete, "/jobs/query/"+id, "")
}

func TestDelimitersAndLineEndings(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for name, d := range map[string]string{"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"} {
		for ending, e := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
			last := name + ending
			job, id := x.ingest(`{"object":"Lead","operation":"insert","columnDelimiter":"`+name+`","lineEnding":"`+ending+`"}`, "LastName"+d+"Company"+d+"AnnualRevenue"+e+`"`+last+`"`+d+`"a`+d+` ""b"""`+d+"912260031"+e)
			if fmt.Sprint(get(job.json, "numberRecordsFailed")) != "0" || get(job.json, "columnDelimiter") != name || get(job.json, "lineEnding") != ending {
				t.Fatalf("%s: %s", last, job.text)
			}
			lead := x.names("Id", "SELECT Id FROM Lead WHERE LastName = '"+last+"'")
			want := `"sf__Id"` + d + `"sf__Created"` + d + "LastName" + d + "Company" + d + "AnnualRevenue" + e +
				`"` + lead + `"` + d + `"true"` + d + `"` + last + `"` + d + `"a` + d + ` ""b"""` + d + `"9.12260031E8"` + e // large numbers come back like this
			if got := x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/successfulResults", "").text; got != want {
				t.Errorf("%s: %q, want %q", last, got, want)
			}
			q := get(x.must(200, http.MethodPost, "/jobs/query", `{"operation":"query","query":"SELECT LastName, Company, AnnualRevenue FROM Lead WHERE LastName = '`+last+`'","columnDelimiter":"`+name+`","lineEnding":"`+ending+`"}`).json, "id").(string)
			x.must(200, http.MethodGet, "/jobs/query/"+q, "")
			x.must(200, http.MethodGet, "/jobs/query/"+q, "")
			want = `"LastName"` + d + `"Company"` + d + `"AnnualRevenue"` + e + `"` + last + `"` + d + `"a` + d + ` ""b"""` + d + `"9.12260031E8"` + e
			if got := x.must(200, http.MethodGet, "/jobs/query/"+q+"/results", "").text; got != want {
				t.Errorf("query %s: %q, want %q", last, got, want)
			}
		}
	}
}

func TestMultipartIngest(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	form := func(parts ...string) string {
		var b strings.Builder
		for i := 0; i < len(parts); i += 3 {
			fmt.Fprintf(&b, "--B\r\nContent-Type: %s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", parts[i+1], parts[i], parts[i+2])
		}
		return b.String() + "--B--\r\n"
	}
	send := func(body string) response {
		return x.do(http.MethodPost, "/jobs/ingest", body, "Content-Type", "multipart/form-data; boundary=B")
	}
	const job = `{"object":"Lead","operation":"insert"}`
	r := send(form("job", "application/json", job, "content", "text/csv", "LastName,Company\nLee,Acme\n"))
	if r.status != 200 || get(r.json, "state") != "UploadComplete" {
		t.Fatalf("multipart: %d %s", r.status, r.text)
	}
	id := get(r.json, "id").(string)
	x.must(200, http.MethodGet, "/jobs/ingest/"+id, "")
	if r := x.must(200, http.MethodGet, "/jobs/ingest/"+id, ""); get(r.json, "state") != "JobComplete" || fmt.Sprint(get(r.json, "numberRecordsProcessed")) != "1" {
		t.Errorf("done: %s", r.text)
	}
	for name, body := range map[string]string{
		"no content":   form("job", "application/json", job),
		"wrong types":  form("job", "text/plain", job, "content", "text/csv", "x"),
		"unknown part": form("job", "application/json", job, "x", "text/csv", "x"),
		"twice":        form("job", "application/json", job, "job", "application/json", job),
		"too long":     form("job", "application/json", job, "content", "text/csv", strings.Repeat("é", 100_001)),
		"no multipart": "x",
		"a bad job":    form("job", "application/json", `{"object":"Lead","operation":"x"}`, "content", "text/csv", "x"),
	} {
		if r := send(body); r.status != 400 || r.code() != "INVALIDJOB" {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	if r := send(form("job", "application/json", job, "content", "text/csv", "LastName,Company\n"+strings.Repeat("é", 99_900)+",Acme\n")); r.status != 200 {
		t.Errorf("100,000 characters: %d %s", r.status, r.text)
	}
}

func TestJobList(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for range 1001 {
		x.must(200, http.MethodPost, "/jobs/ingest", `{"object":"Lead","operation":"insert"}`)
	}
	x.must(200, http.MethodPost, "/jobs/query", `{"operation":"query","query":"SELECT Id FROM Lead"}`)
	seen, pages := map[string]bool{}, 0
	for path := "/services/data/v60.0/jobs/ingest?jobType=V2Ingest"; path != ""; pages++ {
		r := x.send(http.MethodGet, path, "")
		for _, j := range get(r.json, "records").([]any) {
			seen[get(j, "id").(string)] = true
		}
		path, _ = get(r.json, "nextRecordsUrl").(string)
		if get(r.json, "done").(bool) != (path == "") {
			t.Errorf("page: %.200s", r.text)
		}
	}
	if len(seen) != 1001 || pages != 2 {
		t.Errorf("%d jobs on %d pages", len(seen), pages)
	}
	for path, want := range map[string]int{"/jobs/query": 1, "/jobs/query?jobType=Classic": 0, "/jobs/query?concurrencyMode=serial": 0, "/jobs/query?concurrencyMode=Parallel&isPkChunkingEnabled=false": 1, "/jobs/query?isPkChunkingEnabled=true": 0} {
		if r := x.must(200, http.MethodGet, path, ""); len(get(r.json, "records").([]any)) != want {
			t.Errorf("%s: %s", path, r.text)
		}
	}
	for _, path := range []string{"/jobs/query?jobType=x", "/jobs/query?queryLocator=x", "/jobs/query?x=1"} {
		x.must(400, http.MethodGet, path, "")
	}
}

func TestJobsAge(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	id := get(x.must(200, http.MethodPost, "/jobs/ingest", `{"object":"Lead","operation":"insert"}`).json, "id").(string)
	state := func() any {
		x.login()
		return get(x.must(200, http.MethodGet, "/jobs/ingest/"+id, "").json, "state")
	}
	x.move(24 * time.Hour)
	if s := state(); s != "Open" {
		t.Errorf("after a day: %v", s)
	}
	x.move(time.Minute)
	if s := state(); s != "Aborted" {
		t.Errorf("after more: %v", s)
	}
	x.move(6 * 24 * time.Hour)
	x.login()
	x.must(404, http.MethodGet, "/jobs/ingest/"+id, "")
}

func TestUploadsThatAreTooLong(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	job, _ := x.ingest(`{"object":"Lead","operation":"insert"}`, strings.Repeat("x", 32_001)+"\nLee\n")
	if p, _ := get(job.json, "errorMessage").(string); !strings.Contains(p, "longer than 32000 characters") {
		t.Errorf("header: %s", job.text)
	}
	job, id := x.ingest(`{"object":"Lead","operation":"insert"}`, "LastName,Company,Description\nLee,Acme,"+strings.Repeat("x", 131_073)+"\nMoe,Acme,x\n\"Poe\" ,Acme,x\n")
	if fmt.Sprint(get(job.json, "numberRecordsFailed")) != "2" {
		t.Errorf("rows: %s", job.text)
	}
	if failed := x.must(200, http.MethodGet, "/jobs/ingest/"+id+"/failedResults", "").text; strings.Count(failed, `"INVALID_CSV_ROW:`) != 2 {
		t.Errorf("failed: %.300s", failed)
	}
}

func TestDailyBulkLimits(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{DailyBatches: 2, DailyQueries: 1})
	left := func() string {
		r := x.must(200, http.MethodGet, "/limits", "").json
		return fmt.Sprint(get(r, "DailyBulkApiBatches", "Remaining"), " ", get(r, "DailyBulkV2QueryJobs", "Remaining"), " ", get(r, "DailyBulkV2QueryJobs", "Max"))
	}
	x.ingest(`{"object":"Lead","operation":"insert"}`, "LastName,Company\nLee,Acme\n")
	x.queryJob("SELECT Id FROM Lead")
	if got := left(); got != "1 0 1" {
		t.Errorf("left: %s", got)
	}
	if r := x.must(400, http.MethodPost, "/jobs/query", `{"operation":"query","query":"SELECT Id FROM Lead"}`); r.code() != "EXCEEDEDQUOTA" {
		t.Errorf("a second query job: %s", r.text)
	}
	job, _ := x.ingest(`{"object":"Contact","operation":"insert"}`, "LastName\n"+strings.Repeat("Lee\n", 10_001)) // two batches
	if get(job.json, "state") != "Failed" || get(job.json, "errorMessage") != "ExceededQuota : DailyBulkApiBatches Limit exceeded." {
		t.Errorf("two batches, one left: %s", job.text)
	}
	x.ingest(`{"object":"Lead","operation":"insert"}`, "LastName,Company\nMoe,Acme\n")
	if r := x.must(400, http.MethodPost, "/jobs/ingest", `{"object":"Lead","operation":"insert"}`); r.code() != "EXCEEDEDQUOTA" {
		t.Errorf("none left: %s", r.text)
	}
	if got := left(); got != "0 0 1" {
		t.Errorf("left: %s", got)
	}
	x.move(24 * time.Hour)
	x.login()
	if got := left(); got != "2 1 1" {
		t.Errorf("a day later: %s", got)
	}
	x.ingest(`{"object":"Contact","operation":"insert"}`, "LastName\n"+strings.Repeat("Lee\n", 10_001))
	if got := left(); got != "0 1 1" {
		t.Errorf("after two batches at once: %s", got)
	}
}
