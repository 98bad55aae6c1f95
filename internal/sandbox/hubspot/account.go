package hubspot

import (
	"net/http"
	"time"
)

// accountDetails answers GET /account-info/{version}/details.
func (c *call) accountDetails() (answer, error) {
	now := c.now().In(c.zone)
	_, offset := now.Zone()
	return ok(http.StatusOK, map[string]any{
		"portalId": c.portal.ID, "accountType": "STANDARD", "timeZone": c.zone.String(), "companyCurrency": "USD",
		"additionalCurrencies": []string{}, "utcOffset": now.Format("-07:00"), "utcOffsetMilliseconds": offset * 1000,
		"uiDomain": "app.hubspot.com", "dataHostingLocation": "na1",
	})
}

// dailyUsage answers GET /account-info/{version}/api-usage/daily/private-apps.
func (c *call) dailyUsage() (answer, error) {
	now := c.now().In(c.zone)
	year, month, day := now.Date()
	return ok(http.StatusOK, map[string]any{"results": []any{map[string]any{
		"name": "private-apps-api-calls-daily", "usageLimit": c.limits.Daily, "currentUsage": c.limits.today,
		"collectedAt": stamp(now), "fetchStatus": "SUCCESS", "resetsAt": stamp(time.Date(year, month, day+1, 0, 0, 0, 0, c.zone)),
	}}})
}

// stamp is an instant with three digits always, as the account and batch answers have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
