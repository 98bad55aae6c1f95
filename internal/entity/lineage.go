package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Source is one column of a table that a column of a file's select comes from.
type Source struct {
	Schema, Table, Column string // as the SQL spells them; Schema is empty for what has none, as the entity in a to file
}

// Origin is what one column of a file's select is made of: the columns it comes from, through joins, CTEs and subqueries,
// and the functions and macros it goes through, lower case.
type Origin struct {
	Name    string
	Sources []Source
	Calls   []string
}

// Origins are those of every column of the file's select, in its order. Feeds is by name alone and errs on the side of too
// many, for the merge; this follows the aliases, for a reader.
func (f File) Origins(ctx context.Context, conn Conn) ([]Origin, error) {
	var text string
	if err := conn.QueryRowContext(ctx, `select json_serialize_sql($1::varchar)::varchar`, f.Text).Scan(&text); err != nil {
		return nil, f.Error(err, 0)
	}
	var tree struct {
		Statements []struct {
			Node map[string]any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil || len(tree.Statements) != 1 {
		return nil, fmt.Errorf("%s: not one select: %w", f.Path, err)
	}
	whole := &relation{body: tree.Statements[0].Node}
	var all []Origin
	for _, name := range whole.names(0) {
		o := &Origin{Name: name}
		whole.column(name, o, 0)
		all = append(all, *o)
	}
	return all, nil
}

// deepest is how far a column is followed: a recursive CTE has no end.
const deepest = 40

// relation is what stands in a from clause: a table, or a select.
type relation struct {
	schema, table string
	body          map[string]any
	in            *scope // what the select may name: CTEs around it
}

// scope is what the expressions of one select may name.
type scope struct {
	outer *scope
	with  map[string]*relation
	from  []*joined
	items []any
}

// joined is a relation by its alias, with what it was joined on.
type joined struct {
	alias string
	rel   *relation
	on    []any
	busy  bool // its condition is being followed
}

// selects are the parts of a union, or the select itself, each with its scope.
func selects(node map[string]any, outer *scope) (nodes []map[string]any, scopes []*scope) {
	s := &scope{outer: outer, with: map[string]*relation{}}
	ctes, _ := node["cte_map"].(map[string]any)
	for _, entry := range list(ctes["map"]) {
		e, _ := entry.(map[string]any)
		name, _ := e["key"].(string)
		s.with[strings.ToLower(name)] = &relation{body: below(e, "value", "query", "node"), in: s}
	}
	if node["type"] == "SELECT_NODE" {
		s.items = list(node["select_list"])
		s.collect(below(node, "from_table"))
		return []map[string]any{node}, []*scope{s}
	}
	branches := list(node["children"])
	if len(branches) == 0 {
		branches = []any{node["left"], node["right"]}
	}
	for _, b := range branches {
		if branch, ok := b.(map[string]any); ok {
			n, in := selects(branch, s)
			nodes, scopes = append(nodes, n...), append(scopes, in...)
		}
	}
	return nodes, scopes
}

func below(n map[string]any, path ...string) map[string]any {
	for _, p := range path {
		n, _ = n[p].(map[string]any)
	}
	return n
}

// collect takes up what a from clause names.
func (s *scope) collect(from map[string]any) {
	alias, _ := from["alias"].(string)
	switch from["type"] {
	case "BASE_TABLE":
		t := tableOf(from)
		rel := &relation{schema: t.Schema, table: t.Name}
		if cte := s.cte(t); cte != nil {
			rel = cte
		}
		if alias == "" {
			alias = t.Name
		}
		s.from = append(s.from, &joined{alias: alias, rel: rel})
	case "SUBQUERY":
		s.from = append(s.from, &joined{alias: alias, rel: &relation{body: below(from, "subquery", "node"), in: s.outerWith()}})
	case "JOIN":
		s.collect(below(from, "left"))
		n := len(s.from)
		s.collect(below(from, "right"))
		on := []any{from["condition"]}
		for _, u := range list(from["using_columns"]) {
			on = append(on, map[string]any{"type": "COLUMN_REF", "column_names": []any{u}})
		}
		for _, j := range s.from[n:] {
			j.on = append(j.on, on...)
		}
	case "TABLE_FUNCTION", "EXPRESSION_LIST":
		s.from = append(s.from, &joined{alias: alias, rel: &relation{body: map[string]any{}}, on: []any{from}})
	}
}

// outerWith is s with its CTEs and without its tables: what a subquery in a from clause may name.
func (s *scope) outerWith() *scope { return &scope{outer: s.outer, with: s.with} }

func (s *scope) cte(t Table) *relation {
	for in := s; in != nil && t.Schema == ""; in = in.outer {
		if rel := in.with[strings.ToLower(t.Name)]; rel != nil {
			return rel
		}
	}
	return nil
}

// names are the columns of a select, stars of selects filled in.
func (r *relation) names(depth int) (all []string) {
	if r.body == nil || len(r.body) == 0 || depth > deepest {
		return nil
	}
	_, scopes := selects(r.body, r.in)
	for _, item := range scopes[0].items {
		e, _ := item.(map[string]any)
		if e["type"] != "STAR" {
			all = append(all, spelled(e))
			continue
		}
		for _, j := range scopes[0].from {
			all = append(all, j.rel.names(depth+1)...)
		}
	}
	return all
}

// spelled is the name a select item goes by, as it is spelled.
func spelled(e map[string]any) string {
	if alias, _ := e["alias"].(string); alias != "" {
		return alias
	}
	if parts := list(e["column_names"]); len(parts) > 0 {
		name, _ := parts[len(parts)-1].(string)
		return name
	}
	return ""
}

// column follows one column of the relation. It reports whether the relation has it, as far as the SQL tells.
func (r *relation) column(name string, o *Origin, depth int) bool {
	if r.body == nil {
		if s := (Source{r.schema, r.table, name}); !slices.Contains(o.Sources, s) {
			o.Sources = append(o.Sources, s)
		}
		return true
	}
	if len(r.body) == 0 || depth > deepest {
		return false
	}
	place, found := -1, false
	_, scopes := selects(r.body, r.in)
	for _, s := range scopes {
		for i, item := range s.items {
			e, _ := item.(map[string]any)
			if i == place || place < 0 && strings.EqualFold(spelled(e), name) && e["type"] != "STAR" {
				place, found = i, true // of the other parts of a union the same place
				s.follow(e, o, depth+1)
				break
			}
			if e["type"] == "STAR" && s.bare(name, o, depth+1) {
				found = true
				break
			}
		}
	}
	return found
}

// follow takes up everything an expression mentions.
func (s *scope) follow(node any, o *Origin, depth int) {
	if depth > deepest {
		return
	}
	switch n := node.(type) {
	case []any:
		for _, c := range n {
			s.follow(c, o, depth)
		}
	case map[string]any:
		if n["type"] == "COLUMN_REF" {
			s.ref(list(n["column_names"]), o, depth+1)
			return
		}
		if sub := below(n, "subquery", "node"); sub != nil {
			nodes, scopes := selects(sub, s)
			for i, in := range scopes {
				in.follow(in.items, o, depth+1)
				in.follow(nodes[i]["where_clause"], o, depth+1)
			}
			s.follow(n["child"], o, depth)
			return
		}
		if name, ok := n["function_name"].(string); ok {
			add(&o.Calls, strings.ToLower(name))
		}
		for _, k := range keys(n) {
			s.follow(n[k], o, depth)
		}
	}
}

// ref follows one mention of a column.
func (s *scope) ref(parts []any, o *Origin, depth int) {
	if len(parts) == 0 {
		return
	}
	name, _ := parts[len(parts)-1].(string)
	if len(parts) > 1 {
		alias, _ := parts[len(parts)-2].(string)
		for in := s; in != nil; in = in.outer {
			for _, j := range in.from {
				if strings.EqualFold(j.alias, alias) {
					in.through(j, name, o, depth)
					return
				}
			}
		}
		name, _ = parts[0].(string) // a part of a struct
	}
	s.bare(name, o, depth)
}

// bare follows a name without an alias: of the selects around it the one that has it, else of the first table.
func (s *scope) bare(name string, o *Origin, depth int) bool {
	for in := s; in != nil && depth <= deepest; in = in.outer {
		for _, j := range in.from {
			if j.rel.body != nil && slices.ContainsFunc(j.rel.names(0), func(n string) bool { return strings.EqualFold(n, name) }) {
				return in.through(j, name, o, depth)
			}
		}
		for _, j := range in.from {
			if j.rel.body == nil {
				return in.through(j, name, o, depth)
			}
		}
	}
	return false
}

// through follows a column of a joined relation, and the other side of what it was joined on: a looked-up value comes
// from what it is looked up by.
func (s *scope) through(j *joined, name string, o *Origin, depth int) bool {
	if j.busy {
		return true
	}
	found := j.rel.column(name, o, depth+1)
	j.busy = true
	s.follow(j.on, o, depth+1)
	j.busy = false
	return found
}
