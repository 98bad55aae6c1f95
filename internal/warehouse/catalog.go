package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/crm"
)

// The states of a column in the catalog.
const (
	Live     = "live"
	Vanished = "vanished" // the metadata no longer names it
	Absent   = "absent"   // the metadata names it, answers lack it: this user may not read it, or it was just deleted
)

// CatalogColumn is a column as the catalog has it.
type CatalogColumn struct {
	crm.Column
	State     string
	Extracted bool // the mirror has it
	Complete  bool // the mirror has read it for all records
}

// CatalogColumns are all columns the catalog knows of an object, vanished ones included, options left out.
func CatalogColumns(ctx context.Context, db Conn, o crm.Object) (_ []CatalogColumn, err error) {
	defer wrap(&err, "warehouse.CatalogColumns(%s)", o)
	rows, err := db.QueryContext(ctx, `select name, coalesce(label, ''), type, coalesce(field_type, ''), length, precision, scale,
			required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete
		from catalog.column where system = $1 and object = $2 order by name`, string(o.System), o.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []CatalogColumn
	for rows.Next() {
		var c CatalogColumn
		if err := rows.Scan(&c.Name, &c.Label, &c.Type, &c.FieldType, &c.Length, &c.Precision, &c.Scale, &c.Required, &c.Createable,
			&c.Updateable, &c.Unique, &c.ExternalID, &c.Restricted, &c.Calculated, &c.State, &c.Extracted, &c.Complete); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Hidden are the objects of a CRM that were read once and that its metadata does not name any more: out of the user's
// sight, or deleted as objects.
func Hidden(ctx context.Context, db Conn, s crm.System) (objects []string, err error) {
	defer wrap(&err, "warehouse.Hidden(%s)", s)
	return column(ctx, db, `select object from catalog.column where system = $1
		group by object having bool_and(state = 'vanished') order by object`, string(s))
}

// Difference is what became of an object's columns since the catalog was last written.
type Difference struct {
	New, Vanished []string
	Same          bool // to the letter: nothing was written
}

// WriteColumns puts an object's metadata into catalog.column and catalog.option. Rows that are the same are not
// touched. Columns no longer named are kept as vanished, and count as incomplete, so that they are read for all
// records should they come back. The first time an object is seen nothing is New. Metadata that is to the letter what was
// written last costs one query.
func WriteColumns(ctx context.Context, tx Conn, o crm.Object, columns []crm.Column, at time.Time) (d Difference, err error) {
	defer wrap(&err, "warehouse.WriteColumns(%s)", o)
	metadata, err := json.Marshal(columns)
	if err != nil {
		return d, err
	}
	of := []any{string(o.System), o.Name}
	sum := sha256.Sum256(fmt.Appendf(metadata, "%d", Version)) // a newer program may make other columns of it
	digest := hex.EncodeToString(sum[:])
	var same bool
	err = tx.QueryRowContext(ctx, `select exists (from catalog.described where system = $1 and object = $2 and digest = $3)`, append(slices.Clone(of), digest)...).Scan(&same)
	if err != nil || same {
		return Difference{Same: same}, err
	}
	known, err := CatalogColumns(ctx, tx, o)
	if err != nil {
		return d, err
	}
	d = difference(known, columns)
	now := append(slices.Clone(of), at.UTC())
	for _, step := range []struct {
		file  string
		args  []any
		first bool // also of an object that the catalog does not know yet
	}{
		{"metadata.sql", []any{string(metadata)}, true},
		{"column_vanished.sql", now, false},
		{"column_changed.sql", now, false},
		{"column_new.sql", now, true},
		{"option_old.sql", of, false},
		{"option_new.sql", of, true},
	} {
		if len(known) == 0 && !step.first {
			continue
		}
		q, err := statement(step.file, nil)
		if err != nil {
			return d, err
		}
		if _, err := tx.ExecContext(ctx, q, step.args...); err != nil {
			return d, fmt.Errorf("sql/%s: %w", step.file, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `drop table temp.metadata`); err != nil {
		return d, err
	}
	if err := undescribed(ctx, tx, o); err != nil {
		return d, err
	}
	_, err = tx.ExecContext(ctx, `insert into catalog.described (system, object, digest) values ($1, $2, $3)`, append(of, digest)...)
	return d, err
}

// undescribed makes the next WriteColumns compare every column again.
func undescribed(ctx context.Context, tx Conn, o crm.Object) error {
	_, err := tx.ExecContext(ctx, `delete from catalog.described where system = $1 and object = $2`, string(o.System), o.Name)
	return err
}

func difference(known []CatalogColumn, columns []crm.Column) (d Difference) {
	live := map[string]bool{}
	for _, k := range known {
		if k.State == Vanished {
			continue
		}
		live[k.Name] = true
		if !slices.ContainsFunc(columns, func(c crm.Column) bool { return c.Name == k.Name }) {
			d.Vanished = append(d.Vanished, k.Name)
		}
	}
	for _, c := range columns {
		if len(known) > 0 && !live[c.Name] {
			d.New = append(d.New, c.Name)
		}
	}
	slices.Sort(d.New)
	return d
}

// Extracted notes which columns the mirror of an object has from now on: those of m.
func Extracted(ctx context.Context, tx Conn, m *Mirror) (err error) {
	defer wrap(&err, "warehouse.Extracted(%s)", m.Object)
	_, err = tx.ExecContext(ctx, `update catalog.column set extracted = list_contains($3::varchar[], name),
			complete = complete and list_contains($3::varchar[], name)
		where system = $1 and object = $2 and extracted <> list_contains($3::varchar[], name)`,
		string(m.Object.System), m.Object.Name, parsing{Mirror: m}.names())
	return err
}

// Complete notes that a full read has read the columns of m for all records, but for those missing from answers.
func Complete(ctx context.Context, tx Conn, m *Mirror, absent []string) (err error) {
	defer wrap(&err, "warehouse.Complete(%s)", m.Object)
	names := slices.DeleteFunc(parsing{Mirror: m}.names(), func(n string) bool { return slices.Contains(absent, n) })
	_, err = tx.ExecContext(ctx, `update catalog.column set complete = true, state = 'live'
		where system = $1 and object = $2 and not complete and state <> 'vanished' and list_contains($3::varchar[], name)`,
		string(m.Object.System), m.Object.Name, names)
	return err
}

// MissedInAnswers notes columns that the metadata names and answers lack. They stay absent until a full read has them.
func MissedInAnswers(ctx context.Context, tx Conn, o crm.Object, names []string, at time.Time) (err error) {
	defer wrap(&err, "warehouse.MissedInAnswers(%s)", o)
	if len(names) == 0 {
		return nil
	}
	if err := undescribed(ctx, tx, o); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update catalog.column set state = 'absent', complete = false, changed_at = $4
		where system = $1 and object = $2 and state = 'live' and list_contains($3::varchar[], name)`,
		string(o.System), o.Name, names, at.UTC())
	return err
}

// HighWater is where the changes of an object are read from: the newest stamp of which everything older was
// returned. It is zero when the object was never read to the end.
func HighWater(ctx context.Context, db Conn, o crm.Object) (_ time.Time, err error) {
	defer wrap(&err, "warehouse.HighWater(%s)", o)
	var at *time.Time
	err = db.QueryRowContext(ctx, `select high_water from catalog.cursor where system = $1 and object = $2`, string(o.System), o.Name).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) || err == nil && at == nil {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return at.UTC(), nil
}

// WriteClock notes how far a CRM's clock is ahead of ours.
func WriteClock(ctx context.Context, tx Conn, s crm.System, ahead time.Duration, at time.Time) (err error) {
	defer wrap(&err, "warehouse.WriteClock(%s)", s)
	if _, err = tx.ExecContext(ctx, `delete from catalog.clock where system = $1`, string(s)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into catalog.clock (system, skew_ms, seen_at) values ($1, $2, $3)`, string(s), ahead.Milliseconds(), at.UTC())
	return err
}
