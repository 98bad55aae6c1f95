package load

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// mirror is one object's mirror table, and two temporary tables of its shape: the records of the batch as
// verified, and as written. From files are run over these.
type mirror struct {
	object  crm.Object
	table   string // quoted
	columns []warehouse.TableColumn
	kinds   map[string]kind // by column in lower case
	read    []string        // the columns asked of the CRM: all of the mirror's that the CRM still has
	stages  []string        // HubSpot's lifecycle stages in their order; nil: the object has none
	insert  string          // into %s: $1 are records in JSON, $2 the instant
	merge   string          // from %s
}

func (m *mirror) verified() string { return "temp.main." + quote("load_verified_"+m.object.String()) }
func (m *mirror) written() string  { return "temp.main." + quote("load_written_"+m.object.String()) }

func quote(name string) string { return entity.Quote(name) }

// kind is how values of the column compare; text for a column that is not mirrored.
func (m *mirror) kind(column string) kind {
	if k, ok := m.kinds[strings.ToLower(column)]; ok {
		return k
	}
	return text
}

// mirror finds o's mirror and makes its temporary tables.
func (r *run) mirror(ctx context.Context, o crm.Object) (*mirror, error) {
	if m, ok := r.mirrors[o]; ok {
		return m, nil
	}
	columns, err := warehouse.Columns(ctx, r.conn, string(o.System), o.Name)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, crm.WithHint(fmt.Errorf("%s has no mirror", o), "extract it first: lockstep extract")
	}
	m := &mirror{object: o, table: quote(string(o.System)) + "." + quote(o.Name), columns: columns, kinds: map[string]kind{}}
	types, err := r.catalog(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		lower := strings.ToLower(c.Name)
		t := types[lower]
		m.kinds[lower] = kindOf(c.Type, t.crm, t.field)
		if lower != "id" && !strings.HasPrefix(c.Name, "_") && t.state != "vanished" {
			m.read = append(m.read, c.Name)
		}
	}
	if err := r.readStages(ctx, m); err != nil {
		return nil, err
	}
	m.write()
	for _, t := range []string{m.verified(), m.written()} {
		if _, err := r.conn.ExecContext(ctx, fmt.Sprintf(`create or replace temp table %s as select * from %s limit 0`, t, m.table)); err != nil {
			return nil, err
		}
	}
	r.mirrors[o] = m
	return m, nil
}

type catalogType struct{ crm, field, state string }

func (r *run) catalog(ctx context.Context, o crm.Object) (map[string]catalogType, error) {
	rows, err := r.conn.QueryContext(ctx, `select lower(name), type, coalesce(field_type, ''), state from catalog.column
		where system = $1 and object = $2`, o.System, o.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]catalogType{}
	for rows.Next() {
		var name string
		var t catalogType
		if err := rows.Scan(&name, &t.crm, &t.field, &t.state); err != nil {
			return nil, err
		}
		all[name] = t
	}
	return all, rows.Err()
}

// write composes the two statements that bring records into tables of the mirror's shape. A column that a
// record does not have keeps the mirror's value: a missing key is not a blank.
func (m *mirror) write() {
	var selected, set, differs []string
	for _, c := range m.columns {
		name := quote(c.Name)
		path := sqlText(`$.v.` + quote(c.Name))
		var expr string
		switch strings.ToLower(c.Name) {
		case "id":
			expr = `(j->>'$.id')`
		case "_modified_at":
			expr = `coalesce((j->>'$.at')::timestamptz, m._modified_at)`
		case "_deleted":
			expr = `false`
		case "_deleted_at":
			expr = `null`
		case "_landed_at":
			expr = `$2::timestamptz`
		default:
			expr = fmt.Sprintf(`case when json_exists(j, %s) then try_cast((j->>%s) as %s) else m.%s end`, path, path, c.Type, name)
			differs = append(differs, fmt.Sprintf("t.%s is distinct from s.%s", name, name))
		}
		selected = append(selected, expr+" as "+name)
		if strings.ToLower(c.Name) != "id" {
			set = append(set, name+" = s."+name)
		}
	}
	m.insert = fmt.Sprintf(`insert into %%s select %s
		from (select unnest(from_json($1::varchar, '["json"]')) as j) as incoming
		left join %s as m on m.id = (j->>'$.id')`, strings.Join(selected, ",\n\t\t"), m.table)
	// Mirrors never go back: an older version changes nothing, and neither does an equal one.
	m.merge = fmt.Sprintf(`merge into %s as t using %%s as s on t.id = s.id
		when matched and (s._modified_at >= t._modified_at or t._modified_at is null)
			and (s._modified_at is distinct from t._modified_at or t._deleted or %s)
			then update set %s
		when not matched then insert by name`, m.table, strings.Join(append(differs, "false"), " or "), strings.Join(set, ", "))
}

// put fills table with the records. A value that is none of its column's kind is left out, as if not returned.
func (m *mirror) put(ctx context.Context, conn entity.Conn, table string, records []Record, at any) error {
	type row struct {
		ID string             `json:"id"`
		At *string            `json:"at"`
		V  map[string]*string `json:"v"`
	}
	all := make([]row, 0, len(records))
	for _, r := range records {
		one := row{ID: r.ID, V: map[string]*string{}}
		if !r.ModifiedAt.IsZero() {
			one.At = str(r.ModifiedAt.UTC().Format("2006-01-02T15:04:05.999999Z"))
		}
		for c, v := range r.Values {
			if _, ok := m.kinds[strings.ToLower(c)]; !ok {
				continue
			}
			k := m.kind(c)
			if canonical, ok := k.canon(v); ok {
				if k != text && k != set {
					v = canonical
				}
				if or(v, "") == "" {
					v = nil // HubSpot's empty text is a blank, as extract lands it
				}
				one.V[m.spelling(c)] = v
			}
		}
		all = append(all, one)
	}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "delete from "+table); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(m.insert, table), string(b), at); err != nil {
		return fmt.Errorf("%s: staging %d records: %w", m.object, len(records), err)
	}
	return nil
}

