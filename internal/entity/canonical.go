package entity

import (
	"fmt"
	"strings"
)

// Canonical is the SQL that writes a value of that type as the one text both CRMs compare by.
func Canonical(expr, typ string) string {
	switch {
	case strings.HasPrefix(typ, "DECIMAL") || typ == "DOUBLE" || typ == "FLOAT":
		return fmt.Sprintf("case when contains(%[1]s::varchar, '.') and not contains(%[1]s::varchar, 'e') then rtrim(rtrim(%[1]s::varchar, '0'), '.') else %[1]s::varchar end", expr)
	case typ == "TIMESTAMP WITH TIME ZONE":
		return fmt.Sprintf("strftime(%s at time zone 'UTC', '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ')", expr)
	case typ == "TIMESTAMP":
		return fmt.Sprintf("strftime(%s, '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ')", expr)
	case strings.HasSuffix(typ, "[]"):
		return fmt.Sprintf("to_json(list_sort(%s))::varchar", expr)
	default:
		return expr + "::varchar"
	}
}
