package store

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind says what a Value holds.
type Kind string

// The kinds of values. Text is never empty: Salesforce stores blank as null.
const (
	Null     Kind = ""
	Text     Kind = "text"
	Number   Kind = "number"
	Integer  Kind = "integer"
	Boolean  Kind = "boolean"
	Date     Kind = "date"
	DateTime Kind = "datetime"
	Ref      Kind = "ref"     // an id
	Address  Kind = "address" // a compound, as JSON in text
)

// Value is one value of one column.
type Value struct {
	Kind   Kind
	text   string
	number float64
	n      int64 // Boolean: 0 or 1; Date and DateTime: seconds since 1970, UTC
	id     ID
}

// DateTimeLayout is how the REST API writes instants: no colon in the offset, so not RFC 3339.
const DateTimeLayout = "2006-01-02T15:04:05.000-0700"

func textValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Kind: Text, text: s}
}

func boolValue(b bool) Value {
	if b {
		return Value{Kind: Boolean, n: 1}
	}
	return Value{Kind: Boolean}
}

func timeValue(unix int64) Value { return Value{Kind: DateTime, n: unix} }

func refValue(id ID) Value {
	if id == (ID{}) {
		return Value{}
	}
	return Value{Kind: Ref, id: id}
}

// IsNull tells whether there is no value.
func (v Value) IsNull() bool { return v.Kind == Null }

// True tells whether v is the boolean true.
func (v Value) True() bool { return v.Kind == Boolean && v.n == 1 }

// String is the value as plain text: what Get returns and what error messages quote. Null is "".
func (v Value) String() string {
	switch v.Kind {
	case Text, Address:
		return v.text
	case Number, Integer:
		return strconv.FormatFloat(v.number, 'f', -1, 64)
	case Boolean:
		return strconv.FormatBool(v.n == 1)
	case Date:
		return time.Unix(v.n, 0).UTC().Format(time.DateOnly)
	case DateTime:
		return time.Unix(v.n, 0).UTC().Format(DateTimeLayout)
	case Ref:
		return v.id.String()
	}
	return ""
}

// AppendJSON writes the value as the REST API does.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.Kind {
	case Null:
		return append(b, "null"...)
	case Text:
		return AppendString(b, v.text)
	case Address:
		return append(b, v.text...)
	case Number:
		return append(b, javaDouble(v.number)...)
	case Integer:
		return strconv.AppendInt(b, int64(v.number), 10)
	case Boolean:
		return strconv.AppendBool(b, v.n == 1)
	case DateTime:
		b = append(b, '"')
		b = time.Unix(v.n, 0).UTC().AppendFormat(b, DateTimeLayout)
		return append(b, '"')
	}
	b = append(b, '"')
	b = append(b, v.String()...)
	return append(b, '"')
}

// CSV is the value as Bulk results hold it: instants end in Z there.
func (v Value) CSV() string {
	switch v.Kind {
	case DateTime:
		return time.Unix(v.n, 0).UTC().Format("2006-01-02T15:04:05.000Z")
	case Number:
		return javaDouble(v.number)
	}
	return v.String()
}

// Double is a number as it comes over the wire: 12.0, 9.12E7.
func Double(f float64) string { return javaDouble(f) }

// javaDouble writes a double as Java does, which is how it comes over the wire: 12.0, 9.12E7, 1.0E-4.
func javaDouble(f float64) string {
	if a := math.Abs(f); f != 0 && (a < 1e-3 || a >= 1e7) {
		s := strconv.FormatFloat(f, 'E', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		e, _ := strconv.Atoi(exponent)
		return mantissa + "E" + strconv.Itoa(e)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// AppendString writes a JSON string.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < 0x20 || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r) // an invalid byte becomes U+FFFD
			i += n
			continue
		default:
			b = append(b, c)
		}
		i++
	}
	return append(b, '"')
}

// fold is the form in which texts are compared: Salesforce ignores case.
func fold(s string) string { return strings.ToLower(s) }

// compare orders two values that are not null: -1, 0, 1.
func compare(a, b Value) int {
	switch a.Kind {
	case Number, Integer:
		return order(a.number, b.number)
	case Boolean, Date, DateTime:
		return order(a.n, b.n)
	case Ref:
		return a.id.Compare(b.id)
	}
	return strings.Compare(fold(a.text), fold(b.text))
}

func order[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// day is the day of a Date, or of an instant in UTC.
func (v Value) day() time.Time { return time.Unix(v.n, 0).UTC() }
