package hubspot

import (
	"net/http"

	"lockstep/internal/sandbox/hubspot/portal"
)

// legacyRoutes are older paths that clients still read metadata from: /properties/v1/{type}/properties, /companies/v2/properties.
var legacyRoutes = []route{
	{"GET", "/properties/{type}/properties", readSchemas, "", false, (*call).legacyProperties},
}

// legacyProperty is a property in the shape of the old versions, as far as it says what the new one does.
type legacyProperty struct {
	Name               string         `json:"name"`
	Label              string         `json:"label"`
	Description        string         `json:"description"`
	Group              string         `json:"groupName"`
	Type               string         `json:"type"`
	FieldType          string         `json:"fieldType"`
	Hidden             bool           `json:"hidden"`
	Options            []legacyOption `json:"options"`
	Deleted            bool           `json:"deleted"`
	DisplayOrder       int            `json:"displayOrder"`
	FormField          bool           `json:"formField"`
	ReadOnlyValue      bool           `json:"readOnlyValue"`
	ReadOnlyDefinition bool           `json:"readOnlyDefinition"`
	Calculated         bool           `json:"calculated"`
	ExternalOptions    bool           `json:"externalOptions"`
	RefersTo           string         `json:"referencedObjectType,omitempty"`
	HubSpotDefined     bool           `json:"hubspotDefined"`
}

type legacyOption struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	DisplayOrder int    `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

func legacyOf(p *portal.Property) legacyProperty {
	a := legacyProperty{
		Name: p.Name, Label: p.Label, Description: p.Description, Group: p.Group, Type: p.Type, FieldType: p.FieldType, Hidden: p.Hidden,
		Options: []legacyOption{}, DisplayOrder: p.DisplayOrder, FormField: p.FormField, ReadOnlyValue: p.ReadOnlyValue,
		ReadOnlyDefinition: p.ReadOnlyDefinition, Calculated: p.Calculated, ExternalOptions: p.External, RefersTo: p.RefersTo, HubSpotDefined: p.HubSpotDefined,
	}
	for _, o := range p.Choices() {
		a.Options = append(a.Options, legacyOption{o.Label, o.Value, o.DisplayOrder, o.Hidden})
	}
	return a
}

// legacyProperties answers GET /properties/v1/{type}/properties: a bare array.
func (c *call) legacyProperties() (answer, error) {
	all := []legacyProperty{}
	for _, p := range c.object.Properties(false) {
		all = append(all, legacyOf(p))
	}
	return ok(http.StatusOK, all)
}
