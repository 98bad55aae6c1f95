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

// cast reads the text of expression as typ, null where it does not fit. HubSpot writes some dates of its own as
// milliseconds since 1970 (hs_lifecyclestage_lead_date in the answer of a create).
func cast(system crm.System, typ, expression string) string {
	switch {
	case typ == "VARCHAR":
		return expression
	case typ == "TIMESTAMP WITH TIME ZONE" && system == crm.HubSpot:
		return fmt.Sprintf(`coalesce(try_cast(%[1]s as timestamptz), make_timestamptz(1000 * try_cast(%[1]s as bigint)))`, expression)
	}
	return fmt.Sprintf(`try_cast(%s as %s)`, expression, typ)
}
