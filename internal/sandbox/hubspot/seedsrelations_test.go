package hubspot

import "maps"

// inVersion are JSON bodies for a path of a version.
func inVersion(args string, bodies ...string) (seeds []seed) {
	for _, body := range bodies {
		seeds = append(seeds, seed{args: args, kind: asJSON, body: body})
	}
	return seeds
}

// aPair associates contact 1 and company 1 by types.
func aPair(types string) string {
	return `{"inputs":[{"from":{"id":"1"},"to":{"id":1},"types":[` + types + `]},{"from":{"id":"2"},"to":{"id":"404"},"types":[` + types + `]}]}`
}

const (
	plainType = `{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}`
	ownType   = `{"associationCategory":"USER_DEFINED","associationTypeId":1}`
	aLimit    = `{"inputs":[{"category":"HUBSPOT_DEFINED","typeId":279,"maxToObjectIds":2}]}`
	aCar      = `{"name":"car","labels":{"singular":"Car","plural":"Cars"},"requiredProperties":["vin"],"searchableProperties":["vin"],"primaryDisplayProperty":"vin","associatedObjects":["CONTACT"],` +
		`"properties":[{"name":"vin","label":"VIN","type":"string","fieldType":"text","hasUniqueValue":true}]}`
	aBranch = `{"filterBranchType":"OR","filterBranches":[{"filterBranchType":"AND","filterBranches":[],"filters":[{"filterType":"PROPERTY","property":"city","operation":{"operationType":"STRING","operator":"IS_EQUAL_TO","value":"Bern"}}]}],"filters":[]}`
	aStage  = `{"label":"Due","displayOrder":0,"metadata":{"probability":"0.5"}}`
)

