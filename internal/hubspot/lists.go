package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// Limits of the lists' API ("Lists").
const (
	listsPage   = 500 // lists of a search
	membersPage = 250 // members of a page

	memberWrites = 10_000 // records added or removed by a call; the pages say 100,000
)

// RecordList is a list of records, which HubSpot's pages call a segment.
type RecordList struct {
	ID         string
	Name       string // unique among the object's lists
	ObjectType string // 0-1: contacts, 0-2: companies, 0-3: deals
	Size       int
	Stamp      string // moves with its settings, and when a record was last added or removed
	Processing string // MANUAL and SNAPSHOT: its members are chosen; DYNAMIC: they follow from its filters
}

// RecordLists are the portal's lists.
//
// POST /crm/lists/{version}/search ("Search for a list"): 500 a call; scope crm.lists.read.
func (c *Client) RecordLists(ctx context.Context) ([]RecordList, error) {
	var all []RecordList
	for offset := 0; ; offset += listsPage {
		body, err := json.Marshal(map[string]any{
			"query": "", "count": listsPage, "offset": offset,
			"additionalProperties": []string{"hs_list_size", "hs_last_record_added_at", "hs_last_record_removed_at"},
		})
		if err != nil {
			return nil, err
		}
		var page struct {
			More  bool `json:"hasMore"`
			Lists []struct {
				ID         string            `json:"listId"`
				Name       string            `json:"name"`
				ObjectType string            `json:"objectTypeId"`
				UpdatedAt  string            `json:"updatedAt"`
				Processing string            `json:"processingType"`
				More       map[string]string `json:"additionalProperties"`
			} `json:"lists"`
		}
		if _, err := c.do(ctx, call{
			method: http.MethodPost, path: c.version.area("crm", "lists", "search", nil), body: body, repeatable: true,
			read: func(answer []byte) error { return json.Unmarshal(answer, &page) },
		}); err != nil {
			return nil, fmt.Errorf("hubspot.RecordLists: %w", err)
		}
		for _, l := range page.Lists {
			size, err := strconv.Atoi(l.More["hs_list_size"])
			if err != nil {
				size = -1 // HubSpot does not say: the stamps have to do
			}
			all = append(all, RecordList{l.ID, l.Name, l.ObjectType, size,
				l.UpdatedAt + " " + l.More["hs_last_record_added_at"] + " " + l.More["hs_last_record_removed_at"], l.Processing})
		}
		if !page.More || len(page.Lists) == 0 {
			return all, nil
		}
	}
}

// ListMembers are the ids of a list's records.
//
// GET /crm/lists/{version}/{list}/memberships ("Fetch list memberships"): 250 a call; scope crm.lists.read.
func (c *Client) ListMembers(ctx context.Context, list string) ([]string, error) {
	query := url.Values{"limit": {strconv.Itoa(membersPage)}}
	var ids []string
	for {
		var page struct {
			Results []struct {
				ID string `json:"recordId"`
			} `json:"results"`
			Paging struct {
				Next struct {
					After string `json:"after"`
				} `json:"next"`
			} `json:"paging"`
		}
		if _, err := c.do(ctx, call{
			method: http.MethodGet, path: c.version.area("crm", "lists", list, []string{"memberships"}), query: query, repeatable: true,
			read: func(answer []byte) error {
				if err := json.Unmarshal(answer, &page); err != nil {
					return err
				}
				if page.Results == nil {
					return shape("an answer without results")
				}
				if page.Paging.Next.After != "" && page.Paging.Next.After == query.Get("after") {
					return shape("a cursor that leads to itself")
				}
				return nil
			},
		}); err != nil {
			return nil, fmt.Errorf("hubspot.ListMembers(%s): %w", list, err)
		}
		for _, r := range page.Results {
			ids = append(ids, r.ID)
		}
		if page.Paging.Next.After == "" {
			return ids, nil
		}
		query.Set("after", page.Paging.Next.After)
	}
}

// AddMembers puts records into a list whose members are chosen; those that are in it already pass. missing are the
// ids of which HubSpot has no record.
//
// PUT /crm/lists/{version}/{list}/memberships/add ("Add records to a list"); scope crm.lists.write.
func (c *Client) AddMembers(ctx context.Context, list string, ids []string) (missing []string, err error) {
	return c.changeMembers(ctx, list, "add", ids)
}

// RemoveMembers takes records out of such a list; those that are not in it pass.
//
// PUT /crm/lists/{version}/{list}/memberships/remove ("Remove records from a list"); scope crm.lists.write.
func (c *Client) RemoveMembers(ctx context.Context, list string, ids []string) error {
	_, err := c.changeMembers(ctx, list, "remove", ids)
	return err
}

func (c *Client) changeMembers(ctx context.Context, list, how string, ids []string) (missing []string, err error) {
	for chunk := range slices.Chunk(ids, memberWrites) {
		body, err := json.Marshal(chunk)
		if err != nil {
			return nil, err
		}
		var answer struct {
			Missing []string `json:"recordIdsMissing"`
		}
		if _, err := c.do(ctx, call{
			method: http.MethodPut, path: c.version.area("crm", "lists", list, []string{"memberships", how}), body: body, repeatable: true, writes: true,
			read: func(text []byte) error { return json.Unmarshal(text, &answer) },
		}); err != nil {
			return nil, fmt.Errorf("hubspot.changeMembers(%s, %s): %w", list, how, refused(err))
		}
		missing = append(missing, answer.Missing...)
	}
	return missing, nil
}

// listsOfBatch is how many records one call tells the lists of.
const listsOfBatch = 100

// ListsOf are the ids of the lists that each of an object's records is in; objectType is the object's type id or name.
//
// POST /crm/lists/{version}/records/memberships/batch/read ("Get lists a record is member of"); scope crm.lists.read.
func (c *Client) ListsOf(ctx context.Context, objectType string, ids []string) (map[string][]string, error) {
	type input struct {
		Object string `json:"objectTypeId"`
		ID     string `json:"recordId"`
	}
	all := map[string][]string{}
	for chunk := range slices.Chunk(ids, listsOfBatch) {
		var inputs []input
		for _, id := range chunk {
			inputs = append(inputs, input{objectType, id})
		}
		body, err := json.Marshal(map[string]any{"inputs": inputs})
		if err != nil {
			return nil, err
		}
		var answer struct {
			Results []struct {
				ID    string `json:"recordId"`
				Lists []struct {
					ID string `json:"listId"`
				} `json:"recordListMemberships"`
			} `json:"results"`
		}
		if _, err := c.do(ctx, call{
			method: http.MethodPost, path: c.version.area("crm", "lists", "records", []string{"memberships", "batch", "read"}), body: body, repeatable: true,
			read: func(text []byte) error { return json.Unmarshal(text, &answer) },
		}); err != nil {
			return nil, fmt.Errorf("hubspot.ListsOf(%s, %d records): %w", objectType, len(ids), err)
		}
		for _, r := range answer.Results {
			for _, l := range r.Lists {
				all[r.ID] = append(all[r.ID], l.ID)
			}
		}
	}
	return all, nil
}
