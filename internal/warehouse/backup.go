package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"lockstep/internal/crm"
)

// wal is what DuckDB's log of a file is called beside it.
const wal = ".wal"

// Backup copies the warehouse to a new file while nothing else has it, waiting for that as o says. The copy is whole or
// not there: it gets its name last. It has everything that the warehouse has, an outbox of a crash too.
func Backup(ctx context.Context, o Options, to string) (err error) {
	if _, err := os.Stat(o.Path); err != nil {
		return err
	}
	if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
		return crm.WithHint(errors.Join(fmt.Errorf("%s exists already", to), err), "name a file that is not there yet")
	}
	w, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if _, err := w.DB.ExecContext(ctx, "checkpoint"); err != nil {
		return fmt.Errorf("warehouse.Backup(%s): %w", o.Path, Cut(err))
	}
	if err := w.DB.Close(); err != nil { // the lock stays: nobody writes while the file is copied
		return fmt.Errorf("warehouse.Backup(%s): %w", o.Path, Cut(err))
	}
	w.DB = nil
	if _, err := os.Stat(o.Path + wal); !errors.Is(err, fs.ErrNotExist) {
		return crm.WithHint(fmt.Errorf("%s is still there, so the file alone is not whole", o.Path+wal), "let a run come to its end, and try again")
	}
	return duplicate(o.Path, to)
}

// Forgetting is how a restore keeps what was forgotten since its backup was made from coming back. Either may be nil.
type Forgetting struct {
	Published func() ([]Digest, error)         // what was forgotten, where the warehouse that is replaced cannot say
	Erase     func(*Warehouse, []Digest) error // erases them in the copy that will be the warehouse, whose list has them
}

// Restore puts the file from in the place of the warehouse, while nothing else has it. What it replaces is kept beside it
// under the name returned; empty: there was none. What was forgotten stays so. A file that is not lockstep's, of a newer
// program, or of another portal or org than the warehouse it replaces is refused, and then nothing has moved.
func Restore(ctx context.Context, o Options, from string, f Forgetting) (kept string, err error) {
	defer func() {
		var hinted *crm.Hinted
		if err != nil && !errors.As(err, &hinted) && !errors.Is(err, ErrLocked) {
			err = fmt.Errorf("warehouse.Restore(%s): %w", from, Cut(err))
		}
	}()
	if info, err := os.Stat(from); err != nil || info.IsDir() {
		return "", crm.WithHint(fmt.Errorf("%s: there is no such file", from), "name a copy that `lockstep backup` made")
	}
	ownFiles()
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return "", err
	}
	l, _, _, err := acquire(ctx, o, time.Now())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	fresh := fmt.Sprintf("%s.restoring-%d", o.Path, os.Getpid())
	defer func() { // in its place by then, or of no use
		rest, _ := filepath.Glob(fresh + "*")
		for _, name := range rest {
			_ = os.Remove(name)
		}
	}()
	for _, part := range []string{"", wal} {
		if err := duplicate(from+part, fresh+part); err != nil && (part == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", err
		}
	}
	theirs, _, err := says(ctx, fresh)
	if err != nil {
		return "", crm.WithHint(fmt.Errorf("%s cannot take the warehouse's place: %w", from, err), "name a copy that `lockstep backup` made, and use the lockstep that made it or a newer one")
	}
	_, missing := os.Stat(o.Path)
	forgotten := f.Published
	if missing == nil {
		if ours, list, err := says(ctx, o.Path); err == nil { // a damaged one says nothing, and is why somebody restores
			forgotten = func() ([]Digest, error) { return list, nil }
			for system, id := range ours {
				if other, ok := theirs[system]; ok && other != id {
					return "", crm.WithHint(fmt.Errorf("%s belongs to %s account %s, and the warehouse here to %s", from, system, other, id),
						"restore it in its own project; to begin with another account here, move %s away first", o.Path)
				}
			}
		}
	}
	if forgotten != nil {
		list, err := forgotten()
		if err == nil {
			err = forgetAgain(ctx, o, fresh, list, f.Erase)
		}
		if err != nil {
			return "", err
		}
	}
	if missing == nil {
		kept = o.Path + ".replaced-" + o.RunAt.UTC().Format("20060102T150405Z")
		if _, err := os.Stat(kept); !errors.Is(err, fs.ErrNotExist) {
			return "", errors.Join(fmt.Errorf("%s exists already", kept), err)
		}
		for _, part := range []string{wal, ""} {
			if err := os.Rename(o.Path+part, kept+part); err != nil && (part == "" || !errors.Is(err, fs.ErrNotExist)) {
				return "", err
			}
		}
	}
	return kept, os.Rename(fresh, o.Path)
}

// forgetAgain puts what was forgotten on the list of a copy, and erases it there, to the last byte.
func forgetAgain(ctx context.Context, o Options, path string, list []Digest, erase func(*Warehouse, []Digest) error) (err error) {
	if len(list) == 0 {
		return nil
	}
	o.Path = path
	w := &Warehouse{RunAt: o.RunAt, Path: path}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err := w.open(ctx, o); err != nil {
		return err
	}
	if err := w.Carry(ctx, list); err != nil {
		return err
	}
	if erase == nil {
		return nil
	}
	if err := erase(w, list); err != nil {
		return err
	}
	return w.Compact(ctx, o)
}

// says is what a file says of itself: the portal and the org that it belongs to, and what it has forgotten. It is an error
// for one that this program could not go on with. What its log holds is in the file afterwards.
func says(ctx context.Context, path string) (_ map[string]string, list []Digest, err error) {
	w := &Warehouse{}
	defer func() { err = errors.Join(err, w.Close()) }()
	found, err := w.connect(ctx, path, nil)
	if err != nil {
		return nil, nil, err
	}
	if found == 0 {
		return nil, nil, errors.New("it has no tables of lockstep")
	}
	rows, err := w.DB.QueryContext(ctx, `select system, id from catalog.account`)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var system, id string
		if err := rows.Scan(&system, &id); err != nil {
			return nil, nil, err
		}
		all[system] = id
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	list, err = Digests(ctx, w.DB)
	return all, list, err
}

// duplicate copies a file, 0600. The copy has its name once it is whole and on the disk.
func duplicate(path, name string) (err error) {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".copy-*") // 0600
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err == nil {
		err = os.Rename(to.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(to.Name()))
	}
	return nil
}
