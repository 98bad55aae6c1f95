package salesforce

import (
	"crypto/rsa"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"lockstep/internal/sandbox/salesforce/store"
)

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
		audience = audience || a == "https://login.salesforce.com" || a == "https://test.salesforce.com" || strings.TrimSuffix(a, "/") == c.host
	}
	now := c.options.Now()
	switch {
	case !audience:
		return oauthError("invalid_grant", "audience is invalid")
	case claims.ExpiresAt == nil || claims.ExpiresAt.Before(now) || c.options.AssertionLife > 0 && claims.ExpiresAt.After(now.Add(c.options.AssertionLife)):
		return oauthError("invalid_grant", "expired authorization code")
	}
	user, active := c.userNamed(claims.Subject)
	switch {
	case user == (store.ID{}) || app.Unapproved:
		return oauthError("invalid_grant", "user hasn't approved this consumer")
	case !active:
		return oauthError("inactive_user", "user is inactive")
	case c.locked[user]:
		return oauthError("invalid_grant", "user is locked")
	case app.Closed:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	}
	return c.issue(app, user, "")
}

func publicKey(pem []byte) (*rsa.PublicKey, error) { return jwt.ParseRSAPublicKeyFromPEM(pem) }
