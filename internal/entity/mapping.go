package entity

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// MappingText is the text that bases depend on, by path: macros, crosswalks, lists and from files. It is kept in the
// warehouse, because a base may only be compared with a value made by the same text.
func (p *Project) MappingText() map[string]string {
	m := map[string]string{}
	for _, f := range p.Lib {
		m[f.Path] = f.Text
	}
	for _, c := range p.Crosswalks {
		m[c.Path] = c.Text
	}
	for _, l := range p.Lists {
		m[l.Path] = l.Text
	}
	for _, e := range p.Entities {
		for _, f := range e.From {
			m[f.Path] = f.Text
		}
	}
	if text := p.unmappedText(); text != "" {
		m[unmappedFile] = text
	}
	return m
}

// FromMapping rebuilds a project that can run its from files, and nothing else, from a kept MappingText.
func FromMapping(text map[string]string) (*Project, error) {
	p := &Project{}
	for _, name := range slices.Sorted(maps.Keys(text)) {
		if name == unmappedFile {
			continue
		}
		f := File{Path: name, Text: text[name]}
		dir, base := path.Split(strings.TrimPrefix(name, "sql/"))
		switch dir = strings.TrimSuffix(dir, "/"); dir {
		case "lib":
			p.Lib = append(p.Lib, f)
		case "crosswalk":
			c, err := parseCrosswalk(name, f.Text)
			if err != nil {
				return nil, err
			}
			p.Crosswalks = append(p.Crosswalks, c)
		case "list":
			l, err := parseList(name, f.Text)
			if err != nil {
				return nil, err
			}
			p.Lists = append(p.Lists, l)
		default:
			e, ok := p.Entity(dir)
			if !ok {
				e = &Entity{Name: dir}
				p.Entities = append(p.Entities, e)
			}
			if err := e.add(strings.TrimSuffix(base, ".sql"), f); err != nil {
				return nil, err
			}
		}
	}
	return p, p.readUnmapped(text[unmappedFile])
}

// Has reports whether f is a file of this project as it stands.
func (p *Parsed) Has(f File) bool {
	return slices.ContainsFunc(p.files(), func(g File) bool { return g == f })
}
