package pipelines

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Duplicates of people: each rule finds what it is for, two records that are linked to each other are none, and the record to keep
// is the linked, the fuller, the newer one.
func TestDuplicatesOfPeople(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		// one pair, and a duplicate of it in each CRM
		{"contacts 101", "p1", "email=ann@example.com firstname=Ann lastname=Lee phone=+1_555_0100 zip=10001"},
		{"Contact 003A", "p1", "email=ann@example.com firstname=Ann lastname=Lee phone=(555)_010-0100"},
		{"contacts 102", "", "email=ann@example.com firstname=Ann lastname=Lee"},
		{"Lead 00QA", "", "email=ann+news@example.com firstname=Anna"},
		// same name and phone, written otherwise
		{"contacts 103", "", "firstname=Bo lastname=Chén phone=+1_555_010_0111"},
		{"contacts 104", "", "firstname=Chen lastname=Bo mobilephone=1-555-010-0111 jobtitle=CEO"},
		// nearly the same name at one company, through the account's name
		{"Contact 003B", "", "firstname=Catherine lastname=Mueller associatedcompanyid=001A"},
		{"Contact 003C", "", "firstname=Catharine lastname=Mueller associatedcompanyid=001B"},
		// nearly the same name, nothing else in common
		{"Contact 003D", "", "firstname=Catherine lastname=Muller associatedcompanyid=001Z"},
		// same name and e-mail domain; at a free-mail host that says nothing
		{"contacts 105", "", "email=d.diaz@tern.example firstname=Di lastname=Diaz"},
		{"contacts 106", "", "email=di@tern.example firstname=Di lastname=Diaz"},
		{"contacts 107", "", "email=d.evans@gmail.com firstname=Di lastname=Evans"},
		{"contacts 108", "", "email=di@gmail.com firstname=Di lastname=Evans"},
		// one in each CRM that are not linked, and names that one e-mail is not enough for
		{"contacts 110", "", "email=eve@example.org lastname=Fox"},
		{"Contact 003E", "", "email=eve@example.org firstname=Eve lastname=Fox"},
		// an error of the fingers in an e-mail address, and two who have the same last name at one company
		{"contacts 111", "", "email=cyhunt@elm.example firstname=Cy"},
		{"contacts 112", "", "email=cyhnut@elm.example firstname=Cy lastname=Hunt"},
		{"contacts 113", "", "email=a.hill@elm.example firstname=Ann lastname=Hill"},
		{"contacts 114", "", "email=b.hill@elm.example firstname=Bo lastname=Hill"},
		// gone records are nobody's duplicates
		{"contacts 109", "", "email=di@tern.example deleted=true"},
		{"Lead 00QB", "", "email=di@tern.example superseded_by=003Z"},
	} {
		r.put("contact", x[0], x[1], x[2])
	}
	r.put("company", "Account 001A", "", "name=Tern_Point_Inc.")
	r.put("company", "Account 001B", "", "name=TERN_POINT")
	want := []string{
		"across | exact | same e-mail | Contact 003E | contacts 110 | Contact 003E",
		"hubspot | close | nearly the same e-mail | contacts 112 | contacts 111 | contacts 112",
		"hubspot | exact | same e-mail | contacts 101 | contacts 102 | contacts 101",
		"hubspot | normalized | same name and e-mail domain | contacts 101 | contacts 102 | contacts 101",
		"hubspot | normalized | same name and e-mail domain | contacts 105 | contacts 106 | contacts 105",
		"hubspot | normalized | same name and phone | contacts 104 | contacts 103 | contacts 104",
		"salesforce | close | nearly the same name, same company | Contact 003B | Contact 003C | Contact 003B",
		"salesforce | normalized | same e-mail without its tag | Contact 003A | Lead 00QA | Contact 003A",
	}
	got := r.rows("duplicates", `select scope, kind, rule, a_object || ' ' || a_id, b_object || ' ' || b_id, keep from $report where entity = 'contact' order by all`)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	reasons := r.rows("duplicates", `select distinct a_id, b_id, keep_reason from $report where scope <> 'across' order by all`)
	if d := cmp.Diff([]string{
		"003A | 00QA | it is linked to the other CRM, the other one is not",
		"003B | 003C | nothing tells them apart: the older id",
		"101 | 102 | it is linked to the other CRM, the other one is not",
		"104 | 103 | it says more: 4 fields are filled, 3 of the other",
		"105 | 106 | nothing tells them apart: the older id",
		"112 | 111 | it says more: 3 fields are filled, 2 of the other",
	}, reasons); d != "" {
		t.Error(d)
	}
	twins := r.rows("lead_contact_twins", `select lead_id, contact_id, rules, linked from $report`)
	if d := cmp.Diff([]string{}, twins); d != "" { // ann+news is not ann
		t.Error(d)
	}
}

