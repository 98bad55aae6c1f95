package hubspot_test

import (
	"strconv"
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/shape"
)

// exchange is what one recording says: what was asked and, without the recorded values, what came back. {{name}} in
// path and body is what the test prepared under that name; in texts and headers any text.
type exchange struct {
	name   string
	source string // whose recording: see recordedSources
	method string
	path   string
	body   string // JSON
	status int
	shape  string            // of the body, as package shape reads it; "" when it is no JSON
	texts  map[string]string // by path into the body (steps between dots), literal; "" is the body itself
	with   map[string]string // headers that came, literal
	bare   []string          // headers that did not come
}

// recordedSources are the public repositories whose recordings the rows name.
var recordedSources = map[string]string{
	"AMP": "amp-labs/connectors, providers/hubspot/**/test",
	"VCR": "captaincontrat/hubspot-api-ruby, spec/fixtures/vcr_cassettes",
	"RT":  "rudderlabs/rudder-transformer, test/integrations/destinations/hs",
	"GRP": "grouparoo/grouparoo, nock recordings under plugins/@grouparoo/hubspot/__tests__/fixtures",
}

const (
	recordShape = "id:string properties.*:string|null createdAt:string updatedAt:string archived:bool url:string"
	batchShape  = "status:string startedAt:string completedAt:string results:array "
	refusal     = "status:string message:string correlationId:string "
	rowRefusal  = "errors[].status:string errors[].category:string errors[].message:string "
)

// paced are the headers of every recorded answer of a private app that is no search.
var paced = map[string]string{
	"X-HubSpot-RateLimit-Daily":                 "250000",
	"X-HubSpot-RateLimit-Daily-Remaining":       "{{n}}",
	"X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
	"X-HubSpot-RateLimit-Max":                   "100",
	"X-HubSpot-RateLimit-Remaining":             "{{n}}",
	"X-HubSpot-RateLimit-Secondly":              "10",
	"X-HubSpot-RateLimit-Secondly-Remaining":    "{{n}}",
	"X-HubSpot-Correlation-Id":                  "{{uuid}}",
	"Content-Type":                              "application/json;charset=utf-8",
}

// unpaced are the headers that a search does not have.
var unpaced = []string{"X-Hubspot-Ratelimit-Interval-Milliseconds", "X-Hubspot-Ratelimit-Max", "X-Hubspot-Ratelimit-Remaining",
	"X-Hubspot-Ratelimit-Secondly", "X-Hubspot-Ratelimit-Secondly-Remaining", "Retry-After"}

// recorded is a portal with the records that the rows speak of.
type recorded struct {
	*world
	names map[string]string
}

func startRecorded(t *testing.T) *recorded {
	t.Helper()
	w := start(t, hubspot.Options{Limits: hubspot.Limits{Burst: 100, Search: 5, Daily: 250_000}})
	r := &recorded{world: w, names: map[string]string{"portal": "12345678"}}
	r.names["ann"] = w.create(m{"email": "ann@example.com", "firstname": "Ann", "lastname": "Lee"})
	r.names["bo"] = w.create(m{"email": "bo@example.com", "firstname": "Bo"})
	return r
}

// make creates a record and remembers its id under a name.
func (r *recorded) make(name, object string, properties m) {
	r.t.Helper()
	made := r.call("POST", "/crm/v3/objects/"+object, m{"properties": properties})
	made.want(r.t, 201, nil)
	r.names[name] = made.body["id"].(string)
}

// fill puts what was prepared where {{name}} stands.
func (r *recorded) fill(s string) string {
	for name, v := range r.names {
		s = strings.ReplaceAll(s, "{{"+name+"}}", v)
	}
	return s
}

// hold makes the recorded request and holds the answer against what was recorded.
func (r *recorded) hold(t *testing.T, e exchange) reply {
	t.Helper()
	var body any
	if e.body != "" {
		body = r.fill(e.body)
	}
	got := r.call(e.method, r.fill(e.path), body)
	if recordedSources[e.source] == "" {
		t.Errorf("%s: no source %q", e.name, e.source)
	}
	if got.status != e.status {
		t.Errorf("%s: status %d, recorded %d: %s", e.name, got.status, e.status, got.text)
		return got
	}
	if e.shape != "" {
		for _, d := range shape.Check(map[string]any(got.body), e.shape) {
			t.Errorf("%s: %s\nin %s", e.name, d, got.text)
		}
	}
	for at, want := range e.texts {
		text := got.text
		if at != "" {
			text, _ = got.at(at).(string)
		}
		if !shape.Text(text, r.fill(want)) {
			t.Errorf("%s: %s is %q, recorded %q", e.name, at, text, want)
		}
	}
	for key, want := range e.with {
		if v := got.header.Get(key); !shape.Text(v, r.fill(want)) {
			t.Errorf("%s: header %s is %q, recorded %q", e.name, key, v, want)
		}
	}
	for _, key := range e.bare {
		if v, there := got.header[key]; there {
			t.Errorf("%s: header %s is %q, was not recorded", e.name, key, v)
		}
	}
	return got
}

func (r *recorded) holdAll(t *testing.T, rows []exchange) {
	t.Helper()
	for _, e := range rows {
		r.clock.pass(1e9) // a second, as the recorders took: no search comes too soon after the one before
		r.hold(t, e)
	}
}

// each is a shape for every element of a list.
func each(list, one string) string {
	return list + "[]." + strings.ReplaceAll(strings.TrimSpace(one), " ", " "+list+"[].")
}

// next is the id after another.
func next(id string) string {
	n, _ := strconv.ParseInt(id, 10, 64)
	return strconv.FormatInt(n+1, 10)
}
