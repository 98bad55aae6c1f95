package salesforce_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestAutomationAfterTheSave(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	account := x.insert("Account", "Name", "Acme")
	if err := x.AutomateAfter("Contact", func(before, after map[string]string) ([]salesforce.Save, error) {
		switch {
		case after["Title"] == "broken":
			return nil, errors.New("it broke")
		case after["AccountId"] == "":
			return nil, nil
		}
		return []salesforce.Save{
			{Object: "Account", ID: after["AccountId"], Values: map[string]string{"Phone": after["Phone"], "Description": "last: " + before["Title"]}},
			{Object: "Task", Values: map[string]string{"Subject": "Greet", "WhoId": after["Id"]}},
			{Object: "Contact", ID: after["Id"], Values: map[string]string{"Department": "greeted"}},
		}, nil
	}); err != nil {
		t.Fatal(err)
	}
	x.move(time.Hour)
	id := x.create("Contact", `{"LastName":"Lee","AccountId":"`+account+`","Phone":"+1 555 0100"}`)
	x.has("Account", account, map[string]string{"Phone": "+1 555 0100", "LastModifiedById": x.IntegrationUser(), "LastModifiedDate": "2026-03-04T06:06:07.000+0000", "SystemModstamp": "2026-03-04T06:06:07.000+0000"})
	x.has("Contact", id, map[string]string{"Department": "greeted"})

	if err := x.Validate("Account", func(_, after map[string]string) (string, string) {
		if strings.HasPrefix(after["Phone"], "bad") {
			return "No such phone.", "Phone"
		}
		return "", ""
	}); err != nil {
		t.Fatal(err)
	}
	before := []any{x.All("Contact"), x.All("Account"), x.All("Task")}
	for body, want := range map[string]string{
		`{"Phone":"bad"}`:    "FIELD_CUSTOM_VALIDATION_EXCEPTION: No such phone.",
		`{"Title":"broken"}`: "it broke",
	} {
		if got := x.refusal("PATCH", "/sobjects/Contact/"+id, body); !strings.HasPrefix(got, "CANNOT_EXECUTE_FLOW_TRIGGER") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", body, got)
		}
	}
	// allOrNone takes back what automation did to other records, too.
	x.must(200, "PATCH", "/composite/sobjects", `{"allOrNone":true,"records":[{"attributes":{"type":"Contact"},"id":"`+id+`","Phone":"+1 555 0111"},{"attributes":{"type":"Contact"},"id":"`+id+`","Email":"nope"}]}`)
	if diff := cmp.Diff(before, []any{x.All("Contact"), x.All("Account"), x.All("Task")}); diff != "" {
		t.Errorf("refused saves left something (-want +got):\n%s", diff)
	}
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	var events []string
	if err := x.Trigger("Lead", "Guard", func(event salesforce.Event, before, after map[string]string) error {
		events = append(events, string(event))
		if after["Title"] == "x" || event == "BeforeDelete" && before["Title"] == "keep" {
			return errors.New("System.NullPointerException: Attempt to de-reference a null object")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	id := x.create("Lead", `{"LastName":"Lee","Company":"Example"}`)
	want := "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY Guard: execution of BeforeUpdate\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object\n\nTrigger.Guard: line 1, column 1 []"
	if got := x.refusal("PATCH", "/sobjects/Lead/"+id, `{"Title":"x"}`); got != want {
		t.Errorf("got %s", got)
	}
	x.must(204, "PATCH", "/sobjects/Lead/"+id, `{"Title":"keep"}`)
	if got := x.refusal("DELETE", "/sobjects/Lead/"+id, ""); !strings.HasPrefix(got, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY Guard: execution of BeforeDelete") {
		t.Errorf("got %s", got)
	}
	if diff := cmp.Diff("BeforeInsert AfterInsert BeforeUpdate BeforeUpdate AfterUpdate BeforeDelete", strings.Join(events, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestSeveralValidationRules(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, field := range []string{"Title", "Phone"} {
		if err := x.Validate("Lead", func(_, after map[string]string) (string, string) {
			if after[field] == "bad" {
				return field + " is bad.", field
			}
			return "", ""
		}); err != nil {
			t.Fatal(err)
		}
	}
	r := x.must(400, "POST", "/sobjects/Lead", `{"LastName":"Lee","Company":"Example","Title":"bad","Phone":"bad"}`)
	want := `[{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Title"],"message":"Title is bad."},{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Phone"],"message":"Phone is bad."}]`
	if diff := cmp.Diff(want, r.text); diff != "" {
		t.Error(diff)
	}
}

func TestBackgroundWorkMovesSystemModstampAlone(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	id := x.create("Lead", `{"LastName":"Lee","Company":"Example"}`)
	x.move(time.Hour)
	for _, work := range []func() error{
		func() error { return x.Touch("Lead", id) },
		func() error { return x.Background("Lead", id, map[string]string{"Rating": "Hot"}) },
	} {
		if err := work(); err != nil {
			t.Fatal(err)
		}
		x.has("Lead", id, map[string]string{"SystemModstamp": x.now().Format("2006-01-02T15:04:05.000-0700"), "LastModifiedDate": "2026-03-04T05:06:07.000+0000", "LastModifiedById": x.IntegrationUser()})
		x.move(time.Hour)
	}
	x.has("Lead", id, map[string]string{"Rating": "Hot"})
	if x.Background("Lead", id, map[string]string{"Nope": "x"}) == nil || x.Touch("Lead", "00QSx0000000zzz") == nil {
		t.Error("what is not there is changed")
	}
}

func TestFormatPhones(t *testing.T) {
	t.Parallel()
	flow := salesforce.FormatPhones("Phone")
	for in, want := range map[string]string{
		"5555550100": "(555) 555-0100", "+1 555 555 0100": "(555) 555-0100", "1-555-555-0100": "(555) 555-0100", "(555) 555-0100": "",
		"+44 20 7946 0018": "", "555 0100": "", "5555550100 ext 9": "", "": "",
	} {
		if got := flow(nil, map[string]string{"Phone": in})["Phone"]; got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
