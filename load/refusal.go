package load

import (
	"slices"
	"strings"
)

// Category is what kind of rule a refusal names, in words for people.
type Category string

// The categories.
const (
	RequiredField  Category = "required field"
	Picklist       Category = "picklist"
	Permission     Category = "permission"
	Duplicate      Category = "duplicate"
	ValidationRule Category = "validation rule"
	LengthOrType   Category = "length or type"
	Owner          Category = "owner"
	Association    Category = "association"
	Gone           Category = "deleted or merged"
	Quota          Category = "quota"
	Ignored        Category = "not taken"
	Other          Category = "other"
)

// remedy is what a person can do about a refusal.
func (c Category) remedy() string {
	switch c {
	case RequiredField:
		return "give the field a value, or a stand-in in the to file"
	case Picklist:
		return "add the value to the CRM's picklist, or translate it in a crosswalk"
	case Permission:
		return "let the integration user edit the field: lockstep setup, or the permission set in the CRM"
	case Duplicate:
		return "another record has the value: merge the two, or say in same_as.csv that they are one"
	case ValidationRule:
		return "put the value right in the CRM it comes from, or except the integration user from the rule"
	case LengthOrType:
		return "put the value right in the CRM it comes from, or shorten or convert it in the to file"
	case Owner:
		return "activate the user, or map the owner to another one"
	case Association:
		return "the record it refers to is missing or out of reach: share it with the integration user"
	case Gone:
		return "the record is gone; the next run reads what became of it"
	case Quota:
		return "wait until the limit resets"
	case Ignored:
		return "the CRM accepts the value and keeps its own: make the field one-way, or change what computes it there"
	}
	return "read the server's words; it is sent again when the value, the mapping or the record changes"
}

// refuse gives the columns that the refusals name their state. What is left of the change may go again;
// where nothing is, or no column was named, the whole change is refused.
func (c *change) refuse(rules []rule, refusals []Refusal) {
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
			c.existing = f.Existing
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
	c.reason, c.existing = f.Words, f.Existing
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
