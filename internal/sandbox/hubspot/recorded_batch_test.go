package hubspot_test

import "testing"

// TestRecordedBatches: batches of records, as recorded.
func TestRecordedBatches(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	unknown := `[{"isValid":false,"message":"Property \"first000name\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"first000name"}]`
	values := refusal + "category:string errors[].message:string errors[].code:string errors[].context.propertyName[]:string"
	r.holdAll(t, []exchange{
		{name: "create contacts", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/create", status: 201, with: paced,
			body:  `{"inputs":[{"properties":{"email":"cy@example.com","firstname":"Cy","lastname":"Poe"}},{"properties":{"email":"di@example.com","firstname":"Di","lastname":"Poe"}}]}`,
			shape: batchShape + each("results", recordShape), texts: map[string]string{"status": "COMPLETE", "results.0.properties.lifecyclestage": "lead",
				"results.0.properties.hs_all_contact_vids": "{{id}}", "results.0.properties.hs_email_domain": "example.com",
				"results.0.properties.hs_is_contact": "true", "results.0.properties.hs_is_unworked": "true", "results.0.properties.hs_lifecyclestage_lead_date": "1795255{{ms}}",
				"results.0.properties.hs_object_source": "INTEGRATION", "results.0.properties.hs_object_source_label": "INTEGRATION", "results.0.properties.hs_pipeline": "contacts-lifecycle-pipeline"}},
		{name: "create a company: the domain is the website too", source: "GRP", method: "POST", path: "/crm/v3/objects/COMPANY/batch/create", status: 201,
			body: `{"inputs":[{"properties":{"domain":"acme.example.com","name":"Acme"}}]}`, shape: batchShape + each("results", recordShape),
			texts: map[string]string{"results.0.properties.website": "acme.example.com", "results.0.properties.domain": "acme.example.com"}},
		{name: "create one that exists: no id", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/create", status: 409, shape: refusal + "category:string",
			body:  `{"inputs":[{"properties":{"email":"ann@example.com"}}]}`,
			texts: map[string]string{"message": "Contact already exists", "category": "CONFLICT"}},
		{name: "create with unknown properties: each row's errors in one list", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/create", status: 400, shape: values,
			body: `{"inputs":[{"properties":{"first000name":"a"}},{"properties":{"first000name":"b"}}]}`,
			texts: map[string]string{"message": "Property values were not valid: " + unknown[:len(unknown)-1] + "," + unknown[1:], "category": "VALIDATION_ERROR",
				"errors.0.message": `Property "first000name" does not exist`, "errors.0.code": "PROPERTY_DOESNT_EXIST", "errors.0.context.propertyName.0": "first000name"}},
		{name: "create in part", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/create", status: 207,
			body:  `{"inputs":[{"objectWriteTraceId":"0","properties":{"email":"ann@example.com"}},{"objectWriteTraceId":"1","properties":{"email":"ed@example.com"}}]}`,
			shape: batchShape + each("results", recordShape+" objectWriteTraceId:string?") + " numErrors:number " + rowRefusal + "errors[].context.objectWriteTraceId[]:string errors[].context.existingId[]:string",
			texts: map[string]string{"status": "COMPLETE", "errors.0.category": "CONFLICT", "errors.0.message": "Contact already exists. Existing ID: {{ann}}",
				"errors.0.context.objectWriteTraceId.0": "0", "errors.0.context.existingId.0": "{{ann}}"}},
		{name: "update", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/update", status: 200, body: `{"inputs":[{"id":"{{ann}}","properties":{"firstname":"Anna","lastname":"Leigh"}}]}`,
			shape: batchShape + each("results", "id:string properties.createdate:string properties.firstname:string properties.hs_is_unworked:string properties.hs_object_id:string properties.hs_object_source:string "+
				"properties.hs_object_source_id:string properties.hs_object_source_label:string properties.hs_pipeline:string properties.lastmodifieddate:string properties.lastname:string "+
				"properties.lifecyclestage:string createdAt:string updatedAt:string archived:bool url:string")},
		{name: "update with the domain of an address", source: "GRP", method: "POST", path: "/crm/v3/objects/CONTACT/batch/update", status: 200,
			body: `{"inputs":[{"id":"{{ann}}","properties":{"email":"ann@example.com","firstname":"Ann","lastname":""}}]}`, shape: batchShape + each("results", recordShape),
			texts: map[string]string{"results.0.properties.lastname": "", "results.0.properties.hs_email_domain": "example.com"}},
		{name: "what was cleared, found later", source: "GRP", method: "POST", path: "/crm/v3/objects/CONTACT/search", status: 200,
			body:  `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ","value":"ann@example.com"}]}],"properties":["lastname","phone"]}`,
			shape: "total:number " + each("results", "id:string properties.createdate:string properties.hs_object_id:string properties.lastmodifieddate:string properties.lastname:string properties.phone:null createdAt:string updatedAt:string archived:bool url:string")},
		{name: "update the same one twice", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/update", status: 400, shape: refusal + "category:string context.ids[]:string",
			body:  `{"inputs":[{"id":"{{ann}}","properties":{"firstname":"A"}},{"id":"{{ann}}","properties":{"firstname":"B"}}]}`,
			texts: map[string]string{"message": "Duplicate IDs found in batch input: [{{ann}}]. IDs must be unique", "category": "VALIDATION_ERROR", "context.ids.0": "{{ann}}"}},
		{name: "update unknown properties: nothing is written", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/update", status: 400, shape: values,
			body: `{"inputs":[{"id":"{{ann}}","properties":{"firstname":"A"}},{"id":"{{bo}}","properties":{"first000name":"B"}}]}`, texts: map[string]string{"message": "Property values were not valid: " + unknown}},
		{name: "update in part", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/update", status: 207,
			body:  `{"inputs":[{"id":"{{bo}}","properties":{"firstname":"Bob"}},{"id":"unknownIdentifier","properties":{"firstname":"X"}}]}`,
			shape: batchShape + each("results", recordShape) + " numErrors:number " + rowRefusal + "errors[].context.ids[]:string",
			texts: map[string]string{"errors.0.category": "OBJECT_NOT_FOUND", "errors.0.context.ids.0": "unknownIdentifier",
				"errors.0.message": "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."}},
		{name: "read", source: "AMP", method: "POST", path: "/crm/v3/objects/contacts/batch/read", status: 200, body: `{"inputs":[{"id":"{{ann}}"},{"id":"{{bo}}"}],"properties":["email","firstname","lastname"]}`,
			shape: batchShape + each("results", recordShape)},
		{name: "archive", source: "GRP", method: "POST", path: "/crm/v3/objects/CONTACT/batch/archive", status: 204, body: `{"inputs":[{"id":"{{bo}}"}]}`, texts: map[string]string{"": ""}, bare: []string{"Content-Type"}},
	})
}

