package hubspot_test

import (
	"strings"
	"testing"
)

// TestRecordedErrors: refusals before any record is looked at, as recorded.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	r.hold(t, exchange{name: "a list where a record should be", source: "RT", method: "POST", path: "/crm/v3/objects/contacts/batch/update", body: "{\n\"inputs\":[\n        []]}", status: 400, shape: refusal,
		texts: map[string]string{"message": "Invalid input JSON on line 3, column 9: Cannot deserialize value of type `com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json` from Array value (token `JsonToken.START_ARRAY`)"}})
	for path, body := range map[string]string{
		"/crm/v3/objects/contacts/batch/create": `{"inputs":[[]]}`, "/crm/v3/objects/contacts/batch/read": `{"inputs":{}}`, "/crm/v3/objects/contacts/search": `{"limit":[]}`,
		"/crm/v3/objects/contacts": `{"properties":[]}`, "/crm/v3/properties/contacts": `{"options":"x"}`, "/crm/v3/lists": `[]`,
	} {
		got := r.call("POST", path, body)
		got.want(t, 400, nil)
		if strings.Contains(got.text, "hubspot.") && !strings.Contains(got.text, "com.hubspot.") || strings.Contains(got.text, "*") || strings.Contains(got.text, "[]") || strings.Contains(got.text, "map[") {
			t.Errorf("%s: no parser of HubSpot's speaks so: %s", path, got.text)
		}
	}
	r.token = ""
	r.hold(t, exchange{name: "no token", source: "RT", method: "GET", path: "/crm/v3/objects/contacts", status: 401, shape: refusal + "category:string", texts: map[string]string{"category": "INVALID_AUTHENTICATION",
		"message": "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"}})
}
