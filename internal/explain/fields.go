package explain

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	"lockstep/transform"
)

// fields lays out what both sides say.
func (t *teller) fields(said map[crm.System]*transform.Said) error {
	for _, r := range t.rules {
		f := Field{Field: r.Name, Direction: r.Direction, Rule: r.Rule, RefersTo: r.RefersTo}
		if r.Unit != r.Name {
			f.Together = r.Unit
		}
		h, s := value(said[crm.HubSpot], r.Name), value(said[crm.Salesforce], r.Name)
		f.HubSpot, f.Salesforce = shown(h), shown(s)
		f.hubspotPair, f.salesforcePair = h.Pair, s.Pair
		f.unlike = !h.Absent && !s.Absent && h.Text != s.Text
		if r.RefersTo != "" {
			f.unlike = !h.Absent && !s.Absent && h.Pair != s.Pair
		}
		if f.waits = h.Waits; f.waits == "" {
			f.waits = s.Waits
		}
		t.story.Fields = append(t.story.Fields, f)
	}
	return nil
}

func value(s *transform.Said, field string) transform.Value {
	if s == nil {
		return transform.Value{Absent: true}
	}
	return s.Fields[field]
}

func shown(v transform.Value) *string {
	if v.Absent {
		return nil
	}
	return &v.Text
}

