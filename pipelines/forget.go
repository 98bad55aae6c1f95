package pipelines

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/forget"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
)

// Forgotten is what `forget` found and, if it was to, erased.
type Forgotten struct {
	RunID   string
	Records []forget.Record
	Stands  map[crm.Record]string // live, deleted or gone in its CRM; unknown where the CRM could not be asked
	Erased  *forget.Erased        // nil: only shown
	Files   []string              // that name the person and are left to people: backups, saved plans, lists of the project
}

// ErrNobody is returned by Forget when nothing is known of the person.
var ErrNobody = errors.New("nothing is known of")

// Forget finds a person by an e-mail address or an id (of object, if that is not empty) and, if erase says so, takes the
// person out of the warehouse and all published files. It is a run in history, without a plan.
func Forget(ctx context.Context, job Job, what, object string, erase bool) (f Forgotten, err error) {
	r := &run{job: job, calls: counted(job.CRMs.Meters)}
	if r.entity, err = entity.Load(job.Project.SQL); err != nil {
		return f, err
	}
	if r.mapping, _, err = mappingDigest(job.Project.SQL, nil, nil); err != nil {
		return f, err
	}
	c := job.Project.Config
	r.w, err = warehouse.Open(ctx, warehouse.Options{
		Path: c.Paths.Warehouse, RunAt: job.Now(), Memory: c.Warehouse.Memory, Spill: c.Warehouse.Spill, Threads: c.Warehouse.Threads, Who: job.Name, Wait: job.Wait,
		Waiting: func(h warehouse.Holder) { job.Log.Info().Str("holder", h.String()).Msg("waiting for the warehouse") },
	})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, r.w.Close()) }()
	if f.Records, err = forget.Find(ctx, r.w.DB, r.entity, what, object); err != nil {
		return f, err
	}
	if len(f.Records) == 0 {
		return f, crm.WithHint(fmt.Errorf("%w %q", ErrNobody, what), "give an e-mail address or the id of a record as the CRM has it; who was forgotten is not known any more")
	}
	f.Stands = r.stands(ctx, f.Records)
	if !erase {
		return f, nil
	}
	r.result.RunID = newRunID(r.w.RunAt)
	f.RunID = r.result.RunID
	if err := r.begin(ctx); err != nil {
		return f, err
	}
	var erased forget.Erased
	failed := r.w.InTx(ctx, func(tx *warehouse.Tx) (err error) {
		erased, err = forget.Erase(ctx, r.w, tx, f.Records, job.Now())
		return err
	})
	if err := errors.Join(failed, r.end(ctx, failed)); err != nil {
		return f, err
	}
	f.Erased = &erased
	if err := r.publishAnew(ctx); err != nil {
		return f, crm.WithHint(err, "the warehouse has forgotten, and the published files have not: free what is in the way, and give the same command again with an id on the list, or run a pipeline")
	}
	if f.Files, err = r.naming(erased.Words); err != nil {
		return f, err
	}
	return f, r.overwrite(ctx)
}

// overwrite writes the warehouse anew: deleted rows stay in the pages of a DuckDB file that nothing uses any more.
func (r *run) overwrite(ctx context.Context) error {
	c := r.job.Project.Config
	err := r.w.Compact(ctx, warehouse.Options{Memory: c.Warehouse.Memory, Spill: c.Warehouse.Spill, Threads: c.Warehouse.Threads})
	if err != nil {
		return crm.WithHint(fmt.Errorf("nothing reads the person any more, but the warehouse's file was not written anew: %w", err),
			"it takes room for a second file of its size and a moment without another reader; the next forget writes it anew, and a nightly run once a third of a large one is free")
	}
	return nil
}

// stands asks the CRMs which of the records they still have.
func (r *run) stands(ctx context.Context, records []forget.Record) map[crm.Record]string {
	ids := map[crm.Object][]string{}
	for _, x := range records {
		ids[x.Object] = append(ids[x.Object], x.ID)
	}
	out := map[crm.Record]string{}
	for o, all := range ids {
		if _, _, set := o.Associations(); set {
			continue
		}
		found, err := extract.Standing(ctx, r.job.CRMs.Sources[o.System], o.Name, all)
		for _, id := range all {
			live, there := found[id]
			switch {
			case err != nil:
				out[crm.Record{Object: o, ID: id}] = "unknown"
			case live:
				out[crm.Record{Object: o, ID: id}] = "live"
			case there:
				out[crm.Record{Object: o, ID: id}] = "deleted"
			default:
				out[crm.Record{Object: o, ID: id}] = "gone"
			}
		}
	}
	return out
}

