package hubspot

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// A record's main association with another object is a column of the record: deals.associated_company_id is the
// deal's primary company, else its oldest one. So SQL reads and writes it like any other reference.

// associable are the objects that association columns lead to, by the word in the column's name.
var associable = []struct{ word, object, label string }{
	{"contact", "contacts", "Contact"}, {"company", "companies", "Company"}, {"deal", "deals", "Deal"}, {"ticket", "tickets", "Ticket"},
}

// primaryType is the type that makes an association a record's main one, by both objects ("Associate records",
// association type ids); other associations have no main one, and the default type is used.
var primaryType = map[[2]string]int{
	{"contacts", "companies"}: 1, {"deals", "companies"}: 5, {"tickets", "companies"}: 26, {"leads", "companies"}: 580, {"leads", "contacts"}: 578,
}

// AssociationColumns are the association columns of an object.
func AssociationColumns(object string) []crm.Column {
	var all []crm.Column
	for _, a := range associable {
		if a.object != object {
			all = append(all, crm.Column{
				Name: "associated_" + a.word + "_id", Label: a.label, Type: "association", Createable: true, Updateable: true, RefersTo: []string{a.object},
			})
		}
	}
	return all
}

// toCustom is an association column that leads to a custom object, by any name of it: associated_p_subscription_id.
var toCustom = regexp.MustCompile(`^associated_(p[0-9]*_[a-z0-9_]+|2-[0-9]+)_id$`)

// CustomAssociation is the association column of that name where it leads to a custom object. Metadata does not list
// these: they are there for whoever names them.
func CustomAssociation(column string) (crm.Column, bool) {
	found := toCustom.FindStringSubmatch(column)
	if found == nil {
		return crm.Column{}, false
	}
	return crm.Column{Name: column, Label: found[1], Type: "association", Createable: true, Updateable: true, RefersTo: found[1:]}, true
}

// AssociationTarget is the object that an association column leads to; false for any other column.
func AssociationTarget(column string) (object string, ok bool) {
	for _, a := range associable {
		if column == "associated_"+a.word+"_id" {
			return a.object, true
		}
	}
	if c, ok := CustomAssociation(column); ok {
		return c.RefersTo[0], true
	}
	return "", false
}

// AssociationValues reads an association column of records; those without an association have no entry.
func (c *Client) AssociationValues(ctx context.Context, object, column string, ids []string) (map[string]string, error) {
	to, _ := AssociationTarget(column)
	all, err := c.Associations(ctx, object, to, ids)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for id, ends := range all {
		values[id] = mainOf(ends)
	}
	return values, nil
}

// mainOf is the primary one of a record's associations, else the oldest record's.
func mainOf(ends []Association) string {
	best := slices.MinFunc(ends, func(a, b Association) int {
		if a.Primary() != b.Primary() {
			if a.Primary() {
				return -1
			}
			return 1
		}
		return byNumber(a.ID, b.ID)
	})
	return best.ID
}

// byNumber compares ids as the numbers they are.
func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// SetAssociations writes an association column of records: the association with the new value is made the main one,
// and the one that was it is taken away; an empty value takes that one away and makes none. Refused are the records
// whose new association HubSpot turned down: theirs stay as they were.
func (c *Client) SetAssociations(ctx context.Context, object, column string, values map[string]string) (refused map[string]*Refusal, err error) {
	to, _ := AssociationTarget(column)
	var ids []string
	for id := range values {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	was, err := c.AssociationValues(ctx, object, column, ids)
	if err != nil {
		return nil, err
	}
	var made, gone []Pair
	for _, id := range ids {
		if now := values[id]; now != "" && now != was[id] {
			made = append(made, Pair{id, now})
		}
	}
	if refused, err = c.associateEach(ctx, object, to, made); err != nil {
		return refused, err
	}
	for _, id := range ids {
		if was[id] != "" && was[id] != values[id] && refused[id] == nil {
			gone = append(gone, Pair{id, was[id]})
		}
	}
	return refused, c.Dissociate(ctx, object, to, gone)
}

// associateEach associates pairs in one batch. Where HubSpot refuses one it does not say which: then they go again
// one by one, which does no harm to those that stand.
func (c *Client) associateEach(ctx context.Context, object, to string, pairs []Pair) (map[string]*Refusal, error) {
	typeID := primaryType[[2]string{object, to}]
	err := c.Associate(ctx, object, to, typeID, pairs)
	var r *Refusal
	if !errors.As(err, &r) {
		return nil, err
	}
	refused := map[string]*Refusal{}
	for _, p := range pairs {
		var r *Refusal
		switch err := c.Associate(ctx, object, to, typeID, []Pair{p}); {
		case errors.As(err, &r):
			refused[p.From] = r
		case err != nil:
			return refused, err
		}
	}
	return refused, nil
}
