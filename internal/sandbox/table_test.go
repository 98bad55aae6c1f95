package sandbox

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// evidenceRow is one line of an evidence table: an endpoint's behaviour, how it is known, and the test
// that holds it.
type evidenceRow struct {
	at                                  string // file:line of the doc comment's file, for errors
	dir                                 string // "hubspot", "salesforce" or deeper; "" for this package
	endpoint, behaviour, evidence, test string
}

// evidenceRows reads the tables out of a package comment: the indented lines below a heading that begins
// with "Evidence". A line without four columns is an error.
func evidenceRows(file, dir, doc string) (rows []evidenceRow, bad []string) {
	below := false
	for _, line := range strings.Split(doc, "\n") {
		if heading, is := strings.CutPrefix(line, "# "); is {
			below = strings.HasPrefix(heading, "Evidence")
			continue
		}
		text, indented := strings.CutPrefix(line, "\t")
		if !below || !indented || strings.TrimSpace(text) == "" {
			continue
		}
		columns := strings.Split(strings.Trim(strings.TrimSpace(text), "`"), " | ")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		if len(columns) != 4 || slices.Contains(columns, "") {
			bad = append(bad, fmt.Sprintf("%s: %d columns, not endpoint | behaviour | evidence | test: %s", file, len(columns), text))
			continue
		}
		if columns[0] == "endpoint" {
			continue
		}
		rows = append(rows, evidenceRow{file, dir, columns[0], columns[1], columns[2], columns[3]})
	}
	return rows, bad
}

// eachGoFile visits the Go files below a directory, tests or all others, but for what is not ours.
func eachGoFile(t *testing.T, root string, tests bool, mode parser.Mode, visit func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") != tests:
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, mode)
		if err == nil {
			visit(path, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// evidenceTable is every row of every package below this directory.
func evidenceTable(t *testing.T) []evidenceRow {
	t.Helper()
	var all []evidenceRow
	eachGoFile(t, ".", false, parser.ParseComments|parser.PackageClauseOnly, func(path string, file *ast.File) {
		dir, _, _ := strings.Cut(filepath.ToSlash(filepath.Dir(path)), "/")
		rows, bad := evidenceRows(path, strings.TrimPrefix(dir, "."), file.Doc.Text())
		for _, words := range bad {
			t.Error(words)
		}
		all = append(all, rows...)
	})
	return all
}

// testedIn are the directories whose tests a row may name, from here.
var testedIn = []string{".", "../salesforce", "../hubspot", "../../load", "../../extract", "../../pipelines", "../../cmd"}

// testNames is every Test and Fuzz function in those directories.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, root := range testedIn {
		eachGoFile(t, root, true, parser.SkipObjectResolution, func(_ string, file *ast.File) {
			for _, decl := range file.Decls {
				if f, is := decl.(*ast.FuncDecl); is && f.Recv == nil && testName.MatchString(f.Name.Name) {
					names[f.Name.Name] = true
				}
			}
		})
	}
	return names
}

var (
	testName    = regexp.MustCompile(`^(Test|Fuzz)[A-Z]\w*$`)
	conformance = regexp.MustCompile(`^(conformance/[\w./-]+): (.+)$`)
	evidence    = regexp.MustCompile(`^(doc|rec|spec|client|unverified|own)\b`)
	switchName  = regexp.MustCompile(`switch (?:\w+\.)*(\w+)`)
)

// testExists says what is wrong with the fourth column of a row; "" for nothing.
func testExists(column string, known map[string]bool) string {
	if m := conformance.FindStringSubmatch(column); m != nil {
		text, err := os.ReadFile(filepath.FromSlash(m[1]))
		switch {
		case err != nil:
			return "no file " + m[1]
		case !strings.Contains(string(text), m[2]):
			return fmt.Sprintf("%s has no test %q", m[1], m[2])
		}
		return ""
	}
	for _, name := range strings.Split(column, ", ") {
		name, _, _ = strings.Cut(strings.Trim(name, "`"), "/")
		if !known[name] {
			return fmt.Sprintf("no test %q", name)
		}
	}
	return ""
}

