package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/hubspot"
)

// propertyFile is the list of a project, sql/list/hubspot_properties.csv, that names the properties Setup makes beside
// the stamps.
const propertyFile = "hubspot_properties"

// propertyColumns are its columns.
var propertyColumns = []string{"object", "name", "type", "options", "label", "description"}

// Property is a HubSpot property that a project's to file writes and HubSpot does not have by itself.
type Property struct {
	Object, Name, Type string
	Options            []string // of a choice
	Label, Description string
}

// propertyTypes are HubSpot's type and field type of each type that a project may name.
var propertyTypes = map[string][2]string{
	"text": {"string", "text"}, "number": {"number", "number"}, "date": {"date", "date"}, "datetime": {"datetime", "date"},
	"checkbox": {"bool", "booleancheckbox"}, "choice": {"enumeration", "select"},
}

// Properties are those of the project's list that one of its to files writes.
func Properties(p *entity.Project) (all []Property, err error) {
	for _, l := range p.Lists {
		if l.Name != propertyFile {
			continue
		}
		if !slices.Equal(l.Columns, propertyColumns) {
			return nil, crm.WithHint(fmt.Errorf("%s: its columns are %s", l.Path, strings.Join(l.Columns, ",")), "the first line is %s", strings.Join(propertyColumns, ","))
		}
		for i, r := range l.Rows {
			one := Property{r[0], r[1], r[2], slices.DeleteFunc(strings.Split(r[3], ";"), func(s string) bool { return s == "" }), r[4], r[5]}
			if _, ok := propertyTypes[one.Type]; !ok || (one.Type == "choice") != (len(one.Options) > 0) {
				return nil, crm.WithHint(fmt.Errorf("%s:%d: type %q with options %q", l.Path, l.Lines[i], one.Type, r[3]),
					"type is one of text, number, date, datetime, checkbox, choice; a choice, and nothing else, has options, joined by semicolons")
			}
			if one.Object == "" || one.Name == "" || one.Label == "" {
				return nil, crm.WithHint(fmt.Errorf("%s:%d: an empty cell", l.Path, l.Lines[i]), "a property has an object, a name and a label")
			}
			if writes(p, one) {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// writes says whether some to file names the property.
func writes(p *entity.Project, one Property) bool {
	for _, e := range p.Entities {
		for _, f := range e.To {
			if f.Object == (crm.Object{System: crm.HubSpot, Name: one.Object}) && strings.Contains(strings.ToLower(f.Text), strings.ToLower(one.Name)) {
				return true
			}
		}
	}
	return false
}

// made is the definition that HubSpot is given.
func (p Property) made() hubspot.Property {
	t := propertyTypes[p.Type]
	def := hubspot.Property{Name: p.Name, Label: p.Label, Type: t[0], FieldType: t[1], GroupName: setupName, Description: strings.TrimSpace(p.Description + " Written by lockstep.")}
	for i, o := range p.Options {
		def.Options = append(def.Options, hubspot.Option{Label: o, Value: o, DisplayOrder: i})
	}
	if p.Type == "checkbox" {
		def.Options = []hubspot.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false", DisplayOrder: 1}}
	}
	return def
}

// properties makes those of the object that its portal lacks. One that is there stays as it is: a portal may have had it
// before.
func (s *setup) properties(ctx context.Context, object string, there []hubspot.Property) error {
	for _, p := range s.o.Properties {
		if p.Object != object {
			continue
		}
		has := slices.ContainsFunc(there, func(h hubspot.Property) bool { return h.Name == p.Name })
		if err := s.step(crm.HubSpot, has, fmt.Sprintf("property %s.%s (%s)", object, p.Name, p.Type), func() error {
			_, err := s.o.HubSpot.CreateProperty(ctx, object, p.made())
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
