package entity

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Project is the content of one sql/ folder.
type Project struct {
	Entities   []*Entity   // in the order of their names
	Lib        []File      // macros, one per file
	Crosswalks []Crosswalk // two-way translations
	Lists      []List      // tables kept by hand
	Reports    []File      // what analysts query
	Checks     []File      // over the plan of all entities
}

// Entity is one folder of sql/.
type Entity struct {
	Name   string
	From   []ObjectFile // what each object says, in our words
	To     []ObjectFile // our words back into the object's columns
	Match  *File        // which records are the same; nil: only stamped links and same_as.csv
	Create *File        // which unmatched records may be created where; nil: none
	Fields *File        // per field: direction, rule, blank, refers_to, together
	Winner *File        // per conflict: who wins; nil: every field's default rule
	SameAs []Answer     // a person's answers
	Checks []File       // any row is a failure

	Unmapped map[string]Unmapped // by field: what becomes of a value without a translation; others block
}

// File is one SQL file of the project.
type File struct {
	Path string // below the project folder: sql/contact/match.sql
	Text string
}

// ObjectFile is a from or a to file.
type ObjectFile struct {
	File
	Object crm.Object
}

// FromOf returns the from file of o.
func (e *Entity) FromOf(o crm.Object) (ObjectFile, bool) { return find(e.From, o) }

// ToOf returns the to file of o.
func (e *Entity) ToOf(o crm.Object) (ObjectFile, bool) { return find(e.To, o) }

func find(files []ObjectFile, o crm.Object) (ObjectFile, bool) {
	i := slices.IndexFunc(files, func(f ObjectFile) bool { return f.Object == o })
	if i < 0 {
		return ObjectFile{}, false
	}
	return files[i], true
}

// Entity returns the entity of that name.
func (p *Project) Entity(name string) (*Entity, bool) {
	i := slices.IndexFunc(p.Entities, func(e *Entity) bool { return e.Name == name })
	if i < 0 {
		return nil, false
	}
	return p.Entities[i], true
}

// Load reads a project from a folder that holds lib, crosswalk, list, report, check and the entities. It reads names and
// CSV only: Check and Install let DuckDB parse the SQL.
func Load(fsys fs.FS) (*Project, error) {
	p := &Project{}
	top, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("entity.Load: %w", err)
	}
	for _, d := range top {
		if !d.IsDir() {
			continue
		}
		var err error
		switch d.Name() {
		case "lib":
			p.Lib, err = readFiles(fsys, "lib")
		case "report":
			p.Reports, err = readFiles(fsys, "report")
		case "check":
			p.Checks, err = readFiles(fsys, "check")
		case "crosswalk":
			p.Crosswalks, err = readCrosswalks(fsys)
		case "list":
			p.Lists, err = readLists(fsys)
		default:
			var e *Entity
			if e, err = readEntity(fsys, d.Name()); err == nil {
				p.Entities = append(p.Entities, e)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	p.Entities = slices.DeleteFunc(p.Entities, p.unused)
	if len(p.Entities) == 0 {
		return nil, crm.WithHint(errors.New("sql/: no entity found"), "an entity is a folder such as sql/contact with from_<system>.<Object>.sql files; `lockstep init DIR` writes the default project")
	}
	return p, nil
}

// unused tells of an entity that needs a list without rows: nothing of it is read, planned or written.
func (p *Project) unused(e *Entity) bool {
	return slices.ContainsFunc(e.Fields.needs(), func(name string) bool {
		return !slices.ContainsFunc(p.Lists, func(l List) bool { return l.Name == name && len(l.Rows) > 0 })
	})
}

// Set tells of an entity whose records are the elements of sets: HubSpot's associations between two objects, or members
// of its lists.
func (e *Entity) Set() bool {
	return slices.ContainsFunc(e.From, func(f ObjectFile) bool { _, _, ok := f.Object.Associations(); return ok })
}

func readEntity(fsys fs.FS, name string) (*Entity, error) {
	e := &Entity{Name: name}
	if !plainName(name) {
		return nil, crm.WithHint(fmt.Errorf("sql/%s: not a name for an entity", name), "use lower-case letters, digits and underscores")
	}
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return nil, err
	}
	for _, d := range entries {
		switch p := path.Join(name, d.Name()); {
		case d.IsDir() && d.Name() == "check":
			if e.Checks, err = readFiles(fsys, p); err != nil {
				return nil, err
			}
		case d.Name() == sameAs:
			if e.SameAs, err = readSameAs(fsys, p); err != nil {
				return nil, err
			}
		case strings.HasSuffix(d.Name(), ".sql"):
			f, err := readFile(fsys, p)
			if err != nil {
				return nil, err
			}
			if err := e.add(strings.TrimSuffix(d.Name(), ".sql"), f); err != nil {
				return nil, err
			}
		default:
			return nil, crm.WithHint(fmt.Errorf("sql/%s: not a file of an entity", p), "an entity holds from_*, to_*, match, create, fields, winner (.sql), same_as.csv and check/")
		}
	}
	if e.Fields == nil || len(e.From) == 0 {
		return nil, crm.WithHint(fmt.Errorf("sql/%s: fields.sql or the from files are missing", name), "every entity has fields.sql and one from_<system>.<Object>.sql per object")
	}
	return e, nil
}

func (e *Entity) add(stem string, f File) error {
	switch stem {
	case "match":
		e.Match = &f
	case "create":
		e.Create = &f
	case "fields":
		e.Fields = &f
	case "winner":
		e.Winner = &f
	default:
		side, object, ok := strings.Cut(stem, "_")
		o, err := crm.ParseObject(object)
		if !ok || err != nil || (side != "from" && side != "to") {
			return crm.WithHint(fmt.Errorf("%s: not a file name of an entity", f.Path), "names are from_<system>.<Object>.sql, to_<system>.<Object>.sql, match.sql, create.sql, fields.sql, winner.sql")
		}
		if side == "from" {
			e.From = append(e.From, ObjectFile{f, o})
		} else {
			e.To = append(e.To, ObjectFile{f, o})
		}
	}
	return nil
}

// readFiles reads the .sql files of a folder in name order.
func readFiles(fsys fs.FS, dir string) ([]File, error) {
	names, err := fs.Glob(fsys, dir+"/*.sql")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, n := range names {
		f, err := readFile(fsys, n)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func readFile(fsys fs.FS, name string) (File, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return File{}, err
	}
	return File{Path: "sql/" + name, Text: string(b)}, nil
}

func plainName(s string) bool {
	for i, r := range s {
		if !(r >= 'a' && r <= 'z' || r == '_' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != ""
}

// Objects lists the objects of e's from files.
func (e *Entity) Objects() []crm.Object {
	var os []crm.Object
	for _, f := range e.From {
		os = append(os, f.Object)
	}
	return os
}
