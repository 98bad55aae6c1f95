package warehouse

import (
	"testing"

	"lockstep/internal/crm"
)

func TestWriteCurrenciesAndRecordTypes(t *testing.T) {
	t.Parallel()
	w := memory(t)
	write := func(s crm.System, currencies ...Currency) {
		t.Helper()
		if err := WriteCurrencies(t.Context(), w.DB, s, currencies); err != nil {
			t.Fatal(err)
		}
	}
	rate, decimals := 0.8, 0
	write(crm.Salesforce, Currency{Code: "USD", Home: true, Active: true}, Currency{Code: "EUR", Rate: &rate, Decimals: &decimals})
	write(crm.HubSpot, Currency{Code: "USD", Home: true, Active: true})
	all := `select system, code, home, active, rate, decimals from catalog.currencies order by system, code`
	diff(t, []string{"hubspot|USD|true|true|-|-", "salesforce|EUR|false|false|0.8|0", "salesforce|USD|true|true|-|-"}, rows(t, w.DB, all))
	rate = 0.9
	write(crm.Salesforce, Currency{Code: "EUR", Rate: &rate})
	write(crm.Salesforce, Currency{Code: "EUR", Rate: &rate})
	diff(t, []string{"hubspot|USD|true|true|-|-", "salesforce|EUR|false|false|0.9|-"}, rows(t, w.DB, all))
	write(crm.Salesforce)
	diff(t, []string{"hubspot|USD|true|true|-|-"}, rows(t, w.DB, all))

	types := []RecordType{{Object: "Opportunity", ID: "012000000000001AAA", DeveloperName: "Renewal", Name: "Renewals", Active: true}}
	for range 2 {
		if err := WriteRecordTypes(t.Context(), w.DB, types); err != nil {
			t.Fatal(err)
		}
		diff(t, []string{"Opportunity|012000000000001AAA|Renewal|Renewals|true"}, rows(t, w.DB, `select object, id, developer_name, name, active from catalog.record_types`))
	}
}
