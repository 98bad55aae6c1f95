package hubspot_test

import (
	"fmt"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

const schemas = "/crm-object-schemas/v3/schemas"

// car is the body that makes a custom object.
func car() m {
	return m{
		"name": "car", "labels": m{"singular": "Car", "plural": "Cars"}, "requiredProperties": list{"vin"}, "searchableProperties": list{"vin", "model"},
		"primaryDisplayProperty": "model", "secondaryDisplayProperties": list{"vin"}, "associatedObjects": list{"CONTACT"}, "description": "What people drive.",
		"properties": list{
			m{"name": "vin", "label": "VIN", "type": "string", "fieldType": "text", "hasUniqueValue": true},
			m{"name": "model", "label": "Model", "type": "string", "fieldType": "text", "searchableInGlobalSearch": true},
			m{"name": "colour", "label": "Colour", "type": "enumeration", "fieldType": "select", "options": list{m{"label": "Red", "value": "red"}}},
		},
	}
}

func TestCustomObjectLife(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.call("GET", schemas, nil).want(t, 200, m{"results": list{}})
	r := w.call("POST", schemas, car())
	id := r.at("objectTypeId").(string)
	r.want(t, 201, m{
		"name": "car", "fullyQualifiedName": "p12345678_car", "objectTypeId": id, "id": id[2:], "metaType": "PORTAL_SPECIFIC", "labels": m{"singular": "Car", "plural": "Cars"},
		"requiredProperties": list{"vin"}, "searchableProperties": list{"vin", "model"}, "primaryDisplayProperty": "model", "archived": false,
		"associations.0.fromObjectTypeId": id, "associations.0.toObjectTypeId": "0-1", "associations.0.name": "car_to_contact",
	})
	for _, path := range []string{"/crm/v3/schemas", "/crm-object-schemas/2026-03/schemas", schemas} {
		w.call("GET", path, nil).want(t, 200, m{"results.0.objectTypeId": id, "results.1": absent})
	}
	for _, name := range []string{id, "p12345678_car", "p_car", "car", "P12345678_CAR"} {
		w.call("GET", schemas+"/"+name, nil).want(t, 200, m{"objectTypeId": id})
		w.call("GET", "/crm/v3/objects/"+name, nil).want(t, 200, m{"results": list{}})
	}
	w.call("POST", schemas, car()).want(t, 409, m{"category": "OBJECT_ALREADY_EXISTS"})
	w.call("POST", schemas+"/batch/read", m{"inputs": list{id, "nope", "0-3"}}).want(t, 200, m{"results.0.name": "car", "results.1.objectTypeId": "0-3", "results.2": absent})

	path := "/crm/v3/objects/" + id
	w.call("POST", path, m{"properties": m{"model": "One"}}).want(t, 400, m{"context.properties": list{"vin"}})
	r = w.call("POST", path, m{"properties": m{"vin": "A1", "model": "One", "colour": "red"}})
	r.want(t, 201, m{"url": "https://app.hubspot.com/contacts/12345678/record/" + id + "/" + r.at("id").(string)})
	record := r.at("id").(string)
	w.call("GET", path+"/A1?idProperty=vin", nil).want(t, 200, m{"id": record, "properties": m{
		"hs_createdate": "2026-11-21T10:00:00.250Z", "hs_lastmodifieddate": "2026-11-21T10:00:00.250Z", "hs_object_id": record,
	}})
	w.call("POST", path, m{"properties": m{"vin": "A1"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("POST", path+"/batch/upsert", m{"inputs": list{m{"id": "A1", "idProperty": "vin", "properties": m{"model": "Two"}}}}).want(t, 200, m{"results.0.new": false})
	w.call("POST", path+"/search", m{"query": "two"}).want(t, 200, m{"total": 1})
	w.call("GET", "/crm/v3/properties/car/model", nil).want(t, 200, m{"groupName": "car_information"})

	r = w.call("POST", "/crm/v3/pipelines/"+id, m{"label": "Repair", "displayOrder": 0, "stages": list{m{"label": "In", "displayOrder": 0, "metadata": m{}}, m{"label": "Out", "displayOrder": 1, "metadata": m{"state": "CLOSED"}}}})
	r.want(t, 201, nil)
	w.call("PATCH", path+"/"+record, m{"properties": m{"hs_pipeline": r.at("id"), "hs_pipeline_stage": "nope"}}).want(t, 400, nil)
	w.call("PATCH", path+"/"+record, m{"properties": m{"hs_pipeline": r.at("id"), "hs_pipeline_stage": r.at("stages.1.id")}}).want(t, 200, nil)

	w.call("PATCH", schemas+"/car", m{"requiredProperties": list{}, "labels": m{"singular": "Auto", "plural": "Autos"}, "clearDescription": true}).want(t, 200, m{
		"labels.singular": "Auto", "requiredProperties": list{}, "description": absent,
	})
	w.call("PATCH", schemas+"/car", m{"primaryDisplayProperty": "nope"}).want(t, 400, nil)
	w.call("POST", path, m{"properties": m{"model": "Three"}}).want(t, 201, nil)

	r = w.call("POST", schemas+"/car/associations", m{"fromObjectTypeId": id, "toObjectTypeId": "0-2", "name": "car_to_maker"})
	r.want(t, 201, m{"name": "car_to_maker", "toObjectTypeId": "0-2"})
	contact, company := w.create(m{"email": "ann@example.com"}), w.makes("companies", m{"name": "Example"})
	w.call("PUT", "/crm/v4/objects/car/"+record+"/associations/default/contacts/"+contact, nil).want(t, 200, nil)
	w.call("PUT", "/crm/v4/objects/"+id+"/"+record+"/associations/default/companies/"+company, nil).want(t, 200, nil)
	w.call("GET", path+"/"+record+"?associations=contacts", nil).want(t, 200, m{"associations.contacts.results.0.id": contact})
	w.call("DELETE", schemas+"/car/associations/"+r.at("id").(string), nil).want(t, 204, nil)
	if r := w.call("PUT", "/crm/v4/objects/"+id+"/"+record+"/associations/default/companies/"+company, nil); r.status == 200 {
		t.Errorf("still associable: %s", r.text)
	}
	w.call("DELETE", schemas+"/car/associations/"+r.at("id").(string), nil).want(t, 404, nil)

	w.call("DELETE", schemas+"/car", nil).want(t, 400, m{"category": "VALIDATION_ERROR"})
	for _, x := range w.All("car") {
		w.call("DELETE", path+"/"+x["hs_object_id"], nil).want(t, 204, nil)
	}
	w.call("DELETE", schemas+"/car", nil).want(t, 204, nil)
	w.call("GET", path, nil).want(t, 400, m{"message": "Unable to infer object type from: " + id})
	w.call("GET", schemas+"?archived=true", nil).want(t, 200, m{"results.0.name": "car", "results.0.archived": true})
	w.call("POST", schemas, car()).want(t, 409, nil)
	w.call("DELETE", schemas+"/car?archived=true", nil).want(t, 204, nil)
	w.call("POST", schemas, car()).want(t, 201, nil)
}

func TestSchemasThatAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	without := func(name string) m { c := car(); delete(c, name); return c }
	with := func(name string, v any) m { c := car(); c[name] = v; return c }
	for name, body := range map[string]m{
		"no name": without("name"), "no labels": without("labels"), "no properties": without("properties"), "no associated": without("associatedObjects"),
		"bad name": with("name", "2 cars"), "unknown required": with("requiredProperties", list{"nope"}), "unknown associated": with("associatedObjects", list{"butterflies"}),
		"bad property": with("properties", list{m{"name": "vin", "label": "VIN", "type": "string", "fieldType": "select"}}), "unknown member": with("colour", "red"),
	} {
		if r := w.call("POST", schemas, body); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	w.call("GET", schemas, nil).want(t, 200, m{"results": list{}})
	w.call("GET", schemas+"/deals", nil).want(t, 200, m{"objectTypeId": "0-3", "fullyQualifiedName": "DEAL", "id": "3", "metaType": "HUBSPOT", "primaryDisplayProperty": "dealname"})
	w.call("PATCH", schemas+"/deals", m{"description": "x"}).want(t, 400, nil)
	w.call("DELETE", schemas+"/deals", nil).want(t, 400, nil)
	w.call("GET", schemas+"/nope", nil).want(t, 400, nil)
	w.call("GET", "/crm/schemas/2026-03", nil).want(t, 404, nil)
	for i := range 10 {
		w.call("POST", schemas, with("name", fmt.Sprint("car", i))).want(t, 201, nil)
	}
	w.call("POST", schemas, with("name", "eleventh")).want(t, 400, nil)
}

func TestScopesOfCustomObjects(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{
		{Value: hubspot.DefaultToken}, {Value: "pat-na1-none", Scopes: []string{}}, {Value: "pat-na1-old", Scopes: []string{"custom-object-read"}},
		{Value: "pat-na1-new", Scopes: []string{"crm.schemas.custom.read", "crm.objects.custom.read"}},
	}})
	id := w.call("POST", schemas, car()).at("objectTypeId").(string)
	w.token = "pat-na1-none"
	w.call("GET", schemas, nil).want(t, 403, m{
		"message": "One or more of the following scopes are required.", "category": "MISSING_SCOPES", "errors": absent, "links": absent,
		"context": m{"requiredGranularScopes": list{"custom-object-read", "crm.schemas.custom.read"}, "links": list{"https://developers.hubspot.com/scopes"}},
	})
	w.call("GET", "/crm/v3/objects/"+id, nil).want(t, 403, m{"errors.0.context.requiredGranularScopes": list{"crm.objects.custom.read"}})
	w.token = "pat-na1-old"
	w.call("GET", schemas, nil).want(t, 200, nil)
	w.call("POST", schemas, car()).want(t, 403, m{"context.requiredGranularScopes": list{"custom-object-write", "crm.schemas.custom.write"}})
	w.token = "pat-na1-new"
	w.call("GET", schemas, nil).want(t, 200, nil)
	w.call("GET", "/crm/v3/objects/car", nil).want(t, 200, nil)
}

func TestLimitsOfProperties(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	property := func(name string, unique bool) m {
		return m{"name": name, "label": name, "type": "string", "fieldType": "text", "groupName": "dealinformation", "hasUniqueValue": unique}
	}
	for i := range 10 {
		w.call("POST", "/crm/v3/properties/deals", property(fmt.Sprint("u", i), true)).want(t, 201, nil)
	}
	w.call("POST", "/crm/v3/properties/deals", property("u10", true)).want(t, 400, nil)
	for n := range 10 {
		var inputs list
		for i := range 99 {
			inputs = append(inputs, property(fmt.Sprintf("c%d_%d", n, i), false))
		}
		w.call("POST", "/crm/v3/properties/deals/batch/create", m{"inputs": inputs}).want(t, 201, nil)
	}
	w.call("POST", "/crm/v3/properties/deals", property("one_too_many", false)).want(t, 400, nil)
}
