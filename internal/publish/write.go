package publish

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Options say what is published and where.
type Options struct {
	Folder  string          // paths.published
	Mode    fs.FileMode     // of the files; folders can be entered by those who may read
	Run     string          // the run at whose end this is: it stands in file names, so it is new each time
	Project *entity.Project // macros and reports
	Mapping string          // digest of sql/: with another one, all bases may be others

	// Light publishes history alone: of a run that changed nothing else, or that has to end now.
	Light bool
	// Idle says that besides history nothing has changed since the run before, so that Light leaves nothing out.
	Idle bool
	// Anew writes every file again and removes all others at once: something was erased that must not stay in any.
	// Who has the publication before open has to open the new one.
	Anew bool
	// Whole makes every table one file again, without deltas: at night.
	Whole bool
	// Small is up to how many rows a mirror, link or base is whole each time; 0: 10,000.
	Small int64

	Now func() time.Time
}

// Report is what a publication wrote.
type Report struct {
	Files, Bytes int64
	Took         time.Duration
	Skipped      []string // reports that are views and could not be made: what they read is not there yet
}

// publication is one attempt.
type publication struct {
	o      Options
	now    time.Time
	conn   *sql.Conn
	before *Manifest // nil: everything is published anew
	listed *Manifest // what the folder held, also where nothing can be taken over from it
	next   *Manifest

	written []string // paths of files that are new
	report  Report
}

// Write publishes the warehouse, which the caller holds. Whatever goes wrong, the publication before stays as it is;
// the warehouse's history.publication and, if there is room for it, failed.json in the folder say what went wrong.
func Write(ctx context.Context, w *warehouse.Warehouse, o Options) (_ Report, err error) {
	if o.Small == 0 {
		o.Small = 10_000
	}
	p := &publication{o: o, now: o.Now().UTC()}
	began := time.Now()
	if p.conn, err = w.DB.Conn(ctx); err != nil {
		return p.report, fmt.Errorf("publish.Write: %w", err)
	}
	defer func() { err = errors.Join(err, p.conn.Close()) }()
	if err := p.begin(ctx); err != nil {
		return p.report, err
	}
	err = p.make(ctx)
	p.report.Took = time.Since(began)
	if err != nil {
		err = fmt.Errorf("publish.Write(%s): %w", o.Folder, warehouse.Cut(err))
		for _, path := range p.written {
			_ = os.Remove(path) // nothing names it; what cannot be removed is removed by a nightly run
		}
		_ = placeJSON(filepath.Join(o.Folder, failedFile), Failure{o.Run, p.now, err.Error()}, o.Mode) // there may be no room for it
	}
	return p.report, errors.Join(err, p.end(context.WithoutCancel(ctx), err))
}

// begin notes the attempt. Its row is in the publication itself: who reads it there knows how it ended.
func (p *publication) begin(ctx context.Context) error {
	if _, err := p.conn.ExecContext(ctx, `insert into history.publication (run_id, "at", ok) values ($1, $2, true)`, p.o.Run, p.now); err != nil {
		return fmt.Errorf("history.publication: %w", warehouse.Cut(err))
	}
	return nil
}

func (p *publication) end(ctx context.Context, failed error) error {
	why := ""
	if failed != nil {
		why = failed.Error()
	}
	if _, err := p.conn.ExecContext(ctx, `update history.publication set ok = $3, error = nullif($4, ''), files = $5, bytes = $6, ms = $7
		where run_id = $1 and "at" = $2`, p.o.Run, p.now, failed == nil, why, p.report.Files, p.report.Bytes, p.report.Took.Milliseconds()); err != nil {
		return fmt.Errorf("history.publication: %w", warehouse.Cut(err))
	}
	return nil
}

func (p *publication) make(ctx context.Context) error {
	if err := folders(p.o.Folder, p.o.Mode); err != nil {
		return err
	}
	if err := p.look(ctx); err != nil {
		return err
	}
	if p.before == nil { // of a run that ended before it came to them; macros read them
		if err := p.o.Project.Install(ctx, p.conn); err != nil {
			return err
		}
	}
	tables, err := p.sources(ctx)
	if err != nil {
		return err
	}
	if err := p.tables(ctx, tables); err != nil {
		return err
	}
	p.next.Shape = p.shape()
	if err := settleAll(p.written, p.o.Mode); err != nil {
		return err
	}
	if err := syncFolder(filepath.Join(p.o.Folder, DataFolder)); err != nil {
		return err
	}
	if err := p.database(ctx); err != nil {
		return err
	}
	return p.finish()
}

