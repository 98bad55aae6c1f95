package hubspot

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// As recorded in 2026, but for the names; email as in a dump of a portal's definitions.
const recordedProperties = `{"results":[
{"updatedAt":"2026-02-26T21:21:01.773Z","createdAt":"2025-09-04T23:25:42.320Z","name":"age__c","label":"Age","type":"number","fieldType":"number","description":"..","groupName":"integrationcreatedproperties","options":[],"createdUserId":"76070032","updatedUserId":"76070032","displayOrder":-1,"calculated":false,"externalOptions":false,"archived":false,"hasUniqueValue":false,"hidden":false,"modificationMetadata":{"archivable":true,"readOnlyDefinition":false,"readOnlyValue":false},"formField":true,"dataSensitivity":"non_sensitive"},
{"name":"email","label":"Email","type":"string","fieldType":"text","groupName":"contactinformation","options":[],"hasUniqueValue":false,"hubspotDefined":true,"modificationMetadata":{"archivable":true,"readOnlyDefinition":true,"readOnlyValue":false}},
{"name":"salesforce_id","label":"Salesforce ID","type":"string","fieldType":"text","options":[],"hasUniqueValue":true},
{"name":"hs_lead_status","label":"Lead Status","type":"enumeration","fieldType":"radio","options":[{"label":"New","value":"NEW","displayOrder":0,"hidden":false},{"label":"Old","value":"OLD","displayOrder":1,"hidden":true}]},
{"name":"hubspot_owner_id","label":"Owner","type":"enumeration","fieldType":"select","options":[],"externalOptions":true,"referencedObjectType":"OWNER"},
{"name":"num_notes","label":"Notes","type":"number","fieldType":"number","calculated":true,"modificationMetadata":{"readOnlyValue":true}},
{"name":"opted","label":"Opted","type":"bool","fieldType":"booleancheckbox","options":[{"label":"Yes","value":"true","hidden":false},{"label":"No","value":"false","hidden":false}]}]}`

func TestProperties(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: recordedProperties})
	all, err := p.client(t).Properties(t.Context(), "contacts")
	if err != nil {
		t.Fatal(err)
	}
	var got []crm.Column
	for _, property := range all {
		got = append(got, property.Column("contacts"))
	}
	want := []crm.Column{
		{Name: "age__c", Label: "Age", Type: "number", FieldType: "number", Createable: true, Updateable: true},
		{Name: "email", Label: "Email", Type: "string", FieldType: "text", Length: 65_536, Createable: true, Updateable: true, Unique: true, ExternalID: true},
		{Name: "salesforce_id", Label: "Salesforce ID", Type: "string", FieldType: "text", Length: 65_536, Createable: true, Updateable: true, Unique: true, ExternalID: true},
		{Name: "hs_lead_status", Label: "Lead Status", Type: "enumeration", FieldType: "radio", Createable: true, Updateable: true, Restricted: true,
			Options: []crm.Option{{Value: "NEW", Label: "New", Active: true}, {Value: "OLD", Label: "Old"}}},
		{Name: "hubspot_owner_id", Label: "Owner", Type: "enumeration", FieldType: "select", Createable: true, Updateable: true, RefersTo: []string{"OWNER"}},
		{Name: "num_notes", Label: "Notes", Type: "number", FieldType: "number", Calculated: true},
		{Name: "opted", Label: "Opted", Type: "bool", FieldType: "booleancheckbox", Createable: true, Updateable: true, Restricted: true,
			Options: []crm.Option{{Value: "true", Label: "Yes", Active: true}, {Value: "false", Label: "No", Active: true}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if all[1].Column("companies").Unique {
		t.Error("a company's email property is taken for a unique one")
	}
	if r := p.requests()[0]; r.Method != "GET" || r.Path != "/crm/properties/2026-03/contacts" {
		t.Errorf("called %s %s", r.Method, r.Path)
	}
}

func TestCreateProperty(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 201, body: `{"name":"salesforce_id","label":"Salesforce ID","type":"string","fieldType":"text","groupName":"lockstep","options":[],"hasUniqueValue":true}`})
	made, err := p.client(t).CreateProperty(t.Context(), "contacts", Property{
		Name: "salesforce_id", Label: "Salesforce ID", Type: "string", FieldType: "text", GroupName: "lockstep", HasUniqueValue: true})
	if err != nil || !made.HasUniqueValue || made.Name != "salesforce_id" {
		t.Fatalf("got %+v, %v", made, err)
	}
	r := p.requests()[0]
	if r.Method != "POST" || r.Path != "/crm/properties/2026-03/contacts" {
		t.Errorf("called %s %s", r.Method, r.Path)
	}
	sameJSON(t, `{"name":"salesforce_id","label":"Salesforce ID","type":"string","fieldType":"text","groupName":"lockstep","options":[],"hasUniqueValue":true}`, r.Body)
}

func TestCreateWhatExists(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{status: 409, body: `{"status":"error","category":"OBJECT_ALREADY_EXISTS","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","message":"A property named 'age__c' already exists.","context":{"name":["age__c"]}}`},
		reply{status: 409, body: `{"status":"error","category":"CONFLICT","message":"exists"}`},
		reply{status: 400, body: `{"status":"error","category":"VALIDATION_ERROR","message":"name is not valid"}`})
	c := p.client(t)
	_, first := c.CreateProperty(t.Context(), "contacts", Property{Name: "age__c"})
	_, second := c.CreateGroup(t.Context(), "contacts", Group{Name: "lockstep"})
	_, third := c.CreateGroup(t.Context(), "contacts", Group{Name: "Lock Step"})
	for i, want := range []bool{true, true, false} {
		var refusal *Refusal
		if err := []error{first, second, third}[i]; !errors.As(err, &refusal) || refusal.Exists() != want {
			t.Errorf("call %d: got %v, want exists %t", i+1, err, want)
		}
	}
}

// A definition whose answer was lost is not sent again: HubSpot would refuse it as existing.
func TestCreatePropertyIsNotRepeated(t *testing.T) {
	t.Parallel()
	_, err := script(t, reply{status: 500, body: `{"status":"error"}`}).client(t).CreateProperty(t.Context(), "contacts", Property{Name: "a"})
	var e *wire.Error
	if !errors.As(err, &e) || !e.Uncertain {
		t.Errorf("got %v", err)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"results":[{"name":"contactinformation","label":"Contact information","displayOrder":0,"archived":false}]}`},
		reply{status: 201, body: `{"name":"lockstep","label":"Lockstep","displayOrder":-1,"archived":false}`})
	c := p.client(t)
	all, err := c.Groups(t.Context(), "contacts")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Group{{Name: "contactinformation", Label: "Contact information"}}, all); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := c.CreateGroup(t.Context(), "contacts", Group{Name: "lockstep", Label: "Lockstep", DisplayOrder: -1}); err != nil {
		t.Fatal(err)
	}
	r := p.requests()
	if r[0].Path != "/crm/properties/2026-03/contacts/groups" || r[1].Path != r[0].Path || r[1].Method != "POST" {
		t.Errorf("called %s, %s %s", r[0].Path, r[1].Method, r[1].Path)
	}
	sameJSON(t, `{"name":"lockstep","label":"Lockstep","displayOrder":-1}`, r[1].Body)
}
