package hubspot

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// propertyAnswer is a property as the API shows it. What a batch create answers lacks the stamps and archived; HubSpot's own
// properties always lack archived and who made them.
type propertyAnswer struct {
	UpdatedAt       string          `json:"updatedAt,omitempty"`
	CreatedAt       string          `json:"createdAt,omitempty"`
	Name            string          `json:"name"`
	Label           string          `json:"label"`
	Type            string          `json:"type"`
	FieldType       string          `json:"fieldType"`
	Description     string          `json:"description"`
	GroupName       string          `json:"groupName"`
	Options         []portal.Option `json:"options"`
	CreatedUserID   string          `json:"createdUserId,omitempty"`
	UpdatedUserID   string          `json:"updatedUserId,omitempty"`
	RefersTo        string          `json:"referencedObjectType,omitempty"`
	DisplayOrder    int             `json:"displayOrder"`
	Calculated      bool            `json:"calculated"`
	ExternalOptions bool            `json:"externalOptions"`
	Archived        *bool           `json:"archived,omitempty"`
	HasUniqueValue  bool            `json:"hasUniqueValue"`
	Hidden          bool            `json:"hidden"`
	HubSpotDefined  bool            `json:"hubspotDefined,omitempty"`
	Modification    modification    `json:"modificationMetadata"`
	FormField       bool            `json:"formField"`
	Sensitivity     string          `json:"dataSensitivity"`
}

type modification struct {
	Archivable         bool `json:"archivable"`
	ReadOnlyDefinition bool `json:"readOnlyDefinition"`
	ReadOnlyOptions    bool `json:"readOnlyOptions,omitempty"`
	ReadOnlyValue      bool `json:"readOnlyValue"`
}

func propertyOf(p *portal.Property, fresh bool) propertyAnswer {
	a := propertyAnswer{
		Name: p.Name, Label: p.Label, Type: p.Type, FieldType: p.FieldType, Description: p.Description, GroupName: p.Group,
		Options: p.Choices(), RefersTo: p.RefersTo, DisplayOrder: p.DisplayOrder, Calculated: p.Calculated, ExternalOptions: p.External,
		HasUniqueValue: p.Unique, Hidden: p.Hidden, HubSpotDefined: p.HubSpotDefined, FormField: p.FormField, Sensitivity: cmp.Or(p.Sensitivity, "non_sensitive"),
		Modification: modification{!p.HubSpotDefined || p.ReadOnlyDefinition || p.Archivable, p.ReadOnlyDefinition, p.ReadOnlyOptions, p.ReadOnlyValue},
	}
	if a.Options == nil {
		a.Options = []portal.Option{}
	}
	if !fresh {
		a.UpdatedAt, a.CreatedAt = p.UpdatedAt.UTC().Format(iso), p.CreatedAt.UTC().Format(iso)
		if !p.HubSpotDefined {
			a.Archived, a.CreatedUserID, a.UpdatedUserID = &p.Archived, appUser, appUser
		}
	}
	return a
}

// appUser is the user whose apps all apps are.
const appUser = "1"

const iso = "2006-01-02T15:04:05.000Z"

