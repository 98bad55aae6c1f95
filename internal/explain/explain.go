// Package explain tells the story of one record: how it was matched, what both CRMs say in each field, what was decided and
// by which rule, what was sent and refused, and what is blocked and what to do about it.
//
// It reads a publication (or a warehouse): links, bases, the entity's newest plan and history as they stand there, and the values by
// running the from files for the two records alone, so they are those of the mirrors of the same moment.
package explain

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/transform"
)

// Story is one pair of records, or a record without a partner.
type Story struct {
	Entity  string    `json:"entity"`
	Label   string    `json:"label,omitempty"` // a name
	Records []Record  `json:"records"`         // HubSpot's first; one where there is no partner
	Pair    *Pair     `json:"pair,omitempty"`  // nil: in no pair of any state
	Fields  []Field   `json:"fields"`          // in the order of fields.sql
	Sent    []Sent    `json:"sent"`            // newest first, at most 100 columns
	Refused []Refused `json:"refused"`         // what stands refused
	Blocked []Blocked `json:"blocked"`         // what does not go on by itself, and what to do
	Also    []Match   `json:"also,omitempty"`  // other records that the id or e-mail address is of
	Planned time.Time `json:"planned_at"`      // of the entity's newest plan; zero: there is none
}

// Record is one of the two.
type Record struct {
	System       string     `json:"system"`
	Object       string     `json:"object"`
	ID           string     `json:"id"`
	ModifiedAt   *time.Time `json:"modified_at,omitempty"` // by its CRM's clock
	InScope      bool       `json:"in_scope"`
	Deleted      bool       `json:"deleted"`
	SupersededBy string     `json:"superseded_by,omitempty"` // Contact 003…: it was merged or converted into that one
	Missing      bool       `json:"missing"`                 // the mirror does not have it (any more)
}

// Pair is how the two were matched.
type Pair struct {
	ID       string    `json:"id"`
	State    string    `json:"state"` // linked | half | held | superseded
	Rule     string    `json:"rule"`
	Reason   string    `json:"reason,omitempty"`
	LinkedAt time.Time `json:"linked_at"`
	Run      string    `json:"run,omitempty"`
}

// Field is one field of fields.sql.
type Field struct {
	Field          string     `json:"field"`
	HubSpot        *string    `json:"hubspot"` // in our words; blank is "", absent is null
	Salesforce     *string    `json:"salesforce"`
	HubSpotBase    *string    `json:"hubspot_base"` // blank is "", none is null
	SalesforceBase *string    `json:"salesforce_base"`
	Direction      string     `json:"direction"`
	Rule           string     `json:"rule"`
	RefersTo       string     `json:"refers_to,omitempty"`
	Together       string     `json:"together,omitempty"`
	State          string     `json:"state"`  // see Why
	Reason         string     `json:"reason"` // the decision in words
	Since          *time.Time `json:"since,omitempty"`

	waits          string // what an absent value is absent for
	hubspotPair    string // of a reference: as what it is compared
	salesforcePair string
	unlike         bool // the two differ, as far as both are there
}

