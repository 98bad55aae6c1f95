package salesforce

import (
	"net/http"
	"slices"
	"strings"
)

// route is one resource below /services/data/vNN.N: "*" stands for one segment, handed to the handler.
type route struct {
	method  string
	pattern string
	serve   func(c *call, args []string) answer
}

var routes []route

func init() { // a literal would be a cycle: /composite routes anew
	get, post, patch, put, del := http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete
	routes = []route{
		{get, "", (*call).resources},
		{get, "limits", (*call).limits},
		{get, "limits/recordCount", (*call).recordCount},
		{get, "query", (*call).runQuery},
		{get, "query/*", (*call).nextPage},
		{get, "queryAll", (*call).runQueryAll},
		{get, "queryAll/*", (*call).nextPage},
		{get, "sobjects", (*call).describeGlobal},
		{get, "sobjects/*", (*call).basicInfo},
		{get, "sobjects/*/describe", (*call).describe},
		{get, "sobjects/*/deleted", (*call).deleted},
		{get, "sobjects/*/updated", (*call).updated},
		{get, "sobjects/*/describe/layouts", (*call).layouts},
		{post, "sobjects/*", (*call).createRow},
		{get, "sobjects/*/*", (*call).readRow},
		{patch, "sobjects/*/*", (*call).updateRow},
		{del, "sobjects/*/*", (*call).deleteRow},
		{get, "sobjects/*/*/*", (*call).readRowByKey},
		{patch, "sobjects/*/*/*", (*call).upsertRow},
		{post, "composite", (*call).composite},
		{post, "composite/sobjects", (*call).createMany},
		{patch, "composite/sobjects", (*call).updateMany},
		{del, "composite/sobjects", (*call).deleteMany},
		{post, "composite/batch", (*call).batch},
		{post, "composite/graph", (*call).graph},
		{post, "composite/tree/*", (*call).tree},
		{get, "composite/sobjects/*", (*call).readMany},
		{post, "composite/sobjects/*", (*call).readManyPost},
		{patch, "composite/sobjects/*/*", (*call).upsertMany},
		{post, "jobs/ingest", (*call).createIngest},
		{get, "jobs/ingest", (*call).listIngest},
		{get, "jobs/ingest/*", (*call).pollIngest},
		{patch, "jobs/ingest/*", (*call).patchIngest},
		{del, "jobs/ingest/*", (*call).deleteJob},
		{put, "jobs/ingest/*/batches", (*call).upload},
		{get, "jobs/ingest/*/successfulResults", (*call).successfulResults},
		{get, "jobs/ingest/*/failedResults", (*call).failedResults},
		{get, "jobs/ingest/*/unprocessedrecords", (*call).unprocessedRecords},
		{post, "jobs/query", (*call).createBulkQuery},
		{get, "jobs/query", (*call).listBulkQuery},
		{get, "jobs/query/*", (*call).pollBulkQuery},
		{patch, "jobs/query/*", (*call).abortBulkQuery},
		{del, "jobs/query/*", (*call).deleteJob},
		{get, "jobs/query/*/results", (*call).bulkQueryResults},
		{get, "jobs/query/*/resultPages", (*call).resultPages},
		{get, "tooling/query", (*call).runToolingQuery},
		{get, "tooling/query/*", (*call).nextPage},
		{post, "tooling/sobjects/CustomField", (*call).createCustomField},
		{del, "tooling/sobjects/CustomField/*", (*call).deleteCustomField},
	}
}

// route hands the call to its resource, or answers 404 for no such path and 405 for the wrong method.
func (c *call) route(path []string) answer {
	if c.badURL {
		return failure(http.StatusBadRequest, "INVALID_PARAMETER", "The URL could not be read")
	}
	var allowed []string
	for _, r := range routes {
		args, ok := match(r.pattern, path)
		if !ok {
			continue
		}
		if r.method == c.method {
			return r.serve(c, args)
		}
		if r.method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
		allowed = append(allowed, r.method)
	}
	if allowed == nil {
		return notFound()
	}
	list := strings.Join(slices.Compact(allowed), ",")
	return failure(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '%s' not allowed. Allowed are %s", c.method, list).with("Allow", list)
}

func match(pattern string, path []string) (args []string, ok bool) {
	var want []string
	if pattern != "" {
		want = strings.Split(pattern, "/")
	}
	if len(want) != len(path) {
		return nil, false
	}
	for i, w := range want {
		switch {
		case w == "*":
			args = append(args, path[i])
		case w != path[i]:
			return nil, false
		}
	}
	return args, true
}
