package portal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxMerged is how many records one record may have taken in.
const maxMerged = 250

// ghost marks, in place of an archiving stamp, a row of which nothing is to be seen any more: merged away, or deleted for good.
const ghost = -1

// Unmergeable is returned for two records that cannot be merged.
type Unmergeable struct{ Reason string }

func (e Unmergeable) Error() string { return e.Reason }

// TooManyMerged is returned when a record has taken in as many others as it can.
type TooManyMerged struct{ ID int64 }

func (e TooManyMerged) Error() string { return "Cannot have more than 250 identities on a profile" }

// Merge makes one record of two. What the primary has stays; what it lacks comes from the other, with its associations and, of
// contacts, its addresses. The other is gone without a tombstone, and its id leads to the one that is left. By the rule MergeNewID
// the record that is left has a new id and both old ones lead to it. The errors are Gone, Unmergeable and TooManyMerged.
func (o *Object) Merge(primary, other int64, by Source) (Record, error) {
	primary, other = o.Survivor(primary), o.Survivor(other)
	a, okA := o.table.get(primary)
	b, okB := o.table.get(other)
	switch {
	case !okA || a.archived != 0:
		return Record{}, Gone{primary}
	case !okB || b.archived != 0:
		return Record{}, Gone{other}
	case primary == other:
		return Record{}, Unmergeable{fmt.Sprintf("Cannot merge record %d with itself", primary)}
	}
	ra, rb := Record{o, a}, Record{o, b}
	old := slices.Concat(splitIDs(ra.stored("hs_merged_object_ids")), splitIDs(rb.stored("hs_merged_object_ids")), []string{optionalID(b.id)})
	if o.portal.Rules.MergeNewID {
		old = append(old, optionalID(a.id))
	}
	if len(old) > maxMerged {
		return Record{}, TooManyMerged{primary}
	}
	d := &draft{object: o, write: o.Begin(by), id: a.id, before: a}
	d.absorb(rb)
	d.fill("hs_merged_object_ids", strings.Join(sortedIDs(old), ";"))
	if o.Plural == "contacts" {
		d.mergeContact(rb)
	}
	sortCells(d.changes)
	return o.join(d, b, by), nil
}

// absorb takes over what only the other record has. Of two lifecycle stages the later one stays.
func (d *draft) absorb(other Record) {
	for rest := other.row.values; len(rest) > 0; {
		var c cell
		c, rest = rest.next()
		p := d.object.props[c.col]
		switch {
		case p.Name == "email", p.Name == "hs_additional_emails", p.Name == "hs_merged_object_ids", p.Name == "hs_calculated_merged_vids":
		case p.Name == "lifecyclestage" && isBackward(p, c.value, d.was(p.Name)):
			d.fill(p.Name, c.value)
		case d.before.values.get(c.col) == "":
			d.changes = append(d.changes, cell{c.col, strings.Clone(c.value)})
		}
	}
}

// mergeContact gathers the addresses and the ids of two contacts.
func (d *draft) mergeContact(other Record) {
	emails := splitIDs(d.was("hs_additional_emails"))
	mine := d.was("email")
	if mine == "" && other.stored("email") != "" {
		mine = other.stored("email")
		d.fill("email", mine)
	}
	for _, e := range append(splitIDs(other.stored("email")), splitIDs(other.stored("hs_additional_emails"))...) {
		if e != mine && !slices.Contains(emails, e) {
			emails = append(emails, e)
		}
	}
	d.fill("hs_additional_emails", strings.Join(emails, ";"))
	now := optionalID(d.object.portal.ms())
	vids := append(splitIDs(d.was("hs_calculated_merged_vids")), splitIDs(other.stored("hs_calculated_merged_vids"))...)
	if d.object.portal.Rules.MergeNewID {
		vids = append(vids, optionalID(d.id)+":"+now)
	}
	vids = append(vids, optionalID(other.row.id)+":"+now)
	d.fill("hs_calculated_merged_vids", strings.Join(vids, ";"))
}

