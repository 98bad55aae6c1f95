package pipelines_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	hubspotsandbox "lockstep/internal/sandbox/hubspot"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
)

// unlike makes the answers that no rule of a simulator gives: the first of HubSpot's two new people is refused alone, after the two.
func (w *refusedWorld) unlike() {
	w.t.Helper()
	w.box.Faults.Clear()
	if err := w.box.Faults.Add(
		sandbox.Fault{System: crm.HubSpot, Path: "/batch/upsert", Kind: "400", Code: "ERRORS_AS_TEXT", Count: 2},
		sandbox.Fault{System: crm.Salesforce, Method: "PATCH", Path: "/composite/sobjects/Contact/", Kind: sandbox.Partial, Code: "MISSING_ARGUMENT", Field: "AccountId", Count: 1, Rows: []int{1}},
	); err != nil {
		w.t.Fatal(err)
	}
}

// deleteOne deletes the person who is to be gone, once the record has been verified.
func (w *refusedWorld) deleteOne(e sandbox.Event) {
	var err error
	switch {
	case e.System == crm.HubSpot && strings.HasSuffix(e.Path, "/batch/update"):
		w.gone[0].Do(func() { err = w.box.HubSpot.Delete("contacts", w.target["hubspot gone"]) })
	case e.System == crm.Salesforce && e.Answered && e.Method == http.MethodPost && strings.HasSuffix(e.Path, "/composite/sobjects/Contact"):
		w.gone[1].Do(func() { err = w.box.Salesforce.Delete("Contact", w.target["salesforce gone"]) })
	}
	if err != nil {
		w.t.Error(err)
	}
}

// everybody edits all people, and those who are to be created are there from now on.
func (w *refusedWorld) everybody(now, rest string) {
	w.t.Helper()
	w.find()
	for s, cases := range refusedBy {
		for _, c := range append(slices.Clone(cases), refusedCase{name: "ordinary"}, refusedCase{name: "gone"}) {
			w.person(s, c.name, c.name+" "+now, rest)
		}
	}
	w.box.Salesforce.Protect(w.target["salesforce protected"])
	w.unlike()
}

// person edits a person in the CRM that is not written, who is made if not there.
func (w *refusedWorld) person(written crm.System, name, nick, rest string) {
	w.t.Helper()
	key := string(written) + " " + name
	object, values, edit := "contacts", map[string]string{"nick": nick, "firstname": rest}, w.box.HubSpot.Edit
	if written == crm.HubSpot {
		object, values, edit = "Contact", map[string]string{"Nick__c": nick, "FirstName": rest, "LastName": "Lee"}, w.box.Salesforce.Edit
	}
	if w.source[key] == "" {
		w.source[key] = w.insert(written.Other(), object, values)
	} else if err := edit(object, w.source[key], values); err != nil {
		w.t.Fatal(err)
	}
}

// find learns the ids of the records that runs have created.
func (w *refusedWorld) find() {
	for _, r := range w.box.Salesforce.All("Contact") {
		for key, id := range w.source {
			if r["HubSpot_Id__c"] == id {
				w.target[key] = r["Id"]
			}
		}
	}
	for _, r := range w.box.HubSpot.All("contacts") {
		for key, id := range w.source {
			if r["salesforce_id"] == id {
				w.target[key] = r["hs_object_id"]
			}
		}
	}
}

// touch moves the stamp of every record that is written to.
func (w *refusedWorld) touch() {
	w.t.Helper()
	w.find()
	for key, id := range w.target {
		var err error
		switch {
		case strings.HasSuffix(key, " gone"):
		case strings.HasPrefix(key, "hubspot"):
			err = w.box.HubSpot.Edit("contacts", id, map[string]string{"website": "example.com"})
		default:
			err = w.box.Salesforce.Edit("Contact", id, map[string]string{"Description": "another"})
		}
		if err != nil {
			w.t.Fatalf("%s: %v", key, err)
		}
	}
}

