package pipelines

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/health"
	"lockstep/internal/project"
	"lockstep/load"
	"lockstep/transform"
)

// FS is the folder as it ships; `lockstep init` writes it out.
//
//go:embed *.yaml
var FS embed.FS

// Pipeline is one YAML file. The file itself explains each key.
type Pipeline struct {
	Name         string                `yaml:"-"` // of the file, without .yaml
	Cron         string                `yaml:"cron"`
	Timezone     string                `yaml:"timezone"`
	Wake         bool                  `yaml:"wake"`
	Entities     []string              `yaml:"entities"`
	Full         bool                  `yaml:"full"`
	RetryRefused bool                  `yaml:"retry_refused"`
	Reports      bool                  `yaml:"reports"`
	Limits       map[string]Limit      `yaml:"limits"`
	Budget       map[crm.System]Budget `yaml:"budget"`
	Canary       int                   `yaml:"canary"`
	Deletions    map[string]Deletion   `yaml:"deletions"`
	Unmapped     map[string]Unmapped   `yaml:"unmapped"`

	text     string        // of the file
	schedule cron.Schedule // nil where Cron is empty
	zone     *time.Location
}

// Limit is one line of limits. Zero is no limit.
type Limit struct {
	Number  int     `yaml:"number"`
	Percent float64 `yaml:"percent"`
}

// Budget is one line of budget, in calls.
type Budget struct {
	Reserve int64 `yaml:"reserve"`
	Run     int64 `yaml:"run"`
	Day     int64 `yaml:"day"`
}

// Deletion is one line of deletions.
type Deletion struct {
	ToHubSpot    string        `yaml:"to_hubspot"`
	ToSalesforce string        `yaml:"to_salesforce"`
	Grace        time.Duration `yaml:"grace"`
}

// Unmapped is one line of unmapped.
type Unmapped struct {
	Rule  string `yaml:"rule"`
	Value string `yaml:"value"`
}

// shortest is how far apart the runs of a pipeline have to be.
const shortest = 5 * time.Second

// Load reads the pipeline of that name from a pipelines/ folder.
func Load(fsys fs.FS, name string) (*Pipeline, error) {
	file := name + ".yaml"
	text, err := fs.ReadFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, crm.WithHint(fmt.Errorf("no pipeline %q", name), "there are %s", known(fsys))
	}
	if err != nil {
		return nil, fmt.Errorf("pipelines.Load(%s): %w", name, err)
	}
	p := &Pipeline{Name: name, text: string(text)}
	path := "pipelines/" + file
	if err := project.DecodeYAML(path, text, p); err != nil {
		return nil, err
	}
	return p, p.check(path, text)
}

// Every gives the pipeline another cron: once in so long.
func (p *Pipeline) Every(d time.Duration) error {
	p.Cron = "@every " + d.String()
	return p.check(p.Name+".yaml", []byte(p.text))
}