const (
	propertyShape = "name:string label:string type:string fieldType:string description:string groupName:string options:array displayOrder:number calculated:bool externalOptions:bool " +
		"hasUniqueValue:bool hidden:bool modificationMetadata.archivable:bool modificationMetadata.readOnlyDefinition:bool modificationMetadata.readOnlyValue:bool formField:bool dataSensitivity:string " +
		"options[].label:string options[].value:string options[].description:string options[].displayOrder:number options[].hidden:bool"
	keptShape = propertyShape + " updatedAt:string createdAt:string createdUserId:string updatedUserId:string archived:bool"
)

// TestRecordedProperties: properties and their groups, as recorded.
func TestRecordedProperties(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.holdAll(t, []exchange{
		{name: "create a group", source: "AMP", method: "POST", path: "/crm/v3/properties/contacts/groups", body: `{"name":"integrationcreatedproperties","label":"Integration"}`, status: 201,
			shape: "name:string label:string displayOrder:number archived:bool"},
		{name: "read a group", source: "AMP", method: "GET", path: "/crm/v3/properties/contacts/groups/integrationcreatedproperties", status: 200, shape: "name:string label:string displayOrder:number archived:bool"},
		{name: "create some: no stamps, the place without one comes last", source: "AMP", method: "POST", path: "/crm/v3/properties/contacts/batch/create", status: 201,
			body:  `{"inputs":[{"name":"interests__c","label":"Interests","groupName":"integrationcreatedproperties","type":"enumeration","fieldType":"select","description":"d","formField":true,"dataSensitivity":"non_sensitive","options":[{"label":"art","value":"art","description":"art"},{"label":"travel","value":"travel","description":"travel","displayOrder":1},{"label":"swimming","value":"swimming","description":"swimming","displayOrder":2}]}]}`,
			shape: batchShape + each("results", propertyShape), texts: map[string]string{"results.0.dataSensitivity": "non_sensitive"}},
		{name: "create some that exist: the others are made", source: "AMP", method: "POST", path: "/crm/v3/properties/contacts/batch/create", status: 207,
			body:  `{"inputs":[{"name":"interests__c","label":"I","groupName":"integrationcreatedproperties","type":"string","fieldType":"text"},{"name":"isready__c","label":"R","groupName":"integrationcreatedproperties","type":"bool","fieldType":"booleancheckbox","description":"d","formField":true,"options":[{"label":"True","value":"true","description":"True"},{"label":"False","value":"false","description":"False","displayOrder":1}]}]}`,
			shape: batchShape + each("results", propertyShape) + " numErrors:number " + rowRefusal + "errors[].subCategory:string errors[].context.name[]:string",
			texts: map[string]string{"errors.0.category": "OBJECT_ALREADY_EXISTS", "errors.0.subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS",
				"errors.0.message": "A property named 'interests__c' already exists.", "errors.0.context.name.0": "interests__c"}},
		{name: "update one", source: "AMP", method: "PATCH", path: "/crm/v3/properties/contacts/interests__c", status: 200, body: `{"label":"Interests"}`, shape: keptShape},
		{name: "create one", source: "VCR", method: "POST", path: "/crm/v3/properties/ticket", status: 201, shape: keptShape,
			body: `{"name":"my_new_property","groupName":"ticketinformation","description":"How?","fieldType":"text","formField":true,"type":"string","displayOrder":0,"label":"New","options":[]}`,
			with: map[string]string{"Location": "http{{host}}/crm/v3/properties/ticket/my_new_property"}},
		{name: "all of HubSpot's own", source: "AMP", method: "GET", path: "/crm/v3/properties/contacts", status: 200,
			shape: each("results", propertyShape+" options[].description:string? updatedAt:string? createdAt:string? createdUserId:string? updatedUserId:string? archived:bool? hubspotDefined:bool? "+
				"referencedObjectType:string? showCurrencySymbol:bool? calculationFormula:string? modificationMetadata.readOnlyOptions:bool? currencyPropertyName:string? numberDisplayHint:string?")},
	})
	options := r.call("GET", "/crm/v3/properties/contacts/interests__c", nil)
	options.want(t, 200, m{"options.0.value": "art", "options.0.displayOrder": 3, "options.1.value": "travel", "options.1.displayOrder": 1, "options.2.displayOrder": 2})
}
