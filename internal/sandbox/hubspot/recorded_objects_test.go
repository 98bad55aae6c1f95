package hubspot_test

import "testing"

// TestRecordedObjects: single records and lists, as recorded.
func TestRecordedObjects(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.make("meeting", "meetings", m{"hs_timestamp": "1659970341857", "hs_meeting_title": "Title"})
	r.holdAll(t, []exchange{
		{name: "create a task", source: "VCR", method: "POST", path: "/crm/v3/objects/tasks", status: 201, shape: recordShape,
			body: `{"properties":{"hs_task_status":"NOT_STARTED","hs_task_type":"TODO","hs_task_subject":"Call","hs_task_body":"body","hs_timestamp":"2024-11-20T14:08:51.855Z"}}`,
			texts: map[string]string{"properties.hs_task_status": "NOT_STARTED", "properties.hs_task_type": "TODO", "properties.hs_task_priority": "NONE", "properties.hs_task_family": "SALES",
				"properties.hs_task_is_completed": "0", "properties.hs_body_preview": "body", "properties.hs_body_preview_is_truncated": "false", "properties.hs_object_source": "INTEGRATION",
				"properties.hs_task_completion_count": "0", "properties.hs_task_for_object_type": "OWNER", "properties.hs_timestamp": "2024-11-20T14:08:51.855Z"},
			with: map[string]string{"Location": "http{{host}}/crm/v3/objects/tasks/{{id}}"}},
		{name: "create a ticket", source: "VCR", method: "POST", path: "/crm/v3/objects/tickets", status: 201, shape: recordShape,
			body:  `{"properties":{"hs_pipeline":"0","hs_pipeline_stage":"1","hs_ticket_priority":"MEDIUM","subject":"test ticket"}}`,
			texts: map[string]string{"properties.hs_ticket_priority": "MEDIUM", "properties.hs_object_source": "INTEGRATION", "properties.hs_pipeline": "0", "properties.hs_ticket_id": "{{id}}"},
			with:  map[string]string{"Location": "http{{host}}/crm/v3/objects/tickets/{{id}}"}},
		{name: "create a meeting, the owner a number", source: "VCR", method: "POST", path: "/crm/v3/objects/meetings", status: 201, shape: recordShape,
			body:  `{"properties":{"hs_timestamp":"1659970341857","hs_meeting_title":"title","hs_meeting_body":"body","hs_meeting_start_time":"1651568400000","hs_meeting_end_time":"1651569300000","hs_meeting_outcome":"SCHEDULED"}}`,
			texts: map[string]string{"properties.hs_meeting_start_time": "2022-05-03T09:00:00Z", "properties.hs_timestamp": "2022-08-08T14:52:21.857Z", "properties.hs_body_preview": "body"}},
		{name: "a time that is none", source: "VCR", method: "POST", path: "/crm/v3/objects/meetings", status: 400, shape: refusal + "category:string " + each("errors", "message:string code:string context.propertyName:array") + "?",
			body:  `{"properties":{"hs_timestamp":"1659970342808","hs_meeting_start_time":"invalid"}}`,
			texts: map[string]string{"category": "VALIDATION_ERROR", "message": `Property values were not valid: [{"isValid":false,"message":"invalid was not a valid long.{{more}}","error":"INVALID_LONG","name":"hs_meeting_start_time"{{more}}`}},
		{name: "read properties of a meeting", source: "VCR", method: "GET", path: "/crm/v3/objects/meetings/{{meeting}}?properties=hubspot_owner_id,hs_meeting_title,hs_meeting_body", status: 200,
			shape: "id:string properties.hs_createdate:string properties.hs_lastmodifieddate:string properties.hs_object_id:string properties.hs_meeting_title:string properties.hs_meeting_body:null " +
				"properties.hubspot_owner_id:null createdAt:string updatedAt:string archived:bool url:string", with: paced},
		{name: "a task that is not there: the web server's page", source: "VCR", method: "GET", path: "/crm/v3/objects/tasks/990000000001?properties=hs_task_subject", status: 404,
			texts: map[string]string{"": "<html>{{head}}<title>Error 404 Not Found</title>{{head}}<h2>HTTP ERROR 404</h2>{{text}}Resource not found{{end}}"},
			with:  map[string]string{"Content-Type": "text/html;charset=iso-8859-1", "X-HubSpot-NotFound": "true", "X-HubSpot-RateLimit-Max": "100"}},
		{name: "a ticket that is not there: the web server's page", source: "VCR", method: "GET", path: "/crm/v3/objects/tickets/990000000001", status: 404,
			with: map[string]string{"Content-Type": "text/html;charset=iso-8859-1", "X-HubSpot-NotFound": "true"}},
		{name: "update a task", source: "VCR", method: "PATCH", path: "/crm/v3/objects/meetings/{{meeting}}", status: 200, shape: recordShape, body: `{"properties":{"hs_meeting_outcome":"COMPLETED"}}`,
			texts: map[string]string{"properties.hs_meeting_outcome": "COMPLETED", "properties.hs_object_source": "INTEGRATION", "properties.hs_object_source_label": "INTEGRATION", "properties.hs_object_id": "{{meeting}}"}},
		{name: "archive a meeting", source: "VCR", method: "DELETE", path: "/crm/v3/objects/meetings/{{meeting}}", status: 204, bare: []string{"Content-Type"}},
		{name: "the first page of contacts", source: "VCR", method: "GET", path: "/crm/v3/objects/contacts?limit=1", status: 200, with: paced,
			shape: each("results", "id:string properties.createdate:string properties.email:string properties.firstname:string properties.hs_object_id:string properties.lastmodifieddate:string properties.lastname:string "+
				"createdAt:string updatedAt:string archived:bool url:string") + " paging.next.after:string paging.next.link:string",
			texts: map[string]string{"paging.next.link": "http{{host}}/crm/{{path}}limit=1&after={{after}}", "results.0.url": "https://app.hubspot.com/contacts/{{portal}}/record/0-1/{{ann}}"}},
		{name: "the last page of contacts", source: "VCR", method: "GET", path: "/crm/v3/objects/contacts?limit=25", status: 200, shape: each("results", recordShape)},
		{name: "an object that there is none of", source: "AMP", method: "POST", path: "/crm/v3/objects/butterflies/search", body: `{}`, status: 400, shape: refusal,
			texts: map[string]string{"message": "Unable to infer object type from: butterflies"}},
		{name: "an object where a text should be", source: "VCR", method: "PATCH", path: "/crm/v3/objects/contacts/{{ann}}", body: `{"properties":{"firstname":{}}}`, status: 400, shape: refusal,
			texts: map[string]string{"message": "Invalid input JSON on line 1, column {{n}}: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"}},
		{name: "clearing answers with nothing", source: "GRP", method: "PATCH", path: "/crm/v3/objects/contacts/{{ann}}", body: `{"properties":{"lastname":"","phone":""}}`, status: 200, shape: recordShape},
		{name: "cleared is empty, never set is null", source: "VCR", method: "GET", path: "/crm/v3/objects/contacts/{{ann}}?properties=lastname,company", status: 200,
			shape: "properties.lastname:string properties.company:null properties.createdate:string properties.hs_object_id:string properties.lastmodifieddate:string " +
				"id:string createdAt:string updatedAt:string archived:bool url:string"},
	})
	if first := r.call("GET", "/crm/v3/objects/contacts?limit=1", nil); first.at("paging.next.after") != next(r.names["ann"]) {
		t.Errorf("after is %v, recorded one more than the last id, %s", first.at("paging.next.after"), r.names["ann"])
	}
}