// listProperties answers GET /crm/v3/properties/{type}: all at once.
func (c *call) listProperties() (answer, error) {
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	level, err := sensitivity(c.r.URL.Query().Get("dataSensitivity"))
	if err != nil {
		return answer{}, err
	}
	results := []propertyAnswer{}
	for _, p := range c.object.Properties(archived) {
		if p.Sensitivity == level {
			results = append(results, propertyOf(p, false))
		}
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// sensitivity reads a level as properties hold it: nothing for what is not sensitive.
func sensitivity(level string) (string, error) {
	switch level {
	case "", "non_sensitive":
		return "", nil
	case "sensitive", "highly_sensitive":
		return level, nil
	}
	return "", invalid("dataSensitivity must be non_sensitive, sensitive or highly_sensitive")
}

// propertyNamed finds the property that the path names.
func (c *call) propertyNamed() (*portal.Property, error) {
	p := c.object.Property(c.params["name"])
	if p == nil {
		return nil, noProperty(c.params["name"])
	}
	return p, nil
}

func noProperty(name string) *problem {
	return &problem{
		http: http.StatusNotFound, Category: "OBJECT_NOT_FOUND", SubCategory: "Properties.PROPERTY_NOT_FOUND",
		Message: fmt.Sprintf("A property named '%s' does not exist.", name), Context: map[string]any{"name": []string{name}},
	}
}

// readProperty answers GET /crm/v3/properties/{type}/{name}.
func (c *call) readProperty() (answer, error) {
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	if archived {
		for _, p := range c.object.Properties(true) {
			if p.Name == c.params["name"] {
				return ok(http.StatusOK, propertyOf(p, false))
			}
		}
		return answer{}, noProperty(c.params["name"])
	}
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	level, err := sensitivity(c.r.URL.Query().Get("dataSensitivity"))
	if err != nil {
		return answer{}, err
	}
	if p.Sensitivity != level {
		return answer{}, noProperty(p.Name) // those of other levels are not seen
	}
	return ok(http.StatusOK, propertyOf(p, false))
}

// propertyInput is the body of a property's create; an update leaves members out.
type propertyInput struct {
	Name            string         `json:"name"`
	Label           *string        `json:"label"`
	Type            string         `json:"type"`
	FieldType       string         `json:"fieldType"`
	GroupName       string         `json:"groupName"`
	Description     *string        `json:"description"`
	Options         *[]optionInput `json:"options"`
	DisplayOrder    *int           `json:"displayOrder"`
	HasUniqueValue  bool           `json:"hasUniqueValue"`
	Hidden          *bool          `json:"hidden"`
	FormField       *bool          `json:"formField"`
	ExternalOptions bool           `json:"externalOptions"`
	RefersTo        string         `json:"referencedObjectType"`
	Sensitivity     string         `json:"dataSensitivity"`
	propertyHints
}

// propertyHints are members of a definition that only say how a value is shown; they are taken and not kept.
type propertyHints struct {
	SearchableInGlobalSearch bool   `json:"searchableInGlobalSearch"`
	OptionSortStrategy       string `json:"optionSortStrategy"`
	ShowCurrencySymbol       bool   `json:"showCurrencySymbol"`
	CurrencyPropertyName     string `json:"currencyPropertyName"`
	NumberDisplayHint        string `json:"numberDisplayHint"`
	TextDisplayHint          string `json:"textDisplayHint"`
	DateDisplayHint          string `json:"dateDisplayHint"`
}

type optionInput struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description"`
	DisplayOrder *int   `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

// creatable are the field types that each type may be made with.
var creatable = map[string][]string{
	"string": {"text", "textarea", "html", "phonenumber", "file"}, "number": {"number"}, "bool": {"booleancheckbox"},
	"enumeration": {"select", "radio", "checkbox", "booleancheckbox"}, "date": {"date"}, "datetime": {"date"}, "phone_number": {"phonenumber"},
}

// maxUnique and maxCustom are how many unique and how many custom properties an object may have.
const (
	maxUnique = 10
	maxCustom = 1000
)

// define checks a definition and adds the property.
func (c *call) define(in propertyInput) (*portal.Property, error) {
	var missing []string
	for _, m := range []struct {
		name   string
		absent bool
	}{{"name", in.Name == ""}, {"label", in.Label == nil}, {"type", in.Type == ""}, {"fieldType", in.FieldType == ""}, {"groupName", in.GroupName == ""}} {
		if m.absent {
			missing = append(missing, m.name)
		}
	}
	if len(missing) > 0 {
		return nil, required(missing...)
	}
	if !portal.NameShape.MatchString(in.Name) {
		return nil, invalid(fmt.Sprintf("Property name %q is invalid: it must start with a letter and consist of lower-case letters, digits and underscores", in.Name))
	}
	fields, known := creatable[in.Type]
	if !known || !slices.Contains(fields, in.FieldType) {
		return nil, invalid(fmt.Sprintf("type %s and fieldType %s do not go together", in.Type, in.FieldType))
	}
	if c.object.Group(in.GroupName) == nil {
		return nil, invalid(fmt.Sprintf("Property group '%s' does not exist", in.GroupName))
	}
	if c.object.Property(in.Name) != nil {
		return nil, &problem{
			http: http.StatusConflict, Category: "OBJECT_ALREADY_EXISTS", SubCategory: "Properties.PROPERTY_WITH_NAME_EXISTS",
			Message: fmt.Sprintf("A property named '%s' already exists.", in.Name), Context: map[string]any{"name": []string{in.Name}},
		}
	}
	unique, custom := 0, 0
	for _, p := range c.object.Properties(false) {
		if p.Unique {
			unique++
		}
		if !p.HubSpotDefined {
			custom++
		}
	}
	if in.HasUniqueValue && unique >= maxUnique {
		return nil, invalid(fmt.Sprintf("An object may have %d properties with unique values", maxUnique))
	}
	if custom >= maxCustom {
		return nil, invalid(fmt.Sprintf("An object may have %d custom properties", maxCustom))
	}
	level, err := sensitivity(in.Sensitivity)
	if err != nil {
		return nil, err
	}
	p := portal.Property{Sensitivity: level, Name: in.Name, Type: in.Type, FieldType: in.FieldType, DisplayOrder: -1, Unique: in.HasUniqueValue, External: in.ExternalOptions, RefersTo: in.RefersTo}
	if in.Type == "bool" && in.Options == nil {
		in.Options = &[]optionInput{{Label: "True", Value: "true"}, {Label: "False", Value: "false"}}
	}
	if err := in.put(&p); err != nil {
		return nil, err
	}
	return c.object.Define(p)
}

// put sets what an update may set. Options are replaced as a whole.
func (in propertyInput) put(p *portal.Property) error {
	if in.Options != nil {
		options, err := optionsOf(*in.Options)
		if err != nil {
			return err
		}
		p.Options = options
	}
	if in.Label != nil {
		p.Label = *in.Label
	}
	if in.Description != nil {
		p.Description = *in.Description
	}
	if in.GroupName != "" {
		p.Group = in.GroupName
	}
	if in.DisplayOrder != nil {
		p.DisplayOrder = *in.DisplayOrder
	}
	if in.Hidden != nil {
		p.Hidden = *in.Hidden
	}
	if in.FormField != nil {
		p.FormField = *in.FormField
	}
	return nil
}

func optionsOf(in []optionInput) ([]portal.Option, error) {
	var options []portal.Option
	seen := map[string]bool{}
	last := -1 // those without a place come after those with one
	for _, o := range in {
		if o.DisplayOrder != nil {
			last = max(last, *o.DisplayOrder)
		}
	}
	for _, o := range in {
		if o.Value == "" || o.Label == "" {
			return nil, required("options.label", "options.value")
		}
		if seen[o.Value] {
			return nil, invalid(fmt.Sprintf("Property option value '%s' is not unique", o.Value))
		}
		seen[o.Value] = true
		option := portal.Option{Label: o.Label, Value: o.Value, Description: o.Description, Hidden: o.Hidden}
		if o.DisplayOrder != nil {
			option.DisplayOrder = *o.DisplayOrder
		} else {
			last++
			option.DisplayOrder = last
		}
		options = append(options, option)
	}
	return options, nil
}

// createProperty answers POST /crm/v3/properties/{type}.
func (c *call) createProperty() (answer, error) {
	var in propertyInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	p, err := c.define(in)
	if err != nil {
		return answer{}, err
	}
	c.located(p.Name)
	return ok(http.StatusCreated, propertyOf(p, false))
}

// updateProperty answers PATCH /crm/v3/properties/{type}/{name}.
func (c *call) updateProperty() (answer, error) {
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	var in propertyInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.Name != "" && in.Name != p.Name, in.HasUniqueValue && !p.Unique:
		return answer{}, invalid("name and hasUniqueValue are settled when a property is made")
	case in.Type != "" && in.Type != p.Type:
		return answer{}, invalid("The type of a property cannot be changed")
	case in.Options != nil && (p.ReadOnlyOptions || p.HubSpotDefined && p.External):
		return answer{}, invalid(fmt.Sprintf("The options of '%s' are read only", p.Name))
	case in.GroupName != "" && c.object.Group(in.GroupName) == nil:
		return answer{}, invalid(fmt.Sprintf("Property group '%s' does not exist", in.GroupName))
	}
	if err := in.put(p); err != nil {
		return answer{}, err
	}
	p.UpdatedAt = c.now().UTC().Truncate(time.Millisecond)
	return ok(http.StatusOK, propertyOf(p, false))
}

// archiveProperty answers DELETE /crm/v3/properties/{type}/{name}.
func (c *call) archiveProperty() (answer, error) {
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	if p.HubSpotDefined {
		return answer{}, invalid(fmt.Sprintf("Property '%s' is defined by HubSpot and cannot be archived", p.Name))
	}
	c.object.Archive(p)
	return answer{status: http.StatusNoContent}, nil
}
