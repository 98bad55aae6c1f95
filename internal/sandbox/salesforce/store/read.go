package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Draft is one record as a client sent it, read but not yet checked against the record it is meant for.
type Draft struct {
	Object  *Object
	ID      string // as sent; "" when absent
	values  map[*Field]Value
	parents []parent
}

// parent is a reference given by the other record's external id: "Account": {"HubSpot_Id__c": "9001"}.
type parent struct {
	field *Field // the reference to fill
	key   *Field // the column of the other object to look in
	value string
}

// Read turns a decoded JSON object (numbers as json.Number) into a draft. What it refuses, it refuses
// for the whole request, as the API does: the body could not be read.
func (t *Tx) Read(o *Object, body map[string]any) (Draft, Errors) {
	d := Draft{Object: o, values: map[*Field]Value{}}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		in := body[name]
		if strings.EqualFold(name, "attributes") {
			continue
		}
		if strings.EqualFold(name, "id") {
			d.ID, _ = in.(string)
			continue
		}
		if f := o.Field(name); f != nil && t.Org.Visible(t.User, f) {
			v, err := parse(f, in)
			if err != nil {
				err.Request, err.Member = true, name
				return d, Errors{*err}
			}
			d.values[f] = v
			continue
		}
		f := o.Relation(name)
		nested, isObject := in.(map[string]any)
		if f == nil || !isObject && in != nil || !t.Org.Visible(t.User, f) {
			e := refuse("INVALID_FIELD", nil, "No such column '%s' on sobject of type %s", name, o.Name)
			e.Request = true
			return d, Errors{e}
		}
		if in == nil { // "Account": null clears the reference
			d.values[f] = Value{}
		}
		if err := d.nested(t, f, nested); err != nil {
			err.Request = true
			return d, Errors{*err}
		}
	}
	return d, nil
}

