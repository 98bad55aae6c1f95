package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// keepDelisted is how long a file stays that nothing names any more: a reader may still have the publication open
// that named it.
const keepDelisted = 24 * time.Hour

// folders makes the folder and data/, and gives them their mode.
func folders(folder string, mode fs.FileMode) error {
	for _, dir := range []string{folder, filepath.Join(folder, DataFolder)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.Chmod(dir, enterable(mode)); err != nil {
			return err
		}
	}
	return nil
}

// enterable is a file's mode with x wherever it has r: that of a folder whose files are of this mode.
func enterable(mode fs.FileMode) fs.FileMode { return mode | mode&0o444>>2 | 0o700 }

// settle gives a file its mode and waits until it is on the disk.
func settle(path string, mode fs.FileMode) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Chmod(mode); err != nil {
		return err
	}
	return f.Sync()
}

// settleAll is settle for many files at once: it is the waiting that takes time.
func settleAll(paths []string, mode fs.FileMode) error {
	errs := make([]error, len(paths))
	var all sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i, path := range paths {
		all.Add(1)
		slots <- struct{}{}
		go func() {
			defer all.Done()
			errs[i] = settle(path, mode)
			<-slots
		}()
	}
	all.Wait()
	return errors.Join(errs...)
}

// syncFolder makes renames in it last.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// place writes a file beside its name, on the disk and with its mode, and gives it the name.
func place(path string, content []byte, mode fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func placeJSON(path string, v any, mode fs.FileMode) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return place(path, append(b, '\n'), mode)
}

// safe is a table's name as part of a file's.
func safe(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, name)
}

// delist notes what the publication before named and this one does not, and gives what is to be removed by now: noted a
// day ago or, where everything was written anew, noted at all. Files of attempts that did not come to their end are
// looked for at night.
func (m *Manifest) delist(before *Manifest, o Options) (old []string, err error) {
	named, noted := m.files(), map[string]bool{}
	note := func(path string, at time.Time) {
		switch {
		case named[path] || noted[path]:
		case o.Anew || m.PublishedAt.Sub(at) >= keepDelisted:
			old = append(old, path)
		default:
			m.Delisted = append(m.Delisted, Delisted{path, at})
		}
		noted[path] = true
	}
	if before != nil {
		for _, d := range before.Delisted {
			note(d.Path, d.At)
		}
		for _, path := range sorted(before.files()) {
			note(path, m.PublishedAt)
		}
	}
	if !o.Whole && !o.Anew {
		return old, nil
	}
	entries, err := os.ReadDir(filepath.Join(m.Folder, DataFolder))
	for _, e := range entries {
		note(DataFolder+"/"+e.Name(), m.PublishedAt)
	}
	return old, err
}

// Failure is why the last attempt did not come to its end. It stands in the folder until one does.
type Failure struct {
	Run   string    `json:"run"`
	At    time.Time `json:"at"`
	Error string    `json:"error"`
}

// LastFailure is the failure after which nothing was published; false: there is none.
func LastFailure(folder string) (f Failure, failed bool, err error) {
	b, err := os.ReadFile(filepath.Join(folder, failedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return f, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil {
		return f, false, fmt.Errorf("publish.LastFailure(%s): %w", folder, err)
	}
	return f, true, nil
}
