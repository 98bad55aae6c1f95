package salesforce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// Flow is one of the three ways to open a session: JWTBearer, ClientCredentials, RefreshToken.
//
// golang.org/x/oauth2 is not used for them: its errors quote the body of the answer, and the
// token call shares retries, timeouts and metering with all others this way.
type Flow interface {
	// form is what is posted to the token endpoint.
	form(loginURL string, now time.Time) (url.Values, error)
	secrets() []wire.Secret
	// repeatable: posting the form twice does no harm.
	repeatable() bool
	// opened sees the answer.
	opened(answer tokenAnswer) error
}

// JWTBearer signs in as a user by a certificate that the connected app knows
// ("OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration"). The user has to be
// pre-authorized for the app.
type JWTBearer struct {
	ConsumerKey string
	Username    string      // not the e-mail address
	PrivateKey  wire.Secret // RSA, PEM
	Audience    string      // empty: https://test.salesforce.com for a sandbox's host, else https://login.salesforce.com
}

// assertionLife is how long an assertion is good. It does not limit the session. Salesforce
// takes at most 5 minutes; our clock may be ahead of its.
const assertionLife = 3 * time.Minute

func (f JWTBearer) form(loginURL string, now time.Time) (url.Values, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(f.PrivateKey.Reveal()))
	if err != nil {
		return nil, crm.WithHint(&wire.Error{
			System: crm.Salesforce, Method: http.MethodPost, Endpoint: "oauth2/token", Kind: wire.Credentials,
			Detail: "the private key is not an RSA key in PEM form",
		}, "the key is the .key file that belongs to the certificate uploaded to the connected app")
	}
	assertion, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": f.ConsumerKey, "sub": f.Username, "aud": f.audience(loginURL), "exp": now.Add(assertionLife).Unix(),
	}).SignedString(key)
	if err != nil {
		return nil, err
	}
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}, nil
}

// audience is never the My Domain's URL.
func (f JWTBearer) audience(loginURL string) string {
	if f.Audience != "" {
		return f.Audience
	}
	host := strings.ToLower(loginURL)
	if strings.Contains(host, "//test.salesforce.com") || strings.Contains(host, ".sandbox.") {
		return "https://test.salesforce.com"
	}
	return "https://login.salesforce.com"
}

func (f JWTBearer) secrets() []wire.Secret   { return []wire.Secret{f.PrivateKey} }
func (f JWTBearer) repeatable() bool         { return true }
func (f JWTBearer) opened(tokenAnswer) error { return nil }

// ClientCredentials signs in as the user the connected app runs as ("OAuth 2.0 Client
// Credentials Flow for Server-to-Server Integration"). LoginURL has to be the My Domain.
type ClientCredentials struct {
	ConsumerKey    string
	ConsumerSecret wire.Secret
}

func (f ClientCredentials) form(string, time.Time) (url.Values, error) {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {f.ConsumerKey}, "client_secret": {f.ConsumerSecret.Reveal()},
	}, nil
}

func (f ClientCredentials) secrets() []wire.Secret   { return []wire.Secret{f.ConsumerSecret} }
func (f ClientCredentials) repeatable() bool         { return true }
func (f ClientCredentials) opened(tokenAnswer) error { return nil }

// RefreshToken continues a session a person has granted ("OAuth 2.0 Refresh Token Flow for
// Renewed Sessions"). Use a pointer: with rotation on, the token changes.
type RefreshToken struct {
	ConsumerKey    string
	ConsumerSecret wire.Secret // empty where the app requires none
	Token          wire.Secret

	// Rotated is called with the token to keep when Salesforce hands out a new one in the old
	// one's place. Nil: the new one lives as long as this process.
	Rotated func(wire.Secret) error

	current wire.Secret // guarded by wire.Login: one login at a time
}

func (f *RefreshToken) form(string, time.Time) (url.Values, error) {
	token := f.current
	if token.Reveal() == "" {
		token = f.Token
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.Reveal()}, "client_id": {f.ConsumerKey}}
	if secret := f.ConsumerSecret.Reveal(); secret != "" {
		form.Set("client_secret", secret)
	}
	return form, nil
}

func (f *RefreshToken) secrets() []wire.Secret { return []wire.Secret{f.ConsumerSecret, f.Token} }

// repeatable: with rotation, using a token twice takes it for stolen.
func (f *RefreshToken) repeatable() bool { return f.Rotated == nil }

func (f *RefreshToken) opened(a tokenAnswer) error {
	if a.RefreshToken == "" || a.RefreshToken == f.current.Reveal() {
		return nil
	}
	f.current = wire.NewSecret(a.RefreshToken)
	if f.Rotated == nil {
		return nil
	}
	return f.Rotated(f.current)
}

// tokenAnswer is a success of the token endpoint. There is no expires_in: a session lasts as the
// org's settings say, and longer while it is used. Only the first two are always there.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	InstanceURL  string `json:"instance_url"`
	RefreshToken string `json:"refresh_token"`
}

// logIn opens a session: POST /services/oauth2/token.
func logIn(ctx context.Context, login *wire.Client, flow Flow, loginURL string, now time.Time) (wire.Token, error) {
	form, err := flow.form(loginURL, now)
	if err != nil {
		return wire.Token{}, err
	}
	res, err := login.Do(ctx, wire.Request{
		Method: http.MethodPost, Path: "/services/oauth2/token", Endpoint: "oauth2/token",
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded", Idempotent: flow.repeatable(),
	})
	if err != nil {
		return wire.Token{}, err
	}
	var a tokenAnswer
	if err := json.Unmarshal(res.Body, &a); err != nil || a.AccessToken == "" || a.InstanceURL == "" {
		return wire.Token{}, login.Fail(http.MethodPost, "oauth2/token", res.Status, wire.Verdict{
			Kind: wire.Credentials, Detail: "the answer has no access token or no instance URL",
		}, false)
	}
	if err := flow.opened(a); err != nil {
		return wire.Token{}, crm.WithHint(err, "the refresh token was replaced and could not be kept: authorize the app anew")
	}
	return wire.Token{Bearer: wire.NewSecret(a.AccessToken), BaseURL: a.InstanceURL}, nil
}
