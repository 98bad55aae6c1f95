package pipelines

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/load"
)

// Every shipped pipeline decodes, has every key, and has a comment above each.
func TestShippedPipelines(t *testing.T) {
	t.Parallel()
	all, err := LoadAll(FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 {
		t.Fatalf("%d pipelines", len(all))
	}
	for _, p := range all {
		text, err := fs.ReadFile(FS, p.Name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for i := range reflect.TypeFor[Pipeline]().NumField() {
			key := reflect.TypeFor[Pipeline]().Field(i).Tag.Get("yaml")
			if key != "" && key != "-" && project.Position(p.Name, text, key) == p.Name {
				t.Errorf("%s.yaml lacks the key %s", p.Name, key)
			}
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			explained := strings.HasPrefix(line, "#") || line == "" || strings.HasPrefix(strings.TrimSpace(lines[max(i-1, 0)]), "#")
			if !explained && !strings.HasPrefix(line, "  ") {
				t.Errorf("%s.yaml:%d: %q has no comment above it", p.Name, i+1, line)
			}
		}
		if p.schedule == nil || len(p.Entities) == 0 || len(p.limits()) < len(load.LimitKinds) || len(p.budget(nil)) != 2 {
			t.Errorf("%s.yaml: %+v", p.Name, p)
		}
	}
	nightly, err := Load(FS, "nightly")
	if err != nil {
		t.Fatal(err)
	}
	if !nightly.Full || !nightly.RetryRefused || nightly.limits()["updates"].Share != 0.3 {
		t.Errorf("nightly: %+v", nightly)
	}
}

// "*" is every folder of sql/ that the pipeline does not name, where it stands.
func TestStarIsAllOtherEntities(t *testing.T) {
	t.Parallel()
	e := &entity.Project{Entities: []*entity.Entity{{Name: "company"}, {Name: "contract"}, {Name: "deal"}, {Name: "subscription"}}}
	for _, tt := range []struct{ entities, want string }{
		{`[company, "*"]`, "company contract deal subscription"},
		{`[deal, "*", company]`, "deal contract subscription company"},
		{`[deal]`, "deal"},
	} {
		p, err := Load(fstest.MapFS{"p.yaml": {Data: []byte("cron: \"\"\nentities: " + tt.entities + "\nlimits: {deal.creates: {number: 1}}\n")}}, "p")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Over(e).Entities, " "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.entities, got, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const good = "cron: \"\"\nentities: [contact]\n"
	tests := []struct{ name, text, want string }{
		{"unknown key", good + "\nlimit: {}\n", `pipelines/p.yaml:4: unknown key "limit"`},
		{"unknown key of a limit", good + "limits:\n  creates: {count: 1}\n", `pipelines/p.yaml:4: unknown key "count"`},
		{"no cron", "entities: [contact]\ncron: \"every day\"\n", `pipelines/p.yaml:2: cron is "every day"`},
		{"no zone", good + "timezone: Middle/Earth\n", `pipelines/p.yaml:3: timezone is "Middle/Earth"`},
		{"no entities", "cron: \"\"\n", `pipelines/p.yaml: entities is empty`},
		{"unknown limit", good + "limits: {writes: {number: 1}}\n", `pipelines/p.yaml:3: limits has "writes"`},
		{"limit of a field where the kind has none", good + "limits: {contact.owner.updates: {number: 1}}\n", `pipelines/p.yaml:3: limits has "contact.owner.updates"`},
		{"limit of an entity it does not run", good + "limits: {deal.creates: {number: 1}}\n", `pipelines/p.yaml:3: limits has "deal.creates", but deal is not among entities`},
		{"share over all", good + "limits: {creates: {percent: 130}}\n", `pipelines/p.yaml:3: limits has "creates"`},
		{"negative canary", good + "canary: -1\n", `pipelines/p.yaml:3: canary is -1`},
		{"deletions of an entity it does not run", good + "deletions: {deal: {grace: 1h}}\n", `pipelines/p.yaml:3: deletions has "deal", which is not among entities`},
		{"deletions of a kind HubSpot does not have", good + "deletions: {contact: {to_hubspot: delete}}\n", `pipelines/p.yaml:3: deletions of contact has to_hubspot "delete": want keep or archive`},
		{"deletions of a kind Salesforce does not have", good + "deletions: {contact: {to_salesforce: archive}}\n", `pipelines/p.yaml:3: deletions of contact has to_salesforce "archive": want keep or delete`},
		{"deletions before they happen", good + "deletions: {contact: {grace: -1h}}\n", `pipelines/p.yaml:3: deletions of contact has grace -1h0m0s`},
		{"unknown CRM", good + "budget: {pipedrive: {run: 1}}\n", `pipelines/p.yaml:3: budget has "pipedrive"`},
		{"negative budget", good + "budget: {hubspot: {run: -1}}\n", `pipelines/p.yaml:3: budget of hubspot is negative`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(fstest.MapFS{"p.yaml": {Data: []byte(tt.text)}}, "p")
			var h *crm.Hinted
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || !errors.As(err, &h) {
				t.Errorf("got %v, want %q and a hint", err, tt.want)
			}
		})
	}
	for _, name := range []string{"weekly", "../nightly", ""} {
		if _, err := Load(FS, name); err == nil || !strings.HasPrefix(err.Error(), "no pipeline") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
