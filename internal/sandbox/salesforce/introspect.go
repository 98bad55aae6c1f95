package salesforce

import (
	"net/http"
	"net/url"
)

// introspect is /services/oauth2/introspect: what a token stands for and until when. A token that stands for nothing is
// told of as inactive, which is no error.
func (c *call) introspect(form url.Values) answer {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if user, pass, basic := (&http.Request{Header: c.header}).BasicAuth(); basic {
		id, secret = user, pass
	}
	if app, known := c.app(id); !known || app.Secret != secret {
		return oauthError("invalid_client", "invalid client credentials")
	}
	s := c.sessions[form.Get("token")]
	now := c.options.Now()
	if s == nil || now.Sub(s.used) > sessionLength {
		return ok(map[string]any{"active": false})
	}
	u, _ := c.org.Get(c.org.Object("User"), s.user.String())
	return ok(map[string]any{
		"active": true, "scope": "api id", "client_id": s.app, "username": u["Username"], "token_type": "access_token",
		"sub": c.host + "/id/" + c.org.ID.String() + "/" + s.user.String(),
		"exp": s.used.Add(sessionLength).Unix(), "iat": s.used.Unix(), "nbf": s.used.Unix(),
	})
}
