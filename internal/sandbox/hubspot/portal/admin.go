package portal

import (
	"fmt"
	"slices"
	"strconv"
)

// Insert takes a record as it stands, with no check of its values. A name that is no property becomes a custom text property.
// hs_object_id (or id), createdate and the modified stamp are honoured; archived "true" makes an archived record.
func (o *Object) Insert(values map[string]string) (int64, error) {
	now := o.portal.ms()
	r := row{created: now, modified: now, written: now, source: o.portal.source(Source{Type: "IMPORT", ID: "1", Label: "Import"})}
	var cells []cell
	var stamped, made bool
	for name, v := range values {
		var err error
		switch {
		case v == "":
			err = o.column(name)
		case name == "hs_object_id" || name == "id":
			r.id, err = strconv.ParseInt(v, 10, 64)
			if err == nil && r.id <= 0 {
				err = fmt.Errorf("id %s is not positive", v)
			}
		case name == "createdate" || name == "hs_createdate":
			r.created, err = instantOf(name, v)
			made = true
		case name == "lastmodifieddate" || name == "hs_lastmodifieddate":
			r.modified, err = instantOf(name, v)
			stamped = true
		case name == "archived" || name == "archivedAt":
			if name == "archived" && v == "true" {
				r.archived = now
			}
		default:
			err = o.column(name)
			if err == nil {
				cells = append(cells, cell{o.byName[name].col, v})
			}
		}
		if err != nil {
			return 0, err
		}
	}
	switch {
	case stamped && !made:
		r.created = r.modified
	case made && !stamped:
		r.modified = r.created
	}
	r.written = min(r.modified, now)
	if r.id == 0 {
		r.id = o.table.freshID()
	}
	if _, exists := o.table.get(r.id); exists {
		return 0, fmt.Errorf("%s %d exists", o.Plural, r.id)
	}
	sortCells(cells)
	r.values = packed("").with(cells)
	o.store(r)
	if r.archived == 0 {
		o.follow(r, cells)
	}
	return r.id, nil
}

// column makes sure that a property exists.
func (o *Object) column(name string) error {
	switch name {
	case "hs_object_id", "id", "createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate", "archived", "archivedAt":
		return nil
	}
	if o.byName[name] != nil {
		return nil
	}
	if !NameShape.MatchString(name) {
		return fmt.Errorf("column %q of %s cannot be a HubSpot property: want lower-case letters, digits and _", name, o.Plural)
	}
	_, err := o.Define(Property{
		Name: name, Label: name, Type: "string", FieldType: "text", Group: o.Groups[0].Name, DisplayOrder: -1, FormField: true,
	})
	return err
}

func instantOf(name, value string) (int64, error) {
	ms, ok := ParseInstant(value)
	if !ok {
		return 0, fmt.Errorf("%s %q is not an instant", name, value)
	}
	return ms, nil
}

// Delete archives a live record.
func (o *Object) Delete(id int64) error {
	r, ok := o.table.get(id)
	if !ok || r.archived != 0 {
		return Gone{id}
	}
	now := o.portal.ms()
	r.archived, r.written, r.modified = now, now, max(now, r.modified+1)
	o.store(r)
	o.portal.dropAssociations(o, id)
	o.dropMember(id)
	return nil
}

// Touch moves a live record's modified stamp and nothing else, as HubSpot's calculated properties do.
func (o *Object) Touch(id int64) error {
	r, ok := o.table.get(id)
	if !ok || r.archived != 0 {
		return Gone{id}
	}
	r.written = o.portal.ms()
	r.modified = max(r.written, r.modified+1)
	o.store(r)
	return nil
}

// Get finds a record by id, live or archived as asked.
func (o *Object) Get(id int64, archived bool) (Record, bool) {
	r, ok := o.table.get(id)
	return Record{o, r}, ok && o.shown(r, archived)
}

// shown says whether a row is live, or archived and to be seen still, as asked.
func (o *Object) shown(r row, archived bool) bool {
	if archived {
		return o.tombstone(r)
	}
	return r.archived == 0
}

// ByKey finds the live record that holds a value of the e-mail address or of a property with unique values.
func (o *Object) ByKey(p *Property, value string) (Record, bool) {
	id, ok := o.holder(p, value)
	if !ok {
		return Record{}, false
	}
	return o.Get(id, false)
}

// IsKey says whether records can be found by a property.
func (o *Object) IsKey(p *Property) bool { return p.Unique || o.isEmail(p) }

// Page lists up to limit records with ids of at least after, and the id where the next page starts, 0 when this is the last.
func (o *Object) Page(after int64, limit int, archived bool) ([]Record, int64) {
	if archived && o.table.archived == 0 {
		return nil, 0
	}
	var page []Record
	rows := o.table.sorted()
	for i := o.table.from(after); i < len(rows); i++ {
		if !o.shown(rows[i], archived) {
			continue
		}
		if len(page) == limit {
			return page, page[limit-1].row.id + 1
		}
		page = append(page, Record{o, rows[i]})
	}
	return page, 0
}

// All lists every live record in id order.
func (o *Object) All() []Record {
	page, _ := o.Page(0, max(1, len(o.table.rows)), false)
	return slices.Clip(page)
}
