package store

import (
	"errors"
	"fmt"
	"maps"
)

// Flow is a before-save automation: it gets the record before (nil on create) and as it is about to be
// saved, and returns what it changes.
type Flow func(before, after map[string]string) map[string]string

// Rule is a validation rule: it returns the message, and the field it stands at (or ""); "" accepts.
type Rule func(before, after map[string]string) (message, field string)

// AfterSave is automation that runs once a record is stored, in its transaction: it gets the record before
// (nil on create) and as stored, and returns what it wants saved in consequence. An error fails the save.
type AfterSave func(before, after map[string]string) ([]Save, error)

// Save is one record that automation wants saved.
type Save struct {
	Object string
	ID     string // empty: a new record
	Values map[string]string
}

// Event is a moment of a save at which triggers run: BeforeInsert, BeforeUpdate, AfterInsert, AfterUpdate,
// BeforeDelete or AfterDelete.
type Event string

// Trigger is code that looks at every save; an error refuses it. before is nil on insert, after on delete.
type Trigger func(event Event, before, after map[string]string) error

type trigger struct {
	name string
	run  Trigger
}

// maxDepth is how many saves deep automation may go.
const maxDepth = 16

// Automate registers a flow.
func (org *Org) Automate(o *Object, f Flow) { org.flows[o] = append(org.flows[o], f) }

// AfterSave registers automation that changes other records.
func (org *Org) AfterSave(o *Object, f AfterSave) { org.afterSaves[o] = append(org.afterSaves[o], f) }

// Trigger registers a trigger under a name.
func (org *Org) Trigger(o *Object, name string, run Trigger) {
	org.triggers[o] = append(org.triggers[o], trigger{name, run})
}

// Validate registers a validation rule.
func (org *Org) Validate(o *Object, r Rule) { org.rules[o] = append(org.rules[o], r) }

// flowFailed is how a save ends whose flow did not.
func flowFailed(why string) Errors {
	return Errors{refuse("CANNOT_EXECUTE_FLOW_TRIGGER", []string{},
		"We can't save this record because a flow failed. Give your Salesforce admin these details. This error occurred when the flow tried to update records: %s.", why)}
}

// flow runs the before-save flows over the values.
func (c *change) flow() Errors {
	for _, flow := range c.Org.flows[c.object] {
		changes := flow(c.before, c.preview())
		for name, text := range changes {
			f := c.object.Field(name)
			if f == nil || f.computed() {
				return flowFailed("No such column '" + name + "' on entity '" + c.object.Name + "'")
			}
			v, err := parse(f, text)
			if err != nil {
				return flowFailed("INVALID_TYPE_ON_FIELD_IN_RECORD: " + f.Label + ": value not of required type: " + text)
			}
			c.next[f] = v
		}
	}
	return nil
}

// rule runs the validation rules; each may add an error.
func (c *change) rule() Errors {
	rules := c.Org.rules[c.object]
	if len(rules) == 0 {
		return nil
	}
	var errs Errors
	after := c.preview()
	for _, rule := range rules {
		if message, field := rule(c.before, maps.Clone(after)); message != "" {
			fields := []string{}
			if field != "" {
				fields = []string{field}
			}
			errs = append(errs, Error{Code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message: message, Fields: fields})
		}
	}
	return errs
}

// fire runs the triggers of a moment, Before or After.
func (c *change) fire(moment string) Errors {
	event := Event(moment + "Update")
	if c.create {
		event = Event(moment + "Insert")
	}
	triggers := c.Org.triggers[c.object]
	if len(triggers) == 0 {
		return nil
	}
	after := c.preview()
	if moment == "After" {
		after = c.object.texts(c.row)
	}
	return fire(triggers, event, c.before, after)
}

func fire(triggers []trigger, event Event, before, after map[string]string) Errors {
	for _, x := range triggers {
		if err := x.run(event, maps.Clone(before), maps.Clone(after)); err != nil {
			return Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{},
				"%s: execution of %s\n\ncaused by: %s\n\nTrigger.%s: line 1, column 1", x.name, event, err, x.name)}
		}
	}
	return nil
}

// afterSave runs the automation that changes other records, each save of which goes through all rules. A
// record whose automation is at work does not start it again.
func (c *change) afterSave() Errors {
	flows := c.Org.afterSaves[c.object]
	if len(flows) == 0 {
		return nil
	}
	already, done := c.inside(c.object.ids[c.row])
	if already {
		return nil
	}
	defer done()
	if c.depth++; c.depth > maxDepth {
		return Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{}, "maximum trigger depth exceeded")}
	}
	defer func() { c.depth-- }()
	after := c.object.texts(c.row)
	for _, flow := range flows {
		saves, err := flow(maps.Clone(c.before), maps.Clone(after))
		for _, s := range saves {
			if err == nil {
				err = c.automatic(s)
			}
		}
		if err != nil {
			return flowFailed(err.Error())
		}
	}
	return nil
}

// automatic saves what automation wants saved, as the user whose save started it but past what that user
// may not see.
func (t *Tx) automatic(s Save) error {
	o := t.Org.Object(s.Object)
	if o == nil {
		return fmt.Errorf("no object %s", s.Object)
	}
	d := Draft{Object: o, ID: s.ID, values: map[*Field]Value{}}
	for name, text := range s.Values {
		f := o.Field(name)
		if f == nil {
			return fmt.Errorf("no such column '%s' on entity '%s'", name, o.Name)
		}
		v, err := parse(f, text)
		if err != nil {
			return errors.New(err.Message)
		}
		d.values[f] = v
	}
	defer func(was bool) { t.system = was }(t.system)
	t.system = true
	save := t.Create
	if s.ID != "" {
		save = t.Update
	}
	if _, errs := save(d); errs != nil {
		return errs
	}
	return nil
}