// TestRecordedSearch: searches and the refusal of the sixth in a second, as recorded.
func TestRecordedSearch(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.clock.pass(1e9)
	found := each("results", "id:string properties.createdate:string properties.email:string properties.hs_object_id:string properties.lastmodifieddate:string createdAt:string updatedAt:string archived:bool url:string")
	search := exchange{source: "GRP", method: "POST", path: "/crm/v3/objects/CONTACT/search", status: 200, bare: unpaced,
		body:  `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ","value":"ann@example.com"}]},{"filters":[{"propertyName":"email","operator":"EQ","value":"none@example.com"}]}],"properties":["email"],"limit":100}`,
		shape: "total:number " + found, with: map[string]string{"X-HubSpot-RateLimit-Daily": "250000", "X-HubSpot-RateLimit-Daily-Remaining": "{{n}}", "Content-Type": "application/json;charset=utf-8"}}
	r.hold(t, search)
	r.holdAll(t, []exchange{
		{name: "a page: no link", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/search", status: 200, body: `{"limit":"1","properties":["email"]}`,
			shape: "total:number paging.next.after:string " + found, texts: map[string]string{"paging.next.after": "1"}},
		{name: "the last page", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/search", status: 200, body: `{"limit":"1","after":"1","properties":["email"]}`, shape: "total:number " + found},
		{name: "an instant with an offset", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/search", status: 200, shape: "total:number " + found,
			body: `{"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"2024-09-19T04:30:45-08:00"}]}],"limit":"200","properties":["email"],"sorts":[{"propertyName":"hs_object_id","direction":"ASCENDING"}]}`},
		{name: "filters without a group, a value that is a number", source: "VCR", method: "POST", path: "/crm/v3/objects/meetings/search", status: 200, shape: "total:number results:array",
			body: `{"properties":["hs_meeting_title"],"filters":[{"propertyName":"associations.contact","operator":"EQ","value":{{ann}}}],"sorts":[{"propertyName":"hs_lastmodifieddate","direction":"DESCENDING"}]}`},
		{name: "nobody", source: "GRP", method: "POST", path: "/crm/v3/objects/COMPANY/search", status: 200, shape: "total:number results:array",
			body: `{"filterGroups":[{"filters":[{"propertyName":"domain","operator":"EQ","value":"none.example.com"}]}]}`},
	})
	r.clock.pass(1e9)
	for range 5 {
		r.hold(t, search)
	}
	r.hold(t, exchange{name: "one search too many", source: "GRP", method: "POST", path: search.path, body: search.body, status: 429, shape: refusal + "category:string", bare: unpaced,
		texts: map[string]string{"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}})
}
