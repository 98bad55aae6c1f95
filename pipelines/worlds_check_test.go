package pipelines_test

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/pipelines"
)

// check holds the two CRMs against each other once all is quiet:
//
//   - links are one-to-one, and both records of one are live;
//   - what two linked records have in common is the same, or listed with why;
//   - an edit that only one side made stands on both, and was never called a conflict;
//   - an edit is in its CRM, or in history as overwritten by a rule with a name, or listed as waiting;
//   - nothing that nobody typed stands anywhere;
//   - nothing was written where the direction is another, or off.
func (w *world) check() {
	w.t.Helper()
	w.wh = w.open()
	defer func() { _ = w.wh.Close() }()
	listed := w.listed()
	partner := w.links()
	for _, p := range w.people {
		w.checkPerson(p, listed, partner)
	}
	w.noLoneConflicts()
	for _, row := range query(w.t, w.wh, `select record_id, "column", run_id from history.change where outcome = 'taken' and action in ('create', 'update') and (
		system = 'hubspot' and "column" in ('memo', 'HubSpot_Id__c') or system = 'salesforce' and entity = 'deal' and "column" in ('Description', 'AccountId')
		or system = 'salesforce' and entity = 'deal' and action = 'create')`) {
		w.t.Errorf("schedule %d: written against its direction: %v", w.n, row)
	}
	for _, row := range query(w.t, w.wh, `select run_id, record_id, "column" from history.change where outcome = 'taken' and "column" in ('jobtitle', 'Title')`) {
		if w.off[row[0]] {
			w.t.Errorf("schedule %d: titles were off in run %s, and %s %s was written", w.n, row[0], row[1], row[2])
		}
	}
	edits := 0
	for _, p := range w.people {
		edits += len(p.acts)
	}
	w.t.Logf("schedule %d: %d people, %d acts, %d rounds\n%v", w.n, len(w.people), edits, w.plan.rounds, w.plan)
}

// bad tells of a person with all that is known of them, and how to see it again.
func (w *world) bad(p *person, format string, args ...any) {
	w.t.Helper()
	again := fmt.Sprintf("LOCKSTEP_SEED=%d go test -tags duckdb_arrow -run 'TestWorlds$' ./pipelines", p.seed)
	if p.companion {
		again = fmt.Sprintf("a companion: LOCKSTEP_WORLDS=%d …", w.n)
	}
	w.t.Errorf("%s\nschedule %d, %s (one side %v): %s\n  hubspot    %v\n  salesforce %v\n  %s%s\n%v", again, w.n, p.name, p.oneSide, fmt.Sprintf(format, args...),
		brief(w.get(crm.HubSpot, "contacts", p.hubspot)), brief(w.get(crm.Salesforce, p.object, p.salesforce)), strings.Join(p.acts, "\n  "), w.story(p), w.plan)
}

func (w *world) get(s crm.System, object, id string) map[string]string {
	get := w.crms.HubSpot.Get
	if s == crm.Salesforce {
		get = w.crms.Salesforce.Get
	}
	r, _ := get(object, id)
	return r
}

// links are the linked pairs, by either record's id, which no two objects of a world share.
func (w *world) links() map[string]string {
	w.t.Helper()
	partner := map[string]string{}
	for _, entity := range []string{"company", "person", "deal"} {
		for _, l := range query(w.t, w.wh, `select hubspot_object, hubspot_id, salesforce_object, salesforce_id from link.`+entity+` where state = 'linked'`) {
			h, s := l[0]+" "+l[1], l[3]
			if partner[h] != "" || partner[s] != "" {
				w.t.Errorf("schedule %d: %v is linked twice", w.n, l)
			}
			partner[h], partner[s] = s, h
			if w.get(crm.HubSpot, l[0], l[1]) == nil || w.get(crm.Salesforce, l[2], l[3]) == nil {
				w.t.Errorf("schedule %d: %v are linked and not both live", w.n, l)
			}
		}
	}
	return partner
}