// fieldNames is the name of every field of a struct below this directory: what a switch can be called.
func fieldNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	eachGoFile(t, ".", false, parser.SkipObjectResolution, func(_ string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, is := n.(*ast.StructType); is {
				for _, f := range s.Fields.List {
					for _, name := range f.Names {
						names[name.Name] = true
					}
				}
			}
			return true
		})
	})
	return names
}

// TestEveryRowHasItsTest: no behaviour is claimed without a test that holds it.
func TestEveryRowHasItsTest(t *testing.T) {
	t.Parallel()
	known, declared := testNames(t), fieldNames(t)
	for _, row := range evidenceTable(t) {
		if wrong := testExists(row.test, known); wrong != "" {
			t.Errorf("%s: %s | %s: %s", row.at, row.endpoint, row.behaviour, wrong)
		}
		if !evidence.MatchString(row.evidence) {
			t.Errorf("%s: %s | %s: evidence %q is none of doc, rec, spec, client, unverified, own", row.at, row.endpoint, row.behaviour, row.evidence)
		}
		if m := switchName.FindStringSubmatch(row.evidence); m != nil && !declared[m[1]] {
			t.Errorf("%s: %s | %s: no switch %s", row.at, row.endpoint, row.behaviour, m[1])
		}
	}
}

var (
	dataPath    = regexp.MustCompile(`^/?services/data/(v[^/]*|\{[^/]*\})(/|$)`)
	versionPart = regexp.MustCompile(`^(v[1-4]|20\d\d-\d\d|\{v(ersion)?\})$`)
	variable    = regexp.MustCompile(`^(\*|\{[^}]*\})$`)
)

// segmentsOf is a path as routes write it: without version, query and empty segments.
func segmentsOf(dir, path string) []string {
	path, _, _ = strings.Cut(path, "?")
	if dir == "salesforce" {
		path = dataPath.ReplaceAllString(path, "/")
	}
	var out []string
	for _, s := range strings.Split(path, "/") {
		if s != "" && (dir != "hubspot" || !versionPart.MatchString(s)) {
			out = append(out, s)
		}
	}
	return out
}

// covers reports whether a row's endpoint is the route's: of the same method, a variable of the route
// standing for any segment.
func covers(dir, route, endpoint string) bool {
	method, path, _ := strings.Cut(route, " ")
	rowMethod, rowPath, spaced := strings.Cut(endpoint, " ")
	if !spaced || method != rowMethod {
		return false
	}
	want, have := segmentsOf(dir, path), segmentsOf(dir, rowPath)
	if dir == "salesforce" && path == "/services/data" {
		want, have = []string{rowPath}, []string{strings.TrimSuffix(path, "/")}
	}
	if len(want) != len(have) {
		return false
	}
	for i, w := range want {
		if !variable.MatchString(w) && w != have[i] {
			return false
		}
	}
	return true
}

