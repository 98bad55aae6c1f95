package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// stageAnswer is a stage as the API shows it. All metadata is text.
type stageAnswer struct {
	Label        string            `json:"label"`
	DisplayOrder int               `json:"displayOrder"`
	Metadata     map[string]string `json:"metadata"`
	ID           string            `json:"id"`
	CreatedAt    string            `json:"createdAt"`
	UpdatedAt    string            `json:"updatedAt"`
	Permissions  string            `json:"writePermissions"`
	Archived     bool              `json:"archived"`
}

func stageOf(s *portal.Stage) stageAnswer {
	return stageAnswer{
		Label: s.Label, DisplayOrder: s.DisplayOrder, Metadata: s.Metadata, ID: s.ID, CreatedAt: instant(s.CreatedAt), UpdatedAt: instant(s.UpdatedAt),
		Permissions: "CRM_PERMISSIONS_ENFORCEMENT",
	}
}

// stageInput is the body of a create, a replace or, with members left out, an update.
type stageInput struct {
	Label        *string          `json:"label"`
	DisplayOrder *int             `json:"displayOrder"`
	Metadata     *map[string]text `json:"metadata"`
	Archived     *bool            `json:"archived"`
}

// complete refuses a body without the members a create or a replace needs.
func (in stageInput) complete() error {
	switch {
	case in.Label == nil || *in.Label == "":
		return required("label")
	case in.DisplayOrder == nil:
		return required("displayOrder")
	case in.Archived != nil:
		return invalid("archived may be sent to restore a stage only")
	}
	return nil
}

// put sets what the body has on a stage. Of a stage whose meaning is decided by its metadata, that must be whole.
func (c *call) put(in stageInput, s *portal.Stage) error {
	if in.Metadata != nil || s.Metadata == nil {
		given := map[string]string{}
		if in.Metadata != nil {
			for name, v := range *in.Metadata {
				given[name] = string(v)
			}
		}
		metadata, err := c.object.StageMetadata(given)
		if err != nil {
			return invalid(err.Error())
		}
		s.Metadata = metadata
	}
	if in.Label != nil {
		s.Label = *in.Label
	}
	if in.DisplayOrder != nil {
		s.DisplayOrder = *in.DisplayOrder
	}
	s.UpdatedAt = c.moment()
	return nil
}

// fresh makes a stage from a body.
func (c *call) fresh(in stageInput) (*portal.Stage, error) {
	if err := in.complete(); err != nil {
		return nil, err
	}
	s := &portal.Stage{CreatedAt: c.moment()}
	if err := c.put(in, s); err != nil {
		return nil, err
	}
	s.ID = c.portal.FreshStageID()
	s.Audit = []portal.Audited{c.audited("CREATE")}
	return s, nil
}

// putStages makes all stages of a pipeline anew. One that keeps its label keeps its id, and with that its records.
func (c *call) putStages(p *portal.Pipeline, inputs []stageInput) error {
	if len(inputs) > c.object.MaxStages() {
		return c.tooManyStages()
	}
	var stages []*portal.Stage
	labels := map[string]bool{}
	for _, in := range inputs {
		s, err := c.fresh(in)
		if err != nil {
			return err
		}
		if labels[strings.ToLower(s.Label)] {
			return stageLabelTaken(s.Label)
		}
		labels[strings.ToLower(s.Label)] = true
		for _, old := range p.Stages {
			if old.Label == s.Label {
				s.ID, s.CreatedAt = old.ID, old.CreatedAt
			}
		}
		stages = append(stages, s)
	}
	p.Stages = stages
	return nil
}

func (c *call) tooManyStages() error {
	return invalid(fmt.Sprintf("A pipeline of %s objects may have %d stages", objectWord(c.object), c.object.MaxStages()))
}

func stageLabelTaken(label string) error {
	return invalid(fmt.Sprintf("A stage labeled '%s' already exists in the pipeline", label))
}

// stageNamed finds the stage that the path names.
func (c *call) stageNamed() (*portal.Pipeline, *portal.Stage, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return nil, nil, err
	}
	s := p.Stage(c.params["name"])
	if s == nil {
		return nil, nil, noPipeline("Stage", c.params["name"], "PipelineError.STAGE_NOT_FOUND")
	}
	return p, s, nil
}

