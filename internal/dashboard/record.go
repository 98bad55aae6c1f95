package dashboard

import (
	"database/sql"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/export"
)

// record is a record's columns as the mirror has them, by their names in lower case; none where nothing was published of it.
func (r *request) record(x crm.Record) (map[string]string, error) {
	values := map[string]string{}
	var known bool
	if err := r.db.QueryRowContext(r.Context(), `select count(*) > 0 from information_schema.tables
		where table_catalog = current_database() and table_schema = $1 and table_name = $2`, string(x.Object.System), x.Object.Name).Scan(&known); err != nil || !known {
		return values, err
	}
	// The name is one of information_schema's.
	text := "select * from " + entity.Quote(string(x.Object.System)) + "." + entity.Quote(x.Object.Name) + " where id = $1"
	var names []string
	err := read(r.Context(), r.db, text, []any{x.ID}, func(columns []*sql.ColumnType) error {
		for _, c := range columns {
			names = append(names, strings.ToLower(c.Name()))
		}
		return nil
	}, func(row []any) error {
		for i, v := range row {
			values[names[i]] = export.Text(v)
		}
		return nil
	})
	return values, err
}

// value is what a record holds of a field: the columns of its own object that the field comes from.
func (f mapped) value(o crm.Object, values map[string]string) string {
	i := slices.IndexFunc(f.In, func(p entity.Passage) bool { return p.Object == o })
	if i < 0 {
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
