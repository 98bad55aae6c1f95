package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// batchInput is one row of a batch.
type batchInput struct {
	ID           text               `json:"id"`
	IDProperty   string             `json:"idProperty"`
	Properties   values             `json:"properties"`
	Associations []associationInput `json:"associations"`
	Trace        text               `json:"objectWriteTraceId"`
}

// rows checks the number of inputs.
func rows(n, most int, kind string) error {
	if n > most {
		return invalid(fmt.Sprintf("The maximum number of inputs supported in a batch%s is %d. Please reduce the number of items and try again", kind, most))
	}
	return nil
}

// decodeBatch reads a batch of writes.
func (c *call) decodeBatch() ([]batchInput, error) {
	var in struct {
		Inputs []batchInput `json:"inputs"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Inputs == nil {
		return nil, required("inputs")
	}
	if err := rows(len(in.Inputs), maxPage, ""); err != nil {
		return nil, err
	}
	return in.Inputs, c.unlocked(len(in.Inputs))
}

// batchAnswer is the envelope of every batch. Results come in an order of their own; errors make a 207 of it.
func (c *call) batchAnswer(status int, results [][]byte, errors []rowError, failed int) (answer, error) {
	c.rand.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	b := append([]byte(nil), `{"status":"COMPLETE","results":[`...)
	b = appendList(b, results)
	b = append(b, ']')
	if len(errors) > 0 {
		status = http.StatusMultiStatus
		b = fmt.Appendf(b, `,"numErrors":%d,"errors":%s`, failed, encode(errors))
	}
	at := stamp(c.now())
	b = fmt.Appendf(b, `,"startedAt":"%s","completedAt":"%s"}`, at, at)
	return answer{status: status, body: b}, nil
}

// missing folds all ids that were not found into one error.
func (c *call) missing(ids []string) []rowError {
	if len(ids) == 0 {
		return nil
	}
	return []rowError{{
		Status: "error", Category: "OBJECT_NOT_FOUND", Context: map[string][]string{"ids": ids},
		Message: "Could not get some " + objectWord(c.object) + " objects, they may be deleted or not exist. Check that ids are valid.",
	}}
}

// unrepeated refuses a batch that names a record twice.
func unrepeated(ids []string) error {
	seen := map[string]bool{}
	var twice []string
	for _, id := range ids {
		if seen[id] && !slices.Contains(twice, id) {
			twice = append(twice, id)
		}
		seen[id] = true
	}
	if len(twice) == 0 {
		return nil
	}
	p := invalid("Duplicate IDs found in batch input: [" + strings.Join(twice, ", ") + "]. IDs must be unique")
	p.Context = map[string]any{"ids": twice}
	return p
}

// batchRead answers POST /crm/v3/objects/{type}/batch/read.
func (c *call) batchRead() (answer, error) {
	var in struct {
		Inputs []struct {
			ID text `json:"id"`
		} `json:"inputs"`
		Properties            []string `json:"properties"`
		PropertiesWithHistory []string `json:"propertiesWithHistory"`
		IDProperty            string   `json:"idProperty"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Inputs == nil {
		return answer{}, required("inputs")
	}
	if err := rows(len(in.Inputs), maxPage, ""); err != nil {
		return answer{}, err
	}
	if len(in.PropertiesWithHistory) > 0 {
		if err := rows(len(in.Inputs), maxHistories, " request for property histories"); err != nil {
			return answer{}, err
		}
	}
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	key := (*portal.Property)(nil)
	if in.IDProperty != "" && in.IDProperty != "hs_object_id" {
		if key, err = c.keyProperty(in.IDProperty); err != nil {
			return answer{}, err
		}
	}
	var ids []string
	for _, input := range in.Inputs {
		ids = append(ids, string(input.ID))
	}
	if err := unrepeated(ids); err != nil {
		return answer{}, err
	}
	s := c.selectionOf(in.Properties, in.PropertiesWithHistory)
	var results [][]byte
	var absent []string
	for _, id := range ids {
		r, found := c.lookUp(key, id, archived)
		if !found {
			absent = append(absent, id)
			continue
		}
		results = append(results, c.appendRecord(nil, r, s, extras{}))
	}
	return c.batchAnswer(http.StatusOK, results, c.missing(absent), len(absent))
}

// lookUp finds one row's record by id, or by key where there is one.
func (c *call) lookUp(key *portal.Property, id string, archived bool) (portal.Record, bool) {
	if key != nil {
		return c.object.ByKey(key, id)
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return portal.Record{}, false
	}
	return c.object.Get(n, archived)
}

// traced says whether every row has a trace id of its own: that makes a batch multi-status.
func traced(inputs []batchInput) bool {
	seen := map[text]bool{}
	for _, in := range inputs {
		if in.Trace == "" || seen[in.Trace] {
			return false
		}
		seen[in.Trace] = true
	}
	return len(inputs) > 0
}

// batchCreate answers POST /crm/v3/objects/{type}/batch/create: all or nothing, unless the rows are traced.
func (c *call) batchCreate() (answer, error) {
	inputs, err := c.decodeBatch()
	if err != nil {
		return answer{}, err
	}
	b := c.begin(inputs)
	for i, in := range inputs {
		if in.ID != "" || in.IDProperty != "" {
			return answer{}, invalid("Invalid input JSON on line 1, column 1: Unrecognized field \"id\"")
		}
		b.row(i, func(w *portal.Write, properties map[string]string) error {
			if err := c.owned(b.links[i]); err != nil {
				return err
			}
			return w.Create(properties)
		})
	}
	return b.finish(http.StatusCreated, nil)
}

// batchUpdate answers POST /crm/v3/objects/{type}/batch/update: unknown ids are errors of their row, a refused value is one of the batch.
func (c *call) batchUpdate() (answer, error) {
	inputs, err := c.decodeBatch()
	if err != nil {
		return answer{}, err
	}
	ids := make([]string, len(inputs))
	for i, in := range inputs {
		ids[i] = string(in.ID)
	}
	if err := unrepeated(ids); err != nil {
		return answer{}, err
	}
	if err := withoutAssociations(inputs); err != nil {
		return answer{}, err
	}
	b := c.begin(inputs)
	b.multi = false
	var absent, coordinates []string
	for i, in := range inputs {
		var key *portal.Property
		if in.IDProperty != "" && in.IDProperty != "hs_object_id" {
			if key = c.object.Property(in.IDProperty); key == nil || !key.Unique { // not by e-mail
				return answer{}, c.notUnique(in.IDProperty)
			}
		}
		r, found := c.lookUp(key, ids[i], false)
		if refused := c.refusal(i); refused != nil && refused.Category == "OBJECT_NOT_FOUND" {
			absent = append(absent, ids[i])
			continue
		}
		switch {
		case found:
			b.row(i, func(w *portal.Write, properties map[string]string) error { return w.Update(r.ID(), properties) })
		case key != nil:
			coordinates = append(coordinates, fmt.Sprintf("%s-%s:%s", c.object.TypeID, key.Name, ids[i]))
		default:
			absent = append(absent, ids[i])
		}
	}
	if len(coordinates) > 0 && b.err == nil {
		return answer{}, &problem{
			http: http.StatusNotFound, Category: "OBJECT_NOT_FOUND", Message: "Could not find some " + objectWord(c.object) + " objects by their unique values",
			Context: map[string]any{"missingObjectPropertyValueCoordinates": coordinates},
		}
	}
	b.errors, b.failed = c.missing(absent), len(absent)
	return b.finish(http.StatusOK, nil)
}

// batchArchive answers POST /crm/v3/objects/{type}/batch/archive. Unknown ids are ignored.
func (c *call) batchArchive() (answer, error) {
	inputs, err := c.decodeBatch()
	if err != nil {
		return answer{}, err
	}
	for _, in := range inputs {
		if n, err := strconv.ParseInt(string(in.ID), 10, 64); err == nil {
			_ = c.object.Delete(n) // gone already is fine
		}
	}
	return answer{status: http.StatusNoContent}, nil
}
