package project

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// Freeze is the project as its sql/ and pipelines/ are now, whatever becomes of the folder, and a digest over them.
func (p *Project) Freeze() (*Project, string, error) {
	out, sum := *p, sha256.New()
	for _, tree := range []struct {
		from fs.FS
		into *fs.FS
	}{{p.SQL, &out.SQL}, {p.Pipelines, &out.Pipelines}} {
		text, err := packed(tree.from)
		if err != nil {
			return nil, "", fmt.Errorf("reading the project: %w", err)
		}
		fmt.Fprintf(sum, "%d\n", len(text))
		sum.Write(text)
		if *tree.into, err = zip.NewReader(bytes.NewReader(text), int64(len(text))); err != nil {
			return nil, "", fmt.Errorf("reading the project: %w", err)
		}
	}
	return &out, hex.EncodeToString(sum.Sum(nil)), nil
}

// packed is a zip archive of every file, in the order of their paths and without times: the same files make the same one.
// It is what the library has for a tree of files in memory.
func packed(tree fs.FS) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store})
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}
