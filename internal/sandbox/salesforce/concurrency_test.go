package salesforce_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

// Eight clients upsert the same ten keys at once: ten records come of it, each created once.
func TestParallelClients(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	var mu sync.Mutex
	created := map[string]int{}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for n := range 10 {
				key := fmt.Sprint(n)
				r := x.do(http.MethodPatch, "/sobjects/Lead/HubSpot_Id__c/"+key, fmt.Sprintf(`{"LastName":"L%d","Company":"Acme"}`, worker))
				if r.status != 200 && r.status != 201 {
					t.Errorf("upsert: %d %s", r.status, r.text)
				}
				mu.Lock()
				if get(r.json, "created") == true {
					created[key]++
				}
				mu.Unlock()
				x.do(http.MethodGet, "/query?q="+url.QueryEscape("SELECT Id FROM Lead WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id"), "")
			}
		})
	}
	group.Wait()
	for key, n := range created {
		if n != 1 {
			t.Errorf("key %s was created %d times", key, n)
		}
	}
	if n := len(x.All("Lead")); n != 10 || len(created) != 10 {
		t.Errorf("%d records, %d keys created", n, len(created))
	}
}

// FuzzBodies: whatever is posted, the answer is well-formed and nothing panics. No socket: the fuzzer is fast.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		`{"records":[{"attributes":{"type":"Lead"},"LastName":"Lee","Company":"A","Owner":{"Username":"x"}}]}`, `{"compositeRequest":[{"method":"GET","url":"/services/data/v60.0/query?q=SELECT+Id+FROM+Lead","referenceId":"a"}]}`,
		`{"FullName":"Lead.A__c","Metadata":{"type":"Text","label":"A","length":5}}`, `{"operation":"query","query":"SELECT Id FROM Lead"}`, `[]`, `{"LastName":{}}`, `{"ids":["00Q"],"fields":["Id"]}`, "LastName,Company\nLee,\"Ac\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := salesforce.New(salesforce.Options{})
		token := ""
		do := func(method, path, kind, body string) map[string]any {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			var v any
			if w.Code >= 500 || w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") && json.Unmarshal(w.Body.Bytes(), &v) != nil {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
			m, _ := v.(map[string]any)
			return m
		}
		token, _ = do("POST", "/services/oauth2/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox")["access_token"].(string)
		const base = "/services/data/v60.0"
		for _, path := range []string{"/sobjects/Lead", "/composite/sobjects", "/composite", "/composite/sobjects/Lead", "/jobs/query", "/jobs/ingest", "/tooling/sobjects/CustomField"} {
			do("POST", base+path, "application/json", body)
		}
		do("PATCH", base+"/composite/sobjects/Lead/Email", "application/json", body)
		do("GET", base+"/query?q="+url.QueryEscape(body), "", "")
		job := base + "/jobs/ingest/" + do("POST", base+"/jobs/ingest", "application/json", `{"object":"Lead","operation":"insert"}`)["id"].(string)
		do("PUT", job+"/batches", "text/csv", body)
		do("PATCH", job, "application/json", `{"state":"UploadComplete"}`)
		do("GET", job, "", "")
		if state := do("GET", job, "", "")["state"]; state != "JobComplete" && state != "Failed" {
			t.Errorf("the job is %v", state)
		}
		do("GET", job+"/failedResults", "", "")
	})
}
