package load_test

import (
	"net/http"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/salesforce"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
	"lockstep/internal/wire"
	"lockstep/load"
)

// salesforceReference is every error code of the Salesforce reference by the section it comes from.
var salesforceReference = map[string][]string{
	"§0": {
		"300", "401 HTML or XML without Content-Type", "UNSUPPORTED_API_VERSION", "METHOD_NOT_ALLOWED", "406 empty", "409 version mismatch",
		"PRECONDITION_FAILED", "UNSUPPORTED_MEDIA_TYPE", "420 HTML", "431 HTML", "UNKNOWN_EXCEPTION", "502 HTML", "503 HTML", "504 HTML", "Bad_OAuth_Token",
	},
	"§1.1": {
		"invalid_grant user hasn't approved this consumer", "invalid_grant audience is invalid", "invalid_grant expired authorization code",
		"invalid_grant invalid assertion", "invalid_grant expired access/refresh token", "invalid_grant authentication failure",
		"invalid_grant authentication failure - Invalid Password", "invalid_grant user is locked", "invalid_grant no client credentials user enabled",
		"invalid_grant request not supported on this domain", "invalid_client_id client identifier invalid", "invalid_client invalid client credentials",
		"invalid_client with 401", "unsupported_grant_type grant type not supported", "invalid_request missing required parameter: grant_type",
		"invalid_app_access user is not admin approved to access this app", "invalid_app_access with 403", "unknown_error retry your request",
	},
	"§1.2": {
		"INVALID_SESSION_ID", "INVALID_SESSION_ID Connected app is not attached to Agent", "INVALID_SESSION_ID This session is not valid for use with the REST API",
		"INVALID_AUTH_HEADER", "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "Bad_OAuth_Token",
	},
	"§2.4": {
		"INVALID_TYPE", "INVALID_FIELD No such column", "MALFORMED_QUERY", "QUERY_TOO_COMPLICATED", "QUERY_TIMEOUT", "OPERATION_TOO_LARGE", "INVALID_QUERY_LOCATOR",
		"INVALID_QUERY_LOCATOR with 404",
	},
	"§2.5": {"EXCEEDED_ID_LIMIT", "INVALID_REPLICATION_DATE"},
	"§4": {
		"JSON_PARSER_ERROR", "INVALID_FIELD No such column", "INVALID_FIELD Foreign key external ID", "INVALID_FIELD The Id field should not be specified",
		"300", "NOT_FOUND", "NOT_FOUND external ID field", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "INVALID_CROSS_REFERENCE_KEY with 404",
		"DUPLICATES_DETECTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK", "EXCEEDED_ID_LIMIT", "DUPLICATE_VALUE twice in a request", "DUPLICATE_EXTERNAL_ID",
		"MISSING_ARGUMENT", "PROCESSING_HALTED", "LIMIT_EXCEEDED", "InvalidBatch of a job", "ClientInputError of a job",
		"INVALIDJOB", "INVALIDJOBSTATE", "INVALIDENTITY", "EXCEEDEDQUOTA", "API_ERROR", "FEATURENOTENABLED", "INVALIDUSER", "INVALIDBATCH",
		"CLIENTINPUTERROR", "TIMEOUT", "TOOMANYLOCKFAILURE", "REQUIRED_FIELD_MISSING of a Bulk row",
	},
	"§5": {
		"REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED Concurrent", "REQUEST_LIMIT_EXCEEDED Concurrent with 429", "STORAGE_LIMIT_EXCEEDED",
		"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY LimitException",
	},
	"§7": {
		"REQUIRED_FIELD_MISSING", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "STRING_TOO_LONG", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "DUPLICATE_VALUE",
		"DUPLICATE_VALUE twice in a request", "DUPLICATE_EXTERNAL_ID", "DUPLICATES_DETECTED", "ENTITY_IS_DELETED", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
		"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY UNABLE_TO_LOCK_ROW", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY LimitException",
		"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY entity type cannot be inserted", "CANNOT_EXECUTE_FLOW_TRIGGER", "INSUFFICIENT_ACCESS_OR_READONLY",
		"INSUFFICIENT_ACCESS_OR_READONLY with 403", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "INSUFFICIENT_ACCESS", "INVALID_FIELD_FOR_INSERT_UPDATE",
		"INVALID_FIELD No such column", "INVALID_FIELD Foreign key external ID", "INVALID_FIELD The Id field should not be specified", "UNABLE_TO_LOCK_ROW",
		"INVALID_CROSS_REFERENCE_KEY", "INVALID_CROSS_REFERENCE_KEY with 404", "MALFORMED_ID", "FIELD_INTEGRITY_EXCEPTION", "INVALID_EMAIL_ADDRESS",
		"INVALID_TYPE_ON_FIELD_IN_RECORD", "NUMBER_OUTSIDE_VALID_RANGE", "JSON_PARSER_ERROR", "INACTIVE_OWNER_OR_USER", "CANNOT_UPDATE_CONVERTED_LEAD",
		"DELETE_FAILED", "TRANSFER_REQUIRES_READ", "INVALID_STATUS", "NOT_FOUND", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE", "INVALID_SESSION_ID",
		"REQUEST_LIMIT_EXCEEDED", "TXN_SECURITY_METERING_ERROR", "QUERY_TIMEOUT", "INVALID_QUERY_LOCATOR", "ALL_OR_NONE_OPERATION_ROLLED_BACK",
		"PROCESSING_HALTED", "OPERATION_TOO_LARGE", "EXCEEDED_ID_LIMIT", "STORAGE_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION",
		"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
	},
	"§9": {"DUPLICATE_DEVELOPER_NAME"},
}

