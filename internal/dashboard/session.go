package dashboard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"html/template"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A session begins when a person gives the token and ends after a working day, with the server, or by logging out.
const (
	cookie   = "lockstep"
	lasting  = 12 * time.Hour
	shortest = 16  // characters of a token for use beyond loopback
	most     = 256 // sessions at once; the oldest goes
)

type sessions struct {
	key    []byte // of this process: what it signed is worth nothing to the next one
	mu     sync.Mutex
	until  map[[32]byte]time.Time // by the digest of what the cookie holds
	last   map[[32]byte]string    // what the last action said, until it was shown
	logins *rate.Limiter
}

// NewToken is a token that nobody guesses: 48 hexadecimal digits.
func NewToken() string { return random(24) }

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it ends the process instead
	return hex.EncodeToString(b)
}

// begin makes a session and returns what its cookie holds.
func (s *sessions) begin(now time.Time) string {
	id := random(32)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil {
		s.until, s.last = map[[32]byte]time.Time{}, map[[32]byte]string{}
	}
	var oldest [32]byte
	for d, until := range s.until {
		if !until.After(now) {
			delete(s.until, d)
			delete(s.last, d)
		} else if s.until[oldest].IsZero() || until.Before(s.until[oldest]) {
			oldest = d
		}
	}
	if len(s.until) >= most {
		delete(s.until, oldest)
	}
	s.until[sha256.Sum256([]byte(id))] = now.Add(lasting)
	return id
}

// of is the session a request belongs to; empty: none.
func (s *sessions) of(r *http.Request, now time.Time) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if until, ok := s.until[sha256.Sum256([]byte(c.Value))]; !ok || !until.After(now) {
		return ""
	}
	return c.Value
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.until, sha256.Sum256([]byte(id)))
	delete(s.last, sha256.Sum256([]byte(id)))
}

// tell keeps what an action said for the next page of its session; told is that, once.
func (s *sessions) tell(id, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[sha256.Sum256([]byte(id))] = what
}

func (s *sessions) told(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := sha256.Sum256([]byte(id))
	defer delete(s.last, d)
	return s.last[d]
}

// sign is the proof that a form for this action was made for this session.
func (s *sessions) sign(session, action string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(session + "\x00" + action))
	return hex.EncodeToString(m.Sum(nil))
}

func (s *sessions) signed(session, action, proof string) bool {
	return session != "" && subtle.ConstantTimeCompare([]byte(s.sign(session, action)), []byte(proof)) == 1
}

// proof is the hidden field that a form of an action carries.
func (s *Server) proof(v view, action string) template.HTML {
	return template.HTML(`<input type="hidden" name="csrf" value="` + s.sessions.sign(v.session, action) + `">`) // hexadecimal digits
}

// right tells whether a token is the one. Both are hashed first, so that the comparison says nothing about its length.
func (s *Server) right(token string) bool {
	a, b := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.o.Token))
	return s.o.Token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
