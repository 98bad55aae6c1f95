package store

import (
	"fmt"
	"slices"
	"strings"
)

// DuplicateRule refuses a save that looks like a record which is there already. Its zero values are those
// of a rule that alerts on creates and updates.
type DuplicateRule struct {
	Name         string   // developer name, as in Standard_Lead_Duplicate_Rule
	MatchingRule string   // developer name; empty: Name with _Matching_Rule
	Fields       []string // every one of them must be filled and equal, letter case aside
	Against      string   // object that is searched; empty: the rule's own
	Block        bool     // no header lets the save pass; otherwise the rule alerts
	CreateOnly   bool     // updates are not looked at
	Message      string   // empty: Use one of these records?
}

// Duplicates is what a duplicate rule found.
type Duplicates struct {
	Rule   DuplicateRule
	Object *Object // whose save is refused
	Found  *Object
	IDs    []ID
}

// maxMatches is how many records the answer names at most.
const maxMatches = 100

// DefineDuplicateRule adds a rule to an object.
func (org *Org) DefineDuplicateRule(o *Object, r DuplicateRule) error {
	if r.Name == "" || len(r.Fields) == 0 {
		return fmt.Errorf("a duplicate rule needs a name and fields")
	}
	if r.Against == "" {
		r.Against = o.Name
	}
	if r.MatchingRule == "" {
		r.MatchingRule = r.Name + "_Matching_Rule"
	}
	if r.Message == "" {
		r.Message = "Use one of these records?"
	}
	found := org.Object(r.Against)
	if found == nil {
		return fmt.Errorf("the simulated org has no object %q", r.Against)
	}
	for _, name := range r.Fields {
		if o.Field(name) == nil || found.Field(name) == nil || found.Field(name).computed() {
			return fmt.Errorf("duplicate rule %s: %s or %s has no field %s to compare", r.Name, o.Name, found.Name, name)
		}
	}
	found.lookUp(found.Field(r.Fields[0]))
	org.duplicates[o] = append(org.duplicates[o], r)
	return nil
}

// lookUp makes a column one that is looked up.
func (o *Object) lookUp(f *Field) {
	if f.index != nil {
		return
	}
	f.index = newTextIndex()
	for row := range o.Rows() {
		if v := f.values.get(row); o.state[row] == live && !v.IsNull() {
			f.index.add(f.key(v), row)
		}
	}
}

// duplicate asks the duplicate rules about a record that is about to be saved. An update is looked at when
// it changes a column that a rule compares.
func (c *change) duplicate() Errors {
	for _, r := range c.Org.duplicates[c.object] {
		if !r.Block && c.AllowDuplicates || !c.create && (r.CreateOnly || !slices.ContainsFunc(r.Fields, c.moves)) {
			continue
		}
		if d := c.matches(r); len(d.IDs) > 0 {
			return Errors{{Code: "DUPLICATES_DETECTED", Message: r.Message, Duplicates: d}}
		}
	}
	return nil
}

func (c *change) matches(r DuplicateRule) *Duplicates {
	found := c.Org.Object(r.Against)
	d := &Duplicates{Rule: r, Object: c.object, Found: found}
	first := c.get(r.Fields[0])
	if first.IsNull() {
		return d
	}
	key := found.Field(r.Fields[0])
	for _, row := range key.holders(first) {
		if found == c.object && row == c.row {
			continue
		}
		same := func(name string) bool {
			a, b := c.get(name), found.Value(row, found.Field(name))
			return !a.IsNull() && !b.IsNull() && strings.EqualFold(a.String(), b.String())
		}
		others := !slices.ContainsFunc(r.Fields[1:], func(name string) bool { return !same(name) })
		if others && len(d.IDs) < maxMatches {
			d.IDs = append(d.IDs, found.ids[row])
		}
	}
	return d
}

// Shown is a record as a user sees it, by column, blanks left out: what an answer about duplicates tells of it.
func (org *Org) Shown(user ID, o *Object, id ID) map[string]string {
	out := map[string]string{}
	row, ok := o.row(id)
	if !ok {
		return out
	}
	for name, text := range o.texts(row) {
		if org.Visible(user, o.Field(name)) {
			out[name] = text
		}
	}
	return out
}