// All records of one scope that any chain of evidence leads to are one group, however long it is and whichever record it begins with;
// groups are numbered, the strongest evidence first and then the most records, and the record to keep is the first of all.
func TestDuplicatesInGroups(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		// a chain: an address, a phone, an address, a phone. The linked one is at its end
		{"contacts 1", "p1", "email=ann@example.com firstname=Ann lastname=Lee"},
		{"contacts 2", "", "email=ann@example.com firstname=Anna lastname=Leeward phone=+1_555_0100 zip=10001"},
		{"contacts 3", "", "email=leeward@example.org firstname=Anna lastname=Leeward phone=+1_555_0100"},
		{"contacts 4", "", "email=leeward@example.org firstname=Zoe lastname=Oakes phone=+1_555_0101"},
		{"contacts 5", "", "firstname=Zoe lastname=Oakes phone=+1_555_0101"},
		// evidence as strong between fewer
		{"contacts 6", "", "email=cy@example.net firstname=Cy"},
		{"contacts 7", "", "email=cy@example.net firstname=Cyrus"},
		// weaker evidence
		{"Contact 003A", "p1", "firstname=Di lastname=Diaz phone=+1_555_0102"},
		{"Lead 00QA", "", "firstname=Di lastname=Diaz phone=+1_555_0102"},
		// of each CRM one, of which one is in a group of its own CRM, too: two groups
		{"Contact 003B", "", "email=cy@example.net firstname=Cy"},
	} {
		r.put("contact", x[0], x[1], x[2])
	}
	// a long one, its records in no order
	r.exec(`insert into mapped.contact (system, object, id, modified_at, deleted, email, firstname, lastname, phone)
		select 'salesforce', 'Contact', '003L' || lpad((i * 37 % 1009)::varchar, 4, '0'), timestamptz '2026-01-01', false, md5((i // 2)::varchar) || '@example.com', 'Bo', md5(((i + 1) // 2)::varchar), '+1 555 0103' from range(1000) as numbers (i)`)
	got := r.rows("duplicates", `select group_number, scope, max(score), group_records, group_keep, count(distinct (a_id, b_id)), list(distinct keep_reason) filter (where a_object || ' ' || a_id = group_keep)
		from $report group by all order by 1`)
	if d := cmp.Diff([]string{
		"1 | salesforce | 1 | 1000 | Contact 003L0000 | 999 | [nothing tells them apart: the older id]",
		"2 | hubspot | 1 | 5 | contacts 1 | 4 | [it is linked to the other CRM, the other one is not]",
		"3 | hubspot | 1 | 2 | contacts 6 | 1 | [nothing tells them apart: the older id]",
		"4 | across | 1 | 2 | contacts 6 | 1 | [one of each CRM: they would be linked, not merged]",
		"5 | salesforce | 0.95 | 2 | Contact 003A | 1 | [it is linked to the other CRM, the other one is not]",
	}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"0"}, r.rows("duplicates", `select count(*) from $report as x join $report as y on x.scope = y.scope and x.b_id = y.a_id where x.group_number <> y.group_number`)); d != "" {
		t.Error(d)
	}
}

