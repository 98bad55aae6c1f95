package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/crm"
)

// answer is what a CRM, or something before it, says under a status.
type answer struct {
	code   string // how a script picks it; the first of a status is the usual one
	status int
	form   string // Content-Type; empty: JSON
	retry  string // Retry-After in seconds, unless the script has another; empty: none
	login  bool   // a refusal by the token endpoint, which strikes token requests alone
	body   string // "%s" is where HubSpot puts its correlation id
	says   *said  // in place of body: one of Salesforce's errors
}

// answers has each CRM's errors per kind, in their own words.
var answers = map[crm.System]map[Kind][]answer{
	crm.HubSpot:    byStatus(hubspotAnswers),
	crm.Salesforce: byStatus(salesforceAnswers()),
}

func byStatus(all []answer) map[Kind][]answer {
	sorted := map[Kind][]answer{}
	for _, a := range all {
		kind := Kind(strconv.Itoa(a.status))
		sorted[kind] = append(sorted[kind], a)
	}
	return sorted
}

// htmlPage is what a proxy in front of either CRM says.
const htmlPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

// atLogin tells whether a path is a token endpoint.
func atLogin(path string) bool {
	return strings.HasPrefix(path, "/services/oauth2/token") || strings.HasPrefix(path, "/oauth/") && strings.HasSuffix(path, "/token")
}

// answerTo is what the fault says to a request for path: the answer of its code, or the usual one.
func (f Fault) answerTo(system crm.System, path string) answer {
	if f.Kind == HTML {
		return answer{status: http.StatusBadGateway, form: "text/html; charset=utf-8", body: htmlPage}
	}
	known := answers[system][f.Kind]
	if i := slices.IndexFunc(known, func(a answer) bool { return a.code == f.Code && f.Code != "" }); i >= 0 {
		return known[i]
	}
	// Salesforce's token endpoint speaks OAuth and not the REST API's arrays.
	if i := slices.IndexFunc(known, func(a answer) bool { return a.login }); i >= 0 && atLogin(path) {
		return known[i]
	}
	if system == crm.Salesforce && atLogin(path) && known[0].says != nil {
		transient := login("", known[0].status, "unknown_error", "retry your request")
		return transient
	}
	return known[0]
}

// refuse answers in the CRM's place. seq makes the correlation id.
func refuse(w http.ResponseWriter, system crm.System, fault Fault, path string, seq int) {
	a := fault.answerTo(system, path)
	h := w.Header()
	switch {
	case fault.RetryAfter > 0:
		h.Set("Retry-After", fmt.Sprint(int(fault.RetryAfter.Seconds())))
	case a.retry != "":
		h.Set("Retry-After", a.retry)
	}
	body := a.body
	if a.says != nil {
		body = a.says.body(fault.Field)
	}
	switch {
	case a.form != "":
		h.Set("Content-Type", a.form)
	case body != "":
		h.Set("Content-Type", "application/json;charset=UTF-8")
	}
	if system == crm.HubSpot {
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", seq)
		h.Set("X-HubSpot-Correlation-Id", id)
		if a.status == http.StatusNotFound {
			h.Set("X-HubSpot-NotFound", "true")
		}
		body = strings.Replace(body, "%s", id, 1)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(body)) // into memory
}
