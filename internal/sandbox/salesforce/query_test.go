package salesforce_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

// people fills an org with four leads whose first names tell what a query found.
func people(t *testing.T) *org {
	x := start(t, salesforce.Options{})
	lead := func(name string, pairs ...string) {
		x.insert("Lead", append([]string{"FirstName", name, "LastName", "Lee", "Company", "Acme"}, pairs...)...)
	}
	lead("Ann", "Email", "ann@example.com", "Status", "Open - Not Contacted", "AnnualRevenue", "10000000", "SystemModstamp", "2026-01-01T00:00:00Z", "NumberOfEmployees", "5")
	lead("Bo", "Email", "bo@example.com", "Status", "Working - Contacted", "AnnualRevenue", "200", "SystemModstamp", "2026-01-02T00:00:00Z")
	lead("Cy", "Email", "cy@example.org", "Status", "Working - Contacted", "DoNotCall", "true", "SystemModstamp", "2026-01-02T00:00:00Z", "CreatedDate", "2026-03-03T10:00:00Z")
	lead("Di", "Title", `O'Neil 100%`, "SystemModstamp", "2026-01-03T00:00:00Z", "LeadSource", "Web", "CreatedDate", "2026-03-04T01:00:00Z")
	return x
}

func TestWhere(t *testing.T) {
	t.Parallel()
	x := people(t)
	for where, want := range map[string]string{
		"Email = 'ANN@EXAMPLE.COM'":                           "Ann",
		"Email != 'ann@example.com'":                          "Bo Cy Di",
		"Email = null":                                        "Di",
		"Email != null":                                       "Ann Bo Cy",
		"Email LIKE '%@example.com'":                          "Ann Bo",
		"Email LIKE '_o@%'":                                   "Bo",
		`Title LIKE '%100\%'`:                                 "Di",
		`Title = 'o\'neil 100%'`:                              "Di",
		"NOT Email LIKE '%example.com'":                       "Cy Di",
		"Status = 'Working - Contacted' AND DoNotCall = TRUE": "Cy",
		"FirstName = 'Ann' OR FirstName = 'Di'":               "Ann Di",
		"FirstName IN ('ann', 'cy')":                          "Ann Cy",
		"FirstName NOT IN ('Ann','Bo')":                       "Cy Di",
		"Email IN ('ann@example.com', null)":                  "Ann Di",
		"Email IN ('bo@example.com','cy@example.org')":        "Bo Cy",
		"AnnualRevenue > 200":                                 "Ann",
		"AnnualRevenue >= 200 AND AnnualRevenue < 1e7":        "Bo",
		"NumberOfEmployees = 5":                               "Ann",
		"DoNotCall = FALSE":                                   "Ann Bo Di",
		"SystemModstamp >= 2026-01-02T00:00:00Z":              "Bo Cy Di",
		"SystemModstamp > 2026-01-02T00:00:00.000+00:00":      "Di",
		"SystemModstamp < 2026-01-02T01:00:00+01:00":          "Ann",
		"SystemModstamp >= 2026-01-01T00:00:00Z AND SystemModstamp < 2026-01-03T00:00:00Z": "Ann Bo Cy",
		"SystemModstamp = 2026-01-03T00:00:00Z":                                            "Di",
		"CreatedDate = TODAY":                                                              "Di",
		"CreatedDate = YESTERDAY":                                                          "Cy",
		"CreatedDate = LAST_N_DAYS:1":                                                      "Cy Di",
		"CreatedDate < THIS_MONTH":                                                         "Ann Bo",
		"CreatedDate >= N_DAYS_AGO:1":                                                      "Cy Di",
		"Owner.Email = 'admin@sandbox.example.com'":                                        "Ann Bo Cy Di",
		"Owner.Type = 'User'":                                                              "Ann Bo Cy Di",
		"CreatedBy.Profile.Name LIKE 'System%'":                                            "Ann Bo Cy Di",
		"OwnerId IN (SELECT Id FROM User WHERE FirstName = 'Admin')":                       "Ann Bo Cy Di",
		"OwnerId NOT IN (SELECT Id FROM User WHERE FirstName = 'Admin')":                   "",
		"(FirstName = 'Ann' AND Status LIKE 'Open%') OR (NOT (Email != null))":             "Ann Di",
		"LeadSource = 'web'":                                                               "Di",
		"MasterRecordId = null AND IsDeleted = false":                                      "Ann Bo Cy Di",
	} {
		t.Run(where, func(t *testing.T) {
			if got := x.names("FirstName", "SELECT FirstName FROM Lead WHERE "+where); got != want {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func TestOrderLimitCount(t *testing.T) {
	t.Parallel()
	x := people(t)
	for rest, want := range map[string]string{
		"ORDER BY FirstName DESC":                      "Di Cy Bo Ann",
		"ORDER BY Status, FirstName DESC LIMIT 3":      "Di Ann Cy",
		"ORDER BY Email NULLS LAST":                    "Ann Bo Cy Di",
		"ORDER BY Email DESC":                          "Di Cy Bo Ann",
		"ORDER BY SystemModstamp, Id":                  "Ann Bo Cy Di",
		"ORDER BY SystemModstamp DESC, FirstName DESC": "Di Cy Bo Ann",
		"WHERE SystemModstamp >= 2026-01-02T00:00:00Z ORDER BY SystemModstamp, Id LIMIT 2": "Bo Cy",
		"ORDER BY Id LIMIT 2 OFFSET 1":           "Bo Cy",
		"ORDER BY Owner.Name, FirstName LIMIT 1": "Ann",
		"LIMIT 0":                                "",
		"ORDER BY Email NULLS LAST LIMIT 9223372036854775807 OFFSET 2": "Cy Di",
		"ORDER BY FirstName DESC LIMIT 2 OFFSET 1":                     "Cy Bo",
		"ORDER BY FirstName DESC LIMIT 1 OFFSET 2000":                  "",
		"ORDER BY Status, LastName LIMIT 2":                            "Ann Di",
	} {
		t.Run(rest, func(t *testing.T) {
			if got := x.names("FirstName", "SELECT FirstName FROM Lead "+rest); got != want {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
	r := x.soql("SELECT COUNT() FROM Lead WHERE Email != null")
	if r.text != `{"totalSize":3,"done":true,"records":[]}` {
		t.Errorf("COUNT(): %s", r.text)
	}
	r = x.soql("SELECT Status, COUNT(Id) FROM Lead GROUP BY Status ORDER BY COUNT(Id) DESC, Status LIMIT 1")
	want := `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"Status":"Open - Not Contacted","expr0":2}]}`
	if r.text != want {
		t.Errorf("GROUP BY: %s", r.text)
	}
}

func TestRecordShape(t *testing.T) {
	t.Parallel()
	x := people(t)
	account := x.insert("Account", "Name", "Acme")
	id := x.insert("Contact", "LastName", "Lee", "FirstName", "Eve", "AccountId", account, "Birthdate", "1990-02-03", "MailingCity", "Bonn", "SystemModstamp", "2026-01-01T01:02:03Z")
	lone := x.insert("Contact", "LastName", "Moe")
	r := x.soql("select id, name, Account.name, BIRTHDATE, IsDeleted, Account.Owner.Email, MailingAddress, SystemModstamp, Owner.Id from Contact c where c.LastName = 'Lee'")
	want := `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Contact","url":"/services/data/v60.0/sobjects/Contact/` + id + `"},` +
		`"Id":"` + id + `","Name":"Eve Lee","Account":{"attributes":{"type":"Account","url":"/services/data/v60.0/sobjects/Account/` + account + `"},"Name":"Acme",` +
		`"Owner":{"attributes":{"type":"User","url":"/services/data/v60.0/sobjects/User/` + x.Human() + `"},"Email":"admin@sandbox.example.com"}},` +
		`"Birthdate":"1990-02-03","IsDeleted":false,"MailingAddress":{"city":"Bonn","country":null,"geocodeAccuracy":null,"latitude":null,"longitude":null,"postalCode":null,"state":null,"street":null},` +
		`"SystemModstamp":"2026-01-01T01:02:03.000+0000","Owner":{"attributes":{"type":"User","url":"/services/data/v60.0/sobjects/User/` + x.Human() + `"},"Id":"` + x.Human() + `"}}]}`
	if diff := cmp.Diff(want, r.text); diff != "" {
		t.Error(diff)
	}
	r = x.soql("SELECT Account.Name, FirstName, MailingAddress FROM Contact WHERE Id = '" + lone[:15] + "'")
	if !strings.Contains(r.text, `"Account":null,"FirstName":null,"MailingAddress":null`) {
		t.Errorf("a null parent: %s", r.text)
	}
	r = x.soql("SELECT AnnualRevenue, NumberOfEmployees, Owner.Name FROM Lead WHERE FirstName = 'Ann'")
	if !strings.Contains(r.text, `"AnnualRevenue":1.0E7,"NumberOfEmployees":5,"Owner":{"attributes":{"type":"Name","url"`) {
		t.Errorf("numbers and a polymorphic owner: %s", r.text)
	}
}

func TestQueryErrors(t *testing.T) {
	t.Parallel()
	x := people(t)
	const lead = "SELECT Id FROM Lead WHERE "
	for q, want := range map[string]string{
		"select count() from XYZZY":                                     "INVALID_TYPE\n" + "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
		"SELECT Id, Nope__c FROM Lead":                                  "INVALID_FIELD\n" + "\nSELECT Id, Nope__c FROM Lead\n           ^\nERROR at Row:1:Column:12\nNo such column 'Nope__c' on entity 'Lead'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
		"SELECT Id FORM Lead":                                           "MALFORMED_QUERY\n" + "\nSELECT Id FORM Lead\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FORM'",
		"SELECT Id, Id FROM Lead":                                       "INVALID_FIELD\nduplicate field selected: Id",
		"SELECT Nobody.Name FROM Lead":                                  "INVALID_FIELD\n…Didn't understand relationship 'Nobody' in field path.",
		lead + "Description = 'x'":                                      "INVALID_FIELD\n…field 'Description' can not be filtered in a query call",
		lead + "CreatedDate > '2026-01-01'":                             "INVALID_FIELD\n…value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
		lead + "CreatedDate > 2026-01-01":                               "INVALID_FIELD\n…must be of type dateTime",
		lead + "ConvertedDate > 2026-01-01T00:00:00Z":                   "INVALID_FIELD\n…must be of type date and",
		lead + "LastName = 5":                                           "INVALID_FIELD\n…must be of type string",
		lead + "AnnualRevenue = '5'":                                    "INVALID_FIELD\n…must be of type double",
		lead + "Id = 'nope'":                                            "INVALID_QUERY_FILTER_OPERATOR\n…invalid ID field: nope",
		lead + "Id LIKE '00Q%'":                                         "INVALID_QUERY_FILTER_OPERATOR\n…invalid operator on id field",
		lead + `LastName = 'a\q'`:                                       "MALFORMED_QUERY\n…Illegal character sequence '\\q' in string literal.",
		lead + "LastName = 'a' AND FirstName = 'b' OR Title = 'c'":      "MALFORMED_QUERY\n…unexpected token: 'OR'",
		lead + "LastName = 'a":                                          "MALFORMED_QUERY\n…unexpected token: '''",
		"SELECT Id FROM Lead OFFSET 2001":                               "NUMBER_OUTSIDE_VALID_RANGE\nMaximum SOQL offset allowed is 2000",
		"SELECT FIELDS(ALL) FROM Lead":                                  "MALFORMED_QUERY\n…LIMIT of at most 200",
		"SELECT Status, FirstName, COUNT(Id) FROM Lead GROUP BY Status": "MALFORMED_QUERY\n…Field must be grouped or aggregated: FirstName",
		"SELECT Id FROM Lead ORDER BY Description":                      "MALFORMED_QUERY\n…can not be sorted",
		"SELECT Id FROM CustomField":                                    "INVALID_TYPE\n…sObject type 'CustomField' is not supported",
	} {
		t.Run(q[:min(60, len(q))], func(t *testing.T) {
			path := "/query?q=" + url.QueryEscape(q)
			r := x.do(http.MethodGet, path, "")
			if r.status != 400 {
				t.Fatalf("status %d: %s", r.status, r.text)
			}
			code, message, _ := strings.Cut(want, "\n")
			got := get(r.json, 0, "message").(string)
			if rest, part := strings.CutPrefix(message, "…"); get(r.json, 0, "errorCode") != code || part && !strings.Contains(got, rest) || !part && got != message {
				t.Errorf("got %s\n%s\nwant %s", get(r.json, 0, "errorCode"), got, want)
			}
			if get(r.json, 0, "fields") != nil {
				t.Error("query errors have no fields")
			}
		})
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for range 450 {
		x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	}
	gone := x.insert("Lead", "LastName", "Gone", "Company", "Acme")
	if err := x.Delete("Lead", gone); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	path := "/services/data/v60.0/queryAll?q=SELECT+Id,IsDeleted+FROM+Lead"
	pages := 0
	for path != "" {
		r := x.send(http.MethodGet, path, "", "Sforce-Query-Options", "batchSize=200")
		if r.status != 200 || get(r.json, "totalSize").(interface{ String() string }).String() != "451" {
			t.Fatalf("page: %d %s", r.status, r.text)
		}
		for _, rec := range get(r.json, "records").([]any) {
			seen[get(rec, "Id").(string)] = true
		}
		path, _ = get(r.json, "nextRecordsUrl").(string)
		if path != "" && !strings.HasPrefix(path, "/services/data/v60.0/query/") {
			t.Errorf("next url %s", path)
		}
		if done := get(r.json, "done").(bool); done != (path == "") {
			t.Errorf("done %t with next url %q", done, path)
		}
		pages++
	}
	if pages != 3 || len(seen) != 451 || !seen[gone] {
		t.Errorf("%d pages, %d records, the deleted one among them: %t", pages, len(seen), seen[gone])
	}
	if n := len(get(x.soql("SELECT Id FROM Lead").json, "records").([]any)); n != 450 {
		t.Errorf("query sees %d", n)
	}
	r := x.do(http.MethodGet, "/query/01gNOPE-200", "")
	if r.status != 400 || get(r.json, 0, "errorCode") != "INVALID_QUERY_LOCATOR" {
		t.Errorf("bad locator: %d %s", r.status, r.text)
	}
	for _, size := range []string{"batchSize=199", "batchSize=2001", "size=200"} {
		if r := x.do(http.MethodGet, "/query?q=SELECT+Id+FROM+Lead", "", "Sforce-Query-Options", size); r.status != 400 {
			t.Errorf("%s: %d", size, r.status)
		}
	}
}

func TestPlusInOffsetIsASpace(t *testing.T) {
	t.Parallel()
	x := people(t)
	r := x.do(http.MethodGet, "/query?q=SELECT+Id+FROM+Lead+WHERE+CreatedDate>2026-01-01T00:00:00+00:00", "")
	if r.status != 400 || get(r.json, 0, "errorCode") != "MALFORMED_QUERY" {
		t.Errorf("an unescaped + passed: %d %s", r.status, r.text)
	}
}
