package project

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// The embedded example has every key of Config and no other, each with a comment above it.
func TestExampleHasEveryKeyExplained(t *testing.T) {
	t.Parallel()
	var c Config
	if err := DecodeYAML(ConfigFile, Example, &c); err != nil {
		t.Fatal(err)
	}
	if err := c.validate(ConfigFile, Example); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys(reflect.TypeFor[Config](), "") {
		if Position(ConfigFile, Example, key) == ConfigFile {
			t.Errorf("%s: key %s is missing from the example", ConfigFile, key)
		}
	}
	lines := strings.Split(string(Example), "\n")
	for i, line := range lines {
		key := strings.TrimSpace(line)
		if key == "" || strings.HasPrefix(key, "#") || strings.HasSuffix(key, ":") || strings.HasSuffix(lines[i-1], "stamps:") {
			continue
		}
		above := strings.TrimSpace(lines[i-1])
		if !strings.HasPrefix(above, "#") && !strings.HasPrefix(above, "id:") {
			t.Errorf("%s:%d: %q has no comment above it", ConfigFile, i+1, key)
		}
	}
}

// keys lists the dotted leaf keys of a settings struct.
func keys(t reflect.Type, prefix string) []string {
	var out []string
	for i := range t.NumField() {
		key := prefix + t.Field(i).Tag.Get("yaml")
		if t.Field(i).Type.Kind() == reflect.Struct {
			out = append(out, keys(t.Field(i).Type, key+".")...)
			continue
		}
		out = append(out, key)
	}
	return out
}

func TestDecodeConfigRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"unknown key", "hubspot:\n  # c\n  tokn: a\n", `lockstep.yaml:3: unknown key "tokn"`},
		{"unknown section", "hubspots: {}\n", `lockstep.yaml:1: unknown key "hubspots"`},
		{"not YAML", "hubspot:\n  - a\n b: [\n", `lockstep.yaml:`},
		{"wrong type", "salesforce:\n  attempts: many\n", `lockstep.yaml:2: the value is not of type int`},
		{"no duration", "salesforce:\n  timeout: soon\n", `lockstep.yaml`},
		{"unknown flow", "salesforce:\n  auth: password\n", `lockstep.yaml:2: salesforce.auth is "password": want client_credentials, jwt, refresh_token`},
		{"no address", "hubspot:\n  url: api.hubapi.com\n", `lockstep.yaml:2: hubspot.url is "api.hubapi.com", which is no https address`},
		{"too few", "hubspot:\n  url: https://api.hubapi.com\n  burst: -1\n", `lockstep.yaml:3: hubspot.burst is -1: want 0 or more`},
		{"two documents", "hubspot: {}\n---\nhubspot: {}\n", `lockstep.yaml: more than one document`},
		{"key twice", "hubspot: {}\nhubspot: {}\n", `lockstep.yaml:2: mapping key "hubspot" already defined`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := decodeConfig(ConfigFile, []byte(tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("got %v, want one line beginning %q", err, tt.want)
			}
			var h *crm.Hinted
			if !strings.Contains(tt.name, "duration") && (!errors.As(err, &h) || h.Hint == "") {
				t.Errorf("no hint with %v", err)
			}
		})
	}
}

func TestDecodeConfigKeepsDefaults(t *testing.T) {
	t.Parallel()
	c, err := decodeConfig(ConfigFile, []byte("salesforce:\n  url: https://org.example.com\n  timeout: 5s\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Salesforce.Timeout != 5*time.Second || c.Salesforce.Stamps.ID != "HubSpot_Id__c" || c.HubSpot.URL != "https://api.hubapi.com" {
		t.Errorf("got %+v", c)
	}
	if err := c.Configured(); err != nil {
		t.Error(err)
	}
	example, err := decodeConfig(ConfigFile, nil)
	if err != nil {
		t.Fatal(err)
	}
	if example.Configured() == nil {
		t.Error("the example counts as configured")
	}
	if _, err := decodeConfig(ConfigFile, []byte("# only a comment\n")); err != nil {
		t.Error(err)
	}
}

// A document written by yaml.Marshal from a Config is one that lockstep reads again.
func TestConfigRoundTrip(t *testing.T) {
	t.Parallel()
	want, err := decodeConfig(ConfigFile, nil)
	if err != nil {
		t.Fatal(err)
	}
	want.HubSpot.URL = "http://127.0.0.1:8080"
	text, err := yaml.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeConfig(ConfigFile, text)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestOpenOverlaysFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sql/contact/winner.sql"), "mine")
	write(t, filepath.Join(dir, "sql/contact/extra.sql"), "mine too")
	sql := fstest.MapFS{
		"contact/winner.sql": {Data: []byte("theirs")},
		"contact/match.sql":  {Data: []byte("theirs")},
		"lib/a.sql":          {Data: []byte("theirs")},
	}
	p, err := Open(dir, sql, fstest.MapFS{"nightly.yaml": {Data: []byte("theirs")}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err = fs.WalkDir(p.SQL, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(p.SQL, path)
		got[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"contact/winner.sql": "mine", "contact/extra.sql": "mine too", "contact/match.sql": "theirs", "lib/a.sql": "theirs",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("sql (-want +got):\n%s", d)
	}
	if b, err := fs.ReadFile(p.Pipelines, "nightly.yaml"); err != nil || string(b) != "theirs" {
		t.Errorf("nightly.yaml: %q, %v", b, err)
	}
	if want := filepath.Join(p.Dir, ".lockstep", "warehouse.duckdb"); p.Config.Paths.Warehouse != want || p.Own {
		t.Errorf("warehouse %s, want %s; own %v", p.Config.Paths.Warehouse, want, p.Own)
	}
	if _, err := fs.ReadDir(p.SQL, "nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "absent"), sql, sql); err == nil {
		t.Error("an absent folder opened as a project")
	}
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	sql := fstest.MapFS{"contact/match.sql": {Data: []byte("default")}, "embed.go": {Data: []byte("package sql")}}
	pipelines := fstest.MapFS{"nightly.yaml": {Data: []byte("default")}}
	write(t, filepath.Join(dir, "sql/contact/match.sql"), "mine")
	written, err := Init(dir, sql, pipelines)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"lockstep.yaml", ".gitignore", "pipelines/nightly.yaml"}, written); d != "" {
		t.Errorf("written (-want +got):\n%s", d)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "sql/contact/match.sql")); string(b) != "mine" {
		t.Errorf("match.sql became %q", b)
	}
	if p, err := Open(dir, sql, pipelines); err != nil || !p.Own {
		t.Errorf("the new project does not open: %v", err)
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	write(t, file, "from-file\n")
	env := func(vars map[string]string) Environment {
		return func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
	}
	tests := []struct {
		name, want, err string
		vars            map[string]string
	}{
		{"variable", "direct", "", map[string]string{HubSpotToken: "direct"}},
		{"file", "from-file", "", map[string]string{HubSpotToken + "_FILE": file}},
		{"both", "", "are both set", map[string]string{HubSpotToken: "a", HubSpotToken + "_FILE": file}},
		{"no such file", "", HubSpotToken + "_FILE: open", map[string]string{HubSpotToken + "_FILE": file + "x"}},
		{"neither", "", HubSpotToken + " is not set, and hubspot.auth token needs it", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := env(tt.vars).Required(HubSpotToken, "hubspot.auth token")
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || got.Reveal() != tt.want {
				t.Errorf("got %q, %v", got.Reveal(), err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
