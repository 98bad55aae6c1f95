package hubspot

import (
	"net/http"
	"slices"
	"strconv"
)

// endRoutes are the ways in which a record goes that are no archiving.
var endRoutes = []route{
	{"POST", "/crm/objects/{type}/merge", writeObjects, "", false, (*call).mergeRecords},
	{"POST", "/crm/objects/{type}/gdpr-delete", writeObjects, "", false, (*call).gdprDelete},
}

// mergeable are HubSpot's own objects of which records can be merged; custom objects can be, too.
var mergeable = []string{"contacts", "companies", "deals", "tickets"}

// mergeRecords answers POST /crm/v3/objects/{type}/merge.
func (c *call) mergeRecords() (answer, error) {
	if !slices.Contains(mergeable, c.object.Plural) && !c.object.IsCustom() {
		return answer{}, errNoSuchPath
	}
	var in struct {
		Primary text `json:"primaryObjectId"`
		Other   text `json:"objectIdToMerge"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Primary == "" || in.Other == "" {
		return answer{}, required("objectIdToMerge", "primaryObjectId")
	}
	var ids [2]int64
	for i, id := range []text{in.Primary, in.Other} {
		r, err := c.find(string(id), "", false)
		if err != nil {
			return answer{}, err
		}
		ids[i] = r.ID()
	}
	by := c.source()
	by.Type = "MERGE_OBJECTS"
	r, err := c.object.Merge(ids[0], ids[1], by)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.appendWritten(nil, r, nil, extras{})}, nil
}

// gdprDelete answers POST /crm/v3/objects/contacts/gdpr-delete: the contact is gone for good. An address that no contact has is
// kept from being used.
func (c *call) gdprDelete() (answer, error) {
	if c.object.Plural != "contacts" {
		return answer{}, errNoSuchPath
	}
	var in struct {
		ID         text   `json:"objectId"`
		IDProperty string `json:"idProperty"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.ID == "" {
		return answer{}, required("objectId")
	}
	done := answer{status: http.StatusNoContent}
	switch in.IDProperty {
	case "", "hs_object_id":
		n, err := strconv.ParseInt(string(in.ID), 10, 64)
		if err != nil {
			_, err = c.find(string(in.ID), "", false)
			return answer{}, err
		}
		return done, c.object.Forget(c.object.Survivor(n))
	case "email":
		r, found := c.object.ByKey(c.object.Property("email"), string(in.ID))
		if !found {
			c.portal.Block(string(in.ID))
			return done, nil
		}
		return done, c.object.Forget(r.ID())
	}
	return answer{}, invalid("idProperty must be email")
}
