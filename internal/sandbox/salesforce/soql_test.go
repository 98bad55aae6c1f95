package salesforce_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

// firm fills an org with two accounts, three contacts and a lead that a queue owns.
func firm(t *testing.T) (x *org, acme, bolt, queue string) {
	x = start(t, salesforce.Options{})
	acme = x.insert("Account", "Name", "Acme", "Industry", "Energy", "AnnualRevenue", "1234567.5")
	bolt = x.insert("Account", "Name", "Bolt", "ParentId", acme)
	x.insert("Contact", "LastName", "Lee", "FirstName", "Ann", "AccountId", acme, "Birthdate", "1990-02-03", "CreatedDate", "2025-03-04T23:30:00Z", "LeadSource", "Web")
	x.insert("Contact", "LastName", "Moe", "FirstName", "Bo", "AccountId", acme, "CreatedDate", "2026-03-04T05:00:00Z", "LeadSource", "Web")
	x.insert("Contact", "LastName", "Noe", "FirstName", "Cy", "CreatedDate", "2026-01-31T00:00:00Z", "LeadSource", "Other")
	queue = x.insert("Group", "Name", "Inbox", "Type", "Queue")
	x.insert("Lead", "LastName", "Queued", "Company", "Acme", "OwnerId", queue)
	x.insert("Lead", "LastName", "Owned", "Company", "Acme")
	return x, acme, bolt, queue
}

