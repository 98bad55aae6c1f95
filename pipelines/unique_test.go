package pipelines_test

import (
	"fmt"
	"slices"
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

// uniqueSQL matches by stamped ids alone, and creates whoever is called New.
var uniqueSQL = map[string]string{
	"thing/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('lastname', 'two_way', 'hubspot', 'keep', null, null),
    ('email', 'two_way', 'hubspot', 'keep', null, null),
    ('code', 'two_way', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`,
	"thing/from_hubspot.contacts.sql": `-- one row per contact
select id, lastmodifieddate as modified_at, id as hubspot_id, salesforce_id, lastname, email, code, _deleted as deleted from hubspot.contacts`,
	"thing/from_salesforce.Contact.sql": `-- one row per Contact
select Id as id, LastModifiedDate as modified_at, HubSpot_Id__c as hubspot_id, Id as salesforce_id, LastName as lastname, Email as email, Code__c as code, _deleted as deleted
from salesforce.Contact`,
	"thing/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.id = hubspot.salesforce_id`,
	"thing/create.sql": `-- one row per record without a partner
select 'salesforce' as system, 'Contact' as object, object as source_object, id as source_id, 'new' as reason from hubspot where starts_with(lastname, 'New')
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce where starts_with(lastname, 'New')`,
	"thing/to_salesforce.Contact.sql": "-- one row per pair\nselect thing.pair_id, thing.hubspot_id as HubSpot_Id__c, thing.lastname as LastName, thing.email as Email, thing.code as Code__c from thing",
	"thing/to_hubspot.contacts.sql":   "-- one row per pair\nselect thing.pair_id, thing.salesforce_id, thing.lastname, thing.email, thing.code from thing",
}

// people are last names by what they are in one CRM.
func (s *small) names(system crm.System) (all []string) {
	object, column, list := "contacts", "lastname", s.box.HubSpot.All
	if system == crm.Salesforce {
		object, column, list = "Contact", "LastName", s.box.Salesforce.All
	}
	for _, r := range list(object) {
		all = append(all, r[column])
	}
	slices.Sort(all)
	return all
}

// TestAUniqueKeyThatIsTakenIsAMatch: a create that meets another record's e-mail address or unique value is linked to
// that record if it is free, and held if it has a partner; a neighbour in the same batch is created. So it is whatever
// becomes of the first answers, and nobody is there twice.
func TestAUniqueKeyThatIsTakenIsAMatch(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]sandbox.Fault{
		"answers arrive": nil,
		"first answers are lost": {
			{System: crm.HubSpot, Path: "/batch/upsert", Kind: sandbox.LostAnswer, Count: 1}, {System: crm.Salesforce, Path: "/composite/sobjects/Contact", Kind: sandbox.LostAnswer, Count: 1},
		},
		"a Bulk job":                       nil,
		"the first batch is refused whole": {{System: crm.HubSpot, Path: "/batch/upsert", Kind: "400", Code: "INVALID_JSON", Count: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := uniqueWorld(t)
			if name == "a Bulk job" {
				s.clients.Targets[crm.Salesforce].(*load.Salesforce).BulkFrom = 1
			}
			if err := s.box.Faults.Add(faults...); err != nil {
				t.Fatal(err)
			}
			var held []string
			for range 4 {
				r := s.run()
				for _, l := range r.Existing {
					held = append(held, fmt.Sprint(l.State, " ", l.Record.Object))
				}
			}
			if n := s.box.Count(crm.Salesforce, "/jobs/ingest"); (n > 0) != (name == "a Bulk job") {
				t.Errorf("%d calls to Bulk", n)
			}
			links := s.pairs(`
				select coalesce(contacts.lastname, '?') || ' = ' || coalesce(Contact.LastName, '?'), link.state || ' ' || link.rule
				from link.thing as link
				left join hubspot.contacts on contacts.id = link.hubspot_id
				left join salesforce.Contact on Contact.Id = link.salesforce_id`)
			// a first link brings the two in step: names are HubSpot's
			want := map[string]string{
				"There1 = There1": "linked unique key", "There2 = There2": "linked stamped id", "There2 = New2": "held unique key", "New3 = New3": "linked created",
				"There4 = There4": "linked unique key", "New5 = New5": "linked unique key", "Taken6 = Taken6": "linked stamped id", "New6 = Taken6": "held unique key", "New7 = New7": "linked created",
			}
			if diff := cmp.Diff(want, links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"New3", "New5", "New6", "New7", "Taken6", "There1", "There2", "There4"}, s.names(crm.HubSpot)); diff != "" {
				t.Errorf("hubspot (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"New2", "New3", "New5", "New7", "Taken6", "There1", "There2", "There4"}, s.names(crm.Salesforce)); diff != "" {
				t.Errorf("salesforce (-want +got):\n%s", diff)
			}
			slices.Sort(held)
			if diff := cmp.Diff([]string{"refused hubspot.contacts", "refused salesforce.Contact"}, held); diff != "" {
				t.Errorf("reported (-want +got):\n%s", diff)
			}
			if n := s.pairs(`select 'n', count(*)::varchar from plan.notice where kind = 'held' and text like '%merge the two, or say in same_as.csv%'`)["n"]; n != "2" {
				t.Errorf("%s notices of what is held", n)
			}
			if r := s.run(); len(r.Lines) > 0 {
				t.Errorf("a run later: %+v", r.Lines)
			}
		})
	}
}

// TestAPersonOpensWhatIsHeld: two that are not one, each with a value of its own by now, get a partner each.
func TestAPersonOpensWhatIsHeld(t *testing.T) {
	t.Parallel()
	s := uniqueWorld(t)
	s.run()
	s.run()
	s.run()
	held := s.pairs(`select hubspot_id, salesforce_id from link.thing where state = 'held'`)
	if len(held) != 2 {
		t.Fatalf("held: %v", held)
	}
	files := fstest.MapFS{}
	for name, text := range uniqueSQL {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	lines := []string{"hubspot_object,hubspot_id,salesforce_object,salesforce_id,same"}
	for h, f := range held {
		lines = append(lines, "contacts,"+h+",Contact,"+f+",no")
	}
	files["thing/same_as.csv"] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
	for h := range held {
		for _, r := range s.box.HubSpot.All("contacts") {
			if r["hs_object_id"] == h && r["lastname"] == "New6" {
				if err := s.box.HubSpot.Edit("contacts", h, map[string]string{"code": "c66"}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var err error
	if s.sql, err = entity.Load(files); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.run()
	}
	if n := s.names(crm.Salesforce); !slices.Contains(n, "New6") || len(n) != 9 {
		t.Errorf("salesforce: %v", n)
	}
	if n := s.names(crm.HubSpot); len(n) != 8 {
		t.Errorf("New2 has still another one's address: %v", n)
	}
	if r := s.run(); r.Counts[load.Taken] > 0 {
		t.Errorf("a run later: %+v", r.Lines)
	}
}

func uniqueWorld(t *testing.T) *small {
	t.Helper()
	s := newSmall(t, uniqueSQL, sandbox.Options{}, []string{"contacts"}, []string{"Contact"})
	if err := s.box.Salesforce.DefineField("Contact", salesforcesandbox.CustomField{Name: "Code__c", Type: "Text", Length: 20, Unique: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.clients.HubSpot.CreateProperty(t.Context(), "contacts", hubspot.Property{
		Name: "code", Label: "code", Type: "string", FieldType: "text", GroupName: "contactinformation", HasUniqueValue: true,
	}); err != nil {
		t.Fatal(err)
	}
	inHubSpot := func(values map[string]string) string { return s.insert(crm.HubSpot, "contacts", values) }
	inSalesforce := func(values map[string]string) string { return s.insert(crm.Salesforce, "Contact", values) }
	inHubSpot(map[string]string{"lastname": "There1", "email": "one@example.com"})
	inSalesforce(map[string]string{"LastName": "New1", "Email": "one@example.com"})
	taken := inSalesforce(map[string]string{"LastName": "Taken2"})
	inHubSpot(map[string]string{"lastname": "There2", "email": "two@example.com", "salesforce_id": taken})
	inSalesforce(map[string]string{"LastName": "New2", "Email": "two@example.com"})
	inSalesforce(map[string]string{"LastName": "New3", "Email": "three@example.com"})
	inHubSpot(map[string]string{"lastname": "There4", "code": "c4"})
	inSalesforce(map[string]string{"LastName": "New4", "Code__c": "c4"})
	inSalesforce(map[string]string{"LastName": "There5", "Code__c": "c5"})
	inHubSpot(map[string]string{"lastname": "New5", "code": "c5"})
	there := inSalesforce(map[string]string{"LastName": "There6", "Code__c": "c6"})
	inHubSpot(map[string]string{"lastname": "Taken6", "salesforce_id": there})
	inHubSpot(map[string]string{"lastname": "New6", "code": "c6"})
	inHubSpot(map[string]string{"lastname": "New7", "code": "c7"})
	return s
}
