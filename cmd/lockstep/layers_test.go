package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the module's folder, seen from this package.
const root = "../.."

// layer is one rule about imports: packages at or below from import no package of ours at or below any of not.
type layer struct {
	from   string
	not    []string
	except []string // may be imported although not says no
	reason string
}

var layers = []layer{
	{"internal/crm", []string{""}, nil,
		"crm holds the nouns everybody shares: whatever it imported, everybody would import"},
	{"internal/wire", []string{""}, []string{"internal/crm"},
		"both clients stand on wire, so it knows neither of them"},
	{"internal/hubspot", []string{""}, []string{"internal/crm", "internal/wire"},
		"a wire client speaks one vendor's API and knows nothing of warehouses or meaning"},
	{"internal/salesforce", []string{""}, []string{"internal/crm", "internal/wire"},
		"a wire client speaks one vendor's API and knows nothing of warehouses or meaning"},
	{"internal/sandbox", []string{""}, []string{"internal/crm"},
		"a simulator that shared the clients' types would share their mistakes, and the tests would pass"},
	{"internal/warehouse", []string{""}, []string{"internal/crm"},
		"the warehouse is where the steps meet; it belongs to none of them"},
	{"internal/entity", []string{""}, []string{"internal/crm", "internal/warehouse"},
		"a project's SQL is read the same whoever runs it"},
	{"internal/ask", []string{""}, []string{"internal/crm", "internal/entity", "internal/warehouse"},
		"a person's word on two records is a line in the project, whoever asks for it"},
	{"internal/plan", []string{""}, []string{"internal/crm", "internal/warehouse"},
		"a plan is a value: it neither makes nor carries itself out"},
	{"internal/duplicates", []string{""}, []string{"internal/crm"},
		"it reads a report, whoever made it"},
	{"internal/explain", []string{""}, []string{"internal/crm", "internal/entity", "internal/warehouse", "transform"},
		"a story is read from what others wrote, in the words of the mapping"},
	{"internal/export", []string{""}, []string{"internal/crm"},
		"rows are written the same, whoever asks for them"},
	{"internal/pause", []string{""}, []string{"internal/crm"},
		"what is paused is a file beside the warehouse, and needs nothing of it"},
	{"internal/health", []string{""}, []string{"internal/crm", "internal/pause"},
		"health only asks tables: it runs nothing, and knows no pipeline but by its name"},
	{"internal/publish", []string{""}, []string{"internal/crm", "internal/warehouse", "internal/entity"},
		"what is published is the warehouse as it stands: neither a CRM nor a run is asked"},
	{"internal/alert", []string{""}, []string{"internal/crm", "internal/health", "internal/wire"},
		"an alert tells what health found, and finds nothing itself"},
	{"internal/project", []string{""}, []string{"internal/crm", "internal/wire"},
		"settings are read before anything runs"},
	{"internal/dashboard", []string{"cmd", "pipelines", "extract", "transform", "load", "internal/sandbox", "internal/hubspot", "internal/salesforce", "internal/wire"}, nil,
		"the page reads the publication; what it may do comes to it as an interface"},
	{"internal/forget", []string{""}, []string{"internal/crm", "internal/warehouse", "internal/entity"},
		"forgetting knows the warehouse, and asks no CRM"},
	{"internal/wake", []string{""}, []string{"internal/crm", "internal/wire", "internal/salesforce"},
		"an event is only a reason to look: whoever takes it knows no warehouse, so that nothing of it can be kept"},
	{"extract", []string{"transform", "load", "pipelines", "cmd", "internal/sandbox"}, nil,
		"extract, transform and load meet in the warehouse and nowhere else"},
	{"transform", []string{"extract", "load", "pipelines", "cmd", "internal/sandbox", "internal/hubspot", "internal/salesforce", "internal/wire"}, nil,
		"transform knows SQL and no CRM; it meets extract and load in the warehouse"},
	{"load", []string{"extract", "transform", "pipelines", "cmd", "internal/sandbox"}, nil,
		"extract, transform and load meet in the warehouse and nowhere else"},
	{"sql", []string{""}, nil,
		"sql/ is the data engineer's: no Go but the embed"},
	{"pipelines", []string{"cmd", "internal/sandbox"}, nil,
		"what runs in production cannot start a simulator"},
	{"", []string{"cmd"}, nil,
		"nothing stands above the commands"},
}

