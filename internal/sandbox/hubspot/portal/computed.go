package portal

import (
	"fmt"
	"strings"
)

// computed gives the values that rows do not store as text, nil for all others.
func (o *Object) computed(name string) func(Record) string {
	switch name {
	case "hs_object_id":
		return func(r Record) string { return fmt.Sprint(r.row.id) }
	case "createdate", "hs_createdate":
		return func(r Record) string { return Instant(r.row.created) }
	case "lastmodifieddate", "hs_lastmodifieddate":
		return func(r Record) string { return Instant(r.row.modified) }
	case "hs_object_source", "hs_object_source_label":
		return func(r Record) string { return r.Source().Type }
	case "hs_object_source_id":
		return func(r Record) string { return r.Source().ID }
	case "hs_object_source_user_id", "hs_created_by_user_id":
		return func(r Record) string { return optionalID(r.Source().UserID) }
	case "hs_all_owner_ids", "hs_user_ids_of_all_owners", "hubspot_team_id", "hs_all_team_ids":
		return o.ownerComputed(name)
	}
	if counted := o.relatedComputed(name); counted != nil {
		return counted
	}
	switch {
	case o.Plural == "contacts":
		return o.contactComputed(name)
	case o.IsLifecycle() && name == "hs_pipeline":
		return func(Record) string { return o.Plural + "-lifecycle-pipeline" }
	case o.Plural == "deals":
		return o.dealComputed(name)
	case o.Plural == "tickets":
		return o.ticketComputed(name)
	case o.Plural == "line_items":
		return o.lineItemComputed(name)
	case o.Plural == "users" && name == "hs_searchable_calculated_name":
		return func(r Record) string {
			return strings.TrimSpace(r.stored("hs_given_name") + " " + r.stored("hs_family_name"))
		}
	case o.kind.isActivity():
		return o.activityComputed(name)
	}
	return nil
}

// counted are the properties that tell how many records of an object a record is associated with, or which one is its main one.
var counted = map[string]struct {
	of      string
	primary bool
}{
	"num_associated_contacts": {"contacts", false}, "num_associated_deals": {"deals", false}, "hs_num_associated_companies": {"companies", false},
	"hs_primary_associated_company": {"companies", true}, "hs_primary_contact_id": {"contacts", true}, "hs_primary_company_id": {"companies", true},
}

// relatedComputed gives what follows from associations; none at all is no value.
func (o *Object) relatedComputed(name string) func(Record) string {
	what, is := counted[name]
	if !is {
		return nil
	}
	return func(r Record) string {
		to := o.portal.named(what.of)
		if to.byName == nil {
			return "" // an object nobody asked for has no records
		}
		relation := o.portal.Relation(o, to)
		switch {
		case relation == nil:
			return ""
		case what.primary:
			return optionalID(relation.PrimaryOf(r.row.id))
		}
		return optionalID(int64(len(relation.Of(r.row.id))))
	}
}

// contactComputed gives the constants and identities of contacts.
func (o *Object) contactComputed(name string) func(Record) string {
	switch name {
	case "hs_pipeline":
		return func(Record) string { return o.Plural + "-lifecycle-pipeline" }
	case "hs_all_contact_vids":
		return mergedVids
	case "hs_is_contact", "hs_is_unworked":
		return func(Record) string { return "true" }
	case "hs_full_name_or_email":
		return func(r Record) string {
			if name := strings.TrimSpace(r.stored("firstname") + " " + r.stored("lastname")); name != "" {
				return name
			}
			return r.stored("email")
		}
	case "hs_email_domain":
		return func(r Record) string { _, domain, _ := strings.Cut(r.stored("email"), "@"); return domain }
	}
	return nil
}
