package portal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Owner is a user or queue that can own records.
type Owner struct {
	ID                  string
	Email               string
	FirstName, LastName string
	Type                string // PERSON or QUEUE
	UserID              int64
	CreatedAt           time.Time
	UpdatedAt           time.Time
	Archived            bool
	Teams               []Team
}

// Team is a team an owner belongs to.
type Team struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Primary bool   `json:"primary"`
}

// Owners lists the owners, live or archived, in id order.
func (p *Portal) Owners(archived bool) []Owner {
	var found []Owner
	for _, o := range p.owners {
		if o.Archived == archived {
			found = append(found, o)
		}
	}
	return found
}

// Owner finds an owner by id, live or archived.
func (p *Portal) Owner(id string) (Owner, bool) {
	for _, o := range p.owners {
		if o.ID == id {
			return o, true
		}
	}
	return Owner{}, false
}

// SetOwner adds an owner, or replaces the one with its id. Empty: an id and user id are given, the type is PERSON.
func (p *Portal) SetOwner(o Owner) (Owner, error) {
	if o.ID == "" {
		o.ID = fmt.Sprint(41_000_001 + len(p.owners))
	}
	if !isDigits(o.ID) {
		return o, fmt.Errorf("owner id %q is not a number", o.ID)
	}
	if o.UserID == 0 {
		o.UserID = 9_000_001 + int64(len(p.owners))
	}
	if o.Type == "" {
		o.Type = "PERSON"
	}
	now := p.Now().UTC().Truncate(time.Millisecond)
	if o.CreatedAt.IsZero() {
		o.CreatedAt = now
	}
	if o.UpdatedAt.IsZero() {
		o.UpdatedAt = now
	}
	at, exists := slices.BinarySearchFunc(p.owners, o.ID, func(a Owner, id string) int { return CompareIDs(a.ID, id) })
	if exists {
		p.owners[at] = o
	} else {
		p.owners = slices.Insert(p.owners, at, o)
	}
	p.user(o)
	return o, nil
}

// user keeps the record of the person behind an owner.
func (p *Portal) user(o Owner) {
	if o.Type != "PERSON" {
		return
	}
	users := p.Object("users")
	w := users.Begin(Source{Type: "USERS", ID: "users"})
	d := &draft{object: users, write: w}
	id := strconv.FormatInt(o.UserID, 10)
	for _, r := range users.table.rows {
		if (Record{users, r}).stored("hs_internal_user_id") == id {
			d.id, d.before = r.id, r
		}
	}
	if d.creating() {
		d.id = users.table.freshID()
	}
	d.fill("hs_internal_user_id", id)
	d.fill("hs_email", o.Email)
	d.fill("hs_given_name", o.FirstName)
	d.fill("hs_family_name", o.LastName)
	sortCells(d.changes)
	users.apply(staged{before: d.before, id: d.id, changes: d.changes}, w.source)
}

// ownerComputed gives what follows from the record's owner: the lists of owners, users and teams.
func (o *Object) ownerComputed(name string) func(Record) string {
	all := func(r Record, of func(Owner) []string) string {
		id := r.stored("hubspot_owner_id")
		if id == "" {
			return ""
		}
		owner, known := o.portal.Owner(id)
		if !known {
			owner.ID = id
		}
		return strings.Join(of(owner), ";")
	}
	switch name {
	case "hs_all_owner_ids":
		return func(r Record) string { return all(r, func(o Owner) []string { return []string{o.ID} }) }
	case "hs_user_ids_of_all_owners":
		return func(r Record) string { return all(r, func(o Owner) []string { return []string{optionalID(o.UserID)} }) }
	case "hs_all_team_ids":
		return func(r Record) string {
			return all(r, func(o Owner) []string { return ids(o.Teams, func(t Team) string { return t.ID }) })
		}
	}
	return func(r Record) string { // hubspot_team_id
		return all(r, func(o Owner) []string {
			for _, t := range o.Teams {
				if t.Primary {
					return []string{t.ID}
				}
			}
			return nil
		})
	}
}

// optionalID writes an id, nothing for 0.
func optionalID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
