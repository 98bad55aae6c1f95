package hubspot

import (
	"net/http"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// batchUpsert answers POST /crm/v3/objects/{type}/batch/upsert: all or nothing, unless the rows are traced.
// By e-mail it is all or nothing in any case.
func (c *call) batchUpsert() (answer, error) {
	inputs, err := c.decodeBatch()
	if err != nil {
		return answer{}, err
	}
	if err := withoutAssociations(inputs); err != nil {
		return answer{}, err
	}
	key, err := c.upsertKey(inputs)
	if err != nil {
		return answer{}, err
	}
	ids := make([]string, len(inputs))
	targets := make([]portal.Record, len(inputs))
	isNew := make([]bool, len(inputs))
	for i, in := range inputs {
		ids[i] = string(in.ID)
		if key.Name == "email" {
			ids[i] = strings.ToLower(ids[i])
		}
		r, found := c.object.ByKey(key, ids[i])
		targets[i], isNew[i] = r, !found
		if found {
			ids[i] = idText(r.ID()) // two values may lead to one record
		}
	}
	if err := unrepeated(ids); err != nil {
		return answer{}, err
	}
	b := c.begin(inputs)
	b.multi = b.multi && key.Name != "email"
	for i, in := range inputs {
		b.row(i, func(w *portal.Write, properties map[string]string) error {
			if !isNew[i] {
				return w.Update(targets[i].ID(), properties)
			}
			if err := c.owned(nil); err != nil {
				return err
			}
			withKey := map[string]string{key.Name: string(in.ID)}
			for name, v := range properties {
				withKey[name] = v // a different value of the key among the properties wins
			}
			return w.Create(withKey)
		})
	}
	return b.finish(http.StatusOK, isNew)
}

// upsertKey is the property all rows are found by. Record ids are none: for those there is batch/update.
func (c *call) upsertKey(inputs []batchInput) (*portal.Property, error) {
	name := ""
	for _, in := range inputs {
		switch {
		case in.ID == "":
			return nil, required("id")
		case in.IDProperty == "":
			return nil, c.notUnique("hs_object_id")
		case name != "" && in.IDProperty != name:
			return nil, invalid("All inputs must have the same idProperty")
		}
		name = in.IDProperty
	}
	if name == "" {
		return nil, required("inputs")
	}
	return c.keyProperty(name)
}
