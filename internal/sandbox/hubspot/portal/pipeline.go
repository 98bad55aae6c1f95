package portal

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Pipeline is the order of stages that records of an object pass through.
type Pipeline struct {
	ID, Label            string
	DisplayOrder         int
	Stages               []*Stage // in display order
	CreatedAt, UpdatedAt time.Time
	Audit                []Audited
	Gone                 []*Stage // deleted ones, which can be restored
}

// Stage is one step of a pipeline. Metadata is text through and through: "true", "0.2".
type Stage struct {
	ID, Label            string
	DisplayOrder         int
	Metadata             map[string]string
	CreatedAt, UpdatedAt time.Time
	Audit                []Audited
}

// Audited is one change of a pipeline or stage.
type Audited struct {
	Action string // CREATE, UPDATE, DELETE
	At     time.Time
	By     int64
}

// sketch is a default pipeline in short: per stage the id, the label and what of the metadata is not implied.
type sketch struct {
	id, label string
	stages    [][3]string
}

// sketches are the pipelines of a new account. Ids of deals, tickets, leads and lifecycle stages are HubSpot's; those of the
// other objects follow the leads' pattern, since no source gives them.
var sketches = map[string]sketch{
	"deals": {"default", "Sales Pipeline", [][3]string{
		{"appointmentscheduled", "Appointment Scheduled", "0.2"}, {"qualifiedtobuy", "Qualified To Buy", "0.4"},
		{"presentationscheduled", "Presentation Scheduled", "0.6"}, {"decisionmakerboughtin", "Decision Maker Bought-In", "0.8"},
		{"contractsent", "Contract Sent", "0.9"}, {"closedwon", "Closed Won", "1.0"}, {"closedlost", "Closed Lost", "0.0"},
	}},
	"tickets": {"0", "Support Pipeline", [][3]string{
		{"1", "New", "OPEN"}, {"2", "Waiting on contact", "OPEN"}, {"3", "Waiting on us", "OPEN"}, {"4", "Closed", "CLOSED"},
	}},
	"leads": {"lead-pipeline-id", "Lead Pipeline", [][3]string{
		{"new-stage-id", "New", "NEW"}, {"attempting-stage-id", "Attempting", "IN_PROGRESS"}, {"connected-stage-id", "Connected", "IN_PROGRESS"},
		{"qualified-stage-id", "Qualified", "QUALIFIED"}, {"unqualified-stage-id", "Unqualified", "UNQUALIFIED"},
	}},
	"tasks":        {"task-pipeline-id", "Task Pipeline", [][3]string{{"task-open-id", "Open", ""}, {"task-done-id", "Done", "CLOSED"}}},
	"orders":       {"order-pipeline-id", "Order Pipeline", [][3]string{{"order-open-id", "Open", ""}, {"order-processed-id", "Processed", ""}, {"order-shipped-id", "Shipped", ""}, {"order-delivered-id", "Delivered", "CLOSED"}}},
	"services":     {"service-pipeline-id", "Service Pipeline", [][3]string{{"service-new-id", "New", ""}, {"service-progress-id", "In progress", ""}, {"service-closed-id", "Closed", "CLOSED"}}},
	"courses":      {"course-pipeline-id", "Course Pipeline", [][3]string{{"course-planned-id", "Planned", ""}, {"course-done-id", "Done", "CLOSED"}}},
	"listings":     {"listing-pipeline-id", "Listing Pipeline", [][3]string{{"listing-active-id", "Active", ""}, {"listing-sold-id", "Sold", "CLOSED"}}},
	"appointments": {"appointment-pipeline-id", "Appointment Pipeline", [][3]string{{"appointment-booked-id", "Booked", ""}, {"appointment-done-id", "Done", "CLOSED"}}},
	"projects":     {"project-pipeline-id", "Project Pipeline", [][3]string{{"project-open-id", "Open", ""}, {"project-done-id", "Done", "CLOSED"}}},
}

