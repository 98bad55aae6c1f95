// Package duplicates reads report.duplicates by its groups: all records that are one by some chain of evidence, with the one
// to keep. It merges nothing: that is done in the CRM, and the next run follows.
//
// The report says which group each row is of, and numbers them, the strongest evidence first and then the most records. So a
// page is some numbers on end, and no more is read than the rows of those groups.
package duplicates

import (
	"context"
	"database/sql"
)

// Query is a warehouse or a publication that has the report.
type Query interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Record is one record of a group.
type Record struct {
	System string `json:"system"`
	Object string `json:"object"`
	ID     string `json:"id"`
	Label  string `json:"label,omitempty"` // a name; of a nameless record nothing
}

// Evidence is why two records of a group may be one.
type Evidence struct {
	Kind  string  `json:"kind"`  // exact | normalized | close
	Rule  string  `json:"rule"`  // same e-mail, same name and phone, …
	Score float64 `json:"score"` // 0 to 1: how much the rule says
	Value string  `json:"value"` // what the two have in common; of close names both
	A     Record  `json:"a"`     // of the two the one to keep
	B     Record  `json:"b"`
}

// The words of Evidence.Kind, and of Group.Scope.
var (
	Kinds  = []string{"exact", "normalized", "close"}
	Scopes = []string{"hubspot", "salesforce", "across"}
)

// Group is the records that may be one.
type Group struct {
	Entity   string     `json:"entity"`
	Scope    string     `json:"scope"`   // hubspot | salesforce | across (one of each, not linked to each other)
	Records  []Record   `json:"records"` // the one to keep first, then in the order of Evidence
	Why      string     `json:"why"`     // why that one
	Evidence []Evidence `json:"evidence"`

	Size int `json:"-"` // records in all: more than Records has, where Page.Evidence left some out
	Said int `json:"-"` // evidence in all, likewise
}

// Filter says which groups to read; what is empty is any. It chooses groups, and leaves nothing out of them: of those with
// some evidence of a kind, the other evidence and its records are read, too. Kind and Rule are of one piece of evidence; ID is
// of any record of the group.
type Filter struct {
	Entity, Scope, Kind, Rule string
	ID                        string // groups with the record of this id
}

// Page says how much to read.
type Page struct {
	Limit, Offset int // groups to read, and to pass over before; a limit of 0: all
	Evidence      int // of one group at most, that of the record to keep first and the strongest first; 0: all
}

// Read returns the groups that fit, in the order of the report, and how many there are beside the page.
func Read(ctx context.Context, db Query, f Filter, p Page) (groups []Group, total int, err error) {
	if total, err = count(ctx, db, f); err != nil || p.Offset >= total {
		return nil, total, err
	}
	groups, err = read(ctx, db, f, p)
	return groups, total, err
}
