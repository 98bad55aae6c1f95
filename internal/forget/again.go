package forget

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Again erases from a warehouse that was restored what another one had forgotten, and returns the records that were in it.
// Elements of sets in which one of them stands go, too, as at the first time. A write to them that was under way when the
// backup was made has long come to its end: it goes with them.
func Again(ctx context.Context, w *warehouse.Warehouse, tx warehouse.Conn, p *entity.Project, list []warehouse.Digest, at time.Time) (found []Record, e Erased, err error) {
	s := &search{ctx: ctx, db: tx, known: map[crm.Record]bool{}}
	if s.all, err = tables(ctx, tx); err == nil {
		err = s.digests(list)
	}
	if err == nil && len(s.found) > 0 {
		err = s.sets(p)
	}
	if err != nil || len(s.found) == 0 {
		return nil, e, wrapped("forget.Again", err)
	}
	e, err = erase(ctx, w, tx, s.found, at, (*eraser).unsend)
	return s.found, e, wrapped("forget.Again", err)
}

// digests adds the records of the list that stand anywhere in the warehouse: in a mirror, in a link, in a plan or in history.
func (s *search) digests(list []warehouse.Digest) error {
	if _, err := s.db.ExecContext(s.ctx, `create or replace temp table forgotten_digest (salt varchar, system varchar, object varchar, digest varchar)`); err != nil {
		return err
	}
	for _, d := range list {
		if _, err := s.db.ExecContext(s.ctx, `insert into temp.forgotten_digest values ($1, $2, $3, $4)`, d.Salt, string(d.Object.System), d.Object.Name, d.SHA256); err != nil {
			return err
		}
	}
	from := []string{`select null as system, null as object, null as id where false`}
	for _, t := range s.all {
		switch {
		case t.mirror():
			from = append(from, fmt.Sprintf(`select %s, %s, %s from %s`, literal(t.schema), literal(t.name), t.id(), t))
		case t.schema == "link":
			from = append(from, fmt.Sprintf(`select 'hubspot', hubspot_object, hubspot_id from %[1]s union all select 'salesforce', salesforce_object, salesforce_id from %[1]s`, t))
		case t.has("system", "object", "record_id"):
			from = append(from, fmt.Sprintf(`select system, object, record_id from %s`, t))
		}
	}
	rows, err := s.db.QueryContext(s.ctx, `
		with record as (
			select distinct system, object, id from (`+strings.Join(from, "\nunion all\n")+`)
			where id is not null and (system, object) in (select (system, object) from temp.forgotten_digest)
		)
		select record.system, record.object, record.id
		from record
		cross join (select distinct salt from temp.forgotten_digest) as salt
		where (record.system, record.object, sha256(salt.salt || ' ' || record.id)) in (select (system, object, digest) from temp.forgotten_digest)
		order by all`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r crm.Record
		if err := rows.Scan(&r.Object.System, &r.Object.Name, &r.ID); err != nil {
			return err
		}
		why := "forgotten since"
		if _, _, set := r.Object.Associations(); set {
			why = inSet
		}
		s.add(r.Object, r.ID, why)
	}
	return rows.Err()
}

// unsend takes out what was being sent to the person.
func (x *eraser) unsend() error {
	return x.do(`delete from outbox as t where ` + ofPair + ` or ` + ofRecord)
}

func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, warehouse.Cut(err))
}
