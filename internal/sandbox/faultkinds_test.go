package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
)

// session is a client of a CRM of the sandbox, with its token.
type session struct {
	t     *testing.T
	url   string
	token string
}

func salesforceSession(t *testing.T, s *Sandbox) *session {
	t.Helper()
	c := &session{t: t, url: s.SalesforceURL}
	c.login("/services/oauth2/token", "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox")
	return c
}

// hubspotSession has a token that ends: that of an OAuth app.
func hubspotSession(t *testing.T, s *Sandbox) *session {
	t.Helper()
	c := &session{t: t, url: s.HubSpotURL}
	c.login("/oauth/v3/token", "grant_type=refresh_token&client_id=sandbox&client_secret=sandbox&refresh_token=na1-sandbox")
	return c
}

func (c *session) login(path, form string) {
	c.t.Helper()
	resp, err := http.Post(c.url+path, "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		c.t.Fatalf("no token: %v", err)
	}
	c.token = answer.AccessToken
}

// call sends body, JSON unless kind says otherwise, and decodes what comes, if it is JSON.
func (c *session) call(method, path, body string, kind ...string) (status int, answer any) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", append(kind, "application/json")[0])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if json.Unmarshal(text, &answer) != nil {
		answer = string(text)
	}
	return resp.StatusCode, answer
}

const base = "/services/data/v66.0"

// collection is a create of so many contacts.
func collection(n int, allOrNone bool) string {
	var records []string
	for i := range n {
		records = append(records, fmt.Sprintf(`{"attributes":{"type":"Contact"},"LastName":"Lee%d"}`, i+1))
	}
	return fmt.Sprintf(`{"allOrNone":%v,"records":[%s]}`, allOrNone, strings.Join(records, ","))
}

// rowsSaid is the codes of the rows of a collections answer, "ok" for none.
func rowsSaid(answer any) (codes []string) {
	list, _ := answer.([]any)
	for _, row := range list {
		m, _ := row.(map[string]any)
		errs, _ := m["errors"].([]any)
		code := "ok"
		if len(errs) > 0 {
			code, _ = errs[0].(map[string]any)["statusCode"].(string)
		}
		codes = append(codes, code)
	}
	return codes
}

func lastNames(s *Sandbox) (names []string) {
	for _, record := range s.Salesforce.All("Contact") {
		names = append(names, record["LastName"])
	}
	return names
}

func TestLockedRowsOfACollection(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{{Kind: Lock, Path: "/composite/sobjects", Rows: []int{1, 3}, Count: 1}}})
	c := salesforceSession(t, s)
	status, answer := c.call("POST", base+"/composite/sobjects", collection(4, false))
	if want := []string{"UNABLE_TO_LOCK_ROW", "ok", "UNABLE_TO_LOCK_ROW", "ok"}; status != 200 || !slices.Equal(rowsSaid(answer), want) {
		t.Errorf("%d %v", status, answer)
	}
	if got := lastNames(s); !slices.Equal(got, []string{"Lee2", "Lee4"}) {
		t.Errorf("written: %v", got)
	}
	if _, answer = c.call("POST", base+"/composite/sobjects", collection(1, false)); !slices.Equal(rowsSaid(answer), []string{"ok"}) {
		t.Errorf("the next request: %v", answer)
	}
}

func TestALockUnderAllOrNoneTakesAllBack(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{{Kind: Lock, Path: "/composite", Rows: []int{2}}}})
	c := salesforceSession(t, s)
	_, answer := c.call("POST", base+"/composite/sobjects", collection(3, true))
	if want := []string{"ALL_OR_NONE_OPERATION_ROLLED_BACK", "UNABLE_TO_LOCK_ROW", "ALL_OR_NONE_OPERATION_ROLLED_BACK"}; !slices.Equal(rowsSaid(answer), want) {
		t.Errorf("%v", answer)
	}
	part := func(n int) string {
		return fmt.Sprintf(`{"method":"POST","url":"%s/sobjects/Contact","referenceId":"r%d","body":{"LastName":"Lee%d"}}`, base, n, n)
	}
	_, answer = c.call("POST", base+"/composite", `{"allOrNone":true,"compositeRequest":[`+part(1)+","+part(2)+","+part(3)+`]}`)
	text := toJSON(t, answer)
	if strings.Count(text, "PROCESSING_HALTED") != 2 || strings.Count(text, "UNABLE_TO_LOCK_ROW") != 1 {
		t.Errorf("%s", text)
	}
	_, answer = c.call("POST", base+"/composite", `{"allOrNone":false,"compositeRequest":[`+part(1)+","+part(2)+","+part(3)+`]}`)
	if text := toJSON(t, answer); strings.Count(text, `"httpStatusCode":201`) != 2 || strings.Count(text, `"httpStatusCode":400`) != 1 {
		t.Errorf("%s", text)
	}
	if got := lastNames(s); !slices.Equal(got, []string{"Lee1", "Lee3"}) {
		t.Errorf("written: %v", got)
	}
}

