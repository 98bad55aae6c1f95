package warehouse

import (
	"fmt"
	"testing"

	"lockstep/internal/crm"
)

// TestNumbersAreExact holds both ways of reading a number against each other.
func TestNumbersAreExact(t *testing.T) {
	t.Parallel()
	w := memory(t)
	for text, want := range map[string]string{
		"0": "0.000000000000", "-0.5": "-0.500000000000", "1500": "1500.000000000000", "123456789012.123456": "123456789012.123456000000",
		"999999999999": "999999999999.000000000000", "1234567890123": "1234567890123.000000000000", "0.1234567": "0.123456700000",
		"12345678901234567890.123456789012": "12345678901234567890.123456789012", "1.0E7": "10000000.000000000000", "-9.12e2": "-912.000000000000",
		"1,5": "-", "1 500": "-", "": "-", "1e400": "-", "12345678901234567890123456789": "-",
	} {
		got := rows(t, w.DB, fmt.Sprintf(`select cast(%s as varchar) from (select $1::varchar as v)`, cast(crm.HubSpot, Number, "v")), text)
		diff(t, []string{want}, got)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		system crm.System
		words  []string
		want   string
	}{
		{crm.HubSpot, []string{"string", "enumeration", "phone_number", "json"}, "VARCHAR"},
		{crm.HubSpot, []string{"number"}, Number},
		{crm.HubSpot, []string{"bool"}, "BOOLEAN"},
		{crm.Salesforce, []string{"id", "string", "picklist", "multipicklist", "reference", "textarea", "email", "time"}, "VARCHAR"},
		{crm.Salesforce, []string{"currency", "double", "percent"}, Number},
		{crm.Salesforce, []string{"int"}, "BIGINT"},
		{crm.Salesforce, []string{"address", "location", "base64"}, ""},
	} {
		for _, word := range tt.words {
			if got := Type(tt.system, word); got != tt.want {
				t.Errorf("Type(%s, %s) = %q, want %q", tt.system, word, got, tt.want)
			}
		}
	}
}
