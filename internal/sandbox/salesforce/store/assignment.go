package store

import (
	"fmt"
	"strconv"
)

// What Tx.Assign may be beside the id of a rule.
const (
	AssignActive = ""      // the object's active rule runs, as it does when a request says nothing
	AssignNone   = "FALSE" // none does
)

// AssignmentRule gives saved records their owner: the first entry whose condition holds names it. A record
// that no entry wants keeps its owner.
type AssignmentRule struct {
	Name    string
	Active  bool // runs when a request names no rule; an object has one active rule
	Entries []AssignmentEntry

	id ID
}

// AssignmentEntry is one line of an assignment rule.
type AssignmentEntry struct {
	When  func(record map[string]string) bool // nil: always
	Owner string                              // id of a User or a queue
}

// DefineAssignmentRule adds a rule to an object whose records can be handed over, and makes it a record of
// AssignmentRule. Making one active ends the one that was.
func (org *Org) DefineAssignmentRule(o *Object, r AssignmentRule) (ID, error) {
	if o.Field("OwnerId") == nil {
		return ID{}, fmt.Errorf("%s has no owner to assign", o.Name)
	}
	for _, e := range r.Entries {
		id, _ := ParseID(e.Owner)
		if owner, row, found := org.find(id); !found || owner.state[row] != live || owner.Name != "User" && owner.Name != "Group" {
			return ID{}, fmt.Errorf("assignment rule %s: there is no user or queue %q", r.Name, e.Owner)
		}
	}
	table := org.Object("AssignmentRule")
	if r.Active {
		for _, other := range org.assignments[o] {
			if other.Active {
				other.Active = false
				_, row, _ := org.find(other.id)
				table.set(row, table.Field("Active"), boolValue(false))
			}
		}
	}
	id, err := org.Insert("AssignmentRule", map[string]string{"Name": r.Name, "SobjectType": o.Name, "Active": strconv.FormatBool(r.Active)})
	if err != nil {
		return ID{}, err
	}
	r.id = id
	org.assignments[o] = append(org.assignments[o], &r)
	return id, nil
}

// AssignmentRuleOf tells whether an id is that of an assignment rule of an object.
func (org *Org) AssignmentRuleOf(o *Object, sent string) bool {
	id, ok := ParseID(sent)
	for _, r := range org.assignments[o] {
		if ok && r.id == id {
			return true
		}
	}
	return false
}

// assign runs the assignment rule that the request asks for.
func (c *change) assign() Errors {
	rules := c.Org.assignments[c.object]
	if c.Assign == AssignNone || c.system || len(rules) == 0 {
		return nil
	}
	wanted, _ := ParseID(c.Assign)
	for _, r := range rules {
		if c.Assign == AssignActive && !r.Active || c.Assign != AssignActive && r.id != wanted {
			continue
		}
		record := c.object.texts(c.row)
		for _, e := range r.Entries {
			if e.When == nil || e.When(record) {
				owner, _ := ParseID(e.Owner)
				c.set(c.object, c.row, c.object.Field("OwnerId"), refValue(owner))
				return nil
			}
		}
		return nil
	}
	return nil
}

// AssignmentRuleKnown tells whether an id is that of an assignment rule of any object.
func (org *Org) AssignmentRuleKnown(sent string) bool {
	for o := range org.assignments {
		if org.AssignmentRuleOf(o, sent) {
			return true
		}
	}
	return false
}
