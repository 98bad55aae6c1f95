package portal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Write is a set of checked changes that take effect together or not at all. Nothing changes before Commit.
type Write struct {
	object *Object
	source Source
	own    bool // HubSpot's: it sets what nobody else may
	human  bool // in the user interface: the lifecycle stage may go back
	Admin  bool // the admins' rules on required properties hold
	staged []staged
	claims map[claim]int64 // unique values the staged records take (by id) or give up (0)
}

type claim struct {
	col uint16
	key string
}

// staged is one record's change.
type staged struct {
	before  row // zero id on create
	id      int64
	changes []cell // in column order
	created int64  // the created stamp the caller sets, 0 for none
}

// effective says whether anything changes.
func (s staged) effective() bool { return s.before.id == 0 || len(s.changes) > 0 || s.created != 0 }

// Begin starts a write by an integration or another program.
func (o *Object) Begin(by Source) *Write {
	return &Write{object: o, source: by, claims: map[claim]int64{}}
}

// BeginHuman starts a write by a person in HubSpot's user interface.
func (o *Object) BeginHuman(userID int64, id string) *Write {
	w := o.Begin(Source{Type: "CRM_UI", ID: id, UserID: userID})
	w.human = true
	return w
}

// BeginOwn starts a write by HubSpot, of what it saw itself: a form that was sent in, a page, a click.
func (o *Object) BeginOwn() *Write {
	w := o.Begin(Source{Type: "ANALYTICS", ID: "ContactAnalyticsDetailsUpdateWorker"})
	w.own = true
	return w
}

// Create stages a new record. The errors are Invalid, Conflict, Taken, Incomplete and Uncreatable; the write stays usable without the record.
func (w *Write) Create(values map[string]string) error {
	o := w.object
	id := o.table.freshID()
	if o.kind.fixed {
		return Uncreatable{o.Plural}
	}
	if missing := o.kind.missing(values); missing != nil {
		return Incomplete{missing}
	}
	d := &draft{object: o, write: w, id: id}
	if err := d.check(values); err != nil {
		return err
	}
	if !w.human {
		d.withDefaults()
	}
	return w.finish(d)
}

// Update stages changes of a live record. The errors are Gone, Invalid, Conflict, Taken and Backward.
func (w *Write) Update(id int64, values map[string]string) error {
	before, ok := w.object.table.get(id)
	if !ok || before.archived != 0 {
		return Gone{id}
	}
	d := &draft{object: w.object, write: w, id: id, before: before}
	if err := d.check(values); err != nil {
		return err
	}
	return w.finish(d)
}

// finish adds what follows from a checked draft and stages it.
func (w *Write) finish(d *draft) error {
	if err := d.consequences(); err != nil {
		return err
	}
	if w.Admin {
		if missing := d.required(); missing != nil {
			return Incomplete{missing}
		}
	}
	w.stage(staged{before: d.before, id: d.id, changes: d.changes, created: d.created})
	return nil
}

// check turns values as sent into changes against the row: what equals the row already is no change.
func (d *draft) check(values map[string]string) error {
	o, w := d.object, d.write
	var problems Invalid
	for name, sent := range values {
		p := o.byName[name]
		switch {
		case p == nil:
			problems = append(problems, Problem{"PROPERTY_DOESNT_EXIST", name, `Property "` + name + `" does not exist`})
			continue
		case p.Calculated && !w.own:
			problems = append(problems, Problem{"READ_ONLY_VALUE", name, `"` + name + `" is a calculated property; its value cannot be set.`})
			continue
		case p.ReadOnlyValue && !w.own:
			problems = append(problems, Problem{"READ_ONLY_VALUE", name, `"` + name + `" is a read only property; its value cannot be set.`})
			continue
		}
		old := d.before.values.get(p.col)
		if name == o.CreatedName && !d.creating() {
			old = Instant(d.before.created)
		}
		value, problem := o.canonical(p, sent, old)
		if problem == nil && len(p.Validations) > 0 && value != old {
			value, problem = p.obey(value, o.portal.Now())
		}
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		if value == old {
			continue
		}
		if name == "lifecyclestage" && !w.human && isBackward(p, old, value) {
			if o.portal.Rules.RefuseBackwardStage {
				return Backward{old, value}
			}
			continue
		}
		if name == o.CreatedName {
			d.created, _ = ParseInstant(value)
			continue
		}
		d.changes = append(d.changes, cell{p.col, value})
	}
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Name, b.Name) })
		return problems
	}
	sortCells(d.changes)
	return w.unique(d.id, d.changes)
}

