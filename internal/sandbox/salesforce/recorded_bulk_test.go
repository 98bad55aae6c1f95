package salesforce_test

import "testing"

// TestRecordedBulk: a Bulk 2.0 ingest and a query from end to end, as recorded.
func TestRecordedBulk(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	const resultHeader = "application/json;charset=UTF-8"
	made := r.hold(t, exchange{name: "create", source: "PM", method: "POST", path: "/jobs/ingest", body: `{"object":"Account","contentType":"CSV","operation":"insert","lineEnding":"LF"}`,
		status: 200, shape: jobShape + " contentUrl:string lineEnding:string columnDelimiter:string", with: map[string]string{"Content-Type": resultHeader},
		texts: map[string]string{"state": "Open", "concurrencyMode": "Parallel", "contentUrl": "services/data/v60.0/jobs/ingest/750{{rest}}/batches"}})
	r.names["job"], _ = get(made.json, "id").(string)
	r.holdAll(t, []exchange{
		{name: "upload", source: "PM", method: "PUT", path: "/jobs/ingest/{{job}}/batches", header: []string{"Content-Type", "text/csv"}, body: "Name\nAnn\nBo\n", status: 201, texts: map[string]string{"": ""}},
		{name: "close", source: "PM", method: "PATCH", path: "/jobs/ingest/{{job}}", body: `{"state":"UploadComplete"}`, status: 200, shape: jobShape,
			texts: map[string]string{"state": "UploadComplete"}, with: always},
	})
	r.finish("ingest")
	r.holdAll(t, []exchange{
		{name: "poll", source: "PM", method: "GET", path: "/jobs/ingest/{{job}}", status: 200,
			shape: jobShape + " contentUrl:string? lineEnding:string columnDelimiter:string numberRecordsProcessed:number numberRecordsFailed:number" + workedShape,
			texts: map[string]string{"state": "JobComplete", "jobType": "V2Ingest"}},
		{name: "no failures: the header alone", source: "PM", method: "GET", path: "/jobs/ingest/{{job}}/failedResults", status: 200,
			texts: map[string]string{"": "\"sf__Id\",\"sf__Error\",Name\n"}, with: map[string]string{"Content-Type": "text/csv"}},
		{name: "nothing left: the header alone", source: "PM", method: "GET", path: "/jobs/ingest/{{job}}/unprocessedrecords", status: 200, texts: map[string]string{"": "Name\n"}},
		{name: "successes", source: "PM", method: "GET", path: "/jobs/ingest/{{job}}/successfulResults", status: 200,
			texts: map[string]string{"": "\"sf__Id\",\"sf__Created\",Name\n\"{{id}}\",\"true\",\"{{name}}\"\n\"{{id}}\",\"true\",\"{{name}}\"\n"}},
		{name: "all ingest jobs", source: "PM", method: "GET", path: "/jobs/ingest", status: 200, shape: "done:bool nextRecordsUrl:null " + records(jobShape) + " records[].jobType:string records[].*:string|number|null"},
		{name: "delete", source: "PM", method: "DELETE", path: "/jobs/ingest/{{job}}", status: 204, with: always},
	})

	made = r.hold(t, exchange{name: "query", source: "PM", method: "POST", path: "/jobs/query", body: `{"operation":"query","query":"SELECT Id, Name FROM Account"}`,
		status: 200, shape: jobShape + " lineEnding:string columnDelimiter:string", texts: map[string]string{"state": "UploadComplete"}})
	r.names["job"], _ = get(made.json, "id").(string)
	r.finish("query")
	r.holdAll(t, []exchange{
		{name: "poll a query", source: "PM", method: "GET", path: "/jobs/query/{{job}}", status: 200, shape: jobShape + workedShape +
			" lineEnding:string? columnDelimiter:string? numberRecordsProcessed:number? isPkChunkingSupported:bool?", texts: map[string]string{"state": "JobComplete", "jobType": "V2Query"}},
		{name: "all query jobs", source: "PM", method: "GET", path: "/jobs/query", status: 200, shape: "done:bool nextRecordsUrl:null " + records(jobShape) + " records[].*:string|number|bool|null"},
		{name: "delete a query", source: "PM", method: "DELETE", path: "/jobs/query/{{job}}", status: 204, with: always},
	})
	made = r.hold(t, exchange{name: "another query", source: "PM", method: "POST", path: "/jobs/query", body: `{"operation":"query","query":"SELECT Id FROM Account"}`, status: 200})
	r.names["job"], _ = get(made.json, "id").(string)
	r.hold(t, exchange{name: "abort", source: "PM", method: "PATCH", path: "/jobs/query/{{job}}", body: `{"state":"Aborted"}`, status: 200, shape: jobShape, texts: map[string]string{"state": "Aborted"}})
}

// finish polls the job until it is over.
func (r *recorded) finish(kind string) {
	r.Helper()
	for range 10 {
		if state := get(r.must(200, "GET", r.fill("/jobs/"+kind+"/{{job}}"), "").json, "state"); state == "JobComplete" {
			return
		}
	}
	r.Fatal("the job never ends")
}
