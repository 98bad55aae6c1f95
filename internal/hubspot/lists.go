package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Limits of the lists' API ("Lists").
const (
	listsPage   = 500 // lists of a search
	membersPage = 250 // members of a page
)

// RecordList is a list of records, which HubSpot's pages call a segment.
type RecordList struct {
	ID         string
	Name       string // unique among the object's lists
	ObjectType string // 0-1: contacts, 0-2: companies, 0-3: deals
	Size       int
	Stamp      string // moves with its settings, and when a record was last added or removed
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
				l.UpdatedAt + " " + l.More["hs_last_record_added_at"] + " " + l.More["hs_last_record_removed_at"]})
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
