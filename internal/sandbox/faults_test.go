package sandbox

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

func TestWhichRequestsAreStruck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		faults []Fault
		want   string // the kinds that strike eight equal requests, "-" for none
	}{
		{"always", []Fault{{Kind: Unavailable}}, "503 503 503 503 503 503 503 503"},
		{"the third", []Fault{{Kind: Unavailable, Nth: 3}}, "- - 503 - - - - -"},
		{"the first two", []Fault{{Kind: Unavailable, Count: 2}}, "503 503 - - - - - -"},
		{"two from the third", []Fault{{Kind: Unavailable, Nth: 3, Count: 2}}, "- - 503 503 - - - -"},
		{"from the sixth without end", []Fault{{Kind: Unavailable, Nth: 6, Count: -1}}, "- - - - - 503 503 503"},
		{"a script", []Fault{{Kind: TooMany, Nth: 1}, {Kind: HTML, Nth: 2}, {Kind: Reset, Nth: 4}}, "429 html - reset - - - -"},
		{"the first that is due strikes", []Fault{{Kind: TooMany, Count: 1}, {Kind: HTML, Count: 2}}, "429 html html - - - - -"},
		{"another system", []Fault{{Kind: HTML, System: crm.HubSpot}}, "- - - - - - - -"},
		{"another method", []Fault{{Kind: HTML, Method: "PATCH"}}, "- - - - - - - -"},
		{"another path", []Fault{{Kind: HTML, Path: "/composite"}}, "- - - - - - - -"},
		{"all matchers", []Fault{{Kind: HTML, System: crm.Salesforce, Method: "GET", Path: "/query?q=SELECT Id FROM Lead", Nth: 2}}, "- html - - - - - -"},
		{"skew strikes beside others", []Fault{{Kind: Skew, Skew: time.Minute, Count: 2}, {Kind: HTML, Nth: 2}}, "- html - - - - - -"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			faults := &Faults{}
			if err := faults.Add(test.faults...); err != nil {
				t.Fatal(err)
			}
			var got []string
			for range 8 {
				r := httptest.NewRequest("GET", "/services/data/v66.0/query?q=SELECT+Id+FROM+Lead", nil)
				fault, _ := faults.due(crm.Salesforce, r)
				got = append(got, string(fault.Kind))
				if fault.Kind == "" {
					got[len(got)-1] = "-"
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("struck (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProbabilityIsSeeded(t *testing.T) {
	t.Parallel()
	strikes := func(seed uint64) (pattern string, struck int) {
		faults := &Faults{seed: seed}
		if err := faults.Add(Fault{Kind: HTML, Probability: 0.25}); err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			fault, _ := faults.due(crm.HubSpot, httptest.NewRequest("GET", "/", nil))
			pattern += fmt.Sprint(fault.Kind == HTML)[:1]
		}
		return pattern, faults.Counts()[0].Struck
	}
	first, n := strikes(1)
	again, _ := strikes(1)
	other, _ := strikes(2)
	if first != again {
		t.Error("the same seed strikes others")
	}
	if first == other {
		t.Error("another seed strikes the same")
	}
	if n < 200 || n > 300 {
		t.Errorf("struck %d of 1000 with a chance of a quarter", n)
	}
}

func TestCountsAndClear(t *testing.T) {
	t.Parallel()
	faults := &Faults{}
	fault := Fault{Kind: HTML, Nth: 2}
	if err := faults.Add(fault); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		faults.due(crm.HubSpot, httptest.NewRequest("GET", "/", nil))
	}
	if diff := cmp.Diff([]FaultCount{{fault, 3, 1}}, faults.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	faults.Clear()
	if n := len(faults.Counts()); n != 0 {
		t.Errorf("%d faults after Clear", n)
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	got, err := ParseFaults("f.yaml", []byte(`{"faults": [{"kind": "429", "system": "hubspot", "retry_after": "2s"}, {"kind": 500}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Fault{{Kind: TooMany, System: crm.HubSpot, RetryAfter: 2 * time.Second}, {Kind: ServerError}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestParseFaultsRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want, hint string }{
		{"nothing", "", "f.yaml:1: no faults", "key faults"},
		{"only a comment", "# later\n", "f.yaml:1: no faults", "key faults"},
		{"not a mapping", "- kind: 401\n", "f.yaml:1: ", "keys of a fault"},
		{"a list that is no list", "faults:\n  kind: 401\n", "f.yaml:2: ", "keys of a fault"},
		{"broken YAML", "faults:\n  - kind: [401\n", "f.yaml:2: ", "keys of a fault"},
		{"unknown key", "faults:\n  - kind: 401\n  - kind: 500\n    sytem: hubspot\n", `f.yaml:4: unknown field "sytem"`, "system, method"},
		{"unknown top key", "fault: []\n", `f.yaml:1: unknown field "fault"`, "keys of a fault"},
		{"key twice", "faults:\n  - kind: 401\n    kind: 403\n", "f.yaml:3: ", "keys of a fault"},
		{"a word for a number", "faults:\n  - kind: 401\n    nth: second\n", "f.yaml:3: want int, have string", "keys of a fault"},
		{"a bad duration", "faults:\n  - kind: 401\n\n  - kind: skew\n    skew: 5 minutes\n", "f.yaml:4: ", "keys of a fault"},
		{"two documents", "faults:\n  - kind: 401\n---\nfaults: []\n", "f.yaml: a second document", "one YAML document"},
		{"an empty fault", "faults:\n  - kind: 401\n  -\n", "f.yaml:1: fault 2 is empty", "keys of a fault"},
		{"a tag in place of a list", "faults:\n !0000 0", "f.yaml:1: no YAML of this form", "keys of a fault"},
		{"no kind", "faults:\n  - system: hubspot\n", "f.yaml:2: a fault without a kind", "lost_answer"},
		{"unknown kind", "faults:\n  - kind: 418\n", `f.yaml:2: unknown kind "418"`, "lost_answer"},
		{"unknown system", "faults:\n  - {kind: 401, system: sugar}\n", `f.yaml:2: unknown system "sugar"`, "hubspot, salesforce"},
		{"lower-case method", "faults:\n  - {kind: 401, method: post}\n", `f.yaml:2: method "post"`, "POST"},
		{"negative nth", "faults:\n  - {kind: 401, nth: -1}\n", "f.yaml:2: nth is -1", "from 1"},
		{"count below without end", "faults:\n  - {kind: 401, count: -2}\n", "f.yaml:2: count is -2", "without end"},
		{"a chance above one", "faults:\n  - {kind: 401, probability: 25}\n", "f.yaml:2: probability is 25", "up to 1"},
		{"a negative wait", "faults:\n  - {kind: 429, retry_after: -2s}\n", "f.yaml:2: retry_after is -2s", "3s"},
		{"skew without kind", "faults:\n  - {kind: 401, skew: 5m}\n", "f.yaml:2: kind 401 with skew 5m0s", "go together"},
		{"kind without skew", "faults:\n  - kind: skew\n", "f.yaml:2: kind skew with skew 0s", "go together"},
		{"unknown code", "faults:\n  - {kind: 429, code: HOURLY}\n", `f.yaml:2: kind 429 has no code "HOURLY"`, "DAILY"},
		{"the other system's code", "faults:\n  - {kind: 429, system: salesforce, code: DAILY}\n", `no code "DAILY"`, "REQUEST_LIMIT_EXCEEDED"},
		{"a status of the other system", "faults:\n  - {kind: 477, system: salesforce}\n", "f.yaml:2: kind 477 does not happen to salesforce", "hubspot"},
		{"a lock in HubSpot", "faults:\n  - {kind: lock, system: hubspot}\n", "f.yaml:2: kind lock does not happen to hubspot", "salesforce"},
		{"partial without a code", "faults:\n  - kind: partial\n", "f.yaml:2: kind partial without a code", "STRING_TOO_LONG"},
		{"a status as a row's code", "faults:\n  - {kind: partial, code: DAILY}\n", `no code "DAILY"`, "OBJECT_NOT_FOUND"},
		{"rows without a write", "faults:\n  - {kind: 503, rows: [1]}\n", "f.yaml:2: kind 503 with rows or share", "lock and partial"},
		{"rows and share", "faults:\n  - {kind: lock, rows: [1], share: 0.5}\n", "f.yaml:2: both rows and share", "how many"},
		{"row nought", "faults:\n  - {kind: lock, rows: [0]}\n", "f.yaml:2: rows [0]", "from 1"},
		{"a share above one", "faults:\n  - {kind: lock, share: 50}\n", "f.yaml:2: share is 50", "up to 1"},
		{"slow without a pause", "faults:\n  - kind: slow\n", "f.yaml:2: kind slow with pause 0s", "go together"},
		{"a chunk of nothing slow", "faults:\n  - {kind: 503, chunk: 5}\n", "f.yaml:2: kind 503 with chunk 5", "kind: slow"},
		{"stale without an age", "faults:\n  - kind: stale_search\n", "f.yaml:2: kind stale_search with age 0s", "go together"},
		{"a code that cannot be", "faults:\n  - {kind: hang, code: DAILY}\n", "f.yaml:2: kind hang has no codes", "leave code out"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			faults, err := ParseFaults("f.yaml", []byte(test.text))
			checkHinted(t, err, test.want, test.hint)
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			if faults != nil {
				t.Errorf("faults beside an error: %v", faults)
			}
		})
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add("faults:\n  - kind: 401\n    nth: 2\n")
	f.Add("faults: [{kind: skew, skew: -5m}, ~]")
	f.Add("{}")
	f.Add("faults: *a")
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults("f.yaml", []byte(text))
		if err != nil {
			checkHinted(t, err, "f.yaml:", "")
		}
		for _, fault := range faults {
			if err := fault.check(); err != nil {
				t.Errorf("taken though %v", err)
			}
		}
	})
}

func TestReadFaults(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "faults.yaml")
	_, err := ReadFaults(path)
	checkHinted(t, err, "faults.yaml", "--faults")
	if err := os.WriteFile(path, []byte("faults:\n  - kind: hang\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if faults, err := ReadFaults(path); err != nil || len(faults) != 1 || faults[0].Kind != Hang {
		t.Errorf("%v, %v", faults, err)
	}
}

func TestAddTakesAllOrNone(t *testing.T) {
	t.Parallel()
	faults := &Faults{}
	err := faults.Add(Fault{Kind: HTML}, Fault{Kind: "418"})
	checkHinted(t, err, `fault 2: unknown kind "418"`, "kinds: 300")
	if n := len(faults.Counts()); n != 0 {
		t.Errorf("%d faults taken", n)
	}
}

// TestDocumentedScript decodes the example of faults_doc.go strictly, and sees that it explains every key
// and every kind that is no status.
func TestDocumentedScript(t *testing.T) {
	t.Parallel()
	_, after, found := strings.Cut(packageDoc(t, "faults_doc.go"), "\n\tfaults:\n")
	if !found {
		t.Fatal("faults_doc.go shows no script")
	}
	script := "faults:\n"
	for _, line := range strings.Split(after, "\n") {
		if line != "" && !strings.HasPrefix(line, "\t") {
			break
		}
		script += strings.TrimPrefix(line, "\t") + "\n"
	}
	got, err := ParseFaults("faults_doc.go", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	want := []Fault{
		{System: crm.Salesforce, Method: "POST", Path: "/composite", Nth: 2, Count: 1, Kind: LostAnswer},
		{System: crm.HubSpot, Path: "/search", Probability: 0.25, Kind: TooMany, Code: "SECONDLY", RetryAfter: 2 * time.Second},
		{System: crm.Salesforce, Path: "/composite", Kind: Partial, Code: "STRING_TOO_LONG", Field: "Title", Rows: []int{1, 3}},
		{Kind: Lock, Share: 0.5},
		{Kind: StaleSearch, Age: 30 * time.Second},
		{Kind: Slow, Chunk: 100, Pause: 50 * time.Millisecond},
		{Kind: Skew, Skew: -5 * time.Minute},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the example (-want +got):\n%s", diff)
	}
	for _, key := range keysOf[Fault]() {
		if !strings.Contains(script, "# "+key+": ") {
			t.Errorf("key %s is not explained", key)
		}
	}
	explained := strings.FieldsFunc(script, func(r rune) bool { return strings.ContainsRune(" \n,;:.()", r) })
	for _, kind := range Kinds {
		if (kind == HTML || !kind.inPlace()) && !slices.Contains(explained, string(kind)) {
			t.Errorf("kind %s is not explained", kind)
		}
	}
}

// TestDocumentedCodes: the list of codes is the one that scripts may name.
func TestDocumentedCodes(t *testing.T) {
	t.Parallel()
	_, after, found := strings.Cut(packageDoc(t, "faults_doc.go"), "for a token alone.\n\n")
	if !found {
		t.Fatal("faults_doc.go lists no codes")
	}
	if diff := cmp.Diff(Codes(), strings.ReplaceAll("\n"+after, "\n\t", "\n")[1:]); diff != "" {
		t.Errorf("faults_doc.go (-is +says):\n%s", diff)
	}
}

func packageDoc(t *testing.T, name string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return file.Doc.Text()
}

// checkHinted expects an error whose text and hint contain the given parts.
func checkHinted(t *testing.T, err error, text, hint string) {
	t.Helper()
	var hinted *crm.Hinted
	switch {
	case err == nil:
		t.Errorf("no error, want %q", text)
	case !strings.Contains(err.Error(), text):
		t.Errorf("error %q, want %q", err, text)
	case !errors.As(err, &hinted):
		t.Errorf("error %q without a hint", err)
	case !strings.Contains(hinted.Hint, hint):
		t.Errorf("hint %q, want %q", hinted.Hint, hint)
	}
}
