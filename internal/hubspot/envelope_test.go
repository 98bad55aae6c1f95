package hubspot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The bodies are recorded or documented ones; names and addresses are put in place of the recorded.
func TestRefusal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want Refusal
		text string
	}{
		"property unknown, with errors[]": {
			`{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"first000name\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"first000name\"}]","correlationId":"a996e7d6","errors":[{"message":"Property \"first000name\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["first000name"]}}],"category":"VALIDATION_ERROR"}`,
			Refusal{Category: "VALIDATION_ERROR", Properties: []PropertyError{{"first000name", "PROPERTY_DOESNT_EXIST", `Property "first000name" does not exist`}}},
			"hubspot refused: VALIDATION_ERROR (first000name PROPERTY_DOESNT_EXIST)",
		},
		"the message's JSON alone (2022), one property per row": {
			`{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Email address ann.lee(at) is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"},{\"isValid\":false,\"message\":\"x [y] was not a valid number\",\"error\":\"INVALID_INTEGER\",\"name\":\"numemployees\"},{\"isValid\":false,\"message\":\"Email address b is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"}] and more","category":"VALIDATION_ERROR"}`,
			Refusal{Category: "VALIDATION_ERROR", Properties: []PropertyError{
				{"email", "INVALID_EMAIL", "Email address ann.lee(at) is invalid"}, {"numemployees", "INVALID_INTEGER", "x [y] was not a valid number"}}},
			"hubspot refused: VALIDATION_ERROR (email INVALID_EMAIL, numemployees INVALID_INTEGER)",
		},
		"e-mail exists, single": {
			`{"status":"error","message":"Contact already exists. Existing ID: 12345","correlationId":"x","category":"CONFLICT"}`,
			Refusal{Category: "CONFLICT", ExistingID: "12345"},
			"hubspot refused: CONFLICT, record 12345 has that value",
		},
		"e-mail exists, id in the context": {
			`{"status":"error","category":"CONFLICT","message":"Contact already exists","context":{"objectWriteTraceId":["0"],"existingId":["171591000198"]}}`,
			Refusal{Category: "CONFLICT", ExistingID: "171591000198"},
			"hubspot refused: CONFLICT, record 171591000198 has that value",
		},
		"e-mail exists, no id (newest)": {
			`{"status":"error","message":"Contact already exists","correlationId":"x","category":"CONFLICT"}`,
			Refusal{Category: "CONFLICT"}, "hubspot refused: CONFLICT",
		},
		"unique property": {
			`{"status":"error","message":"Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=salesforce_id, value=ann.lee@example.com} on 900. 77 already has that value.","category":"VALIDATION_ERROR"}`,
			Refusal{Category: "VALIDATION_ERROR", ExistingID: "77", Properties: []PropertyError{{Name: "salesforce_id", Code: "CONFLICTING_UNIQUE_VALUE",
				Message: "Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=salesforce_id, value=ann.lee@example.com} on 900. 77 already has that value."}}},
			"hubspot refused: VALIDATION_ERROR (salesforce_id CONFLICTING_UNIQUE_VALUE), record 77 has that value",
		},
		"not found, many in one": {
			`{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["8","9"]}}`,
			Refusal{Category: "OBJECT_NOT_FOUND", IDs: []string{"8", "9"}}, "hubspot refused: OBJECT_NOT_FOUND",
		},
		"not found, without a category": {
			`{"status":"error","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["8"]}}`,
			Refusal{Category: "OBJECT_NOT_FOUND", IDs: []string{"8"}}, "hubspot refused: OBJECT_NOT_FOUND",
		},
		"a unique value, id in the tokens": {
			`{"status":"error","message":"That value is taken","errorType":"UNIQUE_VALUE_CONFLICT","errorTokens":{"existingObjectId":["77"]}}`,
			Refusal{Category: "UNIQUE_VALUE_CONFLICT", ExistingID: "77"}, "hubspot refused: UNIQUE_VALUE_CONFLICT, record 77 has that value",
		},
		"an id twice": {
			`{"status":"error","message":"Duplicate IDs found in batch input: [123456]. IDs must be unique","context":{"ids":["123456"]},"category":"VALIDATION_ERROR"}`,
			Refusal{Category: "VALIDATION_ERROR", IDs: []string{"123456"}}, "hubspot refused: VALIDATION_ERROR",
		},
		"required properties missing": {
			`{"status":"error","message":"Error creating DEAL. Some required properties were not set.","context":{"properties":["dealname"]},"category":"VALIDATION_ERROR"}`,
			Refusal{Category: "VALIDATION_ERROR", Properties: []PropertyError{{"dealname", "REQUIRED", "Error creating DEAL. Some required properties were not set."}}},
			"hubspot refused: VALIDATION_ERROR (dealname REQUIRED)",
		},
		"errors are plain strings, no category": {
			`{"status":"error","message":"validation error","correlationId":"x","errors":["The request body may not be null"]}`,
			Refusal{}, "hubspot refused",
		},
		"property exists": {
			`{"status":"error","category":"OBJECT_ALREADY_EXISTS","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","message":"A property named 'age__c' already exists.","context":{"name":["age__c"]}}`,
			Refusal{Category: "OBJECT_ALREADY_EXISTS"}, "hubspot refused: OBJECT_ALREADY_EXISTS",
		},
		"numbers for ids": {
			`{"status":"error","category":"OBJECT_NOT_FOUND","context":{"ids":[171596044870]}}`,
			Refusal{Category: "OBJECT_NOT_FOUND", IDs: []string{"171596044870"}}, "hubspot refused: OBJECT_NOT_FOUND",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, ok := parseEnvelope([]byte(tt.body))
			if !ok {
				t.Fatal("not read")
			}
			got := e.refusal()
			if got.Message != e.Message {
				t.Errorf("HubSpot's words are %q, want %q", got.Message, e.Message)
			}
			if diff := cmp.Diff(tt.want, *got, cmpopts.IgnoreUnexported(Refusal{}), cmpopts.IgnoreFields(Refusal{}, "Message")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Error() != tt.text {
				t.Errorf("text %q, want %q", got.Error(), tt.text)
			}
		})
	}
}

// HubSpot's words quote values; only Message and the properties' Message may hold them.
func TestRefusalTextHoldsNoValue(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"category":"CONFLICT","message":"Contact ann.lee@example.com already exists. Existing ID: 5"}`,
		`{"category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"message\":\"Email address ann.lee@example.com is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"}]"}`,
	} {
		e, _ := parseEnvelope([]byte(body))
		r := e.refusal()
		if strings.Contains(r.Error(), "@") {
			t.Errorf("a value stands in %q", r.Error())
		}
		if !strings.Contains(r.Message, "ann.lee@example.com") {
			t.Errorf("history needs HubSpot's words, got %q", r.Message)
		}
	}
}
