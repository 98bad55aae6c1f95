package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// schemaRoutes are the types of objects themselves. They are reached as /crm-object-schemas/{version}/schemas too.
var schemaRoutes = []route{
	{"GET", "/crm/schemas", readObjectSchemas, "archived includeAssociationDefinitions includeAuditMetadata includePropertyDefinitions", false, (*call).listSchemas},
	{"POST", "/crm/schemas", writeObjectSchemas, "", false, (*call).createSchema},
	{"POST", "/crm/schemas/batch/read", readObjectSchemas, "", false, (*call).batchReadSchemas},
	{"GET", "/crm/schemas/{type}", readObjectSchemas, "", false, (*call).readSchema},
	{"PATCH", "/crm/schemas/{type}", writeObjectSchemas, "", false, (*call).updateSchema},
	{"DELETE", "/crm/schemas/{schema}", writeObjectSchemas, "archived", false, (*call).deleteSchema},
	{"POST", "/crm/schemas/{type}/associations", writeObjectSchemas, "", false, (*call).createSchemaAssociation},
	{"DELETE", "/crm/schemas/{type}/associations/{id}", writeObjectSchemas, "", false, (*call).deleteSchemaAssociation},
}

// schemaAnswer is an object type as the API shows it, its members in the order recorded.
type schemaAnswer struct {
	Labels       labels              `json:"labels"`
	Required     []string            `json:"requiredProperties"`
	Searchable   []string            `json:"searchableProperties"`
	Primary      string              `json:"primaryDisplayProperty,omitempty"`
	Secondary    []string            `json:"secondaryDisplayProperties"`
	Description  string              `json:"description,omitempty"`
	Sensitive    bool                `json:"allowsSensitiveProperties"`
	Archived     bool                `json:"archived"`
	Restorable   bool                `json:"restorable"`
	MetaType     string              `json:"metaType"`
	ID           string              `json:"id"`
	FQN          string              `json:"fullyQualifiedName"`
	CreatedAt    string              `json:"createdAt"`
	UpdatedAt    string              `json:"updatedAt"`
	CreatedBy    *int64              `json:"createdByUserId"`
	UpdatedBy    *int64              `json:"updatedByUserId"`
	TypeID       string              `json:"objectTypeId"`
	Properties   []propertyAnswer    `json:"properties"`
	Associations []schemaAssociation `json:"associations"`
	Name         string              `json:"name"`
}

type labels struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

type schemaAssociation struct {
	FromTypeID string `json:"fromObjectTypeId"`
	ToTypeID   string `json:"toObjectTypeId"`
	Name       string `json:"name,omitempty"`
	Each       string `json:"cardinality"`
	Inverse    string `json:"inverseCardinality"`
	ID         string `json:"id"`
	CreatedAt  any    `json:"createdAt"` // null in a schema, recorded so, also of those that somebody made
	UpdatedAt  any    `json:"updatedAt"`
}

// oneToMany is how many records of one object one of the other can be associated with: as the limits allow.
const oneToMany = "ONE_TO_MANY"

func schemaOf(o *portal.Object) schemaAnswer {
	s := o.Describe()
	a := schemaAnswer{
		Labels: labels{s.Singular, s.Plural}, Required: notNil(s.Required), Searchable: notNil(s.Searchable), Primary: s.Primary, Secondary: notNil(s.Secondary),
		Description: s.Description, Archived: !s.ArchivedAt.IsZero(), Restorable: s.Restorable, MetaType: "HUBSPOT", FQN: strings.ToUpper(o.Singular),
		CreatedAt: instant(s.CreatedAt), UpdatedAt: instant(s.UpdatedAt), TypeID: o.TypeID, Properties: []propertyAnswer{}, Associations: []schemaAssociation{}, Name: s.Name,
	}
	_, a.ID, _ = strings.Cut(o.TypeID, "-")
	if o.IsCustom() {
		a.MetaType, a.FQN = "PORTAL_SPECIFIC", o.Plural
	} else {
		a.Name = a.FQN
	}
	for _, p := range o.Properties(false) {
		a.Properties = append(a.Properties, propertyOf(p, false))
	}
	for _, d := range s.Associations {
		a.Associations = append(a.Associations, schemaAssociation{d.FromTypeID, d.ToTypeID, d.Name, oneToMany, oneToMany, d.ID, nil, nil})
	}
	return a
}

func notNil(s []string) []string { return append([]string{}, s...) }

