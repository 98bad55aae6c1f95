package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lockstep/internal/crm"
)

// Project is one folder over the embedded defaults.
type Project struct {
	Dir       string // absolute
	Config    Config // paths absolute
	Own       bool   // the folder has a lockstep.yaml of its own
	SQL       fs.FS  // DIR/sql over the embedded sql
	Pipelines fs.FS  // DIR/pipelines over the embedded pipelines
}

// Open reads the project in dir over the embedded sql and pipelines. dir must exist; nothing in it must.
func Open(dir string, sql, pipelines fs.FS) (*Project, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("project %s: %w", dir, err)
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return nil, crm.WithHint(fmt.Errorf("project %s: no such folder", dir), "`lockstep init %s` makes one", dir)
	}
	text, err := os.ReadFile(filepath.Join(abs, ConfigFile))
	own := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("project %s: %w", dir, err)
	}
	name := ConfigFile
	if dir != "." && dir != "" {
		name = filepath.Join(dir, ConfigFile)
	}
	c, err := decodeConfig(name, text)
	if err != nil {
		return nil, err
	}
	c.Paths = c.Paths.absolute(abs)
	return &Project{
		Dir: abs, Config: c, Own: own,
		SQL:       Overlay(os.DirFS(filepath.Join(abs, "sql")), sql),
		Pipelines: Overlay(os.DirFS(filepath.Join(abs, "pipelines")), pipelines),
	}, nil
}

// ignored is the .gitignore of a new project: the warehouse holds people's data.
const ignored = ".lockstep/\n"

// Init writes lockstep.yaml, sql/, pipelines/ and a .gitignore into dir, which it makes. A file that
// is already there stays as it is. It returns the paths written, relative to dir.
func Init(dir string, sql, pipelines fs.FS) (written []string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("project.Init(%s): %w", dir, err)
		}
	}()
	put := func(path string, text []byte) error {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := f.Write(text); err != nil {
			return errors.Join(err, f.Close())
		}
		written = append(written, path)
		return f.Close()
	}
	if err := put(ConfigFile, Example); err != nil {
		return written, err
	}
	if err := put(".gitignore", []byte(ignored)); err != nil {
		return written, err
	}
	for _, layer := range []struct {
		folder string
		files  fs.FS
	}{{"sql", sql}, {"pipelines", pipelines}} {
		err := fs.WalkDir(layer.files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".go" {
				return err
			}
			text, err := fs.ReadFile(layer.files, path)
			if err != nil {
				return err
			}
			return put(filepath.Join(layer.folder, filepath.FromSlash(path)), text)
		})
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
