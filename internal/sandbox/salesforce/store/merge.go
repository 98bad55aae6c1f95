package store

import (
	"fmt"
	"maps"
	"slices"
)

// maxLosers is how many records one merge can make disappear.
const maxLosers = 2

// Merge makes winner the survivor of one or two losers of its object: they lie in the recycle bin with
// MasterRecordId, and what referred to them refers to the winner. keep are values that the winner takes over in
// the same step, chosen by whoever merges.
func (org *Org) Merge(o *Object, winner string, losers []string, keep map[string]string) error {
	return org.Begin(org.Human).Merge(o, winner, losers, keep)
}

// Merge is Org.Merge by the transaction's user.
func (t *Tx) Merge(o *Object, winner string, losers []string, keep map[string]string) (err error) {
	org, mark := t.Org, t.Mark()
	defer func() {
		if err != nil {
			t.Rollback(mark)
		}
	}()
	top, errs := t.target(o, winner)
	if errs != nil {
		return errs
	}
	if len(losers) > maxLosers || len(losers) == 0 {
		return fmt.Errorf("a merge has one or two losers, not %d", len(losers))
	}
	for _, id := range losers {
		row, errs := t.target(o, id)
		if errs != nil {
			return errs
		}
		if !o.Mergeable || row == top {
			return fmt.Errorf("%s %s cannot be merged away", o.Name, id)
		}
		if err := mergeable(o, top, row); err != nil {
			return err
		}
		org.batches++
		t.mergePeople(o, top, row)
		t.repoint(o, o.ids[row], o.ids[top])
		t.set(o, row, o.Field("MasterRecordId"), refValue(o.ids[top]))
		t.touch(o, row)
		t.throw(o, row, org.batches)
	}
	if len(keep) > 0 {
		for _, name := range slices.Sorted(maps.Keys(keep)) {
			if o.Field(name) == nil {
				return fmt.Errorf("%s has no field %s", o.Name, name)
			}
		}
		d := draft(o, keep)
		d.ID = winner
		if _, errs := t.Update(d); errs != nil {
			return errs
		}
	}
	t.touch(o, top)
	return nil
}

// repoint leads every reference to one record to another. What it changes is saved by the system: only
// SystemModstamp moves. A campaign that would then have one member twice loses the second.
func (t *Tx) repoint(o *Object, from, to ID) {
	t.Org.references(o, func(f *Field) {
		if f.Name == "MasterRecordId" {
			return
		}
		other := f.Object
		for _, row := range slices.Clone(f.pointing(from)) {
			if other.Name == "CampaignMember" && f.Name != "LeadOrContactId" && t.Org.member(other.Value(row, other.Field("CampaignId")).id, to) >= 0 {
				t.Org.batches++
				t.throw(other, row, t.Org.batches)
				continue
			}
			t.set(other, row, f, refValue(to))
			t.stir(other, row)
		}
	})
}
