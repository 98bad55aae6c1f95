package hubspot

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// How many members a page holds, and how many ids a change of memberships takes.
const (
	maxMembers       = 250
	maxMemberChanges = 100_000
)

// membership is a record in a list as the API shows it.
type membership struct {
	At string `json:"membershipTimestamp"`
	ID string `json:"recordId"`
}

// listMembers answers GET /crm/v3/lists/{listId}/memberships, by record id.
func (c *call) listMembers() (answer, error) { return c.members(false) }

// listMembersByTime answers GET …/memberships/join-order.
func (c *call) listMembersByTime() (answer, error) { return c.members(true) }

// members pages forwards from after, or backwards from before. A cursor is the place of a member, and does not depend on its being there.
func (c *call) members(byTime bool) (answer, error) {
	l, err := c.list("listId")
	if err != nil {
		return answer{}, err
	}
	limit, err := c.integer("limit", 100, 1, maxMembers)
	if err != nil {
		return answer{}, err
	}
	all := l.Members(byTime)
	start, end := 0, min(limit, len(all))
	after, before := c.r.URL.Query().Get("after"), c.r.URL.Query().Get("before")
	switch {
	case after != "" && before != "":
		return answer{}, invalid("after and before cannot be used together")
	case after != "":
		at, found, err := placeOf(all, after, byTime)
		if err != nil {
			return answer{}, err
		}
		if found {
			at++
		}
		start, end = at, min(at+limit, len(all))
	case before != "":
		at, _, err := placeOf(all, before, byTime)
		if err != nil {
			return answer{}, err
		}
		start, end = max(0, at-limit), at
	}
	rows := []membership{}
	for _, m := range all[start:end] {
		rows = append(rows, membership{portal.Instant(m.At), idText(m.ID)})
	}
	found := map[string]any{"results": rows, "total": len(all)}
	paging := map[string]any{}
	if end < len(all) && end > start {
		paging = c.paging(cursorOf(all[end-1], byTime))
	}
	if start > 0 && end > start {
		cursor := cursorOf(all[start], byTime)
		query := c.r.URL.Query()
		query.Del("after")
		query.Set("before", cursor)
		paging["prev"] = map[string]any{"before": cursor, "link": c.link(c.r.URL.Path, query.Encode())}
	}
	if len(paging) > 0 {
		found["paging"] = paging
	}
	return ok(http.StatusOK, found)
}

// cursorOf names a member's place.
func cursorOf(m portal.Member, byTime bool) string {
	if byTime {
		return idText(m.At) + "-" + idText(m.ID)
	}
	return idText(m.ID)
}

