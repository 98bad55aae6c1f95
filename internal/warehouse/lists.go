package warehouse

import (
	"context"
	"encoding/json"
	"strings"

	"lockstep/internal/crm"
)

// RecordList is a HubSpot list as it was last read.
type RecordList struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Object string `json:"object"`
	Size   int    `json:"size"`
	Stamp  string `json:"stamp"`

	Processing string `json:"processing"` // MANUAL, SNAPSHOT or DYNAMIC
}

// RecordLists are the lists that were read, by id.
func RecordLists(ctx context.Context, conn Conn) (_ map[string]RecordList, err error) {
	defer wrap(&err, "warehouse.RecordLists")
	rows, err := conn.QueryContext(ctx, `select id, name, object, size, stamp, coalesce(processing, '') from hubspot.lists`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]RecordList{}
	for rows.Next() {
		var l RecordList
		if err := rows.Scan(&l.ID, &l.Name, &l.Object, &l.Size, &l.Stamp, &l.Processing); err != nil {
			return nil, err
		}
		all[l.ID] = l
	}
	return all, rows.Err()
}

// WriteRecordList puts a list and its members in place of what was read of it before.
func WriteRecordList(ctx context.Context, tx Conn, l RecordList, members []string) (err error) {
	defer wrap(&err, "warehouse.WriteRecordList(%s, %d members)", l.ID, len(members))
	if members == nil {
		members = []string{}
	}
	ids, err := json.Marshal(members)
	if err != nil {
		return err
	}
	if err := ForgetRecordList(ctx, tx, l.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into hubspot.lists (id, name, object, size, stamp, processing) values ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Name, l.Object, l.Size, l.Stamp, l.Processing); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into hubspot.list_memberships
		select distinct $1::varchar, $2::varchar, $3::varchar, unnest(from_json($4::json, '["varchar"]'))`, l.ID, l.Name, l.Object, string(ids))
	return err
}

// ListsToTake are the lists of an object whose members were read and are not in the mirror of the lists' associations yet,
// perhaps because a run ended between the two.
func ListsToTake(ctx context.Context, conn Conn, object string) (ids []string, err error) {
	defer wrap(&err, "warehouse.ListsToTake(%s)", object)
	return column(ctx, conn, `select id from hubspot.lists where object = $1 and taken is distinct from stamp order by id`, object)
}

// ListsTaken says of lists of an object that their members are in the mirror of the lists' associations.
func ListsTaken(ctx context.Context, conn Conn, object string, ids []string) (err error) {
	defer wrap(&err, "warehouse.ListsTaken(%s)", object)
	_, err = conn.ExecContext(ctx, `update hubspot.lists set taken = stamp
		where object = $1 and id in (select unnest(from_json($2::varchar, '["varchar"]')))`, object, texts(ids))
	return err
}

// ForgetRecordList takes a list out that is no longer asked for.
func ForgetRecordList(ctx context.Context, tx Conn, id string) error {
	if _, err := tx.ExecContext(ctx, `delete from hubspot.lists where id = $1`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `delete from hubspot.list_memberships where list_id = $1`, id)
	return err
}

// Lists says that SQL means a table of the lists, which is no mirror.
func Lists(o crm.Object) bool {
	return o.System == crm.HubSpot && (strings.EqualFold(o.Name, "lists") || strings.EqualFold(o.Name, "list_memberships"))
}
