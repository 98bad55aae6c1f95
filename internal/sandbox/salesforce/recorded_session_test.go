package salesforce_test

import (
	"net/url"
	"strings"
	"testing"
)

// jobShape is what a Bulk 2.0 job always says of itself.
const jobShape = "id:string operation:string object:string createdById:string createdDate:string systemModstamp:string state:string " +
	"concurrencyMode:string contentType:string apiVersion:number"

// workedShape is what a job adds once it is polled.
const workedShape = " jobType:string retries:number totalProcessingTime:number apiActiveProcessingTime:number apexProcessingTime:number"

// TestRecordedSession: tokens, identity, versions and limits, as recorded.
func TestRecordedSession(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	form := func(v url.Values) (string, []string) {
		return v.Encode(), []string{"Content-Type", "application/x-www-form-urlencoded", "Authorization", ""}
	}
	login, plain := form(url.Values{"grant_type": {"client_credentials"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}})
	refresh, _ := form(url.Values{"grant_type": {"refresh_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "refresh_token": {"gone"}})
	introspect, _ := form(url.Values{"token": {r.token}, "token_type_hint": {"access_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}})
	r.holdAll(t, []exchange{
		{name: "a token", source: "RF", method: "POST", path: "/services/oauth2/token", body: login, header: plain, status: 200,
			shape: "access_token:string instance_url:string id:string issued_at:string signature:string token_type:string scope:string?",
			texts: map[string]string{"access_token": "00D{{org}}!{{secret}}", "token_type": "Bearer"}},
		{name: "a refresh token that is no good", source: "RF", method: "POST", path: "/services/oauth2/token", body: refresh, header: plain, status: 400,
			shape: "error:string error_description:string", texts: map[string]string{"error": "invalid_grant", "error_description": "expired access/refresh token"}},
		{name: "introspection", source: "PM", method: "POST", path: "/services/oauth2/introspect", body: introspect, header: plain, status: 200,
			shape: "active:bool scope:string client_id:string username:string sub:string token_type:string exp:number iat:number nbf:number",
			texts: map[string]string{"token_type": "access_token", "sub": "{{host}}/id/00D{{org}}/{{user}}"}},
		{name: "identity", source: "PM", method: "GET", path: r.identity(), status: 200, shape: "id:string asserted_user:bool user_id:string organization_id:string " +
			"username:string nick_name:string display_name:string email:string email_verified:bool first_name:string|null last_name:string timezone:string " +
			"photos.picture:string photos.thumbnail:string addr_street:string|null addr_city:string|null addr_state:string|null addr_country:string|null addr_zip:string|null " +
			"mobile_phone:string|null mobile_phone_verified:bool is_lightning_login_user:bool status.created_date:null status.body:null " +
			"urls.enterprise:string urls.metadata:string urls.partner:string urls.rest:string urls.sobjects:string urls.search:string urls.query:string urls.recent:string " +
			"urls.tooling_soap:string urls.tooling_rest:string urls.profile:string urls.feeds:string urls.groups:string urls.users:string urls.feed_items:string " +
			"urls.feed_elements:string urls.custom_domain:string active:bool user_type:string language:string locale:string utcOffset:number last_modified_date:string is_app_installed:bool",
			texts: map[string]string{"user_type": "STANDARD", "urls.rest": "{{host}}/services/data/v{version}/"}},
		{name: "versions", source: "RF", method: "GET", path: "/services/data", status: 200, shape: "[].version:string [].url:string [].label:string"},
		{name: "versions with a slash at the end", source: "DJ", method: "GET", path: "/services/data/", status: 200, shape: "[].version:string [].url:string [].label:string"},
		{name: "resources", source: "DJ", method: "GET", path: "/", status: 200, shape: "sobjects:string query:string *:string"},
		{name: "limits", source: "PM", method: "GET", path: "/limits", status: 200, with: always,
			shape: "DailyApiRequests.Max:number DailyApiRequests.Remaining:number DailyBulkApiBatches.Max:number DailyBulkApiBatches.Remaining:number " +
				"DailyBulkV2QueryJobs.Max:number DailyBulkV2QueryJobs.Remaining:number DataStorageMB.Max:number DataStorageMB.Remaining:number *:object"},
		{name: "record counts", source: "CCI", method: "GET", path: "/limits/recordCount?sObjects=Account", status: 200,
			shape: "sObjects[].count:number sObjects[].name:string", texts: map[string]string{"sObjects.0.name": "Account"}},
		{name: "a session that is over", source: "RF", method: "GET", path: "/limits", header: []string{"Authorization", "Bearer 00D!gone"}, status: 401, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "INVALID_SESSION_ID", "0.message": "Session expired or invalid"}},
	})
}

// identity is the path of the user's identity page.
func (r *recorded) identity() string {
	token := r.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}})
	u, err := url.Parse(get(token.json, "id").(string))
	if err != nil {
		r.Fatal(err)
	}
	return u.Path
}

// TestRecordedQuery: SOQL, composite and describe, as recorded.
func TestRecordedQuery(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	const answered = "totalSize:number done:bool records:array "
	composite := func(requests string) string { return `{"compositeRequest":[` + requests + `]}` }
	r.holdAll(t, []exchange{
		{name: "query", source: "CCI", method: "GET", path: "/query/?q=SELECT+Id,Name,Phone+FROM+Account", status: 200, with: always,
			shape: answered + "records[].attributes.type:string records[].attributes.url:string records[].Id:string records[].Name:string records[].Phone:null"},
		{name: "nothing found", source: "RF", method: "GET", path: "/query?q=SELECT+Id+FROM+Account+WHERE+Name='none'", status: 200, shape: answered},
		{name: "a parent and none", source: "RF", method: "GET", path: "/query?q=SELECT+Account.Name+FROM+Contact", status: 200,
			shape: answered + "records[].attributes.type:string records[].attributes.url:string records[].Account:object|null records[].Account.attributes:object records[].Account.Name:string"},
		{name: "count", source: "CCI", method: "GET", path: "/query/?q=select+count()+from+Account", status: 200, shape: answered},
		{name: "an aggregate", source: "CCI", method: "GET", path: "/query/?q=select+count(Id)+from+Account", status: 200,
			shape: answered + "records[].attributes.type:string records[].expr0:number", texts: map[string]string{"records.0.attributes.type": "AggregateResult"}},
		{name: "an address", source: "CCI", method: "GET", path: "/query?q=SELECT+BillingAddress,AnnualRevenue,CreatedDate+FROM+Account+WHERE+Name='Acme'", status: 200,
			shape: answered + "records[].attributes:object records[].BillingAddress.city:string records[].BillingAddress.country:null records[].BillingAddress.geocodeAccuracy:null " +
				"records[].BillingAddress.latitude:null records[].BillingAddress.longitude:null records[].BillingAddress.postalCode:null records[].BillingAddress.state:null " +
				"records[].BillingAddress.street:null records[].AnnualRevenue:null records[].CreatedDate:string",
			texts: map[string]string{"records.0.CreatedDate": "2026-03-04T05:06:07.000+0000"}},
		{name: "the organization", source: "RF", method: "GET", path: "/query?q=SELECT+Id+FROM+Organization", status: 200,
			shape: answered + "records[].attributes.type:string records[].attributes.url:string records[].Id:string"},
		{name: "an unknown object", source: "CCI", method: "GET", path: "/query/?q=select+count()+from+XYZZY", status: 400, shape: refusedShape,
			texts: map[string]string{"0.errorCode": "INVALID_TYPE", "0.message": "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\n" +
				"sObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. " +
				"Please reference your WSDL or the describe call for the appropriate names."}},

		{name: "composite", source: "CCI", method: "POST", path: "/composite", status: 200, with: always,
			body: composite(`{"referenceId":"one","method":"GET","url":"/services/data/v60.0/query?q=SELECT Id FROM Account LIMIT 1"},{"referenceId":"two","method":"GET","url":"/services/data/v60.0/query/?q=select count() from Account"}`),
			shape: "compositeResponse[].body.totalSize:number compositeResponse[].body.done:bool compositeResponse[].body.records:array compositeResponse[].httpHeaders:object " +
				"compositeResponse[].httpStatusCode:number compositeResponse[].referenceId:string"},
		{name: "composite of an unknown object", source: "CCI", method: "POST", path: "/composite", status: 200,
			body: composite(`{"referenceId":"r0","method":"GET","url":"/services/data/v60.0/sobjects/Foo"}`),
			shape: "compositeResponse[].body[].errorCode:string compositeResponse[].body[].message:string compositeResponse[].httpHeaders:object " +
				"compositeResponse[].httpStatusCode:number compositeResponse[].referenceId:string",
			texts: map[string]string{"compositeResponse.0.body.0.errorCode": "NOT_FOUND", "compositeResponse.0.body.0.message": "The requested resource does not exist"}},
		{name: "composite with a condition", source: "CCI", method: "POST", path: "/composite", status: 200,
			body: composite(`{"referenceId":"r0","method":"GET","url":"/services/data/v60.0/sobjects","httpHeaders":{"If-Modified-Since":"Thu, 03 Sep 2099 21:35:07 GMT"}}`),
			shape: "compositeResponse[].body:null compositeResponse[].httpHeaders.ETag:string compositeResponse[].httpHeaders.Last-Modified:string " +
				"compositeResponse[].httpStatusCode:number compositeResponse[].referenceId:string",
			texts: map[string]string{"compositeResponse.0.httpHeaders.ETag": `"{{hash}}"`}},
		{name: "composite that creates", source: "PM", method: "POST", path: "/composite", status: 200,
			body: composite(`{"referenceId":"a","method":"POST","url":"/services/data/v60.0/sobjects/Account","body":{"Name":"Sample"}},{"referenceId":"c","method":"POST","url":"/services/data/v60.0/sobjects/Contact","body":{"LastName":"Sample","AccountId":"@{a.id}"}}`),
			shape: "compositeResponse[].body.id:string compositeResponse[].body.success:bool compositeResponse[].body.errors:array " +
				"compositeResponse[].httpHeaders.Location:string compositeResponse[].httpStatusCode:number compositeResponse[].referenceId:string",
			texts: map[string]string{"compositeResponse.0.httpHeaders.Location": "/services/data/v60.0/sobjects/Account/{{id}}"}},
		{name: "describe carries what conditions go by", source: "GRP", method: "GET", path: "/sobjects/Account/describe", status: 200,
			with: map[string]string{"ETag": `"{{hash}}"`, "Last-Modified": "{{date}} GMT"}},
		{name: "all objects", source: "CCI", method: "GET", path: "/sobjects", status: 200, shape: "encoding:string maxBatchSize:number sobjects[].activateable:bool " +
			"sobjects[].associateEntityType:null sobjects[].associateParentEntity:null sobjects[].createable:bool sobjects[].custom:bool sobjects[].customSetting:bool " +
			"sobjects[].deepCloneable:bool sobjects[].deletable:bool sobjects[].deprecatedAndHidden:bool sobjects[].feedEnabled:bool sobjects[].hasSubtypes:bool " +
			"sobjects[].isInterface:bool sobjects[].isSubtype:bool sobjects[].keyPrefix:string|null sobjects[].label:string sobjects[].labelPlural:string sobjects[].layoutable:bool " +
			"sobjects[].mergeable:bool sobjects[].mruEnabled:bool sobjects[].name:string sobjects[].queryable:bool sobjects[].replicateable:bool sobjects[].retrieveable:bool " +
			"sobjects[].searchable:bool sobjects[].triggerable:bool sobjects[].undeletable:bool sobjects[].updateable:bool sobjects[].urls.sobject:string " +
			"sobjects[].urls.describe:string sobjects[].urls.rowTemplate:string sobjects[].urls.*:string"},
	})
}

// TestRecordedChildrenInQueries: the opportunities of contacts, and what an event is about, as CumulusCI asked for them.
func TestRecordedChildrenInQueries(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	made := r.hold(t, exchange{name: "an opportunity with its contact, a stage of nobody's", source: "CCI", method: "POST", path: "/composite/sobjects", status: 200, shape: savedShape,
		body: `{"allOrNone":false,"records":[{"attributes":{"type":"Opportunity"},"Name":"Big","StageName":"In Progress","CloseDate":"2021-10-03","ContactId":"{{contact}}"}]}`})
	r.hold(t, exchange{name: "an event, a number as text", source: "CCI", method: "POST", path: "/composite/sobjects", status: 200, shape: savedShape,
		body: `{"allOrNone":false,"records":[{"attributes":{"type":"Event"},"Subject":"third","DurationInMinutes":"31","ActivityDateTime":"2024-11-07T07:00:00.000+0000","WhoId":"{{contact}}","WhatId":"{{account}}"}]}`})
	const answered = "totalSize:number done:bool records[].attributes.type:string records[].attributes.url:string "
	got := r.hold(t, exchange{name: "children, none is null", source: "CCI", method: "GET", path: "/query/?q=" + url.QueryEscape("select FirstName,(select Name from Opportunities) from Contact"), status: 200,
		shape: answered + "records[].FirstName:string|null records[].Opportunities:object|null records[].Opportunities.totalSize:number records[].Opportunities.done:bool " +
			"records[].Opportunities.records[].attributes.type:string records[].Opportunities.records[].attributes.url:string records[].Opportunities.records[].Name:string"})
	if found := got.text; get(made.json, 0, "success") != true || !strings.Contains(found, `"Name":"Big"`) || !strings.Contains(found, `"Opportunities":null`) {
		t.Errorf("%s\n%s", made.text, found)
	}
	r.hold(t, exchange{name: "by the kind of what it is about", source: "CCI", method: "GET", status: 200,
		path: "/query/?q=" + url.QueryEscape("SELECT Id, TYPEOF Who WHEN Contact THEN LastName, Email WHEN Lead THEN LastName, Company ELSE Id END, TYPEOF What WHEN Account THEN Name, Phone ELSE Id END, Subject, DurationInMinutes, ActivityDateTime FROM Event"),
		shape: answered + "records[].Id:string records[].Who.attributes.type:string records[].Who.attributes.url:string records[].Who.LastName:string records[].Who.Email:string " +
			"records[].What.attributes:object records[].What.Name:string records[].What.Phone:null records[].Subject:string records[].DurationInMinutes:number records[].ActivityDateTime:string",
		texts: map[string]string{"records.0.Who.attributes.type": "Contact", "records.0.ActivityDateTime": "2024-11-07T07:00:00.000+0000"}})
}
