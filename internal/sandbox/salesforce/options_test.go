package salesforce_test

import (
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestRecordTypes(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	if fieldOf(x, "Account", "RecordTypeId") != nil {
		t.Error("a new org's Account has RecordTypeId")
	}
	if got := x.refusal("POST", "/sobjects/Account", `{"Name":"Acme","RecordTypeId":"012Sx0000000001"}`); got != "INVALID_FIELD No such column 'RecordTypeId' on sobject of type Account []" {
		t.Errorf("without record types: %s", got)
	}
	define := func(object string, r salesforce.RecordType) string {
		id, err := x.DefineRecordType(object, r)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	partner := define("Account", salesforce.RecordType{Name: "Big Partner", Default: true})
	retired := define("Account", salesforce.RecordType{Name: "Retired", Inactive: true})
	hidden := define("Account", salesforce.RecordType{Name: "Hidden", Hidden: true})
	foreign := define("Lead", salesforce.RecordType{Name: "Lead type"})
	if _, err := x.DefineRecordType("LeadStatus", salesforce.RecordType{Name: "x"}); err == nil {
		t.Error("a setup object takes record types")
	}
	id := x.create("Account", `{"Name":"Acme"}`)
	x.has("Account", id, map[string]string{"RecordTypeId": partner})
	for _, wrong := range []string{retired, hidden, foreign, "012000000000000AAA", x.Human()} {
		want := "INVALID_CROSS_REFERENCE_KEY Record Type ID: this ID value isn't valid for the user: " + wrong + " [RecordTypeId]"
		if got := x.refusal("PATCH", "/sobjects/Account/"+id, `{"RecordTypeId":"`+wrong+`"}`); got != want {
			t.Errorf("%s: %s", wrong, got)
		}
	}
	if r := x.soql("SELECT RecordType.DeveloperName FROM Account"); get(r.json, "records", 0, "RecordType", "DeveloperName") != "Big_Partner" {
		t.Errorf("a query: %s", r.text)
	}
	var seen []string
	for _, r := range get(x.must(200, "GET", "/sobjects/Account/describe", "").json, "recordTypeInfos").([]any) {
		line := get(r, "developerName").(string)
		for _, key := range []string{"active", "available", "defaultRecordTypeMapping", "master"} {
			if get(r, key) == true {
				line += " " + key
			}
		}
		seen = append(seen, line)
	}
	if got := strings.Join(seen, ", "); got != "Big_Partner active available defaultRecordTypeMapping, Retired, Hidden active, Master active available master" {
		t.Errorf("recordTypeInfos: %s", got)
	}
}

func TestSeveralCurrencies(t *testing.T) {
	t.Parallel()
	plain := start(t, salesforce.Options{})
	if r := plain.soql("SELECT Id FROM CurrencyType"); get(r.json, 0, "errorCode") != "INVALID_TYPE" {
		t.Errorf("one currency: %s", r.text)
	}
	x := start(t, salesforce.Options{Currencies: []string{"EUR", "USD"}})
	if got := x.names("IsoCode", "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = TRUE"); got != "EUR" {
		t.Errorf("corporate currency %s", got)
	}
	id := x.create("Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","Amount":5}`)
	x.has("Opportunity", id, map[string]string{"CurrencyIsoCode": "EUR"})
	x.must(204, "PATCH", "/sobjects/Opportunity/"+id, `{"CurrencyIsoCode":"USD"}`)
	if got := x.refusal("PATCH", "/sobjects/Opportunity/"+id, `{"CurrencyIsoCode":"XYZ"}`); got != "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Currency ISO Code: bad value for restricted picklist field: XYZ [CurrencyIsoCode]" {
		t.Errorf("an unknown currency: %s", got)
	}
	if f := fieldOf(x, "Account", "CurrencyIsoCode"); get(f, "defaultValue") != "EUR" || get(f, "restrictedPicklist") != true {
		t.Errorf("describe: %v", f)
	}
	if err := x.DefineObject(salesforce.CustomObject{Name: "Fee__c"}); err != nil {
		t.Fatal(err)
	}
	x.has("Fee__c", x.create("Fee__c", `{}`), map[string]string{"CurrencyIsoCode": "EUR"})
}

func TestStateAndCountryPicklists(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{Places: []salesforce.Country{
		{Code: "US", Name: "United States", States: []salesforce.State{{Code: "CA", Name: "California"}}}, {Code: "DE", Name: "Germany"},
	}})
	id := x.create("Account", `{"Name":"Acme","BillingCountry":"united states","BillingState":"California"}`)
	x.has("Account", id, map[string]string{"BillingCountry": "United States", "BillingCountryCode": "US", "BillingState": "California", "BillingStateCode": "CA"})
	x.must(204, "PATCH", "/sobjects/Account/"+id, `{"BillingStateCode":null}`)
	x.must(204, "PATCH", "/sobjects/Account/"+id, `{"BillingCountryCode":"DE"}`)
	x.has("Account", id, map[string]string{"BillingCountry": "Germany", "BillingState": "", "BillingStateCode": ""})
	if r := x.must(200, "GET", "/sobjects/Account/"+id+"?fields=BillingAddress", ""); get(r.json, "BillingAddress", "countryCode") != "DE" {
		t.Errorf("the compound: %s", r.text)
	}
	const problem = "There's a problem with this "
	for _, c := range []struct{ object, body, want string }{
		{"Account", `{"Name":"A","BillingCountry":"US of A"}`, "FIELD_INTEGRITY_EXCEPTION " + problem + "country/territory, even though it may appear correct. Please select a country/territory from the list of valid countries/territories.: Billing Country [BillingCountry]"},
		{"Account", `{"Name":"A","BillingCountry":"United States","BillingState":"Bavaria"}`, "FIELD_INTEGRITY_EXCEPTION " + problem + "state, even though it may appear correct. Please select a state from the list of valid states.: Billing State/Province [BillingState]"},
		{"Contact", `{"LastName":"A","MailingState":"California"}`, "FIELD_INTEGRITY_EXCEPTION A country/territory must be specified before specifying a state value for field: Mailing State/Province [MailingState]"},
		{"Lead", `{"LastName":"A","Company":"B","CountryCode":"FR"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Country/Territory Code: bad value for restricted picklist field: FR [CountryCode]"},
		{"Lead", `{"LastName":"A","Company":"B","CountryCode":"DE","Country":"United States"}`, "FIELD_INTEGRITY_EXCEPTION " + problem + "country/territory"},
	} {
		if got := x.refusal("POST", "/sobjects/"+c.object, c.body); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s %s: %s", c.object, c.body, got)
		}
	}
}

func TestStorageLimit(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{Rules: salesforce.Rules{StorageRecords: 2}})
	lead := x.create("Lead", `{"LastName":"Lee","Company":"Example"}`)
	x.create("Contact", `{"LastName":"Lee"}`)
	if got := x.refusal("POST", "/sobjects/Account", `{"Name":"Acme"}`); got != "STORAGE_LIMIT_EXCEEDED storage limit exceeded []" {
		t.Errorf("a third record: %s", got)
	}
	x.create("PermissionSet", `{"Name":"P","Label":"P"}`) // setup takes no room
	x.must(204, "PATCH", "/sobjects/Lead/"+lead, `{"Title":"x"}`)
	x.must(204, "DELETE", "/sobjects/Lead/"+lead, "")
	x.create("Account", `{"Name":"Acme"}`)
	x.LimitStorage(0)
	x.create("Account", `{"Name":"Another"}`)
}