// uncovered are the routes that no row names. A row names the first route that fits it, as a request does.
// Its endpoint may list several methods and several paths: "GET, PATCH /x, /y".
func uncovered(dir string, routes []string, rows []evidenceRow) []string {
	named := map[string]bool{}
	for _, row := range rows {
		if row.dir != dir {
			continue
		}
		at := strings.Index(row.endpoint, "/")
		if at < 0 {
			continue // a behaviour of the whole simulator: "any", "SOQL"
		}
		for _, method := range strings.FieldsFunc(row.endpoint[:at], func(r rune) bool { return r == ',' || r == ' ' }) {
			for _, path := range strings.Split(row.endpoint[at:], ", ") {
				if i := slices.IndexFunc(routes, func(route string) bool { return covers(dir, route, method+" "+path) }); i >= 0 {
					named[routes[i]] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(routes), func(r string) bool { return named[r] })
}

// TestEveryRouteHasARow: no endpoint and no order without a tested behaviour.
func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	rows := evidenceTable(t)
	var own []string
	for _, o := range orders() {
		own = append(own, o.method+" "+adminPath+o.name)
	}
	for dir, routes := range map[string][]string{"hubspot": hubspot.Routes(), "salesforce": salesforce.Routes(), "": own} {
		if missing := uncovered(dir, routes, rows); len(missing) > 0 {
			t.Errorf("%s: %d of %d endpoints without a row:\n\t%s", dir, len(missing), len(routes), strings.Join(missing, "\n\t"))
		}
	}
}

// TestEveryKindOfFaultHasARow: no way to go wrong without a tested behaviour.
func TestEveryKindOfFaultHasARow(t *testing.T) {
	t.Parallel()
	var told strings.Builder
	for _, row := range evidenceTable(t) {
		if row.dir == "" {
			told.WriteString(row.behaviour + " \n")
		}
	}
	for _, kind := range Kinds {
		named := regexp.MustCompile(`\bkind ` + string(kind) + `\b`)
		if (kind == HTML || !kind.inPlace()) && !named.MatchString(told.String()) {
			t.Errorf("no row names kind %s", kind)
		}
	}
}

func TestEvidenceRowsAreRead(t *testing.T) {
	t.Parallel()
	rows, bad := evidenceRows("doc.go", "hubspot", strings.Join([]string{
		"Package x.", "# Other", "\tnot | a | row", "# Evidence: x", "\tendpoint | behaviour | evidence | test",
		"", "\tGET /crm/v3/owners | pages | rec AMP | TestEvidenceRowsAreRead/sub", "\tGET /a | too | few", "\tGET /a | an empty |  | TestX", "words | between | the | rows",
	}, "\n"))
	if len(rows) != 1 || rows[0].endpoint != "GET /crm/v3/owners" || rows[0].test != "TestEvidenceRowsAreRead/sub" {
		t.Errorf("%+v", rows)
	}
	if len(bad) != 2 {
		t.Errorf("%q", bad)
	}
	known := testNames(t)
	for column, wrong := range map[string]bool{
		"TestEvidenceRowsAreRead/sub": false, "TestEvidenceRowsAreRead, TestEveryRouteHasARow": false, "TestThatIsNot": true,
		"conformance/none.js: reads": true, "evidenceRows": true,
	} {
		if (testExists(column, known) != "") != wrong {
			t.Errorf("%s: wrong is not %v", column, wrong)
		}
	}
}

func TestRowsNameRoutes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		dir, route, endpoint string
		want                 bool
	}{
		{"hubspot", "GET /crm/objects/{type}", "GET /crm/v3/objects/{t}", true},
		{"hubspot", "GET /crm/objects/{type}", "GET /crm/objects/2026-03/contacts", true},
		{"hubspot", "GET /crm/objects/{type}", "POST /crm/v3/objects/{t}", false},
		{"hubspot", "GET /crm/objects/{type}/{id}", "GET /crm/v3/objects/{t}", false},
		{"hubspot", "POST /oauth/token", "POST /oauth/v1/token", true},
		{"salesforce", "PATCH /sobjects/*/*/*", "PATCH /sobjects/{object}/{field}/{value}", true},
		{"salesforce", "PATCH /sobjects/*/*/*", "PATCH /services/data/vXX.X/sobjects/Account/Key__c/1?updateOnly=true", true},
		{"salesforce", "GET /sobjects/*/describe", "GET /sobjects/{object}/{id}", false},
		{"salesforce", "GET /", "GET /services/data/{v}", true},
		{"salesforce", "GET /services/data", "GET /services/data", true},
		{"salesforce", "GET /", "GET /services/data", false},
		{"salesforce", "POST /services/oauth2/token", "POST /services/oauth2/token", true},
	} {
		if got := covers(test.dir, test.route, test.endpoint); got != test.want {
			t.Errorf("%s %q for %q: %v", test.dir, test.endpoint, test.route, got)
		}
	}
	rows := []evidenceRow{{dir: "salesforce", endpoint: "GET, PATCH /sobjects/{object}/describe, /limits"}, {dir: "hubspot", endpoint: "every"}}
	routes := []string{"GET /limits", "GET /sobjects/*/describe", "GET /sobjects/*/*", "PATCH /sobjects/*/*"}
	if got := uncovered("salesforce", routes, rows); !slices.Equal(got, []string{"GET /sobjects/*/*"}) {
		t.Errorf("%q", got)
	}
}
