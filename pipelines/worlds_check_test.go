package pipelines_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/warehouse"
)

// check compares the two CRMs person by person.
func (w *world) check() {
	w.t.Helper()
	listed := w.listed()
	for _, p := range w.people {
		h, ok := w.crms.HubSpot.Get("contacts", p.hubspot)
		s, ok2 := w.crms.Salesforce.Get("Contact", p.salesforce)
		if !ok || !ok2 {
			w.t.Errorf("seed %d: %s is not in both CRMs", w.seed, p.email)
			continue
		}
		bad := func(format string, args ...any) {
			w.t.Helper()
			w.t.Errorf("seed %d: %s (one side %v): %s\n  hubspot    %v\n  salesforce %v\n  typed %v%s", w.seed, p.email, p.oneSide, fmt.Sprintf(format, args...), brief(h), brief(s), p.typed, w.story(p))
		}
		for field, apart := range apartIn(h, s) {
			if apart && !listed[p.hubspot+"."+field] && !listed[p.salesforce+"."+field] {
				bad("%s is apart and nothing says why", field)
			}
		}
		if strings.Contains(s["FirstName"], "van") && !strings.Contains(h["full_name"], "Ann van") {
			bad("a first name nobody typed")
		}
		for _, v := range []string{h["phone"], h["jobtitle"], h["city"], s["Phone"], s["Title"], s["MailingCity"]} {
			if v != "" && !w.words[v] && !w.words[v[:1]+"-"+v[1:]] {
				bad("%q was typed by nobody", v)
			}
		}
		if !p.oneSide {
			continue
		}
		for at, v := range p.typed {
			side, column, _ := strings.Cut(at, ".")
			now := h[column]
			if side == "salesforce" {
				now = s[column]
			}
			if strings.ReplaceAll(now, "-", "") != strings.ReplaceAll(v, "-", "") {
				bad("%s was edited on one side only and overwritten: %q is %q", at, v, now)
			}
		}
	}
	w.noLoneConflicts()
	w.t.Logf("seed %d: %d people, %d edits", w.seed, len(w.people), w.edited)
}

// apartIn tells per field whether the two records differ by what the mapping calls the same.
func apartIn(h, s map[string]string) map[string]bool {
	status := map[string]string{"a1": "A", "a2": "A", "b1": "B", "b2": "B", "c1": "C", "": ""}
	return map[string]bool{
		"phone":  strings.ReplaceAll(h["phone"], "-", "") != s["Phone"],
		"status": status[h["person_status"]] != s["Status__c"],
		"title":  h["jobtitle"] != s["Title"] && h["jobtitle"] != "" && s["Title"] != "",
		// one-way, and a first link never clears: a memo that HubSpot never had stays in Salesforce
		"memo":     h["memo"] != "" && h["memo"][:4] != s["Memo__c"] && h["memo"] != s["Memo__c"],
		"lastname": h["full_name"] != s["FirstName"]+" "+s["LastName"],
		"place":    h["city"]+h["zip"] != s["MailingCity"]+s["MailingPostalCode"],
		"cc":       h["country_code"] != s["Phone"][:min(1, len(s["Phone"]))],
	}
}

func brief(r map[string]string) string {
	var parts []string
	for _, k := range []string{"full_name", "phone", "person_status", "jobtitle", "memo", "city", "zip", "country_code", "FirstName", "LastName", "Phone", "Status__c", "Title", "Memo__c", "MailingCity", "MailingPostalCode"} {
		if v, ok := r[k]; ok {
			parts = append(parts, k+"="+v)
		}
	}
	return strings.Join(parts, " ")
}

// open reads the warehouse after the last run.
func (w *world) open() *warehouse.Warehouse {
	w.t.Helper()
	if w.wh != nil {
		return w.wh
	}
	wh, err := warehouse.Open(context.Background(), warehouse.Options{Path: w.job.Project.Config.Paths.Warehouse, RunAt: w.now()})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = wh.Close() })
	w.wh = wh
	return wh
}

// story is what history says of a person.
func (w *world) story(p *person) string {
	w.t.Helper()
	rows, err := w.open().DB.Query(`select concat_ws(' ', strftime("at", '%H:%M:%S'), run_id, system, action, "column", coalesce(before, '∅') || ' → ' || coalesce(after, '∅') || ' (' || coalesce(stored, '∅') || ')', array_to_string(rules, '; '), outcome, reason)
		from history.change where pair_id in (select pair_id from link.person where hubspot_id = $1 or salesforce_id = $2) order by "at", "column"`, p.hubspot, p.salesforce)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Fatal(err)
		}
		b.WriteString("\n    " + s)
	}
	return b.String()
}

// listed are the fields that the program says are waiting, by "<record id>.<field>".
func (w *world) listed() map[string]bool {
	w.t.Helper()
	wh := w.open()
	rows, err := wh.DB.Query(`
		with last as (select plan_id from plan.plan order by made_at desc limit 1)
		select l.hubspot_id, f.field from plan.field f join last using (plan_id) join link.person l using (pair_id) where f.outcome in ('waiting', 'ask', 'frozen')
		union all
		select n.record_id, n.field from plan.notice n join last using (plan_id) where n.kind in ('unmapped', 'refused', 'frozen')
		union all
		select l.hubspot_id, unnest(['title', 'Title']) from history.refusal r join link.person l using (pair_id) where r."column" = 'Title'`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names := map[string]string{"person_status": "status", "Status__c": "status", "Title": "title", "jobtitle": "title"}
	all := map[string]bool{}
	for rows.Next() {
		var id, field *string
		if err := rows.Scan(&id, &field); err != nil {
			w.t.Fatal(err)
		}
		if id != nil && field != nil {
			f := *field
			if n, ok := names[f]; ok {
				f = n
			}
			all[*id+"."+f] = true
		}
	}
	return all
}

// noLoneConflicts: a field that is edited on one side only never is a conflict.
func (w *world) noLoneConflicts() {
	w.t.Helper()
	wh := w.open()
	var lone []string
	for _, p := range w.people {
		if p.oneSide {
			lone = append(lone, "'"+p.hubspot+"'")
		}
	}
	rows, err := wh.DB.Query(`select distinct l.hubspot_id || ' ' || c.field || ' ' || coalesce(c.hubspot, '∅') || '/' || coalesce(c.salesforce, '∅') || ' base ' || coalesce(c.hubspot_base, '∅') || '/' || coalesce(c.salesforce_base, '∅')
		from history.conflict c join link.person l using (pair_id) where not c.first_link and l.hubspot_id in (` + strings.Join(lone, ", ") + `)`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, s)
	}
	slices.Sort(all)
	if len(all) > 0 {
		w.t.Errorf("seed %d: edits on one side were called conflicts: %v", w.seed, all)
	}
}
