package hubspot_test

import (
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

func TestValuesAsStored(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	if _, err := w.AddOwner(hubspot.Owner{ID: "77", Email: "sam@example.com"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddOwner(hubspot.Owner{ID: "78", Email: "kim@example.com", Archived: true}); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string][2]string{"a_date": {"date", "date"}, "a_bool": {"bool", "booleancheckbox"}, "a_number": {"number", "number"}} {
		w.call("POST", "/crm/v3/properties/contacts", m{"name": name, "label": name, "type": kind[0], "fieldType": kind[1], "groupName": "contactinformation"}).want(t, 201, nil)
	}
	tests := []struct {
		property string
		sent     any
		stored   any    // nil: refused
		code     string // when refused
		message  string // a part of it
	}{
		{"firstname", " Ann ", " Ann ", "", ""},
		{"firstname", 12.5, "12.5", "", ""},
		{"firstname", true, "true", "", ""},
		{"firstname", strings.Repeat("é", 65_536), strings.Repeat("é", 65_536), "", ""},
		{"firstname", strings.Repeat("x", 65_537), nil, "INVALID_STRING_LENGTH", ""},
		{"email", "Ann.Lee+x@Sub.Example.COM", "ann.lee+x@sub.example.com", "", ""},
		{"email", "abc", nil, "INVALID_EMAIL", "Email address abc is invalid"},
		{"email", "a b@example.com", nil, "INVALID_EMAIL", ""},
		{"email", "ann@example", nil, "INVALID_EMAIL", ""},
		{"a_number", "1500.00", "1500", "", ""},
		{"a_number", "-007.50", "-7.5", "", ""},
		{"a_number", 1e3, "1000", "", ""},
		{"a_number", "-0.0", "0", "", ""},
		{"a_number", "1,500", nil, "INVALID_INTEGER", "1,500 was not a valid number."},
		{"a_number", "$5", nil, "INVALID_INTEGER", ""},
		{"a_bool", "true", "true", "", ""},
		{"a_bool", "TRUE", nil, "INVALID_OPTION", "TRUE was not one of the allowed options: [true, false]"},
		{"a_date", "2026-02-28", "2026-02-28", "", ""},
		{"a_date", "1772236800000", "2026-02-28", "", ""},
		{"a_date", "1772236800001", nil, "INVALID_DATE", ""},
		{"a_date", "2026-02-30", nil, "INVALID_DATE", ""},
		{"a_date", "28/02/2026", nil, "INVALID_DATE", ""},
		{"closedate", "2026-02-28T12:00:00+02:00", "2026-02-28T10:00:00Z", "", ""},
		{"closedate", "2026-02-28T12:00:00.120Z", "2026-02-28T12:00:00.120Z", "", ""},
		{"closedate", 1772236800001, "2026-02-28T00:00:00.001Z", "", ""},
		{"closedate", "invalid", nil, "INVALID_LONG", "invalid was not a valid long."},
		{"hs_lead_status", "OPEN_DEAL", "OPEN_DEAL", "", ""},
		{"hs_lead_status", "open_deal", nil, "INVALID_OPTION", "open_deal was not one of the allowed options: [NEW, OPEN, IN_PROGRESS"},
		{"hs_buying_role", "CHAMPION;BLOCKER", "CHAMPION;BLOCKER", "", ""},
		{"hs_buying_role", ";OTHER;BLOCKER", "CHAMPION;BLOCKER;OTHER", "", ""},
		{"hs_buying_role", "CHAMPION;nope", nil, "INVALID_OPTION", "nope was not"},
		{"hubspot_owner_id", 77, "77", "", ""},
		{"hubspot_owner_id", "78", nil, "INVALID_OPTION", ""},
		{"hubspot_owner_id", "79", nil, "INVALID_OPTION", ""},
		{"hs_object_id", "1", nil, "READ_ONLY_VALUE", ""},
		{"hs_marketable_status", "true", nil, "READ_ONLY_VALUE", ""},
		{"createdate", "2026-01-01", nil, "READ_ONLY_VALUE", ""},
		{"hs_additional_emails", "x@example.com", nil, "READ_ONLY_VALUE", `"hs_additional_emails" is a calculated property; its value cannot be set.`},
		{"nope", "", nil, "PROPERTY_DOESNT_EXIST", `Property "nope" does not exist`},
		{"hs_analytics_source", "PAID_SEARCH", "PAID_SEARCH", "", ""},
		{"hs_analytics_source_data_1", "x", nil, "READ_ONLY_VALUE", ""},
	}
	id := w.insert(map[string]string{"hs_object_id": "501"})
	for _, tt := range tests {
		r := w.call("PATCH", contacts+"/"+id, m{"properties": m{tt.property: tt.sent}})
		if tt.stored != nil {
			r.want(t, 200, m{"properties." + tt.property: tt.stored})
			if got := w.get(id, tt.property)[tt.property]; got != tt.stored {
				t.Errorf("%s: reads as %v", tt.property, got)
			}
			continue
		}
		r.want(t, 400, m{"category": "VALIDATION_ERROR", "errors.0.code": tt.code, "errors.0.context.propertyName": list{tt.property}})
		if !strings.Contains(r.at("errors.0.message").(string), tt.message) {
			t.Errorf("%s: %v", tt.property, r.at("errors.0.message"))
		}
	}
}

func TestLifecycleStageGoesForward(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"lifecyclestage": "lead", "lastmodifieddate": "2026-01-01T00:00:00Z"})
	set := func(stage, want string) {
		t.Helper()
		w.call("PATCH", contacts+"/"+id, m{"properties": m{"lifecyclestage": stage}}).want(t, 200, m{"properties.lifecyclestage": want})
	}
	set("opportunity", "opportunity")
	before := w.get(id)["lastmodifieddate"]
	set("lead", "opportunity")
	if got := w.get(id)["lastmodifieddate"]; got != before {
		t.Errorf("a stage that stayed moved the stamp to %v", got)
	}
	set("", "")
	set("lead", "lead")
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"lifecyclestage": "LEAD"}}).want(t, 400, m{"errors.0.code": "INVALID_OPTION"})
	set("customer", "customer")
	if err := w.Edit("contacts", id, map[string]string{"lifecyclestage": "subscriber"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.Get("contacts", id); got["lifecyclestage"] != "subscriber" {
		t.Errorf("a person may go back: %v", got["lifecyclestage"])
	}

	company := w.makes("companies", m{"name": "Example", "lifecyclestage": "customer"})
	w.call("PATCH", "/crm/v3/objects/companies/"+company, m{"properties": m{"lifecyclestage": "lead"}}).want(t, 200, m{"properties.lifecyclestage": "customer"})

	w = start(t, hubspot.Options{Rules: hubspot.Rules{RefuseBackwardStage: true}})
	id = w.insert(map[string]string{"lifecyclestage": "customer"})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"lifecyclestage": "lead", "phone": "1"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	if got := w.get(id, "phone")["phone"]; got != nil {
		t.Errorf("the rest was written: %v", got)
	}
}

func TestOwnerAssignedDate(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	owner, err := w.AddOwner(hubspot.Owner{Email: "sam@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	id := w.create(m{"hubspot_owner_id": owner})
	if got := w.get(id, "hubspot_owner_assigneddate")["hubspot_owner_assigneddate"]; got != "2026-11-21T10:00:00.250Z" {
		t.Errorf("assigned %v", got)
	}
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"hubspot_owner_id": ""}}).want(t, 200, nil)
	if got := w.get(id, "hubspot_owner_assigneddate")["hubspot_owner_assigneddate"]; got != "" {
		t.Errorf("unassigned %v", got)
	}
}

func TestUniqueValuesAndCase(t *testing.T) {
	t.Parallel()
	for _, folds := range []bool{false, true} {
		w := start(t, hubspot.Options{Rules: hubspot.Rules{UniqueFoldsCase: folds}})
		w.unique("ext_id")
		w.create(m{"ext_id": "Ab"})
		w.call("POST", contacts, m{"properties": m{"ext_id": "Ab"}}).want(t, 400, nil)
		want := 201
		if folds {
			want = 400
		}
		w.call("POST", contacts, m{"properties": m{"ext_id": "AB"}}).want(t, want, nil)
		w.call("GET", contacts+"/Ab?idProperty=ext_id", nil).want(t, 200, m{"properties.hs_object_id": "10000001"})
		r := w.call("POST", search, where(m{"propertyName": "ext_id", "operator": "EQ", "value": "ab"}))
		r.want(t, 200, m{"total": map[bool]int{false: 2, true: 1}[folds]})
	}
}