func TestRefusedRowsOfABulkJob(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{{Kind: Partial, Code: "STRING_TOO_LONG", Field: "Title", Path: "/batches", Rows: []int{2}}}})
	c := salesforceSession(t, s)
	_, job := c.call("POST", base+"/jobs/ingest", `{"object":"Contact","operation":"insert","contentType":"CSV","lineEnding":"LF"}`)
	id, _ := job.(map[string]any)["id"].(string)
	if status, answer := c.call("PUT", base+"/jobs/ingest/"+id+"/batches", "LastName,Title\nLee1,a\nLee2,b\nLee3,c\n", "text/csv"); status != 201 {
		t.Fatalf("%d %v", status, answer)
	}
	c.call("PATCH", base+"/jobs/ingest/"+id, `{"state":"UploadComplete"}`)
	for state := ""; state != "JobComplete"; {
		_, job = c.call("GET", base+"/jobs/ingest/"+id, "")
		if state, _ = job.(map[string]any)["state"].(string); state == "Failed" || state == "" {
			t.Fatalf("%v", job)
		}
	}
	if m := job.(map[string]any); m["numberRecordsProcessed"] != 3.0 || m["numberRecordsFailed"] != 1.0 {
		t.Errorf("%v", job)
	}
	_, failed := c.call("GET", base+"/jobs/ingest/"+id+"/failedResults", "")
	if text := fmt.Sprint(failed); !strings.Contains(text, `"STRING_TOO_LONG:Title: data value too large: a very long value (max length=40):Title --","Lee2","b"`) {
		t.Errorf("%s", text)
	}
	if got := lastNames(s); !slices.Equal(got, []string{"Lee1", "Lee3"}) {
		t.Errorf("written: %v", got)
	}
}

func TestRefusedSingleRecords(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	c := salesforceSession(t, s)
	id, err := s.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Faults.Add(Fault{Kind: Lock, Path: "sobjects"}); err != nil {
		t.Fatal(err)
	}
	for _, call := range [][3]string{
		{"POST", "/sobjects/Contact", `{"LastName":"Chen"}`}, {"PATCH", "/sobjects/Contact/" + id, `{"LastName":"Chen"}`}, {"DELETE", "/sobjects/Contact/" + id, ""},
		{"DELETE", "/composite/sobjects?ids=" + id, ""},
	} {
		status, answer := c.call(call[0], base+call[1], call[2])
		want := 400
		if strings.HasPrefix(call[1], "/composite") {
			want = 200
		}
		if status != want || !strings.Contains(toJSON(t, answer), "UNABLE_TO_LOCK_ROW") {
			t.Errorf("%s: %d %v", call[1], status, answer)
		}
	}
	if got := lastNames(s); !slices.Equal(got, []string{"Lee"}) {
		t.Errorf("written: %v", got)
	}
}

// TestSessionsEndMidPage: the request for the second page finds the session ended, and a new one goes on
// where the cursor stands.
func TestSessionsEndMidPage(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{
		{System: crm.Salesforce, Kind: Expired, Path: "/query/", Nth: 1},
		{System: crm.HubSpot, Kind: Expired, Path: "after=", Nth: 1},
	}})
	for i := range 2001 {
		if _, err := s.Salesforce.Insert("Contact", map[string]string{"LastName": fmt.Sprint("Lee", i)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 {
		if _, err := s.HubSpot.Insert("contacts", map[string]string{"firstname": fmt.Sprint("Ann", i)}); err != nil {
			t.Fatal(err)
		}
	}
	c := salesforceSession(t, s)
	_, first := c.call("GET", base+"/query?q="+url.QueryEscape("SELECT Id FROM Contact"), "")
	next, _ := first.(map[string]any)["nextRecordsUrl"].(string)
	if status, answer := c.call("GET", next, ""); status != 401 || !strings.Contains(toJSON(t, answer), "INVALID_SESSION_ID") {
		t.Errorf("%d %v", status, answer)
	}
	if status, _ := c.call("GET", next, ""); status != 401 {
		t.Errorf("the old session lives again: %d", status)
	}
	c.login("/services/oauth2/token", "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox")
	if status, answer := c.call("GET", next, ""); status != 200 || !strings.Contains(toJSON(t, answer), `"done":true`) {
		t.Errorf("%d %v", status, answer)
	}

	h := hubspotSession(t, s)
	_, page := h.call("GET", "/crm/v3/objects/contacts?limit=1", "")
	after := page.(map[string]any)["paging"].(map[string]any)["next"].(map[string]any)["after"].(string)
	for range 2 {
		if status, answer := h.call("GET", "/crm/v3/objects/contacts?limit=1&after="+after, ""); status != 401 || !strings.Contains(toJSON(t, answer), "EXPIRED_AUTHENTICATION") {
			t.Errorf("%d %v", status, answer)
		}
	}
	again := hubspotSession(t, s)
	if status, answer := again.call("GET", "/crm/v3/objects/contacts?limit=1&after="+after, ""); status != 200 {
		t.Errorf("%d %v", status, answer)
	}
	again.token = "pat-na1-sandbox" // a private app's token does not end
	s.HubSpot.ExpireSessions()
	if status, answer := again.call("GET", "/crm/v3/objects/contacts?limit=1&after="+after, ""); status != 200 {
		t.Errorf("%d %v", status, answer)
	}
}
