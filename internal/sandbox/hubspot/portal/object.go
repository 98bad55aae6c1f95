package portal

import (
	"fmt"
	"slices"
	"strings"
)

// Object is one object type with its properties and records.
type Object struct {
	TypeID, Plural, Singular string
	CreatedName              string   // the property that holds the created stamp
	ModifiedName             string   // the property that holds the modified stamp
	Scope                    string   // the word in the scopes that govern the object: crm.objects.<Scope>.read
	Defaults                 []string // what a read returns when it names no properties, beside id and stamps
	Workflows                []Workflow
	Pipelines                []*Pipeline // in display order
	GonePipelines            []*Pipeline // deleted ones, which can be restored
	Groups                   []Group

	Schema       *Schema // of a custom object; nil for HubSpot's own
	kind         kind
	portal       *Portal
	props        []*Property          // by column number, archived ones too
	byName       map[string]*Property // live ones
	table        table
	history      map[int64][]event // by record id, oldest first
	restless     []restless        // records whose stamp moves by itself, soonest first
	requirements []Requirement
	merged       map[int64]int64   // ids that were merged away, to the ones they went to
	found        map[string]*Found // recent searches, dropped at every write
	lists        []*List           // of the object's records
}

// Workflow is automation: it gets a record before a write (nil on create) and after it, and returns what to set.
type Workflow func(before, after map[string]string) map[string]string

func newObject(p *Portal, k kind) *Object {
	return &Object{
		TypeID: k.typeID, Plural: k.plural, Singular: k.singular, CreatedName: k.created, ModifiedName: k.modified, Scope: k.scope,
		Defaults: k.defaults, kind: k, portal: p,
	}
}

// ready gives the object its properties. An object that nobody asked for has none and costs next to nothing.
func (o *Object) ready() *Object {
	if o.byName != nil {
		return o
	}
	var last *int64
	if o.kind.isEngagement() {
		last = &o.portal.lastEngagement
	}
	o.byName, o.history, o.table = map[string]*Property{}, map[int64][]event{}, newTable(last)
	properties, groups := defaultProperties(o.kind)
	o.Groups = groups
	for _, prop := range properties {
		o.add(prop)
	}
	for _, prop := range properties {
		prop.compute = o.computed(prop.Name)
	}
	o.Pipelines = o.defaultPipelines()
	if o.IsLifecycle() {
		o.byName["lifecyclestage"].choices = o.stageOptions
	}
	return o
}

// add gives a property its column.
func (o *Object) add(p *Property) *Property {
	p.col = uint16(len(o.props))
	o.props = append(o.props, p)
	o.byName[p.Name] = p
	if p.Unique || o.isEmail(p) {
		o.table.keys[p.col] = map[string]int64{}
	}
	return p
}

// isEmail marks the one property that is unique although its metadata does not say so.
func (o *Object) isEmail(p *Property) bool { return o.Plural == "contacts" && p.Name == "email" }

// Property finds a live property, nil when there is none.
func (o *Object) Property(name string) *Property { return o.byName[name] }

// Properties lists the live or the archived properties by name.
func (o *Object) Properties(archived bool) []*Property {
	var found []*Property
	for _, p := range o.props {
		if p.Archived == archived {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *Property) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// Group finds a live group.
func (o *Object) Group(name string) *Group {
	for i := range o.Groups {
		if o.Groups[i].Name == name && !o.Groups[i].Archived {
			return &o.Groups[i]
		}
	}
	return nil
}

// Define adds a property that the account did not have. The caller has checked the definition.
func (o *Object) Define(p Property) (*Property, error) {
	if o.byName[p.Name] != nil {
		return nil, fmt.Errorf("property %s.%s exists", o.Plural, p.Name)
	}
	p.CreatedAt = o.portal.Now().UTC()
	p.UpdatedAt = p.CreatedAt
	o.changed()
	return o.add(&p), nil
}

// Archive takes a property out of use. Its values stay in the rows, unseen.
func (o *Object) Archive(p *Property) {
	p.Archived, p.UpdatedAt = true, o.portal.Now().UTC()
	delete(o.byName, p.Name)
	delete(o.table.keys, p.col)
	o.changed()
}

// changed forgets what recent searches found, and leaves the lists with something to take in.
func (o *Object) changed() {
	o.found = nil
	o.unsettle()
}
