package hubspot

import (
	"fmt"
	"net/http"

	"lockstep/internal/sandbox/hubspot/portal"
)

// groupInput is the body of a group's create or update.
type groupInput struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder *int   `json:"displayOrder"`
}

// listGroups answers GET /crm/v3/properties/{type}/groups.
func (c *call) listGroups() (answer, error) {
	results := []portal.Group{}
	for _, g := range c.object.Groups {
		if !g.Archived {
			results = append(results, g)
		}
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// groupNamed finds the group that the path names.
func (c *call) groupNamed() (*portal.Group, error) {
	g := c.object.Group(c.params["name"])
	if g == nil {
		return nil, &problem{
			http: http.StatusNotFound, Category: "OBJECT_NOT_FOUND",
			Message: fmt.Sprintf("A property group named '%s' does not exist.", c.params["name"]), Context: map[string]any{"name": []string{c.params["name"]}},
		}
	}
	return g, nil
}

// readGroup answers GET /crm/v3/properties/{type}/groups/{name}.
func (c *call) readGroup() (answer, error) {
	g, err := c.groupNamed()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, *g)
}

// createGroup answers POST /crm/v3/properties/{type}/groups.
func (c *call) createGroup() (answer, error) {
	var in groupInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.Name == "":
		return answer{}, required("name")
	case in.Label == "":
		return answer{}, required("label")
	case !portal.NameShape.MatchString(in.Name):
		return answer{}, invalid(fmt.Sprintf("Property group name %q is invalid", in.Name))
	case c.object.Group(in.Name) != nil:
		return answer{}, &problem{
			http: http.StatusConflict, Category: "OBJECT_ALREADY_EXISTS",
			Message: fmt.Sprintf("A property group named '%s' already exists.", in.Name), Context: map[string]any{"name": []string{in.Name}},
		}
	}
	g := portal.Group{Name: in.Name, Label: in.Label, DisplayOrder: -1}
	if in.DisplayOrder != nil {
		g.DisplayOrder = *in.DisplayOrder
	}
	c.object.Groups = append(c.object.Groups, g)
	c.located(g.Name)
	return ok(http.StatusCreated, g)
}

// updateGroup answers PATCH /crm/v3/properties/{type}/groups/{name}.
func (c *call) updateGroup() (answer, error) {
	g, err := c.groupNamed()
	if err != nil {
		return answer{}, err
	}
	var in groupInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Name != "" && in.Name != g.Name {
		return answer{}, invalid("The name of a property group cannot be changed")
	}
	if in.Label != "" {
		g.Label = in.Label
	}
	if in.DisplayOrder != nil {
		g.DisplayOrder = *in.DisplayOrder
	}
	return ok(http.StatusOK, *g)
}

// archiveGroup answers DELETE /crm/v3/properties/{type}/groups/{name}. A group in use stays.
func (c *call) archiveGroup() (answer, error) {
	g, err := c.groupNamed()
	if err != nil {
		return answer{}, err
	}
	for _, p := range c.object.Properties(false) {
		if p.Group == g.Name {
			return answer{}, invalid(fmt.Sprintf("Property group '%s' has properties", g.Name))
		}
	}
	g.Archived = true
	return answer{status: http.StatusNoContent}, nil
}