// land takes what put into table over into the mirror.
func (m *mirror) land(ctx context.Context, conn entity.Conn, table string) error {
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(m.merge, table)); err != nil {
		return fmt.Errorf("%s: landing: %w", m.object, err)
	}
	return nil
}

// bury marks what is proven to be archived, so that the next plan does not write to it.
func (m *mirror) bury(ctx context.Context, conn entity.Conn, records []Record, at any) error {
	gone := map[string]string{}
	for _, r := range records {
		if !r.GoneAt.IsZero() {
			gone[r.ID] = r.GoneAt.Format(time.RFC3339Nano)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if _, err := conn.ExecContext(ctx, `update `+m.table+` as t set _deleted = true, _deleted_at = g.at, _landed_at = $2
		from (select unnest(map_keys(j)) as id, unnest(map_values(j))::timestamptz as "at" from (select from_json($1::varchar, '"MAP(VARCHAR, VARCHAR)"') as j)) as g
		where t.id = g.id and not t._deleted`, jsonText(gone), at); err != nil {
		return fmt.Errorf("%s: marking what is archived: %w", m.object, err)
	}
	return nil
}

// spelling is the mirror's own spelling of a column.
func (m *mirror) spelling(column string) string {
	for _, c := range m.columns {
		if strings.EqualFold(c.Name, column) {
			return c.Name
		}
	}
	return column
}

func sqlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// words is a record in our words: per field its text, ” for blank. A field that is absent is missing.
type words map[string]string

// absent is the marker that unknown() puts before a value that has no counterpart.
const absent = "\ue000"

// query is o's from file over a table of its mirror's shape.
func (e *entityState) query(ctx context.Context, conn entity.Conn, o crm.Object, table string) (fromQuery, error) {
	key := o.String() + " " + table
	if q, ok := e.queries[key]; ok {
		return q, nil
	}
	f, ok := e.of.FromOf(o)
	if !ok {
		return fromQuery{}, fmt.Errorf("sql/%s: no from file for %s", e.of.Name, o)
	}
	over, err := f.Over(ctx, conn, table)
	if err != nil {
		return fromQuery{}, err
	}
	lacking, err := f.Lacking(ctx, conn, table)
	if err != nil {
		return fromQuery{}, err
	}
	s, err := f.Parse(ctx, conn)
	if err != nil {
		return fromQuery{}, err
	}
	q := fromQuery{inner: "(\n" + strings.TrimRight(over, "; \t\r\n") + "\n) as said"}
	said, err := outputs(ctx, conn, q.inner)
	if err != nil {
		return fromQuery{}, f.Error(err, 1)
	}
	list := []string{"id::varchar"}
	for _, r := range e.rules {
		for _, out := range said {
			if strings.EqualFold(out.Name, r.field) && !s.Lacks(r.field, lacking) {
				q.fields = append(q.fields, r.field)
				q.texts = append(q.texts, r.text(o.System, e.of.Unmapped[r.field].In(entity.Canonical(quote(out.Name), out.Type))))
			}
		}
	}
	q.sql = "select " + strings.Join(append(list, q.texts...), ", ") + " from " + q.inner
	e.queries[key] = q
	return q, nil
}

// text is a field's value as bases hold it: of a reference the pair that the record is in, absent when in none.
func (f rule) text(s crm.System, value string) string {
	if f.refersTo == "" {
		return value
	}
	return fmt.Sprintf(`case when coalesce(%[1]s, '') = '' or starts_with(%[1]s, '%[2]s') then %[1]s
		else coalesce((select any_value(tie.pair_id) from link.%[3]s as tie where tie.state = 'linked' and tie.%[4]s_id = %[1]s), '%[2]s') end`,
		value, absent, quote(f.refersTo), s)
}

// from runs o's from file over table and returns what it says per record.
func (e *entityState) from(ctx context.Context, conn entity.Conn, o crm.Object, table string) (map[string]words, error) {
	q, err := e.query(ctx, conn, o, table)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, q.sql)
	if err != nil {
		f, _ := e.of.FromOf(o)
		return nil, f.Error(err, 1)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]words{}
	for rows.Next() {
		cells := make([]sql.NullString, len(q.fields)+1)
		into := make([]any, len(cells))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		said := words{}
		for i, name := range q.fields {
			if v := cells[i+1]; !strings.HasPrefix(v.String, absent) {
				said[name] = v.String
			}
		}
		all[cells[0].String] = said
	}
	return all, rows.Err()
}

// fromQuery is a from file made ready: the fields it selects, each as the text that transform compares by, and
// the statement that reads them all.
type fromQuery struct {
	inner, sql    string
	fields, texts []string
}

// outputs are the columns of a select with their types.
func outputs(ctx context.Context, conn entity.Conn, inner string) ([]warehouse.TableColumn, error) {
	rows, err := conn.QueryContext(ctx, "select column_name, column_type from (describe select * from "+inner+")")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []warehouse.TableColumn
	for rows.Next() {
		var c warehouse.TableColumn
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}
