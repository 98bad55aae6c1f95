package portal

import (
	"slices"
	"strings"
	"time"
)

// Portal is one HubSpot account.
type Portal struct {
	ID    int64
	Now   func() time.Time
	Lag   time.Duration // how old a version must be before a search sees it
	Keep  time.Duration // how long versions are remembered, if longer than Lag
	Stale time.Duration // in place of Lag for the next search, if longer; at most Keep is remembered
	Rules Rules

	objects []*Object
	owners  []Owner // in id order
	sources []Source
	indexOf map[Source]uint16 // into sources

	lastEngagement int64                    // the highest id among calls, e-mails, meetings, notes and tasks, which share one count
	lastStage      int64                    // of the pipelines and stages made here
	lastCustom     int64                    // of the custom objects
	blocked        map[string]bool          // e-mail addresses that no contact may have
	relations      map[[2]*Object]*Relation // by from and to, as they are asked for; nil: cannot be associated
	lastType       int64                    // the highest id of an admin's own association type
	AsItStands     bool                     // associations that are made now change nothing of records but associatedcompanyid
	ListLag        time.Duration            // how long after a change a DYNAMIC list takes it in
	lists          []*List                  // by id, deleted ones too
	legacyLists    int64                    // how many of them the v1 API has ids for
}

// Rules are the behaviours that no source settles; the zero value is the likeliest of each.
type Rules struct {
	RefuseBackwardStage bool          // a lifecyclestage set backwards is a 400 instead of a 200 that changes nothing
	Null                string        // JSON null as a value: "" is ignored, "clear", "refuse"
	EmptyMatchesNot     bool          // NEQ, NOT_IN and NOT_CONTAINS_TOKEN match records without a value
	UniqueFoldsCase     bool          // values of unique properties must differ by more than case
	NameConflictID      bool          // the 409 of a whole batch names the existing record, as it did until 2025
	RawDomain           bool          // a company's domain is kept as sent, not brought down to the bare host
	AdminRules          string        // Require's rules hold: "" from version 2026-09 on, "always", "never"
	AutoTouch           time.Duration // how long after its create a record's stamp moves by itself; 0: never
	LockAbove           int           // more records than this written by batches within a second are answered with 423; 0: never
	LooseLeads          bool          // a lead may be created without a contact or company
	MergeNewID          bool          // a merge gives the record that is left a new id
	KeepCloseDate       bool          // a deal that comes to a closed stage without a close date stays without
	ExplicitPrimary     bool          // the unlabelled type alone (279 in v4) does not make a first company the primary one; the default endpoints do
	ClearedIsNull       bool          // a property that was cleared reads as null, like one never set, and not as ""
}

// Source is who wrote a value, as the property history tells it.
type Source struct {
	Type   string // CRM_UI, INTEGRATION, IMPORT, AUTOMATION_PLATFORM, …
	ID     string
	Label  string
	UserID int64 // 0: nobody
}

// New makes an account with HubSpot's default properties and no records.
func New(id int64, now func() time.Time, lag time.Duration, rules Rules) *Portal {
	p := &Portal{ID: id, Now: now, Lag: lag, Rules: rules, indexOf: map[Source]uint16{}, lastEngagement: firstID}
	for _, k := range kinds() {
		p.objects = append(p.objects, newObject(p, k))
	}
	return p
}

// Object finds an object by type id, plural or singular, in any case, or by a custom object's short name; nil when the portal has none.
func (p *Portal) Object(name string) *Object {
	o := p.named(name)
	if o == nil {
		return nil
	}
	return o.ready().calm()
}

// named finds an object as it is, be it ready or not.
func (p *Portal) named(name string) *Object {
	for _, o := range p.objects {
		if o.answers(name) {
			return o
		}
	}
	return nil
}

// Objects lists the plural names.
func (p *Portal) Objects() []string {
	var names []string
	for _, o := range p.objects {
		names = append(names, o.Plural)
	}
	return names
}

// Scopes lists the words that stand in the scopes of objects, each once.
func (p *Portal) Scopes() []string {
	var words []string
	for _, o := range p.objects {
		if !slices.Contains(words, o.Scope) {
			words = append(words, o.Scope)
		}
	}
	return words
}

// ms is the portal's clock in the unit of all stamps.
func (p *Portal) ms() int64 { return p.Now().UnixMilli() }

// source interns s: a row holds a number, not four words.
func (p *Portal) source(s Source) uint16 {
	i, ok := p.indexOf[s]
	if !ok {
		i = uint16(len(p.sources))
		p.sources, p.indexOf[s] = append(p.sources, s), i
	}
	return i
}

// CompareIDs orders decimal ids as numbers without parsing them.
func CompareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
