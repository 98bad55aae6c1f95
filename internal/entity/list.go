package entity

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// List is a table that a team keeps by hand in sql/list: free-mail domains, records never to touch. SQL reads it
// as list.<name>, every column as text, an empty cell as null, and _line, where in the file a row stands.
type List struct {
	Name    string
	Path    string
	Text    string // the file as it stands
	Columns []string
	Rows    [][]string
	Lines   []int // of each row in the file
}

func readLists(fsys fs.FS) ([]List, error) { return readCSVs(fsys, "list", parseList) }

// parseList refuses a row that stands twice: a join would find it twice.
func parseList(file, text string) (List, error) {
	l := List{Name: strings.TrimSuffix(path.Base(file), ".csv"), Path: file, Text: text}
	header, _, _ := strings.Cut(strings.TrimPrefix(skipComments(text), "\ufeff"), "\n")
	row, err := csv.NewReader(strings.NewReader(header)).Read()
	if err != nil && !errors.Is(err, io.EOF) || len(row) == 0 {
		return l, crm.WithHint(fmt.Errorf("%s:1: the header is missing", file), "the first line names the columns")
	}
	for _, c := range row {
		if c = strings.TrimSpace(c); !plainName(c) || slices.Contains(l.Columns, c) {
			return l, crm.WithHint(fmt.Errorf("%s:1: column %q", file, c), "columns are named once each, in lower case letters, digits and underscores")
		}
		l.Columns = append(l.Columns, c)
	}
	seen := map[string]int{}
	err = eachRow(file, text, l.Columns, func(line int, r []string) error {
		key := strings.Join(r, "\x00")
		if first, twice := seen[key]; twice {
			return crm.WithHint(fmt.Errorf("%s:%d: the row of line %d again", file, line, first), "a row stands once")
		}
		seen[key] = line
		l.Rows, l.Lines = append(l.Rows, r), append(l.Lines, line)
		return nil
	})
	return l, err
}

// skipComments leaves out the lines before the header that begin with #.
func skipComments(text string) string {
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// installLists makes the table of each list.
func (p *Project) installLists(ctx context.Context, conn Conn) error {
	if _, err := conn.ExecContext(ctx, "drop schema if exists list cascade; create schema list"); err != nil {
		return fmt.Errorf("entity.Install: %w", err)
	}
	for _, l := range p.Lists {
		table := "list." + Quote(l.Name)
		var columns []string
		for _, c := range l.Columns {
			columns = append(columns, Quote(c)+" varchar")
		}
		if _, err := conn.ExecContext(ctx, "create table "+table+" ("+strings.Join(append(columns, "_line integer"), ", ")+")"); err != nil {
			return fmt.Errorf("%s: %w", l.Path, err)
		}
		next := 0
		for rows := range slices.Chunk(l.Rows, 500) {
			var values []string
			var args []any
			for _, r := range rows {
				var cells []string
				for _, v := range r {
					args = append(args, v)
					cells = append(cells, fmt.Sprintf("nullif($%d, '')", len(args)))
				}
				values = append(values, fmt.Sprintf("(%s, %d)", strings.Join(cells, ", "), l.Lines[next]))
				next++
			}
			if _, err := conn.ExecContext(ctx, "insert into "+table+" values "+strings.Join(values, ", "), args...); err != nil {
				return fmt.Errorf("%s: %w", l.Path, err)
			}
		}
	}
	return nil
}
