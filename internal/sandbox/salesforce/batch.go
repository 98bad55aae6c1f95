package salesforce

import (
	"encoding/json"
	"net/http"
	"strings"
)

// batch is POST /composite/batch: up to 25 requests that know nothing of each other. Each counts against the daily
// limit, and what one saved stays when another fails.
func (c *call) batch([]string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	body, a, fine := c.object("haltOnError", "batchRequests")
	if !fine {
		return a
	}
	list, isList := body["batchRequests"].([]any)
	if !isList || len(list) == 0 {
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "batchRequests must be a list of requests at [line:1, column:1]")
	}
	if len(list) > maxSubRequests {
		return failure(http.StatusBadRequest, "LIMIT_EXCEEDED", "The batch can’t contain more than %d subrequests.", maxSubRequests)
	}
	halt, _ := body["haltOnError"].(bool)
	type result struct {
		Status int             `json:"statusCode"`
		Result json.RawMessage `json:"result"`
	}
	var results []result
	failed := false
	for i, item := range list {
		if halt && failed {
			results = append(results, result{http.StatusPreconditionFailed, json.RawMessage(`[{"errorCode":"BATCH_PROCESSING_HALTED","message":"Batch processing halted per request"}]`)})
			continue
		}
		a := c.batchPart(item, i == 0)
		failed = failed || a.failed()
		r := result{a.status, json.RawMessage("null")}
		if a.body != nil {
			r.Result = a.body
		}
		results = append(results, r)
	}
	return ok(map[string]any{"hasErrors": failed, "results": results})
}

// batchPart runs one request of a batch. The first is paid for by the batch itself.
func (c *call) batchPart(item any, paid bool) answer {
	m, _ := item.(map[string]any)
	method, _ := m["method"].(string)
	target, _ := m["url"].(string)
	for name := range m {
		switch name {
		case "method", "url", "richInput", "binaryPartName", "binaryPartNameAlias":
		default:
			return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Unrecognized field %q, not marked as ignorable at [line:1, column:1]", name)
		}
	}
	if method == "" || target == "" {
		return failure(http.StatusBadRequest, "INVALID_BATCH_REQUEST", "Each subrequest needs method and url")
	}
	sub := &call{Server: c.Server, method: method, header: http.Header{}, host: c.host, user: c.user, inside: true, ordered: c.ordered}
	path, query, _ := strings.Cut(target, "?")
	sub.setURL(strings.TrimPrefix(strings.TrimPrefix(path, "/"), "services/data/"), query)
	if len(sub.path) == 0 || !sub.setVersion(sub.path[0]) || len(sub.path) > 1 && (sub.path[1] == "jobs" || sub.path[1] == "composite" && len(sub.path) < 4) {
		return failure(http.StatusBadRequest, "INVALID_BATCH_REQUEST", "%s is not allowed inside a batch", target)
	}
	if in, given := m["richInput"]; given {
		sub.body = encode(in)
	}
	sub.path = append([]string{"services", "data"}, sub.path...)
	if !paid && !c.usage.spend(c.options.Now(), c.options.DailyRequests) {
		return failure(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	}
	return sub.run()
}
