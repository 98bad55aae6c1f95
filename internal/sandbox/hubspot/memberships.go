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
