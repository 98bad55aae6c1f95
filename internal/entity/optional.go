package entity

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// A column that not every org has, or shows to these credentials, is named in the comment lines that a from or a to
// file begins with:
//
//	-- optional: HasOptedOutOfEmail, DoNotCall
//
// Where the CRM's metadata lacks it, a field made of it is absent, and a to file does not write it. Of a column that only
// helps to make a field, the field is made without it:
//
//	-- optional, else null: MailingCountryCode
var optionalLine = regexp.MustCompile(`(?i)^--\s*optional\s*(,\s*else\s+null\s*)?:\s*(.*)$`)

// optional are the names on such lines, and those of them that are null where they are missing; lower case.
func (f File) optional() (names, elseNull []string) {
	for line := range strings.Lines(f.Text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			break
		}
		if m := optionalLine.FindStringSubmatch(line); m != nil {
			for _, n := range strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
				add(&names, strings.ToLower(n))
				if m[1] != "" {
					add(&elseNull, strings.ToLower(n))
				}
			}
		}
	}
	return names, elseNull
}

// checkOptional refuses an optional column that the file does not name: a misspelt one would be no longer optional.
func (f File) checkOptional(s *Statement) error {
	for _, n := range s.Optional {
		if !slices.Contains(s.names(), n) && !slices.ContainsFunc(s.Output, func(o string) bool { return strings.EqualFold(o, n) }) {
			return crm.WithHint(fmt.Errorf("%s: the optional column %q does not stand in the SQL", f.Path, n), "`-- optional:` names columns of the CRM that an org may lack, as the SQL below spells them")
		}
	}
	return nil
}

// Lacking lists the optional columns, lower case, that table does not have.
func (f ObjectFile) Lacking(ctx context.Context, conn Conn, table string) (_ []string, err error) {
	names, _ := f.optional()
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := conn.QueryContext(ctx, "select lower(column_name) from (describe select * from "+table+")")
	if err != nil {
		return nil, fmt.Errorf("entity.Lacking(%s): %w", f.Path, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var has string
		if err := rows.Scan(&has); err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == has })
	}
	return names, rows.Err()
}

// MadeOf reports whether one of the columns, lower case, goes into field.
func (s *Statement) MadeOf(field string, columns []string) bool {
	return len(columns) > 0 && slices.ContainsFunc(s.Feeds(field), func(c string) bool { return slices.Contains(columns, c) })
}

// Lacks reports whether field is absent because of the optional columns, lower case, that the CRM does not have.
func (s *Statement) Lacks(field string, columns []string) bool {
	return slices.ContainsFunc(s.Feeds(field), func(c string) bool {
		return slices.Contains(columns, c) && !slices.Contains(s.elseNull, c)
	})
}

// with is table, with nulls for the columns it lacks so that a file that reads them runs.
func with(table string, lacking []string) string {
	if len(lacking) == 0 {
		return table
	}
	var b strings.Builder
	for _, n := range lacking {
		b.WriteString(", null as " + Quote(n))
	}
	return "(select *" + b.String() + " from " + table + ")"
}
