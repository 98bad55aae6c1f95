package hubspot_test

import (
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

const (
	ownerShape = "id:string email:string type:string firstName:string lastName:string userId:number userIdIncludingInactive:number createdAt:string updatedAt:string archived:bool"
	stageShape = "label:string displayOrder:number metadata.*:string id:string createdAt:string updatedAt:string writePermissions:string archived:bool"
)

// TestRecordedAccount: account, owners and pipelines, as recorded.
func TestRecordedAccount(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	owner, err := r.AddOwner(hubspot.Owner{Email: "owner@example.com", FirstName: "Olga", LastName: "Owens", UserID: 7})
	if err != nil {
		t.Fatal(err)
	}
	r.names["owner"] = owner
	pipelines := func(at string) string {
		return each("results", "label:string displayOrder:number id:string createdAt:string updatedAt:string archived:bool") + " " + each("results[].stages", stageShape+at)
	}
	r.holdAll(t, []exchange{
		{name: "the account", source: "AMP", method: "GET", path: "/account-info/v3/details", status: 200,
			shape: "portalId:number accountType:string timeZone:string companyCurrency:string additionalCurrencies:array utcOffset:string utcOffsetMilliseconds:number uiDomain:string dataHostingLocation:string",
			texts: map[string]string{"accountType": "STANDARD", "uiDomain": "app.hubspot.com", "dataHostingLocation": "na1"}},
		{name: "owners: no teams when there are none", source: "VCR", method: "GET", path: "/crm/v3/owners?archived=false&limit=100", status: 200, shape: each("results", ownerShape), with: paced,
			texts: map[string]string{"results.0.type": "PERSON"}},
		{name: "an owner by address", source: "VCR", method: "GET", path: "/crm/v3/owners?archived=false&email=owner@example.com&limit=100", status: 200, shape: each("results", ownerShape), texts: map[string]string{"results.0.id": "{{owner}}"}},
		{name: "nobody by that address", source: "VCR", method: "GET", path: "/crm/v3/owners?archived=false&email=42", status: 200, shape: "results:array"},
		{name: "an owner by id", source: "VCR", method: "GET", path: "/crm/v3/owners/{{owner}}", status: 200, shape: ownerShape},
		{name: "pipelines of deals", source: "AMP", method: "GET", path: "/crm/v3/pipelines/deals", status: 200, shape: pipelines(""),
			texts: map[string]string{"results.0.label": "Sales Pipeline", "results.0.id": "default", "results.0.createdAt": "1970-01-01T00:00:00Z",
				"results.0.stages.0.id": "appointmentscheduled", "results.0.stages.0.label": "Appointment Scheduled", "results.0.stages.0.metadata.isClosed": "false", "results.0.stages.0.metadata.probability": "0.2",
				"results.0.stages.1.id": "qualifiedtobuy", "results.0.stages.2.id": "presentationscheduled", "results.0.stages.3.id": "decisionmakerboughtin", "results.0.stages.3.label": "Decision Maker Bought-In",
				"results.0.stages.4.id": "contractsent", "results.0.stages.4.metadata.probability": "0.9", "results.0.stages.5.id": "closedwon", "results.0.stages.5.metadata.isClosed": "true",
				"results.0.stages.5.metadata.probability": "1.0", "results.0.stages.6.id": "closedlost", "results.0.stages.6.metadata.probability": "0.0", "results.0.stages.0.writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"}},
		{name: "the lifecycle of contacts", source: "AMP", method: "GET", path: "/crm/v3/pipelines/contacts", status: 200, shape: pipelines(""),
			texts: map[string]string{"results.0.id": "contacts-lifecycle-pipeline", "results.0.label": "Lifecycle Stage Pipeline", "results.0.stages.0.id": "subscriber", "results.0.stages.0.metadata.state": "OPEN",
				"results.0.stages.7.id": "other", "results.0.stages.7.metadata.state": "CLOSED", "results.0.stages.7.metadata.isClosed": "true", "results.0.stages.2.label": "Marketing Qualified Lead"}},
	})
}

// TestRecordedAssociations: associations in their v4 form, as recorded.
func TestRecordedAssociations(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.make("acme", "companies", m{"name": "Acme", "domain": "acme.example.com"})
	r.make("beta", "companies", m{"name": "Beta"})
	r.make("deal", "deals", m{"dealname": "Big", "pipeline": "default", "dealstage": "contractsent"})
	r.make("meeting", "meetings", m{"hs_timestamp": "1659970341857"})
	const made = "fromObjectTypeId:string fromObjectId:number toObjectTypeId:string toObjectId:number labels:array labels[]:string"
	const linked = "toObjectId:number associationTypes[].category:string associationTypes[].typeId:number associationTypes[].label:string|null"
	link := func(from, to string, id string) string {
		return `{"inputs":[{"from":{"id":` + from + `},"to":{"id":` + to + `},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":` + id + `}]}]}`
	}
	r.holdAll(t, []exchange{
		{name: "associate deal and contacts", source: "VCR", method: "POST", path: "/crm/v4/associations/Deal/Contact/batch/create", status: 201, body: link("{{deal}}", "{{ann}}", "3"), shape: batchShape + each("results", made),
			with: paced, texts: map[string]string{"results.0.fromObjectTypeId": "0-3", "results.0.toObjectTypeId": "0-1"}},
		{name: "make a company the primary one of a contact", source: "VCR", method: "POST", path: "/crm/v4/associations/Company/Contact/batch/create", status: 201, body: link("{{acme}}", "{{ann}}", "2"),
			shape: batchShape + each("results", made), texts: map[string]string{"results.0.labels.0": "Primary Company"}},
		{name: "make a company the primary one of a deal", source: "VCR", method: "POST", path: "/crm/v4/associations/Deal/Company/batch/create", status: 201, body: link("{{deal}}", "{{acme}}", "5"),
			shape: batchShape + each("results", made), texts: map[string]string{"results.0.labels.0": "Primary"}},
		{name: "somebody who is not there: no word of which row", source: "VCR", method: "POST", path: "/crm/v4/associations/Deal/Contact/batch/create", status: 207, body: link("{{deal}}", "1234", "3"),
			shape: batchShape + "numErrors:number " + rowRefusal, texts: map[string]string{"errors.0.category": "VALIDATION_ERROR", "errors.0.message": "CONTACT=1234 is not valid"}},
		{name: "from what is not there", source: "VCR", method: "POST", path: "/crm/v4/associations/Company/Contact/batch/create", status: 207, body: link("1234", "1234", "2"),
			shape: batchShape + "numErrors:number " + rowRefusal, texts: map[string]string{"errors.0.message": "COMPANY=1234 is not valid"}},
		{name: "what is no id, and to itself", source: "AMP", method: "POST", path: "/crm/v4/associations/contacts/contacts/batch/create", status: 207,
			body:  `{"inputs":[{"from":{"id":"{{ann}}"},"to":{"id":"unknown_id"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":449}]},{"from":{"id":"{{ann}}"},"to":{"id":"{{ann}}"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":449}]}]}`,
			shape: batchShape + "numErrors:number " + rowRefusal + "errors[].subCategory:string? errors[].context.id[]:string?",
			texts: map[string]string{"errors.0.subCategory": "crm.associations.INVALID_IDENTIFIER", "errors.0.message": "unknown_id is not a valid ID", "errors.0.context.id.0": "unknown_id",
				"errors.1.category": "VALIDATION_ERROR", "errors.1.message": "Object {{ann}} cannot be associated to itself ({{ann}})"}},
		{name: "the contacts of a deal", source: "VCR", method: "GET", path: "/crm/v4/objects/Deal/{{deal}}/associations/Contact", status: 200, shape: each("results", linked), with: paced},
		{name: "the deals of a contact", source: "VCR", method: "GET", path: "/crm/v4/objects/Contact/{{ann}}/associations/Deal", status: 200, shape: each("results", linked)},
		{name: "read: the primary company twice, none as an error", source: "AMP", method: "POST", path: "/crm/v4/associations/contacts/companies/batch/read", status: 207, body: `{"inputs":[{"id":"{{ann}}"},{"id":"{{bo}}"}]}`,
			shape: batchShape + "results[].from.id:string " + each("results[].to", linked) + " numErrors:number " + rowRefusal +
				"errors[].subCategory:string errors[].context.fromObjectId[]:string errors[].context.fromObjectType[]:string errors[].context.toObjectType[]:string",
			texts: map[string]string{"results.0.to.0.associationTypes.0.label": "Primary", "errors.0.category": "OBJECT_NOT_FOUND", "errors.0.subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
				"errors.0.message": "No company is associated with contact {{bo}}.", "errors.0.context.fromObjectType.0": "contact", "errors.0.context.toObjectType.0": "company"}},
		{name: "archive, what is not there included", source: "VCR", method: "POST", path: "/crm/v4/associations/Deal/Company/batch/archive", status: 204, body: `{"inputs":[{"from":{"id":{{deal}}},"to":[{"id":{{acme}}},{"id":1234}]}]}`},
		{name: "the one-by-one form of v3", source: "VCR", method: "PUT", path: "/crm/v3/objects/meetings/{{meeting}}/associations/Contact/{{ann}}/meeting_event_to_contact", status: 200,
			shape: "id:string properties.hs_createdate:string properties.hs_lastmodifieddate:string properties.hs_object_id:string createdAt:string updatedAt:string archived:bool url:string? " +
				"associations.contacts.results[].id:string associations.contacts.results[].type:string", texts: map[string]string{"associations.contacts.results.0.type": "meeting_event_to_contact"}},
	})
}
