package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestCompaniesOnDemand: without the option there are none; with it the people are the same, and have companies in
// HubSpot as they have Accounts in Salesforce, with deals.
func TestCompaniesOnDemand(t *testing.T) {
	t.Parallel()
	o := Options{People: 600, Seed: 7, Now: atNoon}
	plain := start(t, o)
	o.Companies = true
	with, again := start(t, o), start(t, o)
	for _, object := range []string{"companies", "deals"} {
		if n := len(plain.HubSpot.All(object)); n > 0 {
			t.Errorf("%d %s that nobody asked for", n, object)
		}
		if diff := cmp.Diff(with.HubSpot.All(object), again.HubSpot.All(object)); diff != "" {
			t.Errorf("%s differ for the same seed:\n%s", object, diff)
		}
	}
	if diff := cmp.Diff(with.Salesforce.All("Opportunity"), again.Salesforce.All("Opportunity")); diff != "" {
		t.Errorf("opportunities differ for the same seed:\n%s", diff)
	}
	if diff := cmp.Diff(plain.Salesforce.All("Contact"), with.Salesforce.All("Contact")); diff != "" {
		t.Errorf("contacts of Salesforce differ with companies:\n%s", diff)
	}
	named := map[string]string{}
	for _, c := range with.HubSpot.All("companies") {
		if named[c["name"]] != "" || !strings.HasSuffix(c["domain"], ".example") {
			t.Errorf("company %v: there twice, or without a domain of its own", c)
		}
		named[c["name"]] = c["hs_object_id"]
	}
	before := map[string]map[string]string{}
	for _, c := range plain.HubSpot.All("contacts") {
		before[c["hs_object_id"]] = c
	}
	at := 0
	for _, c := range with.HubSpot.All("contacts") {
		companies := with.HubSpot.Associations("contacts", c["hs_object_id"], "companies")
		if len(companies) > 1 {
			t.Fatal(companies)
		}
		if len(companies) == 0 {
			continue
		}
		at++
		company, _ := with.HubSpot.Get("companies", companies[0].ID)
		if text := c["company"]; text != "" && !strings.HasPrefix(text, company["name"]) {
			t.Errorf("a contact of %q is associated with %q", text, company["name"])
		}
		if old := before[c["hs_object_id"]]; old["lastmodifieddate"] != c["lastmodifieddate"] || old["email"] != c["email"] {
			t.Errorf("contact %s is another with companies", c["hs_object_id"])
		}
	}
	deals, opportunities := with.HubSpot.All("deals"), with.Salesforce.All("Opportunity")
	if at < 300 || len(named) < 50 || len(deals) < 50 || len(opportunities) < 50 {
		t.Errorf("%d contacts of companies, %d companies, %d deals, %d opportunities", at, len(named), len(deals), len(opportunities))
	}
	inBothCRMs := 0
	byName := map[string]map[string]string{}
	for _, d := range deals {
		byName[d["dealname"]] = d
	}
	for _, o := range opportunities {
		account, ok := with.Salesforce.Get("Account", o["AccountId"])
		if d := byName[o["Name"]]; d != nil {
			inBothCRMs++
			if d["amount"] != o["Amount"] || !strings.HasPrefix(d["closedate"], o["CloseDate"]) {
				t.Errorf("deal %v, opportunity %v", d, o)
			}
		}
		if !ok || !strings.HasPrefix(o["Name"], account["Name"]) {
			t.Errorf("opportunity %s of account %v", o["Name"], account)
		}
		if at, err := time.Parse(salesforceTime, o["SystemModstamp"]); err != nil || at.After(noon) {
			t.Errorf("opportunity stamped %s: %v", o["SystemModstamp"], err)
		}
	}
	if inBothCRMs < 20 {
		t.Errorf("%d deals are in both CRMs", inBothCRMs)
	}
	if err := with.HubSpot.Check(); err != nil {
		t.Error(err)
	}
	if err := with.Salesforce.Check(); err != nil {
		t.Error(err)
	}
}
