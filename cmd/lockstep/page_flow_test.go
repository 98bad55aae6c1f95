package main

import (
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/dashboard/browser"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/sql"
)

// office is a project over two CRMs, with the page open in a browser whose person has given the token.
type office struct {
	t      *testing.T
	dir    string
	crm    *sandbox.Sandbox
	passed atomic.Int64
	url    string
	tab    *browser.Tab
}

const officeToken = "the token of this test"

func (o *office) now() time.Time { return time.Now().Add(time.Duration(o.passed.Load())) }

func (o *office) app(out, errs *strings.Builder) *app {
	return &app{stdout: out, stderr: errs, dir: o.dir, now: o.now, env: func(name string) (string, bool) {
		if name == project.PageToken {
			return officeToken, true
		}
		return sandboxEnv(name)
	}}
}

// want runs the program in the project.
func (o *office) want(code int, args ...string) {
	o.t.Helper()
	var out, errs strings.Builder
	if got := run(o.t.Context(), o.app(&out, &errs), append(args, "--project", o.dir)); got != code {
		o.t.Fatalf("lockstep %s: exit code %d, want %d; it printed\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
}

// newOffice has Ann in both CRMs, Bo in HubSpot and twice in Salesforce, and a field whose rule is to ask.
func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir()}
	var err error
	if o.crm, err = sandbox.Start(t.Context(), sandbox.Options{Now: o.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.crm.Close)
	writeFile(t, filepath.Join(o.dir, "lockstep.yaml"), strings.Replace(sandboxConfig(o.crm), "salesforce:", "salesforce:\n  attempts: 1", 1)+"  attempts: 1\nwarehouse:\n  threads: 1\n")
	fields, err := fs.ReadFile(sql.FS, "contact/fields.sql")
	if err != nil {
		t.Fatal(err)
	}
	asks := strings.Replace(string(fields), "('phone', 'two_way', 'most_recent'", "('phone', 'two_way', 'ask'", 1)
	for path, text := range map[string]string{"sql/contact/fields.sql": asks, "pipelines/quarter_hourly.yaml": "entities: [contact]\n"} {
		if err := os.MkdirAll(filepath.Join(o.dir, filepath.Dir(path)), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(o.dir, path), text)
	}
	for _, r := range []struct {
		object string
		values map[string]string
	}{
		{"contacts", map[string]string{"hs_object_id": "101", "firstname": "Ann", "lastname": "Lee", "email": "ann@example.com", "jobtitle": "Buyer", "phone": "+1 555 0101"}},
		{"contacts", map[string]string{"hs_object_id": "102", "firstname": "Bo", "lastname": "Chen", "email": "bo@example.org"}},
		{"Contact", map[string]string{"Id": "003Kx0000000001IAA", "FirstName": "Ann", "LastName": "Lee", "Email": "ann@example.com", "Title": "Buyer", "Phone": "+1 555 0101"}},
		{"Contact", map[string]string{"Id": "003Kx0000000002IAA", "FirstName": "Bo", "LastName": "Chen", "Email": "bo@example.org"}},
		{"Contact", map[string]string{"Id": "003Kx0000000003IAA", "FirstName": "Bo", "LastName": "Chen", "Email": "bo@example.org"}},
	} {
		in := simulator(o.crm.Salesforce)
		if r.object == "contacts" {
			in = o.crm.HubSpot
		}
		if _, err := in.Insert(r.object, r.values); err != nil {
			t.Fatal(err)
		}
	}
	o.want(0, "setup")
	o.want(0, "run", "quarter_hourly")
	return o
}

// open serves the page and logs in.
func (o *office) open() {
	o.t.Helper()
	var out, errs strings.Builder
	a := o.app(&out, &errs)
	a.under, a.stderr = &underWay{}, zerolog.SyncWriter(&errs)
	p, err := a.project()
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	serve, err := a.page(ctx, p, pageOptions{address: net.JoinHostPort("127.0.0.1", "0"), moment: 50 * time.Second}, nil, zerolog.Nop())
	if err != nil {
		cancel()
		o.t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = serve(ctx)
	}()
	o.t.Cleanup(func() { cancel(); <-over })
	o.url = strings.TrimSpace(out.String())
	o.tab = browser.Open(o.t, browser.Options{})
	o.tab.Go(o.url + "/login")
	o.tab.Fill("input[name=token]", officeToken)
	o.tab.Click("main button")
}

// click clicks on a page of the site, and looks again until what was asked for has ended, if it has not by then. It returns
// how.
func (o *office) click(page, button string) string {
	o.t.Helper()
	o.tab.Go(o.url + page)
	if status := o.tab.Click(button); status != 200 {
		o.t.Fatalf("%s on %s: status %d: %s", button, page, status, o.tab.Text("main"))
	}
	told := o.tab.Text("[role=status]")
	for o.tab.Go(o.url + "/actions"); o.tab.Count("[role=status]") > 0; o.tab.Go(o.url + "/actions") {
	}
	return told + "\n" + o.tab.Text("section[aria-labelledby=work] tbody tr")
}

func (o *office) edit(system crm.System, id string, values map[string]string) {
	o.t.Helper()
	in, object := simulator(o.crm.HubSpot), "contacts"
	if system == crm.Salesforce {
		in, object = o.crm.Salesforce, "Contact"
	}
	if err := in.Edit(object, id, values); err != nil {
		o.t.Fatal(err)
	}
}

// file is what the page gives to be saved.
func (o *office) file(path string) string {
	o.t.Helper()
	answer, err := http.Get(o.url + path)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		o.t.Fatalf("GET %s: %s, %v", path, answer.Status, err)
	}
	return string(text)
}

