// Package pause keeps what a person has paused: all, a pipeline or an entity.
//
// It stands in a file beside the warehouse and not in it, so that it can be set while a run holds the warehouse.
// The file is written anew and renamed: a reader sees one state or the next.
package pause

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
)

// All is the name that pauses everything.
const All = "all"

// Pause is one thing that waits until it is resumed.
type Pause struct {
	Name  string    `json:"name"`           // All, a pipeline or an entity
	Since time.Time `json:"since,omitzero"` // UTC
}

// Pauses are all of them, by name.
type Pauses []Pause

// Path is where the pauses of a warehouse stand.
func Path(warehouse string) string { return warehouse + ".paused" }

// Read returns what is paused beside the warehouse of that path; nothing where the file is not there.
func Read(warehouse string) (Pauses, error) {
	path := Path(warehouse)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all Pauses
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, crm.WithHint(fmt.Errorf("%s: %w", path, err), "nothing runs while nobody knows what is paused: remove the file, and pause again what should wait")
	}
	return all, nil
}

// Set pauses one more; what is paused already stays as it is.
func Set(warehouse, name string, now time.Time) error {
	all, err := Read(warehouse)
	if err != nil {
		return err
	}
	if _, ok := all.Of(name); ok {
		return nil
	}
	all = append(all, Pause{Name: name, Since: now.UTC().Truncate(time.Second)})
	slices.SortFunc(all, func(a, b Pause) int { return strings.Compare(a.Name, b.Name) })
	return write(Path(warehouse), all)
}

// Resume ends one pause, or every one where name is All. It says whether there was any.
func Resume(warehouse, name string) (bool, error) {
	all, err := Read(warehouse)
	if err != nil {
		return false, err
	}
	left := slices.DeleteFunc(slices.Clone(all), func(p Pause) bool { return name == All || p.Name == name })
	if len(left) == len(all) {
		return false, nil
	}
	return true, write(Path(warehouse), left)
}

// Of is the pause that holds any of the names, or everything.
func (all Pauses) Of(names ...string) (Pause, bool) {
	i := slices.IndexFunc(all, func(p Pause) bool { return p.Name == All || slices.Contains(names, p.Name) })
	if i < 0 {
		return Pause{}, false
	}
	return all[i], true
}

// write puts the file in place whole, 0600.
func write(path string, all Pauses) (err error) {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