func (w *refusedWorld) addColumns() {
	w.t.Helper()
	if err := w.box.Salesforce.DefineField("Contact", salesforcesandbox.CustomField{Name: "Later__c", Type: "Text", Length: 20}); err != nil {
		w.t.Fatal(err)
	}
	w.property(hubspot.Property{Name: "later", Type: "string", FieldType: "text"})
}

func (w *refusedWorld) property(p hubspot.Property) {
	w.t.Helper()
	p.Label, p.GroupName = p.Name, "contactinformation"
	if _, err := w.clients.HubSpot.CreateProperty(w.t.Context(), "contacts", p); err != nil {
		w.t.Fatal(err)
	}
}

func newRefusedWorld(t *testing.T) *refusedWorld {
	t.Helper()
	portal := hubspotsandbox.Options{Rules: hubspotsandbox.Rules{AdminRules: "always"}}
	w := &refusedWorld{source: map[string]string{}, target: map[string]string{}}
	w.small = newSmall(t, refusedSQL(), sandbox.Options{Portal: portal}, []string{"contacts"}, []string{"Contact"})
	w.o.Unchecked = true
	for _, f := range []salesforcesandbox.CustomField{
		{Name: "Nick__c", Type: "Text", Length: 40}, {Name: "Code__c", Type: "Text", Length: 20, Unique: true},
		{Name: "Level__c", Type: "Picklist", Restricted: true, Values: []salesforcesandbox.Option{{Value: "Gold"}}},
		{Name: "Twice__c", Type: "Text", Length: 80, Formula: "LastName", Compute: func(map[string]string) string { return "" }},
	} {
		if err := w.box.Salesforce.DefineField("Contact", f); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []hubspot.Property{
		{Name: "nick", Type: "string", FieldType: "text"}, {Name: "motto", Type: "string", FieldType: "text"}, {Name: "size", Type: "number", FieldType: "number"},
		{Name: "level", Type: "enumeration", FieldType: "select", Options: []hubspot.Option{{Label: "Gold", Value: "gold"}}},
		{Name: "code", Type: "string", FieldType: "text", HasUniqueValue: true},
	} {
		w.property(p)
	}
	if err := errors.Join(
		w.box.HubSpot.Require("contacts", hubspotsandbox.Requirement{Property: "jobtitle", Create: true}),
		w.box.Salesforce.Automate("Contact", func(_, after map[string]string) map[string]string {
			if after["Department"] == "Elsewhere" {
				return map[string]string{"Department": ""}
			}
			return nil
		}),
		w.box.Salesforce.Validate("Contact", func(_, after map[string]string) (string, string) {
			if after["Title"] == "Never" {
				return "nobody is called that", "Title"
			}
			return "", ""
		}),
		w.box.Salesforce.Trigger("Contact", "KeepContacts", func(_ salesforcesandbox.Event, _, after map[string]string) error {
			if after["Title"] == "Trigger" {
				return errors.New("the trigger says no")
			}
			return nil
		}),
	); err != nil {
		t.Fatal(err)
	}
	w.order(http.MethodPut, "/crm/property-validations/2026-03/contacts/motto/rule-type/ALPHANUMERIC", `{"ruleArguments": ["ALPHA_ONLY"]}`)
	w.insert(crm.Salesforce, "User", map[string]string{"Id": "005Kx000000000IIAQ", "Username": "gone@sales.example.com", "Email": "gone@sales.example.com", "LastName": "Gone", "IsActive": "false"})
	w.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "Lee", "FirstName": "Standing", "Code__c": "taken"})
	w.insert(crm.HubSpot, "contacts", map[string]string{"firstname": "Standing", "code": "taken"})
	for s, cases := range refusedBy {
		for _, c := range append(slices.Clone(cases), refusedCase{name: "ordinary"}, refusedCase{name: "gone"}) {
			if !c.created {
				w.person(s, c.name, c.name+" good", "Old")
			}
		}
	}
	return w
}
