package alert_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/alert"
	"lockstep/internal/health"
	"lockstep/internal/warehouse"
	"lockstep/internal/wire"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// bench is a warehouse, an endpoint somewhere else, and what that has taken.
type bench struct {
	t      *testing.T
	w      *warehouse.Warehouse
	e      alert.Endpoint
	now    time.Time
	answer atomic.Int32 // status; 0: the connection breaks
	asked  atomic.Int32
	taken  []alert.Message
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, now: noon}
	b.answer.Store(http.StatusOK)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.asked.Add(1)
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", r.Method, r.Header.Get("Content-Type"), err)
		}
		switch code := int(b.answer.Load()); code {
		case 0:
			panic(http.ErrAbortHandler)
		case http.StatusOK:
			var m alert.Message
			if err := json.Unmarshal(body, &m); err != nil {
				t.Errorf("%s: %s", err, body)
			}
			b.taken = append(b.taken, m)
		case http.StatusFound:
			http.Redirect(w, r, "/elsewhere", code)
		default:
			http.Error(w, "words of the endpoint", code)
		}
	}))
	t.Cleanup(s.Close)
	b.e = alert.Endpoint{URL: wire.NewSecret(s.URL + "/hidden-part"), Name: "crm-sync", Pause: time.Millisecond}
	var err error
	if b.w, err = warehouse.Open(t.Context(), warehouse.Options{RunAt: noon, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.w.Close() })
	return b
}

func (b *bench) tell(problems ...health.Problem) error {
	b.t.Helper()
	b.now = b.now.Add(15 * time.Minute)
	return b.e.Tell(b.t.Context(), b.w.DB, problems, "r1", b.now)
}

// told is what was posted since the last call.
func (b *bench) told() (out []string) {
	for _, m := range b.taken {
		out = append(out, strings.Split(m.Text, "\n")...)
	}
	b.taken = nil
	return out
}

func (b *bench) diff(want ...string) {
	b.t.Helper()
	if d := cmp.Diff(want, b.told(), cmpopts.EquateEmpty()); d != "" {
		b.t.Error(d)
	}
}

var (
	failed = health.Problem{Kind: health.Failed, Subject: "nightly", Text: "the last run of nightly failed", Detail: "Ann Lee"}
	frozen = health.Problem{Kind: health.Freeze, Subject: "contact.phone", Text: "contact.phone is frozen in 3 pairs"}
)

func TestToldOnceAndWhenOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, problems := range [][]health.Problem{{}, {failed}, {failed}, {failed, frozen}, {frozen}, {}, {failed}} {
		if err := b.tell(problems...); err != nil {
			t.Fatal(err)
		}
	}
	again := " (`lockstep health`; run r1)"
	b.diff("crm-sync: the last run of nightly failed"+again, "crm-sync: contact.phone is frozen in 3 pairs"+again,
		"crm-sync: over: the last run of nightly failed", "crm-sync: over: contact.phone is frozen in 3 pairs", "crm-sync: the last run of nightly failed"+again)
	if n := b.asked.Load(); n != 5 {
		t.Errorf("%d posts", n)
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p := frozen
	p.Text = "a <b> & ann@example.com"
	if err := b.tell(p); err != nil {
		t.Fatal(err)
	}
	want := []alert.Message{{
		Text: "crm-sync: a &lt;b&gt; &amp; [e-mail] (`lockstep health`; run r1)", Source: "crm-sync",
		Alerts: []alert.Alert{{Kind: health.Freeze, Subject: "contact.phone", State: "raised", Text: "a <b> & [e-mail]", Since: b.now, RunID: "r1"}},
	}}
	if d := cmp.Diff(want, b.taken, cmpopts.IgnoreUnexported(alert.Alert{})); d != "" {
		t.Error(d)
	}
}

// An endpoint that is down is tried thrice, then left alone for a while; nothing is lost, and health tells of it.
func TestDown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer int
		posts  int32
		says   string
	}{
		{"server error", 503, 3, "answered 503"}, {"too many", 429, 3, "answered 429"}, {"broken connection", 0, 3, "EOF"},
		{"no such hook", 404, 1, "answered 404"}, {"moved", http.StatusFound, 1, "answered 302"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.answer.Store(int32(tt.answer))
			err := b.tell(failed)
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "hidden-part") || strings.Contains(err.Error(), "words") {
				t.Errorf("%v: want %q, and no address", err, tt.says)
			}
			if n := b.asked.Load(); n != tt.posts {
				t.Errorf("%d posts, want %d", n, tt.posts)
			}
			h, err := health.Read(t.Context(), b.w.DB, health.Options{Now: b.now})
			if err != nil {
				t.Fatal(err)
			}
			if h.Well || h.Problems[0].Kind != health.Unheard || !strings.Contains(h.Problems[0].Text, tt.says) || h.Alerts.Waiting != 1 {
				t.Errorf("health does not tell: %+v", h)
			}
			// half a minute later it is not asked again, with another problem neither
			b.now = b.now.Add(-15*time.Minute + 30*time.Second)
			if err := b.tell(failed, frozen); err != nil || b.asked.Load() != tt.posts {
				t.Errorf("%v, %d posts: it was asked again at once", err, b.asked.Load())
			}
			b.answer.Store(http.StatusOK)
			if err := b.tell(frozen); err != nil {
				t.Fatal(err)
			}
			b.diff("crm-sync: the last run of nightly failed (`lockstep health`; run r1)", "crm-sync: contact.phone is frozen in 3 pairs (`lockstep health`; run r1)", "crm-sync: over: the last run of nightly failed")
			if h, err = health.Read(t.Context(), b.w.DB, health.Options{Now: b.now}); err != nil || !h.Well {
				t.Errorf("%v: %+v", err, h.Problems)
			}
		})
	}
}

// One that takes the connection and never answers costs no more than the patience.
func TestHangs(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}))
	defer s.Close()
	defer close(ended)
	e := alert.Endpoint{URL: wire.NewSecret(s.URL), Patience: 50 * time.Millisecond}
	if err := e.Post(t.Context(), []alert.Alert{{Text: "x"}}); err == nil || !strings.Contains(err.Error(), "deadline exceeded") {
		t.Errorf("%v: want the deadline", err)
	}
}

func TestAddressThatIsNone(t *testing.T) {
	t.Parallel()
	e := alert.Endpoint{URL: wire.NewSecret("hidden-part\x7f://")}
	if err := e.Post(t.Context(), nil); err == nil || strings.Contains(err.Error(), "hidden-part") {
		t.Errorf("%v", err)
	}
}
