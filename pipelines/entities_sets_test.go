package pipelines_test

import (
	"slices"
	"strings"
	"testing/fstest"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
)

// fair is the campaign and the list of a world that share their members.
type fair struct {
	list, campaign string
	direction      string // as in campaign_lists.csv
}

var roles = []string{"Decision Maker", "Influencer", "Evaluator"}

// sets makes a campaign and its list, and the labels that roles have. Members flow as the seed says.
func (w *entities) sets() {
	w.t.Helper()
	w.fair.direction = []string{"two_way", "hubspot_to_salesforce", "salesforce_to_hubspot"}[w.seed%3]
	var err error
	if w.fair.list, err = w.crms.HubSpot.CreateList(hubspot.ListDefinition{Object: "contacts", Name: "Fair"}); err != nil {
		w.t.Fatal(err)
	}
	if w.fair.campaign, err = w.crms.Salesforce.Insert("Campaign", map[string]string{"Name": "Fair"}); err != nil {
		w.t.Fatal(err)
	}
	// Somebody whom nobody touches: a full read that returns no record where there were some ends a run.
	anchor := func(object string, values map[string]string) string {
		id := w.insert(crm.Salesforce, object, values)
		w.anchors[id] = true
		return id
	}
	who := anchor("Contact", map[string]string{"LastName": "Anchor", "Email": "anchor@mail.example.com", "OwnerId": w.users[0]})
	deal := anchor("Opportunity", map[string]string{"Name": "Anchor", "StageName": "Prospecting", "CloseDate": "2026-12-31", "OwnerId": w.users[0]})
	anchor("OpportunityContactRole", map[string]string{"OpportunityId": deal, "ContactId": who, "Role": "Other"})
	anchor("CampaignMember", map[string]string{"CampaignId": anchor("Campaign", map[string]string{"Name": "Other"}), "ContactId": who})
	w.words["Anchor"] = true
	for _, label := range append([]string{"Primary", "Other"}, roles...) {
		if err := w.crms.HubSpot.LabelAssociations("deals", "contacts", label, ""); err != nil {
			w.t.Fatal(err)
		}
	}
}

// setsMapping ties list and campaign; roles flow both ways where deals do.
func (w *entities) setsMapping(files fstest.MapFS) {
	w.t.Helper()
	files["list/campaign_lists.csv"] = &fstest.MapFile{Data: []byte("hubspot_list,salesforce_campaign,direction,status\nFair,Fair," + w.fair.direction + ",\n")}
	if !w.both {
		return
	}
	fields := string(files["contact_role/fields.sql"].Data)
	for _, name := range []string{"deal", "contact", "labels"} {
		fields = w.replaced(fields, "('"+name+"', 'salesforce_to_hubspot'", "('"+name+"', 'two_way'")
	}
	files["contact_role/fields.sql"].Data = []byte(fields)
	create := string(files["contact_role/create.sql"].Data) + `
union all
select 'salesforce', case when deal is not null and contact is not null then 'OpportunityContactRole' end, object, id,
    case when deal is null then 'waits for its deal to be linked' when contact is null then 'waits for its contact to be linked' else 'not in Salesforce yet' end
from hubspot`
	files["contact_role/create.sql"].Data = []byte(create)
}

// role is somebody's hand on who has which role in a deal.
func (w *entities) role() {
	if w.rng.IntN(3) == 0 {
		deal, contact := w.pick(crm.HubSpot, "deals"), w.pick(crm.HubSpot, "contacts")
		if deal == "" || contact == "" {
			return
		}
		if there := w.crms.HubSpot.Associations("deals", deal, "contacts"); len(there) > 0 && w.rng.IntN(2) == 0 {
			contact = there[w.rng.IntN(len(there))].ID
			w.did("dissociate deal %s and contact %s: %v", deal, contact, w.crms.HubSpot.Dissociate("deals", deal, "contacts", contact))
			return
		}
		label := append(slices.Clone(roles), "")[w.rng.IntN(4)]
		w.did("associate deal %s and contact %s as %q: %v", deal, contact, label, w.crms.HubSpot.Associate("deals", deal, "contacts", contact, label))
		return
	}
	id := w.pick(crm.Salesforce, "OpportunityContactRole")
	switch n := w.rng.IntN(5); {
	case n == 0 && id != "":
		w.did("delete role %s: %v", id, w.crms.Salesforce.Delete("OpportunityContactRole", id))
	case n == 1 && id != "":
		role := roles[w.rng.IntN(3)]
		w.did("role %s is %s: %v", id, role, w.crms.Salesforce.Edit("OpportunityContactRole", id, map[string]string{"Role": role}))
	default:
		deal, contact := w.pick(crm.Salesforce, "Opportunity"), w.pick(crm.Salesforce, "Contact")
		if deal != "" && contact != "" {
			w.insert(crm.Salesforce, "OpportunityContactRole", map[string]string{"OpportunityId": deal, "ContactId": contact, "Role": roles[w.rng.IntN(3)]})
		}
	}
}

