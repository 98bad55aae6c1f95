package hubspot

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

func oauth(o *Options) {
	o.Token = wire.Secret{}
	o.OAuth = &OAuth{ClientID: "app", ClientSecret: wire.NewSecret("client-secret"), RefreshToken: wire.NewSecret("na1-refresh-1")}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"results":[]}`})
	c := p.client(t)
	if _, err := c.Search(t.Context(), "contacts", Query{}); err != nil {
		t.Fatal(err)
	}
	if got := p.requests()[0].Header.Get("Authorization"); got != "Bearer "+testToken {
		t.Errorf("Authorization: %q", got)
	}
	p.noSecrets(t, Options{Token: wire.NewSecret(testToken)}, c)
}

// A static token is not tried again, whatever HubSpot calls the refusal.
func TestBearerRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"status":"error","message":"Authentication credentials not found. ` + testToken + `","category":"INVALID_AUTHENTICATION"}`,
		`{"status":"error","message":"expired 3 minute(s) ago","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}`,
		`{"status":"error","message":"expired 20705 day(s) ago","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["1970-01-01T00:00:00Z"]}}`,
	} {
		p := script(t, reply{status: 401, body: body})
		_, err := p.client(t).Account(t.Context())
		var e *wire.Error
		if !errors.As(err, &e) || e.Kind != wire.Credentials {
			t.Fatalf("got %v", err)
		}
		p.noSecrets(t, err.Error(), e.Message, e)
	}
}

// tokens is a portal of an OAuth app: every refresh hands out access-1, access-2 …, good for 1,800 s, and calls
// are answered by answer.
func tokens(t *testing.T, answer func(asked) reply) (*portal, *[]asked) {
	var refreshes []asked
	return serve(t, func(a asked) reply {
		if a.Path != "/oauth/2026-03/token" {
			return answer(a)
		}
		refreshes = append(refreshes, a)
		return reply{body: fmt.Sprintf(`{"token_type":"bearer","refresh_token":"na1-refresh-%d","access_token":"access-%d","hub_id":1,"expires_in":1800}`, len(refreshes)+1, len(refreshes))}
	}), &refreshes
}

func TestOAuthRenewsBeforeTheEnd(t *testing.T) {
	t.Parallel()
	p, refreshes := tokens(t, func(asked) reply { return reply{body: `{"results":[]}`} })
	c := p.client(t, oauth)
	for range 4 { // at 0, 800, 1600 and 2400 s
		if _, err := c.Search(t.Context(), "contacts", Query{}); err != nil {
			t.Fatal(err)
		}
		_ = p.Sleep(t.Context(), 800*time.Second)
	}
	var bearers []string
	for _, r := range p.requests() {
		if strings.HasSuffix(r.Path, "/search") {
			bearers = append(bearers, r.Header.Get("Authorization"))
		}
	}
	if diff := cmp.Diff([]string{"Bearer access-1", "Bearer access-1", "Bearer access-1", "Bearer access-2"}, bearers); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	first, second := (*refreshes)[0], (*refreshes)[1]
	form, err := url.ParseQuery(first.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "client_secret": {"client-secret"}, "refresh_token": {"na1-refresh-1"}}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("form (-want +got)\n%s", diff)
	}
	if first.Query != "" || first.Header.Get("Authorization") != "" || first.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("asked ?%s with %v", first.Query, first.Header)
	}
	if !strings.Contains(second.Body, "na1-refresh-2") {
		t.Error("the refresh token that came with the access token is not used")
	}
	p.noSecrets(t, c)
}

func TestOAuthRenewsOnceWhenExpired(t *testing.T) {
	t.Parallel()
	expired := reply{status: 401, body: `{"status":"error","message":"The OAuth token used to make this call expired 3 minute(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}`}
	tests := map[string]struct {
		answer    func(asked) reply
		refreshes int
		ok        bool
	}{
		"the second token is good": {func(a asked) reply {
			if a.Header.Get("Authorization") == "Bearer access-1" {
				return expired
			}
			return reply{body: `{"results":[]}`}
		}, 2, true},
		"none is good": {func(asked) reply { return expired }, 2, false},
		"HubSpot cannot read it": {func(asked) reply {
			return reply{status: 401, body: strings.ReplaceAll(expired.body, "2026-11-21T10:00:00Z", "1970-01-01T00:00:00Z")}
		}, 1, false},
		"it says nothing of expiry": {func(asked) reply { return reply{status: 401, body: `{"category":"INVALID_AUTHENTICATION"}`} }, 1, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, refreshes := tokens(t, tt.answer)
			_, err := p.client(t, oauth).Search(t.Context(), "contacts", Query{})
			if (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
			if len(*refreshes) != tt.refreshes {
				t.Errorf("%d refreshes, want %d", len(*refreshes), tt.refreshes)
			}
			if err != nil {
				p.noSecrets(t, err.Error())
			}
		})
	}
}

// A refresh token that is no longer good needs a person: one call, the object never asked for.
func TestBadRefreshTokenIsTerminal(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 400, body: `{"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token na1-refresh-1 of client-secret is invalid, expired or revoked"}`})
	_, err := p.client(t, oauth).Search(t.Context(), "contacts", Query{})
	var e *wire.Error
	if !errors.As(err, &e) || e.Kind != wire.Credentials || e.Code != "BAD_REFRESH_TOKEN" {
		t.Fatalf("got %v", err)
	}
	var hinted *crm.Hinted
	if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint, "install the app in HubSpot again") {
		t.Errorf("hint %+v", hinted)
	}
	p.noSecrets(t, err.Error(), e.Message)
}

// Anything else that goes wrong with the token is asked for again.
func TestRefreshSurvivesABadGateway(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 502, body: "<html></html>"}, reply{body: `{"access_token":"access-1","expires_in":1800}`}, reply{body: `{"results":[]}`})
	if _, err := p.client(t, oauth).Search(t.Context(), "contacts", Query{}); err != nil {
		t.Error(err)
	}
}

func TestTokenAnswerWithoutToken(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"access_token":"access-1"}`, `{"access_token":"access-1","expires_in":0}`, `{"access_token":17,"expires_in":1800}`} {
		p := script(t, reply{body: body})
		_, err := p.client(t, oauth).Search(t.Context(), "contacts", Query{})
		if err == nil || !strings.Contains(err.Error(), "the answer holds none") {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestNewRefusesCredentials(t *testing.T) {
	t.Parallel()
	token := wire.NewSecret(testToken)
	app := OAuth{ClientID: "app", ClientSecret: wire.NewSecret("client-secret"), RefreshToken: wire.NewSecret("na1-refresh-1")}
	tests := map[string]Options{
		"hubspot has no token":              {},
		"both a token and an OAuth app":     {Token: token, OAuth: &app},
		"needs a client id":                 {OAuth: &OAuth{ClientSecret: app.ClientSecret, RefreshToken: app.RefreshToken}},
		"a client secret and a refresh":     {OAuth: &OAuth{ClientID: "app", RefreshToken: app.RefreshToken}},
		"would carry the token unencrypted": {Token: token, BaseURL: "http://api.example.com"},
	}
	for want, o := range tests {
		_, err := New(o)
		var hinted *crm.Hinted
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &hinted) {
			t.Errorf("got %v, want %q and a hint", err, want)
		}
	}
	if _, err := New(Options{Token: token}); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	if _, err := New(Options{OAuth: &app}); err != nil {
		t.Errorf("the defaults of OAuth: %v", err)
	}
}