// records is the answer's records without attributes, one line each.
func (x *org) records(q string) []string {
	x.Helper()
	r := x.soql(q)
	if r.status != 200 {
		x.Fatalf("%s: %d %s", q, r.status, r.text)
	}
	var out []string
	for _, rec := range get(r.json, "records").([]any) {
		b, err := json.Marshal(bare(rec))
		if err != nil {
			x.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// bare takes urls out of a decoded answer, and all attributes but the type of nested records.
func bare(v any) any {
	m, isObject := v.(map[string]any)
	if !isObject {
		return v
	}
	out := map[string]any{}
	for k, x := range m {
		switch inner := x.(type) {
		case map[string]any:
			out[k] = bare(inner)
			if kind := get(inner, "attributes", "type"); kind != nil {
				out[k].(map[string]any)["type"] = kind
			}
		case []any:
			list := []any{}
			for _, i := range inner {
				list = append(list, bare(i))
			}
			out[k] = list
		default:
			out[k] = x
		}
	}
	delete(out, "attributes")
	return out
}

func TestSelect(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	for q, want := range map[string][]string{
		"SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC) FROM Account ORDER BY Name": {
			`{"Contacts":{"done":true,"records":[{"LastName":"Moe"},{"LastName":"Lee"}],"totalSize":2},"Name":"Acme"}`, `{"Contacts":null,"Name":"Bolt"}`,
		},
		"SELECT (SELECT LastName, Account.Name FROM Contacts WHERE LastName LIKE 'M%'), (SELECT Name FROM ChildAccounts LIMIT 1) FROM Account WHERE Name = 'Acme'": {
			`{"ChildAccounts":{"done":true,"records":[{"Name":"Bolt"}],"totalSize":1},"Contacts":{"done":true,"records":[{"Account":{"Name":"Acme","type":"Account"},"LastName":"Moe"}],"totalSize":1}}`,
		},
		"SELECT (SELECT LastName FROM Contacts LIMIT 1) FROM Account WHERE Name = 'Acme'":                               {`{"Contacts":{"done":true,"records":[{"LastName":"Lee"}],"totalSize":1}}`},
		"SELECT (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 1) FROM Account WHERE Name = 'Acme'":             {`{"Contacts":{"done":true,"records":[{"LastName":"Lee"}],"totalSize":1}}`},
		"SELECT Owner.Name, Owner.Type FROM Lead ORDER BY LastName":                                                     {`{"Owner":{"Name":"Admin User","Type":"User","type":"Name"}}`, `{"Owner":{"Name":"Inbox","Type":"Queue","type":"Name"}}`},
		"SELECT Owner.Profile.Name, Owner.Email FROM Lead WHERE LastName = 'Queued'":                                    {`{"Owner":{"Email":null,"Profile":null,"type":"Name"}}`},
		"SELECT Owner.Profile.Name FROM Lead WHERE Owner.Profile.Name LIKE 'System%'":                                   {`{"Owner":{"Profile":{"Name":"System Administrator","type":"Profile"},"type":"Name"}}`},
		"SELECT TYPEOF Owner WHEN User THEN Username WHEN Group THEN Type END FROM Lead ORDER BY LastName":              {`{"Owner":{"Username":"admin@sandbox.example.com","type":"User"}}`, `{"Owner":{"Type":"Queue","type":"Group"}}`},
		"SELECT TYPEOF Owner WHEN Group THEN Id, Type ELSE Name END FROM Lead WHERE LastName = 'Owned'":                 {`{"Owner":{"Name":"Admin User","type":"User"}}`},
		"SELECT toLabel(Industry), FORMAT(AnnualRevenue) money FROM Account WHERE toLabel(Industry) = 'energy'":         {`{"Industry":"Energy","money":"$1,234,568"}`},
		"SELECT FORMAT(Birthdate), FORMAT(CreatedDate) made FROM Contact WHERE LastName = 'Lee'":                        {`{"Birthdate":"2/3/1990","made":"3/4/2025, 11:30 PM"}`},
		"SELECT c.LastName, c.Account.Name FROM Contact AS c WHERE c.Account.Name = 'acme' ORDER BY c.LastName LIMIT 1": {`{"Account":{"Name":"Acme","type":"Account"},"LastName":"Lee"}`},
		"SELECT Account.Owner.Profile.UserLicense.Name FROM Contact WHERE LastName = 'Lee'":                             {`{"Account":{"Owner":{"Profile":{"UserLicense":{"Name":"Salesforce","type":"UserLicense"},"type":"Profile"},"type":"User"},"type":"Account"}}`},
		"SELECT Name FROM Group":                        {`{"Name":"Inbox"}`},
		"SELECT LastName FROM Contact USING SCOPE mine": nil,
		"SELECT LastName FROM Contact USING SCOPE everything WHERE LastName = 'Lee' FOR VIEW": {`{"LastName":"Lee"}`},
		"SELECT LastName FROM Contact WHERE LastName = 'Lee' LIMIT 1 FOR REFERENCE":           {`{"LastName":"Lee"}`},
	} {
		if diff := cmp.Diff(want, x.records(q)); diff != "" {
			t.Errorf("%s: %s", q, diff)
		}
	}
	r := x.soql("SELECT FIELDS(STANDARD) FROM Contact LIMIT 1")
	all := x.soql("SELECT FIELDS(ALL) FROM Contact LIMIT 1")
	if r.text != all.text || get(r.json, "records", 0, "SystemModstamp") == nil {
		t.Errorf("FIELDS(STANDARD) of an object without custom fields: %s", r.text)
	}
}

func TestGroupBy(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	for q, want := range map[string][]string{
		"SELECT LeadSource, COUNT(Id) n FROM Contact GROUP BY LeadSource HAVING COUNT(Id) > 1":                             {`{"LeadSource":"Web","n":2}`},
		"SELECT LeadSource FROM Contact GROUP BY LeadSource HAVING NOT COUNT(Id) = 2":                                      {`{"LeadSource":"Other"}`},
		"SELECT LeadSource FROM Contact GROUP BY LeadSource HAVING LeadSource LIKE 'O%' OR COUNT(Id) IN (7)":               {`{"LeadSource":"Other"}`},
		"SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Contact GROUP BY CALENDAR_YEAR(CreatedDate) ORDER BY COUNT(Id)": {`{"expr0":2025,"expr1":1}`, `{"expr0":2026,"expr1":2}`},
		"SELECT CALENDAR_YEAR(CreatedDate) y, LeadSource FROM Contact GROUP BY LeadSource, CALENDAR_YEAR(CreatedDate) ORDER BY CALENDAR_YEAR(CreatedDate) DESC, LeadSource": {
			`{"LeadSource":"Other","y":2026}`, `{"LeadSource":"Web","y":2026}`, `{"LeadSource":"Web","y":2025}`},
		"SELECT COUNT_DISTINCT(LeadSource), COUNT(AccountId) a, MIN(LastName), MAX(CreatedDate) FROM Contact":                                  {`{"a":2,"expr0":2,"expr1":"Lee","expr2":"2026-03-04T05:00:00.000+0000"}`},
		"SELECT SUM(AnnualRevenue), AVG(AnnualRevenue) FROM Account":                                                                           {`{"expr0":1234567.5,"expr1":1234567.5}`},
		"SELECT MAX(AnnualRevenue) FROM Account WHERE Name = 'nobody'":                                                                         {`{"expr0":null}`},
		"SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name ORDER BY Account.Name NULLS LAST":                                   {`{"Name":"Acme","expr0":2}`, `{"Name":null,"expr0":1}`},
		"SELECT LastName FROM Contact WHERE CALENDAR_MONTH(Birthdate) = 2":                                                                     {`{"LastName":"Lee"}`},
		"SELECT LastName FROM Contact WHERE DAY_ONLY(CreatedDate) = 2025-03-04":                                                                {`{"LastName":"Lee"}`},
		"SELECT LastName FROM Contact WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 23":                                                    {`{"LastName":"Lee"}`},
		"SELECT LastName FROM Contact WHERE DAY_IN_WEEK(CreatedDate) = 7 AND WEEK_IN_MONTH(CreatedDate) = 5 AND DAY_IN_YEAR(CreatedDate) = 31": {`{"LastName":"Noe"}`},
		"SELECT LastName FROM Contact WHERE FISCAL_QUARTER(CreatedDate) = 1 AND WEEK_IN_YEAR(CreatedDate) = 9 ORDER BY LastName":               {`{"LastName":"Lee"}`, `{"LastName":"Moe"}`},
	} {
		got := x.records(q)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", q, diff)
		}
	}
}

func TestDatesInTheUsersTimeZone(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	x.insert("Contact", "LastName", "Poe", "CreatedDate", "2026-03-03T20:00:00Z")                                 // it is 4 March 05:06 in UTC
	for zone, want := range map[string]string{"GMT": "Moe", "America/Los_Angeles": "Moe Poe", "nowhere": "Moe"} { // a zone that is none is UTC
		if err := x.Edit("User", x.IntegrationUser(), map[string]string{"TimeZoneSidKey": zone}); err != nil {
			t.Fatal(err)
		}
		if got := x.names("LastName", "SELECT LastName FROM Contact WHERE CreatedDate = TODAY ORDER BY LastName"); got != want {
			t.Errorf("today in %s: %q, want %q", zone, got, want)
		}
		hour := map[string]string{"America/Los_Angeles": "12"}[zone]
		if hour == "" {
			hour = "20"
		}
		if got := x.names("LastName", "SELECT LastName FROM Contact WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = "+hour); got != "Poe" {
			t.Errorf("at %s o'clock in %s: %q", hour, zone, got)
		}
	}
}

func TestMultipicklist(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "Topics__c", `{"label":"Topics","type":"MultiselectPicklist","visibleLines":3,"valueSet":{"valueSetDefinition":{"value":[{"fullName":"A","label":"Aa"},{"fullName":"B","label":"Bb"},{"fullName":"C","label":"Cc"}]}}}`)
	for name, topics := range map[string]string{"One": "A", "Two": "A;B", "Three": "C"} {
		x.insert("Lead", "LastName", name, "Company", "Acme", "Topics__c", topics)
	}
	x.insert("Lead", "LastName", "None", "Company", "Acme")
	for where, want := range map[string]string{
		"Topics__c INCLUDES ('A;B','C')": "Three Two", "Topics__c INCLUDES ('a')": "One Two", "Topics__c EXCLUDES ('A')": "None Three",
		"Topics__c = 'A'": "One", "Topics__c = null": "None",
	} {
		if got := x.names("LastName", "SELECT LastName FROM Lead WHERE "+where+" ORDER BY LastName"); got != want {
			t.Errorf("%s: %q, want %q", where, got, want)
		}
	}
	if got := x.records("SELECT toLabel(Topics__c) FROM Lead WHERE LastName = 'Two'"); len(got) != 1 || got[0] != `{"Topics__c":"Aa;Bb"}` {
		t.Errorf("labels: %s", got)
	}
}

func TestTimesOfDay(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "Opens__c", `{"label":"Opens","type":"Time"}`)
	for name, at := range map[string]string{"Early": "07:00:00.000Z", "Late": "19:30:00.000Z"} {
		x.must(201, http.MethodPost, "/sobjects/Lead", `{"LastName":"`+name+`","Company":"Acme","Opens__c":"`+at+`"}`)
	}
	for where, want := range map[string]string{"Opens__c = 07:00:00.000Z": "Early", "Opens__c > 12:00:00Z": "Late", "Opens__c IN (07:00:00.000Z, 19:30:00.000Z)": "Early Late"} {
		if got := x.names("LastName", "SELECT LastName FROM Lead WHERE "+where+" ORDER BY LastName"); got != want {
			t.Errorf("%s: %q, want %q", where, got, want)
		}
	}
	if r := x.soql("SELECT Id FROM Lead WHERE Opens__c = '07:00:00.000Z'"); !strings.Contains(r.text, "must be of type time and should not be enclosed in quotes") {
		t.Errorf("a quoted time: %s", r.text)
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	for q, want := range map[string]string{
		"SELECT Id, (SELECT Id FROM Contact) FROM Account":                                                   "INVALID_TYPE Didn't understand relationship 'Contact' in FROM part of query call.",
		"SELECT Id, (SELECT Nope FROM Contacts) FROM Account":                                                "INVALID_FIELD No such column 'Nope' on entity 'Contact'.",
		"SELECT Id, (SELECT COUNT() FROM Contacts) FROM Account":                                             "MALFORMED_QUERY COUNT() is not supported in a sub-select",
		"SELECT Id, (SELECT Id FROM Contacts), (SELECT Name FROM Contacts) FROM Account":                     "INVALID_FIELD duplicate field selected: Contacts",
		"SELECT TYPEOF Account WHEN Account THEN Id END FROM Contact":                                        "MALFORMED_QUERY TYPEOF is only supported on polymorphic relationships",
		"SELECT TYPEOF Owner WHEN Contact THEN Id END FROM Lead":                                             "INVALID_TYPE sObject type 'Contact' is not supported.",
		"SELECT TYPEOF Owner THEN Id END FROM Lead":                                                          "MALFORMED_QUERY unexpected token: 'THEN'",
		"SELECT Owner.Industry FROM Lead":                                                                    "INVALID_FIELD No such column 'Industry' on entity 'Name'.",
		"SELECT A.B.C.D.E.F.G FROM Lead":                                                                     "MALFORMED_QUERY more than 5 levels",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account) OR LastName = 'x'":               "MALFORMED_QUERY Semi join sub-selects are not allowed with the 'OR' operator",
		"SELECT Id FROM Contact WHERE NOT AccountId IN (SELECT Id FROM Account)":                             "MALFORMED_QUERY Semi join sub-selects are not allowed with the 'NOT' operator",
		"SELECT Id FROM Contact WHERE Name = 'x' AND (Name = 'y' AND AccountId IN (SELECT Id FROM Account))": "MALFORMED_QUERY only allowed at the top level",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account) AND OwnerId IN (SELECT Id FROM User) AND CreatedById NOT IN (SELECT Id FROM User)": "MALFORMED_QUERY Maximum 2 semi join sub-selects are allowed",
		"SELECT Id FROM Contact WHERE Id IN (SELECT Id FROM Contact)":                                                                                          "MALFORMED_QUERY The inner and outer selects should not be on the same object type",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE OwnerId IN (SELECT Id FROM User))":                                            "MALFORMED_QUERY Nesting of semi join sub-selects is not supported",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account LIMIT 1)":                                                                           "MALFORMED_QUERY not supported in semi join",
		"SELECT Id FROM Contact WHERE Account.OwnerId IN (SELECT Id FROM User)":                                                                                "MALFORMED_QUERY cannot have more than one level of relationships",
		"SELECT Id FROM Contact WHERE LastName IN (SELECT Id FROM User)":                                                                                       "MALFORMED_QUERY must be an id or a reference field",
		"SELECT Id FROM Contact WHERE OwnerId IN (SELECT Name FROM User)":                                                                                      "INVALID_FIELD The inner select field 'Name'",
		"SELECT Id FROM Contact ALL ROWS":                                                                                                                      "MALFORMED_QUERY ALL ROWS not allowed in this context",
		"SELECT Id FROM Contact FOR UPDATE":                                                                                                                    "MALFORMED_QUERY FOR UPDATE not allowed in this context",
		"SELECT Id FROM Contact WITH SECURITY_ENFORCED":                                                                                                        "MALFORMED_QUERY WITH SECURITY_ENFORCED not allowed in this context",
		"SELECT Id FROM Contact WHERE Id = :id":                                                                                                                "MALFORMED_QUERY unexpected token: ':'",
		"SELECT Id FROM Contact USING SCOPE nobody":                                                                                                            "INVALID_QUERY_SCOPE 'nobody'",
		"SELECT CALENDAR_YEAR(CreatedDate) FROM Contact":                                                                                                       "MALFORMED_QUERY Field must be grouped or aggregated: CreatedDate",
		"SELECT COUNT(Id) FROM Contact GROUP BY CALENDAR_YEAR(LastName)":                                                                                       "MALFORMED_QUERY does not support date function CALENDAR_YEAR",
		"SELECT COUNT(Id) FROM Contact WHERE COUNT(Id) > 1":                                                                                                    "MALFORMED_QUERY unexpected token: '('",
		"SELECT SUM(LastName) FROM Contact":                                                                                                                    "MALFORMED_QUERY field LastName does not support aggregate operator SUM",
		"SELECT MAX(DoNotCall) FROM Contact":                                                                                                                   "MALFORMED_QUERY field DoNotCall does not support aggregate operator MAX",
		"SELECT LastName, COUNT(Id) FROM Contact":                                                                                                              "MALFORMED_QUERY Field must be grouped or aggregated: LastName",
		"SELECT COUNT(Id) LastName, LastName FROM Contact GROUP BY LastName":                                                                                   "MALFORMED_QUERY duplicate alias: LastName",
		"SELECT COUNT() FROM Contact GROUP BY LastName":                                                                                                        "MALFORMED_QUERY COUNT() is not allowed with GROUP BY",
		"SELECT COUNT() FROM Contact ORDER BY LastName":                                                                                                        "MALFORMED_QUERY ORDER BY is not allowed with COUNT()",
		"SELECT COUNT(Id) FROM Contact HAVING COUNT(Id) > 1":                                                                                                   "MALFORMED_QUERY HAVING needs a GROUP BY clause",
		"SELECT MAX(CreatedDate) FROM Contact LIMIT 1":                                                                                                         "MALFORMED_QUERY LIMIT is not allowed with an aggregate function",
		"SELECT Id FROM Contact ORDER BY CALENDAR_YEAR(CreatedDate)":                                                                                           "MALFORMED_QUERY ORDER BY can not use a function of a column here",
		"SELECT Id FROM Contact HAVING COUNT(Id) > 1":                                                                                                          "MALFORMED_QUERY HAVING needs a GROUP BY clause",
		"SELECT LeadSource FROM Contact GROUP BY LeadSource ORDER BY LastName":                                                                                 "MALFORMED_QUERY Ordered field must be grouped or aggregated: LastName",
		"SELECT LeadSource FROM Contact GROUP BY ROLLUP(LeadSource)":                                                                                           "MALFORMED_QUERY unexpected token: '('",
		"SELECT Name n FROM Account":                                                                                                                           "MALFORMED_QUERY only aggregate expressions use field aliasing",
		"SELECT toLabel(Name) FROM Account":                                                                                                                    "MALFORMED_QUERY field Name does not support toLabel",
		"SELECT FIELDS(CUSTOM) FROM Account LIMIT 201":                                                                                                         "MALFORMED_QUERY LIMIT of at most 200",
		"SELECT FIELDS(NONE) FROM Account":                                                                                                                     "MALFORMED_QUERY unexpected token: 'NONE'",
		"SELECT Id FROM Account WHERE Name = '" + strings.Repeat("x", 4001) + "'":                                                                              "MALFORMED_QUERY string literal is too long",
		"SELECT Id FROM Account WHERE Industry INCLUDES ('Energy')":                                                                                            "INVALID_QUERY_FILTER_OPERATOR invalid operator on field Industry",
		"SELECT Id FROM Account WHERE DoNotCall > TRUE":                                                                                                        "INVALID_FIELD No such column 'DoNotCall' on entity 'Account'.",
		"SELECT Id FROM Contact WHERE DoNotCall > TRUE":                                                                                                        "INVALID_QUERY_FILTER_OPERATOR invalid operator on boolean field",
		"SELECT Id FROM Account WHERE NumberOfEmployees = '5'":                                                                                                 "INVALID_FIELD must be of type int and should not be enclosed in quotes",
		"SELECT Id FROM Account WHERE MailingCity LIKE 5":                                                                                                      "INVALID_FIELD No such column 'MailingCity'",
		"SELECT Id FROM Account WHERE " + strings.Repeat("(", 300) + "Name = 'x'" + strings.Repeat(")", 300):                                                   "QUERY_TOO_COMPLICATED filter conditions are too complicated",
	} {
		code, text, _ := strings.Cut(want, " ")
		r := x.soql(q)
		message, _ := get(r.json, 0, "message").(string)
		if r.status != 400 || get(r.json, 0, "errorCode") != code || !strings.Contains(message, text) {
			t.Errorf("%s: %d %s, want %s", q[:min(len(q), 120)], r.status, r.text, want)
		}
	}
}

