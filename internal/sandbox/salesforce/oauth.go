package salesforce

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

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
	Rotates      bool   // a refresh gives a new refresh token, and the one it was made with is void
	Closed       bool   // admin-approved users only, and nobody is: answered invalid_app_access
}

// DefaultApp is the app of an org set up without any.
var DefaultApp = App{ClientID: "sandbox", Secret: "sandbox", RefreshToken: "sandbox"}

// oauth serves what lies below /services/oauth2. None of it counts against the daily limit.
func (c *call) oauth(path []string) answer {
	if len(path) != 1 {
		return notFound()
	}
	form, err := url.ParseQuery(string(c.body))
	switch {
	case path[0] == "userinfo" && (c.method == http.MethodGet || c.method == http.MethodPost):
		return c.userInfo()
	case path[0] == "revoke" && c.method == http.MethodGet:
		form = c.query
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
		return c.revoke(form.Get("token"))
	}
	return notFound()
}

func oauthError(code, description string) answer {
	return answer{status: http.StatusBadRequest, body: encode(map[string]string{"error": code, "error_description": description})}
}

func (c *call) token(form url.Values) answer {
	grant := form.Get("grant_type")
	switch grant {
	case "":
		return oauthError("invalid_request", "missing required parameter: grant_type")
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		return c.jwtBearer(form.Get("assertion"))
	case "client_credentials", "refresh_token", "password":
	default:
		return oauthError("unsupported_grant_type", "grant type not supported")
	}
	if login := strings.TrimPrefix(strings.TrimPrefix(c.host, "https://"), "http://"); grant == "client_credentials" && (login == "login.salesforce.com" || login == "test.salesforce.com") {
		return oauthError("invalid_grant", "request not supported on this domain")
	}
	app, a, fine := c.client(form)
	if !fine {
		return a
	}
	switch grant {
	case "refresh_token":
		return c.refresh(app, form.Get("refresh_token"))
	case "password":
		return c.password(app, form.Get("username"), form.Get("password"))
	}
	user, found := c.runAs(app)
	switch {
	case !found:
		return oauthError("invalid_grant", "no client credentials user enabled")
	case app.Closed:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	}
	return c.issue(app, user, "")
}

// client finds the app that a token request names, by form or by HTTP Basic, and checks its secret.
func (c *call) client(form url.Values) (App, answer, bool) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if user, pass, basic := (&http.Request{Header: c.header}).BasicAuth(); basic {
		id, secret = user, pass
	}
	app, known := c.app(id)
	if !known {
		return app, oauthError("invalid_client_id", "client identifier invalid"), false
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(app.Secret)) != 1 {
		a := oauthError("invalid_client", "invalid client credentials")
		if c.options.SecretStatus != 0 {
			a.status = c.options.SecretStatus
		}
		return app, a, false
	}
	return app, answer{}, true
}

func (c *call) app(id string) (App, bool) {
	for _, a := range c.options.Apps {
		if a.ClientID == id {
			return a, true
		}
	}
	return App{}, false
}

// runAs is the user that an app acts as when nobody is named.
func (c *call) runAs(app App) (store.ID, bool) {
	if app.RunAs == "" {
		return c.org.Integration, true
	}
	id, active := c.userNamed(app.RunAs)
	return id, active
}

// userNamed finds a user by Username, in any case, and tells whether it is active.
func (c *call) userNamed(username string) (id store.ID, active bool) {
	for _, u := range c.org.All(c.org.Object("User")) {
		if strings.EqualFold(u["Username"], username) {
			id, _ = store.ParseID(u["Id"])
			return id, u["IsActive"] == "true"
		}
	}
	return id, false
}

// refresh changes a refresh token for an access token. The answer holds no refresh token unless they rotate.
func (c *call) refresh(app App, token string) answer {
	g, known := c.refreshTokens[token]
	if !known || g.app != app.ClientID {
		return oauthError("invalid_grant", "expired access/refresh token")
	}
	user := g.user
	if user == (store.ID{}) {
		var active bool
		if user, active = c.runAs(app); !active {
			return oauthError("invalid_grant", "inactive user")
		}
	}
	if !app.Rotates {
		return c.issue(app, user, "")
	}
	delete(c.refreshTokens, token)
	next := c.secret()
	c.refreshTokens[next] = refreshGrant{app: app.ClientID, user: user}
	return c.issue(app, user, next)
}

// password is the username-password flow, which an org refuses unless it was switched on.
func (c *call) password(app App, username, password string) answer {
	if !c.options.PasswordGrant {
		return oauthError("invalid_grant", "authentication failure")
	}
	user, problem := c.logIn(username, password)
	switch problem {
	case "":
		return c.issue(app, user, "")
	case "locked":
		return oauthError("invalid_grant", "user is locked")
	}
	return oauthError("invalid_grant", "authentication failure - Invalid Password")
}

// logIn checks a user's password, the security token appended; problem is "", "locked" or "wrong".
func (c *call) logIn(username, password string) (user store.ID, problem string) {
	id, active := c.userNamed(username)
	switch {
	case !active || subtle.ConstantTimeCompare([]byte(password), []byte(c.options.Password+c.options.SecurityToken)) != 1:
		return id, "wrong"
	case c.locked[id]:
		return id, "locked"
	}
	return id, ""
}

// revoke ends a session, or voids a refresh token.
func (c *call) revoke(token string) answer {
	_, session := c.sessions[token]
	_, refresh := c.refreshTokens[token]
	if !session && !refresh {
		return oauthError("unsupported_token_type", "this token type is not supported")
	}
	delete(c.sessions, token)
	delete(c.refreshTokens, token)
	return answer{status: http.StatusOK}
}
