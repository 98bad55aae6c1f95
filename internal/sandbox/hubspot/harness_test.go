package hubspot_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 21, 10, 0, 0, 250e6, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a portal, its clock and an HTTP client.
type world struct {
	*hubspot.Server
	t     *testing.T
	clock *clock
	url   string
	token string
}

func start(t *testing.T, o hubspot.Options) *world {
	t.Helper()
	w := &world{t: t, clock: newClock(), token: hubspot.DefaultToken}
	o.Now = w.clock.now
	w.Server = hubspot.New(o)
	s := httptest.NewServer(w.Server)
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

// reply is an answer, its body decoded where it is JSON.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// call sends a request; body is sent as it is when it is text, as JSON otherwise, and not at all when nil.
func (w *world) call(method, path string, body any) reply {
	w.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		j, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		r = strings.NewReader(string(j))
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, r)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.token != "" {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return w.send(req)
}

// form posts a form without a token.
func (w *world) form(path string, values url.Values) reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(req)
}

func (w *world) send(req *http.Request) reply {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := reply{status: resp.StatusCode, header: resp.Header, text: string(b)}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if strings.HasPrefix(out.text, "[") {
			b = []byte(`{"items":` + out.text + `}`) // older versions answer with bare lists
		}
		if err := json.Unmarshal(b, &out.body); err != nil {
			w.t.Fatalf("%s %s: %v in %s", req.Method, req.URL, err, b)
		}
	}
	return out
}

// m and list are JSON.
type (
	m    = map[string]any
	list = []any
)

// want fails unless the status and the given members of the body, followed by dots, are as wanted.
func (r reply) want(t *testing.T, status int, members m) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	for path, want := range members {
		got := r.at(path)
		if n, ok := want.(int); ok {
			want = float64(n)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s\nin %s", path, diff, r.text)
		}
	}
}

// at follows a path like results.0.id into the body.
func (r reply) at(path string) any {
	var v any = r.body
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[step]
			if !ok {
				return absent
			}
			v = next
		case []any:
			i := 0
			for _, c := range step {
				i = i*10 + int(c-'0')
			}
			if i >= len(x) {
				return absent
			}
			v = x[i]
		default:
			return absent
		}
	}
	return v
}

// absent is what a path that leads nowhere leads to.
const absent = "(absent)"

// byID gives the results of a batch by a property, whatever their order.
func (r reply) by(key string) map[string]m {
	out := map[string]m{}
	results, _ := r.body["results"].([]any)
	for _, x := range results {
		row := x.(m)
		k, _ := row[key].(string)
		if properties, ok := row["properties"].(m); ok && k == "" {
			k, _ = properties[key].(string)
		}
		out[k] = row
	}
	return out
}

// insert adds a contact as it stands.
func (w *world) insert(values map[string]string) string {
	w.t.Helper()
	id, err := w.Insert("contacts", values)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// create makes a contact through the API.
func (w *world) create(properties m) string {
	w.t.Helper()
	r := w.call("POST", "/crm/v3/objects/contacts", m{"properties": properties})
	r.want(w.t, 201, nil)
	return r.body["id"].(string)
}

// get reads properties of a contact.
func (w *world) get(id string, properties ...string) m {
	w.t.Helper()
	r := w.call("GET", "/crm/v3/objects/contacts/"+id+"?properties="+strings.Join(properties, ","), nil)
	r.want(w.t, 200, nil)
	return r.body["properties"].(m)
}

// makes creates a record of any object through the API.
func (w *world) makes(object string, properties m) string {
	w.t.Helper()
	r := w.call("POST", "/crm/v3/objects/"+object, m{"properties": properties})
	r.want(w.t, 201, nil)
	return r.body["id"].(string)
}
