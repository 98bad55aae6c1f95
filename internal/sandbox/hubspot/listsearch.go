package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// maxListPage is how many lists an answer holds, listWindow how far a search for lists reaches.
const (
	maxListPage = 500
	listWindow  = 10_000
)

// listSearch is the body of a search for lists.
type listSearch struct {
	Query       string   `json:"query"`
	Count       text     `json:"count"`
	Offset      text     `json:"offset"`
	ObjectType  string   `json:"objectTypeId"`
	Processing  []string `json:"processingTypes"`
	Additional  []string `json:"additionalProperties"`
	ListIDs     []text   `json:"listIds"`
	Cursor      text     `json:"after"`
	isByCursor  bool
	object      *portal.Object
	count, skip int
}

// searchLists answers POST /crm/v3/lists/search.
func (c *call) searchLists() (answer, error) {
	in, err := c.listSearch(false)
	if err != nil {
		return answer{}, err
	}
	found := c.listsFound(in)
	page := found[min(in.skip, len(found)):min(in.skip+in.count, len(found))]
	return ok(http.StatusOK, map[string]any{
		"offset": min(in.skip+in.count, max(in.skip, len(found))), "hasMore": in.skip+in.count < len(found), "total": len(found), "lists": searchViews(page),
	})
}

// allLists answers POST /crm/lists/2026-09/all: the same, paged by a cursor and without an end.
func (c *call) allLists() (answer, error) {
	in, err := c.listSearch(true)
	if err != nil {
		return answer{}, err
	}
	var page []*portal.List
	found := map[string]any{}
	for _, l := range c.listsFound(in) {
		if l.ID <= int64(in.skip) {
			continue
		}
		if len(page) == in.count {
			after := idText(page[len(page)-1].ID)
			found["paging"] = map[string]any{"next": map[string]string{"after": after}}
			break
		}
		page = append(page, l)
	}
	found["lists"] = searchViews(page)
	return ok(http.StatusOK, found)
}

// listSearch reads the body of a search; by a cursor, or by an offset.
func (c *call) listSearch(cursor bool) (in listSearch, err error) {
	if err = c.decode(&in); err != nil {
		return in, err
	}
	in.count, in.isByCursor = 20, cursor
	place := in.Offset
	switch {
	case cursor && in.Offset != "":
		return in, unrecognized("offset")
	case cursor:
		place = in.Cursor
	case in.Cursor != "":
		return in, unrecognized("after")
	}
	if in.Count != "" {
		if in.count, err = strconv.Atoi(string(in.Count)); err != nil {
			return in, cannotRead(in.Count)
		}
	}
	if place != "" {
		if in.skip, err = strconv.Atoi(string(place)); err != nil || in.skip < 0 {
			return in, cannotRead(place)
		}
	}
	if in.count < 1 || in.count > maxListPage {
		return in, invalid(fmt.Sprintf("count must be between 1 and %d", maxListPage))
	}
	if !cursor && in.skip+in.count > listWindow {
		return in, invalid(fmt.Sprintf("A search for lists can be paged through its first %d results only", listWindow))
	}
	if in.ObjectType != "" {
		if in.object = c.portal.Object(in.ObjectType); in.object == nil {
			return in, noSuchObject(in.ObjectType)
		}
	}
	return in, nil
}

// listsFound are the lists that match, by id.
func (c *call) listsFound(in listSearch) []*portal.List {
	query := strings.ToLower(in.Query)
	return slices.DeleteFunc(c.portal.Lists(), func(l *portal.List) bool {
		return !strings.Contains(strings.ToLower(l.Name), query) ||
			in.object != nil && l.Object() != in.object ||
			len(in.Processing) > 0 && !slices.Contains(in.Processing, l.Processing) ||
			len(in.ListIDs) > 0 && !slices.Contains(in.ListIDs, text(idText(l.ID)))
	})
}

// searchViews show lists as a search does: with counters as text, without permissions.
func searchViews(lists []*portal.List) []listView {
	views := []listView{}
	for _, l := range lists {
		v := viewOf(l, false)
		v.Permissions, v.Membership = nil, nil
		v.Additional = map[string]string{"hs_list_size": strconv.Itoa(l.Size()), "hs_list_reference_count": "0"}
		if l.AddedAt != 0 {
			v.Additional["hs_last_record_added_at"] = idText(l.AddedAt)
		}
		if l.RemovedAt != 0 {
			v.Additional["hs_last_record_removed_at"] = idText(l.RemovedAt)
		}
		views = append(views, v)
	}
	return views
}
