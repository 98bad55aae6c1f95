package pipelines_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"lockstep/internal/alert"
	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
	"lockstep/load"
	"lockstep/pipelines"
)

// newPlain is a lab with a mapping of names and e-mail addresses; people called New are created on the other side.
func newPlain(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), sandbox.Options{})
	l.connect(plainSQL(), "entities: [thing]\n", "  attempts: 1\n")
	return l
}

func plainSQL() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range uniqueSQL {
		text = strings.ReplaceAll(text, "('email', 'two_way', 'hubspot', 'keep', null, null),\n    ('code'", "('email'")
		text = strings.NewReplacer(", Code__c as code", "", ", thing.code as Code__c", "", ", thing.code", "", ", code", "").Replace(text)
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func (l *lab) insert(s crm.System, object string, values map[string]string) string {
	l.t.Helper()
	box := l.crms.HubSpot.Insert
	if s == crm.Salesforce {
		box = l.crms.Salesforce.Insert
	}
	id, err := box(object, values)
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// TestShadow: runs that only plan leave no trace in either CRM and none in links, bases and outbox; history tells each
// column once, when it would have been sent. The first run that sends does it all.
func TestShadow(t *testing.T) {
	t.Parallel()
	l := newPlain(t)
	person := l.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "New1", "email": "one@example.com"})
	real := l.job
	l.job.Until, l.job.Shadow = pipelines.Planned, true
	told := func() (all [][]string) {
		w := l.open()
		defer func() { _ = w.Close() }()
		for _, table := range []string{"outbox", "link.thing", "base.thing"} {
			if n := query(t, w, `select count(*)::varchar from `+table); n[0][0] != "0" {
				t.Errorf("%s rows in %s", n[0][0], table)
			}
		}
		return query(t, w, `select r.state, r.planned::varchar, (select count(*)::varchar from history.change as c where c.run_id = r.run_id and outcome = 'planned'),
			coalesce((select string_agg("column" || '=' || after, ' ' order by "column") from history.change as c where c.run_id = r.run_id), '')
			from history.run as r order by started_at, run_id`)
	}
	shadow := func() pipelines.Result {
		t.Helper()
		l.pass(15 * time.Minute)
		res, err := l.once()
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	shadow()
	if res := shadow(); !res.Idle {
		t.Error("nothing has changed, and it planned anew")
	}
	if err := l.crms.HubSpot.Edit("contacts", person, map[string]string{"email": "two@example.com"}); err != nil {
		t.Fatal(err)
	}
	shadow()
	want := [][]string{
		{"planned", "2", "4", "Email=one@example.com HubSpot_Id__c=" + person + " LastName=New1 salesforce_id=the id of the new record"},
		{"planned", "2", "0", ""},
		{"planned", "2", "1", "Email=two@example.com"},
	}
	if d := cmp.Diff(want, told()); d != "" {
		t.Error(d)
	}
	if n := len(l.crms.Salesforce.All("Contact")); n != 0 {
		t.Errorf("%d contacts were sent", n)
	}
	l.job = real
	if res := shadow(); res.Load.Counts[load.Taken] != 2 {
		t.Errorf("the first run that sends: %+v", res.Load.Counts)
	}
	if got := l.crms.Salesforce.All("Contact"); len(got) != 1 || got[0]["Email"] != "two@example.com" {
		t.Errorf("%v", got)
	}
}

// TestAlertsOfARun: a run that fails tells the endpoint once, the one that goes well that it is over. An endpoint that is
// down changes nothing about a run, and no e-mail address leaves.
func TestAlertsOfARun(t *testing.T) {
	t.Parallel()
	l := newPlain(t)
	var mu sync.Mutex
	var posts []string
	status := http.StatusOK
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		if w.WriteHeader(status); status == http.StatusOK {
			posts = append(posts, string(body))
		}
	}))
	defer far.Close()
	var log bytes.Buffer
	l.job.Log = zerolog.New(zerolog.SyncWriter(&log))
	l.job.Alerts = &alert.Endpoint{URL: wire.NewSecret(far.URL + "/hidden-part"), Name: "crm-sync", Pause: time.Millisecond}
	pipe := *l.job.Pipeline
	l.job.Pipeline = &pipe
	once := func(want int) {
		t.Helper()
		l.pass(2 * time.Hour)
		if _, err := l.once(); pipelines.ExitCode(err) != want {
			t.Fatalf("%v: want exit code %d", err, want)
		}
	}
	l.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "New1", "email": "one@example.com"})
	once(0)
	down := func(n int) {
		t.Helper()
		if err := l.crms.Faults.Add(sandbox.Fault{System: crm.HubSpot, Path: "/contacts", Kind: sandbox.HTML, Count: n}); err != nil {
			t.Fatal(err)
		}
	}
	down(2)
	once(1)
	once(1)
	l.crms.Faults.Clear()
	status = http.StatusServiceUnavailable
	once(0)
	if !strings.Contains(log.String(), "alerts could not be told") || !strings.Contains(log.String(), "answered 503") {
		t.Errorf("the log does not tell that the endpoint is down:\n%s", &log)
	}
	status = http.StatusOK
	once(0)
	var texts []string
	for _, p := range posts {
		var m alert.Message
		if err := json.Unmarshal([]byte(p), &m); err != nil {
			t.Fatal(err)
		}
		for _, a := range m.Alerts {
			texts = append(texts, a.State+" "+string(a.Kind)+" "+a.Subject)
		}
	}
	if d := cmp.Diff([]string{"raised failed world", "recovered failed world"}, texts); d != "" {
		t.Error(d)
	}
	for _, secret := range []string{"@example.com", "hidden-part", "New1"} {
		if all := strings.Join(posts, "") + log.String(); strings.Contains(all, secret) {
			t.Errorf("%q left:\n%s", secret, all)
		}
	}
}
