package hubspot

import (
	"encoding/json"
	"net/http"
)

// batchCreateProperties answers POST /crm/v3/properties/{type}/batch/create. Each row stands for itself, without trace ids.
func (c *call) batchCreateProperties() (answer, error) {
	var in struct {
		Inputs []propertyInput `json:"inputs"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := rows(len(in.Inputs), maxPage, ""); err != nil {
		return answer{}, err
	}
	var results [][]byte
	var errors []rowError
	for _, input := range in.Inputs {
		p, err := c.define(input)
		if err != nil {
			errors = append(errors, c.propertyRow(err, input.Name))
			continue
		}
		results = append(results, encode(propertyOf(p, true)))
	}
	return c.batchAnswer(http.StatusCreated, results, errors, len(errors))
}

func (c *call) propertyRow(err error, name string) rowError {
	p := c.problemOf(err, false)
	return rowError{Status: "error", Category: p.Category, SubCategory: p.SubCategory, Message: p.Message, Context: map[string][]string{"name": {name}}}
}

// propertyNames is the body of the batches that name properties.
type propertyNames struct {
	Inputs []struct {
		Name string `json:"name"`
	} `json:"inputs"`
	Archived    bool   `json:"archived"`
	Sensitivity string `json:"dataSensitivity"`
}

// batchReadProperties answers POST /crm/v3/properties/{type}/batch/read.
func (c *call) batchReadProperties() (answer, error) {
	var in propertyNames
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := rows(len(in.Inputs), maxPage, ""); err != nil {
		return answer{}, err
	}
	level, err := sensitivity(in.Sensitivity)
	if err != nil {
		return answer{}, err
	}
	known := map[string]json.RawMessage{}
	for _, p := range c.object.Properties(in.Archived) {
		if p.Sensitivity != level {
			continue
		}
		known[p.Name] = encode(propertyOf(p, false))
	}
	var results [][]byte
	var errors []rowError
	for _, input := range in.Inputs {
		if p, found := known[input.Name]; found {
			results = append(results, p)
		} else {
			errors = append(errors, c.propertyRow(noProperty(input.Name), input.Name))
		}
	}
	return c.batchAnswer(http.StatusOK, results, errors, len(errors))
}

// batchArchiveProperties answers POST /crm/v3/properties/{type}/batch/archive.
func (c *call) batchArchiveProperties() (answer, error) {
	var in propertyNames
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	for _, input := range in.Inputs {
		if p := c.object.Property(input.Name); p != nil && !p.HubSpotDefined {
			c.object.Archive(p)
		}
	}
	return answer{status: http.StatusNoContent}, nil
}
