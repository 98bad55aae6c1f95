// Package crm holds the nouns every other package shares. It imports nothing.
package crm

import (
	"fmt"
	"strings"
)

// System is one of the two CRMs.
type System string

// The two CRMs. There is no third.
const (
	HubSpot    System = "hubspot"
	Salesforce System = "salesforce"
)

// Systems lists both, HubSpot first.
var Systems = []System{HubSpot, Salesforce}

// Other is the far side of s.
func (s System) Other() System {
	if s == HubSpot {
		return Salesforce
	}
	return HubSpot
}

// Object is a record type of one CRM, spelled as its API spells it:
// {hubspot contacts}, {salesforce Lead}.
type Object struct {
	System System
	Name   string
}

// String is the form used in file names, logs and errors: "salesforce.Lead".
func (o Object) String() string { return string(o.System) + "." + o.Name }

// ParseObject reads "salesforce.Lead".
func ParseObject(s string) (Object, error) {
	system, name, ok := strings.Cut(s, ".")
	if !ok || name == "" || (System(system) != HubSpot && System(system) != Salesforce) {
		return Object{}, fmt.Errorf("%q is not an object: want hubspot.<object> or salesforce.<Object>", s)
	}
	return Object{System(system), name}, nil
}

// Record names one record of one object.
type Record struct {
	Object Object
	ID     string
}

// String is "salesforce.Lead 00Q…".
func (r Record) String() string { return r.Object.String() + " " + r.ID }

// Column is what a CRM's own metadata says of one column (a HubSpot property, a Salesforce field).
type Column struct {
	Name       string   // in the CRM's spelling
	Label      string   // as users see it
	Type       string   // the CRM's own type word: "string", "datetime", "picklist", …
	FieldType  string   // HubSpot's fieldType ("checkbox" marks a set); empty for Salesforce
	Length     int      // characters; 0 when the CRM sets no limit
	Precision  int      // digits of a number; 0 when not a number
	Scale      int      // digits after the point
	Required   bool     // a create without it is refused
	Createable bool     // may stand in a create
	Updateable bool     // may stand in an update
	Unique     bool     // the CRM refuses a second record with the same value
	ExternalID bool     // usable as the key of an upsert
	Restricted bool     // a value outside Options is refused
	Calculated bool     // the CRM computes it
	RefersTo   []string // objects a reference may point to, in the CRM's spelling
	Options    []Option // picklist values or enumeration options, in the CRM's order
}

// Option is one value of a picklist or enumeration.
type Option struct {
	Value  string // what is written and read
	Label  string // what users see
	Active bool   // inactive and hidden values still stand in old records
}

// Hinted is an error of two lines: what is wrong, with the name of the thing, and what to do.
type Hinted struct {
	Err  error
	Hint string
}

func (h *Hinted) Error() string { return h.Err.Error() }
func (h *Hinted) Unwrap() error { return h.Err }

// WithHint attaches the second line of an error. A nil error stays nil.
func WithHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Hinted{Err: err, Hint: fmt.Sprintf(format, args...)}
}
