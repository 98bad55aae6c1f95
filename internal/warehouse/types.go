package warehouse

import (
	"fmt"

	"lockstep/internal/crm"
)

// Number is how the mirrors hold decimals: exact, 26 digits before the point and 12 after it.
const Number = "DECIMAL(38,12)"

// Type is the DuckDB type of a column, by the CRM's own word for its type. It is empty for what has no single
// value: Salesforce's compound addresses and locations, whose parts are columns of their own, and binaries.
// A word that is not known is text.
func Type(system crm.System, word string) string {
	if system == crm.HubSpot {
		switch word {
		case "number":
			return Number
		case "bool":
			return "BOOLEAN"
		case "date":
			return "DATE"
		case "datetime":
			return "TIMESTAMP WITH TIME ZONE"
		}
		return "VARCHAR"
	}
	switch word {
	case "boolean":
		return "BOOLEAN"
	case "int", "long":
		return "BIGINT"
	case "double", "currency", "percent":
		return Number
	case "date":
		return "DATE"
	case "datetime":
		return "TIMESTAMP WITH TIME ZONE"
	case "address", "location", "base64", "anyType", "complexvalue":
		return ""
	}
	return "VARCHAR"
}

// cast reads the text of expression as typ, null where it does not fit.
//
// HubSpot writes some dates of its own as milliseconds since 1970 (hs_lifecyclestage_lead_date in the answer of a
// create). DuckDB takes 8 µs to read a text as a decimal of more than 18 digits, more than for all the rest of a
// record, and a hundredth of that for one of 18: plain numbers that fit there go that way, and lose nothing.
func cast(system crm.System, typ, expression string) string {
	switch {
	case typ == "VARCHAR":
		return expression
	case typ == Number:
		return fmt.Sprintf(`case when regexp_full_match(%[1]s, '-?[0-9]{1,12}([.][0-9]{1,6})?') then cast(try_cast(%[1]s as decimal(18, 6)) as %[2]s) else try_cast(%[1]s as %[2]s) end`, expression, Number)
	case typ == "TIMESTAMP WITH TIME ZONE" && system == crm.HubSpot:
		return fmt.Sprintf(`coalesce(try_cast(%[1]s as timestamptz), make_timestamptz(1000 * try_cast(%[1]s as bigint)))`, expression)
	}
	return fmt.Sprintf(`try_cast(%s as %s)`, expression, typ)
}
