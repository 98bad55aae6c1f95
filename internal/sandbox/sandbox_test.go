package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// start runs a sandbox until the test ends.
func start(t *testing.T, o Options) *Sandbox {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestStartServesBothOnLoopback(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, url := range []string{s.HubSpotURL, s.SalesforceURL} {
		if !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Errorf("served at %s", url)
		}
		if status, answer := command(t, "GET", url+adminPath+"calls", ""); status != http.StatusOK {
			t.Errorf("%s answers %d: %v", url, status, answer)
		}
	}
	s.Close()
	for _, system := range crm.Systems {
		if _, _, err := post(t, s, system, "/"); err == nil {
			t.Errorf("%s is served after Close", system)
		}
	}
}

func TestStartTakesAGivenPort(t *testing.T) {
	t.Parallel()
	first := start(t, Options{})
	addr := strings.TrimPrefix(first.HubSpotURL, "http://")
	first.Close()
	again := start(t, Options{HubSpotAddr: strings.Replace(addr, "127.0.0.1", "localhost", 1)})
	if again.HubSpotURL != first.HubSpotURL {
		t.Errorf("served at %s, want %s", again.HubSpotURL, first.HubSpotURL)
	}
}

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	taken := strings.TrimPrefix(start(t, Options{}).HubSpotURL, "http://")
	tests := []struct {
		name       string
		o          Options
		want, hint string
	}{
		{"every interface", Options{HubSpotAddr: ":8080"}, `sandbox: hubspot: address ":8080": the sandbox serves on loopback only`, "127.0.0.1:8080"},
		{"another interface", Options{SalesforceAddr: "192.0.2.1:80"}, "sandbox: salesforce: ", "127.0.0.1:80"},
		{"a host name", Options{SalesforceAddr: "example.com:80"}, "loopback only", "127.0.0.1:80"},
		{"no port", Options{HubSpotAddr: "127.0.0.1"}, "missing port", "127.0.0.1:8080"},
		{"a taken port", Options{SalesforceAddr: taken}, "in use", "another port"},
		{"a bad fault", Options{Faults: []Fault{{Kind: "418"}}}, "fault 1: unknown kind", "kinds: "},
		{"an absent folder", Options{LoadDir: filepath.Join(t.TempDir(), "absent")}, "absent", "folder of CSV files"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Start(t.Context(), test.o)
			checkHinted(t, err, test.want, test.hint)
			if s != nil {
				t.Error("a sandbox beside an error")
			}
		})
	}
}

// TestFilledFromCSVAndPeople runs the real simulators: what was loaded and generated is what they
// hold, in the CRM's own columns and not as custom ones.
func TestFilledFromCSVAndPeople(t *testing.T) {
	t.Parallel()
	n := map[string]int{}
	s := start(t, Options{
		LoadDir: folder(t, map[string]string{
			"hubspot.contacts.csv":   "hs_object_id,email,shoe_size,lastmodifieddate\n900001,ann@example.com,42,2026-01-02T03:04:05.000Z\n",
			"salesforce.Contact.csv": "Id,LastName,ShoeSize__c,SystemModstamp\n0035e0000000001AAA,Lee,42,2026-01-02T03:04:05.000+0000\n",
		}),
		People: 200, Seed: 1, Now: atNoon,
		Truth: func(_ int, record crm.Record) { n[record.Object.String()]++ },
	})
	contact, ok := s.HubSpot.Get("contacts", "900001")
	if !ok || contact["email"] != "ann@example.com" || contact["shoe_size"] != "42" {
		t.Errorf("hubspot contact %v", contact)
	}
	record, ok := s.Salesforce.Get("Contact", "0035e0000000001AAA")
	if !ok || record["LastName"] != "Lee" || record["ShoeSize__c"] != "42" || !strings.HasPrefix(record["SystemModstamp"], "2026-01-02T03:04:05") {
		t.Errorf("salesforce Contact %v", record)
	}
	n["hubspot.contacts"]++
	n["salesforce.Contact"]++
	got := map[string]int{
		"hubspot.contacts":   len(s.HubSpot.All("contacts")),
		"salesforce.Contact": len(s.Salesforce.All("Contact")),
		"salesforce.Lead":    len(s.Salesforce.All("Lead")),
	}
	if diff := cmp.Diff(n, got); diff != "" {
		t.Errorf("records (-inserted +held):\n%s", diff)
	}
	for _, lead := range s.Salesforce.All("Lead") {
		if lead["IsConverted"] == "true" {
			if _, ok := s.Salesforce.Get("Contact", lead["ConvertedContactId"]); !ok {
				t.Errorf("converted into %q", lead["ConvertedContactId"])
			}
		}
	}
}

// TestCredentials: the public ones open both doors, and Salesforce's session leads back to loopback.
func TestCredentials(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	call := func(method, target, token, form string) (int, map[string]any) {
		req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		if form != "" {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
			t.Fatalf("%s %s: %d: %v", method, target, resp.StatusCode, err)
		}
		return resp.StatusCode, body
	}
	_, session := call("POST", s.SalesforceURL+"/services/oauth2/token", "",
		"grant_type=client_credentials&client_id=sandbox&client_secret=sandbox")
	if session["instance_url"] != s.SalesforceURL {
		t.Fatalf("session %v, want instance_url %s", session, s.SalesforceURL)
	}
	token, _ := session["access_token"].(string)
	if status, body := call("GET", s.SalesforceURL+"/services/data/v66.0/query?q=SELECT+Id+FROM+Lead", token, ""); status != 200 || body["totalSize"] != 0.0 {
		t.Errorf("query: %d %v", status, body)
	}
	if status, body := call("GET", s.HubSpotURL+"/crm/v3/objects/contacts", "pat-na1-sandbox", ""); status != 200 {
		t.Errorf("contacts: %d %v", status, body)
	}
}

// TestPublicData loads the benchmark sets that lie beside the checkout.
func TestPublicData(t *testing.T) {
	t.Parallel()
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(data); errors.Is(err, os.ErrNotExist) {
		t.Skipf("no benchmark data at %s beside the checkout", data)
	}
	for set, want := range map[string]map[string]int{
		"febrl4":   {"contacts": 5000, "Contact": 5000, "Lead": 0},
		"fake1000": {"contacts": 468, "Contact": 218, "Lead": 314},
	} {
		s := start(t, Options{LoadDir: filepath.Join(data, set)})
		got := map[string]int{
			"contacts": len(s.HubSpot.All("contacts")),
			"Contact":  len(s.Salesforce.All("Contact")),
			"Lead":     len(s.Salesforce.All("Lead")),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", set, diff)
		}
	}
}

func TestStartStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{People: 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
