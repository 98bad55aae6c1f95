package dashboard

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Table is what a query returned, ready to be shown.
type Table struct {
	Name, Title string
	Columns     []Column
	Rows        []Row
	CSV         string // address of all of it, with the same filters
	Next        string // address of the next page; empty: this is the last
	First       string // address of the first page; empty: this is it
	More        bool   // there is more than is shown, and no next page: the CSV has it
	Note        string // what its words mean
	names       []string
}

// Column is one column's head.
type Column struct {
	Name, Label string
	Number      bool
}

// Row is one row's cells, in the order of the columns.
type Row struct {
	Cells []Cell
	value map[string]any // hidden columns too
}

// Said is a sentence that stands below the row, over the whole width: the hidden column _error.
func (r Row) Said() string {
	text, _ := r.value["_error"].(string)
	return cut(text)
}

// How many rows a table shows: of a query with a key on a page of its own and among others, and of one without.
const (
	pageRows  = 50
	partRows  = 25
	shortRows = 500
)

// cursor is where a page begins: behind the row with these keys, or, as keys may be shared, behind as many rows of them.
type cursor struct {
	Keys []key `json:"k"`
	Skip int   `json:"s"`
}

// key is one value of a cursor; one of the three is set.
type key struct {
	Time *time.Time `json:"t,omitempty"`
	Int  *int64     `json:"i,omitempty"`
	Text *string    `json:"v,omitempty"`
}

func (k key) value() any {
	switch {
	case k.Time != nil:
		return k.Time.UTC()
	case k.Int != nil:
		return *k.Int
	case k.Text != nil:
		return *k.Text
	}
	return ""
}

func keyOf(v any) key {
	switch v := v.(type) {
	case time.Time:
		return key{Time: &v}
	case int64:
		return key{Int: &v}
	case int32:
		n := int64(v)
		return key{Int: &n}
	}
	text := fmt.Sprint(v)
	return key{Text: &text}
}

// table runs the query of that name and makes a table of it, one page if the query has a key.
func (r *request) table(name, title string) (t Table, err error) {
	q, ok := r.s.queries[name]
	if !ok {
		return Table{}, fmt.Errorf("no query %q", name)
	}
	text, args, err := q.bound(r)
	if err != nil {
		return Table{}, err
	}
	limit := shortRows
	var from cursor
	if len(q.keys) > 0 {
		limit = r.rows
		if from, err = readCursor(r.URL.Query().Get("after_"+name), len(q.keys)); err != nil {
			return Table{}, err
		}
	}
	for _, begin := range r.windows(q, from) {
		t = Table{Name: name, Title: title, CSV: r.csvOf(name)}
		text, args := text, args
		if len(q.keys) == 0 {
			text = fmt.Sprintf("from (\n%s\n) limit %d", text, limit+1)
		} else {
			text, args = q.paged(text, args, from, begin)
			text += fmt.Sprintf("\nlimit %d offset %d", limit+1, from.Skip)
		}
		if err := read(r.Context(), r.db, text, args, t.heads, func(row []any) error {
			t.Rows = append(t.Rows, r.row(t.names, row))
			return nil
		}); err != nil {
			if d := (*duckdb.Error)(nil); len(from.Keys) > 0 && errors.As(err, &d) && slices.Contains(misfits, d.Type) {
				return t, errCursor
			}
			return t, fmt.Errorf("queries/%s.sql: %w", name, err)
		}
		if len(t.Rows) > limit {
			break
		}
	}
	defer func() { t.dropEmpty() }()
	if len(from.Keys) > 0 {
		t.First = r.at(name, "")
	}
	if len(t.Rows) <= limit {
		return t, nil
	}
	t.Rows, t.More = t.Rows[:limit], len(q.keys) == 0
	if len(q.keys) > 0 {
		t.Next = r.at(name, q.after(t.Rows, from).String())
	}
	return t, nil
}

// dropEmpty leaves out the columns in which no row shown has anything; the CSV has them.
func (t *Table) dropEmpty() {
	for i := len(t.Columns) - 1; i >= 0; i-- {
		if slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Cells[i].Text != "" }) || len(t.Rows) == 0 {
			continue
		}
		t.Columns = slices.Delete(t.Columns, i, i+1)
		for j := range t.Rows {
			t.Rows[j].Cells = slices.Delete(t.Rows[j].Cells, i, i+1)
		}
	}
}

// windows are the instants from which on a page of the newest is looked for, one after the other until one has enough;
// the zero time is from the beginning. What is newest mostly is of the last days, and files of other times are not opened.
func (r *request) windows(q query, from cursor) []time.Time {
	if !q.timed || r.value("since") != "" || r.value("run") != "" {
		return []time.Time{{}}
	}
	end := r.now
	if t, ok := instant(r.value("until")); ok {
		end = t
	}
	if len(from.Keys) > 0 && from.Keys[0].Time != nil {
		end = *from.Keys[0].Time
	}
	return []time.Time{end.AddDate(0, 0, -2), end.AddDate(0, 0, -30), {}}
}

