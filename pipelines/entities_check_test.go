package pipelines_test

import (
	"fmt"
	"strings"

	"lockstep/internal/crm"
)

// pair is a linked pair of live records.
type pair struct {
	entity, id                      string
	hubspot, salesforce             crm.Record
	hubspotValues, salesforceValues map[string]string
}

// check holds the two CRMs against each other once all is quiet:
//
//   - links are one-to-one, and every live record without one is listed with why;
//   - what two linked records have in common is the same, or listed with why;
//   - an edit that only one side made stands on both;
//   - nothing that nobody typed stands anywhere, and nothing was written where the direction is off.
func (w *entities) check() {
	w.t.Helper()
	wh := w.open()
	defer wh.Close()
	ask := func(q string) [][]string { return query(w.t, wh, q) }
	bad := func(format string, args ...any) {
		w.t.Helper()
		w.t.Errorf("seed %d: %s\n%s", w.seed, fmt.Sprintf(format, args...), strings.Join(w.acts, "\n"))
	}

	listed := map[string]string{}
	for _, n := range ask(`select record_id, coalesce(field, ''), kind || ': ' || text from plan.notice where plan_id = (select max_by(plan_id, made_at) from plan.plan) and record_id is not null
		union all select pair_id, field, outcome || ': ' || coalesce(reason, rule) from plan.field where plan_id = (select max_by(plan_id, made_at) from plan.plan) and outcome in ('ask', 'absent')
		union all select pair_id, field, reason from history.frozen where released_at is null
		union all select pair_id, coalesce("column", ''), words from history.refusal`) {
		listed[n[0]] += n[2] + "; "
		listed[n[0]+" "+n[1]] += n[2] + "; "
	}

	// Links.
	linked, partner := map[crm.Record]string{}, map[crm.Record]crm.Record{}
	var pairs []pair
	for _, name := range []string{"company", "contact", "deal", "task", "activity", "event", "subscription", "contact_role", "campaign_member"} {
		for _, l := range ask(`select pair_id, state, coalesce(hubspot_object, ''), coalesce(hubspot_id, ''), coalesce(salesforce_object, ''), coalesce(salesforce_id, '') from link.` + name) {
			h := crm.Record{Object: crm.Object{System: crm.HubSpot, Name: l[2]}, ID: l[3]}
			s := crm.Record{Object: crm.Object{System: crm.Salesforce, Name: l[4]}, ID: l[5]}
			if l[1] == "linked" {
				if partner[h].ID != "" || partner[s].ID != "" {
					bad("%s: %v and %v are linked twice", name, h, s)
				}
				partner[h], partner[s] = s, h
			}
			linked[h], linked[s] = l[1], l[1]
			hv, live := w.crms.HubSpot.Get(h.Object.Name, h.ID)
			if _, _, tied := h.Object.Associations(); tied {
				live = w.tied(h)
			}
			sv, live2 := w.crms.Salesforce.Get(s.Object.Name, s.ID)
			if l[1] == "linked" && live && live2 {
				pairs = append(pairs, pair{name, l[0], h, s, hv, sv})
			} else if l[1] == "linked" {
				bad("%s: %v and %v are linked, and live is %v and %v", name, h, s, live, live2)
			}
		}
	}
	for r, key := range w.keys() {
		if linked[r] == "" && listed[r.ID] == "" {
			bad("%v (%s) is not linked, and nothing says why", r, key)
		}
	}

	for _, p := range pairs {
		for _, f := range sames {
			column, ok := f.salesforce[p.salesforce.Object.Name]
			if f.entity != p.entity || !ok {
				continue
			}
			w.same(p, f, column, partner, listed, bad)
		}
	}
	w.nothingInvented(bad)
	w.checkSets(partner, linked, listed, ask, bad)
	if !w.both {
		for _, c := range ask(`select record_id, "column", coalesce(after, '') from history.change where entity = 'deal' and system = 'salesforce' and "column" <> 'HubSpot_Id__c' and outcome = 'taken'`) {
			bad("deals flow one way, and an Opportunity was written: %v", c)
		}
	}
	for _, c := range ask(`select distinct entity, action from history.change where outcome = 'taken' and entity = 'deal' and system = 'salesforce' and action = 'create'`) {
		if !w.both {
			bad("deals flow one way: %v", c)
		}
	}
}

