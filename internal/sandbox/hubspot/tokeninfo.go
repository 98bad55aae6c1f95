package hubspot

import "net/http"

// The v1 paths that tell about a token have it in the path and ask for no credentials. They have no
// dated twin: introspect and revoke are the newer way.

// accessTokenInfo answers GET /oauth/v1/access-tokens/{token}. An expired token is as unknown as any other.
func (c *call) accessTokenInfo() (answer, error) {
	value := c.params["token"]
	t := c.tokens[value]
	if c.version != "v1" {
		return answer{}, errNoSuchPath
	}
	if t == nil || !c.now().Before(t.expires) {
		return answer{}, &problem{http: http.StatusNotFound, Message: "resource not found"}
	}
	info := c.tokenOwner(value, "access")
	info["app_id"], info["expires_in"] = t.app.id, int(t.expires.Sub(c.now()).Seconds())
	return ok(http.StatusOK, info)
}

// refreshTokenInfo answers GET /oauth/v1/refresh-tokens/{token}.
func (c *call) refreshTokenInfo() (answer, error) {
	if err := c.checkRefreshToken(); err != nil {
		return answer{}, err
	}
	info := c.tokenOwner(c.oauth.RefreshToken, "refresh")
	info["client_id"] = c.oauth.ClientID
	return ok(http.StatusOK, info)
}

// deleteRefreshToken answers DELETE /oauth/v1/refresh-tokens/{token}: the installation ends, the access
// tokens given out live on.
func (c *call) deleteRefreshToken() (answer, error) {
	if err := c.checkRefreshToken(); err != nil {
		return answer{}, err
	}
	c.endInstallation()
	return answer{status: http.StatusNoContent}, nil
}

func (c *call) checkRefreshToken() error {
	switch {
	case c.version != "v1":
		return errNoSuchPath
	case c.params["token"] != c.oauth.RefreshToken:
		return &problem{http: http.StatusNotFound, Message: "resource not found"}
	}
	return nil
}

// tokenOwner is what both kinds of token tell.
func (c *call) tokenOwner(token, kind string) map[string]any {
	return map[string]any{
		"token": token, "token_type": kind, "user": "user@example.com", "user_id": 1,
		"hub_domain": "portal.example.com", "hub_id": c.portal.ID, "scopes": c.scopeList(c.oauth.Scopes),
	}
}
