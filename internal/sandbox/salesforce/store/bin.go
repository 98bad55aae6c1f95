package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// binTime is how long a deleted record lies in the recycle bin, and how long the log of deletions remembers it,
// in seconds.
const binTime = 15 * day

// deletion is one entry of an object's log. Records deleted by one cascade share a batch.
type deletion struct {
	at    int64
	row   int32
	batch int32
}

// Deletion is a record that was deleted.
type Deletion struct {
	ID ID
	At time.Time
}

// Deleted lists the records that were deleted in [from, to) and not brought back, oldest first. Of deletions
// more than 15 days ago nothing is known.
func (o *Object) Deleted(from, to time.Time) []Deletion {
	o.settle()
	var out []Deletion
	for _, d := range o.deletions {
		if d.at >= from.Unix() && d.at < to.Unix() {
			out = append(out, Deletion{o.ids[d.row], time.Unix(d.at, 0).UTC()})
		}
	}
	return out
}

// Updated lists the live records whose SystemModstamp lies in [from, to), oldest first.
func (o *Object) Updated(from, to time.Time) []ID {
	if o.stamp == nil {
		return nil
	}
	var out []ID
	for _, row := range o.stamped(from.Unix(), to.Unix()) {
		if o.state[row] == live {
			out = append(out, o.ids[row])
		}
	}
	return out
}

// Sweep empties the recycle bin of what has lain in it for 15 days, and forgets those deletions.
func (org *Org) Sweep() {
	before := org.Now().Unix() - binTime
	for _, o := range org.objects {
		if len(o.deletions) == 0 {
			continue
		}
		o.settle()
		n := 0
		for n < len(o.deletions) && o.deletions[n].at < before {
			if row := o.deletions[n].row; o.state[row] == deleted {
				o.move(row, gone)
				delete(org.cleared, o.ids[row])
			}
			n++
		}
		o.deletions = o.deletions[n:]
	}
}

// settle puts the log in order after a record was inserted as one deleted long ago.
func (o *Object) settle() {
	if o.disorder {
		slices.SortStableFunc(o.deletions, func(a, b deletion) int { return cmp.Compare(a.at, b.at) })
		o.disorder = false
	}
}

// log notes a deletion.
func (o *Object) log(d deletion) {
	if n := len(o.deletions); n > 0 && d.at < o.deletions[n-1].at {
		o.disorder = true
	}
	o.deletions = append(o.deletions, d)
}

// unlog forgets the last deletion of a row.
func (o *Object) unlog(row int32) (deletion, bool) {
	for i := len(o.deletions) - 1; i >= 0; i-- {
		if d := o.deletions[i]; d.row == row {
			o.deletions = slices.Delete(o.deletions, i, i+1)
			return d, true
		}
	}
	return deletion{}, false
}

// Delete puts a record into the recycle bin, and with it those that are nothing without it. What merely
// referred to it refers to nothing.
func (t *Tx) Delete(o *Object, sent string) Errors {
	row, errs := t.target(o, sent)
	if errs != nil {
		return errs
	}
	if !o.Deletable {
		return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "entity type cannot be deleted: %s", o.Label)}
	}
	if !t.permits(o, "PermissionsDelete") || t.barred(o.ids[row]) {
		return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "insufficient access rights on object id")}
	}
	mark := t.Mark()
	t.Org.batches++
	if errs := t.bin(o, row, t.Org.batches); errs != nil {
		t.Rollback(mark)
		return errs
	}
	return nil
}

// HardDelete removes a record, and what goes with it, past the recycle bin; the log of deletions knows them.
func (t *Tx) HardDelete(o *Object, sent string) Errors {
	if errs := t.Delete(o, sent); errs != nil {
		return errs
	}
	for _, other := range t.Org.objects {
		for i := len(other.deletions) - 1; i >= 0 && other.deletions[i].batch == t.Org.batches; i-- {
			t.move(other, other.deletions[i].row, gone)
		}
	}
	return nil
}

// bin deletes one row and what hangs on it.
func (t *Tx) bin(o *Object, row int32, batch int32) Errors {
	id := o.ids[row]
	triggers := t.Org.triggers[o]
	before := map[string]string(nil)
	if triggers != nil {
		before = o.texts(row)
	}
	if errs := fire(triggers, "BeforeDelete", before, nil); errs != nil {
		return errs
	}
	if o.nature.leaving != nil {
		if errs := o.nature.leaving(t, o, row); errs != nil {
			return errs
		}
	}
	if len(t.Org.locks) > 0 || t.noteHeld {
		if errs := t.take(append(o.masters(row), id)); errs != nil {
			return errs
		}
	}
	t.touch(o, row)
	t.throw(o, row, batch)
	var errs Errors
	t.Org.references(o, func(f *Field) {
		if errs == nil && !f.remembers() {
			errs = t.orphan(f, o, row, batch)
		}
	})
	if errs != nil {
		return errs
	}
	return fire(triggers, "AfterDelete", before, nil)
}

