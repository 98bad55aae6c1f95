package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The names of what stands in the folder.
const (
	Database     = "reports.duckdb"
	ManifestFile = "manifest.json"
	DataFolder   = "data"
	failedFile   = "failed.json"
)

// format is the version of manifest.json; another one is published anew.
const format = 1

// Manifest says which files make which table. Engines that do not read reports.duckdb go by it.
type Manifest struct {
	Format      int               `json:"format"`
	Run         string            `json:"run"`          // whose publication it is
	PublishedAt time.Time         `json:"published_at"` // UTC
	Folder      string            `json:"folder"`       // where reports.duckdb looks for the files
	Through     string            `json:"through"`      // the run up to which more than history is in it
	Mapping     string            `json:"mapping"`      // digest of sql/
	Installed   string            `json:"installed"`    // digest of crosswalks and lists
	Shape       string            `json:"shape"`        // digest of what the views are made from, files aside
	Tables      map[string]*Table `json:"tables"`       // by schema.name
	Delisted    []Delisted        `json:"delisted"`     // files of earlier publications that are still there
}

// Table is one published table: the rows of Files; where Delta stands, those of Files whose Key is not in it, and its own.
type Table struct {
	Columns []Column `json:"columns"`
	Files   []File   `json:"files"`
	Key     []string `json:"key,omitempty"`
	Delta   *File    `json:"delta,omitempty"`
	Whole   *Whole   `json:"whole,omitempty"`
	Rows    int64    `json:"rows,omitempty"`   // with a delta: of both together
	Digest  string   `json:"digest,omitempty"` // over the rows as they were read
}

// Column has DuckDB's name for the type that the files hold.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// File is one Parquet file.
type File struct {
	Path  string `json:"path"`           // below the folder, with slashes
	Part  string `json:"part,omitempty"` // the day, the month or the plan whose rows it has
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`

	Digest string `json:"digest,omitempty"` // of a delta: over its rows
}

// Whole is when a table with a delta was last written whole.
type Whole struct {
	Run      string     `json:"run"`
	Landed   *time.Time `json:"landed,omitempty"`   // of a mirror: the newest _landed_at in it
	Modified *time.Time `json:"modified,omitempty"` // … and the newest _modified_at
}

// Delisted is a file that no table names any more.
type Delisted struct {
	Path string    `json:"path"`
	At   time.Time `json:"at"`
}

// ReadManifest reads the manifest of a folder. One that is not there is nil.
func ReadManifest(folder string) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(folder, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	m := &Manifest{}
	if err == nil {
		err = json.Unmarshal(b, m)
	}
	if err != nil {
		return nil, fmt.Errorf("publish.ReadManifest(%s): %w", folder, err)
	}
	return m, nil
}

// files are all that the tables name.
func (m *Manifest) files() map[string]bool {
	all := map[string]bool{}
	for _, t := range m.Tables {
		for _, f := range t.all() {
			all[f.Path] = true
		}
	}
	return all
}

func (t *Table) all() []File {
	if t.Delta == nil {
		return t.Files
	}
	return append(slices.Clone(t.Files), *t.Delta)
}

// names are the tables in a fixed order.
func (m *Manifest) names() []string { return slices.Sorted(maps.Keys(m.Tables)) }

// table is a table of a manifest that may not be there.
func (m *Manifest) table(name string) *Table {
	if m == nil {
		return nil
	}
	return m.Tables[name]
}

// part is the file of that part.
func (t *Table) part(name string) (File, bool) {
	if t == nil {
		return File{}, false
	}
	i := slices.IndexFunc(t.Files, func(f File) bool { return f.Part == name })
	if i < 0 {
		return File{}, false
	}
	return t.Files[i], true
}
