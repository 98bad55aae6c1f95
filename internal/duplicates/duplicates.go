// Package duplicates reads report.duplicates in groups: all records that are one by some chain of evidence, with the one
// to keep. It merges nothing: that is done in the CRM, and the next run follows.
package duplicates

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/squirrel"

	"lockstep/internal/crm"
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
	A     Record  `json:"a"`
	B     Record  `json:"b"`
}

// Group is the records that may be one.
type Group struct {
	Entity   string     `json:"entity"`
	Scope    string     `json:"scope"`   // hubspot | salesforce | across (one of each, not linked to each other)
	Records  []Record   `json:"records"` // the one to keep first
	Why      string     `json:"why"`     // why that one
	Evidence []Evidence `json:"evidence"`
}

// Score is that of the group's strongest evidence.
func (g Group) Score() (most float64) {
	for _, e := range g.Evidence {
		most = max(most, e.Score)
	}
	return most
}

// Filter says which evidence counts; what is empty is any.
type Filter struct {
	Entity, Scope, Kind, Rule string
	ID                        string // groups with the record of this id
}

// Read returns the groups that the filter leaves, the strongest evidence first, at most limit (0: all), and how many there
// are in all.
func Read(ctx context.Context, db Query, f Filter, limit int) ([]Group, int, error) {
	q := squirrel.Select("entity", "scope", "kind", "rule", "score", "coalesce(evidence, '')", "keep_reason",
		"a_system", "a_object", "a_id", "coalesce(a_label, '')", "b_system", "b_object", "b_id", "coalesce(b_label, '')").
		From("report.duplicates").OrderBy("entity", "scope", "a_label", "a_id", "score desc", "b_id", "rule")
	for column, is := range map[string]string{"entity": f.Entity, "scope": f.Scope, "kind": f.Kind, "rule": f.Rule} {
		if is != "" {
			q = q.Where(squirrel.Eq{column: is})
		}
	}
	text, args, err := q.ToSql()
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		if strings.Contains(err.Error(), "duplicates") && strings.Contains(err.Error(), "does not exist") {
			return nil, 0, crm.WithHint(fmt.Errorf("the report of duplicates was not made yet"), "`lockstep run nightly` makes the reports at its end")
		}
		return nil, 0, fmt.Errorf("report.duplicates: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	all := groups{at: map[string]*group{}}
	for rows.Next() {
		var e Evidence
		var entity, scope, why string
		if err := rows.Scan(&entity, &scope, &e.Kind, &e.Rule, &e.Score, &e.Value, &why,
			&e.A.System, &e.A.Object, &e.A.ID, &e.A.Label, &e.B.System, &e.B.Object, &e.B.ID, &e.B.Label); err != nil {
			return nil, 0, fmt.Errorf("report.duplicates: %w", err)
		}
		all.add(entity, scope, why, e)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("report.duplicates: %w", err)
	}
	found := all.list(f.ID)
	n := len(found)
	if limit > 0 && n > limit {
		found = found[:limit]
	}
	return found, n, nil
}

// group is a Group that grows; one that went into another one leads on to it.
type group struct {
	Group
	why  map[string]string // by record: why it is kept rather than another
	lost map[string]bool   // records that another one is kept before
	into *group
}

type groups struct {
	at  map[string]*group // by scope and record
	all []*group
}

func (r Record) key() string { return r.System + "\x00" + r.Object + "\x00" + r.ID }

func (g *groups) of(scope string, r Record) *group {
	x := g.at[scope+"\x00"+r.key()]
	for x != nil && x.into != nil {
		x = x.into
	}
	return x
}

// add puts the evidence, whose A is the record to keep, into the group of either record, and makes one of the two groups.
func (g *groups) add(entity, scope, why string, e Evidence) {
	a, b := g.of(scope, e.A), g.of(scope, e.B)
	x := a
	switch {
	case a == nil && b == nil:
		x = &group{Group: Group{Entity: entity, Scope: scope}, why: map[string]string{}, lost: map[string]bool{}}
		g.all = append(g.all, x)
	case a == nil:
		x = b
	case b != nil && a != b:
		x.Records = append(x.Records, b.Records...)
		x.Evidence = append(x.Evidence, b.Evidence...)
		for r, w := range b.why {
			x.why[r] = w
		}
		for r := range b.lost {
			x.lost[r] = true
		}
		b.into = x
	}
	if a == nil {
		x.Records = append(x.Records, e.A)
		g.at[scope+"\x00"+e.A.key()] = x
	}
	if b == nil {
		x.Records = append(x.Records, e.B)
		g.at[scope+"\x00"+e.B.key()] = x
	}
	x.Evidence = append(x.Evidence, e)
	if x.why[e.A.key()] == "" {
		x.why[e.A.key()] = why
	}
	x.lost[e.B.key()] = true
}

// list returns the groups, the strongest first; with an id those that hold it.
func (g *groups) list(id string) (out []Group) {
	for _, x := range g.all {
		if x.into != nil || id != "" && !slices.ContainsFunc(x.Records, func(r Record) bool { return r.ID == id }) {
			continue
		}
		slices.SortStableFunc(x.Records, func(a, b Record) int { return order(x.lost[a.key()], x.lost[b.key()]) })
		x.Why = x.why[x.Records[0].key()]
		out = append(out, x.Group)
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		switch {
		case a.Score() > b.Score():
			return -1
		case a.Score() < b.Score():
			return 1
		}
		return len(b.Records) - len(a.Records)
	})
	return out
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
