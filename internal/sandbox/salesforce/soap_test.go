package salesforce_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// envelope is a SOAP call as jsforce writes it.
func envelope(session, body string) string {
	header := ""
	if session != "" {
		header = `<soapenv:Header xmlns="urn:partner.soap.sforce.com"><SessionHeader><sessionId>` + session + `</sessionId></SessionHeader></soapenv:Header>`
	}
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		header + `<soapenv:Body xmlns="urn:partner.soap.sforce.com">` + body + `</soapenv:Body></soapenv:Envelope>`
}

// soap sends a call.
func (x *org) soap(path, session, body string) response {
	x.Helper()
	return x.send(http.MethodPost, "/services/Soap/"+path, envelope(session, body), "Content-Type", "text/xml", "SOAPAction", `""`, "Authorization", "")
}

// in is the text of the first element of a name.
func (r response) in(name string) string {
	m := regexp.MustCompile("<" + name + ">([^<]*)</" + name + ">").FindStringSubmatch(r.text)
	if m == nil {
		return ""
	}
	return m[1]
}

const soapUser = "<username>Integration@sandbox.example.com</username>"

func TestSOAPLogin(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{SecurityToken: "abc"})
	for _, path := range []string{"u/60.0", "c/60", "u/60.0/00DSx0000000001"} {
		r := x.soap(path, "", `<login>`+soapUser+`<password>sandboxabc</password></login>`)
		if r.status != 200 || !strings.HasPrefix(r.in("serverUrl"), x.url+"/services/Soap/u/60.0/00D") || r.in("userId") != x.IntegrationUser() ||
			!strings.HasPrefix(r.in("organizationId"), "00D") || r.in("userName") != "integration@sandbox.example.com" {
			t.Fatalf("%s: %d %s", path, r.status, r.text)
		}
		session := r.in("sessionId")
		x.must(200, http.MethodGet, "/limits", "", "Authorization", "Bearer "+session)
		if r := x.soap(path, session, "<getServerTimestamp/>"); r.in("timestamp") != "2026-03-04T05:06:07.000Z" {
			t.Errorf("timestamp: %s", r.text)
		}
		if r := x.soap(path, session, "<getUserInfo/>"); r.in("userId") != x.IntegrationUser() {
			t.Errorf("user: %s", r.text)
		}
		if r := x.soap(path, session, "<logout/>"); r.status != 200 || !strings.Contains(r.text, "logoutResponse") {
			t.Errorf("logout: %s", r.text)
		}
		x.must(401, http.MethodGet, "/limits", "", "Authorization", "Bearer "+session)
		if r := x.soap(path, session, "<getUserInfo/>"); r.status != 500 || !regexp.MustCompile(`<faultcode>[a-zA-Z]+:INVALID_SESSION_ID</faultcode>`).MatchString(r.text) {
			t.Errorf("after logout: %d %s", r.status, r.text)
		}
	}
	x.login()
	x.must(200, http.MethodGet, "/limits", "")
	lock := func(locked bool) {
		if err := x.LockUser("integration@sandbox.example.com", locked); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ body, fault string }{
		"password":      {`<login>` + soapUser + `<password>sandbox</password></login>`, "INVALID_LOGIN: Invalid username, password, security token; or user locked out."},
		"user":          {`<login><username>x@example.com</username><password>sandboxabc</password></login>`, "INVALID_LOGIN: Invalid username, password, security token; or user locked out."},
		"unknown call":  {`<describeGlobal/>`, "No operation available for request {urn:partner.soap.sforce.com}describeGlobal"},
		"nothing":       {``, "The content of the call is not a SOAP envelope with a body"},
		"no such thing": {`<x`, "The content of the call is not a SOAP envelope with a body"},
	} {
		if r := x.soap("u/60.0", "", c.body); r.status != 500 || r.in("faultstring") != c.fault {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	lock(true)
	if r := x.soap("u/60.0", "", `<login>`+soapUser+`<password>sandboxabc</password></login>`); r.in("sf:exceptionCode") != "INVALID_LOGIN" {
		t.Errorf("a locked user: %s", r.text)
	}
	lock(false)
	if r := x.soap("u/20.0", "", `<login/>`); r.in("sf:exceptionCode") != "UNSUPPORTED_API_VERSION" {
		t.Errorf("an old version: %s", r.text)
	}
	if r := x.send(http.MethodGet, "/services/Soap/u/60.0", ""); r.status != 405 {
		t.Errorf("GET: %d", r.status)
	}
	if err := x.LockUser("nobody@example.com", true); err == nil {
		t.Error("nobody was locked")
	}
}

func TestSOAPCountsAsACall(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{DailyRequests: 1})
	session := x.soap("u/60.0", "", `<login>`+soapUser+`<password>sandbox</password></login>`).in("sessionId")
	if r := x.soap("u/60.0", session, "<getUserInfo/>"); r.status != 200 {
		t.Errorf("the first: %d %s", r.status, r.text)
	}
	if r := x.soap("u/60.0", session, "<getUserInfo/>"); r.in("sf:exceptionCode") != "REQUEST_LIMIT_EXCEEDED" {
		t.Errorf("the second: %d %s", r.status, r.text)
	}
	x.move(3 * time.Hour)
	if r := x.soap("u/60.0", session, "<getUserInfo/>"); r.in("sf:exceptionCode") != "INVALID_SESSION_ID" {
		t.Errorf("a session timed out: %d %s", r.status, r.text)
	}
}
