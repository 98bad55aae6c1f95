package hubspot_test

import (
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

const properties = "/crm/v3/properties/contacts"

// definition is a property that can be made, with changes.
func definition(changes m) m {
	d := m{"name": "shoe_size", "label": "Shoe size", "type": "string", "fieldType": "text", "groupName": "contactinformation"}
	for k, v := range changes {
		if v == nil {
			delete(d, k)
		} else {
			d[k] = v
		}
	}
	return d
}

func TestDefaultProperties(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	all := w.call("GET", properties, nil).by("name")
	tests := []struct {
		name                         string
		kind, field                  string
		readOnly, calculated, unique bool
		options                      int
	}{
		{"email", "string", "text", false, false, false, 0},
		{"hs_additional_emails", "enumeration", "select", true, true, false, 0},
		{"lifecyclestage", "enumeration", "radio", false, false, false, 8},
		{"hs_lead_status", "enumeration", "radio", false, false, false, 8},
		{"hs_analytics_source", "enumeration", "select", false, false, false, 9},
		{"hs_analytics_source_data_1", "string", "text", true, false, false, 0},
		{"createdate", "datetime", "date", true, false, false, 0},
		{"lastmodifieddate", "datetime", "date", true, false, false, 0},
		{"hs_object_id", "number", "number", true, false, false, 0},
		{"hs_email_optout", "bool", "booleancheckbox", true, false, false, 2},
		{"hs_buying_role", "enumeration", "checkbox", false, false, false, 9},
		{"hs_searchable_calculated_phone_number", "phone_number", "phonenumber", true, true, false, 0},
		{"numemployees", "enumeration", "select", false, false, false, 7},
		{"annualrevenue", "string", "text", false, false, false, 0},
	}
	for _, tt := range tests {
		p := all[tt.name]
		if p == nil {
			t.Errorf("%s is missing", tt.name)
			continue
		}
		change := p["modificationMetadata"].(m)
		if p["type"] != tt.kind || p["fieldType"] != tt.field || change["readOnlyValue"] != tt.readOnly || p["calculated"] != tt.calculated ||
			p["hasUniqueValue"] != tt.unique || len(p["options"].(list)) != tt.options || p["hubspotDefined"] != true || p["archived"] != nil {
			t.Errorf("%s: %v", tt.name, p)
		}
	}
	w.call("GET", properties+"/hubspot_owner_id", nil).want(t, 200, m{"externalOptions": true, "referencedObjectType": "OWNER", "options": list{}})
	w.call("GET", properties+"/lifecyclestage", nil).want(t, 200, m{"options.1": m{"label": "Lead", "value": "lead", "description": "", "displayOrder": 1.0, "hidden": false}})
	w.call("GET", "/crm/properties/2026-03/companies/annualrevenue", nil).want(t, 200, m{"type": "number"})
	w.call("GET", properties+"?dataSensitivity=sensitive", nil).want(t, 200, m{"results": list{}})
	w.call("GET", properties+"?dataSensitivity=secret", nil).want(t, 400, nil)
	w.call("GET", properties+"/nope", nil).want(t, 404, m{"category": "OBJECT_NOT_FOUND"})
}

func TestCreateProperty(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	r := w.call("POST", "/crm/properties/2026-03/contacts", definition(m{
		"type": "enumeration", "fieldType": "select", "options": list{m{"label": "Small", "value": "S"}, m{"label": "Large", "value": "L", "hidden": true}},
	}))
	r.want(t, 201, m{
		"name": "shoe_size", "options.1": m{"label": "Large", "value": "L", "description": "", "displayOrder": 1.0, "hidden": true},
		"createdAt": "2026-11-21T10:00:00.250Z", "updatedAt": "2026-11-21T10:00:00.250Z", "archived": false, "hubspotDefined": absent, "displayOrder": -1, "dataSensitivity": "non_sensitive",
		"modificationMetadata": m{"archivable": true, "readOnlyDefinition": false, "readOnlyValue": false},
	})
	if got := r.header.Get("Location"); got != w.url+"/crm/properties/2026-03/contacts/shoe_size" {
		t.Errorf("Location %q", got)
	}
	w.call("GET", properties+"/shoe_size", nil).want(t, 200, m{"createdAt": "2026-11-21T10:00:00.250Z", "archived": false})
	id := w.create(m{"shoe_size": "L"})
	if got := w.get(id, "shoe_size")["shoe_size"]; got != "L" {
		t.Errorf("stored %v", got)
	}
	tests := []struct {
		name    string
		changes m
		status  int
		want    m
	}{
		{"name missing", m{"name": nil, "label": nil}, 400, m{"message": "Invalid input JSON on line 1, column 1. Some required fields were not set: [name, label]"}},
		{"name exists", nil, 409, m{"category": "OBJECT_ALREADY_EXISTS", "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS", "message": "A property named 'shoe_size' already exists."}},
		{"name's shape", m{"name": "Shoe Size"}, 400, nil},
		{"name starts with a digit", m{"name": "1st"}, 400, nil},
		{"type", m{"name": "x", "type": "text"}, 400, nil},
		{"field type", m{"name": "x", "type": "number", "fieldType": "text"}, 400, nil},
		{"group", m{"name": "x", "groupName": "nope"}, 400, nil},
		{"an option twice", m{"name": "x", "type": "enumeration", "fieldType": "select", "options": list{m{"label": "a", "value": "a"}, m{"label": "b", "value": "a"}}}, 400, nil},
		{"unknown member", m{"name": "x", "unique": true}, 400, nil},
	}
	for _, tt := range tests {
		r := w.call("POST", properties, definition(tt.changes))
		if r.status != tt.status {
			t.Errorf("%s: %d %s", tt.name, r.status, r.text)
			continue
		}
		r.want(t, tt.status, tt.want)
	}
	for i := range 11 {
		want := 201
		if i == 10 {
			want = 400
		}
		w.call("POST", properties, definition(m{"name": "key_" + string(rune('a'+i)), "hasUniqueValue": true})).want(t, want, nil)
	}
}

func TestChangeProperty(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.call("POST", properties, definition(m{"type": "enumeration", "fieldType": "select", "options": list{m{"label": "Small", "value": "S"}}})).want(t, 201, nil)
	w.call("PATCH", properties+"/shoe_size", m{"label": "Size", "options": list{m{"label": "Large", "value": "L"}}}).want(t, 200, m{
		"label": "Size", "options.0.value": "L", "options.1": absent,
	})
	w.call("PATCH", properties+"/shoe_size", m{"type": "string"}).want(t, 400, nil)
	w.call("PATCH", properties+"/hs_analytics_source", m{"options": list{}}).want(t, 400, nil)
	w.call("PATCH", properties+"/nope", m{"label": "x"}).want(t, 404, nil)
	id := w.create(m{"shoe_size": "L"})
	w.call("DELETE", properties+"/email", nil).want(t, 400, nil)
	w.call("DELETE", properties+"/shoe_size", nil).want(t, 204, nil)
	w.call("GET", properties+"/shoe_size", nil).want(t, 404, nil)
	w.call("GET", properties+"/shoe_size?archived=true", nil).want(t, 200, m{"archived": true})
	w.call("GET", properties+"?archived=true", nil).want(t, 200, m{"results.0.name": "shoe_size", "results.1": absent})
	if _, has := w.get(id, "shoe_size")["shoe_size"]; has {
		t.Error("an archived property is still read")
	}
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"shoe_size": "L"}}).want(t, 400, m{"errors.0.code": "PROPERTY_DOESNT_EXIST"})
}

