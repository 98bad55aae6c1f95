package hubspot

import (
	"context"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Associations between two objects are records of an object of their own, deals_to_contacts, with three columns: the
// ids of both and the labels, joined by semicolons. So what belongs to a set is made, changed and taken away like any
// record. lists_to_contacts are the members of lists.

// AssociationRecordColumns are the columns of such an object, with the labels that the portal has.
func AssociationRecordColumns(types []AssociationType) []crm.Column {
	labels := crm.Column{Name: "labels", Label: "Labels", Type: "enumeration", FieldType: "checkbox", Createable: true, Updateable: true}
	for _, t := range types {
		if t.Label != "" {
			labels.Options = append(labels.Options, crm.Option{Value: t.Label, Label: t.Label, Active: true})
		}
	}
	return []crm.Column{
		{Name: "from_id", Label: "From", Type: "string", Createable: true, Required: true},
		{Name: "to_id", Label: "To", Type: "string", Createable: true, Required: true},
		labels,
	}
}

// AssociationID is the id of the record for two associated ones.
func AssociationID(from, to string) string { return from + ":" + to }

// Ends are the two records that such an id names.
func Ends(id string) Pair {
	from, to, _ := strings.Cut(id, ":")
	return Pair{from, to}
}

// Labels are the labels of an association, each once and in order, joined by semicolons; empty for none.
func (a Association) Labels() string {
	var all []string
	for _, t := range a.Types {
		if t.Label != "" {
			all = append(all, t.Label)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ";")
}

// Living tells which of an object's records are there: not archived, merged away or gone.
func (c *Client) Living(ctx context.Context, object string, ids []string) (map[string]bool, error) {
	all := map[string]bool{}
	for chunk := range slices.Chunk(ids, MaxRows) {
		page, err := c.BatchRead(ctx, object, ReadQuery{IDs: chunk})
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			all[r.ID] = true
		}
	}
	return all, nil
}