// unique refuses values that another record holds, in the portal or earlier in this write.
func (w *Write) unique(id int64, changes []cell) error {
	o := w.object
	for _, c := range changes {
		p := o.props[c.col]
		if _, has := o.table.keys[c.col]; !has || c.value == "" {
			continue
		}
		holder, staged := w.claims[claim{c.col, o.key(p, c.value)}]
		if !staged {
			holder, _ = o.holder(p, c.value)
		}
		if holder == 0 || holder == id {
			continue
		}
		if o.isEmail(p) {
			return Conflict{Existing: holder}
		}
		return Taken{Property: p.Name, Value: c.value, Record: id, Owner: holder}
	}
	return nil
}

func (w *Write) stage(s staged) {
	o := w.object
	for _, c := range s.changes {
		if _, has := o.table.keys[c.col]; !has {
			continue
		}
		p := o.props[c.col]
		if old := s.before.values.get(c.col); old != "" {
			w.claims[claim{c.col, o.key(p, old)}] = 0
		}
		if c.value != "" {
			w.claims[claim{c.col, o.key(p, c.value)}] = s.id
		}
	}
	w.staged = append(w.staged, s)
}

// Commit carries out what is staged and returns the records as written, in the order staged. Workflows run after that:
// what they change is not in the returned records, as it is not in HubSpot's answer.
func (w *Write) Commit() []Record {
	var written []Record
	for _, s := range w.staged {
		written = append(written, Record{w.object, w.object.apply(s, w.source)})
	}
	for i, s := range w.staged {
		if s.before.id == 0 {
			w.object.agitate(s.id)
		}
		if s.effective() {
			w.object.automate(s.before, written[i].row)
		}
	}
	return written
}

// apply stores one record's new version. Nothing to change moves no stamp.
func (o *Object) apply(s staged, by Source) row {
	if !s.effective() {
		return s.before
	}
	now := o.portal.ms()
	next := s.before
	next.written = now
	next.modified = max(now, s.before.modified+1) // an effective write always moves the stamp
	if s.before.id == 0 {
		next.id, next.created, next.modified = s.id, now, now
		next.source = o.portal.source(by)
	} else {
		o.remember(s, next.modified, by)
	}
	if s.created != 0 {
		next.created = s.created
	}
	next.values = s.before.values.with(s.changes)
	o.store(next)
	o.follow(next, s.changes)
	return next
}

// automate runs the workflows after a write.
func (o *Object) automate(before, after row) {
	for i, workflow := range o.Workflows {
		current, ok := o.table.get(after.id)
		if !ok || current.archived != 0 {
			return
		}
		var was map[string]string
		if before.id != 0 {
			was = Record{o, before}.Map()
		}
		set := workflow(was, Record{o, current}.Map())
		if len(set) == 0 {
			continue
		}
		w := o.Begin(Source{Type: "AUTOMATION_PLATFORM", ID: fmt.Sprintf("workflow:%d", i+1), Label: "Workflow"})
		if err := w.Update(after.id, set); err != nil {
			continue // HubSpot logs a failed action in the workflow's history; the record stays as it is
		}
		o.apply(w.staged[0], w.source)
	}
}

// isBackward says whether a lifecycle stage would go to an earlier one. A blank stage may become any.
func isBackward(p *Property, from, to string) bool {
	if from == "" || to == "" {
		return false
	}
	old, ok := p.option(from)
	next, ok2 := p.option(to)
	return ok && ok2 && next.DisplayOrder < old.DisplayOrder
}

func sortCells(cells []cell) {
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.col, b.col) })
}