// join stores the merged record and takes the other away.
func (o *Object) join(d *draft, other row, by Source) Record {
	now := o.portal.ms()
	left := d.before.id
	if o.portal.Rules.MergeNewID {
		left = o.table.freshID()
		next := row{id: left, created: min(d.before.created, other.created), modified: now, written: now, source: d.before.source, values: d.before.values}
		o.vanish(d.before, left, func() { o.store(next) })
		o.history[left] = o.history[d.before.id]
		d.id, d.before = left, next
	} else {
		d.created = min(d.before.created, other.created)
	}
	o.vanish(other, left, nil)
	return Record{o, o.apply(staged{before: d.before, id: left, changes: d.changes, created: d.created}, by)}
}

// vanish makes a ghost of a row whose record goes on under another id. between is called once the row holds no unique value
// any more and still has its associations.
func (o *Object) vanish(r row, left int64, between func()) {
	now := o.portal.ms()
	o.store(row{id: r.id, created: r.created, modified: max(now, r.modified+1), written: now, archived: ghost, source: r.source})
	if between != nil {
		between()
	}
	o.portal.MoveAssociations(o, r.id, left)
	if o.merged == nil {
		o.merged = map[int64]int64{}
	}
	o.merged[r.id] = left
	delete(o.history, r.id)
}

// Survivor is the id under which a record is found now: another one where it was merged away, its own otherwise.
func (o *Object) Survivor(id int64) int64 {
	for {
		next, merged := o.merged[id]
		if !merged {
			return id
		}
		id = next
	}
}

// splitIDs reads a list joined by semicolons.
func splitIDs(s string) []string {
	return slices.DeleteFunc(strings.Split(s, ";"), func(id string) bool { return id == "" })
}

func sortedIDs(ids []string) []string {
	slices.SortFunc(ids, CompareIDs)
	return slices.Compact(ids)
}

// Forget deletes a contact for good, as the law asks for: nothing is left to be seen or restored.
func (o *Object) Forget(id int64) error {
	r, ok := o.table.get(id)
	if !ok || r.archived == ghost {
		return Gone{id}
	}
	o.portal.dropAssociations(o, id)
	o.dropMember(id)
	now := o.portal.ms()
	o.store(row{id: r.id, created: r.created, modified: max(now, r.modified+1), written: now, archived: ghost, source: r.source})
	delete(o.history, id)
	delete(o.table.pending, id)
	return nil
}

// Block keeps an e-mail address from being used by any contact to come.
func (p *Portal) Block(email string) {
	if p.blocked == nil {
		p.blocked = map[string]bool{}
	}
	p.blocked[strings.ToLower(strings.TrimSpace(email))] = true
}

// Restorable is how long an archived record can be seen and brought back, in milliseconds.
const Restorable = 90 * 24 * 60 * 60 * 1000

// tombstone says whether an archived row is to be seen still.
func (o *Object) tombstone(r row) bool {
	return r.archived > 0 && o.portal.ms()-r.archived < Restorable
}

// Restore brings an archived record back, without the associations it had. The errors are Gone, Conflict and Taken.
func (o *Object) Restore(id int64) error {
	r, ok := o.table.get(id)
	if !ok || !o.tombstone(r) {
		return Gone{id}
	}
	var cells []cell
	for rest := r.values; len(rest) > 0; {
		var c cell
		c, rest = rest.next()
		cells = append(cells, c)
	}
	if err := o.Begin(Source{}).unique(id, cells); err != nil {
		return err
	}
	now := o.portal.ms()
	r.archived, r.written, r.modified = 0, now, max(now, r.modified+1)
	o.store(r)
	o.unfollow(id)
	return nil
}

// mergedVids are all ids a contact has had.
func mergedVids(r Record) string {
	return strings.Join(append([]string{strconv.FormatInt(r.row.id, 10)}, splitIDs(r.stored("hs_merged_object_ids"))...), ";")
}