// both is a code that whole requests and rows have under one name.
func both(code string) []string { return []string{"400 " + code, "rows " + code} }

// salesforceCodes is the table.
func salesforceCodes() []errorCode {
	return []errorCode{
		// What the record's values can put right.
		{name: "REQUIRED_FIELD_MISSING", kind: wire.Record, faults: both("REQUIRED_FIELD_MISSING"), rule: createContact("FirstName", "Ann")},
		{name: "STRING_TOO_LONG", kind: wire.Record, faults: both("STRING_TOO_LONG"), rule: createContact("LastName", strings.Repeat("x", 81))},
		{name: "FIELD_CUSTOM_VALIDATION_EXCEPTION", kind: wire.Record, faults: both("FIELD_CUSTOM_VALIDATION_EXCEPTION"), rule: validated},
		{name: "DUPLICATE_VALUE twice in a request", kind: wire.Record, faults: both("DUPLICATE_VALUE_IN_REQUEST"), rule: upsertTwice},
		{name: "DUPLICATE_EXTERNAL_ID", kind: wire.Record, faults: both("DUPLICATE_EXTERNAL_ID"), rule: upsertOnASharedKey},
		{name: "300", kind: wire.Record, faults: []string{"300 EXTERNAL_ID_MATCHES_SEVERAL"}, odd: "DUPLICATE_EXTERNAL_ID", rule: readOnASharedKey},
		{name: "DUPLICATES_DETECTED", kind: wire.Record, faults: both("DUPLICATES_DETECTED"), rule: duplicateRule},
		{name: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", kind: wire.Record, faults: both("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"), rule: triggered("Attempt to de-reference a null object")},
		{name: "CANNOT_EXECUTE_FLOW_TRIGGER", kind: wire.Record, faults: both("CANNOT_EXECUTE_FLOW_TRIGGER"), rule: flowFails},
		{name: "INVALID_CROSS_REFERENCE_KEY", kind: wire.Record, faults: both("INVALID_CROSS_REFERENCE_KEY"), rule: updateOf("003Sx0000999999AAA", "Title", "x")},
		{name: "INVALID_CROSS_REFERENCE_KEY with 404", kind: wire.Record, faults: []string{"404 INVALID_CROSS_REFERENCE_KEY"}, rule: part(http.MethodDelete, "/sobjects/Contact/003Sx0000999999AAA", nil)},
		{name: "MALFORMED_ID", kind: wire.Record, faults: both("MALFORMED_ID"), rule: updateOf("abc123", "Title", "x")},
		{name: "FIELD_INTEGRITY_EXCEPTION", kind: wire.Record, faults: both("FIELD_INTEGRITY_EXCEPTION"), rule: createContact("LastName", "Lee", "AccountId", "005Sx0000000001AAA")},
		{name: "INVALID_EMAIL_ADDRESS", kind: wire.Record, faults: both("INVALID_EMAIL_ADDRESS"), rule: createContact("LastName", "Lee", "Email", "not-an-email")},
		{name: "NUMBER_OUTSIDE_VALID_RANGE", kind: wire.Record, faults: both("NUMBER_OUTSIDE_VALID_RANGE"), rule: create("Account", "Name", "Kite Ltd", "NumberOfEmployees", "9000000000")},
		{name: "INACTIVE_OWNER_OR_USER", kind: wire.Record, faults: both("INACTIVE_OWNER_OR_USER"), rule: inactiveOwner},
		{name: "DELETE_FAILED", kind: wire.Record, faults: both("DELETE_FAILED"), rule: deleteWithCases},
		{name: "INVALID_STATUS", kind: wire.Record, faults: both("INVALID_STATUS"), rule: create("Lead", "LastName", "Lee", "Company", "Kite Ltd", "Status", "Closed - Converted")},
		{name: "REQUIRED_FIELD_MISSING of a Bulk row", kind: wire.Record, rule: bulkRow},

		// What names in the SQL or the setup can put right.
		{name: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", kind: wire.Mapping, faults: both("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"), rule: createContact("LastName", "Lee", "MailingGeocodeAccuracy", "Nearby")},
		{name: "INVALID_FIELD No such column", kind: wire.Mapping, faults: both("INVALID_FIELD"), rule: query("SELECT Nickname__c FROM Contact")},
		{name: "INVALID_FIELD The Id field should not be specified", kind: wire.Mapping, faults: both("ID_IN_BODY"), rule: idInBody},
		{name: "INVALID_FIELD_FOR_INSERT_UPDATE", kind: wire.Mapping, faults: both("INVALID_FIELD_FOR_INSERT_UPDATE"), rule: createContact("LastName", "Lee", "CreatedDate", "2026-01-01T00:00:00Z")},
		{name: "INVALID_TYPE_ON_FIELD_IN_RECORD", kind: wire.Mapping, faults: both("INVALID_TYPE_ON_FIELD_IN_RECORD"), rule: bulkBadCell},
		{name: "JSON_PARSER_ERROR", kind: wire.Mapping, faults: []string{"400 JSON_PARSER_ERROR"}, rule: createContact("LastName", "Lee", "Birthdate", "soon")},
		{name: "MISSING_ARGUMENT", kind: wire.Mapping, faults: both("MISSING_ARGUMENT"), rule: part(http.MethodGet, "/composite/sobjects/Contact?ids=003Sx0000000001AAA&fields=", nil)},
		{name: "INVALID_TYPE", kind: wire.Mapping, faults: []string{"400 INVALID_TYPE"}, rule: query("SELECT Id FROM Butterfly")},
		{name: "MALFORMED_QUERY", kind: wire.Mapping, faults: []string{"400 MALFORMED_QUERY"}, rule: query("SELECT Id FORM Contact")},
		{name: "QUERY_TOO_COMPLICATED", kind: wire.Mapping, faults: []string{"400 QUERY_TOO_COMPLICATED"}, rule: query("SELECT Id FROM Contact WHERE " + strings.Repeat("(", 600) + "Name = 'x'" + strings.Repeat(")", 600))},
		{name: "NOT_FOUND", kind: wire.Mapping, faults: []string{"404 NOT_FOUND"}, rule: func(t *testing.T, c *crms) heard {
			_, err := c.salesforce.Describe(t.Context(), "Butterfly")
			return told(err)
		}},
		{name: "NOT_FOUND external ID field", kind: wire.Mapping, faults: []string{"404 NO_EXTERNAL_ID"}, rule: part(http.MethodGet, "/sobjects/Contact/Namez/1", nil)},
		{name: "INVALIDENTITY", kind: wire.Mapping, faults: []string{"400 INVALIDENTITY"}, rule: createJob("Butterfly", "insert")},
		{name: "INVALIDBATCH", kind: wire.Mapping, faults: []string{"400 INVALIDBATCH"}},
		{name: "CLIENTINPUTERROR", kind: wire.Mapping, faults: []string{"400 CLIENTINPUTERROR"}},
		{name: "InvalidBatch of a job", kind: wire.Mapping, rule: jobFails("LastName,Nickname__c\nLee,x\n")},
		{name: "ClientInputError of a job", kind: wire.Mapping, rule: jobFails("LastName,Title\r\nLee,x\r\n")},

		// What the record has become, or who has its key.
		{name: "DUPLICATE_VALUE", kind: wire.Follow, faults: both("DUPLICATE_VALUE"), rule: duplicateValue},
		{name: "ENTITY_IS_DELETED", kind: wire.Follow, faults: []string{"404 ENTITY_IS_DELETED", "rows ENTITY_IS_DELETED"}, rule: updateDeleted},
		{name: "CANNOT_UPDATE_CONVERTED_LEAD", kind: wire.Follow, faults: both("CANNOT_UPDATE_CONVERTED_LEAD"), rule: updateConverted},
		{name: "DUPLICATE_DEVELOPER_NAME", kind: wire.Follow, faults: []string{"400 DUPLICATE_DEVELOPER_NAME"}, rule: fieldTwice},

		// What goes by itself.
		{name: "UNABLE_TO_LOCK_ROW", kind: wire.Retry, faults: both("UNABLE_TO_LOCK_ROW"), rule: updateLocked},
		{name: "INVALID_FIELD Foreign key external ID", kind: wire.Retry, faults: both("FOREIGN_KEY"), rule: orphan},
		{name: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY UNABLE_TO_LOCK_ROW", kind: wire.Retry, faults: both("TRIGGER_LOCK"), rule: triggered("System.DmlException: Update failed. first error: UNABLE_TO_LOCK_ROW")},
		{name: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY LimitException", kind: wire.Retry, faults: both("TRIGGER_LIMIT"), rule: triggered("System.LimitException: Apex CPU time limit exceeded")},
		{name: "ALL_OR_NONE_OPERATION_ROLLED_BACK", kind: wire.Retry, faults: both("ALL_OR_NONE_OPERATION_ROLLED_BACK")},
		{name: "PROCESSING_HALTED", kind: wire.Retry, faults: both("PROCESSING_HALTED"), rule: part(http.MethodPatch, "/sobjects/Contact/@{nobody.id}", map[string]string{"Title": "x"})},
		{name: "QUERY_TIMEOUT", kind: wire.Retry, faults: []string{"400 QUERY_TIMEOUT"}},
		{name: "TIMEOUT", kind: wire.Retry, faults: []string{"400 TIMEOUT"}},
		{name: "TOOMANYLOCKFAILURE", kind: wire.Retry, faults: []string{"400 TOOMANYLOCKFAILURE"}},
		{name: "TXN_SECURITY_METERING_ERROR", kind: wire.Retry, faults: append(both("TXN_SECURITY_METERING_ERROR"), "403 TXN_SECURITY_METERING_ERROR")},
		{name: "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", kind: wire.Retry,
			faults: append(both("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"), "503 INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE")},
		{name: "REQUEST_LIMIT_EXCEEDED Concurrent", kind: wire.Retry, faults: []string{"403 CONCURRENT", "rows CONCURRENT"}},
		{name: "REQUEST_LIMIT_EXCEEDED Concurrent with 429", kind: wire.Retry, faults: []string{"429 REQUEST_LIMIT_EXCEEDED"}},
		{name: "UNKNOWN_EXCEPTION", kind: wire.Retry, faults: []string{"500 UNKNOWN_EXCEPTION", "rows UNKNOWN_EXCEPTION"}},
		{name: "SERVER_UNAVAILABLE", kind: wire.Retry, faults: []string{"503 SERVER_UNAVAILABLE", "rows SERVER_UNAVAILABLE"}},
		{name: "406 empty", kind: wire.Retry, odd: "-", faults: []string{"406 EMPTY"}},
		{name: "420 HTML", kind: wire.Retry, odd: "-", faults: []string{"420 HTML"}},
		{name: "502 HTML", kind: wire.Retry, odd: "-", faults: []string{"502 HTML"}},
		{name: "503 HTML", kind: wire.Retry, odd: "-", faults: []string{"503 HTML"}},
		{name: "504 HTML", kind: wire.Retry, odd: "-", faults: []string{"504 HTML"}},
		{name: "unknown_error retry your request", kind: wire.Retry, faults: []string{"400 retry_your_request"}},

		// What has to reset.
		{name: "REQUEST_LIMIT_EXCEEDED", kind: wire.Quota, faults: []string{"403 REQUEST_LIMIT_EXCEEDED", "rows REQUEST_LIMIT_EXCEEDED"}, rule: dayUsedUp},
		{name: "EXCEEDEDQUOTA", kind: wire.Quota, faults: []string{"400 EXCEEDEDQUOTA"}},

		// Secrets and permissions.
		{name: "INVALID_SESSION_ID", kind: wire.Credentials, faults: []string{"401 INVALID_SESSION_ID"}},
		{name: "INVALID_SESSION_ID This session is not valid for use with the REST API", kind: wire.Credentials, faults: []string{"401 SESSION_NOT_FOR_REST"}},
		{name: "INVALID_SESSION_ID Connected app is not attached to Agent", kind: wire.Credentials, faults: []string{"401 APP_NOT_ATTACHED"}},
		{name: "INVALID_AUTH_HEADER", kind: wire.Credentials, faults: []string{"401 INVALID_AUTH_HEADER"}},
		{name: "401 HTML or XML without Content-Type", kind: wire.Credentials, odd: "-", faults: []string{"401 HTML"}},
		{name: "API_DISABLED_FOR_ORG", kind: wire.Credentials, faults: []string{"403 API_DISABLED_FOR_ORG"}},
		{name: "API_CURRENTLY_DISABLED", kind: wire.Credentials, faults: []string{"403 API_CURRENTLY_DISABLED"}},
		{name: "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", kind: wire.Credentials, faults: []string{"403 INVALID_OPERATION_WITH_EXPIRED_PASSWORD"}},
		{name: "Bad_OAuth_Token", kind: wire.Credentials, faults: []string{"403 BAD_OAUTH_TOKEN"}},
		{name: "INSUFFICIENT_ACCESS", kind: wire.Credentials, faults: []string{"403 INSUFFICIENT_ACCESS", "rows INSUFFICIENT_ACCESS"}},
		{name: "INSUFFICIENT_ACCESS_OR_READONLY", kind: wire.Credentials, faults: both("INSUFFICIENT_ACCESS_OR_READONLY"), rule: updateProtected},
		{name: "INSUFFICIENT_ACCESS_OR_READONLY with 403", kind: wire.Credentials, faults: []string{"403 INSUFFICIENT_ACCESS_OR_READONLY"}},
		{name: "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", kind: wire.Credentials, faults: both("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"), rule: createContact("LastName", "Lee", "AccountId", "001Sx0000999999AAA")},
		{name: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY entity type cannot be inserted", kind: wire.Credentials, faults: both("ENTITY_CANNOT_BE_INSERTED"), rule: forbidden},
		{name: "TRANSFER_REQUIRES_READ", kind: wire.Credentials, faults: both("TRANSFER_REQUIRES_READ")},
		{name: "INVALIDUSER", kind: wire.Credentials, faults: []string{"400 INVALIDUSER"}},
		{name: "invalid_grant user hasn't approved this consumer", kind: wire.Credentials, faults: []string{"400 user_has_not_approved"},
			rule: login(salesforcesandbox.App{Unapproved: true}, jwtBearer(""))},
		{name: "invalid_grant audience is invalid", kind: wire.Credentials, faults: []string{"400 audience_is_invalid"},
			rule: login(salesforcesandbox.App{}, jwtBearer("https://kite.example"))},
		{name: "invalid_grant expired authorization code", kind: wire.Credentials, faults: []string{"400 expired_authorization_code"}, rule: clockBehind},
		{name: "invalid_grant invalid assertion", kind: wire.Credentials, faults: []string{"400 invalid_assertion"},
			rule: login(salesforcesandbox.App{Certificate: publicPEM(otherKey())}, jwtBearer(""))},
		{name: "invalid_grant expired access/refresh token", kind: wire.Credentials, faults: []string{"400 expired_access_refresh_token"},
			rule: login(salesforcesandbox.App{}, &salesforce.RefreshToken{ConsumerKey: "sandbox", ConsumerSecret: wire.NewSecret("sandbox"), Token: wire.NewSecret("gone")})},
		{name: "invalid_grant authentication failure", kind: wire.Credentials, faults: []string{"400 authentication_failure"}},
		{name: "invalid_grant authentication failure - Invalid Password", kind: wire.Credentials, faults: []string{"400 invalid_password"}},
		{name: "invalid_grant user is locked", kind: wire.Credentials, faults: []string{"400 user_is_locked"}},
		{name: "invalid_grant no client credentials user enabled", kind: wire.Credentials, faults: []string{"400 no_client_credentials_user"},
			rule: login(salesforcesandbox.App{RunAs: "nobody@example.com"}, clientCredentials("sandbox", "sandbox"))},
		{name: "invalid_grant request not supported on this domain", kind: wire.Credentials, faults: []string{"400 not_supported_on_this_domain"}},
		{name: "invalid_client_id client identifier invalid", kind: wire.Credentials, faults: []string{"400 client_identifier_invalid"},
			rule: login(salesforcesandbox.App{}, clientCredentials("another", "sandbox"))},
		{name: "invalid_client invalid client credentials", kind: wire.Credentials, faults: []string{"400 invalid_client"},
			rule: login(salesforcesandbox.App{}, clientCredentials("sandbox", "wrong"))},
		{name: "invalid_client with 401", kind: wire.Credentials, faults: []string{"401 invalid_client_credentials"}},
		{name: "unsupported_grant_type grant type not supported", kind: wire.Credentials, faults: []string{"400 grant_type_not_supported"}},
		{name: "invalid_request missing required parameter: grant_type", kind: wire.Credentials, faults: []string{"400 missing_grant_type"}},
		{name: "invalid_app_access user is not admin approved to access this app", kind: wire.Credentials, faults: []string{"400 invalid_app_access"}},
		{name: "invalid_app_access with 403", kind: wire.Credentials, faults: []string{"403 user_is_not_admin_approved"}},

		// What somebody has to look at.
		{name: "STORAGE_LIMIT_EXCEEDED", kind: wire.Stop, faults: both("STORAGE_LIMIT_EXCEEDED"), rule: storageFull},
		{name: "UNSUPPORTED_API_VERSION", kind: wire.Stop, faults: []string{"404 UNSUPPORTED_API_VERSION", "410 UNSUPPORTED_API_VERSION"}},
		{name: "METHOD_NOT_ALLOWED", kind: wire.Stop, faults: []string{"405 METHOD_NOT_ALLOWED"}, rule: part(http.MethodDelete, "/limits", nil)},
		{name: "409 version mismatch", kind: wire.Stop, odd: "API_ERROR", faults: []string{"409 VERSION_MISMATCH"}},
		{name: "PRECONDITION_FAILED", kind: wire.Stop, faults: []string{"412 PRECONDITION_FAILED"}, rule: changedSince},
		{name: "UNSUPPORTED_MEDIA_TYPE", kind: wire.Stop, faults: []string{"415 UNSUPPORTED_MEDIA_TYPE"}},
		{name: "431 HTML", kind: wire.Stop, odd: "-", faults: []string{"431 HTML"}},
		{name: "OPERATION_TOO_LARGE", kind: wire.Stop, faults: []string{"400 OPERATION_TOO_LARGE"}},
		{name: "EXCEEDED_ID_LIMIT", kind: wire.Stop, faults: []string{"400 EXCEEDED_ID_LIMIT"}, rule: tooManyRecords},
		{name: "INVALID_QUERY_LOCATOR", kind: wire.Stop, faults: []string{"400 INVALID_QUERY_LOCATOR"}, rule: part(http.MethodGet, "/query/01gSx0000999999AAA-2000", nil)},
		{name: "INVALID_QUERY_LOCATOR with 404", kind: wire.Stop, faults: []string{"404 INVALID_QUERY_LOCATOR"}},
		{name: "INVALID_REPLICATION_DATE", kind: wire.Stop, faults: []string{"400 INVALID_REPLICATION_DATE"}},
		{name: "LIMIT_EXCEEDED", kind: wire.Quota, faults: []string{"400 LIMIT_EXCEEDED"}},
		{name: "INVALIDJOB", kind: wire.Stop, faults: []string{"400 INVALIDJOB"}, rule: createJob("Contact", "save")},
		{name: "INVALIDJOBSTATE", kind: wire.Stop, faults: []string{"400 INVALIDJOBSTATE"}, rule: closeAborted},
		{name: "FEATURENOTENABLED", kind: wire.Stop, faults: []string{"400 FEATURENOTENABLED"}},
		{name: "API_ERROR", kind: wire.Stop, faults: []string{"400 API_ERROR"}, rule: bulkQuery("SELECT MailingAddress FROM Contact")},
	}
}

// TestSalesforceCodesByRule provokes what the simulator refuses by itself.
func TestSalesforceCodesByRule(t *testing.T) {
	t.Parallel()
	for _, e := range salesforceCodes() {
		if e.rule == nil {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			e.check(t, "by rule", e.rule(t, startCRMs(t)))
		})
	}
}

// TestSalesforceCodesOnOrder provokes every code as a fault: of a whole call, or of one row whose neighbours are
// written.
func TestSalesforceCodesOnOrder(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	c.setup(t, true)
	target := c.targets[crm.Salesforce]
	ids := make([]string, 3)
	for i := range ids {
		id, err := c.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"})
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = id
	}
	for _, e := range salesforceCodes() {
		for _, text := range e.faults {
			c.Faults.Clear()
			// The usual login has happened: what strikes a token request needs another.
			fault := ordered(crm.Salesforce, text, "/data/")
			if code := fault.Code; strings.ToLower(code) == code {
				fault.Path = "/oauth2/token"
				if err := c.Faults.Add(fault); err != nil {
					t.Fatal(err)
				}
				_, err := salesforceClient(t, c.SalesforceURL, clientCredentials("sandbox", "sandbox"), nil).UserInfo(t.Context())
				e.check(t, text, told(err))
				continue
			}
			if fault.Kind != sandbox.Partial {
				if err := c.Faults.Add(fault); err != nil {
					t.Fatal(err)
				}
				_, err := c.salesforce.Limits(t.Context())
				e.check(t, text, told(err))
				continue
			}
			fault.Rows = []int{2}
			if err := c.Faults.Add(fault); err != nil {
				t.Fatal(err)
			}
			var rows []salesforce.Row
			var b load.Batch
			b.Object, b.Columns = "Contact", []string{"Title"}
			for _, id := range ids {
				rows = append(rows, salesforce.Row{Object: "Contact", ID: id, Values: map[string]any{"Title": e.name}})
				b.Rows = append(b.Rows, load.Row{ID: id, Values: map[string]*string{"Title": &e.name}})
			}
			outcomes, err := c.salesforce.Update(t.Context(), rows)
			if err != nil || !outcomes[0].OK || outcomes[1].OK || !outcomes[2].OK {
				t.Fatalf("%s: %+v, %v", text, outcomes, err)
			}
			r := outcomes[1].Refusals[0]
			e.check(t, text, heard{r.Kind, r.Code})
			// load puts off what goes by itself or is nobody's record's fault, and refuses the rest.
			answer, err := target.Update(t.Context(), b)
			if err != nil || answer.Outcomes[0].Record == nil || answer.Outcomes[2].Record == nil {
				t.Fatalf("%s: %+v, %v", text, answer, err)
			}
			later := e.kind == wire.Retry || e.kind == wire.Quota || e.kind == wire.Stop
			if o := answer.Outcomes[1]; (o.Later != "") != later || (len(o.Refusals) > 0) == later {
				t.Errorf("%s: load makes %+v of it", text, o)
			}
		}
	}
}

// TestARenewedSessionGoesOn: the session ends between two pages, a new one is opened once, and no row is missing.
func TestARenewedSessionGoesOn(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	for range 2500 {
		if _, err := c.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Faults.Add(sandbox.Fault{System: crm.Salesforce, Kind: sandbox.Expired, Path: "/query/", Nth: 1}); err != nil {
		t.Fatal(err)
	}
	logins, pages := c.Count(crm.Salesforce, "oauth2/token"), 0
	for page, err := range c.salesforce.Query(t.Context(), "SELECT Id FROM Contact") {
		if err != nil {
			t.Fatal(err)
		}
		if pages++; !strings.Contains(string(page.Body), `"totalSize":2500`) {
			t.Errorf("page %d: %.80s", pages, page.Body)
		}
	}
	if n := c.Count(crm.Salesforce, "oauth2/token") - logins; n != 1 || pages != 2 {
		t.Errorf("%d pages, %d new logins", pages, n)
	}
}