// lifecycle is the pipeline of contacts and, under another id, of companies.
var lifecycle = sketch{"-lifecycle-pipeline", "Lifecycle Stage Pipeline", [][3]string{
	{"subscriber", "Subscriber", "OPEN"}, {"lead", "Lead", "OPEN"}, {"marketingqualifiedlead", "Marketing Qualified Lead", "OPEN"},
	{"salesqualifiedlead", "Sales Qualified Lead", "OPEN"}, {"opportunity", "Opportunity", "OPEN"}, {"customer", "Customer", "OPEN"},
	{"evangelist", "Evangelist", "OPEN"}, {"other", "Other", "CLOSED"},
}}

// epoch is when HubSpot says its own pipelines were made.
var epoch = time.Unix(0, 0).UTC()

// defaultPipelines are an object's pipelines in a new account.
func (o *Object) defaultPipelines() []*Pipeline {
	s, has := sketches[o.Plural]
	if o.IsLifecycle() {
		s, has = lifecycle, true
		s.id = o.Plural + s.id
	}
	if !has {
		return nil
	}
	p := &Pipeline{ID: s.id, Label: s.label, CreatedAt: epoch, UpdatedAt: epoch}
	for i, st := range s.stages {
		metadata, _ := o.StageMetadata(map[string]string{o.stateName(): st[2]})
		p.Stages = append(p.Stages, &Stage{ID: st[0], Label: st[1], DisplayOrder: i, Metadata: metadata, CreatedAt: epoch, UpdatedAt: epoch})
	}
	return []*Pipeline{p}
}

// AddPipeline adds a pipeline; each stage is its id and the state of its metadata, as in signed:1.0.
func (o *Object) AddPipeline(id string, stages []string) error {
	if !o.HasPipelines() || o.IsLifecycle() {
		return fmt.Errorf("%s have no pipelines", o.Plural)
	}
	at := o.portal.Now()
	p := &Pipeline{ID: id, Label: id, DisplayOrder: len(o.Pipelines), CreatedAt: at, UpdatedAt: at}
	for i, stage := range stages {
		name, state, _ := strings.Cut(stage, ":")
		metadata, err := o.StageMetadata(map[string]string{o.stateName(): state})
		if err != nil {
			return err
		}
		p.Stages = append(p.Stages, &Stage{ID: name, Label: name, DisplayOrder: i, Metadata: metadata, CreatedAt: at, UpdatedAt: at})
	}
	o.Pipelines = append(o.Pipelines, p)
	return nil
}

// HasPipelines says whether the object's records stand in pipelines.
func (o *Object) HasPipelines() bool { return o.kind.stage != "" }

// IsLifecycle says whether the object's only pipeline is that of lifecycle stages.
func (o *Object) IsLifecycle() bool { return o.kind.stage == "lifecyclestage" }

// stateName is the metadata that decides what a stage means.
func (o *Object) stateName() string {
	switch o.Plural {
	case "deals":
		return "probability"
	case "tickets":
		return "ticketState"
	case "leads":
		return "leadState"
	}
	return "state"
}

// StageMetadata completes a stage's metadata as the object has it; the error says what is wrong with it.
func (o *Object) StageMetadata(given map[string]string) (map[string]string, error) {
	name := o.stateName()
	state := given[name]
	for other := range given {
		if other != name && other != "isClosed" {
			return nil, fmt.Errorf("stages of %s have no metadata %s", o.Plural, other)
		}
	}
	closed := false
	switch name {
	case "probability":
		n, err := strconv.ParseFloat(state, 64)
		if err != nil || n < 0 || n > 1 {
			return nil, fmt.Errorf("metadata probability must be a number between 0.0 and 1.0")
		}
		closed = n == 0 || n == 1
		state = strconv.FormatFloat(n, 'f', -1, 64)
		if !strings.Contains(state, ".") {
			state += ".0"
		}
	case "leadState":
		if state == "" {
			state = "IN_PROGRESS"
		}
		if !slices.Contains([]string{"NEW", "IN_PROGRESS", "QUALIFIED", "UNQUALIFIED"}, state) {
			return nil, fmt.Errorf("metadata leadState must be one of NEW, IN_PROGRESS, QUALIFIED, UNQUALIFIED")
		}
		closed = state == "QUALIFIED" || state == "UNQUALIFIED"
	default:
		if state == "" {
			state = "OPEN"
		}
		if state != "OPEN" && state != "CLOSED" {
			return nil, fmt.Errorf("metadata %s must be OPEN or CLOSED", name)
		}
		closed = state == "CLOSED"
	}
	return map[string]string{"isClosed": strconv.FormatBool(closed), name: state}, nil
}

