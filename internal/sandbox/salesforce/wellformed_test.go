package salesforce

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// statusOfCode are the statuses that go with an error code on a whole request; 400 goes with all others.
var statusOfCode = map[string]int{
	"NOT_FOUND": 404, "ENTITY_IS_DELETED": 404, "METHOD_NOT_ALLOWED": 405, "INVALID_SESSION_ID": 401, "INVALID_AUTH_HEADER": 401,
	"UNSUPPORTED_MEDIA_TYPE": 415, "PRECONDITION_FAILED": 412, "REQUEST_LIMIT_EXCEEDED": 403,
}

var codeForm = regexp.MustCompile(`^[A-Z][A-Z_]*$`)

// wellFormed fails unless an answer to a request below /services/data is one that Salesforce gives: its body fits
// its status, and what a body says of its parts fits the parts.
func wellFormed(t *testing.T, r route, req *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	answer := w.Body.Bytes()
	wrong := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s %s: %s: %d %s", req.Method, req.URL, fmt.Sprintf(format, args...), w.Code, answer)
	}
	if !strings.HasPrefix(w.Header().Get("Sforce-Limit-Info"), "api-usage=") {
		wrong("no Sforce-Limit-Info")
	}
	if !utf8.Valid(answer) && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") { // what was uploaded comes back as it is
		wrong("not UTF-8")
	}
	fits(r.method+" "+r.pattern, w.Code, w.Header().Get("Content-Type"), answer, wrong)
}

// fits is wellFormed for one answer, or the part of a composite one.
func fits(name string, status int, kind string, answer []byte, wrong func(string, ...any)) {
	switch {
	case status >= http.StatusInternalServerError:
		wrong("the server failed")
	case status == http.StatusNoContent || status == http.StatusNotModified || name == "PUT jobs/ingest/*/batches" && status == http.StatusCreated:
		if len(answer) > 0 {
			wrong("a body")
		}
		return
	case strings.HasPrefix(kind, "text/csv"):
		if status != http.StatusOK || !strings.HasSuffix(name, "esults") && !strings.HasSuffix(name, "records") {
			wrong("CSV")
		}
		if _, err := csv.NewReader(strings.NewReader(string(answer))).ReadAll(); name == "GET jobs/query/*/results" && err != nil {
			wrong("%v", err)
		}
		return
	case !strings.HasPrefix(kind, "application/json"):
		wrong("of the type %q", kind)
	}
	var body any
	if err := json.Unmarshal(answer, &body); err != nil {
		wrong("%v", err)
	}
	list, isList := body.([]any)
	object, _ := body.(map[string]any)
	switch {
	case object["hasErrors"] != nil && object["results"] != nil:
		togetherWell(object, status, wrong)
	case status >= http.StatusBadRequest:
		refusedWell(list, status, wrong)
	case status == http.StatusMultipleChoices:
		if len(list) < 2 {
			wrong("a choice of %d", len(list))
		}
	case name == "POST composite":
		compositeWell(body, wrong)
	case name == "POST composite/graph":
		graphs, isList := object["graphs"].([]any)
		if !isList {
			wrong("no graphs")
		}
		for _, g := range graphs {
			m, _ := g.(map[string]any)
			compositeWell(m["graphResponse"], wrong)
		}
	case strings.Contains(name, " composite/sobjects") && !strings.HasPrefix(name, "GET ") && name != "POST composite/sobjects/*":
		if !isList {
			wrong("no list of results")
		}
		for _, row := range list {
			savedWell(row, wrong)
		}
	}
}

// refusedWell wants a list of errors with codes that go with the status.
func refusedWell(list []any, status int, wrong func(string, ...any)) {
	if len(list) == 0 {
		wrong("no list of errors")
	}
	for _, e := range list {
		m, _ := e.(map[string]any)
		code, _ := m["errorCode"].(string)
		message, _ := m["message"].(string)
		want, known := statusOfCode[code]
		switch {
		case !codeForm.MatchString(code) || message == "":
			wrong("an error without code or message")
		case m["statusCode"] != nil:
			wrong("statusCode in the place of errorCode")
		case known && want != status && len(list) == 1:
			wrong("%s with %d", code, status)
		}
	}
}

// savedWell wants one result of a collections request to be a success with an id, or errors with codes.
func savedWell(row any, wrong func(string, ...any)) {
	m, _ := row.(map[string]any)
	success, isBool := m["success"].(bool)
	errors, isList := m["errors"].([]any)
	id, _ := m["id"].(string)
	if !isBool || !isList || success != (len(errors) == 0) || success && len(id) != 18 {
		wrong("a result that is neither success nor failure")
	}
	for _, e := range errors {
		m, _ := e.(map[string]any)
		code, _ := m["statusCode"].(string)
		message, _ := m["message"].(string)
		if _, isList := m["fields"].([]any); !isList || !codeForm.MatchString(code) || message == "" || m["errorCode"] != nil {
			wrong("an error of a result without statusCode, message or fields")
		}
	}
}