// finish writes the manifest and removes what is of no use any more. The publication is in its place already.
func (p *publication) finish() error {
	old, err := p.next.delist(p.listed, p.o)
	if err == nil {
		err = placeJSON(filepath.Join(p.o.Folder, ManifestFile), p.next, p.o.Mode)
	}
	p.written = nil // reports.duckdb names them
	if err != nil {
		return err
	}
	for _, path := range append(old, failedFile) {
		if err := os.Remove(p.path(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncFolder(p.o.Folder)
}

// path is where a file is whose path below the folder is this.
func (p *publication) path(below string) string {
	return filepath.Join(p.next.Folder, filepath.FromSlash(below))
}

// look reads what is published, and whether it is of this warehouse: one that was restored, or made anew, knows nothing
// of it.
func (p *publication) look(ctx context.Context) error {
	folder, err := filepath.Abs(p.o.Folder)
	if err != nil {
		return err
	}
	p.next = &Manifest{Format: format, Run: p.o.Run, PublishedAt: p.now, Folder: folder, Through: p.o.Run, Mapping: p.o.Mapping, Tables: map[string]*Table{}}
	m, err := ReadManifest(folder)
	if err != nil || m == nil || m.Format != format || m.Folder != folder {
		return nil // a broken one is no reason to stop: everything is published anew
	}
	p.listed = m
	var known bool
	var last sql.NullString
	if err := p.conn.QueryRowContext(ctx, `select exists (from history.publication where run_id = $1 and ok),
		(select max(run_id) from history.run where run_id < $2)`, m.Run, p.o.Run).Scan(&known, &last); err != nil {
		return err
	}
	if !known || p.o.Anew {
		return nil
	}
	p.before = m
	if _, err := os.Stat(filepath.Join(folder, Database)); err != nil {
		p.before.Shape = "" // nothing to go on from but the files
	}
	if p.o.Light || p.o.Idle && m.Run == m.Through && m.Run == last.String {
		p.o.Light = true
	} else {
		p.o.Idle = false
	}
	if p.o.Light {
		p.next.Mapping, p.next.Installed = m.Mapping, m.Installed
		if !p.o.Idle {
			p.next.Through = m.Through
		}
	}
	return nil
}

// sources are the tables to look at: of a light publication those of history that only grow.
func (p *publication) sources(ctx context.Context) ([]*source, error) {
	if p.before == nil {
		p.o.Light = false
	}
	all, err := sources(ctx, p.conn)
	if err != nil || !p.o.Light {
		return all, err
	}
	for name, t := range p.before.Tables {
		if !slices.ContainsFunc(all, func(s *source) bool { return s.title() == name && slices.Equal(s.columns, t.Columns) }) {
			p.o.Light = false // a table is gone or another one
			p.next.Through, p.next.Mapping = p.o.Run, p.o.Mapping
			return all, nil
		}
	}
	if p.before.Tables["plan.newest"] == nil { // what an older version published; reports read it
		p.o.Light = false
		p.next.Through, p.next.Mapping = p.o.Run, p.o.Mapping
		return all, nil
	}
	return slices.DeleteFunc(all, func(s *source) bool { return stamped[s.title()] == "" }), nil
}

// tables writes what differs from the publication before, and takes over what does not.
func (p *publication) tables(ctx context.Context, all []*source) error {
	if p.o.Light {
		for name, t := range p.before.Tables {
			p.next.Tables[name] = t
		}
	}
	var days, plans, rest []*source
	for _, s := range all {
		switch {
		case stamped[s.title()] != "":
			days = append(days, s)
		case s.schema == "plan" && s.name != "plan" && s.name != "newest" && s.has("plan_id"):
			plans = append(plans, s)
		default:
			rest = append(rest, s)
		}
	}
	if err := p.days(ctx, days); err != nil {
		return err
	}
	if p.o.Light {
		return nil
	}
	if err := p.plans(ctx, plans); err != nil {
		return err
	}
	return p.rest(ctx, rest)
}

// old is the table as it is published, if its columns are the same; else nil.
func (p *publication) old(s *source) *Table {
	t := p.before.table(s.title())
	if t == nil || !slices.Equal(t.Columns, s.columns) {
		return nil
	}
	return t
}

// days writes the days of history that have more rows than before, or fewer.
func (p *publication) days(ctx context.Context, tables []*source) error {
	var since time.Time
	if p.before != nil {
		since = p.before.PublishedAt.AddDate(0, 0, -1).Truncate(24 * time.Hour)
	}
	counts, err := p.count(ctx, tables, since)
	if err != nil {
		return err
	}
	for _, s := range tables {
		before := p.old(s)
		now := &Table{Columns: s.columns}
		for _, part := range sorted(counts[s.title()]) {
			n := counts[s.title()][part]
			f, same := before.part(part)
			// how the publication before ended was not known in it
			ended := s.title() == "history.publication" && p.before != nil && part == p.before.PublishedAt.Format(time.DateOnly)
			if !same || f.Rows != n || ended {
				if f, err = p.copy(ctx, s, part, "where "+within(stamped[s.title()], part)); err != nil {
					return err
				}
			}
			now.Files = append(now.Files, f)
		}
		p.next.Tables[s.title()] = now
	}
	return nil
}

// copy writes the rows of a table that fit a condition into a new file.
func (p *publication) copy(ctx context.Context, s *source, part, condition string) (File, error) {
	return p.write(ctx, s.title(), part, "select "+s.list()+" from "+s.from()+" "+condition)
}

func (p *publication) write(ctx context.Context, name, part, query string) (f File, err error) {
	f = File{Path: DataFolder + "/" + safe(name), Part: part}
	if part != "" {
		f.Path += "." + safe(part)
	}
	f.Path += "." + safe(p.o.Run) + ".parquet"
	path := p.path(f.Path)
	if _, err := os.Lstat(path); err == nil {
		return f, fmt.Errorf("%s is there already: files are never written twice", f.Path)
	}
	p.written = append(p.written, path)
	done, err := p.conn.ExecContext(ctx, "copy ("+query+") to "+text(path)+" (format parquet, compression zstd)")
	if err != nil {
		return f, fmt.Errorf("%s: %w", f.Path, err)
	}
	if f.Rows, err = done.RowsAffected(); err != nil {
		return f, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return f, err
	}
	f.Bytes = info.Size()
	p.report.Files++
	p.report.Bytes += f.Bytes
	return f, nil
}
