package warehouse

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"lockstep/internal/crm"
)

// Digest is one record that is never to be read again: what is kept of its id.
type Digest struct {
	Salt   string
	Object crm.Object
	SHA256 string // of salt, a blank and the id, in hexadecimal digits
	At     time.Time
}

// forgotten are the records that are never to be read again. A warehouse has one salt; one that was restored may have that of
// the warehouse it replaced, too.
type forgotten struct {
	salts []string
	all   map[crm.Object]map[string]bool
}

// digest is what is kept of an id by one salt.
func digest(salt, id string) string {
	sum := sha256.Sum256([]byte(salt + " " + id))
	return hex.EncodeToString(sum[:])
}

// has tells whether a record is on the list.
func (f *forgotten) has(o crm.Object, id string) bool {
	return slices.ContainsFunc(f.salts, func(salt string) bool { return f.all[o][digest(salt, id)] })
}

// Digests are the records on the list of a warehouse, or of what it has published.
func Digests(ctx context.Context, db Conn) (all []Digest, err error) {
	defer wrap(&err, "catalog.forgotten")
	var known bool
	if err := db.QueryRowContext(ctx, `select count(*) > 0 from information_schema.tables
		where table_catalog = current_database() and table_schema = 'catalog' and table_name = 'forgotten'`).Scan(&known); err != nil || !known { // of an older program
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `select salt, system, object, digest, forgotten_at from catalog.forgotten order by all`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d Digest
		if err := rows.Scan(&d.Salt, &d.Object.System, &d.Object.Name, &d.SHA256, &d.At); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// Carry puts records on the list that another warehouse had on its own. One may be on it already.
func (w *Warehouse) Carry(ctx context.Context, all []Digest) (err error) {
	f, err := w.forgets(ctx)
	if err != nil {
		return err
	}
	defer wrap(&err, "catalog.forgotten")
	for _, d := range all {
		if f.all[d.Object][d.SHA256] {
			continue
		}
		if _, err := w.DB.ExecContext(ctx, `insert into catalog.forgotten (salt, system, object, digest, forgotten_at) values ($1, $2, $3, $4, $5)`,
			d.Salt, string(d.Object.System), d.Object.Name, d.SHA256, d.At.UTC()); err != nil {
			return err
		}
	}
	w.forgetting.Lock()
	defer w.forgetting.Unlock()
	w.forgotten = nil
	return nil
}

// forgets reads the list once.
func (w *Warehouse) forgets(ctx context.Context) (_ *forgotten, err error) {
	w.forgetting.Lock()
	defer w.forgetting.Unlock()
	if w.forgotten != nil {
		return w.forgotten, nil
	}
	all, err := Digests(ctx, w.DB)
	if err != nil {
		return nil, err
	}
	f := &forgotten{all: map[crm.Object]map[string]bool{}}
	for _, d := range all {
		if !slices.Contains(f.salts, d.Salt) {
			f.salts = append(f.salts, d.Salt)
		}
		f.put(d.Object, d.SHA256)
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
	return func(id string) bool { return f.has(o, id) }, nil
}

// Forget puts records on the list of what is not read again. A record may be on it already.
func (w *Warehouse) Forget(ctx context.Context, tx Conn, records []crm.Record, at time.Time) (err error) {
	f, err := w.forgets(ctx)
	if err != nil {
		return err
	}
	defer wrap(&err, "catalog.forgotten")
	if len(f.salts) == 0 {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // never fails
		f.salts = []string{hex.EncodeToString(b)}
	}
	for _, r := range records {
		if f.has(r.Object, r.ID) {
			continue
		}
		d := digest(f.salts[0], r.ID)
		if _, err := tx.ExecContext(ctx, `insert into catalog.forgotten (salt, system, object, digest, forgotten_at) values ($1, $2, $3, $4, $5)`,
			f.salts[0], string(r.Object.System), r.Object.Name, d, at.UTC()); err != nil {
			return err
		}
		f.put(r.Object, d)
	}
	return nil
}

func (f *forgotten) put(o crm.Object, digest string) {
	if f.all[o] == nil {
		f.all[o] = map[string]bool{}
	}
	f.all[o][digest] = true
}

// Remember takes the records of that id off the list, whatever their object, and says how many there were.
func (w *Warehouse) Remember(ctx context.Context, id string) (n int64, err error) {
	f, err := w.forgets(ctx)
	if err != nil {
		return 0, err
	}
	defer wrap(&err, "catalog.forgotten")
	for _, salt := range f.salts {
		of, failed := affected(ctx, w.DB, `delete from catalog.forgotten where salt = $1 and digest = $2`, salt, digest(salt, id))
		n, err = n+of, errors.Join(err, failed)
	}
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
	for _, salt := range f.salts {
		if _, err := w.DB.ExecContext(ctx, `delete from `+r.Mirror.Staging()+` where sha256($1 || ' ' || id) in (
			select digest from catalog.forgotten where salt = $1 and system = $2 and object = $3)`, salt, string(r.Mirror.Object.System), r.Mirror.Object.Name); err != nil {
			return err
		}
	}
	return nil
}
