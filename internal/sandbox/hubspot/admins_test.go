package hubspot_test

import (
	"fmt"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

const validations = "/crm/property-validations/2026-03/"

func TestValidationRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		property, rule string
		arguments      list
		fine, bad      []any
	}{
		{"a_text", "ALPHANUMERIC", list{"NUMERIC_ONLY"}, []any{"123", 7}, []any{"12a", "1 2"}},
		{"a_text", "ALPHANUMERIC", list{"ALPHA_ONLY"}, []any{"abcÉ"}, []any{"ab1"}},
		{"a_text", "SPECIAL_CHARACTERS", list{"NOT_ALLOWED"}, []any{"a 1"}, []any{"a-1"}},
		{"a_text", "FORMAT", list{"UPPER"}, []any{"AB 1"}, []any{"Ab"}},
		{"a_text", "FORMAT", list{"CAPITALIZATION"}, []any{"Ann Lee"}, []any{"ann lee"}},
		{"a_text", "WHITESPACE", list{"TRIM"}, []any{"a b"}, []any{" a", "a "}},
		{"a_text", "WHITESPACE", list{}, []any{"ab"}, []any{"a b"}},
		{"a_text", "MAX_LENGTH", list{"3"}, []any{"éé3"}, []any{"1234"}},
		{"a_text", "MIN_LENGTH", list{"3"}, []any{"123"}, []any{"éé"}},
		{"a_text", "REGEX", list{"^[A-Z]+$", "Must be uppercase"}, []any{"AB"}, []any{"ab"}},
		{"a_text", "EMAIL", list{}, []any{"ann@example.com"}, []any{"ann"}},
		{"a_text", "EMAIL_ALLOWED_DOMAINS", list{"example.com"}, []any{"ann@Example.com"}, []any{"ann@example.org"}},
		{"a_text", "EMAIL_BLOCKED_DOMAINS", list{"example.com"}, []any{"ann@example.org"}, []any{"ann@example.com"}},
		{"a_text", "DOMAIN", list{}, []any{"www.example.com"}, []any{"example", "https://example.com"}},
		{"a_text", "URL", list{}, []any{"https://example.com/x"}, []any{"example.com"}},
		{"a_text", "URL_ALLOWED_DOMAINS", list{"example.com"}, []any{"https://example.com/x"}, []any{"https://example.org"}},
		{"a_text", "URL_BLOCKED_DOMAINS", list{"example.com"}, []any{"https://example.org"}, []any{"https://example.com"}},
		{"phone", "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", list{}, []any{"+1 555 0100"}, []any{"555 0100"}},
		{"a_number", "MIN_NUMBER", list{"-1.5"}, []any{"-1.5", 3}, []any{"-1.6"}},
		{"a_number", "MAX_NUMBER", list{"99.99"}, []any{"99.99"}, []any{100}},
		{"a_number", "DECIMAL", list{"2"}, []any{"1.25", "1.200"}, []any{"1.255"}},
		{"a_date", "START_DATE", list{"1772236800000"}, []any{"2026-02-28"}, []any{"2026-02-27"}},
		{"a_date", "END_DATE", list{"1772236800000"}, []any{"2026-02-28"}, []any{"2026-03-01"}},
		{"closedate", "START_DATETIME", list{"1772236800000"}, []any{"2026-02-28T00:00:00Z"}, []any{"2026-02-27T23:59:59Z"}},
		{"closedate", "END_DATETIME", list{"1772236800000"}, []any{"2026-02-28T00:00:00Z"}, []any{"2026-02-28T00:00:01Z"}},
		{"a_date", "AFTER_DURATION", list{"P7D"}, []any{"2026-11-28"}, []any{"2026-11-27"}},
		{"a_date", "BEFORE_DURATION", list{"P1M"}, []any{"2026-10-21"}, []any{"2026-10-22"}},
		{"closedate", "AFTER_DATETIME_DURATION", list{"PT1H"}, []any{"2026-11-21T11:00:01Z"}, []any{"2026-11-21T10:59:00Z"}},
		{"closedate", "BEFORE_DATETIME_DURATION", list{"P1Y"}, []any{"2025-11-21T10:00:00Z"}, []any{"2025-11-21T10:01:00Z"}},
		{"a_date", "DAYS_OF_WEEK", list{"SATURDAY"}, []any{"2026-11-21"}, []any{"2026-11-22"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule+fmt.Sprint(tt.arguments), func(t *testing.T) {
			t.Parallel()
			w := start(t, hubspot.Options{})
			for name, kind := range map[string][2]string{"a_text": {"string", "text"}, "a_number": {"number", "number"}, "a_date": {"date", "date"}} {
				w.call("POST", properties, m{"name": name, "label": name, "type": kind[0], "fieldType": kind[1], "groupName": "contactinformation"}).want(t, 201, nil)
			}
			w.call("PUT", validations+"0-1/"+tt.property+"/rule-type/"+tt.rule, m{"ruleArguments": tt.arguments}).want(t, 204, nil)
			for _, v := range tt.fine {
				w.call("POST", contacts, m{"properties": m{tt.property: v}}).want(t, 201, nil)
			}
			for _, v := range tt.bad {
				w.call("POST", contacts, m{"properties": m{tt.property: v}}).want(t, 400, m{"category": "VALIDATION_ERROR", "errors.0.context.propertyName": list{tt.property}})
			}
		})
	}
}

