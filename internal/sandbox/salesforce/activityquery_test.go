package salesforce_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestPolymorphicReferences(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	acme := x.insert("Account", "Name", "Acme", "Phone", "+1 555 0100")
	deal := x.insert("Opportunity", "Name", "Deal", "StageName", "Prospecting", "CloseDate", "2026-05-01", "AccountId", acme, "Amount", "5")
	contact := x.insert("Contact", "LastName", "Lee", "FirstName", "Ann", "AccountId", acme, "Email", "ann@example.com")
	lead := x.insert("Lead", "LastName", "Moe", "Company", "Bolt")
	x.insert("Task", "Subject", "A", "WhoId", contact, "WhatId", deal)
	x.insert("Task", "Subject", "B", "WhoId", lead)
	x.insert("Task", "Subject", "C", "WhatId", acme)
	for q, want := range map[string][]string{
		"SELECT Who.Id, Who.Type, Who.Email, What.Type FROM Task ORDER BY Subject": {
			`{"What":{"Type":"Opportunity","type":"Name"},"Who":{"Email":"ann@example.com","Id":"` + contact + `","Type":"Contact","type":"Name"}}`,
			`{"What":null,"Who":{"Email":null,"Id":"` + lead + `","Type":"Lead","type":"Name"}}`,
			`{"What":{"Type":"Account","type":"Name"},"Who":null}`,
		},
		"SELECT Subject FROM Task WHERE Who.Type = 'Lead'":                                       {`{"Subject":"B"}`},
		"SELECT Subject FROM Task WHERE What.Type IN ('account','Opportunity') ORDER BY Subject": {`{"Subject":"A"}`, `{"Subject":"C"}`},
		"SELECT Subject FROM Task WHERE What.Name = 'Deal'":                                      {`{"Subject":"A"}`},
		"SELECT What.Type, COUNT(Id) n FROM Task GROUP BY What.Type ORDER BY What.Type":          {`{"Type":null,"n":1}`, `{"Type":"Account","n":1}`, `{"Type":"Opportunity","n":1}`},
		"SELECT TYPEOF What WHEN Account THEN Phone, Owner.Name WHEN Opportunity THEN Amount, Account.Name ELSE Name END FROM Task ORDER BY Subject": {
			`{"What":{"Account":{"Name":"Acme","type":"Account"},"Amount":5.0,"type":"Opportunity"}}`, `{"What":null}`, `{"What":{"Owner":{"Name":"Admin User","type":"User"},"Phone":"+1 555 0100","type":"Account"}}`,
		},
		"SELECT Name, (SELECT Subject FROM Tasks), (SELECT Name, (SELECT Subject FROM Tasks) FROM Opportunities) FROM Account": {
			`{"Name":"Acme","Opportunities":{"done":true,"records":[{"Name":"Deal","Tasks":{"done":true,"records":[{"Subject":"A"}],"totalSize":1}}],"totalSize":1},"Tasks":{"done":true,"records":[{"Subject":"C"}],"totalSize":1}}`,
		},
		"SELECT LastName FROM Contact WHERE Id IN (SELECT WhoId FROM Task WHERE Subject = 'A') AND AccountId NOT IN (SELECT AccountId FROM Opportunity WHERE Name = 'Nope')": {`{"LastName":"Lee"}`},
	} {
		if diff := cmp.Diff(want, x.records(q)); diff != "" {
			t.Errorf("%s: %s", q, diff)
		}
	}
}

func TestCursorsStandStillAndEnd(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	var ids []string
	for i := range 401 {
		ids = append(ids, x.insert("Lead", "LastName", fmt.Sprint("L", 1000+i), "Company", "Acme"))
	}
	r := x.do(http.MethodGet, "/query?q="+url.QueryEscape("SELECT LastName FROM Lead ORDER BY LastName"), "", "Sforce-Query-Options", "batchSize=200")
	next := get(r.json, "nextRecordsUrl").(string)
	if !strings.HasPrefix(next, "/services/data/v60.0/query/0r8") || !strings.HasSuffix(next, "-200") {
		t.Fatalf("next url %s", next)
	}
	for _, id := range ids[:100] { // what was read already goes, and something comes: nothing shifts
		if err := x.Delete("Lead", id); err != nil {
			t.Fatal(err)
		}
	}
	x.insert("Lead", "LastName", "L0", "Company", "Acme")
	for range 2 { // the same page may be asked for twice
		r = x.send(http.MethodGet, next, "")
		if fmt.Sprint(get(r.json, "totalSize")) != "401" || get(r.json, "records", 0, "LastName") != "L1200" || len(get(r.json, "records").([]any)) != 200 {
			t.Fatalf("second page: %.300s", r.text)
		}
	}
	x.move(48 * time.Hour)
	x.login()
	if r := x.send(http.MethodGet, next, ""); r.status != 200 {
		t.Errorf("after two days: %d %s", r.status, r.text)
	}
	x.move(time.Second)
	if r := x.send(http.MethodGet, next, ""); r.status != 400 || r.code() != "INVALID_QUERY_LOCATOR" {
		t.Errorf("after more: %d %s", r.status, r.text)
	}
}

func TestLongTextsComeFewerAtATime(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, name := range []string{"One__c", "Two__c"} {
		x.grant("Lead", name, `{"label":"Long","type":"LongTextArea","length":1000,"visibleLines":3}`)
	}
	for range 201 {
		x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	}
	for columns, want := range map[string]int{"One__c": 201, "One__c, Two__c": 200, "One__c, Description": 201} {
		if n := len(get(x.soql("SELECT "+columns+" FROM Lead").json, "records").([]any)); n != want {
			t.Errorf("%s: %d records, want %d", columns, n, want)
		}
	}
}

func TestCaseSensitiveKeys(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "Key__c", `{"label":"Key","type":"Text","length":18,"externalId":true,"unique":true,"caseSensitive":true}`)
	x.insert("Lead", "LastName", "Upper", "Company", "Acme", "Key__c", "AB")
	x.insert("Lead", "LastName", "Lower", "Company", "Acme", "Key__c", "ab")
	for where, want := range map[string]string{"Key__c = 'AB'": "Upper", "Key__c != 'AB'": "Lower", "Key__c IN ('ab','x')": "Lower", "Key__c NOT IN ('ab')": "Upper", "Key__c LIKE 'a%'": "Lower Upper"} {
		for _, resource := range []string{"/query", "/queryAll"} {
			r := x.do(http.MethodGet, resource+"?q="+url.QueryEscape("SELECT LastName FROM Lead WHERE "+where+" ORDER BY LastName"), "")
			var got []string
			for _, rec := range get(r.json, "records").([]any) {
				got = append(got, get(rec, "LastName").(string))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s %s: %v, want %s", resource, where, got, want)
			}
		}
	}
}

func TestUpsertOfOldVersions(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "Key__c", external)
	for version, want := range map[string]int{"v45.0": 204, "v46.0": 200} {
		path := "/services/data/" + version + "/sobjects/Lead/Key__c/" + version
		if r := x.send(http.MethodPatch, path, `{"LastName":"Lee","Company":"Acme"}`); r.status != 201 {
			t.Errorf("%s created: %d %s", version, r.status, r.text)
		}
		if r := x.send(http.MethodPatch, path, `{"Title":"CEO"}`); r.status != want {
			t.Errorf("%s updated: %d, want %d", version, r.status, want)
		}
	}
}
