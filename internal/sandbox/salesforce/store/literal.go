package store

import (
	"time"

	"lockstep/internal/sandbox/salesforce/soql"
)

// operand turns a literal into the values it means for a column, or says why it cannot stand there.
func (b *binder) operand(p *path, k Kind, at int, v soql.Value) (lo, hi Value, err *soql.Error) {
	one := func(x Value) (Value, Value, *soql.Error) { return x, x, nil }
	if v.Kind == soql.Null {
		return Value{}, Value{}, nil
	}
	wrong := func(kind, quotes string) (Value, Value, *soql.Error) {
		return Value{}, Value{}, b.q.Invalid("INVALID_FIELD", at, "value of filter criterion for field '%s' must be of type %s and should %sbe enclosed in quotes", p.leaf.Name, kind, quotes)
	}
	switch k {
	case Text:
		if p.leaf.Type == "time" && p.wrap == "" {
			clock, ok := parseTime(v.Text)
			if v.Kind != soql.Clock || !ok {
				return wrong("time", "not ")
			}
			return one(textValue(clock))
		}
		if v.Kind != soql.Text {
			return wrong("string", "")
		}
		return one(textValue(v.Text))
	case Ref:
		if v.Kind != soql.Text {
			return wrong("ID", "")
		}
		if v.Text == "" {
			return Value{}, Value{}, nil
		}
		id, ok := ParseID(v.Text)
		if !ok {
			return Value{}, Value{}, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at, "invalid ID field: %s", v.Text)
		}
		return one(refValue(id))
	case Number, Integer:
		if v.Kind != soql.Number {
			return wrong(map[Kind]string{Number: "double", Integer: "int"}[k], "not ")
		}
		return one(Value{Kind: k, number: v.Number})
	case Boolean:
		if v.Kind != soql.Boolean {
			return wrong("boolean", "not ")
		}
		return one(boolValue(v.Bool))
	}
	kind := map[Kind]string{Date: "date", DateTime: "dateTime"}[k]
	if v.Kind == soql.Named {
		from, to, _ := v.Days(b.org.Now().In(b.zone()))
		if k == Date {
			first, last := dayOf(from), dayOf(to.AddDate(0, 0, -1))
			return Value{Kind: k, n: first}, Value{Kind: k, n: last}, nil
		}
		return Value{Kind: k, n: from.Unix()}, Value{Kind: k, n: to.Unix() - 1}, nil
	}
	if string(v.Kind) != kind {
		return wrong(kind, "not ")
	}
	return one(Value{Kind: k, n: v.Time.Unix()})
}

// dayOf is the calendar day of an instant as dates are held: its midnight in UTC.
func dayOf(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix()
}
