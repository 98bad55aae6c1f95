package dashboard

import (
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	projectsql "lockstep/sql"
)

// Every page is there, with its title, over a warehouse in which nothing has happened.
func TestPagesOfAnEmptyWarehouse(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t)})
	for _, p := range pages {
		if strings.Contains(p.path, "{") {
			continue
		}
		if text := s.page(p.path); !strings.Contains(text, "<h1>"+p.Title+"</h1>") || !strings.Contains(text, `aria-current="page">`+p.Menu) {
			t.Errorf("GET %s:\n%s", p.path, text)
		}
	}
}

// Before the first run has published, every page says so.
func TestNothingPublished(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: nothing{}})
	if text := s.page("/runs"); !strings.Contains(text, "Nothing has been published yet") {
		t.Errorf("GET /runs:\n%s", text)
	}
}

// While somebody edits the project, its pages show what could be read last; a start over what cannot be read says where it is.
func TestProjectThatCannotBeRead(t *testing.T) {
	t.Parallel()
	var broken error
	var files fs.FS = projectsql.FS
	o := Options{Source: warehoused(t), Project: func() (*entity.Project, error) {
		if broken != nil {
			return nil, broken
		}
		return entity.Load(files)
	}}
	s := served(t, o)
	s.page("/mappings")
	broken = crm.WithHint(errors.New("sql/contact/match.sql:7: syntax error"), "check that line")
	for _, path := range []string{"/", "/decide", "/duplicates", "/person?who=101", "/health", "/mappings", "/csv/mappings"} {
		s.page(path)
	}
	if status, text := served(t, o).get("/decide"); status != 503 || !strings.Contains(text, "sql/contact/match.sql:7: syntax error") || !strings.Contains(text, "check that line") {
		t.Errorf("%d\n%s", status, text)
	}
	// a file that is there, and is no SQL
	broken, files = nil, withFile(t, "contact/from_hubspot.contacts.sql", "-- one row per contact\nselec nonsense\n")
	for _, path := range []string{"/decide", "/person?who=101", "/mappings"} {
		s.page(path)
	}
	if status, text := served(t, o).get("/person?who=101"); status != 503 || !strings.Contains(text, "sql/contact/from_hubspot.contacts.sql:2") {
		t.Errorf("%d\n%s", status, text)
	}
}

// withFile is the program's own project with another text in one file.
func withFile(t *testing.T, path, text string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	if err := fs.WalkDir(projectsql.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(projectsql.FS, name)
		all[name] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if all[path] == nil {
		t.Fatalf("no %s", path)
	}
	all[path].Data = []byte(text)
	return all
}

// What a filter leaves nothing of is not nothing at all, and filters offer the words that there are.
func TestFilters(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, waitingWorld()...), Project: func() (*entity.Project, error) { return entity.Load(projectsql.FS) }})
	if text := s.page("/decide?entity=company"); !strings.Contains(text, "Nothing of company waits for a person; <a href=\"/decide\">something of contact</a> does.") {
		t.Errorf("/decide?entity=company\n%s", text)
	}
	s = served(t, Options{Source: warehoused(t, world)})
	for path, want := range map[string]string{
		"/runs?pipeline=nightly": "<option selected>nightly</option>", "/history?entity=company": "<option selected>company</option>",
		"/history?outcome=not_taken": `<option value="not_taken" selected>not taken</option>`,
	} {
		if text := s.page(path); !strings.Contains(text, want) {
			t.Errorf("%s has no %s", path, want)
		}
	}
	if status, text := s.get("/runs/none"); status != 404 || !strings.Contains(text, "There is no run none.") {
		t.Errorf("%d\n%s", status, text)
	}
}

type nothing struct{}

func (nothing) DB() (*sql.DB, func()) { return nil, func() {} }
