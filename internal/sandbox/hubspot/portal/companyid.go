package portal

import "strconv"

// A contact's associatedcompanyid is its primary company: each follows the other.

// associationSource is who a change of associatedcompanyid comes from when the association came first.
var associationSource = Source{Type: "ASSOCIATIONS", ID: "AssociationsPropertyUpdates"}

// mirror writes a contact's primary company into its associatedcompanyid.
func (r *Relation) mirror(contact int64) {
	o := r.from
	p := o.byName["associatedcompanyid"]
	row, ok := o.table.get(contact)
	if p == nil || !ok || row.archived != 0 {
		return
	}
	value := ""
	if company := r.PrimaryOf(contact); company != 0 {
		value = strconv.FormatInt(company, 10)
	}
	if row.values.get(p.col) == value {
		return
	}
	if r.portal.AsItStands {
		row.values = row.values.with([]cell{{p.col, value}})
		o.store(row)
		return
	}
	o.automate(row, o.apply(staged{before: row, id: contact, changes: []cell{{p.col, value}}}, associationSource))
}

// follow makes the company that a contact's new version names its primary one. A cleared value ends the association that was primary;
// a company that is not there, in a record taken as it stands, is left alone.
func (o *Object) follow(r row, changes []cell) {
	p := o.byName["associatedcompanyid"]
	if o.Plural != "contacts" || p == nil {
		return
	}
	for _, c := range changes {
		if c.col != p.col {
			continue
		}
		companies := o.portal.Relation(o, o.portal.Object("companies"))
		company, _ := strconv.ParseInt(c.value, 10, 64)
		switch main := companies.PrimaryOf(r.id); {
		case company == main:
		case c.value == "":
			companies.Dissociate(r.id, main)
		default:
			_ = companies.Associate(r.id, company, companies.Primary()) // checked where an API wrote it
		}
	}
}

// isCompany says whether a value of associatedcompanyid names a live company.
func (p *Portal) isCompany(value string) bool {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return false
	}
	_, live := p.Object("companies").Get(id, false)
	return live
}

// unfollow clears what a restored contact says of a company that it is associated with no more.
func (o *Object) unfollow(id int64) {
	if o.Plural == "contacts" {
		o.portal.Relation(o, o.portal.Object("companies")).mirror(id)
	}
}
