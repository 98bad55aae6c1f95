package hubspot

import (
	"net/http"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// ownerAnswer is an owner as the API shows it. An archived owner has no userId any more.
type ownerAnswer struct {
	ID         string `json:"id"`
	Email      string `json:"email"`
	Type       string `json:"type"`
	FirstName  string `json:"firstName"`
	LastName   string `json:"lastName"`
	UserID     *int64 `json:"userId"`
	LastUserID int64  `json:"userIdIncludingInactive"`
	CreatedAt  string `json:"createdAt"`
	UpdatedAt  string `json:"updatedAt"`
	Archived   bool   `json:"archived"`

	Teams []portal.Team `json:"teams,omitempty"`
}

func answerOf(o portal.Owner) ownerAnswer {
	a := ownerAnswer{
		ID: o.ID, Email: o.Email, Type: o.Type, FirstName: o.FirstName, LastName: o.LastName, LastUserID: o.UserID,
		CreatedAt: portal.Instant(o.CreatedAt.UnixMilli()), UpdatedAt: portal.Instant(o.UpdatedAt.UnixMilli()), Archived: o.Archived, Teams: o.Teams,
	}
	if !o.Archived {
		a.UserID = &o.UserID
	}
	return a
}

// listOwners answers GET /crm/v3/owners.
func (c *call) listOwners() (answer, error) {
	limit, err := c.integer("limit", 100, 1, 500)
	if err != nil {
		return answer{}, err
	}
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	query := c.r.URL.Query()
	after, email := query.Get("after"), query.Get("email")
	page := []ownerAnswer{}
	out := map[string]any{}
	for _, o := range c.portal.Owners(archived) {
		if email != "" && !strings.EqualFold(email, o.Email) {
			continue
		}
		if after != "" && portal.CompareIDs(o.ID, after) <= 0 {
			continue
		}
		if len(page) == limit {
			out["paging"] = c.paging(page[limit-1].ID)
			break
		}
		page = append(page, answerOf(o))
	}
	out["results"] = page
	return ok(http.StatusOK, out)
}

// readOwner answers GET /crm/v3/owners/{id}.
func (c *call) readOwner() (answer, error) {
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	by := c.r.URL.Query().Get("idProperty")
	if by != "" && by != "id" && by != "userId" {
		return answer{}, invalid("idProperty must be id or userId")
	}
	for _, o := range c.portal.Owners(archived) {
		if by == "userId" && idText(o.UserID) == c.params["id"] || by != "userId" && o.ID == c.params["id"] {
			return ok(http.StatusOK, answerOf(o))
		}
	}
	return answer{}, &problem{http: http.StatusNotFound, Message: "resource not found"}
}
