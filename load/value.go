package load

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kind is how two texts of a column are compared: CRMs return another text than they were sent for one value.
type kind string

const (
	text    kind = "text"
	set     kind = "set" // values joined by semicolons, in any order
	number  kind = "number"
	truth   kind = "truth"
	day     kind = "day"
	instant kind = "instant"
)

// kindOf is the kind of a column by the type of its mirror column and by the CRM's own words for it.
func kindOf(duckType, crmType, fieldType string) kind {
	switch {
	case crmType == "multipicklist" || crmType == "enumeration" && fieldType == "checkbox":
		return set
	case strings.HasPrefix(duckType, "DECIMAL"), duckType == "BIGINT", duckType == "INTEGER", duckType == "DOUBLE":
		return number
	case duckType == "BOOLEAN":
		return truth
	case duckType == "DATE":
		return day
	case strings.HasPrefix(duckType, "TIMESTAMP"):
		return instant
	}
	return text
}

// instantLayouts are the forms in which an instant arrives: RFC 3339 (HubSpot, Bulk), Salesforce's REST
// offset without a colon, and DuckDB's own text.
var instantLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999-0700",
	"2006-01-02 15:04:05.999999-07", "2006-01-02 15:04:05.999999-07:00", "2006-01-02 15:04:05.999999", "2006-01-02",
}

var (
	decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$`)
	epoch   = regexp.MustCompile(`^-?\d{9,14}$`)
)

// canon is the one text of a value: equal values have equal texts. ok is false when v is none of the kind, and
// then its own text stands for it. An empty text is blank, as both CRMs have it.
func (k kind) canon(v *string) (_ *string, ok bool) {
	if v == nil || *v == "" {
		return nil, true
	}
	out := *v
	switch k {
	case set:
		parts := strings.FieldsFunc(out, func(r rune) bool { return r == ';' })
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		slices.Sort(parts)
		out = strings.Join(slices.Compact(parts), ";")
		if out == "" {
			return nil, true
		}
	case number:
		r, good := new(big.Rat), decimal.MatchString(out)
		if good {
			_, good = r.SetString(out)
		}
		if !good {
			return v, false
		}
		// Twelve digits is what mirrors keep.
		if out = r.FloatString(12); strings.Contains(out, ".") {
			out = strings.TrimRight(strings.TrimRight(out, "0"), ".")
		}
		if out == "-0" {
			out = "0"
		}
	case truth:
		if out = strings.ToLower(out); out != "true" && out != "false" {
			return v, false
		}
	case day, instant:
		t, good := parseInstant(out)
		if !good {
			return v, false
		}
		if k == day {
			out = t.Format(time.DateOnly)
		} else {
			// Milliseconds: neither CRM keeps more.
			out = t.Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z")
		}
	}
	return &out, true
}

func parseInstant(s string) (time.Time, bool) {
	if epoch.MatchString(s) { // HubSpot: milliseconds
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms).UTC(), err == nil
	}
	for _, layout := range instantLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// same reports whether two texts are one value.
func (k kind) same(a, b *string) bool {
	a, _ = k.canon(a)
	b, _ = k.canon(b)
	return equal(a, b)
}

// wire is the text that is sent: ISO in UTC for instants, unpadded numbers; text and sets go as they stand.
func (k kind) wire(v *string) *string {
	if k == text || k == set {
		if v != nil && *v == "" {
			return nil
		}
		return v
	}
	out, _ := k.canon(v)
	return out
}

func equal(a, b *string) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func str(s string) *string { return &s }

// or is v's text, and alt when it is nil.
func or(v *string, alt string) string {
	if v == nil {
		return alt
	}
	return *v
}
