package salesforce_test

import (
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestRecordedOther: batches and what was deleted and updated, as recorded.
func TestRecordedOther(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.move(3600e9)
	during := "?start=" + url.QueryEscape("2026-03-04T00:00:00Z") + "&end=" + url.QueryEscape("2026-03-04T06:00:00Z")
	r.holdAll(t, []exchange{
		{name: "a batch of queries", source: "PM", method: "POST", path: "/composite/batch", status: 200, with: always,
			body:  `{"haltOnError":true,"batchRequests":[{"method":"GET","url":"v60.0/query/?q=SELECT+Id,+Name+FROM+Account LIMIT 1"},{"method":"GET","url":"v60.0/query/?q=SELECT+Id,+Name+FROM+Contact LIMIT 1"}]}`,
			shape: "hasErrors:bool results[].statusCode:number results[].result.totalSize:number results[].result.done:bool results[].result.records[].attributes.type:string results[].result.records[].attributes.url:string results[].result.records[].Id:string results[].result.records[].Name:string"},
		{name: "what was deleted", source: "RF", method: "GET", path: "/sobjects/Contact/deleted" + during, status: 200,
			shape: "deletedRecords[].id:string deletedRecords[].deletedDate:string earliestDateAvailable:string latestDateCovered:string",
			texts: map[string]string{"deletedRecords.0.id": "{{deleted}}", "deletedRecords.0.deletedDate": "2026-03-04T05:06:07.000+0000"}},
		{name: "what was updated", source: "RF", method: "GET", path: "/sobjects/Contact/updated" + during, status: 200, shape: "ids[]:string latestDateCovered:string",
			texts: map[string]string{"latestDateCovered": "2026-03-04T{{time}}.000+0000"}},
	})
}

// TestRecordedSOAPLogin: the members of a partner login's answer, in their order, as grouparoo recorded them.
func TestRecordedSOAPLogin(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	user, err := r.Get("User", r.names["user"])
	if !err {
		t.Fatal("no integration user")
	}
	body := `<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Header/><se:Body><login xmlns="urn:partner.soap.sforce.com"><username>` + user["Username"] + `</username><password>sandbox</password></login></se:Body></se:Envelope>`
	got := r.send("POST", "/services/Soap/u/42.0", body, "Content-Type", "text/xml", "SOAPAction", `""`, "Authorization", "")
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/xml") {
		t.Fatalf("%d %s %s", got.status, got.header.Get("Content-Type"), got.text)
	}
	var at, seen []string
	for d := xml.NewDecoder(strings.NewReader(got.text)); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch x := token.(type) {
		case xml.StartElement:
			at = append(at, x.Name.Local)
			seen = append(seen, strings.Join(at[1:], "/"))
		case xml.EndElement:
			at = at[:len(at)-1]
		}
	}
	const info = " accessibilityMode chatterExternal currencySymbol orgAttachmentFileSizeLimit orgDefaultCurrencyIsoCode orgDefaultCurrencyLocale orgDisallowHtmlAttachments orgHasPersonAccounts " +
		"organizationId organizationMultiCurrency organizationName profileId roleId sessionSecondsValid userDefaultCurrencyIsoCode userEmail userFullName userId userLanguage userLocale userName userTimeZone userType userUiSkin"
	want := []string{"", "Body", "Body/loginResponse", "Body/loginResponse/result"}
	for _, name := range strings.Fields("metadataServerUrl passwordExpired sandbox serverUrl sessionId userId userInfo") {
		want = append(want, "Body/loginResponse/result/"+name)
	}
	for _, name := range strings.Fields(info) {
		want = append(want, "Body/loginResponse/result/userInfo/"+name)
	}
	if g, w := strings.Join(seen, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("members\n%s\nrecorded\n%s", g, w)
	}
	if server := regexp.MustCompile(`<serverUrl>[^<]*/services/Soap/u/42\.0/00D\w{12}</serverUrl>`); !server.MatchString(got.text) {
		t.Errorf("no server url with the org's 15 characters: %s", got.text)
	}
	if session := regexp.MustCompile(`<sessionId>00D\w{12}![^<]+</sessionId>`); !session.MatchString(got.text) {
		t.Errorf("no session id that begins with the org: %s", got.text)
	}
}
