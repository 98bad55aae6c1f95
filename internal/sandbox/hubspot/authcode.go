package hubspot

import (
	"fmt"
	"time"
)

// codeLife is how long an authorization code can be redeemed.
const codeLife = 10 * time.Minute

// authorizationCode is what the browser brings back from HubSpot's page of consent.
type authorizationCode struct {
	redirectURI string
	scopes      []string
	expires     time.Time
}

// Authorize installs the public app as a person does on HubSpot's page of consent, and returns the code that the redirect carries.
// It can be redeemed once, within ten minutes, with the same redirect URI; the scopes are then those of the app, none being every one.
func (s *Server) Authorize(redirectURI string, scopes ...string) (code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code = "na1-" + s.uuid()
	if s.codes == nil {
		s.codes = map[string]authorizationCode{}
	}
	s.codes[code] = authorizationCode{redirectURI, scopes, s.now().Add(codeLife)}
	return code
}

// redeem takes a code for an installation. One that was revoked gets a new refresh token.
func (c *call) redeem(code, redirectURI string) error {
	a, known := c.codes[code]
	switch {
	case !known || !c.now().Before(a.expires):
		return oauthProblem("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code")
	case redirectURI != a.redirectURI:
		return oauthProblem("invalid_grant", "BAD_REDIRECT_URI", "missing or mismatched redirect uri")
	}
	delete(c.codes, code)
	c.oauth.Scopes = a.scopes
	if c.revoked {
		c.oauth.RefreshToken, c.revoked = fmt.Sprintf("na1-%s", c.uuid()), false
	}
	return nil
}

// endInstallation makes the refresh token worthless.
func (s *Server) endInstallation() {
	s.oauth.RefreshToken, s.revoked = "revoked "+s.oauth.RefreshToken, true
}
