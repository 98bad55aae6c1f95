package dashboard

import (
	"cmp"
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
	Same   bool     // of all that are not blank, or said in words of two CRMs, which only a mapping compares
	Alike  bool     // all of them hold the same value
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
		l, first := fieldLine{Field: f.Field, Same: true, Alike: true}, ""
		translated := f.RefersTo != "" || slices.ContainsFunc(f.In, func(p entity.Passage) bool { return len(p.Crosswalks)+len(p.Lookups) > 0 })
		for _, x := range beside {
			v := f.value(x.Object, all[x])
			l.Values = append(l.Values, v)
			if v != "" && first != "" && v != first && !translated {
				l.Same = false
			}
			l.Alike = l.Alike && v == cmp.Or(first, v) && v != ""
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

// apart takes the fields that are the same everywhere out of the lines: they take a sentence, and no row.
func apart(lines []fieldLine) (differ, alike []fieldLine) {
	for _, l := range lines {
		if l.Alike {
			alike = append(alike, l)
		} else {
			differ = append(differ, l)
		}
	}
	return differ, alike
}

// names are the fields by which a person recognises a record, first those that stand beside each other.
var names = [][]string{{"firstname", "lastname"}, {"name"}, {"dealname"}, {"subject"}, {"title"}, {"email"}}

// called is what a record of an entity is called; empty: nothing is known of it.
func (s *Server) called(r *request, p *entity.Project, name string, x crm.Record, all map[crm.Record]columns) (string, error) {
	e, ok := p.Entity(name)
	if !ok {
		return "", nil
	}
	fields, err := s.mapping(r, p, e)
	if err != nil {
		return "", err
	}
	for _, of := range names {
		var parts []string
		for _, n := range of {
			if i := slices.IndexFunc(fields, func(f mapped) bool { return f.Field == n }); i >= 0 {
				if v := fields[i].value(x.Object, all[x]); v != "" {
					parts = append(parts, v)
				}
			}
		}
		if len(parts) > 0 {
			return strings.Join(parts, " "), nil
		}
	}
	return "", nil
}