func TestGroupsDoNotPage(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for i := range 2001 {
		x.insert("Lead", "LastName", fmt.Sprint("L", i), "Company", "Acme")
	}
	r := x.soql("SELECT LastName FROM Lead GROUP BY LastName")
	if r.status != 400 || get(r.json, 0, "errorCode") != "EXCEEDED_ID_LIMIT" {
		t.Errorf("2001 groups: %d %.200s", r.status, r.text)
	}
	if n := len(x.records("SELECT LastName FROM Lead GROUP BY LastName LIMIT 2000")); n != 2000 {
		t.Errorf("%d groups", n)
	}
}

func TestChildrenPage(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	acme := x.insert("Account", "Name", "Acme")
	for range 450 {
		x.insert("Contact", "LastName", "Lee", "AccountId", acme)
	}
	r := x.do(http.MethodGet, "/query?q="+url.QueryEscape("SELECT Name, (SELECT Id FROM Contacts) FROM Account"), "", "Sforce-Query-Options", "batchSize=200")
	seen := len(get(r.json, "records", 0, "Contacts", "records").([]any))
	if fmt.Sprintf("%v %v %d", get(r.json, "records", 0, "Contacts", "totalSize"), get(r.json, "records", 0, "Contacts", "done"), seen) != "450 false 200" {
		t.Errorf("first page: %.300s", r.text)
	}
	next, _ := get(r.json, "records", 0, "Contacts", "nextRecordsUrl").(string)
	for next != "" {
		r := x.send(http.MethodGet, next, "")
		if r.status != 200 {
			t.Fatalf("%s: %d %s", next, r.status, r.text)
		}
		seen += len(get(r.json, "records").([]any))
		next, _ = get(r.json, "nextRecordsUrl").(string)
	}
	if seen != 450 {
		t.Errorf("%d children", seen)
	}
}

