package store

import "maps"

// change is one record about to be saved.
type change struct {
	*Tx
	object *Object
	row    int32            // -1 on a create, until it is stored
	sent   map[*Field]bool  // what the client set, apart from what follows from it
	next   map[*Field]Value // what is about to be stored
	create bool
	before map[string]string // the record as it was, when automation looks at it; nil on a create
}

// nature is what an object adds to the rules that all objects share. Each may be nil.
type nature struct {
	derive  func(c *change)                          // fills in what follows from other columns
	check   func(c *change) Errors                   // refuses, once every value is known
	stored  func(c *change) Errors                   // what a save brings about; c.row is the row
	leaving func(t *Tx, o *Object, row int32) Errors // refuses a deletion
}

func natureOf(object string) nature {
	switch object {
	case "Opportunity":
		return nature{derive: deriveOpportunity, stored: opportunityStored}
	case "OpportunityContactRole":
		return nature{stored: contactRoleStored}
	case "Task":
		return nature{derive: deriveTask, check: checkActivity}
	case "Event":
		return nature{derive: deriveEvent, check: checkEvent}
	case "Campaign":
		return nature{stored: campaignStored}
	case "CampaignMember":
		return nature{derive: deriveMember, check: checkMember}
	case "Case":
		return nature{derive: deriveCase}
	case "Lead":
		return nature{check: checkLead}
	case "Account":
		return nature{stored: accountStored, leaving: casesLeft}
	case "Contact":
		return nature{stored: contactStored, leaving: personLeaves}
	case "FieldPermissions", "ObjectPermissions", "PermissionSetAssignment":
		return nature{check: checkSetup, stored: setupStored}
	}
	return nature{}
}

// get is what a column will hold.
func (c *change) get(name string) Value {
	f := c.object.Field(name)
	if v, changed := c.next[f]; changed {
		return v
	}
	if c.row < 0 {
		return Value{}
	}
	return c.object.Value(c.row, f)
}

// put sets a column.
func (c *change) put(name string, v Value) { c.next[c.object.Field(name)] = v }

// gave tells whether the client set a column itself.
func (c *change) gave(name string) bool { return c.sent[c.object.Field(name)] }

// moves tells whether the save gives a column another value than it has; every column of a new record.
func (c *change) moves(name string) bool {
	f := c.object.Field(name)
	v, changed := c.next[f]
	return c.create || changed && v != c.object.Value(c.row, f)
}

// preview is the record after the save, as text. What a formula computes is left out of it.
func (c *change) preview() map[string]string {
	after := map[string]string{}
	maps.Copy(after, c.before)
	for f, v := range c.next {
		if v.IsNull() {
			delete(after, f.Name)
			continue
		}
		after[f.Name] = v.String()
	}
	return after
}
