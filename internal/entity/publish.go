package entity

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// InstallMacros creates the macros alone, in the database and schema that are the connection's.
func (p *Project) InstallMacros(ctx context.Context, conn Conn) error { return p.installLib(ctx, conn) }

// runAt is how a file asks for the time of the run.
var runAt = regexp.MustCompile(`(?i)getvariable\(\s*'run_at'\s*\)`)

// AsPublished is a report's text as a view of a publication: the time of the run is that of the publication, whoever
// reads it.
func AsPublished(text string) string {
	return runAt.ReplaceAllString(text, `(select published_at from catalog.publication)`)
}

// beyond is, in a macro, what a publication has not at any time, or what only this program can do.
var beyond = regexp.MustCompile(`\b(hubspot|salesforce)\s*\.|\bregistrable_domain\b`)

// Current tells of a report that reads no records, neither a mirror, by itself or through a macro, nor what is mapped: its view over a publication is
// always right, and any DuckDB can read it.
func (p *Project) Current(ctx context.Context, conn Conn, report File) (bool, error) {
	s, err := report.Parse(ctx, conn)
	if err != nil {
		return false, err
	}
	for _, t := range s.Tables {
		if strings.EqualFold(t.Schema, string(crm.HubSpot)) || strings.EqualFold(t.Schema, string(crm.Salesforce)) || strings.EqualFold(t.Schema, "mapped") {
			return false, nil
		}
	}
	todo, seen := slices.Clone(s.Calls), map[string]bool{}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if name == "registrable_domain" {
			return false, nil
		}
		i := slices.IndexFunc(p.Lib, func(f File) bool { return strings.TrimSuffix(path.Base(f.Path), ".sql") == name })
		if i < 0 || seen[name] {
			continue
		}
		seen[name] = true
		body := p.Lib[i].bare()
		if beyond.MatchString(body) {
			return false, nil
		}
		for _, call := range calls.FindAllStringSubmatch(body, -1) {
			todo = append(todo, call[1])
		}
	}
	return true, nil
}

var calls = regexp.MustCompile(`([a-z_][a-z0-9_]*)\(`)
