package hubspot

import (
	"fmt"
	"net/http"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

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
