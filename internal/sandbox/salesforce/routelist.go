package salesforce

import "slices"

// Routes lists every endpoint that is simulated, as "POST /composite/sobjects": paths below
// /services/data/vNN.N are written without it, "*" stands for one segment. The order is the one in which
// a request looks for its resource.
func Routes() []string {
	list := slices.Clone(outside)
	for _, r := range routes {
		list = append(list, r.method+" /"+r.pattern)
	}
	return list
}

// outside are the endpoints that Server.answer finds without the route table.
var outside = []string{
	"POST /services/oauth2/token",
	"POST /services/oauth2/revoke",
	"POST /services/oauth2/introspect",
	"POST /services/Soap/u/*",
	"GET /services/oauth2/userinfo",
	"GET /id/*/*",
	"GET /services/data",
}
