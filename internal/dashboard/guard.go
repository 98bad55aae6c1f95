package dashboard

import (
	"log"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/rs/zerolog"
)

// policy lets a page load its own style sheet and images, send forms to its own server, and nothing else: a value that
// somehow came out as markup could neither run nor call anywhere.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded stands before everything: headers, the name the page was asked by, where a form comes from, and how large it is.
func (s *Server) guarded(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection() // by Sec-Fetch-Site, else Origin against Host
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, problem{http.StatusForbidden, "This form was sent from another site.", "Open the page itself and try again."})
	}))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store") // people's data stays out of the browser's cache
		if !s.addressed(r) {
			// No page of ours in the answer: whoever asks by a foreign name is not told that there is one.
			http.Error(w, "unknown host", http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodySize)
		inner.ServeHTTP(w, r)
	})
}

// addressed: the request asks for this server by a name that is its own. A site elsewhere can make its own name point to
// this machine, and a browser would then let it read the page; it cannot make the browser send another name than its own.
func (s *Server) addressed(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if slices.ContainsFunc(s.o.Hosts, func(known string) bool { return strings.EqualFold(known, host) }) {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	name, _, err := net.SplitHostPort(local.String())
	if err != nil {
		return false
	}
	at := net.ParseIP(name)
	if host == "localhost" {
		return at.IsLoopback()
	}
	asked := net.ParseIP(host) // an address is nobody's name: it cannot be made to point here
	return asked != nil && asked.Equal(at)
}

// quiet takes what net/http has to say about broken connections; it may quote what a stranger sent, and is cut.
func quiet(l zerolog.Logger) *log.Logger {
	return log.New(writer(func(p []byte) {
		l.Debug().Int("bytes", len(p)).Msg("a connection to the page broke")
	}), "", 0)
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}
