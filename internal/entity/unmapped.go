package entity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Unmapped is what becomes of a field's value that no crosswalk translates.
type Unmapped struct {
	Rule  string // block: the field waits and is listed; pass: the value goes as it is; default: Value takes its place
	Value string // our word
}

// unmappedFile is the place in MappingText of what Unmapped says: it decides bases as a crosswalk does.
const unmappedFile = "pipelines/unmapped"

// SetUnmapped gives fields, named as entity.field, their rule for values without a translation, and all others none.
func (p *Project) SetUnmapped(rules map[string]Unmapped) error {
	for _, e := range p.Entities {
		e.Unmapped = nil
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		of, field, ok := strings.Cut(name, ".")
		e, known := p.Entity(of)
		if !ok || !known {
			return crm.WithHint(fmt.Errorf("unmapped: %q is no field of an entity", name), "write entity.field, such as contact.original_source")
		}
		if e.Unmapped == nil {
			e.Unmapped = map[string]Unmapped{}
		}
		e.Unmapped[field] = rules[name]
	}
	return nil
}

// unmappedText is the rules of all entities, a line each.
func (p *Project) unmappedText() string {
	var b strings.Builder
	for _, e := range p.Entities {
		for _, field := range slices.Sorted(maps.Keys(e.Unmapped)) {
			if u := e.Unmapped[field]; u.Rule != "block" {
				fmt.Fprintf(&b, "%s.%s\t%s\t%s\n", e.Name, field, u.Rule, u.Value)
			}
		}
	}
	return b.String()
}

// readUnmapped takes up a kept unmappedText; the entities have to be there.
func (p *Project) readUnmapped(text string) error {
	rules := map[string]Unmapped{}
	for line := range strings.Lines(text) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(cells) == 3 {
			if of, _, _ := strings.Cut(cells[0], "."); hasEntity(p, of) {
				rules[cells[0]] = Unmapped{cells[1], cells[2]}
			}
		}
	}
	return p.SetUnmapped(rules)
}

func hasEntity(p *Project, name string) bool { _, ok := p.Entity(name); return ok }

// In is the SQL of a value in our words, with a marked part of it (what unknown() has put there) as the rule says. What
// is absent, the mark alone, stays so.
func (u Unmapped) In(value string) string {
	const mark = "chr(57344)"
	switch u.Rule {
	case "pass":
		return fmt.Sprintf("case when contains(%[1]s, %[2]s) and %[1]s <> %[2]s then replace(%[1]s, %[2]s, '') else %[1]s end", value, mark)
	case "default":
		return fmt.Sprintf("case when contains(%[1]s, %[2]s) and %[1]s <> %[2]s then regexp_replace(%[1]s, %[2]s || '[^;]*', '%[3]s', 'g') else %[1]s end",
			value, mark, strings.ReplaceAll(strings.ReplaceAll(u.Value, `\`, `\\`), "'", "''"))
	}
	return value
}
