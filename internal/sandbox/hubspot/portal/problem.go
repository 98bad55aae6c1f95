package portal

import (
	"fmt"
	"strings"
)

// Problem is why one property of one record was refused.
type Problem struct {
	Code    string // HubSpot's word: PROPERTY_DOESNT_EXIST, INVALID_OPTION, …
	Name    string // the property
	Message string
}

// Invalid is returned when values of a record are refused.
type Invalid []Problem

func (e Invalid) Error() string {
	var names []string
	for _, p := range e {
		names = append(names, p.Name+": "+p.Code)
	}
	return "property values were not valid: " + strings.Join(names, ", ")
}

// Conflict is returned when another contact has the e-mail address. Existing is 0 when that contact is made by the same request.
type Conflict struct{ Existing int64 }

func (e Conflict) Error() string { return fmt.Sprintf("contact already exists: %d", e.Existing) }

// Taken is returned when another record holds the value of a property with unique values.
type Taken struct {
	Property, Value string
	Record, Owner   int64 // the record being written (a fresh id on create), the one that has the value
}

func (e Taken) Error() string {
	return fmt.Sprintf("%s of %d is taken by %d", e.Property, e.Record, e.Owner)
}

// Incomplete is returned by a create without the properties that the object requires.
type Incomplete struct{ Properties []string }

func (e Incomplete) Error() string { return "required: " + strings.Join(e.Properties, " or ") }

// Backward is returned for a lifecycle stage set backwards, where Rules say so.
type Backward struct{ From, To string }

func (e Backward) Error() string {
	return fmt.Sprintf("lifecyclestage goes back from %s to %s", e.From, e.To)
}

// Gone is returned when there is no live record with the id.
type Gone struct{ ID int64 }

func (e Gone) Error() string { return fmt.Sprintf("no live record %d", e.ID) }

// Uncreatable is returned by a create of an object whose records HubSpot makes itself.
type Uncreatable struct{ Object string }

func (e Uncreatable) Error() string { return e.Object + " cannot be created" }
