package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lockstep/internal/crm"
)

// RecordVersion is a version of a record as a CRM names it.
type RecordVersion struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Deleted bool      `json:"deleted"`
}

// KnowsAll says whether the mirror has these versions, or newer ones.
func KnowsAll(ctx context.Context, db Conn, o crm.Object, versions []RecordVersion) (known bool, err error) {
	defer wrap(&err, "warehouse.KnowsAll(%s)", o)
	m := &Mirror{Object: o}
	told, err := json.Marshal(versions)
	if err != nil {
		return false, err
	}
	err = db.QueryRowContext(ctx, fmt.Sprintf(`
		select count(*) = 0
		from (
			select j->>'$.id' as id, (j->>'$.at')::timestamptz as said_at, (j->>'$.deleted')::boolean as deleted
			from (select unnest(json_extract($1::varchar, '$[*]')) as j)
		) as told
		left join %s as m on m.%s = told.id
		where m._modified_at is null or told.said_at > m._modified_at or (told.deleted and not m._deleted)`,
		m.Table(), ident(m.ID())), string(told)).Scan(&known)
	return known, err
}

// ReadToEnd says whether an object was read to the end, no read of it is under way, and the mirror's columns have been
// read for all records.
func ReadToEnd(ctx context.Context, db Conn, o crm.Object) (whole bool, err error) {
	defer wrap(&err, "warehouse.ReadToEnd(%s)", o)
	err = db.QueryRowContext(ctx, `
		select exists (from catalog.cursor where system = $1 and object = $2 and high_water is not null)
			and not exists (from catalog.reading where system = $1 and object = $2)
			and not exists (from catalog.column where system = $1 and object = $2 and extracted and not complete and state = 'live')`,
		string(o.System), o.Name).Scan(&whole)
	return whole, err
}

// WriteMetadataRead notes when a CRM's metadata was read.
func WriteMetadataRead(ctx context.Context, tx Conn, s crm.System, at time.Time) (err error) {
	defer wrap(&err, "warehouse.WriteMetadataRead(%s)", s)
	if _, err = tx.ExecContext(ctx, `delete from catalog.metadata where system = $1`, string(s)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into catalog.metadata (system, read_at) values ($1, $2)`, string(s), at.UTC())
	return err
}

// MetadataRead is when a CRM's metadata was last read; zero: never.
func MetadataRead(ctx context.Context, db Conn, s crm.System) (at time.Time, err error) {
	defer wrap(&err, "warehouse.MetadataRead(%s)", s)
	err = db.QueryRowContext(ctx, `select read_at from catalog.metadata where system = $1`, string(s)).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at.UTC(), err
}
