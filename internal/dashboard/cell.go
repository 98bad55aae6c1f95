package dashboard

import (
	"cmp"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/export"
)

// Cell is one value as it is shown.
type Cell struct {
	Text  string
	Kind  string // word, number, time, value, blank, text, id: a class of the style sheet
	Tone  string // of a badge: good, bad, warn, quiet
	Link  string
	Exact string // of a time: ISO, for machines
}

// longestCell is how much of a value a table shows, in characters; the CSV has all of it.
const longestCell = 300

// tones say how the end of a run or of a change looks. A word that is not here is quiet.
var tones = map[string]string{
	"done": "good", "taken": "good", "linked": "good",
	"failed": "bad", "refused": "bad", "not_taken": "bad", "stopped": "bad", "crashed": "bad",
	"stale": "warn", "deferred": "warn", "unclear": "warn", "interrupted": "warn", "frozen": "warn", "ask": "warn", "running": "warn", "held": "warn", "half": "warn",
}

// values are the columns that hold what a CRM holds: shown as they are, a blank one as the word.
var values = map[string]bool{
	"before": true, "after": true, "stored": true, "value": true,
	"hubspot": true, "salesforce": true, "hubspot_base": true, "salesforce_base": true,
}

// numeric are DuckDB's types that stand right.
var numeric = map[string]bool{"BIGINT": true, "INTEGER": true, "DOUBLE": true, "HUGEINT": true}

// prose are the columns that hold sentences.
var prose = map[string]bool{"reason": true, "why": true, "decided_by": true, "says": true, "text": true, "error": true, "words": true, "remedy": true}

// heads takes the columns of a query, and shows those that are for showing.
func (t *Table) heads(columns []*sql.ColumnType) error {
	for _, c := range columns {
		t.names = append(t.names, c.Name())
		if !strings.HasPrefix(c.Name(), "_") {
			t.Columns = append(t.Columns, Column{Name: c.Name(), Label: label(c.Name()), Number: numeric[c.DatabaseTypeName()]})
		}
	}
	return nil
}

// stateTone is how the end of a run looks.
func stateTone(state string) string {
	if state == "refused" {
		return "warn" // the run is done, but for some changes
	}
	return cmp.Or(tones[state], "quiet")
}

// label is a column's name as a heading.
func label(column string) string {
	column = spoken(column)
	return strings.ToUpper(column[:1]) + column[1:]
}

// spoken is a column's name in a sentence.
func spoken(column string) string {
	column = strings.ReplaceAll(column, "_", " ")
	for _, name := range [][2]string{{"hubspot", "HubSpot"}, {"salesforce", "Salesforce"}} {
		column = strings.ReplaceAll(column, name[0], name[1])
	}
	return column
}

// row makes the cells of one row.
func (r *request) row(columns []string, all []any) Row {
	row := Row{value: map[string]any{}}
	for i, c := range columns {
		row.value[c] = all[i]
	}
	for i, c := range columns {
		if !strings.HasPrefix(c, "_") {
			row.Cells = append(row.Cells, cell(c, all[i], row.value))
		}
	}
	return row
}

// cell shows one value by the name of its column and its type.
func cell(column string, v any, row map[string]any) Cell {
	c := Cell{Kind: "text"}
	switch v := v.(type) {
	case nil:
		if values[column] {
			return Cell{Text: "blank", Kind: "blank"}
		}
		return c
	case time.Time:
		if column == "day" {
			return Cell{Text: v.Format(time.DateOnly), Exact: v.Format(time.DateOnly), Kind: "time"}
		}
		return Cell{Text: v.UTC().Format("2006-01-02 15:04:05"), Exact: v.UTC().Format(time.RFC3339), Kind: "time"}
	case int64, int32:
		return Cell{Text: grouped(fmt.Sprint(v)), Kind: "number"}
	case float64:
		return Cell{Text: strconv.FormatFloat(v, 'f', -1, 64), Kind: "number"}
	case bool:
		c.Text = map[bool]string{true: "yes"}[v]
		return c
	default:
		c.Text = export.Text(v)
	}
	if c.Text == "" && values[column] {
		return Cell{Text: "blank", Kind: "blank"}
	}
	switch {
	case column == "state" || column == "outcome":
		c.Kind, c.Tone = "word", cmp.Or(tones[c.Text], "quiet")
		if column == "state" {
			c.Tone = stateTone(c.Text)
		}
		c.Text = strings.ReplaceAll(c.Text, "_", " ")
	case values[column]:
		c.Kind = "value"
	}
	switch {
	case column == "run" || column == "record" || column == "pair":
		c.Kind = "id"
	case prose[column]:
		c.Kind = "prose"
	}
	c.Link = link(column, row)
	dated := slices.ContainsFunc([]string{"at", "started", "last_seen"}, func(c string) bool { _, ok := row[c]; return ok })
	if column == "run" && dated {
		c.Text = c.Text[strings.LastIndexByte(c.Text, '-')+1:] // the rest of its id is the time, which stands beside it
	}
	c.Text = cut(c.Text)
	return c
}

// link is where a value leads; empty: nowhere.
func link(column string, row map[string]any) string {
	text, ok := row[column].(string)
	if !ok || text == "" {
		return ""
	}
	switch column {
	case "what":
		kind, _ := row["_kind"].(string)
		run, _ := row["_run"].(string)
		return waits(kind, run)
	case "run":
		return "/runs/" + url.PathEscape(text)
	case "record":
		q := url.Values{"who": {text}}
		for _, of := range []string{"entity", "_entity"} {
			if e, ok := row[of].(string); ok {
				q.Set("entity", e)
			}
		}
		return "/person?" + q.Encode()
	}
	return ""
}

func cut(text string) string {
	if r := []rune(text); len(r) > longestCell {
		return string(r[:longestCell-1]) + "…"
	}
	return text
}

// grouped is 1234567 as 1,234,567.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