func TestQueryColumns(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	for q, want := range map[string]string{
		"SELECT Id, Account.Owner.Name, Account.Name FROM Contact":                   "Id Account(Owner(Name) Name)",
		"SELECT Name, (SELECT Id, Owner.Name FROM Contacts) FROM Account":            "Name Contacts+(Id Owner(Name))",
		"SELECT LeadSource, COUNT(Id), MAX(Name) m FROM Contact GROUP BY LeadSource": "LeadSource expr0+=COUNT(Id) m+=MAX(Name)",
	} {
		r := x.do(http.MethodGet, "/query?columns=true&q="+url.QueryEscape(q), "")
		var tell func(list any) string
		tell = func(list any) string {
			var out []string
			for _, c := range list.([]any) {
				s := get(c, "columnName").(string)
				if get(c, "aggregate") == true {
					s += "+"
				}
				if d := get(c, "displayName").(string); !strings.HasPrefix(s, d) {
					s += "=" + d
				}
				if inner := get(c, "joinColumns").([]any); len(inner) > 0 {
					s += "(" + tell(inner) + ")"
				}
				out = append(out, s)
			}
			return strings.Join(out, " ")
		}
		if got := tell(get(r.json, "columnMetadata")); got != want {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	x, _, _, _ := firm(t)
	for q, want := range map[string]string{
		"SELECT Id FROM Contact":                               "TableScan 3 3 Contact",
		"SELECT Id FROM Contact WHERE Email = 'x@example.com'": "Index 0 3 Contact",
	} {
		r := x.do(http.MethodGet, "/query?explain="+url.QueryEscape(q), "")
		p := get(r.json, "plans", 0)
		if got := fmt.Sprint(get(p, "leadingOperationType"), " ", get(p, "cardinality"), " ", get(p, "sobjectCardinality"), " ", get(p, "sobjectType")); got != want || get(r.json, "sourceQuery") != q {
			t.Errorf("%s: %s, want %s", q, r.text, want)
		}
	}
	if r := x.do(http.MethodGet, "/query?explain=SELECT", ""); r.status != 400 || get(r.json, 0, "errorCode") != "MALFORMED_QUERY" {
		t.Errorf("a query that cannot be read: %d %s", r.status, r.text)
	}
}
