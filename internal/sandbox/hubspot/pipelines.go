package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// pipelineChecks are the query parameters of a delete that may be refused.
const pipelineChecks = "validateReferencesBeforeDelete validateDealStageUsagesBeforeDelete"

// pipelineAnswer is a pipeline as the API shows it, its members in the order recorded.
type pipelineAnswer struct {
	Label        string        `json:"label"`
	DisplayOrder int           `json:"displayOrder"`
	ID           string        `json:"id"`
	Stages       []stageAnswer `json:"stages"`
	CreatedAt    string        `json:"createdAt"`
	UpdatedAt    string        `json:"updatedAt"`
	Archived     bool          `json:"archived"`
}

func pipelineOf(p *portal.Pipeline) pipelineAnswer {
	a := pipelineAnswer{
		Label: p.Label, DisplayOrder: p.DisplayOrder, ID: p.ID, Stages: []stageAnswer{},
		CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.UpdatedAt),
	}
	for _, s := range p.Stages {
		a.Stages = append(a.Stages, stageOf(s))
	}
	return a
}

// pipelineInput is the body of a create, a replace or, with members left out, an update.
type pipelineInput struct {
	Label        *string       `json:"label"`
	DisplayOrder *int          `json:"displayOrder"`
	Stages       *[]stageInput `json:"stages"`
	Archived     *bool         `json:"archived"`
}

// pipelined refuses objects that have no pipelines, and on fixed those whose pipeline is HubSpot's.
func (c *call) pipelined(fixed bool) error {
	switch {
	case !c.object.HasPipelines():
		return invalid(objectWord(c.object) + " objects do not have pipelines")
	case fixed && c.object.IsLifecycle():
		return invalid("The lifecycle stage pipeline of " + objectWord(c.object) + " objects can be changed in its stages only")
	}
	return nil
}

// pipelineNamed finds the pipeline that the path names.
func (c *call) pipelineNamed() (*portal.Pipeline, error) {
	if err := c.pipelined(false); err != nil {
		return nil, err
	}
	p := c.object.Pipeline(c.params["id"])
	if p == nil {
		return nil, noPipeline("Pipeline", c.params["id"], "PipelineError.PIPELINE_NOT_FOUND")
	}
	return p, nil
}

func noPipeline(what, id, sub string) *problem {
	return &problem{
		http: http.StatusNotFound, Category: "OBJECT_NOT_FOUND", SubCategory: sub,
		Message: fmt.Sprintf("%s with ID %s does not exist", what, id), Context: map[string]any{"id": []string{id}},
	}
}

// listPipelines answers GET /crm/v3/pipelines/{type}: all at once.
func (c *call) listPipelines() (answer, error) {
	if err := c.pipelined(false); err != nil {
		return answer{}, err
	}
	results := []pipelineAnswer{}
	for _, p := range c.object.Pipelines {
		results = append(results, pipelineOf(p))
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// readPipeline answers GET /crm/v3/pipelines/{type}/{id}.
func (c *call) readPipeline() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, pipelineOf(p))
}