func (w *world) checkPerson(p *person, listed map[string]bool, partner map[string]string) {
	w.t.Helper()
	h, s := w.get(crm.HubSpot, "contacts", p.hubspot), w.get(crm.Salesforce, p.object, p.salesforce)
	c, a := w.get(crm.HubSpot, "companies", p.company), w.get(crm.Salesforce, "Account", p.account)
	d, o := w.get(crm.HubSpot, "deals", p.deal), w.get(crm.Salesforce, "Opportunity", p.opportunity)
	if h == nil || s == nil || c == nil || a == nil {
		if !p.mixed {
			w.bad(p, "not in both CRMs: %v %v %v %v", h != nil, s != nil, c != nil, a != nil)
		}
		return
	}
	apart := map[string]bool{}
	if partner["contacts "+p.hubspot] == p.salesforce {
		apart = apartIn(h, s)
		// one-way: until both have said the same once, as of a new record or one that took another's place, HubSpot is at its
		// first link, which never clears
		apart["cc"] = apart["cc"] && (s["Phone"] != "" || !p.made && !p.mixed)
	} else if !p.mixed {
		w.bad(p, "%s and %s are not linked", p.hubspot, p.salesforce)
	}
	if partner["companies "+p.company] == p.account {
		apart["firm"] = c["name"] != a["Name"]
		apart["firm phone"] = c["phone"] != a["Phone"]
	}
	if d != nil && o != nil {
		apart["amount"] = d["amount"] != o["Amount"]
		apart["description"] = d["description"] != o["Description"]
	} else if (d == nil) != (o == nil) && p.opportunity != "deleted" {
		w.bad(p, "the deal is not in both CRMs: %v and %v", d, o)
	}
	for field, is := range apart {
		id := map[string]string{"firm": p.company, "firm phone": p.company, "amount": p.deal, "description": p.deal}[field]
		if is && !listed[p.hubspot+"."+field] && !listed[p.salesforce+"."+field] && !listed[id+"."+field] {
			w.bad(p, "%s is apart and nothing says why: company %v %v, deal %v %v", field, c["name"], a["Name"], d, o)
		}
	}
	if strings.Contains(s["FirstName"], "van") && !strings.Contains(h["full_name"], "Ann van") {
		w.bad(p, "a first name nobody typed")
	}
	for _, v := range []string{h["phone"], h["jobtitle"], h["city"], s["Phone"], s["Title"], s["MailingCity"], c["name"], a["Name"]} {
		if v != "" && !p.words[v] && !p.words[v[:1]+"-"+v[1:]] {
			w.bad(p, "%q was typed by nobody", v)
		}
	}
	if p.mixed {
		return
	}
	for at, v := range p.typed {
		part := strings.SplitN(at, " ", 4)
		record := w.get(crm.System(part[0]), part[1], part[2])
		if record == nil {
			continue // somebody deleted it since
		}
		now := record[part[3]]
		if same := strings.ReplaceAll(now, "-", "") == strings.ReplaceAll(v, "-", ""); same {
			continue
		}
		field := columnField(part[1], part[3])
		if listed[p.hubspot+"."+field] || listed[p.salesforce+"."+field] || listed[part[2]+"."+field] {
			continue
		}
		title := field == "title" && slices.Contains(w.plan.off, true) // its bases went while it was off
		if p.oneSide && !title {
			w.bad(p, "%s was edited on one side only and overwritten: %q is %q", at, v, now)
			continue
		}
		if !w.overwritten(part, v) {
			w.bad(p, "the edit %s = %q is gone (%q), and history has no rule for it", at, v, now)
		}
	}
}

// overwritten tells whether history says by which rule a typed value went.
func (w *world) overwritten(at []string, v string) bool {
	w.t.Helper()
	return len(query(w.t, w.wh, `select run_id from history.change where system = $1 and record_id = $2 and "column" = $3
		and replace(coalesce(before, ''), '-', '') = replace($4, '-', '') and len(rules) > 0 and outcome in ('taken', 'unclear') limit 1`, at[0], at[2], at[3], v)) > 0
}

// apartIn tells per field whether two linked people differ by what the mapping calls the same.
func apartIn(h, s map[string]string) map[string]bool {
	status := map[string]string{"a1": "A", "a2": "A", "b1": "B", "b2": "B", "c1": "C", "": ""}
	return map[string]bool{
		"phone":  strings.ReplaceAll(h["phone"], "-", "") != s["Phone"],
		"status": status[h["person_status"]] != s["Status__c"],
		"title":  h["jobtitle"] != s["Title"] && h["jobtitle"] != "" && s["Title"] != "",
		// one-way, and a first link never clears: a memo that HubSpot never had stays in Salesforce
		"memo":  h["memo"] != "" && h["memo"][:4] != s["Memo__c"] && h["memo"] != s["Memo__c"],
		"name":  h["full_name"] != s["FirstName"]+" "+s["LastName"],
		"place": h["city"]+h["zip"] != s["MailingCity"]+s["MailingPostalCode"]+s["City"]+s["PostalCode"],
		"cc":    h["country_code"] != s["Phone"][:min(1, len(s["Phone"]))],
	}
}

func brief(r map[string]string) string {
	var parts []string
	for _, k := range []string{"full_name", "phone", "person_status", "jobtitle", "memo", "city", "zip", "country_code", "FirstName", "LastName", "Phone", "Status__c", "Title", "Memo__c", "MailingCity", "MailingPostalCode", "City", "PostalCode"} {
		if v, ok := r[k]; ok {
			parts = append(parts, k+"="+v)
		}
	}
	return strings.Join(parts, " ")
}

// columnField is the name under which a column's field is asked after here.
func columnField(object, column string) string {
	switch strings.ToLower(column) {
	case "person_status", "status__c":
		return "status"
	case "jobtitle":
		return "title"
	case "memo__c":
		return "memo"
	case "firstname", "lastname", "full_name":
		return "name"
	case "city", "zip", "mailingcity", "mailingpostalcode", "postalcode":
		return "place"
	case "country_code":
		return "cc"
	case "name":
		if object == "companies" || object == "Account" || object == "company" {
			return "firm"
		}
	case "phone":
		if object == "companies" || object == "Account" || object == "company" {
			return "firm phone"
		}
	}
	return strings.ToLower(column)
}

