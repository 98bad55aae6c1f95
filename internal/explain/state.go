package explain

import "slices"

// States are the words of Field.State, as report.drift has them for what differs.
var States = []string{
	"agreed",                // both say the same
	"due",                   // the newest plan sends it
	"asks",                  // a conflict that waits for a person
	"frozen",                // two automations fight over it
	"refused",               // the other CRM does not take it
	"waiting",               // a field it shares a column with waits
	"waits for a link",      // what it refers to is not linked
	"no translation",        // no crosswalk has the value
	"absent",                // a side's from file does not say it, or its column cannot be read
	"off",                   // fields.sql says so
	"one way",               // and the target differs
	"source is blank",       // and one way
	"blank kept",            // a blank overwrites nothing
	"same in translation",   // neither has moved since the two were in step
	"edited since the plan", // the next run decides it
	"not decided yet",       // there is no base on a side
	"out of scope",          // in_scope is false of one of the two
	"not linked",            // there is no partner, or the pair is not linked
}

// state is the first word that fits, and what it means here.
func (t *teller) state(f *Field, p planned, refused map[string]Refused) (string, string) {
	blank := func(v *string) bool { return v == nil || *v == "" }
	moved := func(v, base *string, of string) bool {
		if f.RefersTo != "" {
			return v != nil && base != nil && *v != *base && of != *base
		}
		return v != nil && base != nil && *v != *base
	}
	h, s := moved(f.HubSpot, f.HubSpotBase, f.hubspotPair), moved(f.Salesforce, f.SalesforceBase, f.salesforcePair)
	outOfScope := slices.ContainsFunc(t.story.Records, func(r Record) bool { return !r.InScope || r.Deleted || r.Missing })
	source := f.HubSpot
	if f.Direction == "salesforce_to_hubspot" {
		source = f.Salesforce
	}
	_, no := refused[f.Field]
	switch {
	case t.story.Pair.State != "linked":
		return "not linked", "the pair is " + t.story.Pair.State + ": nothing of it is compared"
	case p.frozen:
		return "frozen", p.reason
	case p.outcome == "ask":
		return "asks", p.reason
	case f.waits != "" && f.RefersTo != "":
		return "waits for a link", "waits for " + f.waits + " to be linked"
	case f.waits != "":
		return "no translation", "no translation for " + f.waits
	case f.Direction == "off":
		return "off", "fields.sql says off: it goes nowhere"
	case f.HubSpot == nil:
		return "absent", "hubspot does not say it, or its column cannot be read"
	case f.Salesforce == nil:
		return "absent", "salesforce does not say it, or its column cannot be read"
	case !f.unlike:
		return "agreed", "both say the same"
	case outOfScope:
		return "out of scope", "one of the two records is out of scope, deleted or cannot be seen: nothing is sent"
	case no:
		return "refused", refused[f.Field].Category + ": " + refused[f.Field].Words
	case p.outcome == "waiting":
		return "waiting", p.reason
	case p.outcome == "hubspot" || p.outcome == "salesforce":
		return "due", p.reason
	case f.HubSpotBase == nil || f.SalesforceBase == nil:
		return "not decided yet", "one side has no base yet: the next run decides it"
	case f.Direction != "two_way" && blank(source):
		return "source is blank", "it is " + f.Direction + ", and a blank source clears nothing"
	case f.Direction != "two_way" && !h && !s:
		return "one way", "it is " + f.Direction + ", and only what its source changes is sent"
	case !h && !s:
		return "same in translation", "neither has changed since the two were in step: one is the other in translation, or what differs was left alone"
	case t.blankKept(f) && (blank(f.HubSpot) || blank(f.Salesforce)):
		return "blank kept", "a blank overwrites nothing, and the other side has not changed"
	case f.Direction != "two_way":
		return "one way", "it is " + f.Direction + ": the target was edited, and only what its source changes is sent"
	}
	return "edited since the plan", "somebody edited it since the last plan: the next run decides it"
}

func (t *teller) blankKept(f *Field) bool {
	for _, r := range t.rules {
		if r.Name == f.Field {
			return r.Blank == "keep"
		}
	}
	return false
}
