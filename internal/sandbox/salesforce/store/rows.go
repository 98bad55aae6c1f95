package store

import (
	"math"
	"slices"
	"strings"
)

// row finds the row of an id, whatever its state but gone.
func (o *Object) row(id ID) (int32, bool) {
	row, ok := o.byID[id]
	return row, ok && o.state[row] != gone
}

// Rows is how many rows there are, deleted ones included; row numbers run below it.
func (o *Object) Rows() int32 { return int32(len(o.ids)) }

// Live is how many records there are, deleted ones left out.
func (o *Object) Live() int { return o.live }

// shown tells whether a query finds a row. What is deleted, and activities that were archived a year after they were
// over, queryAll alone finds.
func (o *Object) shown(row int32, all bool) bool {
	switch o.state[row] {
	case live:
		return all || o.archived == nil || !o.archived.values.get(row).True()
	case deleted:
		return all
	}
	return false
}

// ID is the id of a row.
func (o *Object) ID(row int32) ID { return o.ids[row] }

// Value is what a column holds in a row.
func (o *Object) Value(row int32, f *Field) Value {
	switch {
	case !f.computed():
		return f.values.get(row)
	case f.Type == "id":
		return refValue(o.ids[row])
	case f.Name == "IsDeleted":
		return boolValue(o.state[row] == deleted)
	case f.Type == "address":
		return o.address(row, f)
	case f.photo():
		return textValue("/services/images/photo/" + o.ids[row].String())
	case f.formula != nil:
		v, _ := parse(f, f.formula(o.stored(row)))
		return v
	}
	first := o.Value(row, o.Field("FirstName")).text
	return textValue(strings.TrimSpace(first + " " + o.Value(row, o.Field("LastName")).text))
}

// addressParts are the members of an address; the codes only where the org has state and country picklists.
var addressParts = []string{"City", "Country", "CountryCode", "GeocodeAccuracy", "Latitude", "Longitude", "PostalCode", "State", "StateCode", "Street"}

// address puts the parts of a compound together; null when all are.
func (o *Object) address(row int32, f *Field) Value {
	prefix := strings.TrimSuffix(f.Name, "Address")
	var b []byte
	some := false
	for _, part := range addressParts {
		f := o.Field(prefix + part)
		if f == nil {
			continue
		}
		v := o.Value(row, f)
		some = some || !v.IsNull()
		b = append(b, ',')
		b = AppendString(b, strings.ToLower(part[:1])+part[1:])
		b = append(b, ':')
		b = v.AppendJSON(b)
	}
	if !some {
		return Value{}
	}
	b[0] = '{'
	return Value{Kind: Address, text: string(append(b, '}'))}
}

// newRow adds a live row.
func (o *Object) newRow(id ID) int32 {
	row := int32(len(o.ids))
	if n := len(o.order); n > 0 && o.ids[o.order[n-1]].Compare(id) > 0 {
		o.unsorted = true
	}
	o.ids = append(o.ids, id)
	o.state = append(o.state, live)
	o.order = append(o.order, row)
	o.byID[id] = row
	o.live++
	return row
}

// freshID makes an id that no record has.
func (o *Object) freshID() ID {
	for {
		o.created++
		id := makeID(o.Prefix, o.created)
		if _, taken := o.byID[id]; !taken {
			return id
		}
	}
}

// idOrder lists all rows in id order.
func (o *Object) idOrder() []int32 {
	if o.unsorted {
		slices.SortFunc(o.order, func(a, b int32) int { return o.ids[a].Compare(o.ids[b]) })
		o.unsorted = false
	}
	return o.order
}

// set stores a value and keeps the indexes.
func (o *Object) set(row int32, f *Field, v Value) {
	indexed := f.index != nil && o.state[row] == live
	if f == o.stamp {
		if old := f.values.get(row); old.Kind == v.Kind && old.n == v.n {
			return
		}
		o.stamps.add(v.n, row)
	}
	if indexed {
		if old := f.values.get(row); !old.IsNull() {
			f.index.remove(f.key(old), row)
		}
	}
	f.values.set(row, v)
	if indexed && !v.IsNull() {
		f.index.add(f.key(v), row)
	}
}

// move brings a row into another state. Only live rows stand in the indexes: what lies in the recycle bin
// blocks no unique value.
func (o *Object) move(row int32, to state) {
	from := o.state[row]
	for _, f := range o.Fields {
		if f.index == nil || from == to {
			continue
		}
		if v := f.values.get(row); !v.IsNull() {
			if from == live {
				f.index.remove(f.key(v), row)
			}
			if to == live {
				f.index.add(f.key(v), row)
			}
		}
	}
	if from == live {
		o.live--
	}
	if to == live {
		o.live++
	}
	o.state[row] = to
}

// stamped lists rows whose SystemModstamp lies in [from, to), oldest first, rows of one second by id.
func (o *Object) stamped(from, to int64) []int32 {
	rows := o.stamps.from(from, to, o.Rows(), func(row int32) (int64, bool) {
		return o.stamp.values.get(row).n, o.state[row] != gone
	})
	at := func(row int32) int64 { return o.stamp.values.get(row).n }
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && at(rows[j]) == at(rows[i]) {
			j++
		}
		slices.SortFunc(rows[i:j], func(a, b int32) int { return o.ids[a].Compare(o.ids[b]) })
		i = j
	}
	return rows
}

// always is a range that holds every instant.
const (
	minTime = math.MinInt64
	maxTime = math.MaxInt64
)

// holders lists the live rows in which an indexed column holds v.
func (f *Field) holders(v Value) []int32 {
	if v.IsNull() {
		return nil
	}
	return f.index.rows(f.key(v))
}
