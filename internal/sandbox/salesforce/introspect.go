package salesforce

import "net/url"

// introspect is /services/oauth2/introspect: what a token given to an app stands for and until when. A token that
// stands for nothing is told of as inactive, which is no error.
func (c *call) introspect(form url.Values) answer {
	app, a, fine := c.client(form)
	if !fine {
		return a
	}
	token := form.Get("token")
	if g, known := c.refreshTokens[token]; known && g.app == app.ClientID {
		return ok(map[string]any{"active": true, "client_id": app.ClientID, "scope": "api id refresh_token", "token_type": "refresh_token"})
	}
	s := c.live(token)
	if s == nil || s.app != app.ClientID {
		return ok(map[string]any{"active": false})
	}
	user, _ := c.org.Get(c.org.Object("User"), s.user.String())
	return ok(map[string]any{
		"active": true, "scope": "api id", "client_id": app.ClientID, "username": user["Username"], "token_type": "access_token",
		"sub": c.host + "/id/" + c.org.ID.String() + "/" + s.user.String(),
		"exp": c.ends(s).Unix(), "iat": s.opened.Unix(), "nbf": s.opened.Unix(),
	})
}
