package hubspot

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// tokenLife is how long an access token lasts.
const tokenLife = 1800 * time.Second

// OAuth is the public app installed in the portal.
type OAuth struct {
	ClientID, ClientSecret, RefreshToken string
	Scopes                               []string // nil is every scope
}

func (o OAuth) withDefaults() OAuth {
	for field, value := range map[*string]string{&o.ClientID: "sandbox", &o.ClientSecret: "sandbox", &o.RefreshToken: "na1-sandbox"} {
		if *field == "" {
			*field = value
		}
	}
	return o
}

// accessToken is one token given out for the refresh token.
type accessToken struct {
	app     *app
	expires time.Time
}

// publicApp is the app id of the OAuth app.
const publicApp = 2_000_001

// tokenRequest reads the form and checks the client's credentials.
func (c *call) tokenRequest() (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return nil, &problem{http: http.StatusUnsupportedMediaType, Message: "HTTP 415 Unsupported Media Type"}
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, oauthProblem("invalid_request", "BAD_REQUEST", "the request body is malformed")
	}
	if form.Get("client_id") != c.oauth.ClientID {
		return nil, oauthProblem("invalid_client", "BAD_CLIENT_ID", "missing or invalid client id")
	}
	if form.Get("client_secret") != c.oauth.ClientSecret {
		return nil, oauthProblem("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
	}
	return form, nil
}

// oauthProblem is the token endpoint's own shape: a 400 whose status is a word and which has no category.
func oauthProblem(code, status, message string) error {
	return &tokenProblem{Code: code, Description: message, Status: status, Message: message}
}

// tokenProblem is a refusal by the token endpoint.
type tokenProblem struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
	Status      string `json:"status"`
	Message     string `json:"message"`
}

func (p *tokenProblem) Error() string { return p.Message }

// issueToken answers POST /oauth/{version}/token.
func (c *call) issueToken() (answer, error) {
	form, err := c.tokenRequest()
	if err != nil {
		return tokenRefused(err)
	}
	switch form.Get("grant_type") {
	case "refresh_token":
		if form.Get("refresh_token") != c.oauth.RefreshToken {
			return tokenRefused(oauthProblem("invalid_grant", "BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked"))
		}
	case "authorization_code":
		if err := c.redeem(form.Get("code"), form.Get("redirect_uri")); err != nil {
			return tokenRefused(err)
		}
	default:
		return tokenRefused(oauthProblem("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type"))
	}
	value := fmt.Sprintf("CJ%x%x", c.rand.Uint64(), c.rand.Uint64())
	c.tokens[value] = &accessToken{app: &app{id: publicApp, scopes: c.oauth.Scopes, oauth: true}, expires: c.now().Add(tokenLife)}
	given := map[string]any{
		"token_type": "bearer", "refresh_token": c.oauth.RefreshToken, "access_token": value, "expires_in": int(tokenLife.Seconds()),
	}
	given["hub_id"], given["scopes"] = c.portal.ID, c.scopeList(c.oauth.Scopes) // in v1 too, since August 2025
	if c.version != "v1" {
		given["user_id"], given["token_use"] = 1, "access_token"
	}
	return ok(http.StatusOK, given)
}

func tokenRefused(err error) (answer, error) {
	if p, isToken := err.(*tokenProblem); isToken {
		return ok(http.StatusBadRequest, p)
	}
	return answer{}, err
}

// introspectToken answers POST /oauth/{version}/token/introspect.
func (c *call) introspectToken() (answer, error) {
	form, err := c.tokenRequest()
	if err != nil {
		return tokenRefused(err)
	}
	value := form.Get("token")
	t := c.tokens[value]
	switch {
	case value == c.oauth.RefreshToken:
		return ok(http.StatusOK, map[string]any{"active": true, "token_use": "refresh_token", "hub_id": c.portal.ID, "client_id": c.oauth.ClientID, "scopes": c.scopeList(c.oauth.Scopes)})
	case t != nil && c.now().Before(t.expires):
		return ok(http.StatusOK, map[string]any{"active": true, "token_use": "access_token", "hub_id": c.portal.ID, "client_id": c.oauth.ClientID, "scopes": c.scopeList(c.oauth.Scopes), "expires_in": int(t.expires.Sub(c.now()).Seconds())})
	}
	return ok(http.StatusOK, map[string]any{"active": false})
}

// revokeToken answers POST /oauth/{version}/token/revoke. Revoking the refresh token ends the installation.
func (c *call) revokeToken() (answer, error) {
	form, err := c.tokenRequest()
	if err != nil {
		return tokenRefused(err)
	}
	if form.Get("token") == c.oauth.RefreshToken {
		c.endInstallation()
	}
	delete(c.tokens, form.Get("token"))
	return answer{status: http.StatusNoContent}, nil
}

// privateAppInfo answers POST /oauth/v2/private-apps/get/access-token-info.
func (c *call) privateAppInfo() (answer, error) {
	var in struct {
		TokenKey text `json:"tokenKey"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	a := c.apps[string(in.TokenKey)]
	if a == nil {
		return answer{}, &problem{http: http.StatusNotFound, Message: "resource not found"}
	}
	return ok(http.StatusOK, map[string]any{"userId": 1, "hubId": c.portal.ID, "appId": a.id, "scopes": c.scopeList(a.scopes)})
}

// scopeList is what an app says it has; nil is every scope.
func (s *Server) scopeList(scopes []string) []string {
	if scopes != nil {
		return scopes
	}
	all := []string{"oauth", "tickets", "sales-email-read", "crm.export", "crm.lists.read", "crm.lists.write", "crm.objects.owners.read"}
	for _, word := range append(s.portal.Scopes(), "custom") {
		for _, verb := range []string{"read", "write"} {
			if word != "tickets" {
				all = append(all, "crm.objects."+word+"."+verb, "crm.schemas."+word+"."+verb)
			}
		}
	}
	return all
}