// same compares one field of a pair.
func (w *entities) same(p pair, f same, column string, partner map[crm.Record]crm.Record, listed map[string]string, bad func(string, ...any)) {
	w.t.Helper()
	h, s := p.hubspotValues[f.hubspot], p.salesforceValues[column]
	if words := w.means[f.refers]; words != nil {
		if words[h] == "" {
			return // blank, or the user of the sandbox: listed as unmapped, or nobody's
		}
		h = words[h]
	}
	if f.refers == "company" {
		h = w.company(p.hubspot)
		account := partner[crm.Record{Object: crm.Object{System: crm.HubSpot, Name: "companies"}, ID: h}]
		if h != "" && account.ID == "" {
			return // listed as waiting, by the check of records without a link
		}
		h = account.ID
		if company := (crm.Record{Object: crm.Object{System: crm.Salesforce, Name: "Account"}, ID: s}); s != "" && partner[company].ID == "" {
			return
		}
	}
	typedHubSpot, inHubSpot := w.typed[fmt.Sprintf("%s %s %s %s", crm.HubSpot, p.hubspot.Object.Name, p.hubspot.ID, f.hubspot)]
	typedSalesforce, inSalesforce := w.typed[fmt.Sprintf("%s %s %s %s", crm.Salesforce, p.salesforce.Object.Name, p.salesforce.ID, column)]
	off := f.oneWay && !w.both
	if off && inHubSpot {
		return
	}
	mixed := w.mixed[p.hubspot] || w.mixed[p.salesforce]
	if h != s && listed[p.hubspot.ID+" "+f.hubspot]+listed[p.salesforce.ID+" "+column]+listed[p.id] == "" && !(mixed && (h == "" || s == "")) {
		bad("%s of %v and %v is %q and %q, and nothing says why", f.hubspot, p.hubspot, p.salesforce, h, s)
	}
	if mixed || f.refers != "" || inHubSpot == inSalesforce {
		return
	}
	if v := typedHubSpot + typedSalesforce; h != v || s != v {
		bad("%s of %v and %v was edited on one side only: %q is %q and %q", f.hubspot, p.hubspot, p.salesforce, v, h, s)
	}
}

// company is the id of a HubSpot record's company.
func (w *entities) company(r crm.Record) string {
	for _, a := range w.crms.HubSpot.Associations(r.Object.Name, r.ID, "companies") {
		for _, label := range a.Labels {
			if r.Object.Name == "p_subscription" || strings.EqualFold(label, "primary") {
				return a.ID
			}
		}
		if len(a.Labels) == 0 && r.Object.Name == "p_subscription" {
			return a.ID
		}
	}
	return ""
}

// nothingInvented looks for texts that nobody typed.
func (w *entities) nothingInvented(bad func(string, ...any)) {
	w.t.Helper()
	for _, k := range keyed {
		records := w.crms.Salesforce.All(k.object)
		if k.system == crm.HubSpot {
			records = w.crms.HubSpot.All(k.object)
		}
		for _, r := range records {
			for _, column := range []string{"phone", "Phone", "jobtitle", "Title", "description", "Description", "hs_next_step", "NextStep", "lastname", "LastName", "dealname", "hs_task_subject", "Subject"} {
				if v := r[column]; v != "" && !w.words[v] {
					bad("%s %s has a %s nobody typed: %q", k.object, r["Id"]+r["hs_object_id"], column, v)
				}
			}
		}
	}
}
