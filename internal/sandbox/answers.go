package sandbox

import (
	"fmt"
	"net/http"
	"strings"

	"lockstep/internal/crm"
)

// answer is what a CRM says under a status, in its own words.
type answer struct {
	code   string // how a script picks it; the first of a kind is the usual one
	status int
	body   string // "%s" is where HubSpot puts its correlation id
}

// answers has each CRM's errors per kind. Bodies: HubSpot's as of its error-handling and
// usage-guidelines pages and recorded 429s, Salesforce's as of "Status Codes and Error Responses" of
// the REST API guide and recordings. Salesforce's core sends no 429; the one here is a gateway's.
var answers = map[crm.System]map[Kind][]answer{
	crm.HubSpot: {
		Unauthorized: {
			{"INVALID_AUTHENTICATION", 401, `{"status":"error","message":"Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview","correlationId":"%s","category":"INVALID_AUTHENTICATION"}`},
			{"EXPIRED_AUTHENTICATION", 401, `{"status":"error","message":"The OAuth token used to make this call expired 3 minute(s) ago.","correlationId":"%s","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-01-01T00:00:00Z"]}}`},
		},
		Forbidden: {
			{"MISSING_SCOPES", 403, `{"status":"error","message":"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.","correlationId":"%s","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.contacts.read"]}}],"links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}`},
		},
		TooMany: {
			{"TEN_SECONDLY_ROLLING", 429, `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"%s","policyName":"TEN_SECONDLY_ROLLING"}`},
			{"SECONDLY", 429, `{"status":"error","message":"You have reached your secondly limit.","correlationId":"%s","category":"RATE_LIMITS"}`},
			{"DAILY", 429, `{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","correlationId":"%s","policyName":"DAILY"}`},
		},
		ServerError: {{"INTERNAL", 500, `{"status":"error","message":"internal error","correlationId":"%s"}`}},
		Unavailable: {{"UNAVAILABLE", 503, `{"status":"error","message":"Service temporarily unavailable","correlationId":"%s"}`}},
	},
	crm.Salesforce: {
		Unauthorized: {
			{"INVALID_SESSION_ID", 401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`},
			{"INVALID_AUTH_HEADER", 401, `[{"message":"INVALID_HEADER_TYPE","errorCode":"INVALID_AUTH_HEADER"}]`},
		},
		Forbidden: {
			{"REQUEST_LIMIT_EXCEEDED", 403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`},
			{"CONCURRENT", 403, `[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`},
			{"INSUFFICIENT_ACCESS", 403, `[{"message":"insufficient access rights on object id","errorCode":"INSUFFICIENT_ACCESS"}]`},
			{"API_DISABLED_FOR_ORG", 403, `[{"message":"API is not enabled for this Organization or Partner","errorCode":"API_DISABLED_FOR_ORG"}]`},
		},
		TooMany:     {{"REQUEST_LIMIT_EXCEEDED", 429, `[{"message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`}},
		ServerError: {{"UNKNOWN_EXCEPTION", 500, `[{"message":"An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-1234567890)","errorCode":"UNKNOWN_EXCEPTION"}]`}},
		Unavailable: {{"SERVER_UNAVAILABLE", 503, `[{"message":"Server Unavailable","errorCode":"SERVER_UNAVAILABLE"}]`}},
	},
}

// htmlPage is what a proxy in front of either CRM says.
const htmlPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

// tokenBodies are Salesforce's words at its token endpoint, which speaks OAuth and not the REST
// API's arrays. Without one of its own a status gets the transient unknown_error.
var tokenBodies = map[Kind]string{
	Unauthorized: `{"error":"invalid_client","error_description":"invalid client credentials"}`,
	Forbidden:    `{"error":"invalid_app_access","error_description":"user is not admin approved to access this app"}`,
}

// refuse answers in the CRM's place. seq makes the correlation id.
func refuse(w http.ResponseWriter, system crm.System, fault Fault, path string, seq int) {
	if fault.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(fault.RetryAfter.Seconds())))
	}
	if fault.Kind == HTML {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, htmlPage)
		return
	}
	known := answers[system][fault.Kind]
	a := known[0]
	for _, other := range known {
		if other.code == fault.Code {
			a = other
		}
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	switch {
	case system == crm.HubSpot:
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", seq)
		w.Header().Set("X-HubSpot-Correlation-Id", id)
		w.WriteHeader(a.status)
		fmt.Fprintf(w, a.body, id)
	case strings.HasPrefix(path, "/services/oauth2/token"):
		body, ok := tokenBodies[fault.Kind]
		if !ok {
			body = `{"error":"unknown_error","error_description":"retry your request"}`
		}
		w.WriteHeader(a.status)
		fmt.Fprint(w, body)
	default:
		w.WriteHeader(a.status)
		fmt.Fprint(w, a.body)
	}
}
