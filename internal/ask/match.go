package ask

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Match is two records of which a person may say whether they are one.
type Match struct {
	Entity              string
	HubSpot, Salesforce crm.Record
	Taken               crm.System // whose record has another partner: they can be told apart, not linked; empty: neither's
	Held                bool       // they were a pair once: undone, or one of them had an older pair
	Why                 string     // the rule that names them, or why they are held
}

// Matches lists what waits for a person's word, by entity and HubSpot's record, without what p's same_as.csv answers already.
func Matches(ctx context.Context, db Reader, p *entity.Project) (all []Match, err error) {
	defer wrap(&err, "ask.Matches")
	linked, err := linkedTables(ctx, db, p)
	if err != nil {
		return nil, err
	}
	linked = slices.DeleteFunc(linked, func(name string) bool { e, _ := p.Entity(name); return e.Set() })
	err = query(ctx, db, "matches.sql", map[string]any{"Linked": linked}, nil, func(r *sql.Rows) error {
		m := Match{HubSpot: crm.Record{Object: crm.Object{System: crm.HubSpot}}, Salesforce: crm.Record{Object: crm.Object{System: crm.Salesforce}}}
		var here, there bool
		var rank sql.NullInt64
		if err := r.Scan(&m.Entity, &m.HubSpot.Object.Name, &m.HubSpot.ID, &here, &m.Salesforce.Object.Name, &m.Salesforce.ID, &there, &m.Held, &m.Why, &rank); err != nil {
			return err
		}
		switch {
		case here:
			m.Taken = crm.HubSpot
		case there:
			m.Taken = crm.Salesforce
		}
		e, ok := p.Entity(m.Entity)
		if !ok {
			return nil
		}
		if _, said := e.Said(m.HubSpot, m.Salesforce); !said {
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// Reason is why somebody should look, for him to read.
func (m Match) Reason() string {
	switch {
	case m.Held:
		return "held apart: " + m.Why
	case m.Taken != "":
		return fmt.Sprintf("%s; the %s record has a pair", m.Why, m.Taken)
	}
	return m.Why
}

// Find is the pair of records of an entity that two ids mean, in either order: one of those that wait, else two records
// of the mirrors. An id that stands in two objects of one CRM is refused: same_as.csv can tell them apart.
func Find(ctx context.Context, db Reader, p *entity.Project, name, one, other string) (hubspot, salesforce crm.Record, err error) {
	e, ok := p.Entity(name)
	if !ok {
		return hubspot, salesforce, crm.WithHint(fmt.Errorf("no entity %q in sql/", name), "`lockstep resolve` lists what waits")
	}
	if e.Set() {
		return hubspot, salesforce, crm.WithHint(fmt.Errorf("%s has no records of its own, only connections between records", name), "`lockstep resolve` lists what waits")
	}
	all, err := Matches(ctx, db, p)
	if err != nil {
		return hubspot, salesforce, err
	}
	i := slices.IndexFunc(all, func(m Match) bool {
		return m.Entity == name && (m.HubSpot.ID == one && m.Salesforce.ID == other || m.HubSpot.ID == other && m.Salesforce.ID == one)
	})
	if i >= 0 {
		return all[i].HubSpot, all[i].Salesforce, nil
	}
	found := map[crm.System]crm.Record{}
	for _, id := range []string{one, other} {
		r, err := find(ctx, db, e, id)
		if err != nil {
			return hubspot, salesforce, err
		}
		if before, twice := found[r.Object.System]; twice {
			return hubspot, salesforce, crm.WithHint(fmt.Errorf("%s and %s are both %s's", before, r, r.Object.System), "name one record of each CRM; two of one CRM are merged there")
		}
		found[r.Object.System] = r
	}
	return found[crm.HubSpot], found[crm.Salesforce], nil
}

// find is the record of an entity that has the id.
func find(ctx context.Context, db Reader, e *entity.Entity, id string) (crm.Record, error) {
	var objects []crm.Object
	for _, s := range crm.Systems {
		known, err := tables(ctx, db, string(s))
		if err != nil {
			return crm.Record{}, fmt.Errorf("ask.Find: %w", err)
		}
		for _, o := range e.Objects() {
			if o.System == s && slices.Contains(known, o.Name) {
				objects = append(objects, o)
			}
		}
	}
	var found []crm.Record
	if len(objects) > 0 {
		err := query(ctx, db, "record.sql", map[string]any{"Objects": objects}, []any{id}, func(r *sql.Rows) error {
			x := crm.Record{ID: id}
			err := r.Scan(&x.Object.System, &x.Object.Name)
			found = append(found, x)
			return err
		})
		if err != nil {
			return crm.Record{}, fmt.Errorf("ask.Find: %w", err)
		}
	}
	switch len(found) {
	case 0:
		return crm.Record{}, crm.WithHint(fmt.Errorf("no %s has the id %q", e.Name, id), "an id as the CRM shows it, of a record that a run has read; `lockstep resolve` lists what waits")
	case 1:
		return found[0], nil
	}
	return crm.Record{}, crm.WithHint(fmt.Errorf("%s and %s have the same id", found[0], found[1]), "write the line into sql/%s/same_as.csv: it names the objects", e.Name)
}

// Answer notes a person's word on two records in the project's same_as.csv, in dir/NAME below the folder sql/ that p was
// loaded from, and returns the line. What the word could not bring about is refused: two records that are linked stay so,
// and one that has a partner gets no second one.
func Answer(ctx context.Context, db Reader, p *entity.Project, sqlDir string, sqlFS fs.FS, name string, hubspot, salesforce crm.Record, same bool) (line string, err error) {
	known, err := tables(ctx, db, "link")
	if err != nil {
		return "", fmt.Errorf("ask.Answer: %w", err)
	}
	if slices.Contains(known, name) {
		if err := free(ctx, db, name, hubspot, salesforce, same); err != nil {
			return "", err
		}
	}
	line, err = entity.Note(sqlDir, sqlFS, name, entity.Answer{
		HubSpotObject: hubspot.Object.Name, HubSpotID: hubspot.ID, SalesforceObject: salesforce.Object.Name, SalesforceID: salesforce.ID, Same: same,
	})
	if err != nil {
		return line, err
	}
	// What was written is read again: a file that was broken before is not left for the next run to find.
	_, err = entity.Load(sqlFS)
	return line, err
}

// free refuses an answer that a link that stands contradicts.
func free(ctx context.Context, db Reader, name string, hubspot, salesforce crm.Record, same bool) error {
	var refused error
	err := query(ctx, db, "linked.sql", map[string]any{"Entity": name}, []any{hubspot.Object.Name, hubspot.ID, salesforce.Object.Name, salesforce.ID}, func(r *sql.Rows) error {
		here, there := crm.Record{Object: hubspot.Object}, crm.Record{Object: salesforce.Object}
		var run string
		if err := r.Scan(&here.Object.Name, &here.ID, &there.Object.Name, &there.ID, &run); err != nil {
			return err
		}
		undo := "`lockstep undo " + strings.TrimSpace(run) + "` holds what that run linked apart; then say it again"
		switch {
		case here == hubspot && there == salesforce && same:
			refused = crm.WithHint(fmt.Errorf("%s and %s are linked already", hubspot, salesforce), "nothing has to be said")
		case here == hubspot && there == salesforce:
			refused = crm.WithHint(fmt.Errorf("%s and %s are linked", hubspot, salesforce), "%s", undo)
		case same && refused == nil:
			refused = crm.WithHint(fmt.Errorf("%s is linked with %s", here, there), "%s; or merge the duplicates in their CRM", undo)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ask.Answer: %w", err)
	}
	return refused
}
