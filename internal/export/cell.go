package export

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Record is one line of CSV: Cell of every value, quoted where it needs to be. Separators that only other locales use
// (; | and tab) are quoted too, so that no spreadsheet begins a new cell at one.
func Record(values []any) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		c := Cell(v)
		if strings.ContainsAny(c, "\",;|\t\r\n") || strings.TrimSpace(c) != c || c == "" && len(values) == 1 {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	return b.String() + "\n"
}

// number is what a spreadsheet takes for a number, whatever it begins with.
var number = regexp.MustCompile(`^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$`)

// Cell is the text of a value in CSV, which no spreadsheet takes for a formula: a text that begins, spaces aside, with
// = + - @, a tab or a line break gets an apostrophe in front, and so do the wide forms of those signs. A number stays a
// number, also where it stands in a text; an empty cell is null or a blank.
//
// The rule is OWASP's for CSV injection (owasp.org/www-community/attacks/CSV_Injection). Who reads the file by a program
// and wants the text as it is takes JSON or Parquet.
func Cell(v any) string {
	s := Text(v)
	if s == "" || number.MatchString(s) {
		return s
	}
	if strings.ContainsAny(s[:1], "\t\r\n") {
		return "'" + s
	}
	for _, r := range strings.TrimLeft(s, " \u00a0\u3000\ufeff") {
		if strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
			return "'" + s
		}
		break
	}
	return s
}

// Text is a value of DuckDB as a reader knows it: instants in RFC 3339 and UTC, lists as "a, b", null as nothing.
func Text(v any) string {
	switch v := plain(v).(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = Text(x)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		out, _ := json.Marshal(v) // of plain values: nothing that could fail
		return string(out)
	default:
		return fmt.Sprint(v)
	}
}

// plain is a value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case float32:
		return float64(v)
	case *big.Int:
		return json.Number(v.String())
	case duckdb.Decimal:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Scale)), nil)
		digits := new(big.Rat).SetFrac(v.Value, scale).FloatString(int(v.Scale))
		if strings.Contains(digits, ".") { // a mirror's scale says nothing of a value's
			digits = strings.TrimSuffix(strings.TrimRight(digits, "0"), ".")
		}
		return json.Number(digits)
	case []byte:
		return string(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case duckdb.Map:
		out := map[string]any{}
		for k, x := range v {
			out[Text(k)] = plain(x)
		}
		return out
	case fmt.Stringer:
		return v.String()
	default:
		return v
	}
}
