package warehouse

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"lockstep/internal/crm"
)

// Association is one record of an object whose records are associations: see crm.Object.Associations.
type Association struct {
	ID     string `json:"id"`
	From   string `json:"from"`
	To     string `json:"to"`
	Labels string `json:"labels"`
}

// Missing are the associations that the mirror has of these first records since before an instant, and that are not among
// those read: by id, the second record.
func Missing(ctx context.Context, conn Conn, o crm.Object, parents []string, read []Association, before time.Time) (_ map[string]string, err error) {
	defer wrap(&err, "warehouse.Missing(%s)", o)
	m := &Mirror{Object: o}
	rows, err := conn.QueryContext(ctx, `select id, to_id from `+m.Table()+` where not _deleted and _landed_at < $3
		and from_id in (select unnest(from_json($1::varchar, '["varchar"]')))
		and id not in (select unnest(from_json($2::varchar, '["varchar"]')))`, texts(parents), texts(ids(read)), before.UTC())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var id, to string
		if err := rows.Scan(&id, &to); err != nil {
			return nil, err
		}
		all[id] = to
	}
	return all, rows.Err()
}

// WriteAssociations takes what was read of some first records over into the mirror: what is new or different, and as
// deleted those that ended. _landed_at moves with what changed. The first read of the object makes its columns count.
func WriteAssociations(ctx context.Context, tx Conn, o crm.Object, read []Association, ended []string, at time.Time) (n Merged, err error) {
	defer wrap(&err, "warehouse.WriteAssociations(%s, %d)", o, len(read))
	m := &Mirror{Object: o}
	if at, err = landingTime(ctx, tx, m, at); err != nil {
		return n, err
	}
	n.Returned = int64(len(read))
	rows, err := json.Marshal(append([]Association{}, read...))
	if err != nil {
		return n, err
	}
	const said = `(select distinct on (id) * from (select unnest(from_json($1::varchar, '[{"id":"varchar","from":"varchar","to":"varchar","labels":"varchar"}]'), recursive := true)))`
	table := m.Table()
	if n.Changed, err = affected(ctx, tx, fmt.Sprintf(`update %s as m set labels = nullif(s.labels, ''), _modified_at = $2, _deleted = false, _deleted_at = null, _landed_at = $2
		from %s as s where m.id = s.id and (m._deleted or m.labels is distinct from nullif(s.labels, ''))`, table, said), string(rows), at); err != nil {
		return n, err
	}
	if n.New, err = affected(ctx, tx, fmt.Sprintf(`insert into %[1]s (id, from_id, to_id, labels, _modified_at, _deleted, _landed_at)
		select s.id, s."from", s."to", nullif(s.labels, ''), $2, false, $2 from %[2]s as s where s.id not in (select id from %[1]s)`, table, said), string(rows), at); err != nil {
		return n, err
	}
	n.Deleted, err = affected(ctx, tx, fmt.Sprintf(`update %s set _deleted = true, _deleted_at = $2, _landed_at = $2
		where not _deleted and id in (select unnest(from_json($1::varchar, '["varchar"]')))`, table), texts(ended), at)
	if err != nil {
		return n, err
	}
	if _, err := tx.ExecContext(ctx, `update catalog.column set complete = true where system = $1 and object = $2 and extracted and not complete`, string(o.System), o.Name); err != nil {
		return n, err
	}
	_, err = tx.ExecContext(ctx, `insert into catalog.cursor (system, object, full_at) select $1, $2, $3
		where not exists (from catalog.cursor where system = $1 and object = $2)`, string(o.System), o.Name, at)
	return n, err
}

// Landed are the ids of an object's live records of which something changed at or after an instant; the zero one: all.
func Landed(ctx context.Context, conn Conn, o crm.Object, since time.Time) (all []string, err error) {
	defer wrap(&err, "warehouse.Landed(%s)", o)
	m := &Mirror{Object: o}
	return column(ctx, conn, fmt.Sprintf(`select %s from %s where not _deleted and _landed_at >= $1 order by 1`, ident(m.ID()), m.Table()), since.UTC())
}

// Was tells whether the object was ever read to the end.
func Was(ctx context.Context, conn Conn, o crm.Object) (yes bool, err error) {
	defer wrap(&err, "warehouse.Was(%s)", o)
	err = conn.QueryRowContext(ctx, `select exists (from catalog.cursor where system = $1 and object = $2)`, string(o.System), o.Name).Scan(&yes)
	return yes, err
}

// Memberships are the members of lists that were read, as associations of the lists with records of an object.
func Memberships(ctx context.Context, conn Conn, object string, lists []string) (all []Association, err error) {
	defer wrap(&err, "warehouse.Memberships(%s)", object)
	rows, err := conn.QueryContext(ctx, `select list_id, record_id from hubspot.list_memberships
		where object = $1 and list_id in (select unnest(from_json($2::varchar, '["varchar"]'))) order by all`, object, texts(lists))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		a := Association{}
		if err := rows.Scan(&a.From, &a.To); err != nil {
			return nil, err
		}
		a.ID = a.From + ":" + a.To
		all = append(all, a)
	}
	return all, rows.Err()
}

func ids(read []Association) []string {
	var all []string
	for _, a := range read {
		all = append(all, a.ID)
	}
	return all
}

// column is the texts of a query's only column.
func column(ctx context.Context, conn Conn, query string, args ...any) (all []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// texts is a list of texts as JSON.
func texts(all []string) string {
	b, err := json.Marshal(append([]string{}, all...))
	if err != nil {
		panic(err) // a list of texts
	}
	return string(b)
}
