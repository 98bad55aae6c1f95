package salesforce

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func keyPEM() wire.Secret {
	return wire.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testKey())})))
}

func userInfo() []http.HandlerFunc {
	return one(says(200, `{"sub":"x","user_id":"005x00000012Q9PAAU","organization_id":"00Dx0000000BV7zEAG","preferred_username":"sync@example.org",
		"name":"Lock Step","email":"`+theEmail+`","is_salesforce_integration_user":true,"active":true,"user_type":"STANDARD","language":"en_US","locale":"en_US","utcOffset":0}`))
}

func TestJWTBearer(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/oauth2/userinfo": userInfo()})
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	c := o.client(t, func(p *Options) {
		p.Flow = JWTBearer{ConsumerKey: "key", Username: "sync@example.org", PrivateKey: keyPEM()}
		p.Now = func() time.Time { return now }
	})
	got, err := c.UserInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	want := &UserInfo{
		UserID: "005x00000012Q9PAAU", OrganizationID: "00Dx0000000BV7zEAG", Username: "sync@example.org", Name: "Lock Step",
		UserType: "STANDARD", Language: "en_US", Locale: "en_US", Active: true, IntegrationUser: &yes,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	form, err := url.ParseQuery(o.calls[0].Body)
	if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || len(form) != 2 {
		t.Fatalf("posted %v", form)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(form.Get("assertion"), claims, func(*jwt.Token) (any, error) { return testKey().Public(), nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	wantClaims := jwt.MapClaims{"iss": "key", "sub": "sync@example.org", "aud": "https://login.salesforce.com", "exp": float64(now.Unix() + 180)}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Error(diff)
	}
	if got := o.seen()[0].Header.Get("Authorization"); got != "Bearer "+theToken {
		t.Errorf("called with %q", got)
	}
}

func TestAudience(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"https://login.salesforce.com":                    "https://login.salesforce.com",
		"https://test.salesforce.com":                     "https://test.salesforce.com",
		"https://example.my.salesforce.com":               "https://login.salesforce.com",
		"https://example--uat.sandbox.my.salesforce.com":  "https://test.salesforce.com",
		"https://latest.salesforce.com.my.salesforce.com": "https://login.salesforce.com",
		"https://Example--UAT.Sandbox.my.salesforce.com/": "https://test.salesforce.com",
		"http://127.0.0.1:8080":                           "https://login.salesforce.com",
	} {
		if got := (JWTBearer{}).audience(login); got != want {
			t.Errorf("%s: got %s, want %s", login, got, want)
		}
	}
	if got := (JWTBearer{Audience: "https://x.example.com"}).audience(""); got != "https://x.example.com" {
		t.Errorf("the setting is ignored: %s", got)
	}
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/oauth2/userinfo": userInfo()})
	if _, err := o.client(t).UserInfo(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "client_id=key&client_secret=" + theSecret + "&grant_type=client_credentials"
	if got := o.calls[0]; got.Body != want || got.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || got.Header.Get("Authorization") != "" {
		t.Errorf("posted %+v", got)
	}
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		rotates bool
		second  string // the refresh token used for the second session
	}{{"kept", false, "r1"}, {"rotated", true, "r2"}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{
				"GET /services/oauth2/userinfo": append(one(says(401, expired)), userInfo()...),
			})
			rotation := ""
			if test.rotates {
				rotation = `,"refresh_token":"r2"`
			}
			var sessions []http.HandlerFunc
			for _, token := range []string{"t1", "t2"} {
				sessions = append(sessions, says(200, `{"access_token":"`+token+`","instance_url":"`+o.URL+`"`+rotation+`}`))
			}
			o.routes["POST /services/oauth2/token"] = sessions
			var kept []string
			c := o.client(t, func(p *Options) {
				p.Flow = &RefreshToken{ConsumerKey: "key", Token: wire.NewSecret("r1"), Rotated: func(s wire.Secret) error {
					kept = append(kept, s.Reveal())
					return nil
				}}
			})
			if _, err := c.UserInfo(t.Context()); err != nil {
				t.Fatal(err)
			}
			var used []string
			for _, call := range o.calls {
				if form, err := url.ParseQuery(call.Body); err == nil && form.Get("grant_type") == "refresh_token" {
					used = append(used, form.Get("refresh_token"))
				}
			}
			if diff := cmp.Diff([]string{"r1", test.second}, used); diff != "" {
				t.Error(diff)
			}
			if test.rotates != (len(kept) == 1) {
				t.Errorf("kept %v", kept)
			}
		})
	}
}

