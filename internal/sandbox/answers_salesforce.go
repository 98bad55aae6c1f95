package sandbox

import (
	"encoding/json"
	"strings"
)

// said is one of Salesforce's errors. Texts are those of "Status Codes and Error Responses" in the REST
// API guide and of recordings; where no source has one, a plain sentence stands for it.
type said struct {
	status  int
	code    string // how a script picks it
	word    string // errorCode, where it is not code
	message string // "%F" is the field it is about
	fields  string // separated by spaces; "-": an empty list; empty: no such key
	row     bool   // may also be the answer to one row of a write
}

// salesforceSays is every error of the REST and Bulk APIs. The first of a status is its usual one.
var salesforceSays = []said{
	{400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "", "The record cannot be saved as it is", "-", true},
	{400, "REQUIRED_FIELD_MISSING", "", "Required fields are missing: [%F]", "LastName", true},
	{400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "", "%F: bad value for restricted picklist field: Unheard-of", "Rating", true},
	{400, "STRING_TOO_LONG", "", "%F: data value too large: a very long value (max length=40)", "FirstName", true},
	{400, "DUPLICATE_VALUE", "", "duplicate value found: %F duplicates value on record with id: 003000000000001", "-", true},
	{400, "DUPLICATE_VALUE_IN_REQUEST", "DUPLICATE_VALUE", "Duplicate external id specified: 77", "HubSpot_Id__c", true},
	{400, "DUPLICATE_EXTERNAL_ID", "", "%F: more than one record found for external id field: [003000000000001AAA, 003000000000002AAA]", "HubSpot_Id__c", true},
	{400, "DUPLICATES_DETECTED", "", "Use one of these records?", "", true},
	{400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "", "KeepContacts: execution of BeforeUpdate\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object\n\nTrigger.KeepContacts: line 3, column 1", "-", true},
	{400, "TRIGGER_LOCK", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "KeepContacts: execution of AfterUpdate\n\ncaused by: System.DmlException: Update failed. First exception on row 0; first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record: []", "-", true},
	{400, "TRIGGER_LIMIT", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "KeepContacts: System.LimitException: Apex CPU time limit exceeded", "-", true},
	{400, "ENTITY_CANNOT_BE_INSERTED", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be inserted: Campaign", "-", true},
	{400, "CANNOT_EXECUTE_FLOW_TRIGGER", "", "We can't save this record because the “Keep contacts” process failed.", "-", true},
	{400, "INSUFFICIENT_ACCESS_OR_READONLY", "", "insufficient access rights on object id", "-", true},
	{400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "", "insufficient access rights on cross-reference id: 001000000000001", "-", true},
	{400, "INVALID_FIELD_FOR_INSERT_UPDATE", "", "Unable to create/update fields: %F. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", "Name", true},
	{400, "INVALID_FIELD", "", "No such column '%F' on sobject of type Contact", "Nickname__c", true},
	{400, "FOREIGN_KEY", "INVALID_FIELD", "Foreign key external ID: 9001 not found for field %F in entity Account", "HubSpot_Id__c", true},
	{400, "ID_IN_BODY", "INVALID_FIELD", "The Id field should not be specified in the sobject data.", "", true},
	{400, "UNABLE_TO_LOCK_ROW", "", "unable to obtain exclusive access to this record or 1 records: 001000000000001AAA", "-", true},
	{400, "INVALID_CROSS_REFERENCE_KEY", "", "invalid cross reference id", "-", true},
	{400, "MALFORMED_ID", "", "Account ID: id value of incorrect type: 003000000000001AAA", "AccountId", true},
	{400, "FIELD_INTEGRITY_EXCEPTION", "", "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid states.: %F", "MailingState", true},
	{400, "INVALID_EMAIL_ADDRESS", "", "%F: invalid email address: not-an-email", "Email", true},
	{400, "INVALID_TYPE_ON_FIELD_IN_RECORD", "", "%F: value not of required type: x", "Birthdate", true},
	{400, "NUMBER_OUTSIDE_VALID_RANGE", "", "%F: value outside of valid range on numeric field: 1000", "Score__c", true},
	{400, "INACTIVE_OWNER_OR_USER", "", "operation performed with inactive user [005000000000001] as owner of contact", "-", true},
	{400, "CANNOT_UPDATE_CONVERTED_LEAD", "", "cannot reference converted lead", "-", true},
	{400, "DELETE_FAILED", "", "Your attempt to delete Lee could not be completed because it is associated with the following cases.: 00001000", "-", true},
	{400, "TRANSFER_REQUIRES_READ", "", "The new owner must have read permission", "-", true},
	{400, "INVALID_STATUS", "", "invalid status", "Status", true},
	{400, "MISSING_ARGUMENT", "", "%F not specified", "HubSpot_Id__c", true},
	{400, "STORAGE_LIMIT_EXCEEDED", "", "storage limit exceeded", "-", true},
	{400, "ALL_OR_NONE_OPERATION_ROLLED_BACK", "", "Record rolled back because not all records were valid and the request was using AllOrNone header", "-", true},
	{400, "PROCESSING_HALTED", "", "The transaction was rolled back since another operation in the same transaction failed.", "", true},
	{400, "TXN_SECURITY_METERING_ERROR", "", "We can't complete the action because enabled transaction security policies took too long to complete.", "", true},
	{400, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "", "The organization is read-only during maintenance", "-", true},
	{400, "DUPLICATE_DEVELOPER_NAME", "", "There is already a field named HubSpot_Id on Contact.", "DeveloperName", false},
	{400, "JSON_PARSER_ERROR", "", "Unexpected character ('}' (code 125)): was expecting double-quote to start field name\n at [line:1, column:2]", "", false},
	{400, "INVALID_TYPE", "", "\nSELECT Id FROM Contacts\n               ^\nERROR at Row:1:Column:16\nsObject type 'Contacts' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", "", false},
	{400, "MALFORMED_QUERY", "", "unexpected token: 'FORM'", "", false},
	{400, "QUERY_TOO_COMPLICATED", "", "Your query is too complicated", "", false},
	{400, "QUERY_TIMEOUT", "", "Your query request was running for too long.", "", false},
	{400, "INVALID_QUERY_LOCATOR", "", "invalid query locator", "", false},
	{400, "OPERATION_TOO_LARGE", "", "exceeded 20000 distinct ids", "", false},
	{400, "EXCEEDED_ID_LIMIT", "", "record limit reached. cannot submit more than 200 records into this call", "", false},
	{400, "INVALID_REPLICATION_DATE", "", "startDate before org replication enabled date", "", false},
	{400, "LIMIT_EXCEEDED", "", "The request can’t contain more than 25 operations.", "", false},
	{400, "INVALIDJOB", "", "InvalidJob : Unsupported operation: save", "", false},
	{400, "INVALIDJOBSTATE", "", "Closing already Aborted Job not allowed", "", false},
	{400, "INVALIDENTITY", "", "Entity 'Contacts' is not supported by the Bulk API.", "", false},
	{400, "INVALIDBATCH", "", "InvalidBatch : Field name not found : Nickname__c", "", false},
	{400, "INVALIDUSER", "", "InvalidUser : the user may not use the Bulk API", "", false},
	{400, "CLIENTINPUTERROR", "", "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF", "", false},
	{400, "EXCEEDEDQUOTA", "", "ExceededQuota : TotalRequests Limit exceeded.", "", false},
	{400, "FEATURENOTENABLED", "", "FeatureNotEnabled : Async Api not enabled", "", false},
	{400, "API_ERROR", "", "Error encountered when deleting the job because the job is not terminated", "", false},
	{400, "TIMEOUT", "", "Timeout : the batch took too long", "", false},
	{400, "TOOMANYLOCKFAILURE", "", "TooManyLockFailure : Too many lock failure 200 out of 200", "", false},

	{401, "INVALID_SESSION_ID", "", "Session expired or invalid", "", false},
	{401, "SESSION_NOT_FOR_REST", "INVALID_SESSION_ID", "This session is not valid for use with the REST API", "", false},
	{401, "APP_NOT_ATTACHED", "INVALID_SESSION_ID", "Connected app is not attached to Agent", "", false},
	{401, "INVALID_AUTH_HEADER", "", "INVALID_HEADER_TYPE", "", false},

	{403, "REQUEST_LIMIT_EXCEEDED", "", "TotalRequests Limit exceeded.", "", true},
	{403, "CONCURRENT", "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", "", true},
	{403, "INSUFFICIENT_ACCESS", "", "insufficient access rights on object id", "", true},
	{403, "INSUFFICIENT_ACCESS_OR_READONLY", "", "entity is read-only", "-", false},
	{403, "API_DISABLED_FOR_ORG", "", "API is not enabled for this Organization or Partner", "", false},
	{403, "API_CURRENTLY_DISABLED", "", "API is disabled for this User", "", false},
	{403, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "", "The users password has expired, you must call SetPassword before attempting any other API operations", "", false},
	{403, "TXN_SECURITY_METERING_ERROR", "", "We can't complete the action because enabled transaction security policies took too long to complete.", "", false},

	{404, "NOT_FOUND", "", "The requested resource does not exist", "", false},
	{404, "NO_EXTERNAL_ID", "NOT_FOUND", "Provided external ID field does not exist or is not accessible: Namez", "", false},
	{404, "ENTITY_IS_DELETED", "", "entity is deleted", "-", true},
	{404, "INVALID_CROSS_REFERENCE_KEY", "", "invalid cross reference id", "-", false},
	{404, "UNSUPPORTED_API_VERSION", "", "The requested API version is not supported", "", false},
	{404, "INVALID_QUERY_LOCATOR", "", "invalid query locator", "", false},
	{405, "METHOD_NOT_ALLOWED", "", "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,PATCH", "", false},
	{409, "VERSION_MISMATCH", "API_ERROR", "The job was created with another API version", "", false},
	{410, "UNSUPPORTED_API_VERSION", "", "The requested API version is not supported", "", false},
	{412, "PRECONDITION_FAILED", "", "The precondition was not met", "", false},
	{415, "UNSUPPORTED_MEDIA_TYPE", "", "Content-Type header specified in HTTP request is not supported: text/plain", "", false},
	{429, "REQUEST_LIMIT_EXCEEDED", "", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", "", false},
	{500, "UNKNOWN_EXCEPTION", "", "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-1234567890)", "", true},
	{503, "SERVER_UNAVAILABLE", "", "Server Unavailable", "", true},
	{503, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "", "The organization is read-only during maintenance", "", false},
}

// word is what the answer's errorCode or statusCode says.
func (s said) errorCode() string {
	if s.word != "" {
		return s.word
	}
	return s.code
}

// about is the message and the fields with the field a fault names, or the usual one.
func (s said) about(field string) (message string, fields []string) {
	if s.fields != "" && s.fields != "-" {
		fields = strings.Fields(s.fields)
	}
	usual := "HubSpot_Id__c" // DUPLICATE_VALUE names its field in the text alone
	switch {
	case field != "" && fields != nil:
		fields = []string{field}
	case fields != nil:
		field = fields[0]
	}
	if field == "" {
		field = usual
	}
	return strings.ReplaceAll(s.message, "%F", field), fields
}

// body is the error as single-record resources and queries have it.
func (s said) body(field string) string {
	message, fields := s.about(field)
	one := map[string]any{"message": message, "errorCode": s.errorCode()}
	if s.fields != "" {
		one["fields"] = append([]string{}, fields...)
	}
	if s.code == "DUPLICATES_DETECTED" {
		one["duplicateResut"] = map[string]any{ // misspelt by Salesforce
			"allowSave": false, "duplicateRule": "Standard_Contact_Duplicate_Rule", "duplicateRuleEntityType": "Contact", "errorMessage": message, "matchResults": []any{},
		}
	}
	text, err := json.Marshal([]any{one})
	if err != nil {
		panic(err) // only texts of this table come here
	}
	return string(text)
}

// salesforcePages are the answers that are no JSON: of the edge and of proxies before the org.
var salesforcePages = []answer{
	{code: "EXTERNAL_ID_MATCHES_SEVERAL", status: 300, body: `["/services/data/v66.0/sobjects/Contact/003000000000001AAA","/services/data/v66.0/sobjects/Contact/003000000000002AAA"]`},
	{code: "HTML", status: 401, form: "text/html", body: "<html><head><title>Error</title></head><body>The request has no content type</body></html>\n"},
	{code: "BAD_OAUTH_TOKEN", status: 403, form: "text/plain", body: "Bad_OAuth_Token"},
	{code: "EMPTY", status: 406},
	{code: "HTML", status: 420, form: "text/html", body: "<html><head><title>420</title></head><body>No routing information</body></html>\n"},
	{code: "HTML", status: 431, form: "text/html", body: "<html><body><h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre></body></html>\n"},
	{code: "HTML", status: 502, form: "text/html", body: htmlPage},
	{code: "HTML", status: 503, form: "text/html", body: "<html><head><title>We are down for maintenance.</title></head><body>We are down for maintenance.</body></html>\n"},
	{code: "HTML", status: 504, form: "text/html", body: "<html><head><title>504 Gateway Time-out</title></head><body>504 Gateway Time-out</body></html>\n"},
}

// salesforceLogin are refusals by the token endpoint, by the code a script picks them with. They strike
// token requests alone; other codes of the same status there become the transient unknown_error.
var salesforceLogin = []answer{
	login("invalid_client_credentials", 401, "invalid_client", "invalid client credentials"),
	login("user_is_not_admin_approved", 403, "invalid_app_access", "user is not admin approved to access this app"),
	login("retry_your_request", 400, "unknown_error", "retry your request"),
	login("user_has_not_approved", 400, "invalid_grant", "user hasn't approved this consumer"),
	login("audience_is_invalid", 400, "invalid_grant", "audience is invalid"),
	login("expired_authorization_code", 400, "invalid_grant", "expired authorization code"),
	login("invalid_assertion", 400, "invalid_grant", "invalid assertion"),
	login("expired_access_refresh_token", 400, "invalid_grant", "expired access/refresh token"),
	login("authentication_failure", 400, "invalid_grant", "authentication failure"),
	login("invalid_password", 400, "invalid_grant", "authentication failure - Invalid Password"),
	login("user_is_locked", 400, "invalid_grant", "user is locked"),
	login("no_client_credentials_user", 400, "invalid_grant", "no client credentials user enabled"),
	login("not_supported_on_this_domain", 400, "invalid_grant", "request not supported on this domain"),
	login("client_identifier_invalid", 400, "invalid_client_id", "client identifier invalid"),
	login("invalid_client", 400, "invalid_client", "invalid client credentials"),
	login("grant_type_not_supported", 400, "unsupported_grant_type", "grant type not supported"),
	login("missing_grant_type", 400, "invalid_request", "missing required parameter: grant_type"),
	login("invalid_app_access", 400, "invalid_app_access", "user is not admin approved to access this app"),
}

func login(code string, status int, word, description string) answer {
	body, err := json.Marshal(map[string]string{"error": word, "error_description": description})
	if err != nil {
		panic(err) // texts of this table
	}
	return answer{code: code, status: status, body: string(body), login: true}
}

// salesforceAnswers gathers the tables.
func salesforceAnswers() []answer {
	var all []answer
	for _, s := range salesforceSays {
		all = append(all, answer{code: s.code, status: s.status, says: &s})
	}
	return append(append(all, salesforcePages...), salesforceLogin...)
}
