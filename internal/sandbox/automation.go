package sandbox

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"lockstep/internal/crm"
)

// Automation is a rule that rewrites a field when a record is saved, through the API or by a human: a flow in
// Salesforce, which sees the record before it is stored, a workflow in HubSpot, which runs after the answer.
type Automation struct {
	System crm.System `yaml:"system" json:"system"`           // the CRM; over the admin endpoint the one asked
	Object string     `yaml:"object" json:"object"`           // Contact, contacts
	When   string     `yaml:"when" json:"when,omitempty"`     // only when this field's value has changed; empty: on every save
	Set    string     `yaml:"set" json:"set"`                 // the field that is rewritten
	To     *string    `yaml:"to" json:"to,omitempty"`         // with this text; empty clears
	Copy   string     `yaml:"copy" json:"copy,omitempty"`     // with this field's value
	Format string     `yaml:"format" json:"format,omitempty"` // in this form; of Copy's value, or its own
}

// formats are the forms a value can be rewritten into.
var formats = map[string]func(string) string{
	"phone": formatPhone,
	"upper": strings.ToUpper,
	"lower": strings.ToLower,
	"trim":  func(v string) string { return strings.Join(strings.Fields(v), " ") },
}

// formatPhone writes ten digits, with or without the country code 1, as Salesforce's own pages do:
// (555) 010-0123. Everything else stays.
func formatPhone(v string) string {
	var digits []rune
	for _, r := range v {
		if unicode.IsDigit(r) {
			digits = append(digits, r)
		} else if !strings.ContainsRune(" ()+-./", r) {
			return v
		}
	}
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 10 {
		return v
	}
	return fmt.Sprintf("(%s) %s-%s", string(digits[:3]), string(digits[3:6]), string(digits[6:]))
}

// check says what is wrong with a rule as it was written.
func (a Automation) check() error {
	switch {
	case !slices.Contains(crm.Systems, a.System):
		return crm.WithHint(fmt.Errorf("system is %q", a.System), "write one of: %s", join(crm.Systems))
	case a.Object == "" || a.Set == "":
		return crm.WithHint(fmt.Errorf("a rule without object and set"), "object is whose records are rewritten, set the field of theirs")
	case a.Format != "" && formats[a.Format] == nil:
		return crm.WithHint(fmt.Errorf("no format %q", a.Format), "formats: lower, phone, trim, upper")
	case a.To != nil && (a.Copy != "" || a.Format != ""), a.To == nil && a.Copy == "" && a.Format == "":
		return crm.WithHint(fmt.Errorf("a rule sets %s to nothing, or to two things", a.Set), "write to, or copy, or format, or copy and format")
	}
	return nil
}

// apply is what the rule changes of a record that is saved; before is nil on create.
func (a Automation) apply(before, after map[string]string) (value string, changes bool) {
	if a.When != "" && before[a.When] == after[a.When] {
		return "", false
	}
	source := a.Copy
	if source == "" {
		source = a.Set
	}
	value = after[source]
	switch {
	case a.To != nil:
		value = *a.To
	case a.Format != "":
		value = formats[a.Format](value)
	}
	return value, value != after[a.Set]
}

// Validation is a rule that refuses to save a record whose field is blank, changed, or of a certain value.
// Salesforce alone has them.
type Validation struct {
	Object  string  `json:"object"`
	Field   string  `json:"field"`             // whose value is looked at, and that the message stands at
	Message string  `json:"message"`           // the administrator's words
	Blank   bool    `json:"blank,omitempty"`   // refuses a blank
	Changed bool    `json:"changed,omitempty"` // refuses another value than before
	Equals  *string `json:"equals,omitempty"`  // refuses this text
	Matches string  `json:"matches,omitempty"` // refuses what this regular expression finds something in

	pattern *regexp.Regexp
}

// prepare checks the rule as it was written.
func (v *Validation) prepare() (err error) {
	if v.Matches != "" {
		if v.pattern, err = regexp.Compile(v.Matches); err != nil {
			return crm.WithHint(fmt.Errorf("matches: %w", err), "write a regular expression of Go's kind")
		}
	}
	if v.Object == "" || v.Field == "" || v.Message == "" || !v.Blank && !v.Changed && v.Equals == nil && v.pattern == nil {
		return crm.WithHint(fmt.Errorf("a rule that refuses nothing"),
			`write {"object": "Contact", "field": "Phone", "message": "…"} and one of "blank": true, "changed": true, "equals": "…", "matches": "…"`)
	}
	return nil
}

