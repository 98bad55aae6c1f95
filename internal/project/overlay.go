package project

import (
	"errors"
	"io/fs"
	"sort"
)

// overlay is upper over lower: a file of upper hides the one of the same path in lower, folders are united.
type overlay struct{ upper, lower fs.FS }

// Overlay returns upper over lower. A path that exists in upper is upper's, whatever lower has there;
// listings hold the names of both.
func Overlay(upper, lower fs.FS) fs.FS { return overlay{upper, lower} }

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.upper.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.lower.Open(name)
	}
	return f, err
}

// ReadDir implements fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	upper, errUpper := fs.ReadDir(o.upper, name)
	lower, errLower := fs.ReadDir(o.lower, name)
	for _, err := range []error{errUpper, errLower} {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if errUpper != nil && errLower != nil {
		return nil, errUpper
	}
	seen := make(map[string]bool, len(upper))
	for _, e := range upper {
		seen[e.Name()] = true
	}
	for _, e := range lower {
		if !seen[e.Name()] {
			upper = append(upper, e)
		}
	}
	sort.Slice(upper, func(i, j int) bool { return upper[i].Name() < upper[j].Name() })
	return upper, nil
}
