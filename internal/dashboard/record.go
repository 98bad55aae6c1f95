package dashboard

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/export"
)

// columns are what a record holds, by the names of its columns in lower case.
type columns map[string]string

// records are the columns of these records as the mirrors have them: one question per object. One that was not published
// is not there.
func (r *request) records(wanted []crm.Record) (map[crm.Record]columns, error) {
	found := map[crm.Record]columns{}
	ids := map[crm.Object][]string{}
	for _, x := range wanted {
		if !slices.Contains(ids[x.Object], x.ID) {
			ids[x.Object] = append(ids[x.Object], x.ID)
		}
	}
	for o, list := range ids {
		known, err := r.texts(`select table_name from information_schema.tables
			where table_catalog = current_database() and table_schema = $schema and table_name = $name`, sql.Named("schema", string(o.System)), sql.Named("name", o.Name))
		if err != nil {
			return nil, err
		}
		if len(known) == 0 {
			continue
		}
		var names []string
		text := `select * from ` + quoted(string(o.System)) + `.` + quoted(known[0]) + ` where id in (select unnest(string_split($ids, chr(10))))`
		if err := read(r.Context(), r.db, text, []any{sql.Named("ids", strings.Join(list, "\n"))}, func(all []*sql.ColumnType) error {
			for _, c := range all {
				names = append(names, strings.ToLower(c.Name()))
			}
			return nil
		}, func(row []any) error {
			values := columns{}
			for i, v := range row {
				values[names[i]] = export.Text(v)
			}
			found[crm.Record{Object: o, ID: values["id"]}] = values
			return nil
		}); err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
	}
	return found, nil
}

// value is what a record holds of a field: the columns of its own object that the field comes from. A field that is made of
// other records, too, or is the record's own id says nothing that could be compared.
func (f mapped) value(o crm.Object, values columns) string {
	i := slices.IndexFunc(f.In, func(p entity.Passage) bool { return p.Object == o })
	if i < 0 || slices.ContainsFunc(f.In[i].Columns, func(c string) bool { return strings.Contains(c, ".") || strings.EqualFold(c, "id") }) {
		return ""
	}
	var parts []string
	for _, c := range f.In[i].Columns {
		if v := values[strings.ToLower(c)]; v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " · ")
}

// fieldLine is one field of some records side by side.
type fieldLine struct {
	Field  string
	Values []string // one per record
	Same   bool     // of all that are not blank
}

// sideBySide puts the values of records of one entity beside each other, by the columns that each field comes from. Fields
// that all of them leave blank are left out.
func (s *Server) sideBySide(r *request, p *entity.Project, name string, beside []crm.Record, all map[crm.Record]columns) (lines []fieldLine, err error) {
	e, ok := p.Entity(name)
	if !ok {
		return nil, nil
	}
	fields, err := s.mapping(r, p, e)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.Direction == "off" {
			continue
		}
		l, first := fieldLine{Field: f.Field, Same: true}, ""
		for _, x := range beside {
			v := f.value(x.Object, all[x])
			l.Values = append(l.Values, v)
			if v != "" && first != "" && v != first {
				l.Same = false
			}
			if first == "" {
				first = v
			}
		}
		if first != "" {
			lines = append(lines, l)
		}
	}
	return lines, nil
}