func TestRotationThatCannotBeKeptIsAnError(t *testing.T) {
	t.Parallel()
	o := newOrg(t, nil)
	o.routes["POST /services/oauth2/token"] = one(says(200, `{"access_token":"t","instance_url":"`+o.URL+`","refresh_token":"r2"}`))
	full := errors.New("disk full")
	c := o.client(t, func(p *Options) {
		p.Flow = &RefreshToken{Token: wire.NewSecret("r1"), Rotated: func(wire.Secret) error { return full }}
	})
	if _, err := c.UserInfo(t.Context()); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestARotatingTokenIsNotPostedTwice(t *testing.T) {
	t.Parallel()
	for _, rotates := range []bool{false, true} {
		o := newOrg(t, map[string][]http.HandlerFunc{"POST /services/oauth2/token": one(says(500, `{}`))})
		flow := &RefreshToken{Token: wire.NewSecret("r1")}
		if rotates {
			flow.Rotated = func(wire.Secret) error { return nil }
		}
		_, err := o.client(t, func(p *Options) { p.Flow = flow }).UserInfo(t.Context())
		if want := map[bool]int{false: 3, true: 1}[rotates]; err == nil || o.logins() != want {
			t.Errorf("rotates %v: %d posts, want %d; error %v", rotates, o.logins(), want, err)
		}
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status      int
		code, words string
		kind        wire.Kind
		attempts    int
		hint        string // a part of it
	}{
		{400, "invalid_grant", "user hasn't approved this consumer", wire.Credentials, 1, "pre-authorized"},
		{400, "invalid_grant", "audience is invalid", wire.Credentials, 1, "test.salesforce.com"},
		{400, "invalid_grant", "expired authorization code", wire.Credentials, 1, "clock"},
		{400, "invalid_grant", "expired access/refresh token", wire.Credentials, 1, "authorize the app anew"},
		{400, "invalid_grant", "no client credentials user enabled", wire.Credentials, 1, "Run As"},
		{400, "invalid_client_id", "client identifier invalid", wire.Credentials, 1, "consumer key"},
		{401, "invalid_client", "invalid client credentials", wire.Credentials, 1, "consumer secret"},
		{400, "invalid_grant", "something new about " + theEmail + theSecret, wire.Credentials, 1, "LOCKSTEP_"},
		{400, "unknown_error", "retry your request", wire.Retry, 3, "run it again"},
		{503, "unavailable", "", wire.Retry, 3, "run it again"},
	} {
		t.Run(test.words, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{
				"POST /services/oauth2/token": one(says(test.status, `{"error":"`+test.code+`","error_description":"`+test.words+`"}`)),
			})
			_, err := o.client(t).Limits(t.Context())
			var e *wire.Error
			var hinted *crm.Hinted
			if !errors.As(err, &e) || !errors.As(err, &hinted) {
				t.Fatalf("got %v", err)
			}
			if e.Kind != test.kind || e.Code != test.code || e.Attempts != test.attempts || !strings.Contains(hinted.Hint, test.hint) {
				t.Errorf("got %+v, hint %s", *e, hinted.Hint)
			}
			if len(o.seen()) != 0 {
				t.Error("called without a session")
			}
			noLeak(t, o, err)
		})
	}
}

func TestLoginAnswersNonsense(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"no token":               says(200, `{"instance_url":"https://example.my.salesforce.com"}`),
		"no instance":            says(200, `{"access_token":"`+theToken+`"}`),
		"an array":               says(200, `["`+theToken+`"]`),
		"an unencrypted address": says(200, `{"access_token":"`+theToken+`","instance_url":"http://example.my.salesforce.com"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{"POST /services/oauth2/token": one(answer)})
			_, err := o.client(t).Limits(t.Context())
			if err == nil || len(o.seen()) != 0 {
				t.Errorf("got %v", err)
			}
			noLeak(t, o, err)
		})
	}
}

func TestPrivateKeyThatIsNone(t *testing.T) {
	t.Parallel()
	o := newOrg(t, nil)
	_, err := o.client(t, func(p *Options) { p.Flow = JWTBearer{PrivateKey: wire.NewSecret(theSecret)} }).Limits(t.Context())
	if err == nil || !strings.Contains(err.Error(), "not an RSA key") || o.logins() != 0 {
		t.Errorf("got %v", err)
	}
	noLeak(t, o, err)
}

func TestExpiredSession(t *testing.T) {
	t.Parallel()
	limits := says(200, `{"DailyApiRequests":{"Max":15000,"Remaining":14998}}`)
	for _, test := range []struct {
		name          string
		answers       []http.HandlerFunc
		logins, calls int
		fails         bool
	}{
		{"once", []http.HandlerFunc{says(401, expired), limits}, 2, 2, false},
		{"for ever", one(says(401, expired)), 2, 2, true},
		{"not for this API", one(says(401, `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`)), 1, 1, true},
		{"not for agents", one(says(401, `[{"message":"Connected app is not attached to Agent","errorCode":"INVALID_SESSION_ID"}]`)), 1, 1, true},
		{"a malformed header", one(says(401, `[{"message":"INVALID_HEADER_TYPE","errorCode":"INVALID_AUTH_HEADER"}]`)), 1, 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/limits": test.answers})
			o.routes["POST /services/oauth2/token"] = []http.HandlerFunc{o.session(theToken), o.session(theToken + "2")}
			_, err := o.client(t).Limits(t.Context())
			if (err != nil) != test.fails || o.logins() != test.logins || len(o.seen()) != test.calls {
				t.Errorf("%d logins, %d calls, error %v", o.logins(), len(o.seen()), err)
			}
		})
	}
}

func TestUserInfoTellsAnEndedSessionItsOwnWay(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/oauth2/userinfo": append(one(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
	}), userInfo()...)})
	o.routes["POST /services/oauth2/token"] = []http.HandlerFunc{o.session("t1"), o.session("t2")}
	if _, err := o.client(t).UserInfo(t.Context()); err != nil || o.logins() != 2 {
		t.Errorf("%d logins, error %v", o.logins(), err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	flow := ClientCredentials{}
	for name, o := range map[string]Options{
		"no flow":         {LoginURL: "https://login.salesforce.com"},
		"no login host":   {Flow: flow},
		"unencrypted":     {Flow: flow, LoginURL: "http://login.salesforce.com"},
		"a version":       {Flow: flow, LoginURL: "https://login.salesforce.com", Version: "v66"},
		"another version": {Flow: flow, LoginURL: "https://login.salesforce.com", Version: "../v66.0"},
	} {
		_, err := New(o)
		var hinted *crm.Hinted
		if !errors.As(err, &hinted) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for version, want := range map[string]string{"": "v66.0", "66.0": "v66.0", "v59.0": "v59.0"} {
		c, err := New(Options{Flow: flow, LoginURL: "https://login.salesforce.com", Version: version})
		if err != nil || c.Version() != want {
			t.Errorf("version %q: %v", version, err)
		}
	}
}
