package pipelines_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/salesforce"
)

// insert is a person making a record; one that a CRM refuses was not made.
func (w *entities) insert(system crm.System, object string, values map[string]string) string {
	sim := w.crms.Salesforce.Insert
	if system == crm.HubSpot {
		sim = w.crms.HubSpot.Insert
	}
	id, err := sim(object, values)
	w.acts = append(w.acts, fmt.Sprintf("  %s insert %s %s %s %v %v", w.now().Format("15:04"), system, object, id, values, err))
	if err == nil {
		w.human[crm.Record{Object: crm.Object{System: system, Name: object}, ID: id}] = true
	}
	return id
}

// pick is a live record of an object, "" when there is none.
func (w *entities) pick(system crm.System, object string) string {
	var ids []string
	records := w.crms.Salesforce.All(object)
	if system == crm.HubSpot {
		records = w.crms.HubSpot.All(object)
	}
	for _, r := range records {
		if r["IsConverted"] != "true" && !w.anchors[r["Id"]] && r["lastname"]+r["dealname"] != "Anchor" {
			ids = append(ids, r["Id"]+r["hs_object_id"])
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return ""
	}
	return ids[w.rng.IntN(len(ids))]
}

// side is which CRMs something new is put into: HubSpot, Salesforce, or both by hand.
func (w *entities) side() (hubspot, salesforce bool) {
	n := w.rng.IntN(3)
	return n != 1, n != 0
}

func (w *entities) makeCompany() {
	name := w.word("Tern")
	domain := strings.ToLower(name) + ".example"
	h, s := w.side()
	if h {
		w.insert(crm.HubSpot, "companies", map[string]string{"name": name, "domain": domain, "lifecyclestage": []string{"lead", "customer", "opportunity"}[w.rng.IntN(3)]})
	}
	if s {
		w.insert(crm.Salesforce, "Account", map[string]string{"Name": name, "Website": domain, "OwnerId": w.users[w.rng.IntN(2)]})
	}
}

func (w *entities) makePerson() {
	last := w.word("Lee")
	email := strings.ToLower(last) + "@mail.example.com"
	h, s := w.side()
	if h {
		id := w.insert(crm.HubSpot, "contacts", map[string]string{"email": email, "firstname": "Ann", "lastname": last, "lifecyclestage": "lead"})
		w.words["Ann"] = true
		if c := w.pick(crm.HubSpot, "companies"); c != "" && w.rng.IntN(2) == 0 {
			_ = w.crms.HubSpot.Associate("contacts", id, "companies", c, "")
		}
	}
	if !s {
		return
	}
	n := w.rng.IntN(4) // a Lead, a Contact, or both
	if n != 0 {
		w.insert(crm.Salesforce, "Lead", map[string]string{"Email": email, "FirstName": "Ann", "LastName": last, "Company": "Tern", "Status": "Open - Not Contacted", "OwnerId": w.users[0]})
	}
	if n == 0 || n == 3 {
		w.insert(crm.Salesforce, "Contact", map[string]string{"Email": email, "FirstName": "Ann", "LastName": last, "AccountId": w.pick(crm.Salesforce, "Account"), "OwnerId": w.users[1]})
	}
}

func (w *entities) makeDeal() {
	name := w.word("Order")
	if h, s := w.side(); s || !h {
		w.insert(crm.Salesforce, "Opportunity", map[string]string{"Name": name, "StageName": "Prospecting", "CloseDate": "2026-12-31", "Amount": "1000", "AccountId": w.pick(crm.Salesforce, "Account"), "OwnerId": w.users[0]})
		return
	}
	id := w.insert(crm.HubSpot, "deals", map[string]string{"dealname": name, "pipeline": "default", "dealstage": "appointmentscheduled", "closedate": "2026-12-31T00:00:00Z", "amount": "500"})
	if c := w.pick(crm.HubSpot, "companies"); c != "" {
		_ = w.crms.HubSpot.Associate("deals", id, "companies", c, "")
	}
}

func (w *entities) makeSubscription() {
	name := w.word("SUB")
	h, s := w.side()
	if h {
		id := w.insert(crm.HubSpot, "p_subscription", map[string]string{"name": name, "plan": "gold", "seats": "5"})
		if c := w.pick(crm.HubSpot, "companies"); c != "" {
			_ = w.crms.HubSpot.Associate("p_subscription", id, "companies", c, "")
		}
	}
	if s {
		w.insert(crm.Salesforce, "Subscription__c", map[string]string{"Name": name, "Plan__c": "Gold", "Seats__c": "5", "Account__c": w.pick(crm.Salesforce, "Account")})
	}
}

// makeActivity is a task in one CRM, a note in HubSpot or an event in Salesforce, about a person or nobody.
func (w *entities) makeActivity() {
	subject := w.word("Talk")
	hubspot := map[string]map[string]string{
		"tasks": {"hs_task_subject": subject, "hs_task_status": "NOT_STARTED", "hs_task_priority": "LOW", "hs_timestamp": "2026-03-09T15:30:00Z"},
		"notes": {"hs_note_body": subject, "hs_timestamp": "2026-03-01T11:00:00Z"},
	}
	salesforce := map[string]map[string]string{
		"Task":  {"Subject": subject, "Status": "Not Started", "Priority": "Normal", "ActivityDate": "2026-03-09", "OwnerId": w.users[0]},
		"Event": {"Subject": subject, "StartDateTime": "2026-03-06T09:00:00Z", "EndDateTime": "2026-03-06T10:30:00Z", "DurationInMinutes": "90", "OwnerId": w.users[1]},
	}
	if w.rng.IntN(2) == 0 {
		object := []string{"tasks", "notes"}[w.rng.IntN(2)]
		id := w.insert(crm.HubSpot, object, hubspot[object])
		if c := w.pick(crm.HubSpot, "contacts"); c != "" && w.rng.IntN(4) > 0 {
			_ = w.crms.HubSpot.Associate(object, id, "contacts", c, "")
		}
		return
	}
	object := []string{"Task", "Event"}[w.rng.IntN(2)]
	if who := w.pick(crm.Salesforce, []string{"Contact", "Lead"}[w.rng.IntN(2)]); who != "" && w.rng.IntN(4) > 0 {
		salesforce[object]["WhoId"] = who
	}
	w.insert(crm.Salesforce, object, salesforce[object])
}

// act is one thing that one person does.
func (w *entities) act() {
	switch w.rng.IntN(28) {
	case 0:
		w.makeCompany()
	case 1:
		w.makePerson()
	case 2:
		w.makeDeal()
	case 3:
		w.makeSubscription()
	case 7:
		w.makeActivity()
	case 8, 9:
		w.role()
	case 10, 11:
		w.member()
	case 4:
		w.convert()
	case 5:
		w.merge()
	case 6:
		w.remove()
	default:
		w.edit()
	}
}

func (w *entities) did(format string, args ...any) {
	w.acts = append(w.acts, "  "+w.now().Format("15:04")+" "+fmt.Sprintf(format, args...))
}

func (w *entities) convert() {
	lead := w.pick(crm.Salesforce, "Lead")
	if lead == "" {
		return
	}
	c := salesforce.Conversion{Lead: lead}
	if w.rng.IntN(2) == 0 {
		c.Opportunity = w.word("Order")
	}
	if w.rng.IntN(2) == 0 {
		c.Account = w.pick(crm.Salesforce, "Account")
	}
	made, err := w.crms.Salesforce.ConvertLead(c)
	w.did("convert %+v: %+v %v", c, made, err)
	if err != nil {
		return
	}
	for key, v := range maps.Clone(w.typed) { // what was typed into the Lead is the Contact's
		if column, ok := strings.CutPrefix(key, fmt.Sprintf("%s Lead %s ", crm.Salesforce, lead)); ok {
			w.typed[fmt.Sprintf("%s Contact %s %s", crm.Salesforce, made.Contact, column)] = v
		}
	}
	for object, id := range map[string]string{"Contact": made.Contact, "Account": made.Account, "Opportunity": made.Opportunity} {
		if id != "" {
			w.human[crm.Record{Object: crm.Object{System: crm.Salesforce, Name: object}, ID: id}] = true
		}
	}
}

func (w *entities) merge() {
	where := []crm.Object{{System: crm.HubSpot, Name: "contacts"}, {System: crm.HubSpot, Name: "companies"}, {System: crm.Salesforce, Name: "Contact"}, {System: crm.Salesforce, Name: "Account"}}[w.rng.IntN(4)]
	a, b := w.pick(where.System, where.Name), w.pick(where.System, where.Name)
	if a == "" || a == b {
		return
	}
	var err error
	left := a
	if where.System == crm.HubSpot {
		left, err = w.crms.HubSpot.Merge(where.Name, a, b)
	} else {
		err = w.crms.Salesforce.Merge(where.Name, a, b)
	}
	w.did("merge %s %s and %s: %s %v", where, a, b, left, err)
	for _, id := range []string{a, b, left} {
		w.mixed[crm.Record{Object: where, ID: id}] = true
	}
}

func (w *entities) remove() {
	where := []crm.Object{{System: crm.HubSpot, Name: "contacts"}, {System: crm.Salesforce, Name: "Contact"}, {System: crm.Salesforce, Name: "Lead"}, {System: crm.HubSpot, Name: "companies"}, {System: crm.Salesforce, Name: "Opportunity"}}[w.rng.IntN(5)]
	id := w.pick(where.System, where.Name)
	if id == "" {
		return
	}
	sim := w.crms.Salesforce.Delete
	if where.System == crm.HubSpot {
		sim = w.crms.HubSpot.Delete
	}
	w.did("delete %s %s %v", where, id, sim(where.Name, id))
	w.mixed[crm.Record{Object: where, ID: id}] = true
}

// same is a field that both sides have as one column.
type same struct {
	entity, hubspotObject, hubspot string
	salesforce                     map[string]string // column by object
	refers                         string            // company, whose id it is, or one of means
	oneWay                         bool              // from Salesforce, unless deals are two-way
}

var sames = []same{
	{"company", "companies", "phone", map[string]string{"Account": "Phone"}, "", false},
	{"company", "companies", "hubspot_owner_id", map[string]string{"Account": "OwnerId"}, "owner", false},
	{"company", "companies", "description", map[string]string{"Account": "Description"}, "", false},
	{"contact", "contacts", "phone", map[string]string{"Contact": "Phone", "Lead": "Phone"}, "", false},
	{"contact", "contacts", "jobtitle", map[string]string{"Contact": "Title", "Lead": "Title"}, "", false},
	{"contact", "contacts", "hubspot_owner_id", map[string]string{"Contact": "OwnerId", "Lead": "OwnerId"}, "owner", false},
	{"contact", "contacts", "associatedcompanyid", map[string]string{"Contact": "AccountId"}, "company", false},
	{"deal", "deals", "description", map[string]string{"Opportunity": "Description"}, "", true},
	{"deal", "deals", "hs_next_step", map[string]string{"Opportunity": "NextStep"}, "", true},
	{"deal", "deals", "associated_company_id", map[string]string{"Opportunity": "AccountId"}, "company", true},
	{"task", "tasks", "hs_task_priority", map[string]string{"Task": "Priority"}, "priority", false},
	{"subscription", "p_subscription", "starts_on", map[string]string{"Subscription__c": "Starts_On__c"}, "", false},
	{"subscription", "p_subscription", "associated_company_id", map[string]string{"Subscription__c": "Account__c"}, "company", false},
}

// edit is one person's hand on one field of one record.
func (w *entities) edit() {
	f := sames[w.rng.IntN(len(sames))]
	value := w.word(f.hubspot[:2])
	if f.hubspot == "starts_on" {
		value = time.Date(2026, 1, 1+w.serial, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	object, column, system := f.hubspotObject, f.hubspot, crm.HubSpot
	if w.rng.IntN(2) == 0 {
		system = crm.Salesforce
		object = slices.Sorted(maps.Keys(f.salesforce))[w.rng.IntN(len(f.salesforce))]
		column = f.salesforce[object]
	}
	id := w.pick(system, object)
	if id == "" {
		return
	}
	var err error
	switch {
	case w.means[f.refers] != nil:
		words := slices.Sorted(maps.Keys(w.means[f.refers]))
		value = words[w.rng.IntN(len(words))]
		if system == crm.Salesforce {
			value = w.means[f.refers][value]
			err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
		} else {
			err = w.crms.HubSpot.Edit(object, id, map[string]string{column: value})
		}
	case f.refers != "" && system == crm.HubSpot:
		if value = w.pick(system, "companies"); value == "" {
			return
		}
		label := "primary"
		if object == "p_subscription" { // its one company
			label = ""
			for _, a := range w.crms.HubSpot.Associations(object, id, "companies") {
				err = errors.Join(err, w.crms.HubSpot.Dissociate(object, id, "companies", a.ID))
			}
		}
		err = errors.Join(err, w.crms.HubSpot.Associate(object, id, "companies", value, label))
	case f.refers != "":
		if value = w.pick(system, "Account"); value == "" {
			return
		}
		err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
	case system == crm.HubSpot:
		err = w.crms.HubSpot.Edit(object, id, map[string]string{column: value})
	default:
		err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
	}
	w.did("edit %s %s %s %s=%q %v", system, object, id, column, value, err)
	if err == nil {
		w.typed[fmt.Sprintf("%s %s %s %s", system, object, id, column)] = value
	}
}
