package load

import (
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Category is what kind of rule a refusal names, in words for people.
type Category = crm.Category

// The categories, as package crm has them.
const (
	RequiredField  = crm.RequiredField
	Picklist       = crm.Picklist
	Permission     = crm.Permission
	Duplicate      = crm.Duplicate
	ValidationRule = crm.ValidationRule
	LengthOrType   = crm.LengthOrType
	Owner          = crm.Owner
	Association    = crm.Association
	Gone           = crm.Gone
	Quota          = crm.Quota
	Ignored        = crm.Ignored
	Other          = crm.Other
)

// refuse gives the columns that the refusals name their state. What is left of the change may go again;
// where nothing is, or no column was named, the whole change is refused.
func (c *change) refuse(rules []rule, refusals []Refusal) {
	for i, f := range refusals {
		if len(f.Columns) == 0 {
			refusals[i].Columns = c.quoted(f)
		}
	}
	for _, f := range refusals {
		// A record without the value that another one has would be that one's double.
		if len(f.Columns) == 0 || c.action == Create && f.Category == Duplicate {
			c.refuseAll(f)
			return
		}
	}
	named := false
	for _, f := range refusals {
		for _, col := range c.columns {
			if (col.state == "" || col.state == sending) && slices.ContainsFunc(f.Columns, func(n string) bool { return strings.EqualFold(n, col.name) }) {
				col.state, col.reason, col.category = Refused, f.Words, f.Category
				named = true
			}
		}
	}
	if !named {
		// A column was named that was not sent, such as a required one: the rest would meet the same answer.
		c.refuseAll(refusals[0])
		return
	}
	if c.existing == "" {
		for _, f := range refusals {
			if f.collided() {
				c.existing = f.Existing
			}
		}
	}
	tied := c.tied(rules)
	for _, col := range c.columns {
		if col.state == sending {
			col.state = ""
		}
		if col.state == "" && tied(col.fields) {
			col.state, col.reason, col.category = Refused, "goes together with a field that was refused", refusals[0].Category
		}
	}
}

// quoted are the columns whose id a refusal quotes, where the server names the record and not the column that refers to it.
// Of a record that holds one id and no more it is that one.
func (c *change) quoted(f Refusal) (columns []string) {
	if f.Category != Association && f.Category != Owner {
		return nil
	}
	var ids []string
	for _, col := range c.columns {
		if col.state != sending || col.sent == nil || !salesforceID.MatchString(*col.sent) {
			continue
		}
		ids = append(ids, col.name)
		const short = 15 // Salesforce quotes ids without their check digits
		if strings.Contains(f.Words, (*col.sent)[:short]) {
			columns = append(columns, col.name)
		}
	}
	if len(columns) == 0 && len(ids) == 1 {
		return ids
	}
	return columns
}

// salesforceID is an id, which begins with the three characters of its object.
var salesforceID = regexp.MustCompile(`^[0-9a-z][0-9A-Za-z]{14}([0-9A-Za-z]{3})?$`)

// partly names columns that were refused while the rest of the record was written, and so were read back as before.
func (c *change) partly(refusals []Refusal) {
	for _, f := range refusals {
		for _, col := range c.columns {
			if col.state == NotTaken && slices.Contains(f.Columns, col.name) {
				col.state, col.reason, col.category = Refused, f.Words, f.Category
			}
		}
	}
}

func (c *change) refuseAll(f Refusal) {
	for _, col := range c.columns {
		if col.state == "" || col.state == sending {
			col.state, col.reason, col.category = Refused, f.Words, f.Category
		}
	}
	if c.reason = f.Words; f.collided() {
		c.existing = f.Existing
	}
}

// tied returns a test for columns that carry a field which goes together with a refused one.
func (c *change) tied(rules []rule) func(fields []string) bool {
	together, groups := map[string]string{}, map[string]bool{}
	for _, f := range rules {
		together[f.field] = f.together
	}
	for _, col := range c.columns {
		if col.state != Refused {
			continue
		}
		for _, f := range col.fields {
			if g := together[f]; g != "" {
				groups[g] = true
			}
		}
	}
	return func(fields []string) bool {
		for _, f := range fields {
			if groups[together[f]] {
				return true
			}
		}
		return false
	}
}
