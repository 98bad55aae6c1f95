package salesforce_test

import (
	"strconv"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
	"lockstep/internal/sandbox/shape"
)

// exchange is what one recording says: what was asked and, without the recorded values, what came back. {{name}} in
// path and body is what the test prepared under that name; in texts and headers any text.
type exchange struct {
	name   string
	source string // whose recording: see recordedSources
	method string
	path   string // below /services/data/vNN.N, or whole when it begins with /services or /id/
	body   string // JSON unless header says otherwise
	header []string
	status int
	shape  string            // of the body, as package shape reads it; "" when it is no JSON
	texts  map[string]string // by path into the body (steps between dots), literal; "" is the body itself
	with   map[string]string // headers that came, literal
	bare   []string          // headers that did not come
}

// recordedSources are the public repositories whose recordings the rows name.
var recordedSources = map[string]string{
	"CCI": "SFDO-Tooling/CumulusCI, VCR cassettes under cumulusci/**/cassettes and shared_cassettes",
	"GRP": "grouparoo/grouparoo, nock recordings under plugins/@grouparoo/salesforce/__tests__/fixtures",
	"PM":  "api-evangelist/salesforce, responses of the official Postman collections in openapi/",
	"RF":  "restforce/restforce, spec/fixtures",
	"DJ":  "django-salesforce/django-salesforce, tests/test_mock",
}

// always are the headers of every recorded answer of the data API, deletions included.
var always = map[string]string{
	"Sforce-Limit-Info":         "api-usage={{used}}/{{of}}",
	"Cache-Control":             "no-cache,must-revalidate,max-age=0,no-store,private",
	"X-Content-Type-Options":    "nosniff",
	"X-Robots-Tag":              "none",
	"Strict-Transport-Security": "max-age={{seconds}}; includeSubDomains",
}

// recorded is an org with the records that the rows speak of.
type recorded struct {
	*org
	names map[string]string
}

func startRecorded(t *testing.T) *recorded {
	t.Helper()
	x := start(t, salesforce.Options{})
	x.grant("Contact", "Key__c", external)
	x.grant("Contact", "Mail__c", `{"label":"Second mail","type":"Email"}`)
	r := &recorded{org: x, names: map[string]string{}}
	r.names["account"] = x.insert("Account", "Name", "Acme", "BillingCity", "Springfield")
	r.names["contact"] = x.insert("Contact", "LastName", "Doe", "Email", "doe@example.com", "AccountId", r.names["account"], "Key__c", "51")
	r.names["orphan"] = x.insert("Contact", "LastName", "Roe")
	r.names["lead"] = x.insert("Lead", "LastName", "Poe", "Company", "Poe Ltd")
	r.names["converted"] = x.insert("Lead", "LastName", "Coe", "Company", "Coe Ltd")
	if _, _, err := x.Convert(r.names["converted"], "", ""); err != nil {
		t.Fatal(err)
	}
	r.names["deleted"] = x.insert("Contact", "LastName", "Loe")
	if err := x.Delete("Contact", r.names["deleted"]); err != nil {
		t.Fatal(err)
	}
	r.names["user"] = x.IntegrationUser()
	return r
}

// fill puts what was prepared where {{name}} stands.
func (r *recorded) fill(s string) string {
	for name, v := range r.names {
		s = strings.ReplaceAll(s, "{{"+name+"}}", v)
	}
	return s
}

// hold makes the recorded request and holds the answer against what was recorded.
func (r *recorded) hold(t *testing.T, e exchange) response {
	t.Helper()
	path := e.path
	if !strings.HasPrefix(path, "/services") && !strings.HasPrefix(path, "/id/") {
		path = "/services/data/v60.0" + path
	}
	got := r.send(e.method, r.fill(path), r.fill(e.body), e.header...)
	if recordedSources[e.source] == "" {
		t.Errorf("%s: no source %q", e.name, e.source)
	}
	if got.status != e.status {
		t.Errorf("%s: status %d, recorded %d: %s", e.name, got.status, e.status, got.text)
		return got
	}
	if e.shape != "" {
		for _, d := range shape.Check(got.json, e.shape) {
			t.Errorf("%s: %s\nin %s", e.name, d, got.text)
		}
	}
	for at, want := range e.texts {
		text := got.text
		if at != "" {
			text, _ = get(got.json, steps(at)...).(string)
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
		r.hold(t, e)
	}
}

// steps cuts a path like 0.errors.0.message for get.
func steps(path string) []any {
	var out []any
	for s := range strings.SplitSeq(path, ".") {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
			continue
		}
		out = append(out, s)
	}
	return out
}

// records is a shape for each element of a list of records.
func records(one string) string {
	return "records[]." + strings.ReplaceAll(one, " ", " records[].")
}
