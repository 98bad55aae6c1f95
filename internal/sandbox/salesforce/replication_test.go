package salesforce_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

func TestDeletedAndUpdated(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{}) // it is 2026-03-04T05:06:07Z
	a := x.insert("Lead", "LastName", "A", "Company", "Acme", "SystemModstamp", "2026-03-01T10:00:00Z")
	b := x.insert("Lead", "LastName", "B", "Company", "Acme", "SystemModstamp", "2026-03-02T10:00:59Z")
	x.insert("Lead", "LastName", "C", "Company", "Acme", "SystemModstamp", "2026-03-03T10:00:00Z")
	const span = "?start=2026-03-01T10:00:30%2B00:00&end=2026-03-02T10:01:00Z" // seconds are dropped
	r := x.must(200, http.MethodGet, "/sobjects/Lead/updated/"+span, "")
	if r.text != `{"ids":["`+a+`","`+b+`"],"latestDateCovered":"2026-03-02T10:01:00.000+0000"}` {
		t.Errorf("updated: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/sobjects/Lead/deleted"+span, ""); r.text != `{"deletedRecords":[],"earliestDateAvailable":"2026-02-17T05:06:00.000+0000","latestDateCovered":"2026-03-02T10:01:00.000+0000"}` {
		t.Errorf("nothing deleted: %s", r.text)
	}
	x.must(204, http.MethodDelete, "/sobjects/Lead/"+a, "")
	const now = "?start=2026-03-04T05:00:00Z&end=2026-03-04T06:00:00Z"
	if r := x.must(200, http.MethodGet, "/sobjects/Lead/deleted"+now, ""); get(r.json, "deletedRecords", 0, "id") != a || get(r.json, "deletedRecords", 0, "deletedDate") != "2026-03-04T05:06:07.000+0000" ||
		get(r.json, "latestDateCovered") != "2026-03-04T05:06:00.000+0000" {
		t.Errorf("deleted: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/sobjects/Lead/updated"+now, ""); len(get(r.json, "ids").([]any)) != 0 {
		t.Errorf("a deleted record was updated: %s", r.text)
	}
	for name, c := range map[string]struct{ path, want string }{
		"no end":            {"updated?start=2026-03-01T00:00:00Z", "MISSING_ARGUMENT"},
		"a minute":          {"updated?start=2026-03-01T00:00:00Z&end=2026-03-01T00:01:59Z", "INVALID_REPLICATION_DATE"},
		"backwards":         {"deleted?start=2026-03-02T00:00:00Z&end=2026-03-01T00:00:00Z", "INVALID_REPLICATION_DATE"},
		"31 days":           {"updated?start=2026-02-01T00:00:00Z&end=2026-03-01T00:00:00Z", "INVALID_REPLICATION_DATE"},
		"16 days":           {"deleted?start=2026-02-16T00:00:00Z&end=2026-03-01T00:00:00Z", "INVALID_REPLICATION_DATE"},
		"tomorrow":          {"deleted?start=2026-03-05T00:00:00Z&end=2026-03-06T00:00:00Z", "INVALID_REPLICATION_DATE"},
		"a date":            {"deleted?start=2026-03-01&end=2026-03-02", "INVALID_REPLICATION_DATE"},
		"unknown parameter": {"deleted?start=2026-03-01T00:00:00Z&end=2026-03-02T00:00:00Z&x=1", "INVALID_QUERY_PARAMETER"},
	} {
		if r := x.must(400, http.MethodGet, "/sobjects/Lead/"+c.path, ""); r.code() != c.want {
			t.Errorf("%s: %s", name, r.text)
		}
	}
	x.must(404, http.MethodGet, "/sobjects/Nope/updated"+now, "")
	x.must(200, http.MethodGet, "/sobjects/Lead/updated?start=2026-02-04T00:00:00Z&end=2026-03-01T00:00:00Z", "")
}

func TestConvertAndMergeOverSOAP(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	lead := x.insert("Lead", "LastName", "Lee", "FirstName", "Ann", "Company", "Acme", "Email", "ann@example.com")
	other := x.insert("Lead", "LastName", "Moe", "Company", "Bolt")
	call := func(body string) response { return x.soap("u/60.0", x.token, body) }
	r := call(`<convertLead><leadConverts><convertedStatus>Closed - Converted</convertedStatus><leadId>` + lead + `</leadId></leadConverts>` +
		`<leadConverts><convertedStatus>Closed - Converted</convertedStatus><leadId>` + other + `</leadId><doNotCreateOpportunity>true</doNotCreateOpportunity></leadConverts>` +
		`<leadConverts><leadId>` + other + `</leadId></leadConverts></convertLead>`)
	l, _ := x.Get("Lead", lead)
	if r.status != 200 || l["IsConverted"] != "true" || l["ConvertedContactId"] == "" || l["ConvertedContactId"] != r.in("contactId") || l["ConvertedOpportunityId"] != r.in("opportunityId") || l["LastModifiedById"] != x.IntegrationUser() {
		t.Errorf("convert: %s: %v", r.text, l)
	}
	if !strings.Contains(r.text, `<opportunityId xsi:nil="true"/><success>true</success>`) || !strings.Contains(r.text, "<statusCode>REQUIRED_FIELD_MISSING</statusCode><") && !strings.Contains(r.text, "convertedStatus is required") {
		t.Errorf("without opportunity, and without status: %s", r.text)
	}
	if r := call(`<convertLead><leadConverts><convertedStatus>Closed - Converted</convertedStatus><leadId>` + lead + `</leadId></leadConverts></convertLead>`); r.in("success") != "false" {
		t.Errorf("twice: %s", r.text)
	}
	keep := x.insert("Contact", "LastName", "Lee")
	gone := x.insert("Contact", "LastName", "Leigh", "Phone", "+1 555 0100")
	merge := func(field string) response {
		return call(`<merge><mergeRequests><masterRecord><type>Contact</type><Id>` + keep[:15] + `</Id><` + field + `>+1 555 0199</` + field + `></masterRecord><recordToMergeIds>` + gone + `</recordToMergeIds></mergeRequests></merge>`)
	}
	if r := merge("Nope"); r.in("statusCode") != "INVALID_FIELD" {
		t.Errorf("an unknown column: %s", r.text)
	}
	r = merge("Phone")
	c, _ := x.Get("Contact", keep)
	if r.in("id") != keep || r.in("mergedRecordIds") != gone || c["Phone"] != "+1 555 0199" || c["LastModifiedById"] != x.IntegrationUser() {
		t.Errorf("merge: %s: %v", r.text, c)
	}
	if got := x.do(http.MethodGet, "/queryAll?q=SELECT+MasterRecordId+FROM+Contact+WHERE+IsDeleted=true", ""); get(got.json, "records", 0, "MasterRecordId") != keep {
		t.Errorf("the loser: %s", got.text)
	}
	if r := call(`<undelete><ids>` + gone + `</ids></undelete>`); r.in("statusCode") != "UNDELETE_FAILED" {
		t.Errorf("a merged record: %s", r.text)
	}
	if r := call(`<merge><mergeRequests><recordToMergeIds>` + gone + `</recordToMergeIds></mergeRequests></merge>`); r.in("success") != "false" {
		t.Errorf("no master: %s", r.text)
	}
}

func TestRecycleBinOverSOAP(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	lead := x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	call := func(body string) response { return x.soap("u/60.0", x.token, body) }
	if r := call(`<emptyRecycleBin><ids>` + lead + `</ids></emptyRecycleBin>`); r.in("statusCode") != "INVALID_ID_FIELD" {
		t.Errorf("a live record: %s", r.text)
	}
	x.must(204, http.MethodDelete, "/sobjects/Lead/"+lead, "")
	x.move(time.Minute)
	if r := call(`<undelete><ids>` + lead + `</ids><ids>nope</ids></undelete>`); r.in("id") != lead || r.in("statusCode") != "MALFORMED_ID" {
		t.Errorf("undelete: %s", r.text)
	}
	x.must(200, http.MethodGet, "/sobjects/Lead/"+lead, "")
	x.must(204, http.MethodDelete, "/sobjects/Lead/"+lead, "")
	if r := call(`<emptyRecycleBin><ids>` + lead + `</ids></emptyRecycleBin>`); r.in("success") != "true" {
		t.Errorf("empty: %s", r.text)
	}
	if r := x.do(http.MethodGet, "/queryAll?q=SELECT+Id+FROM+Lead", ""); len(get(r.json, "records").([]any)) != 0 {
		t.Errorf("still there: %s", r.text)
	}
}
