package hubspot

import (
	"cmp"
	"net/http"
	"time"
)

// Account is what an account says of itself. Empty fields are a STANDARD account in US dollars, hosted in na1.
type Account struct {
	Type     string   // STANDARD, DEVELOPER_TEST, SANDBOX or APP_DEVELOPER
	Currency string   // the company's, in three letters
	Others   []string // currencies that deals may have beside that one
	Hosting  string   // the data centre: na1, eu1 …; it is part of the address of the user interface
}

func (a Account) withDefaults() Account {
	return Account{cmp.Or(a.Type, "STANDARD"), cmp.Or(a.Currency, "USD"), append([]string{}, a.Others...), cmp.Or(a.Hosting, "na1")}
}

// uiDomain is the host of the user interface.
func (a Account) uiDomain() string {
	if a.Hosting == "na1" {
		return "app.hubspot.com"
	}
	return "app-" + a.Hosting + ".hubspot.com"
}

// accountDetails answers GET /account-info/{version}/details.
func (c *call) accountDetails() (answer, error) {
	now := c.now().In(c.zone)
	_, offset := now.Zone()
	return ok(http.StatusOK, map[string]any{
		"portalId": c.portal.ID, "accountType": c.account.Type, "timeZone": c.zone.String(), "companyCurrency": c.account.Currency,
		"additionalCurrencies": c.account.Others, "utcOffset": now.Format("-07:00"), "utcOffsetMilliseconds": offset * 1000,
		"uiDomain": c.account.uiDomain(), "dataHostingLocation": c.account.Hosting,
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
