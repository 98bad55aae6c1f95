package dashboard

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/explain"
	"lockstep/internal/pause"
	"lockstep/sql"
)

// evil is what every value of the world is: markup that would run if it came out as such.
const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`

// asking is a world in which a conflict, a frozen field and two matches wait for a person, and every value is evil.
func waitingWorld() []string {
	q := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	v := q(evil)
	return []string{
		`create table link.contact (pair_id varchar, state varchar, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar, rule varchar, reason varchar, linked_at timestamptz, run_id varchar)`,
		`insert into link.contact values ('p1', 'linked', 'contacts', '101', 'Contact', '003A', 'same e-mail', null, timestamptz '2026-03-01', 'r1'),
			('p2', 'held', 'contacts', '102', 'Lead', '00QB', 'x', ` + v + `, timestamptz '2026-03-01', 'r1')`,
		`insert into plan.plan (plan_id, made_at, state) values ('n', timestamptz '2026-03-02', 'made')`,
		`insert into plan.newest values ('contact', 'n')`,
		`insert into plan.field values ('n', 'contact', 'p1', 'phone', 'ask', true, false, ` + v + `, ` + v + ` || '2', ` + v + `, ` + v + `, 'ask', ` + v + `),
			('n', 'contact', 'p1', 'jobtitle', 'frozen', true, false, ` + v + `, ` + v + `, null, null, 'x', null)`,
		`insert into history.frozen values ('contact', 'p1', 'jobtitle', 'fight', timestamptz '2026-03-01', 'r1', ` + v + `, null)`,
		`insert into plan.proposal values ('n', 'contact', 'contacts', '103', null, 'Contact', '003C', null, ` + v + `, 5, false),
			('n', 'contact', 'contacts', '104', null, 'Contact', '003A', 'p1', 'same name', 6, false)`,
		`insert into history.refusal values ('contact', 'p1', 'hubspot', 'contacts', '101', 'phone', ` + v + `, 'validation', ` + v + `, ` + v + `, timestamptz '2026-03-01', timestamptz '2026-03-02', 'r1', false)`,
		`create table report.duplicates as select 1 as group_number, 2 as group_records, 'Contact 003C' as group_keep, 'contact' as entity, 'exact' as kind, 'same e-mail' as rule, 0.9::double as score, ` + v + ` as evidence, 'across' as scope,
			'salesforce' as a_system, 'Contact' as a_object, '003C' as a_id, ` + v + ` as a_label, 'hubspot' as b_system, 'contacts' as b_object, '103' as b_id, ` + v + ` as b_label,
			'Contact 003C' as keep, ` + v + ` as keep_reason
			union all select 2, 2, 'contacts 101', 'contact', 'close', 'name', 0.5, 'x', 'hubspot', 'hubspot', 'contacts', '101', 'A', 'hubspot', 'contacts', '102', 'B', 'contacts 101', 'why'`,
		`create table hubspot.contacts (id varchar, email varchar, jobtitle varchar, _deleted boolean)`,
		`insert into hubspot.contacts select unnest(['101', '102', '103', '104']), ` + v + `, ` + v + `, false`,
		`create table salesforce."Contact" (id varchar, "Email" varchar, "Title" varchar, _deleted boolean)`,
		`insert into salesforce."Contact" select unnest(['003A', '003C']), ` + v + `, ` + v + ` || '2', false`,
	}
}

// fakeActions notes what it was asked for.
type fakeActions struct{ asked []string }

func (f *fakeActions) did(parts ...string) (string, error) {
	f.asked = append(f.asked, strings.Join(parts, " "))
	return "done: " + evil, nil
}
func (f *fakeActions) Take(_ context.Context, e, r, field string, s crm.System) (string, error) {
	return f.did("take", e, r, field, string(s))
}
func (f *fakeActions) Same(_ context.Context, e, h, s string, same bool) (string, error) {
	return f.did("same", e, h, s, map[bool]string{true: "yes", false: "no"}[same])
}
func (f *fakeActions) Run(_ context.Context, p string) (string, error)   { return f.did("run", p) }
func (f *fakeActions) Retry(_ context.Context, p string) (string, error) { return f.did("retry", p) }
func (f *fakeActions) Plan(_ context.Context, p string) (string, error)  { return f.did("plan", p) }
func (f *fakeActions) Apply(_ context.Context, n string) (string, error) {
	if n != "monday.json" {
		return "", crm.WithHint(context.Canceled, "no such plan")
	}
	return f.did("apply", n)
}
func (f *fakeActions) Pause(_ context.Context, n string, off bool) (string, error) {
	return f.did("pause", n, map[bool]string{true: "off"}[off])
}
func (f *fakeActions) Work() []Work {
	return []Work{{What: "run nightly", State: "under way", Stage: evil, Since: now}, {What: "retry", State: "failed", Since: now, Ended: now, Said: evil, Hint: evil, Run: evil}}
}
func (f *fakeActions) Pipelines() ([]string, error) {
	return []string{"nightly", "quarter_hourly"}, nil
}
func (f *fakeActions) Entities() ([]string, error) { return []string{"contact"}, nil }
func (f *fakeActions) Pauses() (pause.Pauses, error) {
	return pause.Pauses{{Name: "contact", Since: now}}, nil
}
func (f *fakeActions) Plans() ([]Saved, error) {
	return []Saved{{Name: "monday.json", At: now, Size: 10}}, nil
}
func (f *fakeActions) PlanText(name string) (string, error) {
	if name != "monday.json" {
		return "", context.Canceled
	}
	return evil, nil
}

func waitingSite(t *testing.T) (*site, *fakeActions) {
	t.Helper()
	f := &fakeActions{}
	project := func() (*entity.Project, error) { return entity.Load(sql.FS) }
	return served(t, Options{Source: warehoused(t, waitingWorld()...), Project: project, Actions: f, Token: token}), f
}

// acted are the pages of decisions, mappings and actions.
var acted = []string{"/health", "/health?category=validation&entity=contact&system=hubspot", "/duplicates", "/duplicates?scope=across&id=103", "/decide", "/decide?entity=contact", "/mappings", "/mappings?entity=contact", "/mappings/contact/fields.sql", "/mappings/crosswalk/lead_source.csv", "/actions", "/actions/plans/monday.json"}

// TestWhatWaits: conflicts, frozen fields and matches are there side by side, and no value comes out as markup.
func TestWhatWaits(t *testing.T) {
	t.Parallel()
	s, _ := waitingSite(t)
	if text := s.page("/decide"); strings.Contains(text, "<form method=\"post\"") {
		t.Error("a form stands on a page of somebody who has not logged in")
	}
	if text := s.page("/duplicates?scope=across"); strings.Contains(text, ">keep<") || !strings.Contains(s.page("/duplicates?scope=hubspot"), ">keep<") {
		t.Error("of two records of different CRMs, which would be linked, one is to be kept; or none is of two that would be merged")
	}
	s.login()
	for _, address := range acted {
		text := s.page(address)
		if strings.Contains(text, "<script") || strings.Contains(text, "<img src=x") {
			t.Errorf("%s: a value came out as markup", address)
		}
	}
	text := s.page("/decide")
	for _, want := range []string{"phone of &lt;script", "jobtitle of &lt;script", "held apart: &lt;script", "003C", "the salesforce record has a pair", "Take Salesforce"} {
		if !strings.Contains(text, want) {
			t.Errorf("/decide has no %q", want)
		}
	}
	if n := strings.Count(text, `name="same" value="yes"`); n != 2 {
		t.Errorf("%d matches can be linked, want 2: of the third the salesforce record has a pair", n)
	}
	if text := s.page("/duplicates"); !strings.Contains(text, "2 groups") || strings.Count(text, `action="/do/same"`) != 1 || strings.Count(text, `name="hubspot" value="103"`) != 1 {
		t.Errorf("/duplicates has not two groups, of which one may be answered:\n%s", text)
	}
	if text := s.page("/health?system=salesforce"); strings.Contains(text, "validation</a>") {
		t.Error("/health shows what the filter leaves out")
	}
	if text := s.page("/mappings?entity=contact"); !strings.Contains(text, "OpportunityContactRole.OpportunityId") || !strings.Contains(text, `href="/mappings/crosswalk/lead_source.csv"`) {
		t.Error("the mappings do not show what a stage comes from, or a crosswalk")
	}
	for _, address := range []string{"/mappings/contact/..%2f..%2fgo.mod", "/mappings/../go.mod", "/actions/plans/..%2fmonday.json"} {
		if status, _ := s.get(address); status != 404 {
			t.Errorf("GET %s: %d", address, status)
		}
	}
}

// TestForms: each form's button asks for its action, once, with a proof of its own; without one nothing is done.
func TestForms(t *testing.T) {
	t.Parallel()
	s, f := waitingSite(t)
	s.login()
	proof := func(address, action string) string {
		text := s.page(address)
		_, after, ok := strings.Cut(text, `action="/do/`+action+`"`)
		m := hidden.FindStringSubmatch(after)
		if !ok || m == nil {
			t.Fatalf("%s has no form for %s", address, action)
		}
		return m[1]
	}
	for _, x := range []struct {
		page, deed, want string
		form             url.Values
	}{
		{"/decide", "resolve", "take contact 101 phone hubspot", url.Values{"entity": {"contact"}, "record": {"101"}, "field": {"phone"}, "take": {"hubspot"}}},
		{"/decide", "same", "same contact 103 003C no", url.Values{"entity": {"contact"}, "hubspot": {"103"}, "salesforce": {"003C"}, "same": {"no"}}},
		{"/duplicates", "same", "same contact 103 003C yes", url.Values{"entity": {"contact"}, "hubspot": {"103"}, "salesforce": {"003C"}, "same": {"yes"}}},
		{"/health", "run", "retry quarter_hourly", url.Values{"pipeline": {"quarter_hourly"}, "how": {"retry"}}},
		{"/actions", "run", "run nightly", url.Values{"pipeline": {"nightly"}, "how": {"now"}}},
		{"/actions", "run", "retry nightly", url.Values{"pipeline": {"nightly"}, "how": {"retry"}}},
		{"/actions", "run", "plan nightly", url.Values{"pipeline": {"nightly"}, "how": {"plan"}}},
		{"/actions", "apply", "apply monday.json", url.Values{"plan": {"monday.json"}}},
		{"/actions", "pause", "pause all ", url.Values{"name": {"all"}}},
		{"/actions", "pause", "pause contact off", url.Values{"name": {"contact"}, "off": {"yes"}}},
	} {
		f.asked = nil
		if status, _ := s.post("/do/"+x.deed, x.form); status != 403 || len(f.asked) > 0 {
			t.Errorf("%s without a proof: %d %v", x.deed, status, f.asked)
		}
		x.form.Set("csrf", proof(x.page, x.deed))
		x.form.Set("back", x.page)
		status, text := s.post("/do/"+x.deed, x.form)
		if status != 200 || strings.Join(f.asked, "|") != x.want || !strings.Contains(text, "done: &lt;script") {
			t.Errorf("%s: %d, asked for %q, want %q", x.deed, status, f.asked, x.want)
		}
	}
	f.asked = nil
	for deed, form := range map[string]url.Values{"same": {}, "run": {"pipeline": {"nightly"}}, "apply": {"plan": {"../x"}}} {
		form.Set("csrf", proof(map[string]string{"same": "/decide"}[deed]+map[string]string{"run": "/actions", "apply": "/actions"}[deed], deed))
		if status, text := s.post("/do/"+deed, form); status != 409 || len(f.asked) > 0 || !strings.Contains(text, "<p>") {
			t.Errorf("%s that says nothing: %d %v", deed, status, f.asked)
		}
	}
}

// What was sent of a record, and what was refused, is that record's alone: another entity's may have the same id.
func TestStoryLeadsToItsRows(t *testing.T) {
	t.Parallel()
	s, _ := waitingSite(t)
	told := explain.Story{Entity: "contact", Records: []explain.Record{{System: "hubspot", Object: "contacts", ID: "101"}}, Sent: []explain.Sent{{At: now, System: "hubspot"}}, Refused: []explain.Refused{{System: "hubspot"}}}
	var b strings.Builder
	if err := s.server.pages["person.html"].ExecuteTemplate(&b, "layout.html", view{Page: page{Title: "Story"}, Data: personData{Story: &told}, Now: now, Path: "/person"}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, link := range []string{"/history?record=101&amp;entity=contact", "/csv/history?record=101&amp;entity=contact", "/csv/health_refused?record=101&amp;entity=contact"} {
		if !strings.Contains(text, `"`+link+`"`) {
			t.Errorf("no link to %s\n%s", link, text)
		}
	}
	for query, rows := range map[string]int{"record=101&entity=contact": 1, "record=003A": 1, "record=101&entity=deal": 0, "record=102": 0, "record=104": 0} {
		if _, text := s.get("/csv/health_refused?" + query); strings.Count(text, "validation") != rows {
			t.Errorf("%s, want %d rows:\n%s", query, rows, text)
		}
	}
}

// TestStoryEscapes: a story whose every word is markup comes out as text, and its forms are there for who may act only.
func TestStoryEscapes(t *testing.T) {
	t.Parallel()
	s, _ := waitingSite(t)
	v, at := evil, now
	d := personData{Who: evil, Entities: []string{evil}, Pipelines: []string{evil}, AllLink: "/person?" + url.Values{"who": {evil}}.Encode(), Left: 1,
		Fields: []explain.Field{{Field: evil, HubSpot: &v, Salesforce: &v, HubSpotBase: new(string), Direction: evil, Rule: evil, State: "asks", Reason: evil, Since: &at}, {Field: "x", State: evil}},
		Story: &explain.Story{Entity: evil, Label: evil, Records: []explain.Record{{System: "hubspot", Object: evil, ID: evil, ModifiedAt: &at, SupersededBy: evil}},
			Pair:    &explain.Pair{ID: evil, State: evil, Rule: evil, Reason: evil, LinkedAt: now, Run: evil},
			Sent:    []explain.Sent{{At: now, Run: evil, System: "hubspot", Object: evil, Action: evil, Column: evil, Before: evil, After: evil, Outcome: evil, Reason: evil}, {System: "salesforce", Rules: []string{evil}}},
			Refused: []explain.Refused{{System: "hubspot", Object: evil, Column: evil, Value: evil, Category: evil, Words: evil, Remedy: evil}},
			Blocked: []explain.Blocked{{What: evil, Why: evil, Do: evil}},
			Also:    []explain.Match{{Entity: evil, System: "hubspot", Object: evil, ID: evil}}}}
	for _, acting := range []bool{false, true} {
		var b strings.Builder
		if err := s.server.pages["person.html"].ExecuteTemplate(&b, "layout.html", view{Page: page{Title: "Story"}, Data: d, Now: now, Path: "/person", Acting: acting, session: "s"}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), "<img src=x") {
			t.Errorf("a value came out as markup:\n%s", b.String())
		}
		if has := strings.Contains(b.String(), `action="/do/resolve"`); has != acting {
			t.Errorf("acting %v, and there is a form: %v", acting, has)
		}
	}
	if text := s.page("/person"); !strings.Contains(text, "Id in either CRM") {
		t.Error("nobody was asked for, and there is no field to ask in")
	}
}
