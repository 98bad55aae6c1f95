package hubspot_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

// bodied are the endpoints that read a JSON body.
var bodied = []struct{ method, path string }{
	{"POST", contacts}, {"PATCH", contacts + "/1"}, {"POST", search}, {"POST", contacts + "/batch/read"}, {"POST", contacts + "/batch/create"},
	{"POST", contacts + "/batch/update"}, {"POST", contacts + "/batch/upsert"}, {"POST", contacts + "/batch/archive"}, {"POST", properties},
	{"PATCH", properties + "/phone"}, {"POST", properties + "/batch/create"}, {"POST", properties + "/batch/read"}, {"POST", properties + "/batch/archive"},
	{"POST", properties + "/groups"}, {"PATCH", properties + "/groups/contactinformation"}, {"POST", "/oauth/v2/private-apps/get/access-token-info"},
}

// FuzzBodies sends any body to any endpoint: the answer is JSON with a status that fits, never a panic or a 500.
func FuzzBodies(f *testing.F) {
	for i := range bodied {
		for _, body := range []string{
			``, `null`, `[]`, `{}`, `{"inputs":[null]}`, `{"inputs":[{"id":"1","idProperty":"email","properties":{"phone":null}}]}`, `{"properties":{"email":"a@example.com","closedate":"x"}}`,
			`{"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"1"}]}],"sorts":["-email"],"limit":"5","after":1}`,
			`{"sorts":[null]}`, `{"name":"a","label":"b","type":"enumeration","fieldType":"select","groupName":"contactinformation","options":[{"label":"x","value":"y"}]}`, "{\"query\":\"\xff\"}",
		} {
			f.Add(i, body)
		}
	}
	f.Fuzz(func(t *testing.T, i int, body string) {
		s := hubspot.New(hubspot.Options{})
		if _, err := s.Insert("contacts", map[string]string{"hs_object_id": "1", "email": "ann@example.com", "phone": "1"}); err != nil {
			t.Fatal(err)
		}
		to := bodied[uint(i)%uint(len(bodied))]
		r := httptest.NewRequest(to.method, to.path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+hubspot.DefaultToken)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("%s %s %q: %d %s", to.method, to.path, body, w.Code, w.Body)
		}
		if w.Code != http.StatusNoContent && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %s %q: not JSON: %s", to.method, to.path, body, w.Body)
		}
	})
}
