package crm

import "regexp"

// associations are the objects whose records are HubSpot's associations between two objects, deals_to_contacts, or
// memberships of its lists, lists_to_contacts. The name is the two objects'.
var associations = regexp.MustCompile(`^(contacts|companies|deals|tickets|lists|p[0-9]*_[a-z0-9_]+|2-[0-9]+)_to_(contacts|companies|deals|tickets|p[0-9]*_[a-z0-9_]+|2-[0-9]+)$`)

// Lists is the first of the two objects where the records are memberships.
const Lists = "lists"

// Associations are the two objects that the records of o associate; false for any other object. Each record is one
// pair of records: its id is from:to, its columns are from_id, to_id and labels, and it is there as long as the
// association is.
func (o Object) Associations() (from, to string, ok bool) {
	found := associations.FindStringSubmatch(o.Name)
	if o.System != HubSpot || found == nil {
		return "", "", false
	}
	return found[1], found[2], true
}