// broken: the rule is about from, and refuses its import of to.
func (l layer) broken(from, to string) bool {
	own := l.from != "" && within(to, l.from)
	return within(from, l.from) && withinAny(to, l.not) && !withinAny(to, l.except) && !own
}

func TestLayers(t *testing.T) {
	t.Parallel()
	checked := 0
	for file, imports := range ourImports(t) {
		from := path.Dir(file)
		for _, to := range imports {
			checked++
			for _, l := range layers {
				if l.broken(from, to) {
					t.Errorf("%s imports %s: %s", file, to, l.reason)
				}
			}
		}
	}
	if checked == 0 {
		t.Fatal("no import was looked at: is the module's folder where this test thinks?")
	}
}

// The rules do refuse: each is shown one import that breaks it.
func TestLayersRefuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, to string }{
		{"internal/crm", "internal/wire"}, {"internal/wire", "internal/hubspot"}, {"internal/hubspot", "internal/salesforce"},
		{"internal/salesforce", "internal/warehouse"}, {"internal/sandbox/hubspot", "internal/hubspot"}, {"internal/sandbox", "internal/wire"},
		{"internal/plan", "transform"}, {"internal/wake", "internal/warehouse"}, {"internal/dashboard", "load"}, {"internal/entity", "internal/plan"}, {"internal/project", "load"}, {"internal/warehouse", "internal/entity"},
		{"extract", "load"}, {"transform", "internal/hubspot"}, {"load", "extract"}, {"sql", "internal/crm"},
		{"internal/health", "pipelines"}, {"internal/alert", "pipelines"}, {"internal/pause", "internal/warehouse"},
		{"pipelines", "internal/sandbox"}, {"pipelines", "cmd/lockstep"},
	} {
		if !slices.ContainsFunc(layers, func(l layer) bool { return l.broken(tt.from, tt.to) }) {
			t.Errorf("no rule refuses %s importing %s", tt.from, tt.to)
		}
	}
}

// ourImports is, per Go file outside tests, the packages of this module it imports, by folder.
func ourImports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ours, ok := strings.CutPrefix(imported, "lockstep/"); ok {
				out[name] = append(out[name], ours)
			}
		}
	})
	return out
}

// No Go or SQL file is longer than 600 lines: past that it holds more than one idea.
func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	walk(t, func(name string) {
		if ext := path.Ext(name); ext != ".go" && ext != ".sql" {
			return
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n > 600 {
			t.Errorf("%s has %d lines, over 600: split it by idea", name, n)
		}
	})
}

// The module's folder holds what design and README name, and nothing else.
func TestRootLayout(t *testing.T) {
	t.Parallel()
	known := []string{
		"cmd", "extract", "transform", "load", "sql", "pipelines", "internal",
		"go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", "Makefile",
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	built := []string{"lockstep"} // by `make build`, and ignored by git
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(known, e.Name()) && !slices.Contains(built, e.Name()) {
			t.Errorf("%s stands at the root, which holds %s", e.Name(), strings.Join(known, ", "))
		}
	}
}

// walk calls visit with every file of the module, by its path from the root with slashes.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir // .git, .lockstep
		case !d.IsDir():
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func withinAny(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(dir, f) })
}

// within tells whether dir is folder or lies below it. Everything lies below "".
func within(dir, folder string) bool {
	return folder == "" || dir == folder || strings.HasPrefix(dir, folder+"/")
}
