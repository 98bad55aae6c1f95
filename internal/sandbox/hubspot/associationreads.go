package hubspot

import (
	"fmt"
	"net/http"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// associatedPage cuts out of a record's associations those after a cursor, which is the last id of the page before.
func associatedPage(all []portal.Association, after text, limit int) (page []portal.Association, next string, err error) {
	if after != "" {
		last, err := strconv.ParseInt(string(after), 10, 64)
		if err != nil {
			return nil, "", invalid(fmt.Sprintf("Invalid paging cursor: %s", after))
		}
		for len(all) > 0 && all[0].To <= last {
			all = all[1:]
		}
	}
	if len(all) > limit {
		return all[:limit], idText(all[limit-1].To), nil
	}
	return all, "", nil
}

// readAssociations answers POST /crm/v4/associations/{from}/{to}/batch/read.
func (c *call) readAssociations() (answer, error) {
	if c.version == "v3" {
		return c.readAssociationsV3()
	}
	r, inputs, err := c.associationReads()
	if err != nil {
		return answer{}, err
	}
	var results [][]byte
	var failed []rowError
	for _, in := range inputs {
		id, err := recordID(in.ID)
		if err != nil {
			failed = append(failed, associationRowError(err))
			continue
		}
		page, next, err := associatedPage(r.Of(id), in.After, maxAssociated)
		if err != nil {
			return answer{}, err
		}
		if len(page) == 0 {
			failed = append(failed, c.noAssociations(in.ID))
			continue
		}
		result := map[string]any{"from": map[string]string{"id": string(in.ID)}, "to": associatedRows(page)}
		if next != "" {
			result["paging"] = map[string]any{"next": map[string]string{"after": next}}
		}
		results = append(results, encode(result))
	}
	return c.batchAnswer(http.StatusOK, results, failed, len(failed))
}

// associatedRow is one associated record in the answers of v4: its id is a number here, and text everywhere else.
type associatedRow struct {
	To    int64      `json:"toObjectId"`
	Types []wireType `json:"associationTypes"`
}

func associatedRows(page []portal.Association) []associatedRow {
	rows := []associatedRow{}
	for _, a := range page {
		rows = append(rows, associatedRow{a.To, wireTypes(a.Types)})
	}
	return rows
}

// associationRead is one record whose associations are asked for.
type associationRead struct {
	ID    text `json:"id"`
	After text `json:"after"`
}

// associationReads reads the body of a batch read.
func (c *call) associationReads() (*portal.Relation, []associationRead, error) {
	var in struct {
		Inputs []associationRead `json:"inputs"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return nil, nil, err
	}
	if in.Inputs == nil {
		return nil, nil, required("inputs")
	}
	return r, in.Inputs, rows(len(in.Inputs), maxAssociationReads, "")
}
