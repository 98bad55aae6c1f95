package hubspot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"lockstep/internal/crm"
)

// textLength is the most characters a text property holds.
const textLength = 65_536

// Property is a column's definition.
type Property struct {
	Name         string   `json:"name"` // lower case, digits, underscores; never changes
	Label        string   `json:"label"`
	Type         string   `json:"type"`      // string number bool enumeration date datetime phone_number; object_coordinates and json are internal
	FieldType    string   `json:"fieldType"` // how it is edited: "checkbox" marks a set of options, ";" between them
	GroupName    string   `json:"groupName"`
	Description  string   `json:"description,omitempty"`
	Options      []Option `json:"options"`
	DisplayOrder int      `json:"displayOrder,omitempty"` // -1: after all others

	HasUniqueValue  bool   `json:"hasUniqueValue,omitempty"` // settable only at creation, 10 per object
	Hidden          bool   `json:"hidden,omitempty"`
	Calculated      bool   `json:"calculated,omitempty"`
	ExternalOptions bool   `json:"externalOptions,omitempty"` // the options are owners, stages, companies: Options is empty or partial
	Referenced      string `json:"referencedObjectType,omitempty"`
	Archived        bool   `json:"archived,omitempty"`
	HubSpotDefined  bool   `json:"hubspotDefined,omitempty"`
	Sensitivity     string `json:"dataSensitivity,omitempty"`

	Modification *struct {
		ReadOnlyValue      bool `json:"readOnlyValue"`      // no record's value may be written
		ReadOnlyDefinition bool `json:"readOnlyDefinition"` // the definition is locked: says nothing of values
	} `json:"modificationMetadata,omitempty"`
}

// Option is one value of an enumeration. Value is what is written and read, with its case.
type Option struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description,omitempty"`
	DisplayOrder int    `json:"displayOrder,omitempty"`
	Hidden       bool   `json:"hidden"`
}

// required are the properties without which HubSpot makes no record of an object. Its metadata does not say so; a company
// needs a name or a domain, and either will do.
var required = map[string][]string{
	"deals": {"dealname", "dealstage"}, "tickets": {"subject", "hs_pipeline_stage"}, "leads": {"hs_lead_name"}, "products": {"name"},
	"tasks": {"hs_timestamp"}, "notes": {"hs_timestamp"}, "meetings": {"hs_timestamp"}, "calls": {"hs_timestamp"},
	"emails": {"hs_timestamp", "hs_email_direction"}, "communications": {"hs_timestamp", "hs_communication_channel_type"},
}

// Column is what the rest of the program knows of the property. A contact's e-mail is unique although HubSpot's
// own metadata says it is not.
func (p Property) Column(object string) crm.Column {
	unique := p.HasUniqueValue || p.Name == "email" && Modified(object) == "lastmodifieddate"
	writable := p.Modification == nil || !p.Modification.ReadOnlyValue
	c := crm.Column{
		Name: p.Name, Label: p.Label, Type: p.Type, FieldType: p.FieldType,
		Createable: writable, Updateable: writable, Unique: unique, ExternalID: unique,
		Restricted: !p.ExternalOptions && (p.Type == "enumeration" || p.Type == "bool"),
		Calculated: p.Calculated, Required: slices.Contains(required[object], p.Name),
	}
	if p.Type == "string" {
		c.Length = textLength
	}
	if p.Referenced != "" {
		c.RefersTo = []string{p.Referenced}
	}
	// Their order says which stage is the further one; -1 is behind all others.
	for _, o := range slices.SortedStableFunc(slices.Values(p.Options), func(a, b Option) int {
		return cmp.Compare(uint(a.DisplayOrder), uint(b.DisplayOrder))
	}) {
		c.Options = append(c.Options, crm.Option{Value: o.Value, Label: o.Label, Active: !o.Hidden})
	}
	return c
}

// Properties are all live columns of an object, in one answer. Sensitive ones are left out: HubSpot shows them
// only to apps that ask for them.
//
// GET /crm/properties/{version}/{object} ("Properties").
func (c *Client) Properties(ctx context.Context, object string) ([]Property, error) {
	var all []Property
	if err := c.results(ctx, c.version.properties(object), &all); err != nil {
		return nil, fmt.Errorf("hubspot.Properties(%s): %w", object, err)
	}
	return all, nil
}

// CreateProperty makes a column; Name, Label, Type, FieldType and GroupName are required. One that exists
// already is a *Refusal of category OBJECT_ALREADY_EXISTS or CONFLICT.
//
// POST /crm/properties/{version}/{object} ("Properties", "Create a property"); scope crm.schemas.{object}.write.
func (c *Client) CreateProperty(ctx context.Context, object string, p Property) (*Property, error) {
	if p.Options == nil {
		p.Options = []Option{}
	}
	var made Property
	if err := c.create(ctx, c.version.properties(object), p, &made); err != nil {
		return nil, fmt.Errorf("hubspot.CreateProperty(%s, %s): %w", object, p.Name, err)
	}
	return &made, nil
}

// Group gathers columns on HubSpot's pages; each column is in one.
type Group struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder,omitempty"` // -1: after all others
}

// Groups are an object's groups.
//
// GET /crm/properties/{version}/{object}/groups ("Properties", "Property groups").
func (c *Client) Groups(ctx context.Context, object string) ([]Group, error) {
	var all []Group
	if err := c.results(ctx, c.version.properties(object, "groups"), &all); err != nil {
		return nil, fmt.Errorf("hubspot.Groups(%s): %w", object, err)
	}
	return all, nil
}

// CreateGroup makes a group. One that exists already is a *Refusal as in CreateProperty.
//
// POST /crm/properties/{version}/{object}/groups ("Properties", "Property groups").
func (c *Client) CreateGroup(ctx context.Context, object string, g Group) (*Group, error) {
	var made Group
	if err := c.create(ctx, c.version.properties(object, "groups"), g, &made); err != nil {
		return nil, fmt.Errorf("hubspot.CreateGroup(%s, %s): %w", object, g.Name, err)
	}
	return &made, nil
}

// results reads {"results":[…]} of an answer that has no pages.
func (c *Client) results(ctx context.Context, path string, into any) error {
	_, err := c.do(ctx, call{method: http.MethodGet, path: path, repeatable: true, read: func(answer []byte) error {
		var body struct {
			Results json.RawMessage `json:"results"`
		}
		if err := json.Unmarshal(answer, &body); err != nil {
			return err
		}
		if len(body.Results) == 0 {
			return shape("an answer without results")
		}
		return json.Unmarshal(body.Results, into)
	}})
	return err
}

// create posts a definition. Not repeated once it may have arrived: it would be refused as existing.
func (c *Client) create(ctx context.Context, path string, definition, into any) error {
	body, err := json.Marshal(definition)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, call{
		method: http.MethodPost, path: path, body: body, writes: true,
		read: func(answer []byte) error { return json.Unmarshal(answer, into) },
	})
	return refused(err)
}
