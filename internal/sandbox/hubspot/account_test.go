package hubspot_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zone of TestDailyLimit, on machines without zones

	"lockstep/internal/sandbox/hubspot"
)

func TestOwners(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for _, values := range []map[string]string{
		{"id": "100", "email": "sam@example.com", "firstName": "Sam", "lastName": "Fox", "userId": "7"}, {"id": "20", "email": "kim@example.com", "userId": "8"},
		{"id": "30", "email": "old@example.com", "userId": "9", "archived": "true"},
	} {
		if _, err := w.Insert("owners", values); err != nil {
			t.Fatal(err)
		}
	}
	w.call("GET", "/crm/v3/owners", nil).want(t, 200, m{
		"results.0.id": "20", "results.2": absent, "paging": absent,
		"results.1": m{
			"id": "100", "email": "sam@example.com", "type": "PERSON", "firstName": "Sam", "lastName": "Fox", "userId": 7.0, "userIdIncludingInactive": 7.0,
			"createdAt": "2026-11-21T10:00:00.250Z", "updatedAt": "2026-11-21T10:00:00.250Z", "archived": false,
		},
	})
	w.call("GET", "/crm/owners/2026-03?archived=true", nil).want(t, 200, m{"results.0.id": "30", "results.0.userId": nil, "results.0.userIdIncludingInactive": 9, "results.0.archived": true})
	w.call("GET", "/crm/v3/owners?limit=1", nil).want(t, 200, m{"results.0.id": "20", "results.1": absent, "paging.next.after": "20"})
	w.call("GET", "/crm/v3/owners?limit=1&after=20", nil).want(t, 200, m{"results.0.id": "100", "paging": absent})
	w.call("GET", "/crm/v3/owners?email=SAM@example.com", nil).want(t, 200, m{"results.0.id": "100", "results.1": absent})
	w.call("GET", "/crm/v3/owners/100", nil).want(t, 200, m{"email": "sam@example.com"})
	w.call("GET", "/crm/v3/owners/8?idProperty=userId", nil).want(t, 200, m{"id": "20"})
	w.call("GET", "/crm/v3/owners/30", nil).want(t, 404, nil)
	w.call("GET", "/crm/v3/owners?limit=501", nil).want(t, 400, nil)
	if err := w.Delete("owners", "20"); err != nil {
		t.Fatal(err)
	}
	if all := w.All("owners"); len(all) != 1 || all[0]["id"] != "100" {
		t.Errorf("left: %v", all)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{
		{Value: "pat-na1-all"}, {Value: "pat-na1-read", Scopes: []string{"crm.objects.contacts.read", "crm.objects.owners.read"}},
	}})
	tests := []struct {
		token, method, path string
		body                any
		status              int
		want                m
	}{
		{"", "GET", contacts, nil, 401, m{"category": "INVALID_AUTHENTICATION"}},
		{"pat-na1-other", "GET", contacts, nil, 401, m{"category": "INVALID_AUTHENTICATION"}},
		{"garbage", "GET", contacts, nil, 401, m{
			"category": "EXPIRED_AUTHENTICATION", "message": "The OAuth token used to make this call expired 20778 day(s) ago.", "context": m{"expire time": list{"1970-01-01T00:00:00Z"}},
		}},
		{"pat-na1-all", "GET", contacts, nil, 200, nil},
		{"pat-na1-read", "GET", contacts, nil, 200, nil},
		{"pat-na1-read", "GET", properties, nil, 200, nil},
		{"pat-na1-read", "GET", "/crm/v3/owners", nil, 200, nil},
		{"pat-na1-read", "GET", "/account-info/v3/details", nil, 200, nil},
		{"pat-na1-read", "POST", search, m{}, 200, nil},
		{"pat-na1-read", "POST", contacts, m{"properties": m{}}, 403, m{
			"category": "MISSING_SCOPES", "links.scopes": "https://developers.hubspot.com/scopes",
			"errors.0": m{"message": "One or more of the following scopes are required.", "context": m{"requiredGranularScopes": list{"crm.objects.contacts.write"}}},
		}},
		{"pat-na1-read", "POST", properties, m{}, 403, m{"errors.0.context.requiredGranularScopes": list{"crm.schemas.contacts.write"}}},
		{"pat-na1-read", "GET", "/crm/v3/properties/companies", nil, 403, m{"errors.0.context.requiredGranularScopes": list{"crm.schemas.companies.read", "crm.objects.companies.read"}}},
	}
	for _, tt := range tests {
		w.token = tt.token
		r := w.call(tt.method, tt.path, tt.body)
		if r.status != tt.status {
			t.Errorf("%s %s %s: %d %s", tt.token, tt.method, tt.path, r.status, r.text)
			continue
		}
		r.want(t, tt.status, tt.want)
	}
	w.call("POST", "/oauth/v2/private-apps/get/access-token-info", m{"tokenKey": "pat-na1-read"}).want(t, 200, m{"hubId": 12345678, "scopes": list{"crm.objects.contacts.read", "crm.objects.owners.read"}})
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{OAuth: hubspot.OAuth{Scopes: []string{"crm.objects.contacts.read"}}})
	grant := url.Values{"grant_type": {"refresh_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "refresh_token": {"na1-sandbox"}}
	r := w.form("/oauth/2026-03/token", grant)
	r.want(t, 200, m{"token_type": "bearer", "expires_in": 1800, "refresh_token": "na1-sandbox", "hub_id": 12345678, "scopes": list{"crm.objects.contacts.read"}})
	w.form("/oauth/v1/token", grant).want(t, 200, m{"hub_id": 12345678, "scopes": list{"crm.objects.contacts.read"}, "user_id": absent, "token_use": absent, "expires_in": 1800})
	w.token = r.body["access_token"].(string)
	r = w.call("GET", contacts, nil)
	r.want(t, 200, nil)
	if r.header.Get("X-HubSpot-RateLimit-Daily") != "" || r.header.Get("X-HubSpot-RateLimit-Max") == "" {
		t.Errorf("an OAuth app has a burst limit and no daily one: %v", r.header)
	}
	w.call("POST", contacts, m{"properties": m{}}).want(t, 403, nil)
	with := func(key, value string) url.Values {
		v := url.Values{"token": {w.token}}
		for k, x := range grant {
			v[k] = x
		}
		v.Set(key, value)
		return v
	}
	w.form("/oauth/v3/token/introspect", with("x", "")).want(t, 200, m{"active": true, "token_use": "access_token", "expires_in": 1800})
	w.clock.pass(33 * time.Minute)
	w.call("GET", contacts, nil).want(t, 401, m{
		"category": "EXPIRED_AUTHENTICATION", "message": "The OAuth token used to make this call expired 3 minute(s) ago.", "context": m{"expire time": list{"2026-11-21T10:30:00Z"}},
	})
	w.form("/oauth/v1/token", with("refresh_token", "na1-old")).want(t, 400, m{
		"error": "invalid_grant", "status": "BAD_REFRESH_TOKEN", "message": "refresh token is invalid, expired or revoked", "category": absent,
	})
	w.form("/oauth/v1/token", with("client_secret", "x")).want(t, 400, m{"status": "BAD_CLIENT_SECRET"})
	w.form("/oauth/v1/token", with("client_id", "x")).want(t, 400, m{"status": "BAD_CLIENT_ID"})
	w.form("/oauth/v1/token", with("grant_type", "password")).want(t, 400, nil)
	w.call("POST", "/oauth/v1/token", m{}).want(t, 415, nil)
	w.form("/oauth/v3/token/revoke", with("token", "na1-sandbox")).want(t, 204, nil)
	w.form("/oauth/v1/token", grant).want(t, 400, m{"status": "BAD_REFRESH_TOKEN"})
}

func TestBurstAndSearchLimits(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Limits: hubspot.Limits{Burst: 20, Search: 5, Daily: 1000}})
	for i := range 20 {
		r := w.call("GET", "/crm/v3/owners", nil)
		r.want(t, 200, nil)
		if i == 0 {
			for name, want := range map[string]string{
				"Daily": "1000", "Daily-Remaining": "999", "Interval-Milliseconds": "10000", "Max": "20", "Remaining": "19", "Secondly": "2", "Secondly-Remaining": "1",
			} {
				if got := r.header.Get("X-HubSpot-RateLimit-" + name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		}
	}
	r := w.call("GET", "/crm/v3/owners", nil)
	r.want(t, 429, m{
		"message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING", "category": absent,
		"requestId": r.header.Get("X-HubSpot-Correlation-Id"),
	})
	if r.header.Get("Retry-After") != "" {
		t.Error("HubSpot sends no Retry-After")
	}
	for range 5 { // searches have a limit of their own
		r = w.call("POST", search, m{})
		r.want(t, 200, nil)
	}
	if r.header.Get("X-HubSpot-RateLimit-Max") != "" || r.header.Get("X-HubSpot-RateLimit-Daily") == "" {
		t.Errorf("headers of a search: %v", r.header)
	}
	w.call("POST", search, m{}).want(t, 429, m{"message": "You have reached your secondly limit.", "category": "RATE_LIMITS", "policyName": absent, "errorType": absent})
	w.clock.pass(time.Second)
	w.call("POST", search, m{}).want(t, 200, nil)
	w.clock.pass(9 * time.Second)
	w.call("GET", "/crm/v3/owners", nil).want(t, 200, nil)
}

func TestDailyLimit(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("US/Eastern")
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, hubspot.Options{Limits: hubspot.Limits{Daily: 3}, TimeZone: zone})
	w.call("GET", "/account-info/2026-03/details", nil).want(t, 200, m{
		"portalId": 12345678, "accountType": "STANDARD", "timeZone": "US/Eastern", "utcOffset": "-05:00", "utcOffsetMilliseconds": -18000000, "uiDomain": "app.hubspot.com",
	})
	w.call("GET", "/account-info/v3/api-usage/daily/private-apps", nil).want(t, 200, m{"results.0": m{
		"name": "private-apps-api-calls-daily", "usageLimit": 3.0, "currentUsage": 2.0, "collectedAt": "2026-11-21T10:00:00.250Z", "fetchStatus": "SUCCESS",
		"resetsAt": "2026-11-22T05:00:00.000Z",
	}})
	w.call("POST", search, m{}).want(t, 200, nil)
	w.call("GET", contacts, nil).want(t, 429, m{"message": "You have reached your daily limit.", "policyName": "DAILY", "errorType": "RATE_LIMIT"})
	w.clock.pass(18*time.Hour + 59*time.Minute) // 23:59 in New York
	w.call("GET", contacts, nil).want(t, 429, nil)
	w.clock.pass(time.Minute)
	r := w.call("GET", contacts, nil)
	r.want(t, 200, nil)
	if got := r.header.Get("X-HubSpot-RateLimit-Daily-Remaining"); got != "2" {
		t.Errorf("left: %s", got)
	}
	if got := r.header.Get("Date"); !strings.HasPrefix(got, "Sun, 22 Nov 2026 05:00:00") {
		t.Errorf("Date is the portal's clock: %s", got)
	}
}

