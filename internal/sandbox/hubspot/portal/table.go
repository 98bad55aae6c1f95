package portal

import (
	"cmp"
	"slices"
	"strings"
)

// table holds one object's rows and finds them by id, by modified stamp and by unique value.
type table struct {
	rows     []row
	at       map[int64]int32 // id → place in rows
	unsorted bool            // rows were added out of id order since they were last sorted
	stamps   stamps          // live rows
	keys     map[uint16]map[string]int64
	shared   map[uint16]bool // unique properties of which some records, taken as they stood, share a value
	pending  map[int64][]row // versions that newer ones replaced within the lag, oldest first; empty for a record as young
	archived int             // how many rows are archived
	lastID   *int64          // the highest id that was given, by this object or one that it shares a count with
}

// firstID is below the ids of records that a portal makes by itself.
const firstID = 10_000_000

// newTable counts the ids of new records on from lastID; nil: from where HubSpot's objects begin here.
func newTable(lastID *int64) table {
	if lastID == nil {
		lastID = new(int64(firstID))
	}
	return table{at: map[int64]int32{}, keys: map[uint16]map[string]int64{}, shared: map[uint16]bool{}, pending: map[int64][]row{}, lastID: lastID}
}

// get finds the current version of a record, archived or not.
func (t *table) get(id int64) (row, bool) {
	i, ok := t.at[id]
	if !ok {
		return row{}, false
	}
	return t.rows[i], true
}

// freshID gives an id no record of the object has had.
func (t *table) freshID() int64 { *t.lastID++; return *t.lastID }

// put stores a version, in place of the one before it.
func (t *table) put(r row) {
	if i, ok := t.at[r.id]; ok {
		old := t.rows[i]
		if old.archived == 0 {
			t.stamps.remove(old)
		} else {
			t.archived--
		}
		t.rows[i] = r
	} else {
		if n := len(t.rows); n > 0 && t.rows[n-1].id > r.id {
			t.unsorted = true
		}
		t.at[r.id] = int32(len(t.rows))
		t.rows = append(t.rows, r)
		*t.lastID = max(*t.lastID, r.id)
	}
	if r.archived == 0 {
		t.stamps.insert(r)
	} else {
		t.archived++
	}
}

// sorted returns the rows in id order.
func (t *table) sorted() []row {
	if t.unsorted {
		slices.SortFunc(t.rows, func(a, b row) int { return cmp.Compare(a.id, b.id) })
		for i, r := range t.rows {
			t.at[r.id] = int32(i)
		}
		t.unsorted = false
	}
	return t.rows
}

// from returns the place of the first row with an id of at least id.
func (t *table) from(id int64) int {
	i, _ := slices.BinarySearchFunc(t.sorted(), id, func(r row, id int64) int { return cmp.Compare(r.id, id) })
	return i
}

// stamp is one entry of the order by modified stamp.
type stamp struct{ modified, id int64 }

func compareStamps(a, b stamp) int {
	if c := cmp.Compare(a.modified, b.modified); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// stamps is the sorted order of (modified, id). Changes gather aside and are merged in when the order is next read:
// a batch of writes costs one pass and touches no row.
type stamps struct {
	sorted            []stamp
	inserted, removed []stamp
}

func (s *stamps) insert(r row) { s.inserted = append(s.inserted, stamp{r.modified, r.id}) }
func (s *stamps) remove(r row) { s.removed = append(s.removed, stamp{r.modified, r.id}) }

// order returns the entries of all live rows.
func (s *stamps) order() []stamp {
	if len(s.inserted) == 0 && len(s.removed) == 0 {
		return s.sorted
	}
	slices.SortFunc(s.inserted, compareStamps)
	slices.SortFunc(s.removed, compareStamps)
	// What was inserted and removed since the last merge cancels out; the rest of removed is in sorted.
	inserted, removed := without(s.inserted, s.removed)
	merged := make([]stamp, 0, len(s.sorted)+len(inserted))
	rest := s.sorted
	for len(inserted) > 0 || len(removed) > 0 {
		var at stamp
		drop := len(inserted) == 0 || len(removed) > 0 && compareStamps(removed[0], inserted[0]) < 0
		if drop {
			at, removed = removed[0], removed[1:]
		} else {
			at, inserted = inserted[0], inserted[1:]
		}
		i, _ := slices.BinarySearchFunc(rest, at, compareStamps)
		merged = append(merged, rest[:i]...)
		rest = rest[i:]
		if drop {
			rest = rest[1:]
		} else {
			merged = append(merged, at)
		}
	}
	s.sorted, s.inserted, s.removed = append(merged, rest...), nil, nil
	return s.sorted
}

// without takes the entries that both sorted lists hold out of both.
func without(a, b []stamp) (onlyA, onlyB []stamp) {
	for len(a) > 0 && len(b) > 0 {
		switch c := compareStamps(a[0], b[0]); {
		case c == 0:
			a, b = a[1:], b[1:]
		case c < 0:
			onlyA, a = append(onlyA, a[0]), a[1:]
		default:
			onlyB, b = append(onlyB, b[0]), b[1:]
		}
	}
	return append(onlyA, a...), append(onlyB, b...)
}

// between returns the entries with lo ≤ modified ≤ hi.
func (s *stamps) between(lo, hi int64) []stamp {
	all := s.order()
	i, _ := slices.BinarySearchFunc(all, lo, func(s stamp, at int64) int { return cmp.Compare(s.modified, at) })
	rest := all[i:]
	j, _ := slices.BinarySearchFunc(rest, hi, func(s stamp, at int64) int {
		if s.modified > at {
			return 1
		}
		return -1
	})
	return rest[:j]
}

// holder finds the live record that holds a unique value.
func (o *Object) holder(p *Property, value string) (int64, bool) {
	id, ok := o.table.keys[p.col][o.key(p, value)]
	return id, ok
}

// key is the form in which two values of a unique property are the same.
func (o *Object) key(p *Property, value string) string {
	if o.isEmail(p) || o.portal.Rules.UniqueFoldsCase {
		return strings.ToLower(value)
	}
	return value
}

// unique lists the keys a row holds of a unique property: an e-mail address counts with the additional ones.
func (o *Object) unique(p *Property, r row) []string {
	var keys []string
	if v := r.values.get(p.col); v != "" {
		keys = append(keys, o.key(p, v))
	}
	if o.isEmail(p) {
		for v := range strings.SplitSeq(r.values.get(o.byName["hs_additional_emails"].col), ";") {
			if v = strings.TrimSpace(v); v != "" {
				keys = append(keys, o.key(p, v))
			}
		}
	}
	return keys
}

// store puts a version of a record into the table, its keys and, when searches lag, the pending versions.
func (o *Object) store(r row) {
	t := &o.table
	old, existed := t.get(r.id)
	for col, index := range t.keys {
		p := o.props[col]
		if existed {
			for _, k := range o.unique(p, old) {
				if index[k] == r.id {
					delete(index, k)
				}
			}
		}
		if r.archived != 0 {
			continue
		}
		for _, k := range o.unique(p, r) {
			// Records taken as they stand may share a value; the first one keeps it.
			if holder, taken := index[k]; !taken {
				index[k] = r.id
			} else if holder != r.id {
				t.shared[col] = true
			}
		}
	}
	if keep := max(o.portal.Lag, o.portal.Keep); keep > 0 && r.written > o.portal.ms()-keep.Milliseconds() {
		if existed {
			t.pending[r.id] = append(t.pending[r.id], old)
		} else {
			t.pending[r.id] = nil
		}
	}
	t.put(r)
	o.changed()
}
