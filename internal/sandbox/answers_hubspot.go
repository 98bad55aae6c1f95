package sandbox

import "lockstep/internal/sandbox/hubspot"

// htmlNotFound is the page of HubSpot's web server.
const htmlNotFound = "<html>\n<head><title>Error 404</title></head>\n<body><h2>HTTP ERROR 404 Resource not found</h2></body>\n</html>\n"

const docsOAuth = "https://developers.hubspot.com/docs/methods/auth/oauth-overview"

// hubspotAnswers are HubSpot's errors, in the words of its error-handling and usage-guidelines pages and
// of recordings. "%s" is where the correlation id goes. The first of a status is its usual one.
var hubspotAnswers = []answer{
	{code: "PROPERTY_DOESNT_EXIST", status: 400, body: `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"nickname\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"nickname\"}]","correlationId":"%s","errors":[{"message":"Property \"nickname\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["nickname"]}}],"category":"VALIDATION_ERROR"}`},
	{code: "NO_ERRORS_LIST", status: 400, body: `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"abc was not a valid number.\",\"error\":\"INVALID_INTEGER\",\"name\":\"numemployees\"}]","correlationId":"%s","category":"VALIDATION_ERROR"}`},
	{code: "ERRORS_AS_TEXT", status: 400, body: `{"status":"error","message":"Something was not valid","correlationId":"%s","errors":["first","second"]}`},
	{code: "MISSING_REQUIRED", status: 400, body: `{"status":"error","message":"Error creating DEAL. Some required properties were not set.","correlationId":"%s","context":{"properties":["dealname"]},"category":"VALIDATION_ERROR"}`},
	{code: "UNIQUE_VALUE", status: 400, body: `{"status":"error","message":"Cannot set PropertyValueCoordinates{portalId=12345678, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=salesforce_id, value=V} on 10000002. 10000001 already has that value.","correlationId":"%s","category":"VALIDATION_ERROR"}`},
	{code: "DUPLICATE_IDS", status: 400, body: `{"status":"error","message":"Duplicate IDs found in batch input: [123456]. IDs must be unique","correlationId":"%s","context":{"ids":["123456"]},"category":"VALIDATION_ERROR"}`},
	{code: "TOO_MANY_INPUTS", status: 400, body: `{"status":"error","message":"The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again","correlationId":"%s","category":"VALIDATION_ERROR"}`},
	{code: "UNKNOWN_TYPE", status: 400, body: `{"status":"error","message":"Unable to infer object type from: butterflies","correlationId":"%s"}`},
	{code: "INVALID_JSON", status: 400, body: `{"status":"error","message":"Invalid input JSON on line 1, column 2: Cannot deserialize value of type ` + "`java.lang.String`" + ` from Object value (token ` + "`JsonToken.START_OBJECT`" + `)","correlationId":"%s"}`},
	{code: "NOT_BY_THAT_PROPERTY", status: 400, body: `{"status":"error","message":"Unable to perform update/upsert by non-unique 0-2 property hs_object_id in portal ID 12345678","correlationId":"%s","category":"VALIDATION_ERROR"}`},

	{code: "INVALID_AUTHENTICATION", status: 401, body: `{"status":"error","message":"Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at ` + docsOAuth + `","correlationId":"%s","category":"INVALID_AUTHENTICATION"}`},
	{code: "EXPIRED_AUTHENTICATION", status: 401, body: `{"status":"error","message":"The OAuth token used to make this call expired 3 minute(s) ago.","correlationId":"%s","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-01-01T00:00:00Z"]}}`},
	{code: "UNREADABLE_TOKEN", status: 401, body: `{"status":"error","message":"The OAuth token used to make this call expired 20705 day(s) ago.","correlationId":"%s","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["1970-01-01T00:00:00Z"]}}`},

	{code: "MISSING_SCOPES", status: 403, body: `{"status":"error","message":"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.","correlationId":"%s","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.contacts.read"]}}],"links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}`},
	{code: "MISSING_SCOPES_OF_SCHEMAS", status: 403, body: `{"status":"error","message":"One or more of the following scopes are required.","correlationId":"%s","context":{"requiredGranularScopes":["custom-object-read"],"links":["https://developers.hubspot.com/scopes"]},"category":"MISSING_SCOPES"}`},

	{code: "RESOURCE_NOT_FOUND", status: 404, body: `{"status":"error","message":"resource not found","correlationId":"%s"}`},
	{code: "OBJECT_NOT_FOUND", status: 404, body: `{"status":"error","message":"Object not found.  objectId are usually numeric.","correlationId":"%s","context":{"id":["abc"]},"category":"OBJECT_NOT_FOUND"}`},
	{code: "HTML", status: 404, form: "text/html;charset=iso-8859-1", body: htmlNotFound},
	{code: "WRONG_METHOD", status: 405, body: `{"status":"error","message":"HTTP 405 Method Not Allowed","correlationId":"%s"}`},

	{code: "CONFLICT", status: 409, body: `{"status":"error","message":"Contact already exists. Existing ID: 10000001","correlationId":"%s","category":"CONFLICT"}`},
	{code: "CONFLICT_UNNAMED", status: 409, body: `{"status":"error","message":"Contact already exists","correlationId":"%s","category":"CONFLICT"}`},
	{code: "OBJECT_ALREADY_EXISTS", status: 409, body: `{"status":"error","message":"A property named 'age__c' already exists.","correlationId":"%s","context":{"name":["age__c"]},"category":"OBJECT_ALREADY_EXISTS","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS"}`},
	{code: "UNIQUE_VALUE_CONFLICT", status: 409, body: `{"status":"error","message":"That value is taken","correlationId":"%s","errorType":"UNIQUE_VALUE_CONFLICT","errorTokens":{"existingObjectId":["10000001"]}}`},

	{code: "TOO_LARGE", status: 413, body: `{"status":"error","message":"Request Entity Too Large","correlationId":"%s"}`},
	{code: "URI_TOO_LONG", status: 414, body: `{"status":"error","message":"URI Too Long","correlationId":"%s"}`},
	{code: "TOO_MANY_MERGES", status: 414, body: `{"status":"error","message":"Cannot have more than 250 identities on a profile","correlationId":"%s"}`},
	{code: "WRONG_CONTENT_TYPE", status: 415, body: `{"status":"error","message":"HTTP 415 Unsupported Media Type","correlationId":"%s"}`},
	{code: "LOCKED", status: 423, body: `{"status":"error","message":"The resource is locked by another process","correlationId":"%s"}`},

	{code: "TEN_SECONDLY_ROLLING", status: 429, body: `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"%s","policyName":"TEN_SECONDLY_ROLLING"}`},
	{code: "TEN_SECONDLY_BY_CATEGORY", status: 429, body: `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","correlationId":"%s","category":"RATE_LIMITS"}`},
	{code: "SECONDLY", status: 429, body: `{"status":"error","message":"You have reached your secondly limit.","correlationId":"%s","category":"RATE_LIMITS"}`},
	{code: "SECONDLY_BY_POLICY", status: 429, body: `{"status":"error","message":"You have reached your secondly limit.","errorType":"RATE_LIMIT","correlationId":"%s","policyName":"SECONDLY"}`},
	{code: "DAILY", status: 429, body: `{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","correlationId":"%s","policyName":"DAILY"}`},

	{code: "MOVING", status: 477, retry: "3600", body: `{"status":"error","message":"The account is being moved to another data center","correlationId":"%s"}`},
	{code: "INTERNAL", status: 500, body: `{"status":"error","message":"internal error","correlationId":"%s"}`},
	{code: "HTML", status: 502, form: "text/html; charset=utf-8", body: htmlPage},
	{code: "EMPTY", status: 502},
	{code: "UNAVAILABLE", status: 503, body: `{"status":"error","message":"Service temporarily unavailable","correlationId":"%s"}`},
	{code: "HTML", status: 504, form: "text/html; charset=utf-8", body: "<html><head><title>504 Gateway Time-out</title></head><body>504 Gateway Time-out</body></html>\n"},
	{code: "HTML", status: 521, form: "text/html; charset=utf-8", body: edgePage},
	{code: "HTML", status: 522, form: "text/html; charset=utf-8", body: edgePage},
	{code: "HTML", status: 523, form: "text/html; charset=utf-8", body: edgePage},
	{code: "HTML", status: 524, form: "text/html; charset=utf-8", body: edgePage},
	{code: "HTML", status: 525, form: "text/html; charset=utf-8", body: edgePage},
	{code: "HTML", status: 526, form: "text/html; charset=utf-8", body: edgePage},

	{code: "BAD_REFRESH_TOKEN", status: 400, login: true, body: `{"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"}`},
	{code: "BAD_CLIENT_ID", status: 400, login: true, body: `{"error":"invalid_client","error_description":"missing or invalid client id","status":"BAD_CLIENT_ID","message":"missing or invalid client id"}`},
	{code: "BAD_CLIENT_SECRET", status: 400, login: true, body: `{"error":"invalid_client","error_description":"missing or invalid client secret","status":"BAD_CLIENT_SECRET","message":"missing or invalid client secret"}`},
}

