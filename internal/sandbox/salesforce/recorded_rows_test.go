package salesforce_test

import "testing"

const (
	savedShape    = "[].id:string [].success:bool [].errors:array"
	failedShape   = "[].success:bool [].errors[].statusCode:string [].errors[].message:string [].errors[].fields:array"
	upsertedShape = "[].id:string [].success:bool [].errors:array [].created:bool"
	refusedShape  = "[].message:string [].errorCode:string"
	createdShape  = "id:string success:bool errors:array"
)

// TestRecordedRows: single records and collections, as recorded.
func TestRecordedRows(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.holdAll(t, []exchange{
		{name: "create", source: "GRP", method: "POST", path: "/sobjects/Account", body: `{"Name":"New"}`, status: 201,
			shape: createdShape, with: map[string]string{"Location": "/services/data/v60.0/sobjects/Account/{{id}}"}},
		{name: "create with a slash at the end", source: "CCI", method: "POST", path: "/sobjects/Account/", body: `{"Name":"Newer"}`, status: 201, shape: createdShape},
		{name: "read an account: ETag and Last-Modified", source: "GRP", method: "GET", path: "/sobjects/Account/{{account}}", status: 200,
			texts: map[string]string{"attributes.type": "Account", "attributes.url": "/services/data/v60.0/sobjects/Account/{{account}}", "PhotoUrl": "/services/images/photo/{{account}}"},
			with:  map[string]string{"ETag": `"{{hash}}"`, "Last-Modified": "Wed, 04 Mar 2026 05:06:07 GMT", "Content-Type": "application/json;charset=UTF-8"}},
		{name: "read a contact: Last-Modified alone", source: "GRP", method: "GET", path: "/sobjects/Contact/{{contact}}", status: 200,
			with: map[string]string{"Last-Modified": "Wed, 04 Mar 2026 05:06:07 GMT"}, bare: []string{"Etag"}},
		{name: "read a lead: Last-Modified alone", source: "GRP", method: "GET", path: "/sobjects/Lead/{{lead}}", status: 200,
			with: map[string]string{"Last-Modified": "Wed, 04 Mar 2026 05:06:07 GMT"}, bare: []string{"Etag"}},
		{name: "read what was deleted", source: "GRP", method: "GET", path: "/sobjects/Contact/{{deleted}}", status: 404, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "NOT_FOUND", "0.message": "The requested resource does not exist"}},
		{name: "read what is no id", source: "RF", method: "GET", path: "/sobjects/Contact/23foo", status: 404, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "NOT_FOUND", "0.message": "Provided external ID field does not exist or is not accessible: 23foo"}},
		{name: "delete what is no id", source: "RF", method: "DELETE", path: "/sobjects/Contact/rid", status: 404, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "NOT_FOUND", "0.message": "Provided external ID field does not exist or is not accessible: rid"}},
		{name: "an external id field that is none", source: "RF", method: "PATCH", path: "/sobjects/Contact/Namez/x", body: `{"LastName":"X"}`, status: 404, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "NOT_FOUND", "0.message": "Provided external ID field does not exist or is not accessible: Namez"}},
		{name: "an unknown column", source: "RF", method: "POST", path: "/sobjects/Contact", body: `{"foo":"bar"}`, status: 400, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "INVALID_FIELD", "0.message": "No such column 'foo' on sobject of type Contact"}},
		{name: "an unknown object", source: "RF", method: "GET", path: "/sobjects/Whizbang/describe", status: 404, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "NOT_FOUND", "0.message": "The requested resource does not exist"}},
		{name: "upsert creates", source: "RF", method: "PATCH", path: "/sobjects/Contact/Key__c/52", body: `{"LastName":"Upserted"}`, status: 201,
			shape: createdShape + " created:bool"},

		{name: "collection create", source: "GRP", method: "POST", path: "/composite/sobjects", status: 200, shape: savedShape,
			body: `{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"Name":"A"},{"attributes":{"type":"Contact"},"LastName":"B"}]}`},
		{name: "collection create that lacks a name", source: "GRP", method: "POST", path: "/composite/sobjects", status: 200, shape: failedShape,
			body:  `{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"AccountNumber":"x","Name":null}]}`,
			texts: map[string]string{"0.errors.0.statusCode": "REQUIRED_FIELD_MISSING", "0.errors.0.message": "Required fields are missing: [Name]", "0.errors.0.fields.0": "Name"}},
		{name: "collection update", source: "GRP", method: "PATCH", path: "/composite/sobjects", status: 200, shape: savedShape,
			body: `{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"id":"{{account}}","Site":"www.example.com"}]}`},
		{name: "collection update with Id in capitals, numbers as text", source: "CCI", method: "PATCH", path: "/composite/sobjects", status: 200, shape: savedShape,
			body: `{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"Id":"{{account}}","NumberOfEmployees":"10000"}]}`},
		{name: "collection update of a bad address: no id", source: "GRP", method: "PATCH", path: "/composite/sobjects", status: 200, shape: failedShape,
			body:  `{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"id":"{{contact}}","Mail__c":"badone"}]}`,
			texts: map[string]string{"0.errors.0.statusCode": "INVALID_EMAIL_ADDRESS", "0.errors.0.message": "Second mail: invalid email address: badone", "0.errors.0.fields.0": "Mail__c"}},
		{name: "collection update of a converted lead: no id, no fields", source: "GRP", method: "PATCH", path: "/composite/sobjects", status: 200, shape: failedShape,
			body:  `{"allOrNone":false,"records":[{"attributes":{"type":"Lead"},"id":"{{converted}}","LastName":"NoEdit"}]}`,
			texts: map[string]string{"0.errors.0.statusCode": "CANNOT_UPDATE_CONVERTED_LEAD", "0.errors.0.message": "cannot reference converted lead"}},
		{name: "collection upsert by a key", source: "CCI", method: "PATCH", path: "/composite/sobjects/Contact/Email", status: 200, shape: upsertedShape,
			body: `{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"FirstName":"Ann","LastName":"Lee","Email":"lee@example.com"},{"attributes":{"type":"Contact"},"FirstName":"Jo","LastName":"Doe","Email":"Doe@example.com"}]}`},
		{name: "collection upsert by Id, null creates", source: "CCI", method: "PATCH", path: "/composite/sobjects/Account/Id", status: 200, shape: upsertedShape,
			body: `{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"Name":"C","Id":null}]}`},
		{name: "collection, all or none", source: "DJ", method: "POST", path: "/composite/sobjects", status: 200, shape: failedShape,
			body: `{"allOrNone":true,"records":[{"attributes":{"type":"Account"},"Name":null},{"attributes":{"type":"Contact"},"LastName":"Moe"}]}`,
			texts: map[string]string{"1.errors.0.statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
				"1.errors.0.message": "Record rolled back because not all records were valid and the request was using AllOrNone header"}},
		{name: "collection read", source: "PM", method: "GET", path: "/composite/sobjects/Account?ids={{account}}&fields=Name", status: 200,
			shape: "[].attributes.type:string [].attributes.url:string [].Name:string [].Id:string"},
		{name: "collection delete", source: "GRP", method: "DELETE", path: "/composite/sobjects?ids={{account}},{{orphan}}&allOrNone=false", status: 200, shape: savedShape, with: always},
	})
}

// TestRecordedKeyOnSeveral: a key that several records have, as recorded.
func TestRecordedKeyOnSeveral(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.grant("Contact", "Loose__c", `{"label":"Loose","type":"Text","length":20,"externalId":true}`)
	r.insert("Contact", "LastName", "One", "Loose__c", "k")
	r.insert("Contact", "LastName", "Two", "Loose__c", "k")
	r.hold(t, exchange{source: "RF", method: "PATCH", path: "/sobjects/Contact/Loose__c/k", body: `{"LastName":"X"}`, status: 300, shape: "[]:string",
		texts: map[string]string{"0": "/services/data/v60.0/sobjects/Contact/{{id}}"}})
}