// LoadAll reads every pipeline of the folder, in the order of their names.
func LoadAll(fsys fs.FS) ([]*Pipeline, error) {
	var all []*Pipeline
	for _, name := range names(fsys) {
		p, err := Load(fsys, name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func names(fsys fs.FS) []string {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil // only a malformed pattern is an error
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	slices.Sort(files)
	return files
}

func known(fsys fs.FS) string {
	if n := names(fsys); len(n) > 0 {
		return strings.Join(n, ", ")
	}
	return "none: pipelines/ holds no .yaml file"
}

// check refuses values that decode but cannot be meant, each with its line.
func (p *Pipeline) check(path string, text []byte) (err error) {
	at := func(key, format string, args ...any) error {
		return crm.WithHint(fmt.Errorf("%s: %s %s", project.Position(path, text, key), key, fmt.Sprintf(format, args...)),
			"each key is explained in the pipelines that `lockstep init` writes")
	}
	if p.zone, err = time.LoadLocation(p.Timezone); err != nil {
		return at("timezone", "is %q: want a name such as UTC or Europe/Berlin", p.Timezone)
	}
	if p.Cron != "" {
		if p.schedule, err = cron.ParseStandard(p.Cron); err != nil {
			return at("cron", "is %q: %s", p.Cron, err)
		}
		if every, ok := p.schedule.(cron.ConstantDelaySchedule); ok && every.Delay < shortest {
			return at("cron", "is %q: a run asks each CRM some ten times, so want %s or more", p.Cron, shortest)
		}
	}
	if len(p.Entities) == 0 {
		return at("entities", "is empty: want folders of sql/, as in [contact]")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Limits)) {
		l := p.Limits[name]
		of, _, _, ok := load.ParseLimit(name)
		if !ok {
			return at("limits", "has %q: want %s, alone or behind an entity's name and a point; field behind an entity's field, too", name, strings.Join(load.LimitKinds, ", "))
		}
		if of != "" && !p.has(of) {
			return at("limits", "has %q, but %s is not among entities", name, of)
		}
		if l.Number < 0 || l.Percent < 0 || l.Percent > 100 {
			return at("limits", "has %q with number %d and percent %v: want a number of 0 or more, a percent of 0 to 100", name, l.Number, l.Percent)
		}
	}
	if p.Canary < 0 {
		return at("canary", "is %d: want a number of records, or 0 for none", p.Canary)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Deletions)) {
		d := p.Deletions[name]
		if !p.has(name) {
			return at("deletions", "has %q, which is not among entities", name)
		}
		if !slices.Contains([]string{"", "keep", "archive"}, d.ToHubSpot) {
			return at("deletions", "of %s has to_hubspot %q: want keep or archive", name, d.ToHubSpot)
		}
		if !slices.Contains([]string{"", "keep", "delete"}, d.ToSalesforce) {
			return at("deletions", "of %s has to_salesforce %q: want keep or delete", name, d.ToSalesforce)
		}
		if d.Grace < 0 {
			return at("deletions", "of %s has grace %s: want how long to wait, as in 48h", name, d.Grace)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Unmapped)) {
		u := p.Unmapped[name]
		of, field, ok := strings.Cut(name, ".")
		if !ok || field == "" || !p.has(of) {
			return at("unmapped", "has %q: want a field of one of the entities, such as contact.original_source", name)
		}
		if !slices.Contains([]string{"block", "pass", "default"}, u.Rule) {
			return at("unmapped", "of %s has rule %q: want block, pass or default", name, u.Rule)
		}
		if (u.Rule == "default") != (u.Value != "") || strings.ContainsAny(u.Value, "\t\n") {
			return at("unmapped", "of %s has rule %s and value %q: default, and no other rule, needs the word to take", name, u.Rule, u.Value)
		}
	}
	for system, b := range p.Budget {
		if !slices.Contains(crm.Systems, system) {
			return at("budget", "has %q: want hubspot and salesforce", system)
		}
		if b.Reserve < 0 || b.Run < 0 || b.Day < 0 {
			return at("budget", "of %s is negative", system)
		}
	}
	return nil
}

// others among the entities are all folders of sql/ that it does not name.
const others = "*"

// has says whether the pipeline may have an entity.
func (p *Pipeline) has(name string) bool {
	return slices.Contains(p.Entities, name) || slices.Contains(p.Entities, others)
}

// Over is the pipeline with the entities that * stands for, in the order of their names.
func (p *Pipeline) Over(e *entity.Project) *Pipeline {
	out := *p
	out.Entities = nil
	for _, name := range p.Entities {
		if name != others {
			out.Entities = append(out.Entities, name)
			continue
		}
		for _, x := range e.Entities {
			if !slices.Contains(p.Entities, x.Name) {
				out.Entities = append(out.Entities, x.Name)
			}
		}
	}
	return &out
}

// limits are the guard's.
func (p *Pipeline) limits() load.Limits {
	out := load.Limits{}
	for name, l := range p.Limits {
		out[name] = load.Limit{Number: l.Number, Share: l.Percent / 100}
	}
	return out
}

// deletions are transform's.
func (p *Pipeline) deletions() map[string]transform.Deletion {
	out := map[string]transform.Deletion{}
	for name, d := range p.Deletions {
		out[name] = transform.Deletion{ToHubSpot: d.ToHubSpot == "archive", ToSalesforce: d.ToSalesforce == "delete", Grace: d.Grace}
	}
	return out
}

// Translate gives e this pipeline's rules for values without a translation. An error names what is no field.
func (p *Pipeline) Translate(e *entity.Project) error {
	rules := map[string]entity.Unmapped{}
	for name, u := range p.Unmapped {
		rules[name] = entity.Unmapped{Rule: u.Rule, Value: u.Value}
	}
	return e.SetUnmapped(rules)
}

// budget is load's. earlier are the calls of other runs within a day.
func (p *Pipeline) budget(earlier map[crm.System]int64) map[crm.System]load.Budget {
	out := map[crm.System]load.Budget{}
	for system, b := range p.Budget {
		one := load.Budget{Reserve: b.Reserve, Run: b.Run}
		if left := b.Day - earlier[system]; b.Day > 0 && (b.Run == 0 || left < b.Run) {
			one.Run = max(left, 1) // less than reading has cost by then
		}
		out[system] = one
	}
	return out
}

// Health is the pipeline as health judges it.
func (p *Pipeline) Health() health.Pipeline {
	out := health.Pipeline{Name: p.Name, Reserve: map[string]int64{}}
	if p.schedule != nil {
		out.After = p.after
	}
	for s, b := range p.Budget {
		out.Reserve[string(s)] = b.Reserve
	}
	return out
}