// Duplicates of companies, and companies that only share a domain.
func TestDuplicatesOfCompanies(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		{"companies 201", "c1", "name=Tern_Point domain=tern.example"},
		{"Account 001A", "c1", "name=Tern_Point_Inc. domain=www.tern.example"},
		{"Account 001B", "", "name=TERN_POINT,_LLC domain=shop.tern.example"},
		{"Account 001C", "", "name=Tern_Pointe domain=tern.example"},
		{"Account 001D", "", "name=Tern_Services domain=tern.example"},
		{"companies 202", "", "name=Elm_Works phone=+1_555_010_0150 domain=gmail.com"},
		{"companies 203", "", "name=Oak_Mill domain=gmail.com"},
		{"Account 001E", "", "name=Elm-Works phone=15550100150"},
	} {
		r.put("company", x[0], x[1], x[2])
	}
	got := r.rows("duplicates", `select scope, kind, rule, a_id, b_id, keep from $report where entity = 'company' order by all`)
	if d := cmp.Diff([]string{
		"across | normalized | same company name and phone | 202 | 001E | companies 202",
		"salesforce | close | nearly the same name, same web domain | 001A | 001C | Account 001A",
		"salesforce | close | nearly the same name, same web domain | 001B | 001C | Account 001B",
		"salesforce | normalized | same company name and web domain | 001A | 001B | Account 001A",
	}, got); d != "" {
		t.Error(d)
	}
	shared := r.rows("shared_domains", `select domain, system, records, names, linked, ids from $report`)
	if d := cmp.Diff([]string{"tern.example | salesforce | 4 | 3 | 1 | [001A 001B 001C 001D]"}, shared); d != "" {
		t.Error(d)
	}
}

// One value that hundreds share makes no pairs, and a duplicate entered many times makes a row each, not a row per pair.
func TestDuplicatesOfMany(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`insert into mapped.contact (system, object, id, modified_at, deleted, email, firstname, lastname, phone)
		select 'hubspot', 'contacts', i::varchar, timestamptz '2026-01-01', false, 'info@gmail.com', 'Ann', 'Lee' || i, '+1 555 010 0100' from range(300) as numbers (i)
		union all
		select 'hubspot', 'contacts', 'x' || i, timestamptz '2026-01-01', false, 'bo@example.com', null, null, null from range(400) as numbers (i)`)
	got := r.rows("duplicates", `select rule, count(*), count(distinct a_id) from $report group by all`)
	if d := cmp.Diff([]string{"same e-mail | 399 | 1"}, got); d != "" {
		t.Error(d)
	}
}

// There are at most a million comparisons, or ten per person where that is more: what the fewest share comes first.
func TestDuplicatesOfTooMany(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	// 820 companies of fifty people called Bo, of whom two have nearly the same name: 1,225 comparisons each; and one of two people
	r.exec(`insert into mapped.contact (system, object, id, modified_at, deleted, firstname, lastname, company)
		select 'hubspot', 'contacts', company * 100 + i, timestamptz '2026-01-01', false, 'Bo', left(md5(company || '-' || least(i, 48)), 9) || if(i = 49, 'z', ''), 'Tern ' || company
		from range(820) as companies (company), range(50) as people (i)
		union all
		select 'hubspot', 'contacts', 'x' || i, timestamptz '2026-01-01', false, 'Bo', if(i = 1, 'Chenz', 'Chen'), 'Elm' from range(2) as numbers (i)`)
	got := r.rows("duplicates", `select kind, rule, count(*) between 800 and 817, count(*) filter (a_id = 'x0') from $report group by all`)
	if d := cmp.Diff([]string{"close | nearly the same name, same company | true | 1"}, got); d != "" {
		t.Error(d)
	}
}