// listSchemas answers GET /crm-object-schemas/v3/schemas: custom objects only.
func (c *call) listSchemas() (answer, error) {
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	for name := range strings.FieldsSeq(c.route.query) {
		if _, err := c.flag(name); err != nil {
			return answer{}, err
		}
	}
	results := []schemaAnswer{}
	for _, o := range c.portal.CustomObjects(archived) {
		results = append(results, schemaOf(o))
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// batchReadSchemas answers POST /crm-object-schemas/v3/schemas/batch/read: what is asked for and not there is left out.
func (c *call) batchReadSchemas() (answer, error) {
	var in struct {
		Inputs       *[]string `json:"inputs"`
		Associations bool      `json:"includeAssociationDefinitions"`
		Audit        bool      `json:"includeAuditMetadata"`
		Properties   bool      `json:"includePropertyDefinitions"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Inputs == nil {
		return answer{}, required("inputs")
	}
	if err := rows(len(*in.Inputs), maxPage, ""); err != nil {
		return answer{}, err
	}
	results := []schemaAnswer{}
	for _, name := range *in.Inputs {
		if o := c.portal.Object(name); o != nil {
			results = append(results, schemaOf(o))
		}
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// readSchema answers GET /crm-object-schemas/v3/schemas/{type}, for HubSpot's own objects too.
func (c *call) readSchema() (answer, error) { return ok(http.StatusOK, schemaOf(c.object)) }

// schemaInput is the body of a create; an update leaves members out.
type schemaInput struct {
	Name        *string          `json:"name"`
	Labels      *labels          `json:"labels"`
	Description *string          `json:"description"`
	Required    *[]string        `json:"requiredProperties"`
	Searchable  *[]string        `json:"searchableProperties"`
	Primary     *string          `json:"primaryDisplayProperty"`
	Secondary   *[]string        `json:"secondaryDisplayProperties"`
	Properties  *[]propertyInput `json:"properties"`
	Associated  *[]string        `json:"associatedObjects"`
	Sensitive   *bool            `json:"allowsSensitiveProperties"`
	Clear       *bool            `json:"clearDescription"`
	Restorable  *bool            `json:"restorable"`
}

// put sets what the body has.
func (in schemaInput) put(s *portal.Schema) {
	if in.Labels != nil {
		s.Singular, s.Plural = in.Labels.Singular, in.Labels.Plural
	}
	if in.Description != nil {
		s.Description = *in.Description
	}
	if in.Clear != nil && *in.Clear {
		s.Description = ""
	}
	for list, sent := range map[*[]string]*[]string{&s.Required: in.Required, &s.Searchable: in.Searchable, &s.Secondary: in.Secondary} {
		if sent != nil {
			*list = *sent
		}
	}
	if in.Primary != nil {
		s.Primary = *in.Primary
	}
	if in.Restorable != nil {
		s.Restorable = *in.Restorable
	}
}

// coherent refuses a schema that names properties the object does not have.
func coherent(o *portal.Object, s portal.Schema) error {
	named := slices.Concat(s.Required, s.Searchable, s.Secondary)
	if s.Primary != "" {
		named = append(named, s.Primary)
	}
	for _, name := range named {
		if o.Property(name) == nil {
			return invalid(fmt.Sprintf("Property '%s' does not exist on the object", name))
		}
	}
	return nil
}

// createSchema answers POST /crm-object-schemas/v3/schemas.
func (c *call) createSchema() (answer, error) {
	var in schemaInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.complete(); err != nil {
		return answer{}, err
	}
	if len(c.portal.CustomObjects(false)) >= portal.MaxCustomObjects {
		return answer{}, invalid(fmt.Sprintf("An account may have %d custom objects", portal.MaxCustomObjects))
	}
	for _, o := range slices.Concat(c.portal.CustomObjects(false), c.portal.CustomObjects(true)) {
		if strings.EqualFold(o.Singular, *in.Name) {
			return answer{}, &problem{
				http: http.StatusConflict, Category: "OBJECT_ALREADY_EXISTS",
				Message: fmt.Sprintf("An object type named '%s' already exists.", *in.Name), Context: map[string]any{"name": []string{*in.Name}},
			}
		}
	}
	s := portal.Schema{Name: *in.Name, Restorable: true}
	in.put(&s)
	o := c.portal.NewCustom(s)
	c.object = o
	for _, p := range *in.Properties {
		if p.GroupName == "" {
			p.GroupName = o.Groups[0].Name
		}
		if _, err := c.define(p); err != nil {
			return answer{}, err
		}
	}
	if err := coherent(o, s); err != nil {
		return answer{}, err
	}
	associated := slices.Concat(*in.Associated, []string{"emails", "meetings", "notes", "tasks", "calls"}) // the latter go with every object
	for _, name := range associated {
		if c.portal.Object(name) == nil {
			return answer{}, noSuchObject(name)
		}
	}
	c.portal.Adopt(o)
	for _, name := range associated {
		c.associable(o, c.portal.Object(name), "")
	}
	c.located(o.TypeID)
	return ok(http.StatusCreated, schemaOf(o))
}

// complete refuses a body without what a create needs.
func (in schemaInput) complete() error {
	var missing []string
	for _, m := range []struct {
		name   string
		absent bool
	}{
		{"name", in.Name == nil}, {"labels", in.Labels == nil}, {"requiredProperties", in.Required == nil},
		{"properties", in.Properties == nil}, {"associatedObjects", in.Associated == nil},
	} {
		if m.absent {
			missing = append(missing, m.name)
		}
	}
	switch {
	case missing != nil:
		return required(missing...)
	case !portal.NameShape.MatchString(strings.ToLower(*in.Name)):
		return invalid(fmt.Sprintf("Object name '%s' is invalid: it must start with a letter and consist of letters, digits and underscores", *in.Name))
	case in.Clear != nil:
		return invalid("clearDescription belongs to an update")
	}
	return nil
}

// updateSchema answers PATCH /crm-object-schemas/v3/schemas/{type}.
func (c *call) updateSchema() (answer, error) {
	if err := c.custom(); err != nil {
		return answer{}, err
	}
	var in schemaInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Name != nil || in.Properties != nil || in.Associated != nil {
		return answer{}, invalid("name, properties and associatedObjects are settled when an object is made")
	}
	next := *c.object.Schema
	in.put(&next)
	if err := coherent(c.object, next); err != nil {
		return answer{}, err
	}
	next.UpdatedAt = c.moment()
	*c.object.Schema = next
	c.object.Apply()
	return ok(http.StatusOK, schemaOf(c.object))
}

// custom refuses one of HubSpot's own objects.
func (c *call) custom() error {
	if c.object.IsCustom() {
		return nil
	}
	return invalid("The schema of " + objectWord(c.object) + " is defined by HubSpot and cannot be changed")
}

// deleteSchema answers DELETE /crm-object-schemas/v3/schemas/{type}: archives an object without records. With archived=true it
// takes an archived one away for good.
func (c *call) deleteSchema() (answer, error) {
	name := c.params["schema"]
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	if archived {
		for _, o := range c.portal.CustomObjects(true) {
			if name == o.TypeID || strings.EqualFold(name, o.Plural) || strings.EqualFold(name, o.Singular) {
				o.Retire(true)
				return answer{status: http.StatusNoContent}, nil
			}
		}
		return answer{}, noSuchObject(name)
	}
	if c.object = c.portal.Object(name); c.object == nil {
		return answer{}, noSuchObject(name)
	}
	if err := c.custom(); err != nil {
		return answer{}, err
	}
	if c.object.Live() {
		return answer{}, invalid(fmt.Sprintf("Object type %s cannot be deleted while it has records", c.object.Plural))
	}
	c.object.Retire(false)
	return answer{status: http.StatusNoContent}, nil
}

// associable makes records of two objects associable and says so in the schema.
func (c *call) associable(from, to *portal.Object, name string) portal.AssociationDefinition {
	if name == "" {
		name = strings.ToLower(from.Singular + "_to_" + to.Singular)
	}
	t := c.portal.DefineAssociation(from, to)
	d := portal.AssociationDefinition{ID: idText(t.ID), FromTypeID: from.TypeID, ToTypeID: to.TypeID, Name: name, CreatedAt: c.moment()}
	from.Schema.Associations = append(from.Schema.Associations, d)
	return d
}

// createSchemaAssociation answers POST /crm-object-schemas/v3/schemas/{type}/associations.
func (c *call) createSchemaAssociation() (answer, error) {
	if err := c.custom(); err != nil {
		return answer{}, err
	}
	var in struct {
		From        string `json:"fromObjectTypeId"`
		To          string `json:"toObjectTypeId"`
		Name        string `json:"name"`
		Cardinality string `json:"cardinality"`
		Inverse     string `json:"inverseCardinality"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.From == "" || in.To == "" {
		return answer{}, required("fromObjectTypeId", "toObjectTypeId")
	}
	to := c.portal.Object(in.To)
	if to == nil {
		return answer{}, noSuchObject(in.To)
	}
	if c.portal.Object(in.From) != c.object {
		return answer{}, invalid("fromObjectTypeId must be that of the path's object")
	}
	for _, d := range c.object.Schema.Associations {
		if d.ToTypeID == to.TypeID {
			return answer{}, invalid(fmt.Sprintf("%s and %s can be associated already", c.object.TypeID, to.TypeID))
		}
	}
	d := c.associable(c.object, to, in.Name)
	return ok(http.StatusCreated, schemaAssociation{d.FromTypeID, d.ToTypeID, d.Name, oneToMany, oneToMany, d.ID, instant(d.CreatedAt), instant(d.CreatedAt)})
}

// deleteSchemaAssociation answers DELETE /crm-object-schemas/v3/schemas/{type}/associations/{id}.
func (c *call) deleteSchemaAssociation() (answer, error) {
	if err := c.custom(); err != nil {
		return answer{}, err
	}
	s := c.object.Schema
	at := slices.IndexFunc(s.Associations, func(d portal.AssociationDefinition) bool { return d.ID == c.params["id"] })
	if at < 0 {
		return answer{}, noPipeline("Association", c.params["id"], "")
	}
	c.portal.Unrelate(c.object, c.portal.Object(s.Associations[at].ToTypeID))
	s.Associations = slices.Delete(s.Associations, at, at+1)
	return answer{status: http.StatusNoContent}, nil
}
