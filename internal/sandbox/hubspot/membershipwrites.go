package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

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