func TestValidationsAreReadAndReplaced(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	zip := validations + "0-1/zip"
	w.call("GET", validations+"0-1", nil).want(t, 200, m{"results": list{}})
	w.call("PUT", zip+"/rule-type/MAX_LENGTH", m{"ruleArguments": list{"10"}}).want(t, 204, nil)
	w.call("PUT", zip+"/rule-type/FORMAT", m{"ruleArguments": list{"UPPER"}, "shouldApplyNormalization": true}).want(t, 204, nil)
	w.call("PUT", zip+"/rule-type/MAX_LENGTH", m{"ruleArguments": list{"4"}}).want(t, 204, nil)
	w.call("GET", "/crm/v3/property-validations/contacts", nil).want(t, 200, m{"results": list{m{"propertyName": "zip", "propertyValidationRules": list{
		m{"ruleType": "MAX_LENGTH", "ruleArguments": list{"4"}}, m{"ruleType": "FORMAT", "ruleArguments": list{"UPPER"}},
	}}}})
	w.call("GET", zip, nil).want(t, 200, m{"results.0.ruleType": "MAX_LENGTH", "results.1.ruleType": "FORMAT"})
	w.call("GET", zip+"/rule-type/FORMAT", nil).want(t, 200, m{"ruleType": "FORMAT", "ruleArguments": list{"UPPER"}, "shouldApplyNormalization": true})
	w.call("GET", zip+"/rule-type/REGEX", nil).want(t, 404, nil)
	w.call("GET", validations+"0-1/nope", nil).want(t, 404, nil)
	for rule, arguments := range map[string]list{"NOPE": {}, "MAX_NUMBER": {"1"}, "MIN_LENGTH": {"x"}, "REGEX": {"("}, "ALPHANUMERIC": {"ODD"}} {
		w.call("PUT", zip+"/rule-type/"+rule, m{"ruleArguments": arguments}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	}
	w.call("PUT", zip+"/rule-type/REGEX", m{}).want(t, 400, nil)
	w.call("POST", contacts, m{"properties": m{"zip": "ab1"}}).want(t, 201, m{"properties.zip": "AB1"})
	w.call("POST", contacts, m{"properties": m{"zip": "12345"}}).want(t, 400, m{"errors.0.message": "12345 must have at most 4 characters"})
	id := w.insert(map[string]string{"zip": "123456"})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"zip": "123456", "city": "Bern"}}).want(t, 200, nil) // what was so before may stay
}

func TestSensitivePropertiesAreHidden(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{
		{Value: hubspot.DefaultToken},
		{Value: "pat-na1-plain", Scopes: []string{"crm.objects.contacts.read", "crm.objects.contacts.write"}},
		{Value: "pat-na1-trusted", Scopes: []string{"crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.contacts.sensitive.read.v2", "crm.objects.contacts.sensitive.write.v2"}},
	}})
	w.call("POST", properties, m{"name": "health", "label": "Health", "type": "string", "fieldType": "text", "groupName": "contactinformation", "dataSensitivity": "sensitive"}).want(t, 201, m{"dataSensitivity": "sensitive"})
	w.call("POST", properties, m{"name": "x", "label": "x", "type": "string", "fieldType": "text", "groupName": "contactinformation", "dataSensitivity": "secret"}).want(t, 400, nil)
	w.call("GET", properties+"/health", nil).want(t, 404, nil)
	w.call("GET", properties+"/health?dataSensitivity=sensitive", nil).want(t, 200, m{"name": "health"})
	w.call("GET", properties+"?dataSensitivity=sensitive", nil).want(t, 200, m{"results.0.name": "health", "results.1": absent})
	w.call("GET", properties+"?dataSensitivity=highly_sensitive", nil).want(t, 200, m{"results": list{}})
	w.call("POST", properties+"/batch/read", m{"inputs": list{m{"name": "health"}}}).want(t, 207, nil)
	id := w.create(m{"health": "good"})
	w.token = "pat-na1-plain"
	if got := w.get(id, "health", "phone"); got["health"] != nil || len(got) != 4 {
		t.Errorf("an app without the scope reads %v", got)
	}
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"health": "bad"}}).want(t, 403, m{"category": "MISSING_SCOPES"})
	w.token = "pat-na1-trusted"
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"health": "fine"}}).want(t, 200, m{"properties.health": "fine"})
	if got := w.get(id, "health"); got["health"] != "fine" {
		t.Errorf("an app with the scope reads %v", got)
	}
}

