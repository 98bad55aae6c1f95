package entity

import (
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// A from file that makes several rows of a record, or none, says so in the comment lines that it begins with:
//
//	-- several rows per record
//
// Their ids are the record's, a dash, and what tells them apart: 101-form-1772442000. Nothing is written to such a record.
var severalLine = regexp.MustCompile(`(?i)^--\s*several rows per record\b`)

// Events reports whether the file makes several rows of a record, or none.
func (f File) Events() bool {
	for line := range strings.Lines(f.Text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			break
		}
		if severalLine.MatchString(line) {
			return true
		}
	}
	return false
}

// Own are the objects whose records are the entity's own: not those of which it makes events.
func (e *Entity) Own() []crm.Object {
	return slices.DeleteFunc(e.Objects(), func(o crm.Object) bool {
		f, ok := e.FromOf(o)
		return ok && f.Events()
	})
}
