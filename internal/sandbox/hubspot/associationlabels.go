package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// listLabels answers GET /crm/v4/associations/{from}/{to}/labels.
func (c *call) listLabels() (answer, error) {
	r, err := c.relation()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, map[string]any{"results": wireTypes(r.Types())})
}

// createLabel answers POST of the same, with the type of each direction.
func (c *call) createLabel() (answer, error) {
	var in struct {
		Label   string `json:"label"`
		Name    string `json:"name"`
		Inverse string `json:"inverseLabel"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return answer{}, err
	}
	var missing []string
	for name, v := range map[string]string{"label": in.Label, "name": in.Name} {
		if v == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return answer{}, required(missing...)
	}
	if r.Named(in.Name) != nil || r.Named(in.Label) != nil {
		return answer{}, &problem{http: http.StatusConflict, Category: "CONFLICT", Message: fmt.Sprintf("An association label %q exists already", in.Label)}
	}
	t, err := r.DefineLabel(in.Name, in.Label, in.Inverse)
	if err != nil {
		return answer{}, invalid(err.Error())
	}
	types := []*portal.AssociationType{t}
	if t.Inverse() != t {
		types = append(types, t.Inverse())
	}
	return ok(http.StatusOK, map[string]any{"results": wireTypes(types)})
}

// ownLabel finds an admin's label by its type id; HubSpot's own cannot be changed.
func (c *call) ownLabel(id text) (*portal.Relation, *portal.AssociationType, error) {
	r, err := c.relation()
	if err != nil {
		return nil, nil, err
	}
	n, err := recordID(id)
	if err != nil {
		return nil, nil, invalid(err.Error())
	}
	t := r.Type(portal.UserDefined, n)
	if t == nil {
		return nil, nil, &problem{
			http: http.StatusNotFound, Category: "OBJECT_NOT_FOUND", Message: fmt.Sprintf("%s=%d is not a valid association definition id", portal.UserDefined, n),
		}
	}
	return r, t, nil
}

// updateLabel answers PUT /crm/v4/associations/{from}/{to}/labels.
func (c *call) updateLabel() (answer, error) {
	var in struct {
		TypeID  text   `json:"associationTypeId"`
		Label   string `json:"label"`
		Inverse string `json:"inverseLabel"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.TypeID == "" || in.Label == "" {
		return answer{}, required("associationTypeId", "label")
	}
	_, t, err := c.ownLabel(in.TypeID)
	if err != nil {
		return answer{}, err
	}
	t.Rename(in.Label, in.Inverse)
	return answer{status: http.StatusNoContent}, nil
}

// deleteLabel answers DELETE /crm/v4/associations/{from}/{to}/labels/{id}. The plain type that makes two objects associable stays.
func (c *call) deleteLabel() (answer, error) {
	r, t, err := c.ownLabel(text(c.params["id"]))
	if err != nil {
		return answer{}, err
	}
	if t == r.Default() {
		return answer{}, invalid("The unlabeled association type cannot be deleted")
	}
	r.DeleteLabel(t)
	return answer{status: http.StatusNoContent}, nil
}

// limitView is the limit an admin set on a type.
type limitView struct {
	FromType string `json:"fromObjectTypeId,omitempty"`
	ToType   string `json:"toObjectTypeId,omitempty"`
	wireType
	Max *int `json:"userEnforcedMaxToObjectIds"`
}

func limitsOf(r *portal.Relation, named bool) []limitView {
	views := []limitView{}
	for i, w := range wireTypes(r.Types()) {
		t := r.Types()[i]
		if t.Max == 0 {
			continue
		}
		v := limitView{wireType: w, Max: &t.Max}
		if named {
			v.FromType, v.ToType = r.From().TypeID, r.To().TypeID
		}
		views = append(views, v)
	}
	return views
}

// listLimits answers GET /crm/v4/associations/definitions/configurations/{from}/{to}.
func (c *call) listLimits() (answer, error) {
	r, err := c.relation()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, map[string]any{"results": limitsOf(r, false)})
}

// allLimits answers GET /crm/v4/associations/definitions/configurations/all.
func (c *call) allLimits() (answer, error) {
	views := []limitView{}
	for _, r := range c.portal.Relations() {
		views = append(views, limitsOf(r, true)...)
	}
	slices.SortFunc(views, func(a, b limitView) int {
		if byFrom := strings.Compare(a.FromType, b.FromType); byFrom != 0 {
			return byFrom
		}
		return strings.Compare(a.ToType+strconv.FormatInt(a.TypeID, 10), b.ToType+strconv.FormatInt(b.TypeID, 10))
	})
	return ok(http.StatusOK, map[string]any{"results": views})
}

// limitInput is one limit to set or, without a number, to take away.
type limitInput struct {
	Category string `json:"category"`
	TypeID   text   `json:"typeId"`
	Max      *int   `json:"maxToObjectIds"`
}

// setLimits answers POST …/batch/create and …/batch/update of the same. More than HubSpot allows in any case is refused.
func (c *call) setLimits() (answer, error) {
	return c.changeLimits(http.StatusOK, true)
}

// purgeLimits answers POST …/batch/purge.
func (c *call) purgeLimits() (answer, error) {
	return c.changeLimits(http.StatusNoContent, false)
}

// mostAssociated is how many records HubSpot lets one be associated with.
const mostAssociated = 10_000

func (c *call) changeLimits(status int, set bool) (answer, error) {
	var in struct {
		Inputs []limitInput `json:"inputs"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return answer{}, err
	}
	if in.Inputs == nil {
		return answer{}, required("inputs")
	}
	var results [][]byte
	var failed []rowError
	for _, row := range in.Inputs {
		id, err := recordID(row.TypeID)
		t := r.Type(row.Category, id)
		switch {
		case row.Category == "" || row.TypeID == "" || set && row.Max == nil:
			return answer{}, required("category", "typeId", "maxToObjectIds")
		case !set && row.Max != nil:
			return answer{}, unrecognized("maxToObjectIds")
		case err != nil || t == nil:
			failed = append(failed, associationRowError(badSpec{spec: associationSpec{row.Category, row.TypeID}}))
		case set && (*row.Max < 1 || *row.Max > mostAssociated):
			failed = append(failed, associationRowError(invalid(fmt.Sprintf("maxToObjectIds must be between 1 and %d", mostAssociated))))
		case set:
			t.Max = *row.Max
			results = append(results, encode(limitView{wireType: wireTypes([]*portal.AssociationType{t})[0], Max: &t.Max}))
		default:
			t.Max = 0
		}
	}
	if !set && len(failed) == 0 {
		return answer{status: status}, nil
	}
	return c.batchAnswer(status, results, failed, len(failed))
}

// highUsageReport answers POST /crm/v4/associations/usage/high-usage-report/{id}: the report would be mailed to the user.
func (c *call) highUsageReport() (answer, error) {
	user, err := recordID(text(c.params["id"]))
	if err != nil {
		return answer{}, invalid(err.Error())
	}
	return ok(http.StatusOK, map[string]any{"userId": user, "userEmail": "", "enqueueTime": stamp(c.now())})
}
