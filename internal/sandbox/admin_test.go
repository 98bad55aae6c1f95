package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// command sends an order and returns what is answered, decoded.
func command(t *testing.T, method, url, body string) (status int, answer any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s %s: %q: %v", method, url, text, err)
		}
	}
	return resp.StatusCode, answer
}

func TestOrders(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	if _, _, err := post(t, s, crm.Salesforce, "/services/data/v66.0/composite"); err != nil {
		t.Fatal(err)
	}
	const ann, bo = `{"object": "Lead", "values": {"LastName": "Lee", "Phone": "1"}}`, `{"object": "Lead", "values": {"LastName": "Chen"}}`
	tests := []struct {
		method, path, body string
		status             int
		want               string // JSON
	}{
		{"POST", "records", ann, 201, `{"id": "Lead-1"}`},
		{"POST", "records", bo, 201, `{"id": "Lead-2"}`},
		{"POST", "edit", `{"object": "Lead", "id": "Lead-1", "values": {"Phone": ""}}`, 200, `{"record": {"LastName": "Lee", "Phone": ""}}`},
		{"GET", "records?object=Lead", "", 200, `{"records": [{"LastName": "Lee", "Phone": ""}, {"LastName": "Chen"}]}`},
		{"GET", "records?object=Lead&id=Lead-2", "", 200, `{"records": [{"LastName": "Chen"}]}`},
		{"DELETE", "records?object=Lead&id=Lead-2", "", 204, ``},
		{"GET", "records?object=Lead&id=Lead-2", "", 200, `{"records": []}`},
		{"DELETE", "records?object=Lead&id=Lead-2", "", 400, `{"error": "no Lead Lead-2"}`},
		{"POST", "edit", `{"object": "Lead", "id": "Lead-9", "values": {}}`, 400, `{"error": "no Lead Lead-9"}`},
		{"POST", "records", `{"object": "Lead", "id": "Lead-9", "values": {}}`, 400, `{"error": "an insert names no id beside its values"}`},
		{"POST", "edit", `{"object": "Lead", "ident": "Lead-1"}`, 400,
			`{"error": "body: json: unknown field \"ident\"", "hint": "write {\"object\": \"Lead\", \"id\": \"…\", \"values\": {\"Phone\": \"…\"}}"}`},
		{"GET", "calls", "", 200, `{"calls": [{"system": "salesforce", "endpoint": "POST /services/data/{version}/composite", "requests": 1, "struck": 0}]}`},
		{"DELETE", "calls", "", 204, ``},
		{"GET", "calls", "", 200, `{"calls": []}`},
		{"POST", "faults", "faults:\n  - kind: 429\n    system: hubspot\n    retry_after: 2s\n", 200,
			`{"faults": [{"kind": "429", "system": "hubspot", "retry_after": "2s", "seen": 0, "struck": 0}]}`},
		{"POST", "faults", `{"faults": [{"kind": "418"}]}`, 400,
			`{"error": "body:1: unknown kind \"418\"", "hint": "kinds: ` + join(Kinds) + `"}`},
		{"DELETE", "faults", "", 204, ``},
		{"GET", "faults", "", 200, `{"faults": []}`},
		{"GET", "nonsense", "", 404, `{"error": "no order GET /__sandbox/nonsense", "hint": "GET /__sandbox/ lists the orders"}`},
	}
	for _, test := range tests {
		status, got := command(t, test.method, s.SalesforceURL+adminPath+test.path, test.body)
		var want any
		if test.want != "" {
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got); status != test.status || diff != "" {
			t.Errorf("%s %s: status %d, want %d (-want +got):\n%s", test.method, test.path, status, test.status, diff)
		}
	}
}

func TestFaultsOrderedOnOneServerStrikeOnBoth(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	if status, answer := command(t, "POST", s.SalesforceURL+adminPath+"faults", "faults:\n  - kind: 503\n    system: hubspot\n"); status != 200 {
		t.Fatal(answer)
	}
	resp, _, err := post(t, s, crm.HubSpot, "/x")
	if err != nil || resp.StatusCode != 503 {
		t.Errorf("%v, %v", resp, err)
	}
	if _, answer := command(t, "GET", s.HubSpotURL+adminPath+"faults", ""); !strings.Contains(toJSON(t, answer), `"seen":1,"struck":1`) {
		t.Errorf("%v", answer)
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
