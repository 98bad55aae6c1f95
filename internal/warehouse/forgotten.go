package warehouse

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"lockstep/internal/crm"
)

// forgotten are the records that are never to be read again, as digests of their ids by a salt of this warehouse.
type forgotten struct {
	salt string
	all  map[crm.Object]map[string]bool
}

// digest is what is kept of an id.
func (f *forgotten) digest(id string) string {
	sum := sha256.Sum256([]byte(f.salt + " " + id))
	return hex.EncodeToString(sum[:])
}

// forgets reads the list once.
func (w *Warehouse) forgets(ctx context.Context) (_ *forgotten, err error) {
	defer wrap(&err, "catalog.forgotten")
	w.forgetting.Lock()
	defer w.forgetting.Unlock()
	if w.forgotten != nil {
		return w.forgotten, nil
	}
	f := &forgotten{all: map[crm.Object]map[string]bool{}}
	rows, err := w.DB.QueryContext(ctx, `select salt, system, object, digest from catalog.forgotten`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var o crm.Object
		var digest string
		if err := rows.Scan(&f.salt, &o.System, &o.Name, &digest); err != nil {
			return nil, err
		}
		if f.all[o] == nil {
			f.all[o] = map[string]bool{}
		}
		f.all[o][digest] = true
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	w.forgotten = f
	return f, nil
}

// Forgot tells which records of an object were forgotten and are not to be read again; nil: none.
func (w *Warehouse) Forgot(ctx context.Context, o crm.Object) (func(id string) bool, error) {
	f, err := w.forgets(ctx)
	if err != nil || len(f.all[o]) == 0 {
		return nil, err
	}
	return func(id string) bool { return f.all[o][f.digest(id)] }, nil
}

// Forget puts records on the list of what is not read again. A record may be on it already.
func (w *Warehouse) Forget(ctx context.Context, tx Conn, records []crm.Record, at time.Time) (err error) {
	f, err := w.forgets(ctx)
	if err != nil {
		return err
	}
	defer wrap(&err, "catalog.forgotten")
	if f.salt == "" {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // never fails
		f.salt = hex.EncodeToString(b)
	}
	for _, r := range records {
		d := f.digest(r.ID)
		if f.all[r.Object][d] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `insert into catalog.forgotten (salt, system, object, digest, forgotten_at) values ($1, $2, $3, $4, $5)`,
			f.salt, string(r.Object.System), r.Object.Name, d, at.UTC()); err != nil {
			return err
		}
		if f.all[r.Object] == nil {
			f.all[r.Object] = map[string]bool{}
		}
		f.all[r.Object][d] = true
	}
	return nil
}

// Remember takes the records of that id off the list, whatever their object, and says how many there were.
func (w *Warehouse) Remember(ctx context.Context, id string) (n int64, err error) {
	f, err := w.forgets(ctx)
	if err != nil {
		return 0, err
	}
	defer wrap(&err, "catalog.forgotten")
	n, err = affected(ctx, w.DB, `delete from catalog.forgotten where digest = $1`, f.digest(id))
	w.forgetting.Lock()
	defer w.forgetting.Unlock()
	w.forgotten = nil
	return n, err
}

// unread takes forgotten records out of what a read has staged.
func (w *Warehouse) unread(ctx context.Context, r *Reading) (err error) {
	f, err := w.forgets(ctx)
	if err != nil || len(f.all[r.Mirror.Object]) == 0 {
		return err
	}
	defer wrap(&err, "catalog.forgotten")
	_, err = w.DB.ExecContext(ctx, `delete from `+r.Mirror.Staging()+` where sha256($1 || ' ' || id) in (
		select digest from catalog.forgotten where system = $2 and object = $3)`, f.salt, string(r.Mirror.Object.System), r.Mirror.Object.Name)
	return err
}