// compositeWell wants every part of a composite answer to be well-formed by itself.
func compositeWell(body any, wrong func(string, ...any)) {
	m, _ := body.(map[string]any)
	parts, isList := m["compositeResponse"].([]any)
	if !isList {
		wrong("no compositeResponse")
	}
	for _, p := range parts {
		part, _ := p.(map[string]any)
		status, _ := part["httpStatusCode"].(float64)
		if status < 200 || part["httpHeaders"] == nil {
			wrong("a part without a status or headers")
		}
		var answer []byte
		if part["body"] != nil {
			answer, _ = json.Marshal(part["body"]) // decoded a moment ago
		}
		fits("part", int(status), "application/json", answer, wrong)
	}
}

// togetherWell wants the results of a batch or a tree to be well-formed, and hasErrors to say whether one is an error.
func togetherWell(body map[string]any, status int, wrong func(string, ...any)) {
	results, _ := body["results"].([]any)
	failed := false
	for _, r := range results {
		m, _ := r.(map[string]any)
		if status, isBatch := m["statusCode"].(float64); isBatch {
			failed = failed || status >= http.StatusBadRequest
			var answer []byte
			if m["result"] != nil {
				answer, _ = json.Marshal(m["result"]) // decoded a moment ago
			}
			fits("part", int(status), "application/json", answer, wrong)
			continue
		}
		errors, _ := m["errors"].([]any)
		id, _ := m["id"].(string)
		failed = failed || len(errors) > 0
		if reference, isText := m["referenceId"].(string); !isText || (len(errors) > 0) == (len(id) == 18) {
			wrong("the result of %q is neither an id nor errors", reference)
		}
		for _, e := range errors {
			m, _ := e.(map[string]any)
			if code, _ := m["statusCode"].(string); !codeForm.MatchString(code) {
				wrong("an error without statusCode")
			}
		}
	}
	if body["hasErrors"] != failed {
		wrong("hasErrors is %v", body["hasErrors"])
	}
}

// TestMalformedIsFound: answers that Salesforce would not give are told from those it would.
func TestMalformedIsFound(t *testing.T) {
	t.Parallel()
	const asked, id = "GET limits", "00QSx0000000001AAA"
	many := "PATCH composite/sobjects"
	for name, c := range map[string]struct {
		route      string
		status     int
		kind, body string
		bad        bool
	}{
		"an object":                {asked, 200, asJSON, `{}`, false},
		"errors":                   {asked, 404, asJSON, `[{"errorCode":"NOT_FOUND","message":"m"}]`, false},
		"nothing":                  {asked, 204, "", ``, false},
		"results":                  {many, 200, asJSON, `[{"success":true,"id":"` + id + `","errors":[]},{"success":false,"errors":[{"statusCode":"A","message":"m","fields":[]}]}]`, false},
		"parts":                    {"POST composite", 200, asJSON, `{"compositeResponse":[{"body":[{"errorCode":"A","message":"m"}],"httpStatusCode":400,"httpHeaders":{}}]}`, false},
		"a batch":                  {"POST composite/batch", 200, asJSON, `{"hasErrors":true,"results":[{"statusCode":400,"result":[{"errorCode":"A","message":"m"}]}]}`, false},
		"a 500":                    {asked, 500, asJSON, `[{"errorCode":"A","message":"m"}]`, true},
		"half of it":               {asked, 200, asJSON, `{"a":`, true},
		"no type":                  {asked, 200, "", `{}`, true},
		"a body with 204":          {asked, 204, "", `x`, true},
		"CSV elsewhere":            {asked, 200, asCSV, "a\n", true},
		"half of CSV":              {"GET jobs/query/*/results", 200, asCSV, "a\n\"", true},
		"an error object":          {asked, 400, asJSON, `{"errorCode":"A","message":"m"}`, true},
		"no errors":                {asked, 400, asJSON, `[]`, true},
		"no message":               {asked, 400, asJSON, `[{"errorCode":"A"}]`, true},
		"statusCode":               {asked, 400, asJSON, `[{"statusCode":"A","errorCode":"A","message":"m"}]`, true},
		"another status":           {asked, 400, asJSON, `[{"errorCode":"NOT_FOUND","message":"m"}]`, true},
		"success with errors":      {many, 200, asJSON, `[{"success":true,"id":"` + id + `","errors":[{"statusCode":"A","message":"m","fields":[]}]}]`, true},
		"success without an id":    {many, 200, asJSON, `[{"success":true,"errors":[]}]`, true},
		"a failure without errors": {many, 200, asJSON, `[{"success":false,"errors":[]}]`, true},
		"errorCode in a result":    {many, 200, asJSON, `[{"success":false,"errors":[{"errorCode":"A","message":"m","fields":[]}]}]`, true},
		"a part's error object":    {"POST composite", 200, asJSON, `{"compositeResponse":[{"body":{},"httpStatusCode":400,"httpHeaders":{}}]}`, true},
		"hasErrors without one":    {"POST composite/batch", 200, asJSON, `{"hasErrors":true,"results":[{"statusCode":204,"result":null}]}`, true},
		"a choice of one":          {asked, 300, asJSON, `["a"]`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := ""
			func() {
				defer func() {
					if s, isText := recover().(string); isText {
						found = s
					}
				}()
				fits(c.route, c.status, c.kind, []byte(c.body), func(format string, args ...any) { panic(fmt.Sprintf(format, args...)) })
			}()
			if (found != "") != c.bad {
				t.Errorf("found: %q", found)
			}
		})
	}
}