// MaxStages is how many stages a pipeline of the object may have.
func (o *Object) MaxStages() int {
	switch {
	case o.Plural == "deals", o.Plural == "tickets", o.IsCustom():
		return 100
	}
	return 30
}

// Pipeline finds a pipeline by id.
func (o *Object) Pipeline(id string) *Pipeline {
	for _, p := range o.Pipelines {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Stage finds a stage by id.
func (p *Pipeline) Stage(id string) *Stage {
	for _, s := range p.Stages {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// stageNamed finds a stage in any pipeline: their ids are unique across all of an object.
func (o *Object) stageNamed(id string) *Stage {
	for _, p := range o.Pipelines {
		if s := p.Stage(id); s != nil {
			return s
		}
	}
	return nil
}

// SortPipelines puts an object's pipelines, or a pipeline's stages, into display order, those of one place by label.
func (o *Object) SortPipelines() {
	slices.SortStableFunc(o.Pipelines, func(a, b *Pipeline) int {
		return cmp.Or(cmp.Compare(a.DisplayOrder, b.DisplayOrder), strings.Compare(a.Label, b.Label))
	})
	for _, p := range o.Pipelines {
		slices.SortStableFunc(p.Stages, func(a, b *Stage) int {
			return cmp.Or(cmp.Compare(a.DisplayOrder, b.DisplayOrder), strings.Compare(a.Label, b.Label))
		})
	}
	o.changed()
}

// FreshStageID numbers a pipeline or stage that the account makes itself.
func (p *Portal) FreshStageID() string {
	p.lastStage++
	return strconv.FormatInt(51_439_523+p.lastStage, 10)
}

// InStages lists up to 100 live records that stand in one of the stages.
func (o *Object) InStages(stages []string) []int64 {
	col := o.byName[o.kind.stage].col
	var ids []int64
	for _, r := range o.table.sorted() {
		if r.archived == 0 && slices.Contains(stages, r.values.get(col)) {
			if ids = append(ids, r.id); len(ids) == 100 {
				break
			}
		}
	}
	return ids
}

// stageOptions are the stages of all pipelines as options.
func (o *Object) stageOptions() []Option {
	var options []Option
	for _, p := range o.Pipelines {
		for i, s := range p.Stages {
			options = append(options, Option{Value: s.ID, Label: s.Label, DisplayOrder: i})
		}
	}
	return options
}

// place puts a record into a pipeline: the stage must be one of its pipeline's, and without a pipeline the first is meant.
func (d *draft) place() error {
	o := d.object
	pipeline, stage := o.kind.pipeline, o.kind.stage
	if stage == "" || o.IsLifecycle() || !d.creating() && !d.changed(pipeline, stage) || len(o.Pipelines) == 0 && !d.changed(pipeline, stage) {
		return nil
	}
	if o.Plural == "tasks" && !d.changed(pipeline, stage) {
		return nil // tasks stand in a pipeline of HubSpot's own, shown for some of them only
	}
	at := d.value(pipeline)
	if at == "" && len(o.Pipelines) > 0 {
		at = o.Pipelines[0].ID
		d.fill(pipeline, at)
	}
	p := o.Pipeline(at)
	if p == nil {
		return d.refuse(pipeline, at, ids(o.Pipelines, func(p *Pipeline) string { return p.ID }))
	}
	step := d.value(stage)
	if step == "" && len(p.Stages) > 0 && !d.changed(stage) {
		step = p.Stages[0].ID
		d.fill(stage, step)
	}
	if p.Stage(step) == nil {
		return d.refuse(stage, step, ids(p.Stages, func(s *Stage) string { return s.ID }))
	}
	return nil
}

func (d *draft) refuse(name, value string, allowed []string) error {
	return Invalid{{
		Code: "INVALID_OPTION", Name: name,
		Message: fmt.Sprintf("%s was not one of the allowed options: [%s]", value, strings.Join(allowed, ", ")),
	}}
}

func ids[T any](all []T, id func(T) string) []string {
	var out []string
	for _, x := range all {
		out = append(out, id(x))
	}
	return out
}
