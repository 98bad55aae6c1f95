package salesforce

import "net/http"

const (
	maxGraphs = 75
	maxNodes  = 500 // sub-requests over all graphs
)

// graph is POST /composite/graph: several composite requests, each saved whole or not at all.
func (c *call) graph([]string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	body, a, fine := c.object("graphs")
	if !fine {
		return a
	}
	graphs, isList := body["graphs"].([]any)
	if !isList || len(graphs) == 0 {
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "graphs must be a list of graphs at [line:1, column:1]")
	}
	if len(graphs) > maxGraphs {
		return failure(http.StatusBadRequest, "LIMIT_EXCEEDED", "The request can’t contain more than %d graphs.", maxGraphs)
	}
	nodes := 0
	seen := map[string]bool{}
	for _, item := range graphs {
		m, _ := item.(map[string]any)
		id, _ := m["graphId"].(string)
		list, isList := m["compositeRequest"].([]any)
		if nodes += len(list); nodes > maxNodes {
			return failure(http.StatusBadRequest, "LIMIT_EXCEEDED", "The request can’t contain more than %d nodes.", maxNodes)
		}
		if id == "" || seen[id] || !isList || len(m) != 2 {
			return failure(http.StatusBadRequest, "INVALID_INPUT", "Each graph needs a graphId of its own and a compositeRequest")
		}
		seen[id] = true
	}
	results := []map[string]any{}
	for _, item := range graphs {
		m := item.(map[string]any)
		parts, a, fine := c.runParts(m["compositeRequest"].([]any), true, maxNodes)
		if !fine {
			return a
		}
		good := true
		for _, p := range parts {
			good = good && !p.answer.failed()
		}
		results = append(results, map[string]any{"graphId": m["graphId"], "graphResponse": compositeParts(parts), "isSuccessful": good})
	}
	return ok(map[string]any{"graphs": results})
}
