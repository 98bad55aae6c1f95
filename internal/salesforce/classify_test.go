package salesforce

import (
	"strings"
	"testing"

	"lockstep/internal/wire"
)

// Codes and messages as Salesforce writes them.
func TestKindsOfRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code, message string
		want          wire.Kind
	}{
		{"REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName, Company]", wire.Record},
		{"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Rating: bad value for restricted picklist field: Tepid", wire.Mapping},
		{"STRING_TOO_LONG", "Last Name: data value too large: x (max length=80)", wire.Record},
		{"FIELD_CUSTOM_VALIDATION_EXCEPTION", "The admin says no", wire.Record},
		{"AN_ORGS_OWN_CODE", "no", wire.Record},
		{"DUPLICATE_VALUE", "duplicate value found: NPI__c duplicates value on record with id: 0035e00000qL5Jz", wire.Follow},
		{"DUPLICATE_VALUE", "Duplicate external id specified: a-1", wire.Record},
		{"DUPLICATE_EXTERNAL_ID", "Ext__c: more than one record found", wire.Record},
		{"DUPLICATES_DETECTED", "Use one of these records?", wire.Record},
		{"ENTITY_IS_DELETED", "entity is deleted", wire.Follow},
		{"CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", wire.Follow},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trig: execution of BeforeInsert\n\ncaused by: System.NullPointerException", wire.Record},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trig: … UNABLE_TO_LOCK_ROW, unable to obtain exclusive access", wire.Retry},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trig: System.LimitException: Apex CPU time limit exceeded", wire.Retry},
		{"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be inserted: Campaign", wire.Credentials},
		{"INVALID_QUERY_FILTER_OPERATOR", "invalid operator on id field", wire.Mapping},
		{"INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", wire.Credentials},
		{"INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Name.", wire.Mapping},
		{"INVALID_FIELD", "No such column 'foo' on sobject of type Bar", wire.Mapping},
		{"INVALID_FIELD", "Foreign key external ID: X not found for field F in entity E", wire.Retry},
		{"UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", wire.Retry},
		{"INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", wire.Record},
		{"INVALID_EMAIL_ADDRESS", "Email: invalid email address: not-an-email", wire.Record},
		{"INACTIVE_OWNER_OR_USER", "operation performed with inactive user", wire.Record},
		{"STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", wire.Stop},
		{"ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back", wire.Retry},
	} {
		if got := refusal(test.code, test.message, nil).Kind; got != test.want {
			t.Errorf("%s, %s: got %s, want %s", test.code, test.message, got, test.want)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		body   string
		want   wire.Verdict // Kind, Code, Detail, Expired; and whether it waits
		waits  bool
	}{
		{401, expired, wire.Verdict{Kind: wire.Credentials, Code: "INVALID_SESSION_ID", Expired: true}, false},
		{400, expired, wire.Verdict{Kind: wire.Credentials, Code: "INVALID_SESSION_ID"}, false},
		{403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, wire.Verdict{Kind: wire.Quota, Code: "REQUEST_LIMIT_EXCEEDED"}, false},
		{403, `[{"message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, wire.Verdict{Kind: wire.Retry, Code: "REQUEST_LIMIT_EXCEEDED"}, true},
		{403, `[{"message":"no","errorCode":"API_DISABLED_FOR_ORG"}]`, wire.Verdict{Kind: wire.Credentials, Code: "API_DISABLED_FOR_ORG"}, false},
		{300, `["/services/data/v60.0/sobjects/Account/001","/services/data/v60.0/sobjects/Account/002"]`,
			wire.Verdict{Kind: wire.Record, Code: "DUPLICATE_EXTERNAL_ID", Detail: "several records have this external id"}, false},
		{404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`, wire.Verdict{Kind: wire.Mapping, Code: "NOT_FOUND"}, false},
		{400, `{"errorCode":"INVALID_TYPE","message":"sObject type 'X' is not supported."}`, wire.Verdict{Kind: wire.Mapping, Code: "INVALID_TYPE", Detail: "sObject type 'X' is not supported"}, false},
		{502, `<html>`, wire.Verdict{}, false},
		{403, `Bad_OAuth_Token`, wire.Verdict{Kind: wire.Credentials, Code: "Bad_OAuth_Token", Expired: true}, false},
	} {
		got := classify(test.status, nil, []byte(test.body))
		if got.Kind != test.want.Kind || got.Code != test.want.Code || got.Detail != test.want.Detail || got.Expired != test.want.Expired || got.Wait > 0 != test.waits {
			t.Errorf("%d %s: got %+v", test.status, test.body, got)
		}
	}
	two := classify(400, nil, []byte(`[{"message":"a","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["X"]},{"message":"b","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Y"]}]`))
	if two.Message != "a\nb" || strings.Join(two.Fields, ",") != "X,Y" {
		t.Errorf("two rules: %+v", two)
	}
}

func TestHintsBelongToKnownCodes(t *testing.T) {
	t.Parallel()
	for code := range hints {
		if _, known := kinds[code]; !known {
			t.Errorf("%s has a hint and no kind", code)
		}
	}
}