func TestAdminsRequireProperties(t *testing.T) {
	t.Parallel()
	for rule, holds := range map[string]map[string]bool{
		"": {"v3": false, "2026-03": false, "2026-09": true}, "always": {"v3": true, "2026-09": true}, "never": {"v3": false, "2026-09": false},
	} {
		w := start(t, hubspot.Options{Rules: hubspot.Rules{AdminRules: rule}})
		for _, r := range []hubspot.Requirement{{Property: "lastname", Create: true}, {Property: "city", When: "lifecyclestage", Is: []string{"customer"}}} {
			if err := w.Require("contacts", r); err != nil {
				t.Fatal(err)
			}
		}
		for version, holds := range holds {
			path, want, changed := "/crm/objects/"+version+"/contacts", 201, 200
			if version == "v3" {
				path = contacts
			}
			if holds {
				want, changed = 400, 400
			}
			w.call("POST", path, m{"properties": m{"firstname": "Ann"}}).want(t, want, nil)
			id := w.create(m{"lastname": "Lee"})
			w.call("PATCH", path+"/"+id, m{"properties": m{"phone": "1"}}).want(t, 200, nil)
			w.call("PATCH", path+"/"+id, m{"properties": m{"lifecyclestage": "customer"}}).want(t, changed, nil)
			w.call("PATCH", path+"/"+id, m{"properties": m{"lifecyclestage": "customer", "city": "Bern"}}).want(t, 200, nil)
			w.call("PATCH", path+"/"+id, m{"properties": m{"lastname": ""}}).want(t, 200, nil) // the create form is for creates
			w.call("POST", path+"/batch/create", m{"inputs": list{m{"properties": m{"firstname": "Bo"}}}}).want(t, want, nil)
		}
	}
	w := start(t, hubspot.Options{})
	if err := w.Require("contacts", hubspot.Requirement{Property: "nope"}); err == nil {
		t.Error("required a property that is none")
	}
}

func TestStampsMoveByThemselves(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Rules: hubspot.Rules{AutoTouch: 5 * time.Second}})
	id, gone := w.create(m{"email": "ann@example.com"}), w.create(m{"email": "bo@example.com"})
	w.call("DELETE", contacts+"/"+gone, nil).want(t, 204, nil)
	w.clock.pass(4 * time.Second)
	w.call("GET", contacts+"/"+id, nil).want(t, 200, m{"updatedAt": "2026-11-21T10:00:00.250Z"})
	w.clock.pass(2 * time.Second)
	w.call("GET", contacts+"/"+id+"?propertiesWithHistory=email", nil).want(t, 200, m{"updatedAt": "2026-11-21T10:00:05.250Z", "propertiesWithHistory.email.1": absent})
	w.call("POST", search, where(m{"propertyName": "lastmodifieddate", "operator": "GT", "value": "2026-11-21T10:00:01Z"})).want(t, 200, m{"total": 1})
	w.clock.pass(time.Hour)
	w.call("GET", contacts+"/"+id, nil).want(t, 200, m{"updatedAt": "2026-11-21T10:00:05.250Z"})
}

func TestBurstsOfBatchesAreLocked(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Rules: hubspot.Rules{LockAbove: 3}})
	two := m{"inputs": list{m{"properties": m{"city": "Bern"}}, m{"properties": m{"city": "Chur"}}}}
	w.call("POST", contacts+"/batch/create", two).want(t, 201, nil)
	w.call("POST", contacts+"/batch/create", two).want(t, 423, m{"status": "error"})
	w.clock.pass(1900 * time.Millisecond)
	w.call("POST", contacts+"/batch/create", m{"inputs": list{}}).want(t, 423, nil)
	w.clock.pass(200 * time.Millisecond)
	w.call("POST", contacts+"/batch/create", two).want(t, 201, nil)
	if n := len(w.All("contacts")); n != 4 {
		t.Errorf("%d contacts, want 4", n)
	}
}

func TestLegacyProperties(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for path, first := range map[string]string{"/properties/v1/deals/properties": "amount", "/companies/v2/properties": "address", "/properties/v1/contacts/properties": "address"} {
		w.call("GET", path, nil).want(t, 200, m{"items.0.name": first, "items.0.deleted": false, "items.0.readOnlyDefinition": true})
	}
	w.call("GET", "/properties/v1/butterflies/properties", nil).want(t, 400, nil)
	w.call("GET", "/properties/v2/deals/properties", nil).want(t, 404, nil)
	w.call("POST", "/properties/v1/deals/properties", m{}).want(t, 405, nil)
}
