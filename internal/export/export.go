// Package export writes the rows of a query for people and their tools: a table for the terminal, CSV for a spreadsheet,
// JSON, Markdown and Parquet.
//
// What stands in a CRM was typed by anybody, so CSV is formula-safe: see Cell.
package export

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"lockstep/internal/crm"
)

// Format names what Write can make.
type Format string

// The formats. Parquet is a file of its own: see Parquet.
const (
	Table    Format = "table"    // for reading; long texts are cut
	CSV      Format = "csv"      // RFC 4180 with a header, formula-safe
	JSON     Format = "json"     // one object per line, in the order of the columns
	Markdown Format = "markdown" // a GitHub table
	Parquet  Format = "parquet"
)

// Formats are all of them.
var Formats = []Format{Table, CSV, JSON, Markdown, Parquet}

// ParseFormat refuses what is none.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats {
		if string(f) == s {
			return f, nil
		}
	}
	return "", crm.WithHint(fmt.Errorf("--format %q", s), "formats are table, csv, json, markdown and parquet")
}

// Write writes all rows to w, and closes them. A row is written as it comes, but for a table, which is held in memory.
// It returns how many there were.
func Write(w io.Writer, rows *sql.Rows, f Format) (n int, err error) {
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name()
	}
	out := bufio.NewWriter(w)
	line, end, err := writer(out, names, f)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		for i, v := range values {
			if day, ok := v.(time.Time); ok && types[i].DatabaseTypeName() == "DATE" {
				values[i] = day.Format(time.DateOnly)
			}
		}
		if err := line(values); err != nil {
			return n, err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	if err := end(); err != nil {
		return n, err
	}
	return n, out.Flush()
}

// writer is what is done with each row and at the end.
func writer(out *bufio.Writer, names []string, f Format) (line func([]any) error, end func() error, err error) {
	end = func() error { return nil }
	switch f {
	case CSV:
		var head []any
		for _, n := range names {
			head = append(head, n)
		}
		_, err := out.WriteString(Record(head))
		return func(values []any) error { _, err := out.WriteString(Record(values)); return err }, end, err
	case JSON:
		return func(values []any) error { return object(out, names, values) }, end, nil
	case Markdown:
		cells := make([]string, len(names))
		for i, n := range names {
			cells[i] = escape(n)
		}
		_, err := fmt.Fprintf(out, "| %s |\n|%s\n", strings.Join(cells, " | "), strings.Repeat(" --- |", len(names)))
		return func(values []any) error {
			for i, v := range values {
				cells[i] = escape(Text(v))
			}
			_, err := fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
			return err
		}, end, err
	case Table:
		t := tableOf(names)
		return func(values []any) error { t.AppendRow(row(values)); return nil },
			func() error {
				shown := "No rows."
				if t.Length() > 0 {
					shown = t.Render()
				}
				_, err := fmt.Fprintln(out, shown)
				return err
			}, nil
	}
	return nil, nil, fmt.Errorf("%s is not written row by row", f)
}

// object writes one row as one JSON object on a line.
func object(out *bufio.Writer, names []string, values []any) error {
	for i, n := range names {
		key, err := json.Marshal(n)
		if err != nil {
			return err
		}
		value, err := json.Marshal(plain(values[i]))
		if err != nil {
			return fmt.Errorf("column %s: %w", n, err)
		}
		sep := ","
		if i == 0 {
			sep = "{"
		}
		if _, err := fmt.Fprintf(out, "%s%s:%s", sep, key, value); err != nil {
			return err
		}
	}
	_, err := out.WriteString("}\n")
	return err
}

// longest is how much of a text a table shows; the other formats have all of it.
const longest = 240

func tableOf(names []string) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	head := table.Row{}
	var widths []table.ColumnConfig
	for i, n := range names {
		head = append(head, n)
		widths = append(widths, table.ColumnConfig{Number: i + 1, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft})
	}
	t.SetColumnConfigs(widths)
	t.AppendHeader(head)
	t.SuppressEmptyColumns()
	return t
}

func row(values []any) table.Row {
	out := make(table.Row, len(values))
	for i, v := range values {
		s := []rune(Text(v))
		if len(s) > longest {
			s = append(s[:longest-1], '…')
		}
		out[i] = string(s)
	}
	return out
}

// markdown is what has a meaning in a cell of a Markdown table, or in the HTML that it may hold.
var markdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"\r\n", " ", "\n", " ", "\r", " ", "~", `\~`, "#", `\#`, "!", `\!`)

func escape(s string) string { return markdown.Replace(s) }