// bases reads base.<entity>. Of a reference it holds the pair, of which each side's own id is shown.
func (t *teller) bases() error {
	if t.story.Pair == nil {
		return nil
	}
	columns, err := warehouse.Columns(t.ctx, t.conn, "base", t.story.Entity)
	if err != nil || len(columns) == 0 {
		return err
	}
	rows, err := t.conn.QueryContext(t.ctx, "select system, to_json(base)::varchar from base."+entity.Quote(t.story.Entity)+" as base where pair_id = $1", t.story.Pair.ID)
	if err != nil {
		return fmt.Errorf("explain: base.%s: %w", t.story.Entity, err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]map[string]*string{}
	for rows.Next() {
		var system, text string
		base := map[string]*string{}
		if err := rows.Scan(&system, &text); err != nil {
			return fmt.Errorf("explain: base.%s: %w", t.story.Entity, err)
		}
		if err := json.Unmarshal([]byte(text), &base); err != nil {
			return fmt.Errorf("explain: base.%s: %w", t.story.Entity, err)
		}
		all[system] = base
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("explain: base.%s: %w", t.story.Entity, err)
	}
	for i := range t.story.Fields {
		f := &t.story.Fields[i]
		for system, into := range map[crm.System]**string{crm.HubSpot: &f.HubSpotBase, crm.Salesforce: &f.SalesforceBase} {
			if *into, err = t.ownID(f.RefersTo, system, all[string(system)][f.Field]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownID is the id that the pair of a reference has in one CRM; of any other value itself.
func (t *teller) ownID(refersTo string, system crm.System, pair *string) (*string, error) {
	if refersTo == "" || pair == nil || *pair == "" {
		return pair, nil
	}
	columns, err := warehouse.Columns(t.ctx, t.conn, "link", refersTo)
	if err != nil || len(columns) == 0 {
		return pair, err
	}
	var id sql.NullString
	err = t.conn.QueryRowContext(t.ctx, "select "+string(system)+"_id from link."+entity.Quote(refersTo)+" where pair_id = $1", *pair).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !id.Valid {
		return pair, nil
	}
	return &id.String, err
}

// newest is the plan that tells what is due and what waits of the entity that $1 names.
const newest = `(select plan_id from plan.newest where entity = $1)`

// planned is what the entity's newest plan and the frozen fields say of one field.
type planned struct {
	outcome, reason string
	frozen          bool
	since           *time.Time
}

// decide gives every field its state, with the reason in words and since when.
func (t *teller) decide() error {
	err := t.conn.QueryRowContext(t.ctx, `select made_at from plan.plan where plan_id = `+newest, t.story.Entity).Scan(&t.story.Planned)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("explain: plan.plan: %w", err)
	}
	t.story.Planned = t.story.Planned.UTC()
	if t.story.Pair == nil {
		for i := range t.story.Fields {
			t.story.Fields[i].State = "not linked"
		}
		return nil
	}
	plans, err := t.plans()
	if err != nil {
		return err
	}
	won, err := t.conflicts()
	if err != nil {
		return err
	}
	refused := map[string]Refused{}
	for _, s := range t.story.Sent {
		for _, r := range t.story.Refused {
			if r.System == s.System && (r.Column == "" || r.Column == s.Column) && (s.Outcome == "refused" || s.Outcome == "not_taken") {
				for _, f := range s.Fields {
					refused[f] = r
				}
			}
		}
	}
	for i := range t.story.Fields {
		f := &t.story.Fields[i]
		p := plans[f.Field]
		f.State, f.Reason = t.state(f, p, refused)
		f.Since = p.since
		if r, ok := refused[f.Field]; ok && f.State == "refused" {
			f.Since = &r.FirstAt
		}
		t.past(f, won[f.Field])
	}
	return nil
}

// past is what made a field as it is: the last change of it that was taken, a conflict, or the link.
func (t *teller) past(f *Field, won Sent) {
	if f.Since != nil || f.State != "agreed" && f.State != "same in translation" && f.State != "one way" {
		return
	}
	last := won
	for _, s := range t.story.Sent {
		if s.Outcome == "taken" && has(s.Fields, f.Field) {
			if s.At.After(last.At) && s.Run != won.Run {
				last = s
			}
			break // the newest
		}
	}
	if last.At.IsZero() {
		f.Since = &t.story.Pair.LinkedAt
		return
	}
	at := last.At
	f.Since = &at
	if f.State == "agreed" {
		f.Reason = strings.Join(last.Rules, "; ")
	}
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// plans are the pair's rows of its entity's newest plan, and its frozen fields.
func (t *teller) plans() (map[string]planned, error) {
	all := map[string]planned{}
	rows, err := t.conn.QueryContext(t.ctx, `
		select field, outcome, coalesce(reason, ''), false, null::timestamptz from plan.field
		where plan_id = `+newest+` and entity = $1 and pair_id = $2
		union all
		select field, kind, reason, true, since from history.frozen where entity = $1 and pair_id = $2 and released_at is null
		order by 4 desc`, t.story.Entity, t.story.Pair.ID)
	if err != nil {
		return nil, fmt.Errorf("explain: plan.field: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var field string
		var p planned
		if err := rows.Scan(&field, &p.outcome, &p.reason, &p.frozen, &p.since); err != nil {
			return nil, fmt.Errorf("explain: plan.field: %w", err)
		}
		if _, known := all[field]; known {
			continue // what is frozen says more
		}
		if p.frozen && p.outcome == "unclear" {
			p.frozen, p.outcome = false, "ask" // a write that may have landed asks a person
		}
		if p.since != nil {
			*p.since = p.since.UTC()
		}
		all[field] = p
	}
	return all, rows.Err()
}

// conflicts are the newest conflict of each field, told as a change.
func (t *teller) conflicts() (map[string]Sent, error) {
	all := map[string]Sent{}
	rows, err := t.conn.QueryContext(t.ctx, `
		select field, "at", run_id, 'both changed it: ' || winner || ' won (' || coalesce(reason, rule) || ')' from history.conflict
		where entity = $1 and pair_id = $2 and winner in ('hubspot', 'salesforce')
		qualify row_number() over (partition by field order by "at" desc) = 1`, t.story.Entity, t.story.Pair.ID)
	if err != nil {
		return nil, fmt.Errorf("explain: history.conflict: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var field, reason string
		var s Sent
		if err := rows.Scan(&field, &s.At, &s.Run, &reason); err != nil {
			return nil, fmt.Errorf("explain: history.conflict: %w", err)
		}
		s.At, s.Rules = s.At.UTC(), []string{reason}
		all[field] = s
	}
	return all, rows.Err()
}
