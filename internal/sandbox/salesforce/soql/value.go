package soql

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxLiteral is the longest text that a condition may hold a column against, in characters.
const maxLiteral = 4000

// Kind says what sort of literal a Value is.
type Kind string

// The kinds of literals.
const (
	Null     Kind = "null"
	Text     Kind = "string"
	Number   Kind = "double"
	Boolean  Kind = "boolean"
	Date     Kind = "date"     // 2026-01-31, midnight UTC in Time
	DateTime Kind = "dateTime" // 2026-01-31T01:02:03Z
	Clock    Kind = "time"     // 11:59:59.000Z: a time of day
	Named    Kind = "named"    // TODAY, LAST_N_DAYS:7: a stretch of days
)

// Value is one literal of a query.
type Value struct {
	Kind   Kind
	Text   string // of Text, unescaped (but for \% and \_); otherwise as written
	Number float64
	Bool   bool
	Time   time.Time // of Date and DateTime, UTC
	At     int
	name   string // of Named: LAST_N_DAYS
	n      int
}

func (p *parser) value() (Value, *Error) {
	t := p.peek()
	v := Value{Text: t.text, At: t.at}
	switch t.kind {
	case text:
		v.Kind = Text
		if utf8.RuneCountInString(t.text) > maxLiteral {
			return v, p.q.Malformed(t.at, "string literal is too long: at most %d characters are allowed in a filter", maxLiteral)
		}
	case literal:
		if !v.digits() {
			return v, p.unexpected()
		}
	case word:
		switch strings.ToUpper(t.text) {
		case "NULL":
			v.Kind = Null
		case "TRUE", "FALSE":
			v.Kind, v.Bool = Boolean, strings.EqualFold(t.text, "TRUE")
		default:
			if !v.named() {
				return v, p.unexpected()
			}
		}
	default:
		return v, p.unexpected()
	}
	p.next()
	return v, nil
}

// digits reads a number, a date or a datetime.
func (v *Value) digits() bool {
	if n, err := strconv.ParseFloat(v.Text, 64); err == nil && !strings.ContainsAny(v.Text, "xXpPnN_") {
		v.Kind, v.Number = Number, n
		return true
	}
	if t, err := time.Parse("2006-01-02", v.Text); err == nil {
		v.Kind, v.Time = Date, t
		return true
	}
	if _, err := time.Parse("15:04:05.999999999Z", v.Text); err == nil {
		v.Kind = Clock
		return true
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, v.Text); err == nil {
			v.Kind, v.Time = DateTime, t.UTC()
			return true
		}
	}
	return false
}

// named reads TODAY, THIS_MONTH, LAST_90_DAYS, N_DAYS_AGO:3, NEXT_N_FISCAL_QUARTERS:2 …
func (v *Value) named() bool {
	name, count, counted := strings.Cut(strings.ToUpper(v.Text), ":")
	if counted {
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || n > 100_000 {
			return false
		}
		v.n = n
	}
	v.name, v.Kind = name, Named
	_, _, ok := v.Days(time.Unix(0, 0).UTC())
	return ok && counted == (strings.HasPrefix(name, "N_") || strings.Contains(name, "_N_"))
}

// Days is the stretch a named literal means at the instant now, seen from now's time zone: from its first
// midnight there up to, not including, the midnight after its last day. Weeks begin on Sunday and the fiscal
// year in January, as in an org of locale en_US that was never set up otherwise.
func (v Value) Days(now time.Time) (from, to time.Time, ok bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch v.name {
	case "YESTERDAY":
		return today.AddDate(0, 0, -1), today, true
	case "TODAY":
		return today, today.AddDate(0, 0, 1), true
	case "TOMORROW":
		return today.AddDate(0, 0, 1), today.AddDate(0, 0, 2), true
	case "LAST_90_DAYS":
		return today.AddDate(0, 0, -90), today.AddDate(0, 0, 1), true
	case "NEXT_90_DAYS":
		return today.AddDate(0, 0, 1), today.AddDate(0, 0, 91), true
	case "LAST_N_DAYS": // the one LAST_N_… that includes today
		return today.AddDate(0, 0, -v.n), today.AddDate(0, 0, 1), true
	}
	name := strings.Replace(v.name, "FISCAL_", "", 1)
	for _, unit := range []string{"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"} {
		from, step := period(today, unit)
		switch name {
		case "LAST_" + unit:
			return step(from, -1), from, unit != "DAY"
		case "THIS_" + unit:
			return from, step(from, 1), unit != "DAY"
		case "NEXT_" + unit:
			return step(from, 1), step(from, 2), unit != "DAY"
		case "LAST_N_" + unit + "S":
			return step(from, -v.n), from, true
		case "NEXT_N_" + unit + "S":
			return step(from, 1), step(from, 1+v.n), true
		case "N_" + unit + "S_AGO":
			return step(from, -v.n), step(from, 1-v.n), true
		}
	}
	return time.Time{}, time.Time{}, false
}

// period is the first day of the unit that today lies in, and how to move by units.
func period(today time.Time, unit string) (time.Time, func(time.Time, int) time.Time) {
	days := func(n int) func(time.Time, int) time.Time {
		return func(t time.Time, k int) time.Time { return t.AddDate(0, 0, n*k) }
	}
	months := func(n int) func(time.Time, int) time.Time {
		return func(t time.Time, k int) time.Time { return t.AddDate(0, n*k, 0) }
	}
	switch unit {
	case "WEEK":
		return today.AddDate(0, 0, -int(today.Weekday())), days(7)
	case "MONTH":
		return today.AddDate(0, 0, 1-today.Day()), months(1)
	case "QUARTER":
		first := time.Month((int(today.Month())-1)/3*3 + 1)
		return time.Date(today.Year(), first, 1, 0, 0, 0, 0, today.Location()), months(3)
	case "YEAR":
		return time.Date(today.Year(), 1, 1, 0, 0, 0, 0, today.Location()), months(12)
	}
	return today, days(1)
}