func init() {
	maps.Copy(seedsFor, map[string][]seed{
		"POST /crm/associations/{type}/{to}/batch/read":                              inVersion("v4", `{"inputs":[{"id":"1"},{"id":404},{"id":"x","after":"1"}]}`),
		"POST /crm/associations/{type}/{to}/batch/create":                            append(inVersion("v4", aPair(plainType), aPair(ownType)), inVersion("v3", `{"inputs":[{"from":{"id":"1"},"to":{"id":"1"},"type":"contact_to_company"},{"from":{"id":1},"to":{"id":1},"type":279}]}`)...),
		"POST /crm/associations/{type}/{to}/batch/archive":                           append(inVersion("v4", `{"inputs":[{"from":{"id":1},"to":[{"id":"1"},{"id":"x"}]}]}`), inVersion("v3", `{"inputs":[{"from":{"id":"1"},"to":{"id":"1"},"type":"contact_to_company"}]}`)...),
		"POST /crm/associations/{type}/{to}/batch/associate/default":                 inVersion("v4", `{"inputs":[{"from":{"id":"2"},"to":{"id":"1"}}]}`),
		"POST /crm/associations/{type}/{to}/batch/labels/archive":                    inVersion("v4", aPair(ownType)),
		"GET /crm/associations/{type}/{to}/types":                                    {{args: "v3"}},
		"GET /crm/associations/{type}/{to}/labels":                                   {{args: "v4"}, {args: "2026-09|contacts|contacts"}},
		"POST /crm/associations/{type}/{to}/labels":                                  inVersion("v4", `{"label":"Seller","name":"seller","inverseLabel":"Bought by"}`, `{"label":"Buyer","name":"buyer"}`),
		"PUT /crm/associations/{type}/{to}/labels":                                   inVersion("v4", `{"associationTypeId":1,"label":"Client"}`, `{"associationTypeId":279,"label":"x"}`),
		"DELETE /crm/associations/{type}/{to}/labels/{id}":                           {{args: "v4|contacts|companies|1"}, {args: "v4|contacts|companies|279"}},
		"GET /crm/associations/definitions/configurations/all":                       {{args: "v4"}, {args: "2026-03"}},
		"GET /crm/associations/definitions/configurations/{type}/{to}":               {{args: "v4"}},
		"POST /crm/associations/definitions/configurations/{type}/{to}/batch/create": inVersion("v4", aLimit),
		"POST /crm/associations/definitions/configurations/{type}/{to}/batch/update": inVersion("v4", aLimit),
		"POST /crm/associations/definitions/configurations/{type}/{to}/batch/purge":  inVersion("v4", `{"inputs":[{"category":"HUBSPOT_DEFINED","typeId":279}]}`),
		"POST /crm/associations/usage/high-usage-report/{id}":                        {{args: "v4|7"}},
		"GET /crm/objects/{type}/{id}/associations/{to}":                             {{args: "v4|contacts|1|companies", query: "limit=1"}, {args: "v3|companies|1|contacts", query: "after=1"}},
		"PUT /crm/objects/{type}/{id}/associations/{to}/{toId}":                      inVersion("v4|contacts|2|companies|1", `[`+plainType+`,`+ownType+`]`, `[]`),
		"DELETE /crm/objects/{type}/{id}/associations/{to}/{toId}":                   {{args: "v4|contacts|1|companies|1"}},
		"PUT /crm/objects/{type}/{id}/associations/default/{to}/{toId}":              {{args: "v4|contacts|1|companies|1"}, {args: "v4|deals|1|contacts|1"}},
		"PUT /crm/objects/{type}/{id}/associations/{to}/{toId}/{name}":               {{args: "v3|contacts|2|companies|1|contact_to_company"}, {args: "v3|contacts|2|companies|1|279"}},
		"DELETE /crm/objects/{type}/{id}/associations/{to}/{toId}/{name}":            {{args: "v3|contacts|1|companies|1|contact_to_company"}},
		"POST /crm/schemas":                                            inVersion("v3", `{"name":"boat","labels":{"singular":"Boat","plural":"Boats"},"requiredProperties":[],"primaryDisplayProperty":"name","associatedObjects":[],"properties":[{"name":"name","label":"Name","type":"string","fieldType":"text"}]}`, aCar),
		"GET /crm/schemas/{type}":                                      {{args: "v3|car"}, {args: "v3|contacts"}},
		"PATCH /crm/schemas/{type}":                                    inVersion("v3|car", `{"labels":{"singular":"Auto","plural":"Autos"},"requiredProperties":[],"clearDescription":true}`),
		"DELETE /crm/schemas/{schema}":                                 {{args: "v3|plane"}, {args: "v3|car"}, {args: "v3|plane", query: "archived=true"}, {args: "v3|deals"}},
		"POST /crm/schemas/{type}/associations":                        inVersion("v3|car", `{"fromObjectTypeId":"2-3465404","toObjectTypeId":"0-2","name":"car_to_maker"}`),
		"DELETE /crm/schemas/{type}/associations/{id}":                 {{args: "v3|car|5"}},
		"PUT /crm/property-validations/{type}/{name}/rule-type/{rule}": inVersion("2026-03|0-1|phone|MIN_LENGTH", `{"ruleArguments":["2"]}`, `{"ruleArguments":[],"shouldApplyNormalization":true}`),
		"GET /crm/property-validations/{type}/{name}/rule-type/{rule}": {{args: "2026-03|0-1|zip|MIN_LENGTH"}},
		"POST /crm/objects/{type}/merge":                               inVersion("v3", `{"primaryObjectId":"1","objectIdToMerge":"2"}`, `{"primaryObjectId":"1","objectIdToMerge":"1"}`),
		"POST /crm/objects/{type}/gdpr-delete":                         inVersion("v3", `{"objectId":"1"}`, `{"objectId":"bo@example.com","idProperty":"email"}`),
		"GET /oauth/access-tokens/{token}":                             {{args: "v1|" + givenToken}, {args: "v1|x"}},
		"GET /oauth/refresh-tokens/{token}":                            {{args: "v1|na1-sandbox"}},
		"DELETE /oauth/refresh-tokens/{token}":                         {{args: "v1|na1-sandbox"}},
		"POST /crm/pipelines/{type}":                                   inVersion("v3|deals", `{"label":"Renewals","displayOrder":2,"stages":[`+aStage+`,{"label":"Won","displayOrder":1,"metadata":{"probability":1}}]}`),
		"GET /crm/pipelines/{type}/{id}":                               {{args: "v3|deals|default"}},
		"PUT /crm/pipelines/{type}/{id}":                               {{"v3|deals|default", "validateReferencesBeforeDelete=false", asJSON, `{"label":"Sales","displayOrder":0,"stages":[` + aStage + `]}`}},
		"PATCH /crm/pipelines/{type}/{id}":                             inVersion("v3|deals|default", `{"label":"Sales"}`),
		"DELETE /crm/pipelines/{type}/{id}":                            {{args: "v3|deals|default"}, {args: "v3|deals|default", query: "validateReferencesBeforeDelete=true"}},
		"GET /crm/pipelines/{type}/{id}/audit":                         {{args: "v3|deals|default"}},
		"GET /crm/pipelines/{type}/{id}/stages":                        {{args: "v3|deals|default"}},
		"POST /crm/pipelines/{type}/{id}/stages":                       inVersion("v3|deals|default", aStage),
		"GET /crm/pipelines/{type}/{id}/stages/{name}":                 {{args: "v3|deals|default|closedwon"}},
		"PUT /crm/pipelines/{type}/{id}/stages/{name}":                 inVersion("v3|deals|default|closedwon", aStage),
		"PATCH /crm/pipelines/{type}/{id}/stages/{name}":               inVersion("v3|deals|default|closedwon", `{"label":"Yes","metadata":{"probability":"0.9"}}`),
		"DELETE /crm/pipelines/{type}/{id}/stages/{name}":              {{args: "v3|deals|default|closedlost"}, {args: "v3|deals|default|closedwon", query: "validateDealStageUsagesBeforeDelete=true"}},
		"GET /crm/pipelines/{type}/{id}/stages/{name}/audit":           {{args: "v3|deals|default|closedwon"}},
		"POST /crm/lists":                                              inVersion("v3", `{"name":"New","objectTypeId":"0-1","processingType":"MANUAL"}`, `{"name":"Bern","objectTypeId":"0-1","processingType":"DYNAMIC","filterBranch":`+aBranch+`}`, `{"name":"Once","objectTypeId":"0-2","processingType":"SNAPSHOT","filterBranch":`+aBranch+`}`),
		"GET /crm/lists":                                               {{query: "listIds=1&listIds=2&includeFilters=true"}},
		"POST /crm/lists/search":                                       inVersion("v3", `{"query":"","count":2,"offset":"1","additionalProperties":["hs_list_size"],"processingTypes":["MANUAL"]}`),
		"POST /crm/lists/all":                                          inVersion("2026-09", `{"count":1}`),
		"GET /crm/lists/idmapping":                                     {{query: "legacyListId=201"}},
		"POST /crm/lists/idmapping":                                    inVersion("v3", `["201",7]`),
		"GET /crm/lists/object-type-id/{type}/name/{name}":             {{args: "v3|0-1|by hand"}},
		"POST /crm/lists/records/memberships/batch/read":               inVersion("v3", `{"inputs":[{"objectTypeId":"0-1","recordId":"1"},{"objectTypeId":"0-1","recordId":404}]}`),
		"PUT /crm/lists/{listId}/restore":                              {{args: "v3|3"}},
		"PUT /crm/lists/{listId}/update-list-name":                     {{query: "listName=Other&includeFilters=true"}},
		"PUT /crm/lists/{listId}/update-list-filters":                  inVersion("v3|2", `{"filterBranch":`+aBranch+`}`),
		"GET /crm/lists/{listId}/memberships":                          {{query: "limit=1"}},
		"GET /crm/lists/{listId}/memberships/join-order":               {{query: "limit=1"}},
		"PUT /crm/lists/{listId}/memberships/add":                      inVersion("v3", `[2,"404"]`),
		"PUT /crm/lists/{listId}/memberships/remove":                   inVersion("v3", `["1","x"]`),
		"PUT /crm/lists/{listId}/memberships/add-and-remove":           inVersion("v3", `{"recordIdsToAdd":[2],"recordIdsToRemove":["1"]}`),
		"PUT /crm/lists/{listId}/memberships/add-from/{sourceId}":      {{args: "v3|1|2"}},
		"POST /crm/exports/export/async": inVersion("v3", `{"exportType":"VIEW","format":"CSV","exportName":"e","language":"EN","objectType":"CONTACT","objectProperties":["email"]}`,
			`{"exportType":"LIST","format":"CSV","exportName":"e","language":"EN","objectType":"CONTACT","objectProperties":["email"],"listId":1}`),
		"GET /crm/exports/export/async/tasks/{id}/status": {{args: "v3|1"}},
		"GET /exports/{name}":                             {{args: "|" + givenFile}, {args: "|none.csv"}},
		"POST /crm/schemas/batch/read":                    inVersion("v3", `{"inputs":["car","nope","0-3"]}`),
		"GET /contacts/lists":                             {{query: "count=1"}},
		"GET /contacts/lists/{listId}":                    {{args: "v1|201"}},
		"GET /contacts/lists/{listId}/contacts/all":       {{args: "v1|201", query: "count=1&property=email"}},
	})
	seedsFor["POST /crm/objects/{type}"] = append(seedsFor["POST /crm/objects/{type}"], append(inVersion("v3|deals", `{"properties":{"dealname":"A","dealstage":"closedwon","pipeline":"default","amount":"1.5"},"associations":[{"to":{"id":"1"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":3}]}]}`),
		inVersion("v3|car", `{"properties":{"vin":"B"}}`, `{"properties":{"vin":"A"}}`)...)...)
	seedsFor["POST /crm/objects/{type}/batch/upsert"] = append(seedsFor["POST /crm/objects/{type}/batch/upsert"], inVersion("v3|car", `{"inputs":[{"id":"A","idProperty":"vin","objectWriteTraceId":"1","properties":{}},{"id":"C","idProperty":"vin","objectWriteTraceId":"2","properties":{"nosuch":"x"}}]}`)...)
}

