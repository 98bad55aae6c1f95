package dashboard

import (
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// query is one file of queries/.
type query struct {
	name, text string
	keys       []string // the columns that order it, never null; none: it is short and shown whole
	ties       []string // what orders rows of one key
	descending bool
	timed      bool                           // its first key is an instant, newest first
	made       func(*request) (string, error) // its text, where the tables are not known before; nil: text is it
}

// links stands in a query for the links of all entities: entity, pair_id, hubspot_id, salesforce_id.
const links = "$links"

var (
	tiesLine  = regexp.MustCompile(`(?m)^-- ties: (.+)$`)
	keyLine   = regexp.MustCompile(`(?m)^-- key: (.+)$`)
	parameter = regexp.MustCompile(`\$([a-z_]+)`)
	condition = regexp.MustCompile(`(?m)-- if ([a-z_]+)$`)
)

// readQueries reads them all: the first line is the grain, the second may be the key.
func readQueries() (map[string]query, error) {
	names, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	all := map[string]query{"overview_entities": {name: "overview_entities", made: (*request).entities}}
	for _, file := range names {
		text, err := queryFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		q := query{name: strings.TrimSuffix(path.Base(file), ".sql"), text: string(text)}
		if !strings.HasPrefix(q.text, "-- grain: ") {
			return nil, fmt.Errorf("%s: its first line is not `-- grain: …`", file)
		}
		if m := keyLine.FindStringSubmatch(q.text); m != nil {
			for i, part := range strings.Split(m[1], ",") {
				column, desc := strings.CutSuffix(strings.TrimSpace(part), " desc")
				if i > 0 && desc != q.descending {
					return nil, fmt.Errorf("%s: its key goes in two directions", file)
				}
				q.keys, q.descending = append(q.keys, column), desc
			}
			q.timed = q.descending && (q.keys[0] == `"at"` || q.keys[0] == "started")
		}
		if m := tiesLine.FindStringSubmatch(q.text); m != nil {
			q.ties = strings.Split(m[1], ", ")
		}
		all[q.name] = q
	}
	return all, nil
}

// bound is the query's text for one request, and its arguments: lines for a value that was not given are left out, so that
// the rest is as DuckDB reads it best.
func (q query) bound(r *request) (string, []any, error) {
	if q.made != nil {
		text, err := q.made(r)
		return text, nil, err
	}
	var text strings.Builder
	for line := range strings.Lines(q.text) {
		bare := strings.TrimRight(line, "\n")
		if m := condition.FindStringSubmatch(bare); m != nil {
			if given, err := r.given(m[1]); err != nil {
				return "", nil, err
			} else if !given {
				continue
			}
			bare = strings.TrimSuffix(bare, m[0])
		}
		if !strings.HasPrefix(bare, "--") {
			text.WriteString(bare + "\n")
		}
	}
	if bare := text.String(); strings.Contains(bare, links) {
		of, err := r.links()
		if err != nil {
			return "", nil, err
		}
		text.Reset()
		text.WriteString(strings.ReplaceAll(bare, links, "("+of+")"))
	}
	var args []any
	var known []string
	for _, m := range parameter.FindAllStringSubmatch(text.String(), -1) {
		if slices.Contains(known, m[1]) {
			continue
		}
		known = append(known, m[1])
		v, err := r.argument(m[1])
		if err != nil {
			return "", nil, err
		}
		args = append(args, sql.Named(m[1], v))
	}
	return text.String(), args, nil
}

// given tells whether a line that counts only if something is given does. What find.go finds for a record is one pair,
// several pairs, or none: each is asked for in the way that is quickest.
func (r *request) given(name string) (bool, error) {
	if name != "pair" && name != "pairs" && name != "unpaired" {
		return r.value(name) != "", nil
	}
	pairs, err := r.pairs()
	switch name {
	case "pair":
		return len(pairs) == 1, err
	case "pairs":
		return len(pairs) > 1, err
	}
	return len(pairs) == 0 && r.value("record") != "", err
}

// argument is a parameter's value: an instant for now, since and until, what find.go finds for pairs, the text of the request for every other.
func (r *request) argument(name string) (any, error) {
	switch name {
	case "now":
		return r.now.UTC(), nil
	case "pair", "pairs":
		pairs, err := r.pairs()
		return strings.Join(pairs, "\n"), err
	case "run":
		return r.runID(r.value(name))
	case "record", "id":
		return crm.Asked(r.value(name)), nil
	case "since", "until":
		t, ok := instant(r.value(name))
		if !ok {
			return nil, problem{http.StatusBadRequest, fmt.Sprintf("%q is no date.", r.value(name)), "Write it as 2026-03-02, or 2026-03-02T09:30, in UTC."}
		}
		if name == "until" && len(r.value(name)) == len(time.DateOnly) {
			t = t.AddDate(0, 0, 1) // to the end of that day
		}
		return t, nil
	}
	return r.value(name), nil
}

// instant reads what a date field of a form sends. Times are UTC.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
