package entity

import (
	"context"
	"errors"
	"slices"

	"lockstep/internal/crm"
)

// Parsed is a project whose files DuckDB has read.
type Parsed struct {
	*Project
	statements map[string]*Statement
}

// Parse reads every select of the project. The error joins those of all files that are not one.
func (p *Project) Parse(ctx context.Context, conn Conn) (*Parsed, error) {
	out := &Parsed{p, map[string]*Statement{}}
	var bad []error
	for _, f := range p.files() {
		s, err := f.Parse(ctx, conn)
		if err != nil {
			bad = append(bad, err)
		}
		out.statements[f.Path] = s
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	return out, nil
}

// Statement is the parse of one of the project's files.
func (p *Parsed) Statement(f File) *Statement { return p.statements[f.Path] }

// files are all the selects.
func (p *Project) files() []File {
	all := slices.Concat(p.Reports, p.Checks)
	for _, e := range p.Entities {
		for _, o := range slices.Concat(e.From, e.To) {
			all = append(all, o.File)
		}
		for _, f := range []*File{e.Match, e.Create, e.Fields, e.Winner} {
			if f != nil {
				all = append(all, *f)
			}
		}
		all = append(all, e.Checks...)
	}
	return all
}

// Mentioned returns, per object whose mirror the SQL reads or whose columns it writes, the names that stand in
// those files in lower case. extract reads the ones that the CRM's metadata also has: nothing else leaves a CRM.
func (p *Project) Mentioned(ctx context.Context, conn Conn) (map[crm.Object][]string, error) {
	parsed, err := p.Parse(ctx, conn)
	if err != nil {
		return nil, err
	}
	all := map[crm.Object][]string{}
	note := func(o crm.Object, names []string) {
		for _, n := range names {
			if !slices.Contains(all[o], n) {
				all[o] = append(all[o], n)
			}
		}
	}
	for _, e := range p.Entities {
		for _, f := range e.From {
			note(f.Object, parsed.Statement(f.File).Columns)
		}
		for _, f := range e.To {
			s := parsed.Statement(f.File)
			note(f.Object, s.names())
		}
	}
	for _, f := range p.files() {
		s := parsed.Statement(f)
		for _, t := range s.Tables {
			if t.Schema == string(crm.HubSpot) || t.Schema == string(crm.Salesforce) {
				note(p.spelling(crm.Object{System: crm.System(t.Schema), Name: t.Name}), s.Columns)
			}
		}
	}
	for o := range all {
		slices.Sort(all[o])
	}
	return all, nil
}

// spelling is o as the project's file names spell it, since SQL names are not case-sensitive.
func (p *Project) spelling(o crm.Object) crm.Object {
	for _, e := range p.Entities {
		for _, f := range e.From {
			if (Table{Schema: string(o.System), Name: o.Name}).is(f.Object) {
				return f.Object
			}
		}
	}
	return o
}

// names are the output columns and everything referred to, lower case.
func (s *Statement) names() []string {
	out := slices.Clone(s.Columns)
	for name := range s.lineage {
		add(&out, name)
	}
	return out
}
