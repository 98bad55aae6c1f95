package hubspot

import (
	"net/http"

	"lockstep/internal/sandbox/hubspot/portal"
)

// The association endpoints below a record: /crm/v4/objects/{from}/{id}/associations/{to}.

// listAssociations answers GET …/associations/{to}.
func (c *call) listAssociations() (answer, error) {
	r, err := c.relation()
	if err != nil {
		return answer{}, err
	}
	from, err := c.find(c.params["id"], "", false)
	if err != nil {
		return answer{}, err
	}
	limit, err := c.integer("limit", maxAssociated, 1, maxAssociated)
	if err != nil {
		return answer{}, err
	}
	page, next, err := associatedPage(r.Of(from.ID()), text(c.r.URL.Query().Get("after")), limit)
	if err != nil {
		return answer{}, err
	}
	found := map[string]any{"results": associatedRows(page)}
	if c.version == "v3" {
		found["results"] = namedRows(page)
	}
	if next != "" {
		found["paging"] = c.paging(next)
	}
	return ok(http.StatusOK, found)
}

// pair reads the two records of the path.
func (c *call) pair() (r *portal.Relation, from, to int64, err error) {
	if r, err = c.relation(); err != nil {
		return nil, 0, 0, err
	}
	if from, err = recordID(text(c.params["id"])); err != nil {
		return nil, 0, 0, associationProblem(err)
	}
	if to, err = recordID(text(c.params["toId"])); err != nil {
		return nil, 0, 0, associationProblem(err)
	}
	return r, c.object.Survivor(from), c.to.Survivor(to), nil // a merged id leads to the record that is left, as in a read
}

// labelAssociation answers PUT …/associations/{to}/{toId}: the types sent are all that hold from now on, beside the unlabelled one.
func (c *call) labelAssociation() (answer, error) {
	var specs []associationSpec
	if err := c.decode(&specs); err != nil {
		return answer{}, err
	}
	if err := checkSpecs(specs); err != nil {
		return answer{}, err
	}
	if len(specs) == 0 {
		return answer{}, invalid("At least one association type is required")
	}
	r, from, to, err := c.pair()
	if err != nil {
		return answer{}, err
	}
	types, err := c.typesOf(r, specs, from, to)
	if err == nil {
		err = r.Label(from, to, types...)
	}
	if err != nil {
		return answer{}, associationProblem(err)
	}
	return ok(http.StatusCreated, labelledPair{r.From().TypeID, from, r.To().TypeID, to, labelsOf(types)})
}

// defaultAssociation answers PUT …/associations/default/{to}/{toId}, in the envelope of a batch.
func (c *call) defaultAssociation() (answer, error) {
	r, from, to, err := c.pair()
	if err != nil {
		return answer{}, err
	}
	if err := r.Associate(from, to); err != nil {
		return answer{}, associationProblem(err)
	}
	return c.batchAnswer(http.StatusOK, [][]byte{encode(defaultPair(r, from, to))}, nil, 0)
}

// archiveAssociation answers DELETE …/associations/{to}/{toId}. What is not there is no error.
func (c *call) archiveAssociation() (answer, error) {
	r, from, to, err := c.pair()
	if err != nil {
		return answer{}, err
	}
	r.Dissociate(from, to)
	return answer{status: http.StatusNoContent}, nil
}
