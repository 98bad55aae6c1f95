package plan

import (
	"time"

	"lockstep/internal/crm"
)

// Plan is everything one run would do. Pointers to strings are nil where the comment says so.
type Plan struct {
	ID       string                `json:"plan_id"`
	RunID    string                `json:"run_id"`
	Pipeline string                `json:"pipeline"`
	Undoes   string                `json:"undoes,omitempty"` // the run whose inverse this is; empty: an ordinary plan
	MadeAt   time.Time             `json:"made_at"`
	Digest   string                `json:"digest"` // over the changes and links, in plan order; hex
	Accounts map[crm.System]string `json:"accounts"`
	Resync   []string              `json:"resync"` // the ENTITY.FIELDs whose bases this plan drops
	Entities []Entity              `json:"entities"`
	Links    []NewLink             `json:"links"`
	Changes  []RecordChange        `json:"changes"`
	Refusals []Refusal             `json:"refusals"` // not sent, for the target's metadata says it would be refused
	Fields   []Field               `json:"fields"`   // conflicts, and fields that wait for a person; no others
	Notices  []Notice              `json:"notices"`
	Calls    []Call                `json:"calls"`
}

// Entity is one entity's counts.
type Entity struct {
	Name       string `json:"entity"`
	HubSpot    int64  `json:"hubspot"`    // live records in its HubSpot mirrors
	Salesforce int64  `json:"salesforce"` // live records in its Salesforce mirrors
	Linked     int64  `json:"linked"`     // pairs linked, with those this plan links
}

// NewLink is one link the plan makes or moves, applied before any write.
type NewLink struct {
	Entity           string `json:"entity"`
	State            string `json:"state"` // linked | half | held | superseded
	HubSpotObject    string `json:"hubspot_object"`
	HubSpotID        string `json:"hubspot_id"`
	SalesforceObject string `json:"salesforce_object"`
	SalesforceID     string `json:"salesforce_id"`
	Rule             string `json:"rule"`
	Reason           string `json:"reason"`
	PairID           string `json:"pair_id"`
}

// RecordChange is one record to be written.
type RecordChange struct {
	ID           string     `json:"change_id"`
	Action       Action     `json:"action"`
	Entity       string     `json:"entity"`
	System       crm.System `json:"system"` // the side written
	Object       string     `json:"object"`
	RecordID     string     `json:"record_id"` // empty for a create
	SourceObject string     `json:"source_object"`
	SourceID     string     `json:"source_id"` // the other side's record
	Label        string     `json:"label"`     // a person's name, for reading
	Rule         string     `json:"rule"`      // of a create: the reason create.sql gave
	Digest       string     `json:"digest"`    // over the change and what it was decided from; hex
	PairID       string     `json:"pair_id"`
	Values       []Value    `json:"values"`
}

// Value is one column of a change.
type Value struct {
	Column string   `json:"column"`
	Before *string  `json:"before"` // nil: blank
	After  *string  `json:"after"`  // nil: blank
	Fields []string `json:"fields"` // the fields of fields.sql that move it
	Rules  []string `json:"rules"`  // per field, who decided and by which rule
}

// Refusal is one column that is not sent because the target would refuse it. A new record that lacks a column it needs
// is not sent at all.
type Refusal struct {
	Entity       string       `json:"entity"`
	Action       Action       `json:"action"`
	System       crm.System   `json:"system"` // the side that would be written
	Object       string       `json:"object"`
	RecordID     string       `json:"record_id"` // empty for a create
	SourceObject string       `json:"source_object"`
	SourceID     string       `json:"source_id"`
	Label        string       `json:"label"`
	Column       string       `json:"column"`
	Value        *string      `json:"value"` // nil: blank
	Fields       []string     `json:"fields"`
	Category     crm.Category `json:"category"`
	Words        string       `json:"words"`
	Remedy       string       `json:"remedy"`
}

// Field is one field of one pair on which both sides stand against each other.
type Field struct {
	Entity         string  `json:"entity"`
	Field          string  `json:"field"`
	Label          string  `json:"label"`
	HubSpotRecord  string  `json:"hubspot_record"` // "contacts 101"
	SalesforceRec  string  `json:"salesforce_record"`
	Outcome        string  `json:"outcome"` // hubspot | salesforce | ask | absent | no_way
	Conflict       bool    `json:"conflict"`
	FirstLink      bool    `json:"first_link"`
	HubSpot        *string `json:"hubspot"` // nil: absent; "": blank
	Salesforce     *string `json:"salesforce"`
	HubSpotBase    *string `json:"hubspot_base"` // nil: no base; "": blank
	SalesforceBase *string `json:"salesforce_base"`
	Rule           string  `json:"rule"`
	Reason         string  `json:"reason"`
}

// Notice is one thing a person should know although nothing is sent for it.
type Notice struct {
	Entity   string     `json:"entity"`
	Kind     string     `json:"kind"`
	System   crm.System `json:"system"`
	Object   string     `json:"object"`
	RecordID string     `json:"record_id"`
	Field    string     `json:"field"`
	Text     string     `json:"text"`
}

// Call is the forecast of one CRM's calls for this plan.
type Call struct {
	System    crm.System  `json:"system"`
	Needed    int64       `json:"needed"`
	Left      *int64      `json:"left"`      // today, by the server's own count; nil: it has not said
	Endpoints []Endpoint  `json:"endpoints"` // what Needed consists of
	Deferred  []Postponed `json:"deferred"`  // what does not fit into the budget, in the order of sending
}

// Endpoint is how often one endpoint is called.
type Endpoint struct {
	Name  string `json:"endpoint"`
	Calls int64  `json:"calls"`
}

// Postponed are changes that the budget leaves for a later run: N of those that Entity has of Action on Object.
type Postponed struct {
	Entity string `json:"entity"`
	Action string `json:"action"` // create | update | delete
	Object string `json:"object"`
	N      int    `json:"n"`
	Of     int    `json:"of"`
	Reason string `json:"reason"`
}

// Empty: nothing would be written and nothing linked.
func (p *Plan) Empty() bool { return len(p.Changes) == 0 && len(p.Links) == 0 }

// Count is how many changes take the action.
func (p *Plan) Count(a Action) (n int) {
	for _, c := range p.Changes {
		if c.Action == a {
			n++
		}
	}
	return n
}
