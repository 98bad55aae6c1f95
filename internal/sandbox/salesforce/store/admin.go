package store

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var columnForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,79}$`)

// Insert stores a record as it stands: no rule is asked. Id and stamps are honoured when given; a column that
// the metadata lacks becomes a custom text column that everyone sees; computed columns are ignored.
func (org *Org) Insert(object string, values map[string]string) (ID, error) {
	o := org.Object(object)
	if o == nil {
		return ID{}, fmt.Errorf("the simulated org has no object %q", object)
	}
	now := timeValue(org.Now().Unix())
	next := make(map[*Field]Value, len(values)+len(o.defaulted)+5)
	id := ID{}
	names := slices.AppendSeq(make([]string, 0, len(values)), maps.Keys(values)) // a million times over: nothing grows
	slices.Sort(names)
	for _, name := range names {
		f := o.Field(name)
		if f == nil {
			if !columnForm.MatchString(name) {
				return ID{}, fmt.Errorf("%s: %q cannot be the name of a field", o.Name, name)
			}
			f = &Field{Name: name, Label: strings.ReplaceAll(strings.TrimSuffix(name, "__c"), "_", " "), Type: "string", Length: 255,
				Createable: true, Updateable: true, Nillable: true, Custom: true}
			o.add(f)
			org.mirrorCustom(f)
			o.Changed = org.Now().Unix()
		}
		v, err := parse(f, values[name])
		if err != nil {
			return ID{}, fmt.Errorf("%s.%s: %q is not a %s", o.Name, f.Name, values[name], f.Type)
		}
		if f.kind() == Ref && !v.IsNull() && v.id == (ID{}) {
			return ID{}, fmt.Errorf("%s.%s: %q is not a record id", o.Name, f.Name, values[name])
		}
		switch {
		case f.Type == "id":
			id = v.id
		case !f.computed():
			next[f] = v
		}
	}
	if id == (ID{}) {
		id = o.freshID()
	}
	if id.Prefix() != o.Prefix {
		return ID{}, fmt.Errorf("%s: ids begin with %s, not as %s does", o.Name, o.Prefix, id)
	}
	if _, taken := o.row(id); taken {
		return ID{}, fmt.Errorf("%s: there is a record %s already", o.Name, id)
	}
	modified := now
	var given map[*Field]Value
	if o.nature.derive != nil {
		given = maps.Clone(next)
	}
	for _, name := range []string{"CreatedDate", "LastModifiedDate", "SystemModstamp"} {
		if v := next[o.Field(name)]; !v.IsNull() {
			modified = v
		}
	}
	for name, fallback := range map[string]Value{
		"CreatedDate": modified, "LastModifiedDate": modified, "SystemModstamp": modified,
		"CreatedById": refValue(org.Human), "LastModifiedById": refValue(org.Human),
	} {
		if f := o.Field(name); f != nil && next[f].IsNull() {
			next[f] = fallback
		}
	}
	t := &Tx{Org: org, User: org.Human, now: modified.n}
	t.defaults(o, next)
	if o.nature.derive != nil {
		c := &change{Tx: t, object: o, row: -1, create: true, next: maps.Clone(next), sent: map[*Field]bool{}}
		for _, name := range names {
			c.sent[o.Field(name)] = true
		}
		o.nature.derive(c)
		maps.Copy(c.next, given)
		next = c.next
	}
	if org.places != nil { // a text that is listed gets its code, and the other way round; what is not listed stays
		c := &change{Tx: t, object: o, row: -1, create: true, next: next}
		_ = c.place()
	}
	person := org.persons != nil && o.Name == "Account" && t.insertedPerson(next)
	row := o.newRow(id)
	for f, v := range next {
		o.set(row, f, v)
	}
	t.number(o, row)
	if person {
		t.makePersonContact(row, next[o.Field("PersonContactId")].id)
	}
	if strings.EqualFold(values["IsDeleted"], "true") {
		o.move(row, deleted)
		o.log(deletion{at: o.deletedAt(row, modified.n), row: row})
	}
	return id, nil
}

// Edit saves changes as the human user.
func (org *Org) Edit(o *Object, id string, values map[string]string) error {
	t := org.Begin(org.Human)
	body := map[string]any{}
	for name, v := range values {
		body[name] = v
	}
	d, errs := t.Read(o, body)
	if errs == nil {
		d.ID = id
		_, errs = t.Update(d)
	}
	if errs != nil {
		return errs
	}
	return nil
}

// Delete puts a record into the recycle bin as the human user.
func (org *Org) Delete(o *Object, id string) error {
	if errs := org.Begin(org.Human).Delete(o, id); errs != nil {
		return errs
	}
	return nil
}

// deletedAt is when a record that is inserted as a deleted one was deleted: when it was changed last.
func (o *Object) deletedAt(row int32, fallback int64) int64 {
	if o.stamp == nil {
		return fallback
	}
	return o.stamp.values.get(row).n
}

// Background changes a record as the system does, for no user: no rule is asked, and SystemModstamp alone moves.
// Without values it moves all the same.
func (org *Org) Background(o *Object, id string, values map[string]string) error {
	t := org.Begin(org.Human)
	row, errs := t.target(o, id)
	if errs != nil {
		return errs
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := o.Field(name)
		if f == nil || f.computed() {
			return fmt.Errorf("%s has no field %s to change", o.Name, name)
		}
		v, err := parse(f, values[name])
		if err != nil {
			t.Rollback(0)
			return fmt.Errorf("%s.%s: %q is not a %s", o.Name, f.Name, values[name], f.Type)
		}
		t.set(o, row, f, v)
	}
	t.stir(o, row)
	return nil
}