// complete refuses a body without the members a create or a replace needs.
func (in pipelineInput) complete() error {
	var missing []string
	for name, absent := range map[string]bool{"label": in.Label == nil || *in.Label == "", "displayOrder": in.DisplayOrder == nil, "stages": in.Stages == nil} {
		if absent {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	switch {
	case missing != nil:
		return required(missing...)
	case in.Archived != nil:
		return invalid("archived may be sent to restore a pipeline only")
	}
	return nil
}

// labelFree refuses a label that another pipeline of the object has.
func (c *call) labelFree(label string, but *portal.Pipeline) error {
	for _, p := range c.object.Pipelines {
		if p != but && strings.EqualFold(p.Label, label) {
			return invalid(fmt.Sprintf("A pipeline labeled '%s' already exists", label))
		}
	}
	return nil
}

// createPipeline answers POST /crm/v3/pipelines/{type}.
func (c *call) createPipeline() (answer, error) {
	if err := c.pipelined(true); err != nil {
		return answer{}, err
	}
	var in pipelineInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.complete(); err != nil {
		return answer{}, err
	}
	if err := c.labelFree(*in.Label, nil); err != nil {
		return answer{}, err
	}
	at := c.moment()
	p := &portal.Pipeline{Label: *in.Label, DisplayOrder: *in.DisplayOrder, CreatedAt: at, UpdatedAt: at}
	if err := c.putStages(p, *in.Stages); err != nil {
		return answer{}, err
	}
	p.ID = c.portal.FreshStageID()
	p.Audit = append(p.Audit, c.audited("CREATE"))
	c.object.Pipelines = append(c.object.Pipelines, p)
	c.object.SortPipelines()
	c.located(p.ID)
	return ok(http.StatusCreated, pipelineOf(p))
}

// replacePipeline answers PUT /crm/v3/pipelines/{type}/{id}: label, order and all stages.
func (c *call) replacePipeline() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	if err := c.pipelined(true); err != nil {
		return answer{}, err
	}
	var in pipelineInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.complete(); err != nil {
		return answer{}, err
	}
	if err := c.labelFree(*in.Label, p); err != nil {
		return answer{}, err
	}
	if err := c.unused(p.Stages); err != nil {
		return answer{}, err
	}
	next := *p
	if err := c.putStages(&next, *in.Stages); err != nil {
		return answer{}, err
	}
	next.Label, next.DisplayOrder, next.UpdatedAt = *in.Label, *in.DisplayOrder, c.moment()
	next.Audit = append(next.Audit, c.audited("UPDATE"))
	*p = next
	c.object.SortPipelines()
	return ok(http.StatusOK, pipelineOf(p))
}

// updatePipeline answers PATCH /crm/v3/pipelines/{type}/{id}. It also brings a deleted pipeline back.
func (c *call) updatePipeline() (answer, error) {
	var in pipelineInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	gone := slices.IndexFunc(c.object.GonePipelines, func(p *portal.Pipeline) bool { return p.ID == c.params["id"] })
	switch {
	case in.Stages != nil:
		return answer{}, invalid("stages are changed one by one, or with the whole pipeline")
	case in.Archived != nil && (*in.Archived || gone < 0):
		return answer{}, invalid("archived may be sent to restore a pipeline only")
	case in.Archived != nil:
		p := c.object.GonePipelines[gone]
		c.object.GonePipelines = slices.Delete(c.object.GonePipelines, gone, gone+1)
		c.object.Pipelines = append(c.object.Pipelines, p)
	}
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	if in.Label != nil {
		if err := c.labelFree(*in.Label, p); err != nil {
			return answer{}, err
		}
		p.Label = *in.Label
	}
	if in.DisplayOrder != nil {
		p.DisplayOrder = *in.DisplayOrder
	}
	p.UpdatedAt = c.moment()
	p.Audit = append(p.Audit, c.audited("UPDATE"))
	c.object.SortPipelines()
	return ok(http.StatusOK, pipelineOf(p))
}

// deletePipeline answers DELETE /crm/v3/pipelines/{type}/{id}. Records keep their stages, unless the caller wants that checked.
func (c *call) deletePipeline() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	if err := c.pipelined(true); err != nil {
		return answer{}, err
	}
	if err := c.unused(p.Stages); err != nil {
		return answer{}, err
	}
	p.Audit = append(p.Audit, c.audited("DELETE"))
	c.object.Pipelines = slices.DeleteFunc(c.object.Pipelines, func(x *portal.Pipeline) bool { return x == p })
	c.object.GonePipelines = append(c.object.GonePipelines, p)
	c.object.SortPipelines()
	return answer{status: http.StatusNoContent}, nil
}

// unused refuses stages in which records stand, where the caller asked for the check.
func (c *call) unused(stages []*portal.Stage) error {
	check := false
	for name := range strings.FieldsSeq(pipelineChecks) {
		on, err := c.flag(name)
		if err != nil {
			return err
		}
		check = check || on
	}
	if !check {
		return nil
	}
	var used, ids []string
	for _, s := range stages {
		used = append(used, s.ID)
	}
	for _, id := range c.object.InStages(used) {
		ids = append(ids, idText(id))
	}
	if ids == nil {
		return nil
	}
	stageList, idList := "["+strings.Join(used, ", ")+"]", "["+strings.Join(ids, ", ")+"]"
	p := invalid("Stage IDs: " + stageList + " are being referenced by object IDs: " + idList)
	p.SubCategory = "PipelineError.STAGE_ID_IN_USE"
	p.Context = map[string]any{"stageIds": []string{stageList}, "objectIds": []string{idList}}
	return p
}

// moment is the portal's time in the precision of stamps.
func (c *call) moment() time.Time { return c.now().UTC().Truncate(time.Millisecond) }

// instant writes a time as records' stamps are written.
func instant(t time.Time) string { return portal.Instant(t.UnixMilli()) }

func (c *call) audited(action string) portal.Audited {
	return portal.Audited{Action: action, At: c.moment(), By: editor}
}

// auditPipeline answers GET /crm/v3/pipelines/{type}/{id}/audit, newest first.
func (c *call) auditPipeline() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	return c.audit("Pipeline", p.ID, p.Audit, pipelineOf(p))
}

// audit renders a log. What was changed stands in it as text, as it is now.
func (c *call) audit(what, id string, log []portal.Audited, now any) (answer, error) {
	results := []map[string]any{}
	for _, a := range slices.Backward(log) {
		results = append(results, map[string]any{
			"portalId": c.portal.ID, "identifier": idText(c.portal.ID) + ":" + id, "action": a.Action, "timestamp": instant(a.At),
			"message": what + " " + strings.ToLower(a.Action), "rawObject": string(encode(now)), "fromUserId": a.By,
		})
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}