// listStages answers GET /crm/v3/pipelines/{type}/{id}/stages.
func (c *call) listStages() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, map[string]any{"results": pipelineOf(p).Stages})
}

// readStage answers GET /crm/v3/pipelines/{type}/{id}/stages/{stage}.
func (c *call) readStage() (answer, error) {
	_, s, err := c.stageNamed()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, stageOf(s))
}

// createStage answers POST /crm/v3/pipelines/{type}/{id}/stages.
func (c *call) createStage() (answer, error) {
	p, err := c.pipelineNamed()
	if err != nil {
		return answer{}, err
	}
	var in stageInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if len(p.Stages) >= c.object.MaxStages() {
		return answer{}, c.tooManyStages()
	}
	s, err := c.fresh(in)
	if err != nil {
		return answer{}, err
	}
	if err := stageLabelFree(p, s); err != nil {
		return answer{}, err
	}
	p.Stages = append(p.Stages, s)
	c.object.SortPipelines()
	c.located(s.ID)
	return ok(http.StatusCreated, stageOf(s))
}

func stageLabelFree(p *portal.Pipeline, s *portal.Stage) error {
	for _, other := range p.Stages {
		if other.ID != s.ID && strings.EqualFold(other.Label, s.Label) {
			return stageLabelTaken(s.Label)
		}
	}
	return nil
}

// replaceStage answers PUT /crm/v3/pipelines/{type}/{id}/stages/{stage}.
func (c *call) replaceStage() (answer, error) { return c.changeStage(true) }

// updateStage answers PATCH /crm/v3/pipelines/{type}/{id}/stages/{stage}. It also brings a deleted stage back.
func (c *call) updateStage() (answer, error) { return c.changeStage(false) }

func (c *call) changeStage(whole bool) (answer, error) {
	var in stageInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if whole {
		if err := in.complete(); err != nil {
			return answer{}, err
		}
	}
	if in.Archived != nil {
		if err := c.restoreStage(*in.Archived); err != nil {
			return answer{}, err
		}
	}
	p, s, err := c.stageNamed()
	if err != nil {
		return answer{}, err
	}
	next := *s
	if whole {
		next.Metadata = nil
	}
	if err := c.put(in, &next); err != nil {
		return answer{}, err
	}
	if err := stageLabelFree(p, &next); err != nil {
		return answer{}, err
	}
	next.Audit = append(next.Audit, c.audited("UPDATE"))
	*s = next
	c.object.SortPipelines()
	return ok(http.StatusOK, stageOf(s))
}

func (c *call) restoreStage(archived bool) error {
	p, err := c.pipelineNamed()
	if err != nil {
		return err
	}
	gone := slices.IndexFunc(p.Gone, func(s *portal.Stage) bool { return s.ID == c.params["name"] })
	if archived || gone < 0 {
		return invalid("archived may be sent to restore a stage only")
	}
	p.Stages = append(p.Stages, p.Gone[gone])
	p.Gone = slices.Delete(p.Gone, gone, gone+1)
	return nil
}

// deleteStage answers DELETE /crm/v3/pipelines/{type}/{id}/stages/{stage}. Records in it keep its id, unless the caller wants that checked.
func (c *call) deleteStage() (answer, error) {
	p, s, err := c.stageNamed()
	if err != nil {
		return answer{}, err
	}
	if err := c.unused([]*portal.Stage{s}); err != nil {
		return answer{}, err
	}
	s.Audit = append(s.Audit, c.audited("DELETE"))
	p.Stages = slices.DeleteFunc(p.Stages, func(x *portal.Stage) bool { return x == s })
	p.Gone = append(p.Gone, s)
	c.object.SortPipelines()
	return answer{status: http.StatusNoContent}, nil
}

// auditStage answers GET /crm/v3/pipelines/{type}/{id}/stages/{stage}/audit.
func (c *call) auditStage() (answer, error) {
	_, s, err := c.stageNamed()
	if err != nil {
		return answer{}, err
	}
	return c.audit("Stage", s.ID, s.Audit, stageOf(s))
}
