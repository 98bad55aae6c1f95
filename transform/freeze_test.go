package transform

import (
	"fmt"
	"strings"
	"testing"
)

// TestFreeze: a value fight stops, a person who changes their mind does not.
func TestFreeze(t *testing.T) {
	t.Parallel()
	const pair = "(select pair_id from link.person where hubspot_id = '1~')"
	// what runs have written, from the given one on, every hour one; the newest is the eleventh
	wroteFrom := func(first int, system string, after ...string) string {
		var all []string
		for i, a := range after {
			s, column, record := system, "Phone", "Contact', '003~"
			if s == "both" {
				s = []string{"hubspot", "salesforce"}[i%2]
			}
			if s == "hubspot" {
				column, record = "phone", "contacts', '1~"
			}
			all = append(all, fmt.Sprintf("('r%02d', timestamptz '2026-02-01' + interval %d hours, 'person', %s, '%s', '%s', 'update', '%s', null, nullif('%s', ''), null, ['phone'], [], 'taken', null)", first+i, first+i, pair, s, record, column, a))
		}
		return "insert into history.change select * from (values " + strings.Join(all, ", ") + ");"
	}
	wrote := func(system string, after ...string) string { return wroteFrom(4, system, after...) }
	answered := func(hour int, field, hubspot string) string {
		return fmt.Sprintf("insert into history.answer values ('person', %s, '%s', 'hubspot', '%s', '1', timestamptz '2026-02-01' + interval %d hours);", pair, field, hubspot, hour)
	}
	froze := func(kind, reason, released string) string {
		return "insert into history.frozen values ('person', " + pair + ", 'phone', '" + kind + "', timestamptz '2026-01-01', 'r', '" + reason + "', " + released + ");"
	}
	const left, forth = "phone the value sent to salesforce is due there again although that side left it", "phone it goes back and forth between the CRMs for the third time"
	tests := []struct {
		name, history string
		phone         string // typed in HubSpot: 2 where it is not said
		goes          bool
		frozen, asks  string
	}{
		{name: "sent before, left by that side itself, due again", history: wrote("salesforce", "2"), frozen: left},
		{name: "sent before, and since then another value", history: wrote("salesforce", "2", "3"), goes: true},
		{name: "a blank sent before and due again", history: wrote("salesforce", "2", ""), phone: "-", frozen: left},
		{name: "sent in the last but nine run", history: wroteFrom(2, "salesforce", "2"), frozen: left},
		{name: "sent in the last but ten run: that is long ago", history: wroteFrom(1, "salesforce", "2"), goes: true},
		{name: "sent, and not taken", history: strings.ReplaceAll(wrote("salesforce", "2"), "'taken'", "'refused'"), goes: true},
		{name: "sent when it was made", history: strings.ReplaceAll(wrote("salesforce", "2"), "'update'", "'create'"), goes: true},
		{name: "sent to another column", history: strings.ReplaceAll(wrote("salesforce", "2"), "'Phone'", "'Fax'"), goes: true},
		{name: "sent for another field", history: strings.ReplaceAll(wrote("salesforce", "2"), "['phone']", "['cc']"), goes: true},
		{name: "sent to the other side", history: wrote("hubspot", "2"), goes: true},
		{name: "sent for another entity", history: strings.ReplaceAll(wrote("salesforce", "2"), "'person'", "'firm'"), goes: true},
		{name: "sent to the record that was merged away", history: strings.ReplaceAll(wrote("salesforce", "2"), "'003~'", "'009'"), goes: true},
		{name: "A, B, A, B typed by a person on one side", history: wrote("salesforce", "2", "3", "2", "3"), goes: true},
		{name: "two turns", history: wrote("both", "5", "6", "7", "8"), goes: true},
		{name: "back and forth for the third time, each value new", history: wrote("both", "5", "6", "7", "8", "9"), frozen: forth},
		{name: "frozen before, until it is released", history: froze("fight", "two automations", "null"), frozen: "phone two automations"},
		{name: "an interrupted write that nobody can judge asks", history: froze("unclear", "unclear", "null"), asks: "phone unclear"},
		{name: "released", history: froze("fight", "two automations", "timestamptz '2026-01-02'"), goes: true},
		{name: "frozen in another entity", history: strings.ReplaceAll(froze("fight", "two automations", "null"), "'person'", "'firm'"), goes: true},
		{name: "a person has decided since, about other values", history: wrote("salesforce", "2") + answered(5, "phone", "7"), goes: true},
		{name: "a person decided before", history: wrote("salesforce", "2") + answered(3, "phone", "7"), frozen: left},
		{name: "a person has decided another field since", history: wrote("salesforce", "2") + answered(5, "title", "7"), frozen: left},
		{name: "a person decided just these values", history: wrote("salesforce", "2") + answered(3, "phone", "2"), goes: true},
		{name: "frozen, and a person decided just these values", history: froze("fight", "two automations", "null") + answered(3, "phone", "2"), goes: true},
	}
	v := newWorld(t)
	for i := range tests {
		v.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ phone=1 country=1")
		v.marked(i).put(`salesforce."Contact"`, "003~", "HubSpot_Id__c=1~ Phone=1")
	}
	v.link()
	for i := range 12 {
		v.exec("insert into history.run (run_id, pipeline, started_at, state) values ($1, 'x', timestamptz '2026-02-01' + to_hours($2), 'done')", fmt.Sprintf("r%02d", i), i)
	}
	for i, tt := range tests {
		phone := "2"
		if tt.phone != "" {
			phone = strings.TrimSuffix(tt.phone, "-")
		}
		v.marked(i).exec(tt.history)
		v.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ country=1 phone="+phone)
	}
	v.mustPlan(Options{})
	of := func(outcome string) []string {
		return v.rows(`select f.field, f.reason, 'of', l.hubspot_id from plan.field as f join link.person as l using (pair_id) where f.outcome = $1`, outcome)
	}
	changes, frozen, asks := v.rows(`select source_id from plan.change`), of("frozen"), of("ask")
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := v.marked(i)
			if got := len(v.mine(changes)) > 0; got != tt.goes {
				t.Errorf("goes %v, want %v", got, tt.goes)
			}
			if got := strings.TrimSuffix(strings.Join(v.mine(frozen), "; "), " of 1"); got != tt.frozen {
				t.Errorf("frozen %q, want %q", got, tt.frozen)
			}
			if got := strings.TrimSuffix(strings.Join(v.mine(asks), "; "), " of 1"); got != tt.asks {
				t.Errorf("asks %q, want %q", got, tt.asks)
			}
		})
	}
	if got := v.rows(`select * from plan.settle`); len(got) > 0 {
		t.Errorf("bases stay, got %v", got)
	}
}