// publishAnew writes every published file again and removes all that were there before.
func (r *run) publishAnew(ctx context.Context) error {
	c := r.job.Project.Config.Paths
	if err := os.Remove(filepath.Join(c.Published, publish.ManifestFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := publish.Write(ctx, r.w, publish.Options{
		Folder: c.Published, Mode: c.PublishedMode(), Run: r.result.RunID, Project: r.entity, Mapping: r.mapping, Whole: true, Now: r.job.Now,
	}); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(c.Published, publish.ManifestFile))
	if err != nil {
		return err
	}
	var manifest struct {
		Tables json.RawMessage `json:"tables"` // and not what is delisted
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return err
	}
	data := filepath.Join(c.Published, publish.DataFolder)
	files, err := os.ReadDir(data)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !strings.Contains(string(manifest.Tables), `"`+publish.DataFolder+"/"+f.Name()+`"`) {
			if err := os.Remove(filepath.Join(data, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// naming are the files that only people may change: copies of the warehouse, and what of the project names the person.
func (r *run) naming(words string) (files []string, err error) {
	path := r.job.Project.Config.Paths.Warehouse
	copies, err := filepath.Glob(path + ".*")
	if err != nil {
		return nil, err
	}
	for _, f := range copies {
		if !slices.Contains([]string{".lock", ".wal", ".tmp", ".compact", ".paused", ".unread"}, strings.TrimPrefix(f, path)) {
			files = append(files, f)
		}
	}
	for _, folder := range []string{r.job.Project.Dir, filepath.Dir(path)} {
		kept, err := backups(folder)
		if err != nil {
			return nil, err
		}
		for _, f := range kept {
			if f != filepath.Clean(path) && !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	about, err := regexp.Compile(words)
	if err != nil {
		return nil, err
	}
	look := func(name string, fsys fs.FS, path string) error {
		text, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(strings.ToLower(string(text)), "\n") {
			if about.MatchString(line) {
				files = append(files, fmt.Sprintf("%s:%d", name, i+1))
			}
		}
		return nil
	}
	err = fs.WalkDir(r.job.Project.SQL, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".csv") {
			return err
		}
		return look("sql/"+path, r.job.Project.SQL, path)
	})
	if err != nil {
		return nil, err
	}
	// plans are saved where somebody says, which is the project's folder most of the time, and by the page beside the warehouse
	for _, in := range []string{"", r.job.Project.Config.Paths.Plans()} {
		folder := os.DirFS(cmp.Or(in, r.job.Project.Dir))
		saved, failed := fs.Glob(folder, "*.json")
		err = errors.Join(err, failed)
		for _, path := range saved {
			err = errors.Join(err, look(filepath.Join(in, path), folder, path))
		}
	}
	return files, err
}

// backups are the DuckDB files of a folder, whatever their names.
func backups(folder string) (files []string, err error) {
	all, err := os.ReadDir(folder)
	for _, f := range all {
		if !f.Type().IsRegular() {
			continue
		}
		path := filepath.Join(folder, f.Name())
		file, failed := os.Open(path)
		if failed != nil {
			continue // not ours to read, and so none that a backup made
		}
		begin := make([]byte, 12) // a checksum, then the word
		if _, failed := io.ReadFull(file, begin); failed == nil && string(begin[8:]) == "DUCK" {
			files = append(files, path)
		}
		err = errors.Join(err, file.Close())
	}
	return files, err
}

// Remember lets records of an id be read again that were forgotten, and says how many there are.
func Remember(ctx context.Context, job Job, id string) (n int64, err error) {
	c := job.Project.Config
	w, err := warehouse.Open(ctx, warehouse.Options{Path: c.Paths.Warehouse, RunAt: job.Now(), Who: job.Name, Wait: job.Wait})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return w.Remember(ctx, id)
}
