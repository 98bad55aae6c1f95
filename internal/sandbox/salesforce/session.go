package salesforce

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

// session is what an access token stands for.
type session struct {
	user   store.ID
	app    string
	opened time.Time
	used   time.Time
}

// refreshGrant is what a refresh token stands for; the zero user is whoever the app runs as.
type refreshGrant struct {
	app  string
	user store.ID
}

// secret is a token's unguessable part.
func (c *call) secret() string {
	random := make([]byte, 48)
	rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}

// openSession makes an access token for a user.
func (c *call) openSession(user store.ID, app string) string {
	token := c.org.ID.Short() + "!" + c.secret()
	now := c.options.Now()
	c.sessions[token] = &session{user: user, app: app, opened: now, used: now}
	return token
}

// issue opens a session and tells of it. No answer says how long it lives. refresh is "" but for an app whose
// refresh tokens rotate.
func (c *call) issue(app App, user store.ID, refresh string) answer {
	token := c.openSession(user, app.ClientID)
	body := map[string]string{
		"access_token": token, "scope": "api id", "instance_url": c.host, "token_type": "Bearer",
		"id":        c.host + "/id/" + c.org.ID.String() + "/" + user.String(),
		"issued_at": strconv.FormatInt(c.options.Now().UnixMilli(), 10),
		"signature": base64.StdEncoding.EncodeToString([]byte(c.secret())[:32]),
	}
	if refresh != "" {
		body["refresh_token"] = refresh
	}
	return ok(body)
}

// ends is when a session ends unless it is used.
func (c *call) ends(s *session) time.Time {
	if c.options.FixedSessions {
		return s.opened.Add(c.options.SessionLength)
	}
	return s.used.Add(c.options.SessionLength)
}

// live finds the session of a token whose user is still active; nil when there is none.
func (c *call) live(token string) *session {
	s := c.sessions[token]
	if s == nil {
		return nil
	}
	if c.options.Now().After(c.ends(s)) || !c.org.Active(s.user) {
		delete(c.sessions, token)
		return nil
	}
	return s
}

// authenticate finds the session of a call.
func (c *call) authenticate() (answer, bool) {
	header := c.header.Get("Authorization")
	scheme, token, found := strings.Cut(header, " ")
	if header != "" && (!found || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "OAuth")) {
		return failure(http.StatusUnauthorized, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), false
	}
	s := c.live(token)
	if s == nil {
		return failure(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid"), false
	}
	s.used, c.user = c.options.Now(), s.user
	return answer{}, true
}

// LockUser locks a user out of logging in, as too many wrong passwords do, or lets it in again. Open sessions stay.
func (s *Server) LockUser(username string, locked bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := (&call{Server: s}).userNamed(username)
	if id == (store.ID{}) {
		return fmt.Errorf("the simulated org has no user %q", username)
	}
	s.locked[id] = locked
	return nil
}

// Org is the id of the Organization, 18 characters.
func (s *Server) Org() string { return s.org.ID.String() }