// member is somebody's hand on who is in the list or the campaign.
func (w *entities) member() {
	if w.rng.IntN(2) == 0 {
		if in := w.crms.HubSpot.ListMembers(w.fair.list); len(in) > 0 && w.rng.IntN(3) == 0 {
			id := in[w.rng.IntN(len(in))]
			w.did("contact %s leaves the list: %v", id, w.crms.HubSpot.RemoveFromList(w.fair.list, id))
		} else if id := w.pick(crm.HubSpot, "contacts"); id != "" {
			w.did("contact %s joins the list: %v", id, w.crms.HubSpot.AddToList(w.fair.list, id))
		}
		return
	}
	if id := w.pick(crm.Salesforce, "CampaignMember"); id != "" && w.rng.IntN(3) == 0 {
		w.did("member %s leaves the campaign: %v", id, w.crms.Salesforce.Delete("CampaignMember", id))
		return
	}
	who := []string{"Lead", "Contact"}[w.rng.IntN(2)]
	if id := w.pick(crm.Salesforce, who); id != "" {
		w.insert(crm.Salesforce, "CampaignMember", map[string]string{"CampaignId": w.fair.campaign, who + "Id": id})
	}
}

// checkSets holds both sets against each other, element by element: what stands on the side that decides stands on the
// other too, with the labels of its roles, or is listed with why; and nothing was written on a side that only decides.
func (w *entities) checkSets(partner map[crm.Record]crm.Record, states map[crm.Record]string, listed map[string]string, ask func(string) [][]string, bad func(string, ...any)) {
	w.t.Helper()
	at := func(s crm.System, object, id string) crm.Record {
		return crm.Record{Object: crm.Object{System: s, Name: object}, ID: id}
	}
	labels := map[string][]string{} // "deal:contact" as in HubSpot
	for _, deal := range w.crms.HubSpot.All("deals") {
		for _, a := range w.crms.HubSpot.Associations("deals", deal["hs_object_id"], "contacts") {
			labels[deal["hs_object_id"]+":"+a.ID] = append([]string{""}, a.Labels...)
		}
	}
	had := map[string]bool{}
	for _, r := range w.crms.Salesforce.All("OpportunityContactRole") {
		deal, contact := partner[at(crm.Salesforce, "Opportunity", r["OpportunityId"])], partner[at(crm.Salesforce, "Contact", r["ContactId"])]
		if deal.ID == "" || contact.ID == "" {
			continue // one of the two waits, which is listed with it
		}
		key := deal.ID + ":" + contact.ID
		had[key] = true
		if states[at(crm.Salesforce, "OpportunityContactRole", r["Id"])] == "half" && !w.both {
			continue // somebody took it away in HubSpot, and there it stays away
		}
		if why := listed[r["Id"]] + listed[key]; why == "" && (labels[key] == nil || r["Role"] != "" && !slices.Contains(labels[key], r["Role"])) {
			bad("role %s %s of %s is %q in HubSpot, and nothing says why", r["Id"], r["Role"], key, labels[key])
		}
	}
	for key := range labels {
		deal, contact, _ := strings.Cut(key, ":")
		contactThere := partner[at(crm.HubSpot, "contacts", contact)]
		if w.both && !had[key] && listed[key] == "" && partner[at(crm.HubSpot, "deals", deal)].ID != "" && contactThere.Object.Name == "Contact" {
			bad("contact %s at deal %s has no role in Salesforce, and nothing says why", contact, deal)
		}
	}
	if !w.both {
		for _, c := range ask(`select record_id, action from history.change where entity = 'contact_role' and system = 'salesforce' and outcome = 'taken' and action in ('create', 'update', 'delete')`) {
			bad("roles flow one way, and one was written in Salesforce: %v", c)
		}
	}

	inList := w.crms.HubSpot.ListMembers(w.fair.list)
	inCampaign := map[string]bool{} // by contact in HubSpot
	for _, m := range w.crms.Salesforce.All("CampaignMember") {
		if m["CampaignId"] != w.fair.campaign {
			continue
		}
		who := at(crm.Salesforce, "Contact", m["ContactId"])
		if who.ID == "" {
			who = at(crm.Salesforce, "Lead", m["LeadId"])
		}
		contact := partner[who].ID
		inCampaign[contact] = true
		if contact != "" && w.fair.direction != "hubspot_to_salesforce" && !slices.Contains(inList, contact) && listed[m["Id"]] == "" {
			bad("member %s, contact %s, is not in the list, and nothing says why", m["Id"], contact)
		}
	}
	for _, contact := range inList {
		key := w.fair.list + ":" + contact
		if partner[at(crm.HubSpot, "contacts", contact)].ID != "" && w.fair.direction != "salesforce_to_hubspot" && !inCampaign[contact] && listed[key] == "" {
			bad("contact %s of the list is not in the campaign, and nothing says why", contact)
		}
	}
	against := map[string]crm.System{"hubspot_to_salesforce": crm.HubSpot, "salesforce_to_hubspot": crm.Salesforce}[w.fair.direction]
	for _, c := range ask(`select record_id, action from history.change where entity = 'campaign_member' and outcome = 'taken' and action in ('create', 'update', 'delete') and system = '` + string(against) + `'`) {
		bad("members flow %s, and one was written: %v", w.fair.direction, c)
	}
}

// tied tells whether an element of a set in HubSpot is there.
func (w *entities) tied(r crm.Record) bool {
	from, to, _ := strings.Cut(r.ID, ":")
	if r.Object.Name == "lists_to_contacts" {
		return slices.Contains(w.crms.HubSpot.ListMembers(from), to)
	}
	return slices.ContainsFunc(w.crms.HubSpot.Associations("deals", from, "contacts"), func(a hubspot.Association) bool { return a.ID == to })
}