// setUp are requests that make what the seeds above name: a label (type 1), two custom objects (2-3465404 is the first) and one record,
// lists 1 to 3, of which the third is deleted, a rule, and an export.
var setUp = []struct{ name, args, body string }{
	{"POST /crm/properties/{type}/groups", "", `{"name":"sizes","label":"Sizes"}`},
	{"POST /crm/associations/{type}/{to}/labels", "v4", `{"label":"Buyer","name":"buyer","inverseLabel":"Seller of"}`},
	{"POST /crm/associations/{type}/{to}/batch/create", "v4", `{"inputs":[{"from":{"id":"1"},"to":{"id":"1"},"types":[` + ownType + `]}]}`},
	{"POST /crm/schemas", "v3", aCar},
	{"POST /crm/objects/{type}", "v3|car", `{"properties":{"vin":"A"}}`},
	{"POST /crm/schemas", "v3", `{"name":"plane","labels":{"singular":"Plane","plural":"Planes"},"requiredProperties":[],"primaryDisplayProperty":"name","associatedObjects":[],"properties":[{"name":"name","label":"Name","type":"string","fieldType":"text"}]}`},
	{"POST /crm/lists", "v3", `{"name":"By hand","objectTypeId":"0-1","processingType":"MANUAL"}`},
	{"POST /crm/lists", "v3", `{"name":"Filtered","objectTypeId":"0-1","processingType":"DYNAMIC","filterBranch":` + aBranch + `}`},
	{"POST /crm/lists", "v3", `{"name":"Gone","objectTypeId":"0-1","processingType":"MANUAL"}`},
	{"PUT /crm/lists/{listId}/memberships/add", "v3", `[1]`},
	{"DELETE /crm/lists/{listId}", "v3|3", ``},
	{"PUT /crm/property-validations/{type}/{name}/rule-type/{rule}", "2026-03|0-1|zip|MIN_LENGTH", `{"ruleArguments":["2"]}`},
	{"POST /crm/exports/export/async", "v3", `{"exportType":"VIEW","format":"CSV","exportName":"e","language":"EN","objectType":"CONTACT","objectProperties":["email"]}`},
}
