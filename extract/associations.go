package extract

import (
	"context"
	"encoding/json"
	"errors"

	"lockstep/internal/hubspot"
)

// apart tells association columns from properties: they are read by calls of their own.
func apart(columns []string) (properties, associated []string) {
	for _, c := range columns {
		if _, ok := hubspot.AssociationTarget(c); ok {
			associated = append(associated, c)
		} else {
			properties = append(properties, c)
		}
	}
	return properties, associated
}

// associate puts the association columns of a page's records among their properties. Archived records have no
// associations: theirs are blank.
//
// An association that is made or taken away moves no stamp: between two full reads it is seen only if its record
// changed too.
func (s *hubspotSource) associate(ctx context.Context, object string, page *hubspot.Page, columns []string, archived bool) error {
	if len(columns) == 0 || len(page.Rows) == 0 {
		return nil
	}
	var ids []string
	for _, r := range page.Rows {
		ids = append(ids, r.ID)
	}
	values := map[string]map[string]string{}
	for _, c := range columns {
		if archived {
			continue
		}
		of, err := s.client.AssociationValues(ctx, object, c, ids)
		if err != nil {
			return err
		}
		values[c] = of
	}
	var body map[string]json.RawMessage
	var records []map[string]json.RawMessage
	if json.Unmarshal(page.Body, &body) != nil || json.Unmarshal(body["results"], &records) != nil || len(records) != len(ids) {
		return errors.New("hubspot: a page is not the JSON it should be")
	}
	for i, r := range records {
		properties := map[string]json.RawMessage{}
		if json.Unmarshal(r["properties"], &properties) != nil {
			return errors.New("hubspot: a record is not the JSON it should be")
		}
		for _, c := range columns {
			properties[c] = json.RawMessage("null")
			if v := values[c][ids[i]]; v != "" {
				properties[c], _ = json.Marshal(v) // a text: cannot fail
			}
		}
		var err error
		if r["properties"], err = json.Marshal(properties); err != nil {
			return err
		}
	}
	var err error
	if body["results"], err = json.Marshal(records); err != nil {
		return err
	}
	page.Body, err = json.Marshal(body)
	return err
}
