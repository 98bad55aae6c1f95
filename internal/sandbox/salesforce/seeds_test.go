package salesforce

import "net/url"

// seed is one request to a route, without its method and path.
type seed struct {
	args  string // what stands for the stars of the pattern, separated by "|"; blank: what request falls back to
	query string
	kind  string // Content-Type
	body  string
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
	asCSV  = "text/csv"
)

// seedsOf lists a route's own seeds, then those that any route gets.
func seedsOf(r route) []seed {
	return append(seedsFor[r.method+" "+r.pattern], seed{}, seed{args: "Contact|" + aContact}, seed{kind: asJSON, body: `{}`},
		seed{kind: asJSON, body: `{"records":[{"attributes":{"type":"Lead"},"Id":null}],"allOrNone":true}`}, seed{kind: asJSON, body: `[null]`})
}

func inJSON(args string, bodies ...string) (seeds []seed) {
	for _, body := range bodies {
		seeds = append(seeds, seed{args: args, kind: asJSON, body: body})
	}
	return seeds
}

func asking(queries ...string) (seeds []seed) {
	for _, q := range queries {
		seeds = append(seeds, seed{query: "q=" + url.QueryEscape(q)})
	}
	return seeds
}

// seedsFor are valid requests, and some that are nearly so, by route.
var seedsFor = map[string][]seed{
	"GET limits/recordCount": {{query: "sObjects=Lead,Contact"}},
	"GET query": append(asking("SELECT Id, Name, Owner.Name, Email FROM Lead WHERE Email = 'ann@example.com' OR SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id LIMIT 5",
		"SELECT COUNT() FROM Contact WHERE Account.Name LIKE 'Ex%' AND (NOT Email = null)", "SELECT LeadSource s, COUNT(Id) n, MAX(CreatedDate) FROM Lead GROUP BY LeadSource ORDER BY COUNT(Id) DESC",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE CreatedDate > LAST_N_DAYS:30)", "SELECT FIELDS(ALL) FROM Account LIMIT 1"),
		seed{query: "columns=true&q=SELECT+Id,Email+FROM+Lead"}),
	"GET queryAll":              asking("SELECT Id, IsDeleted FROM Lead WHERE IsDeleted = TRUE"),
	"GET sobjects/*":            {{args: "Lead"}, {args: "lead"}},
	"GET sobjects/*/describe":   {{args: "Contact"}},
	"GET sobjects/*/*":          {{args: "Lead|" + aLead, query: "fields=Id,Name"}, {args: "Lead|" + goneLead}},
	"GET sobjects/*/*/*":        {{args: "Lead|HubSpot_Id__c|1"}, {args: "Contact|Email|ann@example.com", query: "fields=Id"}},
	"POST sobjects/*":           inJSON("Lead", `{"LastName":"Chen","Company":"Example Toys","Email":"bo@example.com","NumberOfEmployees":3,"AnnualRevenue":1.5,"Status":"Open - Not Contacted"}`, `{"LastName":"Chen","Owner":{"Username":"admin@sandbox.example.com"},"Company":"A"}`),
	"PATCH sobjects/*/*":        inJSON("Lead|"+aLead, `{"Phone":"+1 555 0100","Description":"a\u0000b"}`, `{"LastName":null,"Email":"no"}`),
	"DELETE sobjects/*/*":       {{args: "Lead|" + aLead}, {args: "Lead|" + goneLead}, {args: "User|005Sx0000000001"}},
	"PATCH sobjects/*/*/*":      append(inJSON("Lead|HubSpot_Id__c|2", `{"LastName":"Di","Company":"A"}`), inJSON("Lead|HubSpot_Id__c|1", `{"Title":"CEO"}`)...),
	"POST composite":            inJSON("", `{"allOrNone":true,"compositeRequest":[{"method":"POST","url":"/services/data/v60.0/sobjects/Lead","referenceId":"a","body":{"LastName":"Chen","Company":"A"}},{"method":"GET","url":"/services/data/v60.0/sobjects/Lead/@{a.id}","referenceId":"b"}]}`, `{"compositeRequest":[{"method":"GET","url":"/services/data/v60.0/query?q=SELECT+Id+FROM+Lead","referenceId":"a"},{"method":"PATCH","url":"/services/data/v60.0/sobjects/Lead/@{a.records[0].Id}","referenceId":"b","body":{"Title":"@{a.records[9].Id}"}}]}`),
	"POST composite/sobjects":   inJSON("", `{"allOrNone":true,"records":[{"attributes":{"type":"Lead"},"LastName":"Chen","Company":"A"},{"attributes":{"type":"Contact"},"LastName":""}]}`),
	"PATCH composite/sobjects":  inJSON("", `{"records":[{"attributes":{"type":"Lead"},"id":"`+aLead+`","Company":"B"},{"attributes":{"type":"Lead"},"Id":"`+goneLead+`","Title":"x"},{"attributes":{"type":"Lead"},"Id":"`+convertedLead+`","Title":"x"}]}`),
	"DELETE composite/sobjects": {{query: "ids=" + aLead + "," + goneLead + ",x&allOrNone=true"}, {query: "ids=" + aLead + "," + aContact}},
	"GET composite/sobjects/*":  {{args: "Lead", query: "fields=Id,Email&ids=" + aLead + "," + goneLead}},
	"POST composite/sobjects/*": inJSON("Lead", `{"ids":["`+aLead+`","`+goneLead+`"],"fields":["Id","Owner.Name"]}`, `{"ids":["`+aLead+`"],"fields":["Id"]}`),
	"PATCH composite/sobjects/*/*": inJSON("Lead|HubSpot_Id__c", `{"allOrNone":false,"records":[{"attributes":{"type":"Lead"},"HubSpot_Id__c":"1","Title":"CTO"},{"attributes":{"type":"Lead"},"HubSpot_Id__c":"3","LastName":"Fox","Company":"A"},{"attributes":{"type":"Lead"},"HubSpot_Id__c":"3"}]}`,
		`{"allOrNone":true,"records":[{"attributes":{"type":"Lead"},"HubSpot_Id__c":"4","LastName":"Fox","Company":"A"},{"attributes":{"type":"Lead"},"HubSpot_Id__c":"5"}]}`),
	"POST jobs/ingest": append([]seed{{kind: "multipart/form-data; boundary=B", body: "--B\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{\"object\":\"Lead\",\"operation\":\"insert\"}\r\n" +
		"--B\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nLastName,Company\nLee,Acme\n\r\n--B--\r\n"}}, inJSON("", `{"object":"Lead","operation":"upsert","externalIdFieldName":"HubSpot_Id__c","contentType":"CSV","columnDelimiter":"PIPE","lineEnding":"CRLF"}`, `{"object":"Lead","operation":"delete"}`)...),
	"GET jobs/ingest/*":                     {{args: "750Sx0000000001"}},
	"PATCH jobs/ingest/*":                   inJSON("750Sx0000000001", `{"state":"Aborted"}`, `{"state":"UploadComplete"}`),
	"PUT jobs/ingest/*/batches":             {{"750Sx0000000001", "", asCSV, "LastName,Company\nLee,\"Ac\"\"me\"\n"}},
	"GET jobs/ingest/*/failedResults":       {{args: endedIngest}},
	"GET jobs/ingest/*/successfulResults":   {{args: endedIngest}},
	"GET jobs/ingest/*/unprocessedrecords":  {{args: endedIngest}},
	"DELETE jobs/ingest/*":                  {{args: endedIngest}, {args: "750Sx0000000001"}},
	"PATCH jobs/query/*":                    inJSON(startedQuery, `{"state":"Aborted"}`),
	"GET jobs/query/*/resultPages":          {{args: "750Sx0000000002"}},
	"GET query/*":                           {{args: aLocator + "-2"}},
	"GET queryAll/*":                        {{args: aLocator + "-1"}},
	"GET tooling/query/*":                   {{args: aLocator + "-2"}},
	"GET sobjects/*/updated":                {{query: "start=2026-11-20T00:00:00Z&end=2026-11-21T09:00:00Z"}},
	"GET sobjects/*/deleted":                {{query: "start=2026-11-20T00:00:00Z&end=2026-11-21T09:00:00Z"}},
	"DELETE tooling/sobjects/CustomField/*": {{args: aField}},
	"POST composite/tree/*":                 inJSON("Account", `{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Name":"Acme","Contacts":{"records":[{"attributes":{"type":"Contact","referenceId":"c"},"LastName":"Lee"}]}}]}`, `{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Name":"Acme"},{"attributes":{"type":"Account","referenceId":"b"}}]}`),
	"POST composite/batch":                  inJSON("", `{"haltOnError":true,"batchRequests":[{"method":"PATCH","url":"v60.0/sobjects/Lead/`+aLead+`","richInput":{"Title":"CEO"}},{"method":"GET","url":"v59.0/sobjects/Nope"},{"method":"GET","url":"v60.0/limits"}]}`),
	"POST composite/graph":                  inJSON("", `{"graphs":[{"graphId":"one","compositeRequest":[{"method":"POST","referenceId":"a","url":"/services/data/v60.0/sobjects/Account","body":{"Name":"A"}},{"method":"POST","referenceId":"c","url":"/services/data/v60.0/sobjects/Contact","body":{"LastName":"Lee","AccountId":"@{a.id}"}}]},{"graphId":"two","compositeRequest":[{"method":"POST","referenceId":"a","url":"/services/data/v60.0/sobjects/Contact","body":{}}]}]}`),
	"POST jobs/query":                       inJSON("", `{"operation":"queryAll","query":"SELECT Id, Owner.Name FROM Lead","columnDelimiter":"TAB"}`),
	"GET jobs/query/*":                      {{args: "750Sx0000000002"}},
	"DELETE jobs/query/*":                   {{args: "750Sx0000000002"}},
	"GET jobs/query/*/results":              {{args: "750Sx0000000002", query: "maxRecords=1"}, {args: "750Sx0000000002", query: "locator=MQ"}},
	"GET tooling/query":                     asking("SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = 'Lead'"),
	"POST tooling/sobjects/CustomField":     inJSON("", `{"FullName":"Lead.Size__c","Metadata":{"type":"Text","label":"Size","length":5,"externalId":true}}`, `{"FullName":"Contact.Kind__c","Metadata":{"type":"Picklist","label":"Kind","valueSet":{"restricted":true,"valueSetDefinition":{"sorted":false,"value":[{"fullName":"A","default":true,"label":"A"}]}}}}`, `{"FullName":"Contact.Boss__c","Metadata":{"type":"Lookup","label":"Boss","referenceTo":"Contact","relationshipName":"Minions"}}`),
}
