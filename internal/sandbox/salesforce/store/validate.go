package store

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// emailForm is what Salesforce takes for an e-mail address: stricter than the standard on the domain.
var emailForm = regexp.MustCompile(`^[a-zA-Z0-9.!#$%&'*+/=?^_{|}~` + "`" + `-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}$`)

// validate checks one value about to be saved and returns it as it will be stored.
func (t *Tx) validate(f *Field, v Value, self int32) (Value, Errors) {
	if v.IsNull() {
		return v, nil
	}
	at := []string{f.Name}
	if f.Name == "RecordTypeId" {
		return v, t.checkRecordType(f, v)
	}
	switch f.kind() {
	case Text:
		if n := utf8.RuneCountInString(v.text); f.Length > 0 && n > f.Length {
			return v, Errors{refuse("STRING_TOO_LONG", at, "%s: data value too large: %s (max length=%d)", f.Label, v.text, f.Length)}
		}
		if f.Type == "email" && (!emailForm.MatchString(v.text) || strings.Contains(v.text, "..")) {
			return v, Errors{refuse("INVALID_EMAIL_ADDRESS", at, "%s: invalid email address: %s", f.Label, v.text)}
		}
		if f.Restricted && !f.offers(v.text) {
			return v, Errors{refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", at, "%s: bad value for restricted picklist field: %s", f.Label, v.text)}
		}
	case Integer:
		if math.Abs(v.number) >= math.Pow10(f.Digits) {
			return v, Errors{refuse("NUMBER_OUTSIDE_VALID_RANGE", at, "%s: value outside of valid range on numeric field: %s", f.Label, v)}
		}
	case Number:
		if math.Abs(v.number) >= math.Pow10(f.Precision-f.Scale) {
			return v, Errors{refuse("NUMBER_OUTSIDE_VALID_RANGE", at, "%s: value outside of valid range on numeric field: %s", f.Label, v)}
		}
		v.number = truncate(v.number, f.Scale) // the API cuts what goes beyond the scale, silently
	case Ref:
		if errs := t.validateRef(f, v); errs != nil {
			return v, errs
		}
	}
	if f.Unique {
		for _, row := range f.holders(v) {
			if row != self {
				return v, Errors{refuse("DUPLICATE_VALUE", []string{}, "duplicate value found: %s duplicates value on record with id: %s", f.Name, f.Object.ids[row].Short())}
			}
		}
	}
	return v, nil
}

// truncate cuts a number after scale digits, allowing for binary fractions just below a decimal one.
func truncate(n float64, scale int) float64 {
	p := math.Pow10(scale)
	if math.Abs(n*p) >= 1<<53 {
		return n
	}
	if r := math.Round(n * p); math.Abs(r-n*p) < 1e-6 {
		return r / p
	}
	return math.Trunc(n*p) / p
}

// offers tells whether a restricted picklist takes a value; a multipicklist, whether it takes each.
func (f *Field) offers(s string) bool {
	values := []string{s}
	if f.Type == "multipicklist" {
		values = strings.Split(s, ";")
	}
	for _, v := range values {
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v && !o.Inactive }) {
			return false
		}
	}
	return true
}

func (t *Tx) validateRef(f *Field, v Value) Errors {
	at := []string{f.Name}
	if v.id == (ID{}) {
		return Errors{refuse("MALFORMED_ID", at, "%s: id value of incorrect type: %s", f.Label, v.text)}
	}
	o, row, found := t.Org.find(v.id)
	if prefix := t.Org.prefixes[v.id.Prefix()]; prefix == nil || !slices.Contains(f.RefersTo, prefix.Name) {
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", at, "%s: id value of incorrect type: %s", f.Label, v.id)}
	}
	owner := f.Name == "OwnerId"
	switch {
	case owner && !found:
		return Errors{refuse("INVALID_CROSS_REFERENCE_KEY", at, "%s: invalid cross reference id", f.Label)}
	case owner && o.Name == "Group" && o.Value(row, o.Field("Type")).text != "Queue":
		return Errors{refuse("INVALID_CROSS_REFERENCE_KEY", at, "%s: invalid cross reference id", f.Label)}
	case !found || o.state[row] != live:
		return Errors{refuse("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", []string{}, "insufficient access rights on cross-reference id: %s", v.id.Short())}
	case owner && o.Name == "User" && !o.Value(row, o.Field("IsActive")).True():
		return Errors{refuse("INACTIVE_OWNER_OR_USER", []string{}, "operation performed with inactive user [%s] as owner of %s", v.id.Short(), strings.ToLower(f.Object.Label))}
	}
	return nil
}

// resolve finds the records that a draft names by external id.
func (t *Tx) resolve(d *Draft) Errors {
	for _, p := range d.parents {
		v, err := parse(p.key, p.value)
		if err != nil || v.IsNull() {
			return Errors{refuse("INVALID_FIELD", []string{}, "Foreign key external ID: %s not found for field %s in entity %s", p.value, p.key.Name, p.key.Object.Name)}
		}
		rows := p.key.holders(v)
		switch len(rows) {
		case 0:
			return Errors{refuse("INVALID_FIELD", []string{}, "Foreign key external ID: %s not found for field %s in entity %s", p.value, p.key.Name, p.key.Object.Name)}
		case 1:
			d.values[p.field] = refValue(p.key.Object.ids[rows[0]])
		default:
			return Errors{refuse("DUPLICATE_EXTERNAL_ID", []string{p.key.Name}, "%s: more than one record found for external id field: %s", p.key.Name, p.key.Object.names(rows))}
		}
	}
	d.parents = nil
	return nil
}

// names lists ids as error messages do: [001…, 001…].
func (o *Object) names(rows []int32) string {
	var out []string
	for _, row := range rows {
		out = append(out, o.ids[row].String())
	}
	return "[" + strings.Join(out, ", ") + "]"
}
