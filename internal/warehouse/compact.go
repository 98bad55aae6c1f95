package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Space is what a warehouse's file takes on the disk, in bytes.
type Space struct {
	File, Free int64 // Free is the part of File that holds nothing
}

// Space looks at the file after writing down what its log holds.
func (w *Warehouse) Space(ctx context.Context) (s Space, err error) {
	if _, err := w.DB.ExecContext(ctx, "checkpoint"); err != nil {
		return s, fmt.Errorf("warehouse.Space: %w", Cut(err))
	}
	err = w.DB.QueryRowContext(ctx, `select (block_size * total_blocks)::bigint, (block_size * free_blocks)::bigint
		from pragma_database_size() where database_name = current_database()`).Scan(&s.File, &s.Free)
	if err != nil {
		return s, fmt.Errorf("warehouse.Space: %w", err)
	}
	return s, nil
}

// Compact gives space back to the disk: DuckDB uses again what rows have left, and never makes a file smaller. It copies
// everything into a new file, puts that in the old one's place, and opens it. The warehouse is held all the while; there
// has to be room for both files. After an error, and where DuckDB's log stays beside the file is one, the warehouse is as before,
// open unless the error says otherwise.
func (w *Warehouse) Compact(ctx context.Context, o Options) (err error) {
	fresh := w.Path + ".compact"
	defer func() {
		err = errors.Join(err, gone(fresh), gone(fresh+wal))
		if err != nil {
			err = fmt.Errorf("warehouse.Compact: %w", Cut(err))
		}
	}()
	if err := errors.Join(gone(fresh), gone(fresh+wal)); err != nil { // of a crash
		return err
	}
	if err := w.rewrite(ctx, fresh); err != nil {
		return err
	}
	if err := onDisk(fresh); err != nil {
		return err
	}
	if err := w.DB.Close(); err != nil {
		return err
	}
	o.Path, o.RunAt = w.Path, w.RunAt
	switch _, err := os.Stat(w.Path + wal); {
	case err == nil: // DuckDB would read it over the new file, which is of the database with its log
		return errors.Join(fmt.Errorf("%s is still there: the file was left as it is", w.Path+wal), w.open(ctx, o))
	case !errors.Is(err, os.ErrNotExist):
		return errors.Join(err, w.open(ctx, o))
	}
	return errors.Join(os.Rename(fresh, w.Path), w.open(ctx, o))
}

// rewrite copies every table and view with its rows into a new file. What the program installs by itself it does anew.
func (w *Warehouse) rewrite(ctx context.Context, fresh string) (err error) {
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var home string
	if err := conn.QueryRowContext(ctx, `select current_database()`).Scan(&home); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "attach "+literal(fresh)+" as compacted"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `copy from database "`+home+`" to compacted`)
	if err == nil {
		_, err = conn.ExecContext(ctx, "delete from compacted.catalog.installed; checkpoint compacted")
	}
	_, detached := conn.ExecContext(context.WithoutCancel(ctx), "detach compacted")
	return errors.Join(err, detached)
}

// onDisk waits until a file's content is on the disk.
func onDisk(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// gone removes a file that may not be there.
func gone(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
