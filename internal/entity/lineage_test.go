package entity

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/warehouse"
	"lockstep/sql"
)

// TestOrigins: a column is followed by its aliases, through CTEs, joins, unions, stars and subqueries.
func TestOrigins(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(context.Background(), warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	tests := []struct{ name, sql, want string }{
		{"as it stands", `select c.email as email from hubspot.contacts as c`, "email: hubspot.contacts.email"},
		{"two of one name", `with owners as (select id, lower(email) as email from catalog.owners)
			select clean(c.email) as email, owners.email as owner from hubspot.contacts as c left join owners on owners.id = c.owner_id`,
			"email: hubspot.contacts.email by clean\nowner: catalog.owners.email, hubspot.contacts.owner_id by lower"},
		{"a crosswalk", `with stage as (select hubspot, value from crosswalk.stage where use <> 'out')
			select mapped(stage.value, c.stage) as stage from hubspot.contacts as c left join stage on stage.hubspot = c.stage`,
			"stage: crosswalk.stage.value, hubspot.contacts.stage by mapped"},
		{"a union and a star", `with a as (select x, y from s.one union all select p, q from s.two) select * from a`,
			"x: s.one.x, s.two.p\ny: s.one.y, s.two.q"},
		{"a subquery in the list and one in from", `select (select max(b.at) from s.b as b where b.of = c.id) as latest, n from (select id, name as n from s.c) as c`,
			"latest: s.b.at, s.b.of, s.c.id by max\nn: s.c.name"},
		{"an entity", `select contact.pair_id, contact.email as Email from contact`, "pair_id: .contact.pair_id\nEmail: .contact.email"},
		{"one that names itself", `with recursive r as (select id, up from s.t union all select t.id, r.up from s.t as t join r on r.id = t.up) select up from r`,
			"up: s.t.up"},
		{"using", `select k.v as v from s.a as a left join s.k as k using (key)`, "v: s.k.v, s.a.key"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			all, err := File{Path: "x.sql", Text: x.sql}.Origins(t.Context(), w.DB)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range all {
				var from []string
				for _, s := range o.Sources {
					from = append(from, fmt.Sprintf("%s.%s.%s", s.Schema, s.Table, s.Column))
				}
				line := o.Name + ": " + strings.Join(from, ", ")
				if len(o.Calls) > 0 {
					line += " by " + strings.Join(o.Calls, ", ")
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(x.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMapping: the default project's fields pass the columns, crosswalks and macros that its SQL names, and every column
// a to file writes belongs to a field.
func TestMapping(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(context.Background(), warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	p, err := Load(sql.FS)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for _, e := range p.Entities {
		fields, err := p.Mapping(t.Context(), w.DB, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			line := f.Direction + " " + f.Rule
			for _, x := range f.In {
				line += fmt.Sprintf("\n< %s %v %v %v %v", x.Object, x.Columns, x.Crosswalks, x.Lookups, x.Macros)
			}
			for _, x := range f.Out {
				line += fmt.Sprintf("\n> %s %v %v %v %v %v", x.Object, x.Columns, x.Fields, x.Crosswalks, x.Lookups, x.Macros)
			}
			lines[e.Name+"."+f.Field] = line
			if len(f.In) == 0 {
				t.Errorf("%s.%s comes from nowhere", e.Name, f.Field)
			}
		}
	}
	for field, want := range map[string]string{
		"contact.jobtitle": `two_way most_recent
< hubspot.contacts [jobtitle] [] [] [clean_text]
< salesforce.Contact [Title] [] [] [clean_text]
< salesforce.Lead [Title] [] [] [clean_text]
> hubspot.contacts [jobtitle] [] [] [] []
> salesforce.Contact [Title] [] [] [] []
> salesforce.Lead [Title] [] [] [] []`,
		"contact.owner_email": `two_way salesforce
< hubspot.contacts [hubspot_owner_id] [] [owners] [mapped]
< salesforce.Contact [OwnerId] [] [users] [mapped owner_email]
< salesforce.Lead [OwnerId] [] [users] [mapped owner_email]
> hubspot.contacts [hubspot_owner_id] [] [] [owners] [owner_id]
> salesforce.Contact [OwnerId] [] [] [users] [owner_id]
> salesforce.Lead [OwnerId] [] [] [users] [owner_id]`,
		"contact.lifecyclestage": `two_way salesforce
< hubspot.contacts [lifecyclestage] [lifecycle_stage] [] [mapped]
< salesforce.Contact [Opportunity.IsWon OpportunityContactRole.OpportunityId Opportunity.IsClosed Id] [] [] []
< salesforce.Lead [Status] [lifecycle_stage] [] [mapped]
> hubspot.contacts [lifecyclestage] [present_stage salesforce_object] [lifecycle_stage] [] [further_stage mapped]`,
	} {
		if diff := cmp.Diff(want, lines[field]); diff != "" {
			t.Errorf("%s: %s\n%s", field, diff, lines[field])
		}
	}
}
