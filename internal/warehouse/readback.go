package warehouse

import (
	"context"
	"fmt"
	"time"

	"lockstep/internal/crm"
)

// ReadBack merges the records of a few pages into the object's mirror, inside the caller's transaction: what a
// write answered, or what was read by id. Columns that a page lacks keep their values. A value that does not fit
// its column keeps the old one and is listed in catalog.misfit.
//
// Every page is checked before it is parsed, so an unreadable one is mended or returned as an error that leaves
// the transaction usable. An object without a mirror is an error.
func ReadBack(ctx context.Context, tx Conn, o crm.Object, shape Shape, pages [][]byte, at time.Time) (n Merged, err error) {
	defer wrap(&err, "warehouse.ReadBack(%s, %d pages)", o, len(pages))
	if shape.system() != o.System {
		return n, fmt.Errorf("pages of %s", shape.system())
	}
	m, err := FindMirror(ctx, tx, o)
	if err != nil {
		return n, err
	}
	if m == nil {
		return n, crm.WithHint(fmt.Errorf("%s has no mirror yet", o), "run lockstep extract first")
	}
	if pages, err = mend(ctx, tx, shape, pages); err != nil {
		return n, err
	}
	texts := make([]string, len(pages))
	for i, p := range pages {
		texts[i] = string(p)
	}
	const staging = "temp.read_back" // per connection, so writes of both CRMs may be read back at once
	if at, err = landingTime(ctx, tx, m, at); err != nil {
		return n, err
	}
	merge := merging{Mirror: m, Into: staging, At: at}
	parse := parsing{Mirror: m, Into: staging, shape: shape, Pages: "(select unnest($1::varchar[]) as page)"}
	define, err := statement("staging.sql", parse)
	if err != nil {
		return n, err
	}
	insert, err := statement("parse.sql", parse)
	if err != nil {
		return n, err
	}
	if _, err := tx.ExecContext(ctx, `drop table if exists `+staging); err != nil {
		return n, err
	}
	if _, err := tx.ExecContext(ctx, define); err != nil {
		return n, err
	}
	if _, err := tx.ExecContext(ctx, insert, texts); err != nil {
		return n, err
	}
	if err := merge.run(ctx, tx, "dedupe.sql"); err != nil {
		return n, err
	}
	if n, err = merge.merge(ctx, tx); err != nil {
		return n, err
	}
	if err := merge.list(ctx, tx, &n); err != nil {
		return n, err
	}
	_, err = tx.ExecContext(ctx, `drop table `+staging)
	return n, err
}

// MarkDeleted marks records as deleted that were read by id and not found. It returns how many were live before.
func MarkDeleted(ctx context.Context, tx Conn, o crm.Object, ids []string, at time.Time) (int64, error) {
	m := &Mirror{Object: o}
	n, err := exec(ctx, tx, fmt.Sprintf(`update %s set _deleted = true, _deleted_at = $2, _landed_at = $2
		where not _deleted and list_contains($1::varchar[], %s)`, m.Table(), ident(m.ID())), ids, at.UTC().Truncate(time.Microsecond))
	if err != nil {
		return 0, fmt.Errorf("warehouse.MarkDeleted(%s, %d records): %w", o, len(ids), Cut(err))
	}
	return n, nil
}
