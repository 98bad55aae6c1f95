package hubspot

// seed is one request to a route, without its method and path.
type seed struct {
	args  string // version and path parameters, separated by "|"; blank: what request falls back to
	query string
	kind  string // Content-Type
	body  string
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

// seedsOf lists a route's own seeds, then those that any route gets.
func seedsOf(r route) []seed {
	return append(seedsFor[r.method+" "+r.path], seed{}, seed{args: "2026-09|companies|1", query: "archived=true"},
		seed{kind: asJSON, body: `{}`}, seed{kind: asJSON, body: `{"inputs":[{"id":"1"},{"id":"2"}]}`}, seed{kind: asJSON, body: `[null]`})
}

func inJSON(bodies ...string) (seeds []seed) {
	for _, body := range bodies {
		seeds = append(seeds, seed{kind: asJSON, body: body})
	}
	return seeds
}

const client = "client_id=sandbox&client_secret=sandbox"

// seedsFor are valid requests, and some that are nearly so, by route.
var seedsFor = map[string][]seed{
	"GET /crm/objects/{type}": {
		{query: "limit=1&properties=email,phone&propertiesWithHistory=phone"}, {query: "after=2&limit=100&archived=false"}, {args: "2026-03|companies"},
	},
	"POST /crm/objects/{type}": inJSON(`{"properties":{"email":"cy@example.com","firstname":"Cy","closedate":"1767312000000","hs_lead_status":"NEW"}}`,
		`{"properties":{"email":"Ann@example.com"},"associations":[]}`, `{"properties":{"lifecyclestage":"customer","phone":null,"nosuch":"x"}}`),
	"POST /crm/objects/{type}/search": inJSON(
		`{"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"1"}]}],"sorts":["-email"],"limit":"5","after":1}`,
		`{"filterGroups":[{"filters":[{"propertyName":"email","operator":"IN","values":["ann@example.com","x"]},{"propertyName":"phone","operator":"HAS_PROPERTY"}]}],"properties":["email"]}`,
		`{"filters":[{"propertyName":"createdate","operator":"BETWEEN","value":"1","highValue":"1893456000000"}],"sorts":[{"propertyName":"hs_object_id","direction":"DESCENDING"}]}`,
		`{"query":"ann","filterGroups":[{"filters":[{"propertyName":"firstname","operator":"CONTAINS_TOKEN","value":"a*"}]}],"sorts":[null],"limit":0}`,
		`{"filters":[{"propertyName":"lifecyclestage","operator":"NOT_IN","values":["lead"]},{"propertyName":"hs_object_id","operator":"LT","value":"x"}]}`),
	"POST /crm/objects/{type}/batch/read": inJSON(`{"inputs":[{"id":"1"},{"id":"9"}],"properties":["email","phone"],"propertiesWithHistory":["phone"]}`,
		`{"idProperty":"email","inputs":[{"id":"ann@example.com"},{"id":"BOB@example.com"}]}`),
	"POST /crm/objects/{type}/batch/create": inJSON(`{"inputs":[{"properties":{"email":"cy@example.com"}},{"properties":{"lastname":"Di"}}]}`,
		`{"inputs":[{"objectWriteTraceId":"a","properties":{"email":"cy@example.com"}},{"objectWriteTraceId":"b","properties":{"email":"ann@example.com"}}]}`),
	"POST /crm/objects/{type}/batch/update": inJSON(`{"inputs":[{"id":"1","properties":{"phone":"2","lifecyclestage":""}},{"id":"9","properties":{"phone":"3"}}]}`,
		`{"inputs":[{"id":"1","properties":{"email":"bo@example.com"}},{"id":"2","properties":{"email":"new@example.com"}}]}`),
	"POST /crm/objects/{type}/batch/upsert":  inJSON(`{"inputs":[{"id":"ann@example.com","idProperty":"email","properties":{"phone":"4"}},{"id":"cy@example.com","idProperty":"email","properties":{}}]}`),
	"POST /crm/objects/{type}/batch/archive": inJSON(`{"inputs":[{"id":"1"},{"id":"9"}]}`),
	"GET /crm/objects/{type}/{id}": {
		{query: "properties=email&propertiesWithHistory=phone"}, {args: "|contacts|bob@example.com", query: "idProperty=email"}, {args: "|contacts|3", query: "archived=true"}, {args: "|contacts|x"},
	},
	"PATCH /crm/objects/{type}/{id}": append(inJSON(`{"properties":{"phone":"5","lifecyclestage":"customer","hubspot_owner_id":"7"}}`, `{"properties":{"email":"bob@example.com"}}`),
		seed{"|contacts|ann@example.com", "idProperty=email", asJSON, `{"properties":{"firstname":""}}`}),

	"POST /crm/properties/{type}": inJSON(`{"name":"size","label":"Size","type":"enumeration","fieldType":"select","groupName":"contactinformation","options":[{"label":"Small","value":"s"},{"label":"Large","value":"l"}]}`,
		`{"name":"sf_id","label":"Salesforce id","type":"string","fieldType":"text","groupName":"contactinformation","hasUniqueValue":true}`),
	"POST /crm/properties/{type}/batch/create":  inJSON(`{"inputs":[{"name":"a","label":"A","type":"number","fieldType":"number","groupName":"contactinformation"}]}`),
	"POST /crm/properties/{type}/batch/read":    inJSON(`{"archived":false,"inputs":[{"name":"phone"},{"name":"nosuch"}]}`),
	"POST /crm/properties/{type}/batch/archive": inJSON(`{"inputs":[{"name":"nosuch"}]}`),
	"POST /crm/properties/{type}/groups":        inJSON(`{"name":"more","label":"More","displayOrder":-1}`),
	"GET /crm/properties/{type}/groups/{name}":  {{args: "|contacts|contactinformation"}},
	"PATCH /crm/properties/{type}/groups/{name}": {
		{"|contacts|contactinformation", "", asJSON, `{"label":"About"}`},
	},
	"DELETE /crm/properties/{type}/groups/{name}": {{args: "|contacts|sizes"}, {args: "|contacts|contactinformation"}},
	"DELETE /crm/properties/{type}/{name}":        {{args: "|contacts|shoe_size"}, {args: "|contacts|email"}},
	"PATCH /crm/properties/{type}/{name}":         inJSON(`{"label":"Telephone","displayOrder":2}`),

	"GET /crm/owners":      {{query: "limit=1&email=ann.field@example.com"}},
	"GET /crm/owners/{id}": {{args: "|7"}, {args: "|7000000", query: "idProperty=userId"}},

	"POST /oauth/token": {
		{"v1", "", asForm, client + "&grant_type=refresh_token&refresh_token=na1-sandbox"}, {"2026-03", "", asForm, client + "&grant_type=authorization_code&code=x"}, {"v1", "", asForm, "%zz"},
	},
	"POST /oauth/token/introspect": {{"2026-03", "", asForm, client + "&token=na1-sandbox"}},
	"POST /oauth/token/revoke":     {{"2026-03", "", asForm, client + "&token=na1-sandbox"}},
	"POST /oauth/private-apps/get/access-token-info": {
		{"v2", "", asJSON, `{"tokenKey":"` + DefaultToken + `"}`},
	},
}
