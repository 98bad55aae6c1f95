package salesforce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

const (
	maxSubRequests = 25
	maxSubQueries  = 5 // of these, queries and collections
)

// part is one sub-request and what it came to.
type part struct {
	reference string
	answer    answer
}

// composite runs sub-requests in order, as one call against the daily limit. With allOrNone the first that
// fails takes all of them back.
func (c *call) composite([]string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	body, a, fine := c.object("allOrNone", "collateSubrequests", "compositeRequest")
	if !fine {
		return a
	}
	list, isList := body["compositeRequest"].([]any)
	if !isList {
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of list from VALUE_NULL value null or request may be missing a required field at [line:1, column:1]")
	}
	if len(list) > maxSubRequests {
		return tooMany("The request can’t contain more than %d operations.", maxSubRequests)
	}
	allOrNone, _ := body["allOrNone"].(bool)
	parts, a, fine := c.runParts(list, allOrNone, maxSubQueries)
	if !fine {
		return a
	}
	return compositeResponse(parts)
}

// runParts runs sub-requests in one transaction, of which no more than so many may be queries or collections.
// With allOrNone the first that fails ends it, is marked as failed, and takes all others back.
func (c *call) runParts(list []any, allOrNone bool, maxQueries int) ([]part, answer, bool) {
	t := c.transaction()
	mark := t.Mark()
	var parts []part
	results := map[string]any{} // bodies by reference
	queries := 0
	failed := -1
	for i, item := range list {
		sub, reference, a, fine := c.subRequest(item, results)
		if _, twice := results[reference]; fine && twice {
			a, fine = failure(http.StatusBadRequest, "INVALID_INPUT", "Duplicate reference id found: %s", reference), false
		}
		if fine && sub.heavy() {
			if queries++; queries > maxQueries {
				t.Rollback(mark)
				return nil, tooMany("The request can’t contain more than %d query or sObject collection operations.", maxQueries), false
			}
		}
		if fine {
			a = sub.run()
		}
		parts = append(parts, part{reference, a})
		var decoded any
		if json.Unmarshal(a.body, &decoded) == nil {
			results[reference] = decoded
		} else {
			results[reference] = nil
		}
		if a.failed() && allOrNone {
			failed = i
			break
		}
	}
	if failed >= 0 {
		t.Rollback(mark)
		halted := failure(http.StatusBadRequest, "PROCESSING_HALTED", "The transaction was rolled back since another operation in the same transaction failed.")
		for i, item := range list {
			if i >= len(parts) {
				m, _ := item.(map[string]any)
				reference, _ := m["referenceId"].(string)
				parts = append(parts, part{reference: reference})
			}
			if i != failed {
				parts[i].answer = halted
			}
		}
	}
	return parts, answer{}, true
}

// failed tells whether a sub-request came to nothing; one that had nothing new to say did not.
func (a answer) failed() bool { return a.status >= 300 && a.status != http.StatusNotModified }

func compositeResponse(parts []part) answer { return ok(compositeParts(parts)) }

func compositeParts(parts []part) map[string]any {
	list := []map[string]any{}
	for _, p := range parts {
		headers := map[string]string{}
		m := map[string]any{"body": nil, "httpHeaders": headers, "httpStatusCode": p.answer.status, "referenceId": orNil(p.reference)}
		if p.answer.body != nil {
			m["body"] = json.RawMessage(p.answer.body)
		}
		for _, name := range []string{"Location", "ETag", "Last-Modified"} {
			if v, found := p.answer.header[name]; found {
				headers[name] = v
			}
		}
		list = append(list, m)
	}
	return map[string]any{"compositeResponse": list}
}

// tooMany is the recorded answer to an oversized request: one sub-response that belongs to nobody.
func tooMany(format string, n int) answer {
	return compositeResponse([]part{{"", failure(http.StatusBadRequest, "LIMIT_EXCEEDED", format, n)}})
}

// subRequest turns one element of compositeRequest into a call, references to earlier results filled in.
func (c *call) subRequest(item any, results map[string]any) (*call, string, answer, bool) {
	m, isObject := item.(map[string]any)
	method, _ := m["method"].(string)
	target, _ := m["url"].(string)
	reference, _ := m["referenceId"].(string)
	bad := func(format string, args ...any) (*call, string, answer, bool) {
		return nil, reference, failure(http.StatusBadRequest, "INVALID_INPUT", format, args...), false
	}
	if !isObject || method == "" || target == "" || reference == "" {
		return bad("Each subrequest needs method, url and referenceId")
	}
	for name := range m {
		switch name {
		case "method", "url", "referenceId", "body", "httpHeaders":
		default:
			return bad("Unrecognized field %q in subrequest %s", name, reference)
		}
	}
	missing := ""
	fill := func(s string) string { return fillIn(s, results, &missing) }
	target = fill(target)
	body := m["body"]
	if body != nil {
		body = walk(body, fill)
	}
	if missing != "" {
		return nil, reference, failure(http.StatusBadRequest, "PROCESSING_HALTED", "Invalid reference specified. No value for %s found", missing), false
	}
	sub := &call{Server: c.Server, method: method, header: http.Header{}, host: c.host, version: c.version, user: c.user, inside: true, tx: c.tx, ordered: c.ordered}
	headers, _ := m["httpHeaders"].(map[string]any)
	for name, v := range headers {
		sub.header.Set(name, fmt.Sprint(v))
	}
	if body != nil {
		sub.body = encode(body)
	}
	path, query, _ := strings.Cut(target, "?")
	sub.setURL(path, query)
	if len(sub.path) < 3 || sub.path[0] != "services" || sub.path[1] != "data" || sub.path[2] != "v"+c.version {
		return bad("The url of subrequest %s must begin with %s/", reference, c.base())
	}
	if len(sub.path) > 3 && (sub.path[3] == "jobs" || sub.path[3] == "composite" && len(sub.path) == 4) {
		return bad("%s is not allowed inside a composite request", target)
	}
	return sub, reference, answer{}, true
}

func (c *call) run() answer { return c.route(c.path[3:]) }

// heavy tells whether a sub-request is one of the few: a query or a collection.
func (c *call) heavy() bool {
	rest := strings.Join(c.path[3:], "/")
	return strings.HasPrefix(rest, "query") || strings.HasPrefix(rest, "composite/sobjects")
}

// walk applies fill to every text of a decoded JSON value.
func walk(v any, fill func(string) string) any {
	switch x := v.(type) {
	case string:
		return fill(x)
	case []any:
		for i := range x {
			x[i] = walk(x[i], fill)
		}
	case map[string]any:
		for k := range x {
			x[k] = walk(x[k], fill)
		}
	}
	return v
}

var referenceForm = regexp.MustCompile(`@\{([^}]*)\}`)

// fillIn replaces @{ref.records[0].Id} by what an earlier sub-request answered; missing names one not found.
func fillIn(s string, results map[string]any, missing *string) string {
	return referenceForm.ReplaceAllStringFunc(s, func(mark string) string {
		expression := mark[2 : len(mark)-1]
		steps := strings.FieldsFunc(expression, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
		var v any = results
		for _, step := range steps {
			switch x := v.(type) {
			case map[string]any:
				v = x[step]
			case []any:
				n, err := strconv.Atoi(step)
				if err != nil || n < 0 || n >= len(x) {
					v = nil
				} else {
					v = x[n]
				}
			default:
				v = nil
			}
		}
		switch x := v.(type) {
		case string:
			return x
		case float64, bool:
			return fmt.Sprint(x)
		}
		*missing = expression
		return ""
	})
}
