package salesforce

import (
	"fmt"
	"net/http"
	"strings"
)

// soapCalls are the calls of the partner and enterprise APIs that are simulated; login alone needs no session.
var soapCalls map[string]func(c *call, in *element) (string, *soapFault)

func init() { // a literal would be a cycle
	soapCalls = map[string]func(*call, *element) (string, *soapFault){
		"login": (*call).soapLogin, "logout": (*call).soapLogout, "getUserInfo": (*call).soapUserInfo,
		"getServerTimestamp": (*call).soapTimestamp, "convertLead": (*call).soapConvert, "merge": (*call).soapMerge,
		"undelete": (*call).soapUndelete, "emptyRecycleBin": (*call).soapEmpty,
	}
}

// soapFault is an error as SOAP writes it: HTTP 500 and a code in the text too.
type soapFault struct{ code, message string }

// soap serves POST /services/Soap/u/NN.N and /c/NN.N.
func (c *call) soap(path []string) answer {
	if len(path) < 2 || path[0] != "u" && path[0] != "c" {
		return notFound()
	}
	version := path[1]
	if !strings.Contains(version, ".") {
		version += ".0"
	}
	namespace := map[string]string{"u": "urn:partner.soap.sforce.com", "c": "urn:enterprise.soap.sforce.com"}[path[0]]
	fault := func(f *soapFault) answer {
		kind := "urn:fault." + strings.TrimPrefix(namespace, "urn:")
		return xmlAnswer(http.StatusInternalServerError, namespace, fmt.Sprintf(
			`<soapenv:Fault xmlns:sf="%s"><faultcode>sf:%s</faultcode><faultstring>%s: %s</faultstring><detail><sf:fault xsi:type="sf:%s"><sf:exceptionCode>%s</sf:exceptionCode><sf:exceptionMessage>%s</sf:exceptionMessage></sf:fault></detail></soapenv:Fault>`,
			kind, f.code, f.code, xmlText(f.message), faultType(f.code), f.code, xmlText(f.message)))
	}
	if c.method != http.MethodPost {
		return xmlAnswer(http.StatusMethodNotAllowed, namespace, `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>Only POST is taken</faultstring></soapenv:Fault>`).with("Allow", "POST")
	}
	if !c.setVersion("v" + version) {
		return fault(&soapFault{"UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"})
	}
	envelope, err := readXML(c.body)
	if err != nil || envelope.name != "Envelope" || envelope.child("Body") == nil || len(envelope.child("Body").children) == 0 {
		return xmlAnswer(http.StatusInternalServerError, namespace, `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>The content of the call is not a SOAP envelope with a body</faultstring></soapenv:Fault>`)
	}
	in := envelope.child("Body").children[0]
	serve := soapCalls[in.name]
	if serve == nil {
		return xmlAnswer(http.StatusInternalServerError, namespace, `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>No operation available for request {`+namespace+`}`+xmlText(in.name)+`</faultstring></soapenv:Fault>`)
	}
	if in.name != "login" {
		c.key = envelope.child("Header").child("SessionHeader").value("sessionId")
		s := c.live(c.key)
		if s == nil {
			return fault(&soapFault{"INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session key"})
		}
		s.used, c.user = c.options.Now(), s.user
		if !c.usage.spend(c.options.Now(), c.options.DailyRequests) {
			return fault(&soapFault{"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."})
		}
	}
	result, f := serve(c, in)
	if f != nil {
		return fault(f)
	}
	return xmlAnswer(http.StatusOK, namespace, "<"+in.name+"Response>"+result+"</"+in.name+"Response>")
}

func faultType(code string) string {
	if code == "INVALID_LOGIN" {
		return "LoginFault"
	}
	return "UnexpectedErrorFault"
}

func xmlAnswer(status int, namespace, body string) answer {
	return answer{status: status, body: []byte(`<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="` +
		namespace + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`)}.with("Content-Type", "text/xml; charset=utf-8")
}

// soapLogin changes username, password and security token for a session.
func (c *call) soapLogin(in *element) (string, *soapFault) {
	user, problem := c.logIn(in.value("username"), in.value("password"))
	if problem != "" {
		return "", &soapFault{"INVALID_LOGIN", "Invalid username, password, security token; or user locked out."}
	}
	token := c.openSession(user, "")
	c.user = user
	info, _ := c.soapUserInfo(in)
	at := "/services/Soap/u/" + c.version + "/" + c.org.ID.Short()
	return "<result>" + tag("metadataServerUrl", c.host+strings.Replace(at, "/u/", "/m/", 1)) + tag("passwordExpired", "false") +
		tag("sandbox", "false") + tag("serverUrl", c.host+at) + tag("sessionId", token) + tag("userId", user.String()) +
		strings.NewReplacer("<result>", "<userInfo>", "</result>", "</userInfo>").Replace(info) + "</result>", nil
}

func (c *call) soapLogout(*element) (string, *soapFault) {
	delete(c.sessions, c.key)
	return "", nil
}

func (c *call) soapUserInfo(*element) (string, *soapFault) {
	u, _ := c.org.Get(c.org.Object("User"), c.user.String())
	org, _ := c.org.Get(c.org.Object("Organization"), c.org.ID.String())
	out := ""
	for _, pair := range [][2]string{
		{"accessibilityMode", "false"}, {"chatterExternal", "false"}, {"currencySymbol", "$"}, {"orgAttachmentFileSizeLimit", "5242880"},
		{"orgDefaultCurrencyIsoCode", "USD"}, {"orgDefaultCurrencyLocale", "en_US"}, {"orgDisallowHtmlAttachments", "false"}, {"orgHasPersonAccounts", fmt.Sprint(c.options.PersonAccounts)},
		{"organizationId", c.org.ID.String()}, {"organizationMultiCurrency", "false"}, {"organizationName", org["Name"]},
		{"profileId", u["ProfileId"]}, {"roleId", u["UserRoleId"]}, {"sessionSecondsValid", fmt.Sprint(int(c.options.SessionLength.Seconds()))},
		{"userDefaultCurrencyIsoCode", ""}, {"userEmail", u["Email"]}, {"userFullName", u["Name"]}, {"userId", c.user.String()},
		{"userLanguage", u["LanguageLocaleKey"]}, {"userLocale", u["LocaleSidKey"]}, {"userName", u["Username"]},
		{"userTimeZone", u["TimeZoneSidKey"]}, {"userType", u["UserType"]}, {"userUiSkin", "Theme3"},
	} {
		out += tag(pair[0], pair[1])
	}
	return "<result>" + out + "</result>", nil
}

func (c *call) soapTimestamp(*element) (string, *soapFault) {
	return "<result>" + tag("timestamp", c.options.Now().UTC().Format("2006-01-02T15:04:05.000Z")) + "</result>", nil
}
