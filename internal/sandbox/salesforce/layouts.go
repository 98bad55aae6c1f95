package salesforce

import (
	"encoding/json"

	"lockstep/internal/sandbox/salesforce/store"
)

// layouts is GET /sobjects/X/describe/layouts: no page layouts, and the record types they would be for.
func (c *call) layouts(args []string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	return ok(map[string]any{"layouts": []any{}, "recordTypeSelectorRequired": []bool{false}, "recordTypeMappings": []map[string]any{{
		"active": true, "available": true, "defaultRecordTypeMapping": true, "developerName": "Master", "layoutId": nil, "master": true,
		"name": "Master", "picklistsForRecordType": []any{}, "recordTypeId": "012000000000000AAA",
		"urls": map[string]string{"layout": c.base() + "/sobjects/" + o.Name + "/describe/layouts/012000000000000AAA"},
	}}})
}

// maxRecent is how many records are told of as recent.
const maxRecent = 10

// recentItems are the records of an object that the user saved last. The original counts views too.
func (c *call) recentItems(o *store.Object) []any {
	list := []any{}
	shape, errs := c.org.Selection(o, c.user, []string{"Id", "Name"})
	if errs != nil {
		shape, _ = c.org.Selection(o, c.user, []string{"Id"})
	}
	for _, id := range o.SavedBy(c.user, maxRecent) {
		b, state := c.org.AppendByID(nil, o, id, shape, c.base())
		if state == store.Found {
			list = append(list, json.RawMessage(b))
		}
	}
	return list
}
