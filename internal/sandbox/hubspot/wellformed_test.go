package hubspot

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// statusesOf are the statuses that go with a category.
var statusesOf = map[string][]int{
	"VALIDATION_ERROR": {400, 409}, "CONFLICT": {409}, "OBJECT_NOT_FOUND": {404, 400}, "MISSING_SCOPES": {403}, "RATE_LIMITS": {429},
	"INVALID_AUTHENTICATION": {401}, "EXPIRED_AUTHENTICATION": {401},
}

// wellFormed fails unless an answer is one that HubSpot gives: JSON whose members fit the status, HubSpot's own error
// envelope, the token endpoint's, the web server's page for a path there is not, or nothing with a 204.
func wellFormed(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	answer := w.Body.Bytes()
	wrong := func(what string) {
		t.Helper()
		t.Fatalf("%s %s: %s: %d %s", r.Method, r.URL, what, w.Code, answer)
	}
	kind := w.Header().Get("Content-Type")
	switch {
	case w.Code >= http.StatusInternalServerError:
		wrong("the server failed")
	case w.Header().Get("X-HubSpot-Correlation-Id") == "":
		wrong("no correlation id")
	case w.Code == http.StatusNoContent:
		if len(answer) > 0 || kind != "" {
			wrong("a body")
		}
		return
	case strings.HasPrefix(kind, "text/html"):
		if w.Code != http.StatusNotFound || !strings.Contains(string(answer), "Resource not found") {
			wrong("a page")
		}
		return
	case strings.HasPrefix(kind, "text/csv"):
		if _, err := csv.NewReader(w.Body).ReadAll(); err != nil || w.Code != http.StatusOK {
			wrong("no CSV")
		}
		return
	case !strings.HasPrefix(kind, "application/json"):
		wrong("of the type " + kind)
	}
	if strings.HasPrefix(r.URL.Path, "/properties/v1/") && w.Code == http.StatusOK {
		if !json.Valid(answer) || answer[0] != '[' {
			wrong("no bare list")
		}
		return
	}
	var body map[string]any
	if err := json.Unmarshal(answer, &body); err != nil {
		wrong(err.Error())
	}
	if w.Code < 300 {
		fits(body, w.Code, wrong)
		return
	}
	if _, isToken := body["error_description"]; isToken {
		for _, name := range []string{"error", "status", "message"} {
			if s, _ := body[name].(string); s == "" {
				wrong("no " + name)
			}
		}
		return
	}
	category, hasCategory := body["category"].(string)
	message, _ := body["message"].(string)
	switch statuses, known := statusesOf[category]; {
	case body["status"] != "error" && body["status"] != "fail" || message == "":
		wrong("no envelope")
	case body["correlationId"] != w.Header().Get("X-HubSpot-Correlation-Id"):
		wrong("another correlation id")
	case hasCategory && known && !slices.Contains(statuses, w.Code):
		wrong("the category is not that of the status")
	case hasCategory && category == "":
		wrong("an empty category")
	}
}

// fits fails unless the members of a good answer go with its status.
func fits(body map[string]any, status int, wrong func(string)) {
	errors, hasErrors := body["errors"].([]any)
	failed, _ := body["numErrors"].(float64)
	switch {
	case body["status"] == "error":
		wrong("an error")
	case (status == http.StatusMultiStatus) != (len(errors) > 0):
		wrong("errors without a 207, or a 207 without")
	case hasErrors && int(failed) < len(errors):
		wrong("fewer errors than are listed")
	}
	for _, e := range errors {
		row, _ := e.(map[string]any)
		if message, _ := row["message"].(string); row["status"] != "error" || message == "" {
			wrong("an error without a message")
		}
	}
}
