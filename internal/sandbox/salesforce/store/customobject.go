package store

import (
	"fmt"
	"slices"
	"strings"
)

// AddObject makes a custom object with the columns that all of them have. auto is the format of automatic names, as
// in "INV-{0000}"; empty: names are text that clients write. hidden keeps it from everyone whom ObjectPermissions do
// not show it.
func (org *Org) AddObject(name, label, plural, auto string, hidden bool) (*Object, error) {
	switch {
	case !columnForm.MatchString(name) || !strings.HasSuffix(name, "__c"):
		return nil, fmt.Errorf("%q cannot be the name of a custom object", name)
	case org.Object(name) != nil:
		return nil, fmt.Errorf("there is an object %s already", name)
	}
	o := &Object{
		Name: name, Label: label, Plural: plural, Changed: org.Now().Unix(), Custom: true, Governed: hidden, Layout: true,
		Prefix: org.customPrefix(), Createable: true, Updateable: true, Deletable: true,
		byName: map[string]*Field{}, relations: map[string]*Field{}, byID: map[ID]int32{},
	}
	naming := `Name string 80 cund "` + label + ` Name"`
	if auto != "" {
		naming = `Name string 80 dk "` + label + ` Number" "auto=` + auto + `"`
	}
	for _, line := range []string{
		`Id id 18 d "Record ID"`, `OwnerId reference 18 cud "Owner ID" to=Group,User rel=Owner`, `IsDeleted boolean - d "Deleted"`, naming, `audit`,
		`LastActivityDate date - n "Last Activity Date"`, `LastViewedDate datetime - n "Last Viewed Date"`, `LastReferencedDate datetime - n "Last Referenced Date"`,
	} {
		fields, err := readFields(split(line), nil)
		if err != nil {
			return nil, err
		}
		for _, f := range fields {
			o.add(f)
		}
	}
	org.enter(o)
	org.addCurrency(o)
	for _, activity := range []string{"Task", "Event"} {
		f := org.Object(activity).Field("WhatId")
		f.RefersTo = append(slices.Clone(f.RefersTo), name)
	}
	return o, nil
}

// customPrefix is the next prefix of custom objects: a00, a01 … a0Z, a10 …
func (org *Org) customPrefix() string {
	n := org.customs
	org.customs++
	return "a" + string(idAlphabet[n/36%36]) + string(idAlphabet[n%36])
}

// Calculate makes a field one that a formula computes on reading: nobody writes it, and no stamp moves when it
// changes.
func (f *Field) Calculate(formula string, compute func(record map[string]string) string) {
	f.Formula, f.formula = formula, compute
	f.Createable, f.Updateable, f.Nillable, f.Defaulted = false, false, true, false
}

// number gives a new row its automatic numbers.
func (t *Tx) number(o *Object, row int32) {
	for _, f := range o.automatic {
		if !f.values.get(row).IsNull() {
			continue // it was inserted with one
		}
		last := f.numbered
		f.numbered++
		t.later(func() { f.numbered = last })
		t.set(o, row, f, textValue(numberAs(f.AutoNumber, f.numbered)))
	}
}

// numberAs writes a number in a format: A-{0000} → A-0007.
func numberAs(format string, n int) string {
	before, rest, found := strings.Cut(format, "{")
	digits, after, _ := strings.Cut(rest, "}")
	if !found {
		return fmt.Sprint(format, n)
	}
	return fmt.Sprintf("%s%0*d%s", before, len(digits), n, after)
}
