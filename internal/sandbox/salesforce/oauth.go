package salesforce

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lockstep/internal/sandbox/salesforce/store"
)

// App is a connected app: who may ask for a token, and how.
type App struct {
	ClientID     string // the consumer key, "iss" of a JWT
	Secret       string // the consumer secret
	RefreshToken string // a refresh token given out before; empty: none
	Certificate  []byte // PEM certificate or public key that JWTs are verified with; empty: any RS256 signature passes
	RunAs        string // Username that client credentials and refresh act as; empty: the integration user
	Unapproved   bool   // JWTs are answered "user hasn't approved this consumer"
}

// DefaultApp is the app of an org set up without any.
var DefaultApp = App{ClientID: "sandbox", Secret: "sandbox", RefreshToken: "sandbox"}

// sessionLength is how long a session lives after its last use, the default of an org.
const sessionLength = 2 * time.Hour

// session is what an access token stands for.
type session struct {
	user store.ID
	app  string
	used time.Time
}

// oauth serves what lies below /services/oauth2. None of it counts against the daily limit.
func (c *call) oauth(path []string) answer {
	if len(path) != 1 {
		return notFound()
	}
	form, err := url.ParseQuery(string(c.body))
	switch {
	case path[0] == "userinfo" && (c.method == http.MethodGet || c.method == http.MethodPost):
		return c.userInfo()
	case c.method != http.MethodPost:
		return oauthError("invalid_request", "must use HTTP POST")
	case err != nil:
		return oauthError("invalid_request", "the form could not be read")
	}
	switch path[0] {
	case "token":
		return c.token(form)
	case "introspect":
		return c.introspect(form)
	case "revoke":
		if _, known := c.sessions[form.Get("token")]; !known {
			return oauthError("unsupported_token_type", "this token type is not supported")
		}
		delete(c.sessions, form.Get("token"))
		return answer{status: http.StatusOK}
	}
	return notFound()
}

func oauthError(code, description string) answer {
	return answer{status: http.StatusBadRequest, body: encode(map[string]string{"error": code, "error_description": description})}
}

func (c *call) token(form url.Values) answer {
	switch form.Get("grant_type") {
	case "":
		return oauthError("invalid_request", "missing required parameter: grant_type")
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		return c.jwtBearer(form.Get("assertion"))
	case "client_credentials", "refresh_token":
	default:
		return oauthError("unsupported_grant_type", "grant type not supported")
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if user, pass, basic := (&http.Request{Header: c.header}).BasicAuth(); basic {
		id, secret = user, pass
	}
	app, known := c.app(id)
	if !known {
		return oauthError("invalid_client_id", "client identifier invalid")
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(app.Secret)) != 1 {
		return oauthError("invalid_client", "invalid client credentials")
	}
	if form.Get("grant_type") == "refresh_token" && (app.RefreshToken == "" || form.Get("refresh_token") != app.RefreshToken) {
		return oauthError("invalid_grant", "expired access/refresh token")
	}
	user, found := c.org.Integration, true
	if app.RunAs != "" {
		user, found = c.activeUser(app.RunAs)
	}
	if !found {
		return oauthError("invalid_grant", "no client credentials user enabled")
	}
	return c.issue(app, user)
}

func (c *call) app(id string) (App, bool) {
	for _, a := range c.options.Apps {
		if a.ClientID == id {
			return a, true
		}
	}
	return App{}, false
}

// activeUser finds an active user by Username, in any case.
func (c *call) activeUser(username string) (store.ID, bool) {
	for _, u := range c.org.All(c.org.Object("User")) {
		if strings.EqualFold(u["Username"], username) && u["IsActive"] == "true" {
			return store.ParseID(u["Id"])
		}
	}
	return store.ID{}, false
}

// jwtBearer checks an assertion in the order Salesforce answers: client, signature, audience, time, user.
func (c *call) jwtBearer(assertion string) answer {
	var claims struct {
		jwt.RegisteredClaims
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation())
	token, _, err := parser.ParseUnverified(assertion, &claims)
	if err != nil || token.Method.Alg() != "RS256" {
		return oauthError("invalid_grant", "invalid assertion")
	}
	app, known := c.app(claims.Issuer)
	if !known {
		return oauthError("invalid_client_id", "client identifier invalid")
	}
	if len(app.Certificate) > 0 {
		key := func(*jwt.Token) (any, error) { return publicKey(app.Certificate) }
		if _, err := parser.Parse(assertion, key); err != nil {
			return oauthError("invalid_grant", "invalid assertion")
		}
	}
	audience := false
	for _, a := range claims.Audience {
		// The simulator is login host and My Domain in one, so its own address passes for the former.
		audience = audience || a == "https://login.salesforce.com" || a == "https://test.salesforce.com" || a == c.host
	}
	now := c.options.Now()
	switch {
	case !audience:
		return oauthError("invalid_grant", "audience is invalid")
	case claims.ExpiresAt == nil || claims.ExpiresAt.Before(now) || claims.ExpiresAt.After(now.AddDate(1, 0, 0)): // the latter: milliseconds
		return oauthError("invalid_grant", "expired authorization code")
	}
	user, found := c.activeUser(claims.Subject)
	if !found || app.Unapproved {
		return oauthError("invalid_grant", "user hasn't approved this consumer")
	}
	return c.issue(app, user)
}

func publicKey(pem []byte) (*rsa.PublicKey, error) { return jwt.ParseRSAPublicKeyFromPEM(pem) }

// issue opens a session. No answer says how long it lives.
func (c *call) issue(app App, user store.ID) answer {
	random := make([]byte, 48)
	rand.Read(random) // never fails
	token := c.org.ID.Short() + "!" + base64.RawURLEncoding.EncodeToString(random)
	now := c.options.Now()
	c.sessions[token] = &session{user: user, app: app.ClientID, used: now}
	return ok(map[string]string{
		"access_token": token, "scope": "api id", "instance_url": c.host, "token_type": "Bearer",
		"id":        c.host + "/id/" + c.org.ID.String() + "/" + user.String(),
		"issued_at": strconv.FormatInt(now.UnixMilli(), 10),
		"signature": base64.StdEncoding.EncodeToString(random[:32]),
	})
}

// authenticate finds the session of a call.
func (c *call) authenticate() (answer, bool) {
	header := c.header.Get("Authorization")
	scheme, token, found := strings.Cut(header, " ")
	if header != "" && (!found || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "OAuth")) {
		return failure(http.StatusUnauthorized, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), false
	}
	s := c.sessions[token]
	now := c.options.Now()
	if s == nil || now.Sub(s.used) > sessionLength {
		delete(c.sessions, token)
		return failure(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid"), false
	}
	s.used, c.user = now, s.user
	return answer{}, true
}