// throw moves a row into the bin, and logs it.
func (t *Tx) throw(o *Object, row int32, batch int32) {
	t.move(o, row, deleted)
	o.log(deletion{t.now, row, batch})
	t.later(func() { o.unlog(row) })
}

// remembers tells whether a reference outlives what it points to: who made a record, what a merged one became.
func (f *Field) remembers() bool {
	switch f.Name {
	case "MasterRecordId", "CreatedById", "LastModifiedById", "ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId", "OwnerId", "LeadOrContactId":
		return true
	}
	return false
}

// orphan deals with the records whose reference f led to a row that is now deleted.
func (t *Tx) orphan(f *Field, o *Object, row int32, batch int32) Errors {
	child := f.Object
	for _, at := range f.pointing(o.ids[row]) {
		switch {
		case f.OnDelete == Restrict && !f.Custom: // the object's own rule has judged: nature.leaving
		case f.OnDelete == Restrict:
			name, _ := o.title(row)
			return Errors{refuse("DELETE_FAILED", []string{}, "Your attempt to delete %s could not be completed because it is associated with the following %s.", name, fold(child.Plural))}
		case f.OnDelete == Cascade && child.state[at] == live:
			if errs := t.bin(child, at, batch); errs != nil {
				return errs
			}
		case f.OnDelete == Clear:
			t.set(child, at, f, Value{})
			if !t.Org.Rules.StillClears {
				t.stir(child, at)
			}
			id, was := o.ids[row], t.Org.cleared[o.ids[row]]
			t.Org.cleared[id] = append(was[:len(was):len(was)], clearing{f, at})
			t.later(func() { t.Org.cleared[id] = was })
		}
	}
	return nil
}

// clearing is a reference that a deletion made null.
type clearing struct {
	field *Field
	row   int32
}

// title is what error messages call a record.
func (o *Object) title(row int32) (string, bool) {
	for _, name := range []string{"Name", "Subject", "CaseNumber"} {
		if f := o.Field(name); f != nil {
			return o.Value(row, f).String(), true
		}
	}
	return o.ids[row].String(), false
}

// Undelete brings a record back from the recycle bin, with what was deleted along with it and the references
// that its deletion cleared and nobody filled since.
func (org *Org) Undelete(o *Object, id string) error { return org.Begin(org.Human).Undelete(o, id) }

// Undelete is Org.Undelete by the transaction's user.
func (t *Tx) Undelete(o *Object, id string) error {
	org := t.Org
	parsed, _ := ParseID(id)
	row, ok := o.row(parsed)
	if !ok || o.state[row] != deleted {
		return Errors{refuse("UNDELETE_FAILED", []string{}, "Entity is not in the recycle bin")}
	}
	if f := o.Field("MasterRecordId"); f != nil && !o.Value(row, f).IsNull() {
		return Errors{refuse("UNDELETE_FAILED", []string{}, "A merged record cannot be brought back")}
	}
	d, logged := o.unlog(row)
	t.restore(o, row)
	if !logged || d.batch == 0 {
		return nil
	}
	for _, other := range org.Objects() {
		for i := len(other.deletions) - 1; i >= 0; i-- {
			if e := other.deletions[i]; e.batch == d.batch && other.state[e.row] == deleted {
				other.deletions = slices.Delete(other.deletions, i, i+1)
				t.restore(other, e.row)
			}
		}
	}
	return nil
}

func (t *Tx) restore(o *Object, row int32) {
	t.move(o, row, live)
	t.touch(o, row)
	id := o.ids[row]
	for _, c := range t.Org.cleared[id] {
		if c.field.values.get(c.row).IsNull() {
			t.set(c.field.Object, c.row, c.field, refValue(id))
			t.stir(c.field.Object, c.row)
		}
	}
	delete(t.Org.cleared, id)
}

// Purge removes a record for good, out of the bin or past it; what hung on it stays as it is.
func (org *Org) Purge(o *Object, id string) error {
	parsed, _ := ParseID(id)
	row, ok := o.row(parsed)
	if !ok {
		return fmt.Errorf("%s has no record %s", o.Name, id)
	}
	o.move(row, gone)
	delete(org.cleared, parsed)
	return nil
}