// holds checks a column of Ann's, or of any other Contact's.
func (o *office) holds(id, column, want string) {
	o.t.Helper()
	for _, r := range o.crm.Salesforce.All("Contact") {
		if r["Id"] == id && r[column] != want {
			o.t.Errorf("%s of %s is %q, want %q", column, id, r[column], want)
		}
	}
}

// By clicking: a waiting conflict is resolved, two records are said to be one, a plan is made and applied, what was refused
// goes again once its cause is mended, a frozen field is released, and a pause holds. Each is seen in the CRM.
func TestPageFlows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const ann = "003Kx0000000001IAA"
	o.edit(crm.HubSpot, "101", map[string]string{"phone": "+1 555 0111", "jobtitle": "Head"})
	o.edit(crm.Salesforce, ann, map[string]string{"Phone": "+1 555 0122"})
	if err := o.crm.Faults.Add(sandbox.Fault{System: crm.Salesforce, Path: "/composite", Kind: sandbox.Partial, Code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", Field: "Title"}); err != nil {
		t.Fatal(err)
	}
	o.want(3, "run", "quarter_hourly")
	o.crm.Faults.Clear()
	o.open()

	// Her story, with what waits and what is refused, as a reader sees it on any screen.
	o.tab.Go(o.url + "/person?who=ann@example.com")
	for _, want := range []string{"asks", "refused", "Take HubSpot's", "What does not go on by itself"} {
		if text := o.tab.Text("main"); !strings.Contains(text, want) {
			t.Errorf("her story has no %q: %s", want, text)
		}
	}
	for _, found := range o.tab.Usable("") {
		t.Errorf("her story: %s", found)
	}

	// A conflict, and a match.
	o.tab.Go(o.url + "/decide")
	if n := o.tab.Count("article"); n != 3 {
		t.Errorf("%d things to decide, want a conflict and two matches: %s", n, o.tab.Text("main"))
	}
	if said := o.click("/decide", `form[action="/do/resolve"] button[value=hubspot]`); !strings.Contains(said, "hubspot's value goes with the next run") {
		t.Errorf("resolve: %s", said)
	}
	o.holds(ann, "Phone", "+1 555 0122")
	if said := o.click("/decide", `form[action="/do/same"]:has(input[value="003Kx0000000002IAA"]) button[value=yes]`); !strings.Contains(said, "are one: the next run links them") {
		t.Errorf("same: %s", said)
	}
	o.tab.Go(o.url + "/decide")
	if n := o.tab.Count("article"); n != 1 {
		t.Errorf("%d things to decide, want the other match: %s", n, o.tab.Text("main"))
	}

	// Her story says what was said of it.
	if o.tab.Go(o.url + "/person?who=ann@example.com"); !strings.Contains(o.tab.Text("h1"), "Ann Lee") || o.tab.Count(`form[action="/do/run"]`) != 1 {
		t.Errorf("her story: %s", o.tab.Text("main"))
	}
	if text := o.file("/csv/story?who=ann@example.com"); !strings.Contains(text, "\nemail,ann@example.com,") {
		t.Errorf("her fields as CSV: %s", text)
	}

	// A plan, looked at, then applied.
	if said := o.click("/actions", `button[value=plan]`); !strings.Contains(said, "is saved") {
		t.Errorf("plan: %s", said)
	}
	o.holds(ann, "Phone", "+1 555 0122")
	o.tab.Click("section[aria-labelledby=plans] tbody a")
	if text := o.tab.Text("pre"); !strings.Contains(text, "+1 555 0111") {
		t.Errorf("the plan does not show the value that it sends: %s", text)
	}
	o.click(browser.Ask[string](o.tab, "location.pathname"), `form[action="/do/apply"] button`)
	o.holds(ann, "Phone", "+1 555 0111")
	o.holds(ann, "Title", "Buyer")
	o.holds("003Kx0000000002IAA", "HubSpot_Id__c", "102")

	// What was refused, now that its cause is mended.
	if o.tab.Go(o.url + "/health?category=validation"); !strings.Contains(o.tab.Text("main"), "Title") {
		t.Errorf("health does not name what is refused: %s", o.tab.Text("main"))
	}
	o.click("/health", `button[value=retry]`)
	o.holds(ann, "Title", "Head")

	// A write that nobody knows the outcome of, and a person's edit since.
	o.edit(crm.Salesforce, ann, map[string]string{"Title": "Partner"})
	if err := o.crm.Faults.Add(sandbox.Fault{System: crm.HubSpot, Path: "/batch/update", Kind: sandbox.LostAnswer}); err != nil {
		t.Fatal(err)
	}
	o.tab.Go(o.url + "/actions")
	if status := o.tab.Click(`button[value=now]`); status != 409 {
		t.Errorf("a run whose write was not answered: status %d: %s", status, o.tab.Text("main"))
	}
	o.tab.Forgive() // Chromium writes the status into the console
	o.crm.Faults.Clear()
	o.passed.Add(int64(11 * time.Minute))
	o.edit(crm.HubSpot, "101", map[string]string{"jobtitle": "Director"})
	o.click("/actions", `button[value=now]`)
	o.holds(ann, "Title", "Partner")
	if o.tab.Go(o.url + "/decide"); !strings.Contains(o.tab.Text("section[aria-labelledby=frozen]"), "Director") {
		t.Errorf("what is frozen is not shown: %s", o.tab.Text("main"))
	}
	o.click("/decide", `section[aria-labelledby=frozen] button[value=hubspot]`)
	o.click("/actions", `button[value=now]`)
	o.holds(ann, "Title", "Director")

	// A pause holds until it ends.
	o.click("/actions", `form:has(select[name=name]) button`)
	o.tab.Go(o.url + "/actions")
	if status := o.tab.Click(`button[value=now]`); status != 409 || !strings.Contains(o.tab.Text("main"), "is paused") {
		t.Errorf("a run of what is paused: status %d: %s", status, o.tab.Text("main"))
	}
	o.tab.Forgive() // Chromium writes the status into the console
	if said := o.click("/actions", `form:has(input[name=off]) button`); !strings.Contains(said, "goes on with the next run") {
		t.Errorf("resume: %s", said)
	}
}
