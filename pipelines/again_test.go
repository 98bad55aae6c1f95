package pipelines_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
	"lockstep/load"
)

// TestARefusalEndsWithItsCause: what pre-flight or a rule of the CRM refuses is told once and not sent again by itself; it
// goes again when the value, the target's metadata, the target record or the mapping changes, or somebody asks for it.
func TestARefusalEndsWithItsCause(t *testing.T) {
	t.Parallel()
	s := newSmall(t, uniqueSQL, sandbox.Options{}, []string{"contacts"}, []string{"Contact"})
	if err := s.box.Salesforce.DefineField("Contact", salesforcesandbox.CustomField{Name: "Code__c", Type: "Text", Length: 20}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.clients.HubSpot.CreateProperty(t.Context(), "contacts", hubspot.Property{
		Name: "code", Label: "code", Type: "enumeration", FieldType: "select", GroupName: "contactinformation", Options: []hubspot.Option{{Label: "C1", Value: "c1"}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.box.Salesforce.Validate("Contact", func(_, after map[string]string) (string, string) {
		if strings.HasPrefix(after["LastName"], "Bad") {
			return "not this name", "LastName"
		}
		return "", ""
	}); err != nil {
		t.Fatal(err)
	}
	s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "New1", "Code__c": "c2"})
	person := s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "New2", "email": "two@example.com"})
	said := func(r load.Report) (all []string) {
		for _, l := range r.Lines {
			if l.State != load.Taken {
				all = append(all, fmt.Sprint(l.State, " ", l.Record.Object, " ", l.Reason))
			}
		}
		return all
	}
	step := func(what string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, said(s.run())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	rule := "refused salesforce.Contact not this name; " + crm.ValidationRule.Remedy()
	option := "refused hubspot.contacts code: the picklist does not have \"c2\"; " + crm.Picklist.Remedy()
	step("a new contact goes without what would be refused", option)
	if err := s.box.HubSpot.Edit("contacts", person, map[string]string{"lastname": "Bad", "email": "three@example.com"}); err != nil {
		t.Fatal(err)
	}
	step("the rule refuses a name, and the rest of the record goes", rule)
	step("nothing has moved")
	if got := s.box.Salesforce.All("Contact")[1]["Email"]; got != "three@example.com" {
		t.Errorf("the rest of the record holds %q", got)
	}
	s.options(t, "c1", "c2")
	step("an option is there: what it is for goes, and the other refusal is not of that CRM")
	if got := s.pairs(`select object, any_value("column") from history.refusal group by all`); cmp.Diff(map[string]string{"Contact": "LastName"}, got) != "" {
		t.Errorf("what stands: %v", got)
	}
	if err := s.box.Salesforce.DefineField("Contact", salesforcesandbox.CustomField{Name: "Other__c", Type: "Text", Length: 20}); err != nil {
		t.Fatal(err)
	}
	step("the object has another field: it goes again", rule)
	step("nothing has moved")
	s.mapping(t, uniqueSQL, "thing/from_hubspot.contacts.sql", "-- edited")
	step("the mapping is another one", rule)
	step("nothing has moved")
	s.o.RetryRefused = true
	step("somebody asks for it", rule)
	s.o.RetryRefused = false
	if err := s.box.HubSpot.Edit("contacts", person, map[string]string{"lastname": "Bader"}); err != nil {
		t.Fatal(err)
	}
	step("another value", rule)
	if err := s.box.HubSpot.Edit("contacts", person, map[string]string{"lastname": "Good"}); err != nil {
		t.Fatal(err)
	}
	step("a good one")
	if got := s.pairs(`select object, "column" from history.refusal`); len(got) > 0 {
		t.Errorf("what stands: %v", got)
	}
}

// options gives HubSpot's code the options named.
func (s *small) options(t *testing.T, values ...string) {
	t.Helper()
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprintf(`{"label": %q, "value": %[1]q}`, v))
	}
	s.order(http.MethodPatch, "/crm/v3/properties/contacts/code", `{"options": [`+strings.Join(all, ", ")+`]}`)
}

// order asks HubSpot for something that is no part of a sync.
func (s *small) order(method, path, body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.box.HubSpotURL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer pat-na1-sandbox")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		s.t.Fatal(answer.Status)
	}
}

// mapping goes on with the files, a line added to one of them.
func (s *small) mapping(t *testing.T, files map[string]string, path, line string) {
	t.Helper()
	all := fstest.MapFS{}
	for name, text := range files {
		if name == path {
			text += "\n" + line
		}
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var err error
	if s.sql, err = entity.Load(all); err != nil {
		t.Fatal(err)
	}
}
