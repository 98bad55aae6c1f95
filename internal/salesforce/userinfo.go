package salesforce

import (
	"context"
	"net/http"

	"lockstep/internal/wire"
)

// UserInfo is whose session this is.
type UserInfo struct {
	UserID         string `json:"user_id"`         // 18 characters; LastModifiedById of our writes
	OrganizationID string `json:"organization_id"` // 18 characters; what a warehouse is bound to
	Username       string `json:"preferred_username"`
	Name           string `json:"name"`
	UserType       string `json:"user_type"` // "STANDARD", …
	Language       string `json:"language"`  // messages of Salesforce are in it
	Locale         string `json:"locale"`
	Active         bool   `json:"active"`

	// IntegrationUser: the user has the Salesforce Integration licence. Nil: not said.
	IntegrationUser *bool `json:"is_salesforce_integration_user"`
}

// UserInfo asks whose session this is ("OpenID Connect: UserInfo Endpoint"). One call. It
// refuses an ended session as 403 with the text Bad_OAuth_Token, not as 401.
func (c *Client) UserInfo(ctx context.Context) (*UserInfo, error) {
	const endpoint = "oauth2/userinfo"
	res, err := c.wire.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/services/oauth2/userinfo", Endpoint: endpoint})
	if err != nil {
		return nil, err
	}
	var u UserInfo
	if err := c.decode(http.MethodGet, endpoint, res, &u, false); err != nil {
		return nil, err
	}
	u.UserID, u.OrganizationID = ID18(u.UserID), ID18(u.OrganizationID)
	return &u, nil
}
