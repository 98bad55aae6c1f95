package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCreate: what is named by no proposal and in no link is created, and told its source in the same plan.
func TestCreate(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	// what only the new record may say and its source has no column for
	for file, edit := range map[string][2]string{
		"person/from_hubspot.contacts.sql":   {"h.email,", "h.email, null::varchar as code,"},
		"person/from_salesforce.Contact.sql": {"c.Email as email,", "c.Email as email, left(c.Phone, 2) as code,"},
		"person/fields.sql":                  {"    ('cc',", "    ('code', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),\n    ('cc',"},
	} {
		v.sql[file] = strings.Replace(v.sql[file], edit[0], edit[1], 1)
	}
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1 firstname=Ann lastname=Lee status=a2 memo=m")
	v.put("hubspot.contacts", "2", "phone=2")
	v.put(`salesforce."Contact"`, "009", "Email=bo@example.com Phone=900 Name=Bo_Chen Status__c=B Memo__c=x")
	v.mustPlan(Options{})
	want := []string{
		"create hubspot contacts ∅ 009 Bo Chen: country=9 email=bo@example.com firstname=Bo lastname=Chen phone=900 salesforce_id=009 status=b1",
		"create salesforce Contact ∅ 1 Ann Lee: Email=ann@example.com HubSpot_Id__c=1 Memo__c=m Name=Ann Lee Phone=1 Status__c=A",
		"update hubspot contacts 1 ∅ Ann Lee: country=1 salesforce_id=ID",
		"update salesforce Contact 009 1 Bo Chen: HubSpot_Id__c=ID",
	}
	got := v.rows(`select c.action, c.system, c.object, coalesce(c.record_id, '∅'), if(c.action = 'create', c.source_id, if(c.source_id is null, '∅', '1')), c.label || ':',
		string_agg(v."column" || '=' || if(starts_with(v.after, chr(57345)), 'ID', v.after), ' ' order by v."column")
		from plan.change c join plan.value v using (plan_id, change_id) group by all order by all`)
	want[3] = "update salesforce Contact 009 ∅ Bo Chen: HubSpot_Id__c=ID"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("creates (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"hubspot contacts 2 no e-mail"}, v.notices("not created")); d != "" {
		t.Errorf("not created (-want +got):\n%s", d)
	}
	if got := v.settled(); len(got) > 0 {
		t.Errorf("bases of a pair that is not there yet: %v", got)
	}
}

// TestRefusedCreate: what was refused when it was to be created is not planned again until something moves.
func TestRefusedCreate(t *testing.T) {
	t.Parallel()
	const as, known = "email=ann~@example.com phone=1", "map {'Email': 'ann~@example.com', 'HubSpot_Id__c': '1~', 'Phone': '1'}"
	tests := []struct {
		name    string
		refused string // by column, as it was sent
		which   string // which of these refusals, and what is said of them, where that is not all of the same
		values  string // of the source now
		created bool
	}{
		{name: "all as it was", refused: known, values: as},
		{name: "a value moved", refused: known, values: "email=ann~@example.com phone=2", created: true},
		{name: "a column more", refused: known, values: as + " memo=m", created: true},
		{name: "never refused", refused: "map {}", values: as, created: true},
		{name: "the record as a whole", refused: "map {'all of it': null}", values: as},
		{name: "a blank sent then is none now", refused: "map {'Email': 'ann~@example.com', 'HubSpot_Id__c': '1~', 'Phone': null}", values: as, created: true},
		{name: "a value without a translation was not sent then either", refused: known, values: as + " status=c1"},
		{name: "only predicted: the metadata says today what it takes", refused: known, which: "predicted = true", values: as, created: true},
		{name: "of another entity", refused: known, which: "entity = 'firm'", values: as, created: true},
		{name: "of another object", refused: known, which: "object = 'Lead'", values: as, created: true},
		{name: "in the other CRM", refused: known, which: "system = 'hubspot'", values: as, created: true},
		{name: "before the metadata changed", refused: known, which: "last_at = timestamptz '2025-12-31'", values: as, created: true},
	}
	v := newWorld(t)
	// metadata that changed after the refusals is of other objects; that of this one changed before all but the last case's
	v.exec(`insert into catalog.column (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
		select system, object, 'Email', 'string', false, true, true, false, false, false, false, 'live', false, false, moved, moved
		from (values ('salesforce', 'Contact', timestamptz '2026-01-01'), ('salesforce', 'Lead', timestamptz '2027-01-01'), ('hubspot', 'Contact', timestamptz '2027-01-01')) as c (system, object, moved)`)
	for i, tt := range tests {
		v.marked(i).put("hubspot.contacts", "1~", tt.values)
	}
	v.mustPlan(Options{})
	for i, tt := range tests {
		v.marked(i).exec(`insert into history.refusal (entity, pair_id, system, object, "column", value, category, words, remedy, first_at, last_at, run_id)
			select 'person', pair_id, system, object, nullif(said.key, 'all of it'), said.value, 'duplicate', 'No.', 'Merge.', getvariable('run_at'), getvariable('run_at'), 'r'
			from plan.change, (select unnest(map_entries(` + tt.refused + `::map(varchar, varchar))) as said) where action = 'create' and source_id = '1~'`)
		if tt.which != "" {
			v.marked(i).exec("update history.refusal set " + tt.which + " where pair_id = (select pair_id from plan.change where source_id = '1~')")
		}
	}
	for _, retry := range []bool{false, true} { // the night tries again
		v.mustPlan(Options{RetryRefused: retry})
		planned, told := v.rows(`select source_id from plan.change where action = 'create'`), v.notices("refused")
		for i, tt := range tests {
			v := v.marked(i)
			if got := len(v.mine(planned)) > 0; got != (tt.created || retry) {
				t.Errorf("%s: planned %v, want %v", tt.name, got, tt.created || retry)
			}
			var want []string
			if !tt.created && !retry {
				want = []string{"hubspot contacts 1 refused before as a new salesforce.Contact, nothing has moved since: No.; Merge."}
			}
			if d := cmp.Diff(want, v.mine(told)); d != "" {
				t.Errorf("%s: refused (-want +got):\n%s", tt.name, d)
			}
		}
	}
}
