package entity

import (
	"regexp"
	"strings"
)

// A to file whose object has no unique column of its own names, in the comment lines that it begins with, the columns
// that tell its records apart:
//
//	-- key: CampaignId, LeadId, ContactId
//
// And an entity that is there only while a list kept by hand has rows names the list in its fields.sql:
//
//	-- needs: list.campaign_lists
var (
	keyLine   = regexp.MustCompile(`(?i)^--\s*key\s*:\s*(.*)$`)
	needsLine = regexp.MustCompile(`(?i)^--\s*needs\s*:\s*list\.(\w+)\s*$`)
)

// Key are the columns that tell an object's records apart; none: the stamped one does.
func (f File) Key() []string { return f.named(keyLine) }

// needs are the lists that the entity of this fields.sql needs rows of.
func (f File) needs() []string { return f.named(needsLine) }

// named are the names on the lines of that form among the comments a file begins with.
func (f File) named(form *regexp.Regexp) (names []string) {
	for line := range strings.Lines(f.Text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			break
		}
		if m := form.FindStringSubmatch(line); m != nil {
			names = append(names, strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })...)
		}
	}
	return names
}
