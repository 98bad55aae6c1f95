package store

import (
	"fmt"
	"time"
)

// Rename gives the org another id.
func (org *Org) Rename(id string) error {
	next, ok := ParseID(id)
	if !ok || next.Prefix() != "00D" {
		return fmt.Errorf("%q is not the id of an org: they have 15 or 18 characters and begin with 00D", id)
	}
	o := org.Object("Organization")
	values, _ := org.Get(o, org.ID.String())
	row, _ := o.row(org.ID)
	o.move(row, gone)
	delete(values, "Id")
	values["Id"] = next.String()
	_, err := org.Insert("Organization", values)
	org.ID = next
	return err
}

// Active tells whether a user is there and may log in.
func (org *Org) Active(user ID) bool {
	o := org.Object("User")
	row, ok := o.row(user)
	return ok && o.state[row] == live && o.Value(row, o.Field("IsActive")).True()
}

// SavedBy lists the live records of an object that a user saved last, newest first. It looks at the last
// thousand saves only.
func (o *Object) SavedBy(user ID, limit int) []ID {
	by := o.Field("LastModifiedById")
	var out []ID
	seen := map[int32]bool{}
	entries := o.stamps.entries
	for i := len(entries) - 1; i >= max(0, len(entries)-1000) && len(out) < limit && by != nil; i-- {
		row := entries[i].row
		if !seen[row] && o.state[row] == live && by.values.get(row).id == user {
			out = append(out, o.ids[row])
		}
		seen[row] = true
	}
	return out
}

// ParseInstant reads an instant with an offset as the API takes it: Z, +00:00 or +0000.
func ParseInstant(s string) (time.Time, bool) { return parseDateTime(s) }