// paged is the query from a cursor on and, if begin is set, not before that, in the order of its keys. Rows of one key have
// an order, too, so that a page may end among them.
func (q query) paged(text string, args []any, from cursor, begin time.Time) (string, []any) {
	args = slices.Clone(args)
	order, sign := " asc", ">"
	if q.descending {
		order, sign = " desc", "<"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "select * from (\n%s\n) as listed\nwhere true", text)
	if !begin.IsZero() {
		fmt.Fprintf(&b, " and %s >= $begin", q.keys[0])
		args = append(args, sql.Named("begin", begin.UTC()))
	}
	if len(from.Keys) > 0 {
		// The first key alone stands apart: it is what whole row groups are left out by.
		fmt.Fprintf(&b, " and %s %s= $key_0", q.keys[0], sign)
		for i := range q.keys {
			args = append(args, sql.Named(fmt.Sprintf("key_%d", i), from.Keys[i].value()))
		}
		if len(q.keys) > 1 {
			fmt.Fprintf(&b, " and (%s %s $key_0", q.keys[0], sign)
			same := q.keys[0] + " = $key_0"
			for i := 1; i < len(q.keys); i++ {
				last := sign
				if i == len(q.keys)-1 {
					last += "="
				}
				fmt.Fprintf(&b, " or %s and %s %s $key_%d", same, q.keys[i], last, i)
				same += fmt.Sprintf(" and %s = $key_%d", q.keys[i], i)
			}
			b.WriteString(")")
		}
	}
	b.WriteString("\norder by " + strings.Join(q.keys, order+", ") + order)
	for _, column := range q.ties {
		b.WriteString(", " + column)
	}
	return b.String(), args
}

// after is the cursor behind the last of the rows shown.
func (q query) after(rows []Row, from cursor) cursor {
	var c cursor
	last := rows[len(rows)-1]
	for _, k := range q.keys {
		c.Keys = append(c.Keys, keyOf(last.value[unquoted(k)]))
	}
	for i := len(rows) - 1; i >= 0 && q.same(rows[i], last); i-- {
		c.Skip++
	}
	if c.Skip == len(rows) && len(from.Keys) > 0 && q.at(from, last) {
		c.Skip += from.Skip // a page of one key, which began within it
	}
	return c
}

func (q query) same(a, b Row) bool {
	for _, k := range q.keys {
		if fmt.Sprint(a.value[unquoted(k)]) != fmt.Sprint(b.value[unquoted(k)]) {
			return false
		}
	}
	return true
}

func (q query) at(c cursor, row Row) bool {
	for i, k := range q.keys {
		if fmt.Sprint(c.Keys[i].value()) != fmt.Sprint(keyOf(row.value[unquoted(k)]).value()) {
			return false
		}
	}
	return true
}

func unquoted(column string) string { return strings.Trim(column, `"`) }

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // times out of JSON's range: the first page
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

var errCursor = problem{http.StatusBadRequest, "That page does not exist.", "Begin at the first page again."}

// misfits are what DuckDB says to a key that is not of its column's type.
var misfits = []duckdb.ErrorType{duckdb.ErrorTypeConversion, duckdb.ErrorTypeBinder, duckdb.ErrorTypeMismatchType, duckdb.ErrorTypeInvalidInput}

// readCursor reads what an address holds; a person may have changed it.
func readCursor(text string, keys int) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &c) != nil || len(c.Keys) != keys || c.Skip < 0 || c.Skip > 1_000_000 {
		return cursor{}, errCursor
	}
	return c, nil
}

// at is the address of this page with the table at another place.
func (r *request) at(table, after string) string {
	v := r.URL.Query()
	v.Del("after_" + table)
	if after != "" {
		v.Set("after_"+table, after)
	}
	return (&url.URL{Path: r.URL.Path, RawQuery: v.Encode(), Fragment: table}).String()
}

// csvOf is where a table's CSV stands, with the filters of this page.
func (r *request) csvOf(name string) string {
	v := url.Values{}
	for _, names := range []*regexp.Regexp{parameter, condition} {
		for _, m := range names.FindAllStringSubmatch(r.s.queries[name].text, -1) {
			if value := r.value(m[1]); value != "" {
				v.Set(m[1], value)
			}
		}
	}
	return (&url.URL{Path: "/csv/" + name, RawQuery: v.Encode()}).String()
}

// read calls head with the columns of a query, then row with every row.
func read(ctx context.Context, db *sql.DB, text string, args []any, head func([]*sql.ColumnType) error, row func([]any) error) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	columns, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	if err := head(columns); err != nil {
		return err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}
