package dashboard

import (
	"net/http"
	"testing"
)

// The monitors' paths are answered under the server's own name only.
func TestHealthIsMounted(t *testing.T) {
	t.Parallel()
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, path := range []string{"/healthz", "/healthz/live", "/metrics"} {
		with, without := served(t, Options{Source: nothing{}, Health: teapot}), served(t, Options{Source: nothing{}})
		if code := with.code(path, ""); code != http.StatusTeapot {
			t.Errorf("%s: %d", path, code)
		}
		if code := with.code(path, "example.com"); code != http.StatusMisdirectedRequest {
			t.Errorf("%s under a foreign name: %d", path, code)
		}
		if code := without.code(path, ""); code != http.StatusNotFound {
			t.Errorf("%s where there is none: %d", path, code)
		}
	}
}

// code is the answer's status to a request under a host's name; empty: the server's own.
func (s *site) code(path, host string) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if host != "" {
		r.Host = host
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}