// refuses is the rule as Salesforce's simulator takes it.
func (v *Validation) refuses(before, after map[string]string) (message, field string) {
	value := after[v.Field]
	if v.Blank && value == "" || v.Changed && before != nil && before[v.Field] != value ||
		v.Equals != nil && value == *v.Equals || v.pattern != nil && v.pattern.MatchString(value) {
		return v.Message, v.Field
	}
	return "", ""
}

// validator, flows and workflows are the simulators as rules need them.
type (
	validator interface {
		Validate(object string, rule func(before, after map[string]string) (message, field string)) error
	}
	flows interface {
		Automate(object string, flow func(before, after map[string]string) map[string]string) error
	}
	workflows interface {
		OnWrite(object string, workflow func(before, after map[string]string) map[string]string) error
	}
)

// rules are one CRM's automation and validation rules. They may change while requests run.
type rules struct {
	sim    simulator
	adding sync.Mutex // one rule is added at a time; the simulator is not asked under mu

	mu          sync.Mutex
	automation  []Automation
	validations []*Validation
	hooked      map[string]bool // "a Contact": the simulator asks us about the object
}

func newRules(sim simulator) *rules { return &rules{sim: sim, hooked: map[string]bool{}} }

// automate adds a rule.
func (r *rules) automate(a Automation) error {
	if err := a.check(); err != nil {
		return err
	}
	r.adding.Lock()
	defer r.adding.Unlock()
	r.mu.Lock()
	hooked := r.hooked["a "+a.Object]
	r.mu.Unlock()
	if !hooked {
		var err error
		switch sim := r.sim.(type) {
		case flows:
			err = sim.Automate(a.Object, r.run(a.Object))
		case workflows:
			err = sim.OnWrite(a.Object, r.run(a.Object))
		default:
			err = fmt.Errorf("%s has no automation", a.System)
		}
		if err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooked["a "+a.Object] = true
	r.automation = append(r.automation, a)
	return nil
}

// run applies an object's rules in the order they were added; each sees what those before it changed.
func (r *rules) run(object string) func(before, after map[string]string) map[string]string {
	return func(before, after map[string]string) map[string]string {
		r.mu.Lock()
		defer r.mu.Unlock()
		var changes map[string]string
		now := after
		for _, a := range r.automation {
			if a.Object != object {
				continue
			}
			value, changed := a.apply(before, now)
			if !changed {
				continue
			}
			if changes == nil {
				changes, now = map[string]string{}, maps.Clone(after)
			}
			changes[a.Set], now[a.Set] = value, value
		}
		return changes
	}
}

// validate adds a validation rule.
func (r *rules) validate(v *Validation) error {
	if err := v.prepare(); err != nil {
		return err
	}
	sim, can := r.sim.(validator)
	if !can {
		return lacks("validation rules")
	}
	r.adding.Lock()
	defer r.adding.Unlock()
	r.mu.Lock()
	hooked := r.hooked["v "+v.Object]
	r.mu.Unlock()
	if !hooked {
		if err := sim.Validate(v.Object, r.refuse(v.Object)); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooked["v "+v.Object] = true
	r.validations = append(r.validations, v)
	return nil
}

func (r *rules) refuse(object string) func(before, after map[string]string) (message, field string) {
	return func(before, after map[string]string) (message, field string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, v := range r.validations {
			if v.Object != object {
				continue
			}
			if message, field = v.refuses(before, after); message != "" {
				return message, field
			}
		}
		return "", ""
	}
}

// clear ends all rules that were added here.
func (r *rules) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.automation, r.validations = nil, nil
}

// list is every rule, in the order they were added.
func (r *rules) list() ([]Automation, []*Validation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Automation{}, r.automation...), append([]*Validation{}, r.validations...)
}

// lacks is the answer to an order that a CRM has no counterpart of.
func lacks(what string) error {
	return crm.WithHint(fmt.Errorf("this CRM has no %s", what), "ask the other one, or see `lockstep sandbox --help` for what is not simulated")
}
