package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// both are the real simulators, empty.
func both() (*hubspot.Server, *salesforce.Server) {
	return hubspot.New(hubspot.Options{Now: atNoon}), salesforce.New(salesforce.Options{Now: atNoon})
}

// watchdog ends the program when something takes longer than it may: the fuzzer keeps the input.
func watchdog() (stop func()) {
	timer := time.AfterFunc(20*time.Second, func() { panic("nothing came of it within 20 s") })
	return func() { timer.Stop() }
}

// FuzzLoad reads any text as a CSV file of records of either CRM: it is loaded, or refused with file, line and hint,
// and the store is whole.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		"hs_object_id,email,shoe_size,lastmodifieddate\n900001,ann@example.com,42,2026-01-02T03:04:05.000Z\n900001,x,,\n", "Id,LastName,ShoeSize__c,IsDeleted\n0035e0000000001AAA,Lee,42,true\n,Kim,,\n",
		"\ufeffemail\r\n\"a\nb\"\r\n", "", "a,a\n", " a\n", "email\nx,y\n", "email\n\"x\n", "email\n\xff\n", "id,archived,createdate\n-1,true,x\n",
	} {
		f.Add(false, text)
		f.Add(true, text)
	}
	path := filepath.Join(f.TempDir(), fmt.Sprint(os.Getpid(), ".csv")) // one per worker
	f.Fuzz(func(t *testing.T, isSalesforce bool, text string) {
		defer watchdog()()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		h, s := both()
		object, sim := crm.Object{System: crm.HubSpot, Name: "contacts"}, simulator(h)
		if isSalesforce {
			object, sim = crm.Object{System: crm.Salesforce, Name: "Contact"}, s
		}
		if err := loadFile(t.Context(), path, object, sim); err != nil {
			hinted := (*crm.Hinted)(nil)
			if !strings.HasPrefix(err.Error(), path+":") || !errors.As(err, &hinted) || hinted.Hint == "" {
				t.Fatalf("%q: %v: without file, line or hint", text, err)
			}
		}
		if err := errors.Join(h.Check(), s.Check()); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		sim.All(object.Name)
	})
}

// FuzzOrders sends any order to either server: it is answered with JSON, an error names itself, and the stores are whole.
func FuzzOrders(f *testing.F) {
	for _, order := range [][3]string{
		{"POST", "records", `{"object":"contacts","values":{"email":"cy@example.com","createdate":"2026-01-01T00:00:00Z"}}`}, {"POST", "records", `{"object":"Lead","values":{"Id":"00QSx0000000009","X__c":"1"}}`},
		{"POST", "edit", `{"object":"contacts","id":"1","values":{"phone":"2","email":"x"}}`}, {"POST", "edit", `{"object":"Lead","id":"00QSx0000000001","values":{"Phone":"2","Owner":"x"}}`},
		{"DELETE", "records?object=Lead&id=00QSx0000000001", ""}, {"GET", "records?object=contacts", ""}, {"GET", "records?object=contacts&id=1", ""},
		{"POST", "faults", "faults:\n  - kind: 429\n    count: 1\n"}, {"POST", "faults", "- !x 0"}, {"GET", "faults", ""}, {"DELETE", "faults", ""}, {"GET", "calls", ""}, {"DELETE", "calls", ""}, {"PUT", "", "null"},
	} {
		f.Add(false, order[0], order[1], order[2])
		f.Add(true, order[0], order[1], order[2])
	}
	for _, o := range orders() {
		f.Add(false, o.method, o.name, o.body)
		f.Add(true, o.method, o.name, o.body)
	}
	f.Fuzz(func(t *testing.T, isSalesforce bool, method, path, body string) {
		defer watchdog()()
		h, s := both()
		if _, err := h.Insert("contacts", map[string]string{"hs_object_id": "1", "email": "ann@example.com"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Insert("Lead", map[string]string{"Id": "00QSx0000000001", "LastName": "Lee", "Company": "Example Mills", "Status": "Open - Not Contacted"}); err != nil {
			t.Fatal(err)
		}
		system, sim := crm.HubSpot, simulator(h)
		if isSalesforce {
			system, sim = crm.Salesforce, s
		}
		orders := newAdmin(&admin{system: system, sim: sim, faults: &Faults{}, calls: &counter{}, rules: newRules(sim)})
		req, err := http.NewRequestWithContext(t.Context(), method, "http://sandbox.example"+adminPath+path, strings.NewReader(body))
		if err != nil {
			return // net/http lets no such request through
		}
		w := httptest.NewRecorder()
		orders.ServeHTTP(w, req)
		var answer map[string]any
		switch {
		case w.Code >= 500:
			t.Fatalf("%s %s %q: %d %s", method, path, body, w.Code, w.Body)
		case w.Code >= 300 && w.Code < 400 || w.Code == http.StatusNoContent || method == http.MethodHead:
		case json.Unmarshal(w.Body.Bytes(), &answer) != nil, (answer["error"] != nil) != (w.Code >= 400):
			t.Fatalf("%s %s %q: %d %s", method, path, body, w.Code, w.Body)
		}
		if err := errors.Join(h.Check(), s.Check()); err != nil {
			t.Fatalf("%s %s %q: %v", method, path, body, err)
		}
	})
}
