package hubspot_test

import (
	"net/url"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

func TestTokenInfo(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.token = ""
	grant := url.Values{"grant_type": {"refresh_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "refresh_token": {"na1-sandbox"}}
	access := w.form("/oauth/v1/token", grant).body["access_token"].(string)
	w.clock.pass(10 * time.Minute)
	w.call("GET", "/oauth/v1/access-tokens/"+access, nil).want(t, 200, m{"token": access, "token_type": "access", "hub_id": 12345678, "expires_in": 1200, "app_id": 2000001})
	w.call("GET", "/oauth/v1/refresh-tokens/na1-sandbox", nil).want(t, 200, m{"token": "na1-sandbox", "token_type": "refresh", "hub_id": 12345678, "client_id": "sandbox"})
	w.call("GET", "/oauth/v1/access-tokens/none", nil).want(t, 404, m{"message": "resource not found"})
	w.call("GET", "/oauth/2026-03/access-tokens/"+access, nil).want(t, 404, nil)
	w.clock.pass(20 * time.Minute)
	w.call("GET", "/oauth/v1/access-tokens/"+access, nil).want(t, 404, nil)
	w.call("DELETE", "/oauth/v1/refresh-tokens/none", nil).want(t, 404, nil)
	w.call("DELETE", "/oauth/v1/refresh-tokens/na1-sandbox", nil).want(t, 204, nil)
	w.form("/oauth/v1/token", grant).want(t, 400, m{"status": "BAD_REFRESH_TOKEN"})
}
