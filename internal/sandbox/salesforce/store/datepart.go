package store

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// datePart is what a date function makes of a date or an instant; nil zone counts in UTC.
// Weeks of a month and of a year begin on its first day, fiscal years in January.
func datePart(function string, v Value, zone *time.Location) Value {
	if v.IsNull() {
		return v
	}
	t := time.Unix(v.n, 0).UTC()
	if zone != nil {
		t = t.In(zone)
	}
	n := 0
	switch strings.Replace(function, "FISCAL_", "CALENDAR_", 1) {
	case "CALENDAR_YEAR":
		n = t.Year()
	case "CALENDAR_QUARTER":
		n = (int(t.Month())-1)/3 + 1
	case "CALENDAR_MONTH":
		n = int(t.Month())
	case "DAY_IN_MONTH":
		n = t.Day()
	case "DAY_IN_WEEK":
		n = int(t.Weekday()) + 1
	case "DAY_IN_YEAR":
		n = t.YearDay()
	case "WEEK_IN_MONTH":
		n = (t.Day()-1)/7 + 1
	case "WEEK_IN_YEAR":
		n = (t.YearDay()-1)/7 + 1
	case "HOUR_IN_DAY":
		n = t.Hour()
	case "DAY_ONLY":
		return Value{Kind: Date, n: time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix()}
	}
	return Value{Kind: Integer, number: float64(n)}
}

// label is what users see in place of a picklist's value; several values of a multi-select one by one.
func (f *Field) label(v Value) Value {
	if v.Kind != Text {
		return v
	}
	parts := strings.Split(v.text, ";")
	for i, part := range parts {
		for _, o := range f.Options {
			if o.Value == part && o.Label != "" {
				parts[i] = o.Label
			}
		}
	}
	return textValue(strings.Join(parts, ";"))
}

// formatted is a value as the user interface of locale en_US shows it.
func formatted(f *Field, v Value) Value {
	switch v.Kind {
	case Null, Text:
		return v
	case Date:
		return textValue(time.Unix(v.n, 0).UTC().Format("1/2/2006"))
	case DateTime:
		return textValue(time.Unix(v.n, 0).UTC().Format("1/2/2006, 3:04 PM"))
	case Number, Integer:
		text := strconv.FormatFloat(math.Abs(v.number), 'f', f.Scale, 64)
		whole, rest, dotted := strings.Cut(text, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		if dotted {
			whole += "." + rest
		}
		switch f.Type {
		case "currency":
			whole = "$" + whole
		case "percent":
			whole += "%"
		}
		if v.number < 0 {
			whole = "-" + whole
		}
		return textValue(whole)
	}
	return textValue(v.String())
}

// zone is the user's time zone, UTC when it is unknown here.
func (b *binder) zone() *time.Location {
	users := b.org.Object("User")
	if row, ok := users.row(b.user); ok {
		if zone, err := time.LoadLocation(users.Value(row, users.Field("TimeZoneSidKey")).text); err == nil {
			return zone
		}
	}
	return time.UTC
}
