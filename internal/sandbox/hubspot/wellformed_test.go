package hubspot

import (
	"bytes"
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

// wellFormed fails unless an answer is one that HubSpot gives.
func wellFormed(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	if what := malformed(r.URL.Path, w); what != "" {
		t.Fatalf("%s %s: %s: %d %s", r.Method, r.URL, what, w.Code, w.Body)
	}
}

// misfit is what malformed finds, on its way up.
type misfit string

// malformed says in what an answer is none that HubSpot gives, "" for nothing: JSON whose members fit the status,
// HubSpot's own error envelope, the token endpoint's, the web server's page for a path there is not, a CSV file, or
// nothing with a 204.
func malformed(path string, w *httptest.ResponseRecorder) (what string) {
	defer func() {
		switch m := recover().(type) {
		case nil:
		case misfit:
			what = string(m)
		default:
			panic(m)
		}
	}()
	wrong := func(what string) { panic(misfit(what)) }
	answer := w.Body.Bytes()
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
		return ""
	case strings.HasPrefix(kind, "text/html"):
		if w.Code != http.StatusNotFound || !strings.Contains(string(answer), "Resource not found") {
			wrong("a page")
		}
		return ""
	case strings.HasPrefix(kind, "text/csv"):
		if _, err := csv.NewReader(bytes.NewReader(answer)).ReadAll(); err != nil || w.Code != http.StatusOK {
			wrong("no CSV")
		}
		return ""
	case !strings.HasPrefix(kind, "application/json"):
		wrong("of the type " + kind)
	}
	if strings.HasPrefix(path, "/properties/v1/") && w.Code == http.StatusOK {
		if !json.Valid(answer) || answer[0] != '[' {
			wrong("no bare list")
		}
		return ""
	}
	var body map[string]any
	if err := json.Unmarshal(answer, &body); err != nil {
		wrong(err.Error())
	}
	if w.Code < 300 {
		fits(body, w.Code, wrong)
		return ""
	}
	if _, isToken := body["error_description"]; isToken {
		for _, name := range []string{"error", "status", "message"} {
			if s, _ := body[name].(string); s == "" {
				wrong("no " + name)
			}
		}
		return ""
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
	return ""
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

// TestMalformedIsFound: answers that HubSpot would not give are told from those it would.
func TestMalformedIsFound(t *testing.T) {
	t.Parallel()
	const fine, page = `{"status":"error","message":"m","correlationId":"c"`, "<h2>HTTP ERROR 404 Resource not found</h2>"
	for name, c := range map[string]struct {
		status     int
		kind, body string
		bad        bool
	}{
		"an object":                   {200, "application/json", `{"results":[]}`, false},
		"nothing":                     {204, "", "", false},
		"the page":                    {404, "text/html", page, false},
		"an envelope":                 {400, "application/json", fine + `,"category":"VALIDATION_ERROR"}`, false},
		"errors with 207":             {207, "application/json", `{"numErrors":1,"errors":[{"status":"error","message":"m"}]}`, false},
		"the token endpoint's":        {400, "application/json", `{"error":"e","error_description":"d","status":"S","message":"m"}`, false},
		"a file":                      {200, "text/csv", "a\nb\n", false},
		"a 500":                       {500, "application/json", fine + `}`, true},
		"half of it":                  {200, "application/json", `{"results":[`, true},
		"a list":                      {200, "application/json", `[]`, true},
		"a body with 204":             {204, "", "x", true},
		"a page with 400":             {400, "text/html", page, true},
		"another page":                {404, "text/html", "oops", true},
		"text":                        {200, "text/plain", "x", true},
		"no message":                  {400, "application/json", `{"status":"error","message":"","correlationId":"c"}`, true},
		"another correlation id":      {400, "application/json", `{"status":"error","message":"m","correlationId":"d"}`, true},
		"a category of another kind":  {404, "application/json", fine + `,"category":"CONFLICT"}`, true},
		"an error with 200":           {200, "application/json", fine + `}`, true},
		"207 without errors":          {207, "application/json", `{"results":[]}`, true},
		"errors with 200":             {200, "application/json", `{"numErrors":1,"errors":[{"status":"error","message":"m"}]}`, true},
		"fewer errors than listed":    {207, "application/json", `{"numErrors":0,"errors":[{"status":"error","message":"m"}]}`, true},
		"an error without a message":  {207, "application/json", `{"numErrors":1,"errors":[{"status":"error"}]}`, true},
		"a token refused with less":   {400, "application/json", `{"error":"e","error_description":"d"}`, true},
		"a file that is not complete": {200, "text/csv", "a\n\"b", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			w.Header().Set("X-HubSpot-Correlation-Id", "c")
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(c.status)
			w.Body.WriteString(c.body)
			if what := malformed("/crm/v3/x", w); (what != "") != c.bad {
				t.Errorf("found: %q", what)
			}
		})
	}
}
