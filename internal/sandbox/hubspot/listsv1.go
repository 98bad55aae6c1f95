package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// The contact lists of v1, which is going away, and the mapping of their ids.

// legacyView is a list as v1 shows it.
func (c *call) legacyView(l *portal.List) map[string]any {
	kind, processing := "STATIC", "DONE"
	if l.Processing == portal.Dynamic {
		kind = "DYNAMIC"
	}
	if !l.Processed() {
		processing = "PROCESSING"
	}
	return map[string]any{
		"portalId": c.portal.ID, "listId": l.LegacyID, "internalListId": l.LegacyID, "createdAt": l.CreatedAt, "updatedAt": l.UpdatedAt, "name": l.Name,
		"listType": kind, "authorId": 76070032, "filters": []any{}, "archived": false, "teamIds": []any{}, "dynamic": kind == "DYNAMIC",
		"metaData": map[string]any{
			"size": l.Size(), "lastSizeChangeAt": max(l.AddedAt, l.RemovedAt), "processing": processing, "lastProcessingStateChangeAt": l.FilteredAt,
			"error": "", "listReferencesCount": nil, "parentFolderId": nil,
		},
	}
}

func (c *call) legacyLists() []*portal.List {
	return slices.DeleteFunc(c.portal.Lists(), func(l *portal.List) bool { return l.LegacyID == 0 })
}

// legacyList finds the list that a v1 path names.
func (c *call) legacyList() (*portal.List, error) {
	for _, l := range c.legacyLists() {
		if idText(l.LegacyID) == c.params["listId"] {
			return l, nil
		}
	}
	return nil, &problem{http: http.StatusNotFound, Message: fmt.Sprintf("List with id %s does not exist", c.params["listId"])}
}

// listListsV1 answers GET /contacts/v1/lists.
func (c *call) listListsV1() (answer, error) {
	count, err := c.integer("count", 20, 1, 250)
	if err != nil {
		return answer{}, err
	}
	offset, err := c.integer("offset", 0, 0, 1<<31)
	if err != nil {
		return answer{}, err
	}
	all := c.legacyLists()
	views := []any{}
	for _, l := range all[min(offset, len(all)):min(offset+count, len(all))] {
		views = append(views, c.legacyView(l))
	}
	return ok(http.StatusOK, map[string]any{"offset": offset + len(views), "has-more": offset+count < len(all), "lists": views})
}

// readListV1 answers GET /contacts/v1/lists/{listId}.
func (c *call) readListV1() (answer, error) {
	l, err := c.legacyList()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, c.legacyView(l))
}

// listContactsV1 answers GET /contacts/v1/lists/{listId}/contacts/all.
func (c *call) listContactsV1() (answer, error) {
	l, err := c.legacyList()
	if err != nil {
		return answer{}, err
	}
	count, err := c.integer("count", 20, 1, 100)
	if err != nil {
		return answer{}, err
	}
	var offset int64
	if s := c.r.URL.Query().Get("vidOffset"); s != "" {
		if offset, err = strconv.ParseInt(s, 10, 64); err != nil {
			return answer{}, invalid(fmt.Sprintf("Invalid query parameter vidOffset: %s is not a number", s))
		}
	}
	names := append(slices.Clone(c.r.URL.Query()["property"]), "firstname", "lastname", "company", "lastmodifieddate")
	all := slices.DeleteFunc(l.Members(false), func(m portal.Member) bool { return m.ID <= offset })
	page := all[:min(count, len(all))]
	rows := []any{}
	for _, m := range page {
		if r, live := l.Object().Get(m.ID, false); live {
			rows = append(rows, c.contactV1(r, m, c.propertiesOf(l.Object(), names)))
		}
	}
	if len(page) > 0 {
		offset = page[len(page)-1].ID
	}
	return ok(http.StatusOK, map[string]any{"contacts": rows, "has-more": len(all) > len(page), "vid-offset": offset})
}

// contactV1 is a contact as v1 shows it: stamps are milliseconds, e-mail addresses stand among the identities.
func (c *call) contactV1(r portal.Record, m portal.Member, properties []*portal.Property) map[string]any {
	values := map[string]any{}
	for _, p := range properties {
		v := r.Value(p)
		if v == "" {
			continue
		}
		if ms, ok := portal.ParseInstant(v); ok && p.Type == "datetime" {
			v = idText(ms)
		}
		values[p.Name] = map[string]string{"value": v}
	}
	identities := []any{}
	if email := r.Value(r.Object().Property("email")); email != "" {
		identities = append(identities, map[string]any{"type": "EMAIL", "value": email, "timestamp": r.Created()})
	}
	return map[string]any{
		"addedAt": m.At, "vid": m.ID, "canonical-vid": m.ID, "merged-vids": []any{}, "portal-id": c.portal.ID, "is-contact": true, "properties": values,
		"form-submissions": []any{}, "merge-audits": []any{},
		"identity-profiles": []any{map[string]any{"vid": m.ID, "saved-at-timestamp": r.Created(), "deleted-changed-timestamp": 0, "identities": identities}},
	}
}

// idMapping is what one list is called in both APIs.
type idMapping struct {
	Legacy string `json:"legacyListId"`
	ID     string `json:"listId"`
}

func (c *call) mapped(legacy string) (idMapping, bool) {
	for _, l := range c.legacyLists() {
		if idText(l.LegacyID) == legacy {
			return idMapping{legacy, idText(l.ID)}, true
		}
	}
	return idMapping{}, false
}

// mapListID answers GET /crm/v3/lists/idmapping?legacyListId=.
func (c *call) mapListID() (answer, error) {
	legacy := c.r.URL.Query().Get("legacyListId")
	m, found := c.mapped(legacy)
	if !found {
		return answer{}, &problem{
			http: http.StatusNotFound, Message: fmt.Sprintf("Legacy list does not exist with ID %s.", legacy), Category: "OBJECT_NOT_FOUND",
			Context: map[string]any{"legacyListId": []string{legacy}},
		}
	}
	return ok(http.StatusOK, m)
}

// mapListIDs answers POST /crm/v3/lists/idmapping. The body is a bare array of v1 ids.
func (c *call) mapListIDs() (answer, error) {
	ids, err := c.decodeTexts()
	if err != nil {
		return answer{}, err
	}
	if len(ids) > listWindow {
		return answer{}, invalid(fmt.Sprintf("At most %d ids can be mapped at a time", listWindow))
	}
	mappings, missing := []idMapping{}, []string{}
	for _, id := range ids {
		if m, found := c.mapped(string(id)); found {
			mappings = append(mappings, m)
		} else {
			missing = append(missing, string(id))
		}
	}
	return ok(http.StatusOK, map[string]any{"legacyListIdsToIdsMapping": mappings, "missingLegacyListIds": missing})
}