// listed are the fields that the program says are waiting, by "<record id>.<field>".
func (w *world) listed() map[string]bool {
	w.t.Helper()
	all := map[string]bool{}
	for _, e := range []string{"company", "person", "deal"} {
		for _, row := range query(w.t, w.wh, `
			with last as (select plan_id from plan.plan order by made_at desc limit 1),
			waiting as (
				select pair_id, field from plan.field join last using (plan_id) where entity = $1 and outcome in ('waiting', 'ask', 'frozen', 'absent')
				union
				select pair_id, field from history.frozen where entity = $1 and released_at is null
				union
				select pair_id, "column" from history.refusal where entity = $1 and "column" is not null
			)
			select coalesce(l.hubspot_id, ''), coalesce(l.salesforce_id, ''), waiting.field from waiting join link.`+e+` as l using (pair_id)
			union all
			select coalesce(n.record_id, ''), '', n.field from plan.notice n join last using (plan_id)
			where n.entity = $1 and n.kind in ('unmapped', 'refused', 'frozen') and n.record_id is not null and n.field is not null`, e) {
			all[row[0]+"."+columnField(e, row[2])], all[row[1]+"."+columnField(e, row[2])] = true, true
		}
	}
	return all
}

// story is what history says of a person.
func (w *world) story(p *person) string {
	w.t.Helper()
	if w.wh == nil {
		wh := w.open()
		w.wh = wh
		defer func() { _ = wh.Close(); w.wh = nil }()
	}
	var b strings.Builder
	for _, row := range query(w.t, w.wh, `select concat_ws(' ', strftime("at", '%H:%M:%S'), run_id, system, object, record_id, action, "column", coalesce(before, '∅') || ' → ' || coalesce(after, '∅') || ' (' || coalesce(stored, '∅') || ')', array_to_string(rules, '; '), outcome, reason)
		from history.change where record_id in ($1, $2, $3, $4, $5, $6) order by "at", "column"`, p.hubspot, p.salesforce, p.company, p.account, p.deal, p.opportunity) {
		b.WriteString("\n    " + row[0])
	}
	return b.String()
}

// about is what a run that should have had nothing to do did.
func (w *world) about(res pipelines.Result) string {
	w.t.Helper()
	var b strings.Builder
	for _, p := range w.people {
		for _, l := range res.Load.Lines {
			if id := l.Record.ID; id != "" && slices.Contains([]string{p.hubspot, p.salesforce, p.company, p.account, p.deal, p.opportunity}, id) {
				fmt.Fprintf(&b, "\nLOCKSTEP_SEED=%d %s\n  %s%s", p.seed, p.name, strings.Join(p.acts, "\n  "), w.story(p))
				break
			}
		}
		if b.Len() > 12000 {
			break
		}
	}
	return b.String()
}

// find learns the ids of records that runs have created.
func (w *world) find() {
	ids := map[string]string{}
	for _, o := range []struct {
		system      crm.System
		object, key string
	}{{crm.HubSpot, "contacts", "email"}, {crm.HubSpot, "companies", "domain"}, {crm.Salesforce, "Contact", "Email"}, {crm.Salesforce, "Account", "Website"}} {
		records := w.crms.Salesforce.All(o.object)
		if o.system == crm.HubSpot {
			records = w.crms.HubSpot.All(o.object)
		}
		for _, r := range records {
			ids[o.object+" "+r[o.key]] = r["hs_object_id"] + r["Id"]
		}
	}
	deals := map[string]string{}
	for _, d := range w.crms.HubSpot.All("deals") {
		deals[d["salesforce_id"]] = d["hs_object_id"]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.people {
		for _, f := range []struct {
			id  *string
			key string
		}{
			{&p.hubspot, "contacts " + p.email()}, {&p.salesforce, "Contact " + p.email()},
			{&p.company, "companies " + p.name + ".example"}, {&p.account, "Account " + p.name + ".example"},
		} {
			if *f.id == "" {
				*f.id = ids[f.key]
			}
		}
		if p.deal == "" && p.opportunity != "" {
			p.deal = deals[p.opportunity]
		}
	}
}

// noLoneConflicts: a field that is edited on one side only never is a conflict.
func (w *world) noLoneConflicts() {
	w.t.Helper()
	lone := map[string]*person{}
	for _, p := range w.people {
		if p.oneSide && !p.mixed {
			lone[p.hubspot], lone["c"+p.company], lone["d"+p.deal] = p, p, p
		}
	}
	for entity, prefix := range map[string]string{"person": "", "company": "c", "deal": "d"} {
		for _, row := range query(w.t, w.wh, `select distinct coalesce(l.hubspot_id, ''), c.field || ' ' || coalesce(c.hubspot, '∅') || '/' || coalesce(c.salesforce, '∅') || ' base ' || coalesce(c.hubspot_base, '∅') || '/' || coalesce(c.salesforce_base, '∅')
			from history.conflict c join link.`+entity+` l using (pair_id) where c.entity = $1 and not c.first_link`, entity) {
			if p := lone[prefix+row[0]]; p != nil {
				w.bad(p, "edits on one side were called a conflict: %s", row[1])
			}
		}
	}
}
