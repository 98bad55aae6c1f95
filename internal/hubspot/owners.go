package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// ownersPage is how many owners one answer holds.
const ownersPage = 100

// Owner is a user or queue that records can belong to. Its ID is what hubspot_owner_id holds; UserID is another
// number.
type Owner struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	Type      string    `json:"type"` // PERSON or QUEUE
	FirstName string    `json:"firstName"`
	LastName  string    `json:"lastName"`
	UserID    int64     `json:"userIdIncludingInactive"` // kept when the owner is archived, unlike HubSpot's userId
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"` // does not move when the user edits the profile
	Archived  bool      `json:"archived"`
}

// Owners are the live owners, or the archived ones: records may still name those.
//
// GET /crm/owners/{version} ("Owners"); scope crm.objects.owners.read.
func (c *Client) Owners(ctx context.Context, archived bool) ([]Owner, error) {
	query := url.Values{"limit": {strconv.Itoa(ownersPage)}, "archived": {strconv.FormatBool(archived)}}
	var all []Owner
	for {
		var page struct {
			Results []Owner `json:"results"`
			Paging  struct {
				Next struct {
					After string `json:"after"`
				} `json:"next"`
			} `json:"paging"`
		}
		_, err := c.do(ctx, call{
			method: http.MethodGet, path: c.version.owners(), query: query, repeatable: true,
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
		})
		if err != nil {
			return nil, fmt.Errorf("hubspot.Owners(archived %t): %w", archived, err)
		}
		all = append(all, page.Results...)
		if page.Paging.Next.After == "" {
			return all, nil
		}
		query.Set("after", page.Paging.Next.After)
	}
}