// nested reads a reference given by the other record's external id. Where it may lead to several objects,
// attributes.type says to which.
func (d *Draft) nested(t *Tx, f *Field, in map[string]any) *Error {
	kind := ""
	for key, value := range in {
		if strings.EqualFold(key, "attributes") {
			attributes, _ := value.(map[string]any)
			kind, _ = attributes["type"].(string)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if strings.EqualFold(key, "attributes") {
			continue
		}
		if kind == "" && f.Polymorphic() {
			e := refuse("INVALID_FIELD", nil, "The relationship %s leads to several types: attributes must name the one that is meant", f.Relationship)
			return &e
		}
		if err := d.lookUp(t, f, kind, key, fmt.Sprint(in[key])); err != nil {
			return err
		}
	}
	return nil
}

// ReadCSV reads one row of a Bulk file: an empty cell is left alone, #N/A is null, "Owner.Email" looks up.
// What it refuses, it refuses for this row.
func (t *Tx) ReadCSV(o *Object, header, row []string) (Draft, Errors) {
	d := Draft{Object: o, values: map[*Field]Value{}}
	for i, name := range header {
		cell := row[i]
		if strings.EqualFold(name, "id") {
			d.ID = cell
			continue
		}
		if relation, key, ok := strings.Cut(name, "."); ok {
			kind, plain, typed := strings.Cut(relation, ":") // Lead:Who.Email
			if !typed {
				kind, plain = "", relation
			}
			f := o.Relation(plain)
			switch cell {
			case "":
			case "#N/A":
				d.values[f] = Value{}
			default:
				if err := d.lookUp(t, f, kind, key, cell); err != nil {
					return d, Errors{*err}
				}
			}
			continue
		}
		if cell == "" {
			continue
		}
		f := o.Field(name)
		var in any = cell
		if cell == "#N/A" {
			in = nil
		}
		v, err := parse(f, in)
		if err != nil {
			return d, Errors{refuse("INVALID_TYPE_ON_FIELD_IN_RECORD", []string{f.Name}, "%s: value not of required type: %s", f.Label, cell)}
		}
		d.values[f] = v
	}
	return d, nil
}

// lookUp notes that a reference is to be found by another column of the record it points to. kind is the object of
// that record, "" any that the reference may lead to.
func (d *Draft) lookUp(t *Tx, f *Field, kind, key, value string) *Error {
	for _, name := range f.RefersTo {
		if target := t.Org.Object(name); target != nil && (kind == "" || strings.EqualFold(kind, name)) {
			if k := target.Field(key); k != nil && k.index != nil && (k.IDLookup || k.ExternalID) && t.Org.Visible(t.User, k) {
				d.parents = append(d.parents, parent{f, k, value})
				return nil
			}
		}
	}
	if kind == "" {
		kind = f.RefersTo[len(f.RefersTo)-1]
	}
	e := refuse("INVALID_FIELD", nil, "No such column '%s' on sobject of type %s", key, kind)
	return &e
}

// parse turns a decoded JSON value into a value of the column's type. Text is trimmed and blank is null,
// as Salesforce stores it. Only the form is judged here, not length, range or picklist.
func parse(f *Field, in any) (Value, *Error) {
	var text string
	switch x := in.(type) {
	case nil:
		return Value{}, nil
	case string:
		text = x
	case bool:
		text = strconv.FormatBool(x)
	case json.Number:
		text = x.String()
	case map[string]any:
		return Value{}, misfit(f, "START_OBJECT", "{")
	default:
		return Value{}, misfit(f, "START_ARRAY", "[")
	}
	token := "VALUE_STRING"
	switch in.(type) {
	case bool:
		token = "VALUE_" + strings.ToUpper(text)
	case json.Number:
		token = "VALUE_NUMBER_INT"
		if strings.ContainsAny(text, ".eE") {
			token = "VALUE_NUMBER_FLOAT"
		}
	}
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return Value{}, nil
	}
	switch f.kind() {
	case Text:
		if f.Type == "time" {
			if at, ok := parseTime(trimmed); ok {
				return textValue(at), nil
			}
			break
		}
		return textValue(trimmed), nil
	case Ref:
		id, ok := ParseID(trimmed)
		if !ok {
			return Value{Kind: Ref, text: trimmed}, nil // refused later, with the words for a bad id
		}
		return refValue(id), nil
	case Boolean:
		switch strings.ToLower(trimmed) {
		case "true", "1":
			return boolValue(true), nil
		case "false", "0":
			return boolValue(false), nil
		}
	case Integer, Number:
		n, err := strconv.ParseFloat(trimmed, 64)
		if err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) && (f.kind() == Number || n == math.Trunc(n)) {
			return Value{Kind: f.kind(), number: n}, nil
		}
	case Date:
		if day, ok := parseDate(trimmed); ok {
			return Value{Kind: Date, n: day.Unix()}, nil
		}
	case DateTime:
		if at, ok := parseDateTime(trimmed); ok {
			return timeValue(at.Unix()), nil
		}
	}
	return Value{}, misfit(f, token, text)
}

func misfit(f *Field, token, text string) *Error {
	kind := map[string]string{"currency": "double", "percent": "double", "picklist": "string", "reference": "id"}[f.Type]
	if kind == "" {
		kind = f.Type
	}
	e := refuse("JSON_PARSER_ERROR", nil, "Cannot deserialize instance of %s from %s value %s or request may be missing a required field", kind, token, text)
	return &e
}

// parseDate reads a date; years beyond four digits are refused, as is a date with a time.
func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil && t.Year() >= 1700 && t.Year() <= 4000
}

// parseDateTime reads an instant with an offset: Z, +00:00 or +0000. Parts of a second are dropped.
func parseDateTime(s string) (time.Time, bool) {
	layouts := []string{"2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07:00"}
	if n := len(s); n > 3 && s[n-3] == ':' {
		slices.Reverse(layouts) // an offset with a colon: trying the other first costs more than the whole rest
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), t.Year() >= 1700 && t.Year() <= 4000
		}
	}
	return time.Time{}, false
}

// parseTime reads a time of day as it is stored: 11:59:59.000Z.
func parseTime(s string) (string, bool) {
	for _, layout := range []string{"15:04:05.999Z07:00", "15:04:05.999", "15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Format("15:04:05.000Z"), true
		}
	}
	return "", false
}
