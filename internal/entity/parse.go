package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lockstep/internal/crm"
)

// Statement is what DuckDB's parser says of one file.
type Statement struct {
	Tables   []Table             // tables named, with schema where it stands
	Columns  []string            // names of all columns referred to, lower case, each once
	Calls    []string            // functions called, lower case, each once
	Output   []string            // names of the last select's columns, in order; a star is "*"
	Optional []string            // columns that an org may lack, lower case
	elseNull []string            // those of them that a field is made without
	lineage  map[string][]string // a column of any select in the file → the names its expression mentions
	stars    []Table             // select * over these
}

// Table is one mention of a table.
type Table struct {
	Schema, Name string
	Offset       int // byte where the mention stands in the text
}

// Parse checks that the file is one select and returns what it mentions. A syntax error names file and line.
//
// A text is parsed once in a process: the same files are read by every run of a schedule, and by each of its steps.
func (f File) Parse(ctx context.Context, conn Conn) (*Statement, error) {
	if s, ok := parsedFiles.Load(f); ok {
		return s.(*Statement), nil
	}
	s, err := f.parse(ctx, conn)
	if err == nil {
		parsedFiles.Store(f, s)
	}
	return s, err
}

var parsedFiles sync.Map // File → *Statement, which nobody changes

func (f File) parse(ctx context.Context, conn Conn) (*Statement, error) {
	if !strings.HasPrefix(strings.TrimSpace(f.Text), "--") {
		return nil, crm.WithHint(fmt.Errorf("%s:1: the first line is not a comment", f.Path), "the first line states the grain: -- one row per …")
	}
	var text string
	if err := conn.QueryRowContext(ctx, `select json_serialize_sql($1::varchar)::varchar`, f.Text).Scan(&text); err != nil {
		return nil, f.Error(err, 0)
	}
	var tree struct {
		Error      bool              `json:"error"`
		Message    string            `json:"error_message"`
		Position   string            `json:"position"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	if tree.Error && tree.Position == "" {
		return nil, crm.WithHint(fmt.Errorf("%s: not a select", f.Path), "a file holds one select and nothing else: no create, insert, set or attach")
	}
	if tree.Error {
		at, _ := strconv.Atoi(tree.Position)
		return nil, crm.WithHint(fmt.Errorf("%s:%d: %s", f.Path, f.line(at), tree.Message), "check the SQL around that line; strings stand in single quotes, names in double quotes")
	}
	if len(tree.Statements) != 1 {
		return nil, crm.WithHint(fmt.Errorf("%s: %d statements", f.Path, len(tree.Statements)), "a file holds one select; put the other one in a file of its own")
	}
	var node map[string]any
	if err := json.Unmarshal(tree.Statements[0], &node); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	s := &Statement{lineage: map[string][]string{}}
	joined := map[string][]string{}
	walk(node, func(n map[string]any) { s.note(n, joined) })
	walk(node, func(n map[string]any) { s.trace(n, joined) })
	s.Output = outputs(node)
	s.Optional, s.elseNull = f.optional()
	if err := f.checkOptional(s); err != nil {
		return nil, err
	}
	for _, name := range []string{"now", "current_timestamp", "get_current_timestamp", "today", "current_date", "random", "uuid", "gen_random_uuid"} {
		if slices.Contains(s.Calls, name) {
			return nil, crm.WithHint(fmt.Errorf("%s: %s() gives another answer each time", f.Path, name), "use getvariable('run_at') for the instant of the run")
		}
	}
	for _, t := range s.stars {
		if t.Schema == string(crm.HubSpot) || t.Schema == string(crm.Salesforce) {
			return nil, crm.WithHint(fmt.Errorf("%s:%d: select * over the mirror %s.%s", f.Path, f.line(t.Offset), t.Schema, t.Name), "name the columns: only columns that the SQL names are read from the CRM")
		}
	}
	return s, nil
}

// note collects tables, columns, calls and, per alias of a joined table, the names of its join condition.
func (s *Statement) note(n map[string]any, joined map[string][]string) {
	switch n["type"] {
	case "BASE_TABLE":
		t := tableOf(n)
		s.Tables = append(s.Tables, t)
	case "COLUMN_REF":
		add(&s.Columns, refName(n))
	case "JOIN":
		right, _ := n["right"].(map[string]any)
		if right == nil {
			return
		}
		alias, _ := right["alias"].(string)
		if alias == "" {
			alias, _ = right["table_name"].(string)
		}
		for _, name := range refs(n["condition"]) {
			joined[strings.ToLower(alias)] = append(joined[strings.ToLower(alias)], name)
		}
		for _, u := range list(n["using_columns"]) {
			if name, ok := u.(string); ok {
				add(&s.Columns, strings.ToLower(name))
				joined[strings.ToLower(alias)] = append(joined[strings.ToLower(alias)], strings.ToLower(name))
			}
		}
	}
	if name, ok := n["function_name"].(string); ok {
		add(&s.Calls, strings.ToLower(name))
	}
}

// trace records, for each item of each select, the names it is made of.
func (s *Statement) trace(n map[string]any, joined map[string][]string) {
	if n["type"] != "SELECT_NODE" {
		return
	}
	for _, item := range list(n["select_list"]) {
		e, _ := item.(map[string]any)
		if e == nil {
			continue
		}
		if e["type"] == "STAR" {
			if from, _ := n["from_table"].(map[string]any); from != nil {
				walk(from, func(t map[string]any) {
					if t["type"] == "BASE_TABLE" {
						s.stars = append(s.stars, tableOf(t))
					}
				})
			}
			continue
		}
		name := itemName(e)
		for _, r := range refs(e) {
			s.lineage[name] = append(s.lineage[name], r)
		}
		walk(e, func(c map[string]any) {
			if parts := list(c["column_names"]); len(parts) > 1 {
				alias, _ := parts[len(parts)-2].(string)
				s.lineage[name] = append(s.lineage[name], joined[strings.ToLower(alias)]...)
			}
		})
	}
}

// Feeds returns the lower-case names that field is made of, through every select of the file: a superset by
// name, so a mirror column that is missing never passes for a blank.
func (s *Statement) Feeds(field string) []string {
	var out []string
	todo := []string{strings.ToLower(field)}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		for _, r := range append(slices.Clip(s.lineage[name]), name) { // a statement is shared
			if !slices.Contains(out, r) {
				out = append(out, r)
				todo = append(todo, r)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Mentions reports whether the file names that mirror.
func (s *Statement) Mentions(o crm.Object) bool {
	return slices.ContainsFunc(s.Tables, func(t Table) bool { return t.is(o) })
}

func (t Table) is(o crm.Object) bool {
	return strings.EqualFold(t.Schema, string(o.System)) && strings.EqualFold(t.Name, o.Name)
}

// line is the 1-based line of a byte offset.
func (f File) line(offset int) int {
	return 1 + strings.Count(f.Text[:min(max(offset, 0), len(f.Text))], "\n")
}

var mention = regexp.MustCompile(`(?i)^("?)([a-z_]+)("?)\s*\.\s*("(?:[^"]|"")+"|[a-z0-9_]+)`)

// Over returns the file's select with every mention of its own object's mirror replaced by table, on the same
// line, so that rows other than the mirror's can be put into our words. Of optional columns, those that table lacks
// read as null.
func (f ObjectFile) Over(ctx context.Context, conn Conn, table string) (string, error) {
	s, err := f.Parse(ctx, conn)
	if err != nil {
		return "", err
	}
	lacking, err := f.Lacking(ctx, conn, table)
	if err != nil {
		return "", err
	}
	table = with(table, lacking)
	text := f.Text
	tables := slices.SortedFunc(slices.Values(s.Tables), func(a, b Table) int { return b.Offset - a.Offset })
	for _, t := range tables {
		if !t.is(f.Object) {
			continue
		}
		m := mention.FindStringIndex(text[t.Offset:])
		if m == nil {
			return "", fmt.Errorf("%s:%d: cannot find %s.%s in the text", f.Path, f.line(t.Offset), t.Schema, t.Name)
		}
		// A mention without an alias is known by the mirror's name: keep that name.
		replacement := table
		if aliasFree(text[t.Offset+m[1]:]) {
			replacement += " as " + Quote(t.Name)
		}
		text = text[:t.Offset] + replacement + text[t.Offset+m[1]:]
	}
	return text, nil
}

var afterAlias = regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n\s*)*(?:$|[,;)]|(?:where|join|left|right|inner|full|cross|semi|anti|asof|positional|natural|on|using|group|order|having|limit|offset|union|except|intersect|qualify|window|sample|tablesample|pivot|unpivot)\b)`)

// aliasFree reports whether what follows a table is not an alias.
func aliasFree(rest string) bool { return afterAlias.MatchString(rest) }