func TestBatchProperties(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	r := w.call("POST", properties+"/batch/create", inputs(definition(nil), definition(m{"name": "email"}), definition(m{"name": "hat_size"})))
	r.want(t, 207, m{
		"numErrors": 1, "results.1.type": "string", "results.2": absent,
		"errors.0": m{
			"status": "error", "category": "OBJECT_ALREADY_EXISTS", "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS",
			"message": "A property named 'email' already exists.", "context": m{"name": list{"email"}},
		},
	})
	w.call("POST", properties+"/batch/create", inputs(definition(m{"name": "ring_size"}))).want(t, 201, m{"results.0.name": "ring_size", "errors": absent})
	w.call("POST", properties+"/batch/read", m{"archived": false, "inputs": list{m{"name": "hat_size"}, m{"name": "nope"}}}).want(t, 207, m{
		"results.0.name": "hat_size", "errors.0.category": "OBJECT_NOT_FOUND", "errors.0.context.name": list{"nope"},
	})
	w.call("POST", properties+"/batch/archive", inputs(m{"name": "hat_size"}, m{"name": "nope"})).want(t, 204, nil)
	w.call("GET", properties+"/hat_size", nil).want(t, 404, nil)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	groups := properties + "/groups"
	w.call("POST", groups, m{"name": "lockstep", "label": "Lockstep"}).want(t, 201, m{"name": "lockstep", "label": "Lockstep", "displayOrder": -1, "archived": false})
	w.call("POST", groups, m{"name": "lockstep", "label": "Lockstep"}).want(t, 409, m{"category": "OBJECT_ALREADY_EXISTS"})
	w.call("POST", groups, m{"name": "lockstep"}).want(t, 400, nil)
	w.call("POST", groups, m{"name": "Lock Step", "label": "x"}).want(t, 400, nil)
	w.call("PATCH", groups+"/lockstep", m{"label": "In step"}).want(t, 200, m{"label": "In step"})
	w.call("GET", groups+"/lockstep", nil).want(t, 200, m{"label": "In step"})
	w.call("POST", properties, definition(m{"groupName": "lockstep"})).want(t, 201, m{"groupName": "lockstep"})
	w.call("DELETE", groups+"/lockstep", nil).want(t, 400, nil)
	w.call("DELETE", properties+"/shoe_size", nil).want(t, 204, nil)
	w.call("DELETE", groups+"/lockstep", nil).want(t, 204, nil)
	w.call("GET", groups+"/lockstep", nil).want(t, 404, nil)
	if _, has := w.call("GET", groups, nil).by("name")["contactinformation"]; !has {
		t.Error("contactinformation is missing")
	}
}
