package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/internal/entity"
)

// shape is a digest over what the views are made from but for the files: with the same one only views whose files
// have changed are made anew.
func (p *publication) shape() string {
	sum := sha256.New()
	for _, name := range p.next.names() {
		fmt.Fprintf(sum, "%q %v %v\n", name, p.next.Tables[name].Columns, p.next.Tables[name].Key)
	}
	for _, f := range slices.Concat(p.o.Project.Lib, p.o.Project.Reports) {
		fmt.Fprintf(sum, "%q %q\n", f.Path, f.Text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// scratch is a folder in memory where there is one: DuckDB waits for the disk a dozen times while it makes a file of
// views, which is copied to its place in one piece.
func scratch() (string, error) {
	for _, parent := range []string{"/dev/shm", ""} {
		if dir, err := os.MkdirTemp(parent, "lockstep-"); err == nil {
			return dir, nil
		} else if parent == "" {
			return "", err
		}
	}
	return "", nil
}

// database makes the next reports.duckdb, out of the one before where its shape is the same, and puts it in place.
func (p *publication) database(ctx context.Context) (err error) {
	dir, err := scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file, target := filepath.Join(dir, Database), filepath.Join(p.o.Folder, Database)
	made := false
	if p.before != nil && p.before.Shape == p.next.Shape {
		if b, err := os.ReadFile(target); err == nil && os.WriteFile(file, b, 0o600) == nil {
			made, err = p.attached(ctx, file, p.change)
			if err != nil {
				return err
			}
		}
	}
	if !made {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if _, err := p.attached(ctx, file, p.build); err != nil {
			return err
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	p.report.Files++
	p.report.Bytes += int64(len(b))
	return place(target, b, p.o.Mode)
}

// attached runs do with the file as the database that names without one mean.
func (p *publication) attached(ctx context.Context, file string, do func(context.Context) (bool, error)) (done bool, err error) {
	var home string
	if err := p.conn.QueryRowContext(ctx, `select current_database()`).Scan(&home); err != nil {
		return false, err
	}
	if _, err := p.conn.ExecContext(ctx, `attach `+text(file)+` as published; use published`); err != nil {
		return false, err
	}
	defer func() {
		// Whatever happened, the connection goes back to its pool as it was; a context that is over must not keep it.
		_, left := p.conn.ExecContext(context.WithoutCancel(ctx), `use `+quote(home)+`; detach published`)
		err = errors.Join(err, left)
	}()
	return do(ctx)
}

// change makes the views anew whose files have changed. false: the file is not of the publication that the manifest
// is of.
func (p *publication) change(ctx context.Context) (bool, error) {
	var run string
	if err := p.conn.QueryRowContext(ctx, `select run_id from catalog.publication`).Scan(&run); err != nil || run != p.before.Run {
		return false, nil
	}
	q := []string{"begin"}
	for _, name := range p.next.names() {
		if now, before := p.view(name, p.next), p.view(name, p.before); now != before {
			q = append(q, now)
		}
	}
	q = append(q, p.stamp(), "commit")
	return true, p.exec(ctx, q)
}

func (p *publication) exec(ctx context.Context, q []string) error {
	for _, one := range q {
		if _, err := p.conn.ExecContext(ctx, one); err != nil {
			_, _ = p.conn.ExecContext(context.WithoutCancel(ctx), "rollback") // what went wrong is said already
			return err
		}
	}
	return nil
}

// stamp says whose publication this is.
func (p *publication) stamp() string {
	return fmt.Sprintf(`create or replace table catalog.publication as select %s as run_id, %s as published_at`, text(p.o.Run), instant(p.now))
}

// build makes the file from nothing.
func (p *publication) build(ctx context.Context) (bool, error) {
	q := []string{"begin"}
	for _, s := range schemas {
		q = append(q, "create schema "+quote(s))
	}
	for _, name := range p.next.names() {
		q = append(q, p.view(name, p.next))
	}
	if err := p.exec(ctx, append(q, p.stamp(), "commit")); err != nil {
		return false, err
	}
	// One that fails, as a macro does that uses a later one, would end the transaction.
	if err := p.o.Project.InstallMacros(ctx, p.conn); err != nil {
		return false, err
	}
	return true, p.reports(ctx)
}

// reports makes a view of every report that reads no mirror. One that reads what is not there yet is left out.
func (p *publication) reports(ctx context.Context) error {
	for _, f := range p.o.Project.Reports {
		current, err := p.o.Project.Current(ctx, p.conn, f)
		if err != nil {
			return err
		}
		if !current {
			continue
		}
		name := strings.TrimSuffix(path.Base(f.Path), ".sql")
		if _, err := p.conn.ExecContext(ctx, "create or replace view report."+quote(name)+" as\n"+entity.AsPublished(f.Text)); err != nil {
			p.report.Skipped = append(p.report.Skipped, f.Error(err, 1).Error())
		}
	}
	return ctx.Err()
}

// view is the statement that makes a table's view.
func (p *publication) view(name string, m *Manifest) string {
	t := m.Tables[name]
	schema, table, _ := strings.Cut(name, ".")
	head := "create or replace view " + quote(schema) + "." + quote(table) + " as "
	if len(t.Files) == 0 && t.Delta == nil {
		var blanks []string
		for _, c := range t.Columns {
			blanks = append(blanks, "cast(null as "+c.Type+") as "+quote(c.Name))
		}
		return head + "select " + strings.Join(blanks, ", ") + " where false"
	}
	if t.Delta == nil {
		return head + "select * from " + m.parquet(t.Files)
	}
	var key []string
	for _, k := range t.Key {
		key = append(key, quote(k))
	}
	delta := m.parquet([]File{*t.Delta})
	return head + "select * from " + delta + " union all select * from " + m.parquet(t.Files) + " as whole anti join " + delta +
		" as delta using (" + strings.Join(key, ", ") + ")"
}

// parquet reads files by their absolute paths.
func (m *Manifest) parquet(files []File) string {
	var paths []string
	for _, f := range files {
		paths = append(paths, text(filepath.Join(m.Folder, filepath.FromSlash(f.Path))))
	}
	return "read_parquet([" + strings.Join(paths, ", ") + "], hive_partitioning = false)" // a folder may well be named a=b
}