// placeOf finds a cursor's place.
func placeOf(all []portal.Member, cursor string, byTime bool) (int, bool, error) {
	at, id := "0", cursor
	if byTime {
		at, id, _ = strings.Cut(cursor, "-")
	}
	ms, err := strconv.ParseInt(at, 10, 64)
	n, err2 := strconv.ParseInt(id, 10, 64)
	if err != nil || err2 != nil {
		return 0, false, invalid(fmt.Sprintf("Invalid paging cursor: %s", cursor))
	}
	i, found := slices.BinarySearchFunc(all, portal.Member{ID: n, At: ms}, func(a, b portal.Member) int {
		if byTime && a.At != b.At {
			return cmp.Compare(a.At, b.At)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return i, found, nil
}

// byHand finds a list whose members can be changed.
func (c *call) byHand() (*portal.List, error) {
	l, err := c.list("listId")
	if err == nil && l.Processing == portal.Dynamic {
		p := invalid(fmt.Sprintf("List %d is DYNAMIC: its memberships follow from its filters and cannot be changed", l.ID))
		p.SubCategory = "ListError.INVALID_PROCESSING_TYPE"
		err = p
	}
	return l, err
}

// memberIDs reads record ids; what is no number is no record.
func memberIDs(sent []text) (ids []int64, missing []string, err error) {
	if len(sent) > maxMemberChanges {
		return nil, nil, invalid(fmt.Sprintf("At most %d records can be added or removed at a time", maxMemberChanges))
	}
	for _, s := range sent {
		if n, err := strconv.ParseInt(string(s), 10, 64); err == nil {
			ids = append(ids, n)
		} else {
			missing = append(missing, string(s))
		}
	}
	return ids, missing, nil
}

// changeMembers carries out additions and removals and answers with the keys that have something to say; the spelling is HubSpot's.
func (c *call) changeMembers(l *portal.List, add, remove []text) (answer, error) {
	toAdd, missing, err := memberIDs(add)
	if err != nil {
		return answer{}, err
	}
	toRemove, missing2, err := memberIDs(remove)
	if err != nil {
		return answer{}, err
	}
	said := map[string][]string{}
	say := func(key string, ids []int64) {
		for _, id := range ids {
			if text := idText(id); !slices.Contains(said[key], text) {
				said[key] = append(said[key], text)
			}
		}
		c.rand.Shuffle(len(said[key]), func(i, j int) { said[key][i], said[key][j] = said[key][j], said[key][i] })
	}
	added, unknown := l.Add(toAdd)
	removed, unknown2 := l.Remove(toRemove)
	if all := append(missing, missing2...); len(all) > 0 {
		said["recordIdsMissing"] = all
	}
	say("recordsIdsAdded", added)
	say("recordIdsRemoved", removed)
	say("recordIdsMissing", append(unknown, unknown2...))
	return ok(http.StatusOK, said)
}

// addMembers answers PUT /crm/v3/lists/{listId}/memberships/add. The body is a bare array of ids.
func (c *call) addMembers() (answer, error) {
	ids, err := c.decodeTexts()
	if err != nil {
		return answer{}, err
	}
	l, err := c.byHand()
	if err != nil {
		return answer{}, err
	}
	return c.changeMembers(l, ids, nil)
}

// removeMembers answers PUT …/memberships/remove.
func (c *call) removeMembers() (answer, error) {
	ids, err := c.decodeTexts()
	if err != nil {
		return answer{}, err
	}
	l, err := c.byHand()
	if err != nil {
		return answer{}, err
	}
	return c.changeMembers(l, nil, ids)
}

// exchangeMembers answers PUT …/memberships/add-and-remove.
func (c *call) exchangeMembers() (answer, error) {
	var in struct {
		Add    []text `json:"recordIdsToAdd"`
		Remove []text `json:"recordIdsToRemove"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Add == nil || in.Remove == nil {
		return answer{}, required("recordIdsToAdd", "recordIdsToRemove")
	}
	l, err := c.byHand()
	if err != nil {
		return answer{}, err
	}
	return c.changeMembers(l, in.Add, in.Remove)
}

// addMembersFrom answers PUT …/memberships/add-from/{sourceListId}.
func (c *call) addMembersFrom() (answer, error) {
	l, err := c.byHand()
	if err != nil {
		return answer{}, err
	}
	source, err := c.list("sourceId")
	switch {
	case err != nil:
		return answer{}, err
	case source.Object() != l.Object():
		return answer{}, invalid("Both lists must hold records of the same object")
	case source.Size() > maxMemberChanges:
		return answer{}, invalid(fmt.Sprintf("At most %d records can be added at a time", maxMemberChanges))
	}
	l.AddFrom(source)
	return answer{status: http.StatusNoContent}, nil
}

// emptyList answers DELETE …/memberships.
func (c *call) emptyList() (answer, error) {
	l, err := c.byHand()
	if err != nil {
		return answer{}, err
	}
	l.Empty()
	return answer{status: http.StatusNoContent}, nil
}

// recordList is a list that a record is in.
type recordList struct {
	ID      string `json:"listId"`
	Version int    `json:"listVersion"`
	First   string `json:"firstAddedTimestamp"`
	Last    string `json:"lastAddedTimestamp"`
}

func (c *call) listsWith(o *portal.Object, id int64) []recordList {
	all := []recordList{}
	for _, l := range c.portal.Lists() {
		if l.Object() != o {
			continue
		}
		if at, is := l.Since(id); is {
			all = append(all, recordList{idText(l.ID), l.Version, portal.Instant(at), portal.Instant(at)})
		}
	}
	return all
}

// listsOfRecord answers GET /crm/v3/lists/records/{type}/{id}/memberships.
func (c *call) listsOfRecord() (answer, error) {
	r, err := c.find(c.params["id"], "", false)
	if err != nil {
		return answer{}, err
	}
	all := c.listsWith(c.object, r.ID())
	return ok(http.StatusOK, map[string]any{"results": all, "total": len(all)})
}

// listsOfRecords answers POST /crm/v3/lists/records/memberships/batch/read.
func (c *call) listsOfRecords() (answer, error) {
	var in struct {
		Inputs []struct {
			ObjectType string `json:"objectTypeId"`
			ID         text   `json:"recordId"`
		} `json:"inputs"`
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
	var results [][]byte
	var failed []rowError
	for _, row := range in.Inputs {
		o := c.portal.Object(row.ObjectType)
		if o == nil {
			return answer{}, noSuchObject(row.ObjectType)
		}
		n, err := strconv.ParseInt(string(row.ID), 10, 64)
		if _, live := o.Get(n, false); err != nil || !live {
			failed = append(failed, rowError{
				Status: "error", Category: "OBJECT_NOT_FOUND", Message: fmt.Sprintf("%s %s does not exist.", objectWord(o), row.ID),
				Context: map[string][]string{"objectTypeId": {o.TypeID}, "recordId": {string(row.ID)}},
			})
			continue
		}
		results = append(results, encode(map[string]any{"objectTypeId": o.TypeID, "recordId": string(row.ID), "recordListMemberships": c.listsWith(o, n)}))
	}
	return c.batchAnswer(http.StatusOK, results, failed, len(failed))
}
