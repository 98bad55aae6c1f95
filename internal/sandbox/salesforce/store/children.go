package store

import (
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// childNames leads from a reference to its name on the other side, which the parent's describe lists under
// childRelationships. References that are not here have none, or one that the org's maker gave them.
var childNames = map[string]string{
	"Account.ParentId": "ChildAccounts", "Campaign.ParentId": "ChildCampaigns", "CampaignMember.CampaignId": "CampaignMembers",
	"CampaignMember.ContactId": "CampaignMembers", "CampaignMember.LeadId": "CampaignMembers", "CampaignMemberStatus.CampaignId": "CampaignMemberStatuses",
	"Case.AccountId": "Cases", "Case.ContactId": "Cases", "Contact.AccountId": "Contacts", "Event.WhatId": "Events", "Event.WhoId": "Events",
	"FieldPermissions.ParentId": "FieldPerms", "Opportunity.AccountId": "Opportunities", "Opportunity.CampaignId": "Opportunities",
	"OpportunityContactRole.ContactId": "OpportunityContactRoles", "OpportunityContactRole.OpportunityId": "OpportunityContactRoles",
	"PermissionSetAssignment.AssigneeId": "PermissionSetAssignments", "PermissionSetAssignment.PermissionSetId": "Assignments",
	"Task.WhatId": "Tasks", "Task.WhoId": "Tasks", "User.ManagerId": "ManagedUsers", "User.ProfileId": "Users",
}

// Child is a relationship from the parent's side.
type Child struct {
	Object *Object
	Field  *Field // of Object: the reference to the parent
	Name   string // "" when queries cannot go this way
}

// Children lists the relationships that lead to an object, by child object and field.
func (org *Org) Children(o *Object, user ID) []Child {
	var out []Child
	for _, other := range org.Objects() {
		if other.Tooling || !org.Seen(user, other) {
			continue
		}
		for _, f := range other.Fields {
			if f.Type == "reference" && slices.Contains(f.RefersTo, o.Name) && org.Visible(user, f) {
				name := childNames[other.Name+"."+f.Name]
				if f.ChildName != "" {
					name = f.ChildName
				}
				out = append(out, Child{other, f, name})
			}
		}
	}
	return out
}

// ChildNamed finds a relationship by its name on the parent's side, in any case.
func (org *Org) ChildNamed(o *Object, user ID, name string) (Child, bool) {
	for _, c := range org.Children(o, user) {
		if c.Name != "" && strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Child{}, false
}

// childSet is what a child subquery found, by parent.
type childSet struct {
	binder *binder
	field  *Field // of the child: the reference to the parent
	keys   []sortKey
	keep   filter
	result *Result // shape and columns; its rows are those of no parent
	rows   map[ID][]int32
}

// child binds a subquery of the SELECT list.
func (b *binder) child(item soql.Item) (*childSet, string, *soql.Error) {
	sub := item.Sub
	c, found := b.org.ChildNamed(b.object, b.user, sub.From)
	if !found {
		return nil, "", b.q.Invalid("INVALID_TYPE", sub.FromAt, "Didn't understand relationship '%s' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", sub.From)
	}
	if b.level++; b.level > maxHops {
		return nil, "", b.q.Malformed(sub.FromAt, "SOQL statements cannot query more than 5 levels of relationships")
	}
	inner := &binder{org: b.org, q: sub, object: c.Object, user: b.user, all: b.all, level: b.level}
	defer func() { b.level-- }()
	set := &childSet{binder: inner, field: c.Field, result: &Result{Object: c.Object, org: b.org}}
	if sub.Count {
		return nil, "", b.q.Malformed(sub.FromAt, "COUNT() is not supported in a sub-select")
	}
	aggregate, err := inner.selection(set.result)
	if err == nil && aggregate {
		err = b.q.Malformed(sub.FromAt, "Aggregate functions and GROUP BY are not supported in a sub-select")
	}
	if err == nil {
		set.keys, err = inner.orderKeys(false)
	}
	if err == nil {
		set.keep, err = inner.condition()
	}
	return set, c.Name, err
}

// fill finds the children of the parents' rows, and theirs in turn.
func (s *childSet) fill(parents *Object, rows []int32) {
	b, o := s.binder, s.binder.object
	wanted := make(map[ID]bool, len(rows))
	for _, row := range rows {
		wanted[parents.ids[row]] = true
	}
	s.rows = map[ID][]int32{}
	take := func(row int32) {
		if !o.shown(row, b.all) {
			return
		}
		if id := s.field.values.get(row).id; wanted[id] && s.keep(row) {
			s.rows[id] = append(s.rows[id], row)
		}
	}
	if s.field.index != nil && !b.all && len(rows) < o.live/4 {
		for id := range wanted {
			for _, row := range s.field.holders(refValue(id)) {
				take(row)
			}
		}
	} else {
		for _, row := range o.idOrder() {
			take(row)
		}
	}
	var all []int32
	for id, found := range s.rows {
		slices.SortFunc(found, func(x, y int32) int { return o.ids[x].Compare(o.ids[y]) })
		found = b.sort(found, s.keys)
		found = window(found, b.q.Offset, b.q.Limit)
		if s.rows[id] = found; len(found) == 0 {
			delete(s.rows, id)
		}
		all = append(all, found...)
	}
	for _, inner := range s.result.children {
		inner.fill(o, all)
	}
}

// of is the result for one parent; nil when it has no children.
func (s *childSet) of(parent ID) *Result {
	rows := s.rows[parent]
	if rows == nil {
		return nil
	}
	r := *s.result
	r.Rows, r.Total = rows, len(rows)
	return &r
}