func TestAccountDetails(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Account: hubspot.Account{Type: "SANDBOX", Currency: "EUR", Hosting: "eu1"}})
	w.call("GET", "/account-info/2026-09/details", nil).want(t, 200, m{
		"accountType": "SANDBOX", "companyCurrency": "EUR", "additionalCurrencies": list{}, "uiDomain": "app-eu1.hubspot.com", "dataHostingLocation": "eu1", "timeZone": "UTC", "utcOffset": "+00:00",
	})
	id := w.create(m{"email": "ann@example.com"})
	w.call("GET", contacts+"/"+id, nil).want(t, 200, m{"url": "https://app-eu1.hubspot.com/contacts/12345678/record/0-1/" + id})
}

func TestRequestsRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for _, tt := range []struct {
		method, path, body, kind string
		status                   int
		message                  string
	}{
		{"PUT", contacts, "{}", "application/json", 405, "HTTP 405 Method Not Allowed"},
		{"DELETE", "/crm/v4/associations/contacts/companies/batch/read", "", "", 405, "HTTP 405 Method Not Allowed"},
		{"GET", contacts + "?properties=" + strings.Repeat("x", 9000), "", "", 414, "URI Too Long"},
		{"POST", contacts, "{}", "text/plain", 415, "HTTP 415 Unsupported Media Type"},
		{"POST", contacts, "{}", "", 415, "HTTP 415 Unsupported Media Type"},
		{"POST", "/oauth/2026-03/token", "{}", "application/json", 415, "HTTP 415 Unsupported Media Type"},
		{"POST", contacts, strings.Repeat(" ", 11<<20), "application/json", 413, "HTTP 413 Request Entity Too Large"},
		{"GET", contacts + "?limti=1", "", "", 400, `Unknown query parameter "limti"`},
		{"GET", "/crm/v3/lists?count=2", "", "", 400, `Unknown query parameter "count"`},
		{"GET", contacts + "?a=%zz", "", "", 400, "The query string is malformed"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, w.url+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+w.token)
		if tt.kind != "" {
			req.Header.Set("Content-Type", tt.kind)
		}
		r := w.send(req)
		r.want(t, tt.status, m{"status": "error", "message": tt.message, "correlationId": r.header.Get("X-HubSpot-Correlation-Id")})
	}
	if r := w.call("GET", "/crm/v3/nothing", nil); r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || r.header.Get("X-HubSpot-NotFound") != "true" {
		t.Errorf("a path there is not: %d %v", r.status, r.header)
	}
}