// Sent is one column that was sent, or planned and not sent.
type Sent struct {
	At      time.Time `json:"at"`
	Run     string    `json:"run"`
	System  string    `json:"system"`
	Object  string    `json:"object"`
	Record  string    `json:"record"`
	Action  string    `json:"action"`
	Column  string    `json:"column,omitempty"`
	Before  string    `json:"before"`
	After   string    `json:"after"`
	Outcome string    `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	Fields  []string  `json:"fields,omitempty"`
	Rules   []string  `json:"rules,omitempty"`
}

// Refused is one refusal that stands.
type Refused struct {
	System    string    `json:"system"`
	Object    string    `json:"object"`
	Column    string    `json:"column,omitempty"` // empty: the whole record
	Value     string    `json:"value"`
	Category  string    `json:"category"`
	Words     string    `json:"words"`
	Remedy    string    `json:"remedy,omitempty"`
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
	Predicted bool      `json:"predicted"` // by the target's metadata: it was not sent
}

// Blocked is one thing that does not go on by itself.
type Blocked struct {
	What string `json:"what"` // a field, a column, the record or the pair
	Why  string `json:"why"`
	Do   string `json:"do,omitempty"`
}

// Match is a record that was looked for.
type Match struct {
	Entity string `json:"entity"`
	System string `json:"system"`
	Object string `json:"object"`
	ID     string `json:"id"`
}

// ErrNobody is returned where no record has the id or the e-mail address.
var ErrNobody = errors.New("no record")

// Person tells the story of the record with this id, of either CRM, or with this e-mail address in any case. name is the
// entity to look in; empty: all of them, contact first. Of several records that fit, the first one that is linked is told
// of, and the others are named.
func Person(ctx context.Context, db *sql.DB, p *entity.Project, name, idOrEmail string) (*Story, error) {
	conn, err := db.Conn(ctx) // one connection: settings are per connection
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	defer func() { _ = conn.Close() }() // it was only read
	parsed, err := p.Parse(ctx, conn)
	if err != nil {
		return nil, err
	}
	t := &teller{ctx: ctx, conn: conn, parsed: parsed}
	found, err := t.find(name, idOrEmail)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, crm.WithHint(fmt.Errorf("%w with this id or e-mail address", ErrNobody),
			"the mirrors were asked as the last run published them; name the entity for one beside contact: lockstep explain company 201")
	}
	return t.tell(found)
}

// teller tells one story.
type teller struct {
	ctx    context.Context
	conn   *sql.Conn
	parsed *entity.Parsed
	story  *Story
	rules  []transform.Field
}

// tell tells of the first record found that is in a pair, or of the first.
func (t *teller) tell(found []Match) (*Story, error) {
	var first *Match
	for i := range found {
		pair, err := t.pairOf(found[i])
		if err != nil {
			return nil, err
		}
		if first == nil || pair != nil {
			first = &found[i]
		}
		if pair != nil {
			break
		}
	}
	t.story = &Story{Entity: first.Entity, Fields: []Field{}, Sent: []Sent{}, Refused: []Refused{}, Blocked: []Blocked{}}
	records := []crm.Record{{Object: crm.Object{System: crm.System(first.System), Name: first.Object}, ID: first.ID}}
	pair, err := t.pairOf(*first)
	if err != nil {
		return nil, err
	}
	if pair != nil {
		t.story.Pair, records = &pair.Pair, pair.records
	}
	for _, m := range found {
		if !contains(records, m) {
			t.story.Also = append(t.story.Also, m)
		}
	}
	if t.rules, err = transform.Rules(t.ctx, t.conn, t.parsed, first.Entity); err != nil {
		return nil, err
	}
	said := map[crm.System]*transform.Said{}
	for _, r := range records {
		s, err := transform.Say(t.ctx, t.conn, t.parsed, first.Entity, r)
		if err != nil {
			return nil, err
		}
		said[r.Object.System] = s
		t.story.Records = append(t.story.Records, record(r, s))
		if t.story.Label == "" {
			t.story.Label = label(s)
		}
	}
	for _, step := range []func() error{func() error { return t.fields(said) }, t.bases, t.sent, t.refused, t.decide, t.notices} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	t.block()
	return t.story, nil
}

func contains(records []crm.Record, m Match) bool {
	for _, r := range records {
		if string(r.Object.System) == m.System && r.Object.Name == m.Object && r.ID == m.ID {
			return true
		}
	}
	return false
}

func record(r crm.Record, s *transform.Said) Record {
	out := Record{System: string(r.Object.System), Object: r.Object.Name, ID: r.ID, Missing: s == nil}
	if s != nil {
		out.ModifiedAt, out.InScope, out.Deleted = s.ModifiedAt, s.InScope, s.Deleted
		if s.SuccessorOf != nil {
			out.SupersededBy = s.SuccessorOf.Object.Name + " " + s.SuccessorOf.ID
		}
	}
	return out
}

// label is how a person recognises a record: a name.
func label(s *transform.Said) string {
	if s == nil {
		return ""
	}
	if first, last := s.Fields["firstname"], s.Fields["lastname"]; first.Text != "" || last.Text != "" {
		if first.Text == "" || last.Text == "" {
			return first.Text + last.Text
		}
		return first.Text + " " + last.Text
	}
	for _, n := range []string{"name", "dealname", "subject", "title"} {
		if v := s.Fields[n]; v.Text != "" {
			return v.Text
		}
	}
	return ""
}
