package entity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Crosswalk is a two-way translation between our value and what each CRM calls it.
type Crosswalk struct {
	Name string
	Path string
	Text string // the file as it stands
	Rows []Translation
}

// Translation is one row of a crosswalk. An empty cell says nothing for that CRM.
type Translation struct {
	Value, HubSpot, Salesforce string
	Use                        string // both | in (reading a CRM) | out (writing to one)
}

func readCrosswalks(fsys fs.FS) ([]Crosswalk, error) {
	return readCSVs(fsys, "crosswalk", parseCrosswalk)
}

// readCSVs parses every CSV of a folder, in the order of their names.
func readCSVs[T any](fsys fs.FS, dir string, parse func(file, text string) (T, error)) ([]T, error) {
	names, err := fs.Glob(fsys, dir+"/*.csv")
	if err != nil {
		return nil, err
	}
	var all []T
	for _, n := range names {
		b, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, err
		}
		one, err := parse("sql/"+n, string(b))
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// parseCrosswalk refuses a translation that is not unique per direction: each CRM's value may be read as one
// value of ours, and each value of ours written as one value of each CRM. Many-to-one is two rows, one `in`.
func parseCrosswalk(file, text string) (Crosswalk, error) {
	c := Crosswalk{Name: strings.TrimSuffix(path.Base(file), ".csv"), Path: file, Text: text}
	seen := map[string]int{}
	once := func(direction, value string, line int) error {
		if value == "" {
			return nil
		}
		key := direction + "\x00" + value
		if first, twice := seen[key]; twice {
			return crm.WithHint(fmt.Errorf("%s:%d: %q is %s twice, first in line %d", c.Path, line, value, direction, first),
				"a value may be translated one way per direction; mark one of the rows `in` or `out`, or leave that CRM's cell empty")
		}
		seen[key] = line
		return nil
	}
	err := eachRow(c.Path, c.Text, []string{"value", "hubspot", "salesforce", "use"}, func(line int, r []string) error {
		t := Translation{r[0], r[1], r[2], r[3]}
		if t.Value == "" {
			return crm.WithHint(fmt.Errorf("%s:%d: the value is empty", c.Path, line), "`value` is our own word for it")
		}
		if t.Use != "both" && t.Use != "in" && t.Use != "out" {
			return crm.WithHint(fmt.Errorf("%s:%d: use %q", c.Path, line, t.Use), "use is both, in (reading a CRM) or out (writing to one)")
		}
		var errs []error
		if t.Use != "out" {
			errs = append(errs, once("read from hubspot", t.HubSpot, line), once("read from salesforce", t.Salesforce, line))
		}
		if t.Use != "in" {
			if t.HubSpot != "" {
				errs = append(errs, once("written to hubspot", t.Value, line))
			}
			if t.Salesforce != "" {
				errs = append(errs, once("written to salesforce", t.Value, line))
			}
		}
		c.Rows = append(c.Rows, t)
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

// eachRow reads a CSV whose header must be want, calling f with the line and the trimmed cells.
func eachRow(file, text string, want []string, f func(line int, row []string) error) error {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comment = '#'
	r.FieldsPerRecord = len(want)
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			if first {
				return crm.WithHint(fmt.Errorf("%s:1: the header is missing", file), "the first line is %s", strings.Join(want, ","))
			}
			return nil
		}
		var bad *csv.ParseError
		if first && errors.As(err, &bad) {
			if i := slices.IndexFunc(want, func(c string) bool { return !slices.Contains(row, c) }); i >= 0 && len(row) > 0 {
				return crm.WithHint(fmt.Errorf("%s:%d: the column %s is missing", file, bad.Line, want[i]), "the first line is %s", strings.Join(want, ","))
			}
		}
		if errors.As(err, &bad) {
			return crm.WithHint(fmt.Errorf("%s:%d: %v", file, bad.Line, bad.Err), "every row has the %d cells %s; quote a cell that holds a comma", len(want), strings.Join(want, ","))
		} else if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		line, _ := r.FieldPos(0)
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if first {
			if strings.Join(row, ",") != strings.Join(want, ",") {
				return crm.WithHint(fmt.Errorf("%s:%d: header %q", file, line, strings.Join(row, ",")), "the first line is %s", strings.Join(want, ","))
			}
			continue
		}
		if err := f(line, row); err != nil {
			return err
		}
	}
}

// Conn is what this package needs of a warehouse connection. Macros, crosswalks and temporary tables live on
// the connection or in its database, so one run uses one connection throughout.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Install creates the project's macros, crosswalk tables and lists, replacing those of an earlier text.
//
// A warehouse that has just these already is left as it is.
func (p *Project) Install(ctx context.Context, conn Conn) error {
	digest := p.installed()
	var same bool
	if err := conn.QueryRowContext(ctx, `select coalesce(bool_or(value = $1), false) from catalog.installed`, digest).Scan(&same); err == nil && same {
		return nil
	}
	if err := p.install(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `create or replace table catalog.installed as select $1::varchar as value`, digest); err != nil {
		return fmt.Errorf("entity.Install: %w", err)
	}
	return nil
}

// installed is a digest over what Install installs.
func (p *Project) installed() string {
	sum := sha256.New()
	for _, f := range p.Lib {
		fmt.Fprintf(sum, "%q %q\n", f.Path, f.Text)
	}
	for _, c := range p.Crosswalks {
		fmt.Fprintf(sum, "%q %q\n", c.Path, c.Text)
	}
	for _, l := range p.Lists {
		fmt.Fprintf(sum, "%q %q\n", l.Path, l.Text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (p *Project) install(ctx context.Context, conn Conn) error {
	if _, err := conn.ExecContext(ctx, "drop schema if exists crosswalk cascade; create schema crosswalk"); err != nil {
		return fmt.Errorf("entity.Install: %w", err)
	}
	if err := p.installLists(ctx, conn); err != nil {
		return err
	}
	for _, c := range p.Crosswalks {
		table := "crosswalk." + Quote(c.Name)
		if _, err := conn.ExecContext(ctx, "create or replace table "+table+` (value varchar, hubspot varchar, salesforce varchar, use varchar)`); err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
		var rows []string
		var args []any
		for _, t := range c.Rows {
			n := len(args)
			rows = append(rows, fmt.Sprintf("($%d, nullif($%d, ''), nullif($%d, ''), $%d)", n+1, n+2, n+3, n+4))
			args = append(args, t.Value, t.HubSpot, t.Salesforce, t.Use)
		}
		if len(rows) == 0 {
			continue
		}
		if _, err := conn.ExecContext(ctx, "insert into "+table+" values "+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
	}
	// Macros may read lists and crosswalks.
	return p.installLib(ctx, conn)
}

// installLib creates the macros. A macro may use another one, whichever file comes first: what fails is tried
// again as long as others succeed.
func (p *Project) installLib(ctx context.Context, conn Conn) error {
	todo := p.Lib
	for len(todo) > 0 {
		var again []File
		var first error
		for _, f := range todo {
			if err := f.checkMacro(); err != nil {
				return err
			}
			if _, err := conn.ExecContext(ctx, f.Text); err != nil {
				again = append(again, f)
				if first == nil {
					first = f.Error(err, 0)
				}
			}
		}
		if len(again) == len(todo) {
			return first
		}
		todo = again
	}
	return nil
}

// Quote writes an identifier for DuckDB.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
