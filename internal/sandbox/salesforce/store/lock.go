package store

import "slices"

// Locks. A save locks its own row and the records it hangs on: a contact's account, an opportunity's account,
// the campaign of a member, who and what an activity is about. A row that somebody else holds refuses the
// save at once with UNABLE_TO_LOCK_ROW; the original waits up to ten seconds first.

// Lock holds a row until release is called. It may be held several times.
func (org *Org) Lock(ids ...ID) (release func()) {
	for _, id := range ids {
		org.locks[id]++
	}
	return func() {
		for _, id := range ids {
			if org.locks[id]--; org.locks[id] <= 0 {
				delete(org.locks, id)
			}
		}
	}
}

// lock takes the rows that a save needs.
func (c *change) lock() Errors {
	if len(c.Org.locks) == 0 && !c.noteHeld {
		return nil
	}
	var ids []ID
	if !c.create {
		ids = append(ids, c.object.ids[c.row])
		ids = append(ids, c.object.masters(c.row)...)
	}
	for _, f := range c.object.Fields {
		if v := c.next[f]; f.locks() && !v.IsNull() {
			ids = append(ids, v.id)
		}
	}
	if c.create && c.object.Name == "Task" && (c.get("IsClosed").True() || c.get("ActivityDate").IsNull()) {
		ids = nil // a task that is done or not due locks nothing when it is made
	}
	return c.take(ids)
}

// masters lists the records that a row hangs on.
func (o *Object) masters(row int32) []ID {
	var ids []ID
	for _, f := range o.Fields {
		if f.locks() {
			if v := f.values.get(row); !v.IsNull() {
				ids = append(ids, v.id)
			}
		}
	}
	return ids
}

// locks tells whether a save of the record locks what the reference points to.
func (f *Field) locks() bool {
	return f.Type == "reference" && (f.OnDelete != Clear || f.Relationship == "Account")
}

// take locks rows for this transaction, or says which ones it cannot have.
func (t *Tx) take(ids []ID) Errors {
	slices.SortFunc(ids, ID.Compare)
	ids = slices.Compact(ids)
	busy := ""
	n := 0
	for _, id := range ids {
		if t.Org.locks[id] > 0 {
			if n++; n > 1 {
				busy += ","
			}
			busy += id.String()
		}
	}
	if n > 0 {
		return Errors{refuse("UNABLE_TO_LOCK_ROW", []string{}, "unable to obtain exclusive access to this record or %d records: %s", n, busy)}
	}
	if t.noteHeld {
		if t.held == nil {
			t.held = map[ID]bool{}
		}
		for _, id := range ids {
			t.held[id] = true
		}
	}
	return nil
}
