package salesforce

import (
	"strings"
	"time"

	"lockstep/internal/crm"
)

// Quote makes s a SOQL string literal, quotes included ("Quoted String Escape Sequences" in the
// SOQL and SOSL Reference). It is the only way a value gets into a query of this program. A
// literal in a WHERE clause may have up to 4,000 characters.
func Quote(s string) string {
	return "'" + escapes.Replace(s) + "'"
}

// A backslash before anything else is an error to Salesforce, so nothing else is escaped: not a
// double quote, which stands for itself.
var escapes = strings.NewReplacer(
	`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`,
)

// Time makes t a SOQL dateTime literal, in UTC and to the millisecond; such literals are not
// quoted ("Date Formats and Date Literals").
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ID18 is the 18-character form of an id: see crm.ID18.
func ID18(id string) string { return crm.ID18(id) }
