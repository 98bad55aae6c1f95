package salesforce

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// longRequest is how long a call runs before it counts as a long one.
const longRequest = 20 * time.Second

// enter notes a call that begins, and tells whether too many long ones are under way. Nothing here takes that
// long but a client that sends its body slowly.
func (s *Server) enter(c *call) (crowded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now()
	long := 0
	for _, began := range s.running {
		if now.Sub(began) >= longRequest {
			long++
		}
	}
	s.running[c] = now
	return long >= s.options.LongRequests
}

func (s *Server) leave(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, c)
}

// pretty indents JSON, as X-PrettyPrint asks for.
func pretty(body []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return body
	}
	return b.Bytes()
}

// wanted tells whether a client takes JSON. XML, the other form the original has, is not simulated.
func (c *call) wanted() bool {
	accept := strings.Join(c.header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for _, part := range strings.Split(accept, ",") {
		kind, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "*/*", "application/*", "application/json", "text/csv", "text/plain":
			return true
		}
	}
	return false
}

// maxHead is the longest url with headers that is taken, in bytes.
const maxHead = 16_384

// headSize is about what the head of a request takes on the wire.
func headSize(r *http.Request) int {
	n := len(r.RequestURI)
	for name, values := range r.Header {
		for _, v := range values {
			n += len(name) + len(v) + 4
		}
	}
	return n
}
