package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lockstep/internal/wire"
)

// Account is the portal a token belongs to.
type Account struct {
	PortalID         int64    `json:"portalId"`    // the identity of the connection
	Type             string   `json:"accountType"` // STANDARD, DEVELOPER_TEST, SANDBOX or APP_DEVELOPER
	TimeZone         string   `json:"timeZone"`    // IANA name; the daily count of calls resets at its midnight
	Currency         string   `json:"companyCurrency"`
	Currencies       []string `json:"additionalCurrencies"` // beside that one, where deals may have several
	UIDomain         string   `json:"uiDomain"`             // app.hubspot.com, app-eu1.hubspot.com…: links to records begin with it
	DataHostLocation string   `json:"dataHostingLocation"`
}

// ID is the portal id as text.
func (a Account) ID() string { return strconv.FormatInt(a.PortalID, 10) }

// Account says which portal this is.
//
// GET /account-info/{version}/details ("Account information").
func (c *Client) Account(ctx context.Context) (*Account, error) {
	var a Account
	_, err := c.do(ctx, call{
		method: http.MethodGet, path: c.version.account("details"), repeatable: true,
		read: func(answer []byte) error {
			if err := json.Unmarshal(answer, &a); err != nil {
				return err
			}
			if a.PortalID == 0 {
				return shape("an answer without a portal id")
			}
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("hubspot.Account: %w", err)
	}
	return &a, nil
}

// DailyUsage is what all private apps of the account have used of today's calls.
type DailyUsage struct {
	Limit       int64     `json:"usageLimit"`
	Used        int64     `json:"currentUsage"`
	CollectedAt time.Time `json:"collectedAt"`
	ResetsAt    time.Time `json:"resetsAt"` // midnight in the account's time zone
	FetchStatus string    `json:"fetchStatus"`
}

// DailyUsage asks for today's usage and reports it to the Meter as DailyFigure. It is nil where HubSpot has
// none to tell: for OAuth apps, and when the count could not be had.
//
// GET /account-info/{version}/api-usage/daily/private-apps ("Account information", "Private app API usage").
func (c *Client) DailyUsage(ctx context.Context) (*DailyUsage, error) {
	var all []struct {
		Name string `json:"name"`
		DailyUsage
	}
	if err := c.results(ctx, c.version.account("api-usage/daily/private-apps"), &all); err != nil {
		return nil, fmt.Errorf("hubspot.DailyUsage: %w", err)
	}
	for _, u := range all {
		if u.Name != DailyFigure || (u.FetchStatus != "SUCCESS" && u.FetchStatus != "CACHED") {
			continue
		}
		c.Meter().Report(DailyFigure, wire.Figure{Used: u.Used, Limit: u.Limit, Left: max(0, u.Limit-u.Used), At: u.CollectedAt})
		return &u.DailyUsage, nil
	}
	return nil, nil
}
