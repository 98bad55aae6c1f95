package salesforce

import (
	"encoding/csv"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"lockstep/internal/sandbox/twist"
)

// FuzzIngest runs a whole Bulk job over any upload, with any delimiter, line ending and operation: the job ends, its
// counts are those of its results, the results are CSV, and the org is whole.
func FuzzIngest(f *testing.F) {
	for operation, text := range map[string]string{
		"insert": "LastName,Company\nLee,\"Ac\"\"me\"\n", "update": "Id,Title,Phone\n" + aLead + ",#N/A,+1 555 0100\n" + goneLead + ",x,\n,y,\n",
		"upsert": "HubSpot_Id__c,LastName,Company,Owner.Username\n1,Lee,A,admin@sandbox.example.com\n2,Kim,B,\n2,Kim,C,\n", "delete": "Id\n" + aLead + "\n" + convertedLead + "\nx\n",
		"hardDelete": "\ufeffId\n",
	} {
		for name, d := range delimiters {
			f.Add(operation, name, false, strings.ReplaceAll(text, ",", string(d)))
			f.Add(operation, name, true, strings.ReplaceAll(strings.ReplaceAll(text, ",", string(d)), "\n", "\r\n"))
		}
	}
	for _, s := range []string{"", "\n", "LastName\n\"Lee\nKim\"\n", "LastName,Company\r\n\"a\rb\",\xff\r\n", "LastName,LastName\na,b\n", "LastName,Company\na\nb,c,d\n\"", "Id,Company\n" + aLead + ",\"x\n"} {
		f.Add("insert", "COMMA", strings.Contains(s, "\r"), s)
	}
	f.Fuzz(func(t *testing.T, operation, delimiter string, crlf bool, text string) {
		defer twist.Watch(t.Name())()
		s := small(t)
		do := func(method, path, kind string, body []byte) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			req := newRequest(method, "/services/data/v60.0/"+path, "", kind, body)
			s.ServeHTTP(w, req)
			wellFormed(t, route{method, patternOf(path), nil}, req, w)
			return w
		}
		order := map[string]string{"object": "Lead", "operation": operation, "columnDelimiter": delimiter, "lineEnding": "LF"}
		if crlf {
			order["lineEnding"] = "CRLF"
		}
		if operation == "upsert" {
			order["externalIdFieldName"] = "HubSpot_Id__c"
		}
		created := do("POST", "jobs/ingest", asJSON, encode(order))
		if created.Code != 200 {
			return // refused well: another operation or delimiter
		}
		var job struct {
			ID                string
			State             string
			Processed, Failed int
		}
		read := func(w *httptest.ResponseRecorder) {
			var m struct {
				ID        string `json:"id"`
				State     string `json:"state"`
				Processed int    `json:"numberRecordsProcessed"`
				Failed    int    `json:"numberRecordsFailed"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
				t.Fatal(err)
			}
			job.ID, job.State, job.Processed, job.Failed = m.ID, m.State, m.Processed, m.Failed
		}
		read(created)
		path := "jobs/ingest/" + job.ID
		do("PUT", path+"/batches", asCSV, []byte(text))
		do("PATCH", path, asJSON, []byte(`{"state":"UploadComplete"}`))
		for polls := 0; job.State != "JobComplete" && job.State != "Failed"; polls++ {
			if polls == 10 {
				t.Fatalf("the job is %s still", job.State)
			}
			read(do("GET", path, "", nil))
		}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		rows := func(name string) int {
			text := do("GET", path+"/"+name, "", nil).Body.String()
			if job.State == "Failed" || !utf8.ValidString(text) {
				return 0
			}
			r := csv.NewReader(strings.NewReader(text))
			r.Comma = delimiters[delimiter]
			all, err := r.ReadAll()
			if err != nil || len(all) == 0 {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			return len(all) - 1
		}
		done, failed, untouched := rows("successfulResults"), rows("failedResults"), rows("unprocessedrecords")
		if job.State == "JobComplete" && utf8.ValidString(text) && (done+failed != job.Processed || failed != job.Failed || untouched != 0) {
			t.Fatalf("%d processed, %d of them failed: %d, %d and %d rows of results", job.Processed, job.Failed, done, failed, untouched)
		}
	})
}

// patternOf is the pattern of a job's path.
func patternOf(path string) string {
	if parts := strings.Split(path, "/"); len(parts) > 2 {
		parts[2] = "*"
		return strings.Join(parts, "/")
	}
	return path
}