// edgePage is what the content network before HubSpot says when it cannot reach it.
const edgePage = "<!DOCTYPE html>\n<html><head><title>Web server is down</title></head><body>Web server is down</body></html>\n"

// hubspotRows are the refusals of one row of a batch write, by the code a script picks them with. "%F" is
// the property it is about.
var hubspotRows = []struct {
	code     string
	property string // the usual one; empty: the row as such
	refusal  hubspot.Refusal
}{
	{"PROPERTY_DOESNT_EXIST", "nickname", hubspot.Refusal{Message: `Property "%F" does not exist`}},
	{"READ_ONLY_VALUE", "num_notes", hubspot.Refusal{Message: `"%F" is a calculated property; its value cannot be set.`}},
	{"INVALID_EMAIL", "email", hubspot.Refusal{Message: "Email address abc is invalid"}},
	{"INVALID_OPTION", "lifecyclestage", hubspot.Refusal{Message: "foo was not one of the allowed options: [subscriber, lead, customer]"}},
	{"INVALID_INTEGER", "numemployees", hubspot.Refusal{Message: "abc was not a valid number."}},
	{"INVALID_LONG", "closedate", hubspot.Refusal{Message: "abc was not a valid long."}},
	{"INVALID_DATE", "date_of_birth", hubspot.Refusal{Message: "abc is not a valid date"}},
	{"CONFLICTING_UNIQUE_VALUE", "salesforce_id", hubspot.Refusal{Message: "%F conflicts with another record"}},
	{"CONFLICT", "", hubspot.Refusal{Status: 409, Category: "CONFLICT", Message: "Contact already exists. Existing ID: 10000001"}},
	{"OBJECT_NOT_FOUND", "", hubspot.Refusal{Status: 404, Category: "OBJECT_NOT_FOUND", Message: "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."}},
	{"VALIDATION_ERROR", "", hubspot.Refusal{Status: 400, Category: "VALIDATION_ERROR", Message: "The row is not valid"}},
}
