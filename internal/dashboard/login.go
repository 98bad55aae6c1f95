package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// loginData is what the login page shows.
type loginData struct {
	Next   string // where to go on
	Closed bool
	Wrong  string
}

func (s *Server) loginForm() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, http.StatusOK, view{Page: loginPage, Data: loginData{Next: within(r.URL.Query().Get("next")), Closed: s.o.Closed}})
	})
}

// login takes the token. Wrong ones are counted over all visitors: five at once, then one in ten seconds.
func (s *Server) login() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.parsed(w, r) {
			return
		}
		data := loginData{Next: within(r.PostFormValue("next")), Closed: s.o.Closed}
		if !s.sessions.logins.AllowN(s.o.Now(), 1) {
			data.Wrong = "Too many attempts. Wait ten seconds."
			s.render(w, r, http.StatusTooManyRequests, view{Page: loginPage, Data: data})
			return
		}
		if !s.right(strings.TrimSpace(r.PostFormValue("token"))) {
			s.o.Log.Warn().Msg("the page was given a wrong token")
			data.Wrong = "That is not the token."
			s.render(w, r, http.StatusForbidden, view{Page: loginPage, Data: data})
			return
		}
		s.setCookie(w, r, s.sessions.begin(s.o.Now()), int(lasting/time.Second))
		http.Redirect(w, r, data.Next, http.StatusSeeOther)
	})
}

func (s *Server) logout() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session := s.sessions.of(r, s.o.Now())
		if !s.parsed(w, r) {
			return
		}
		if !s.sessions.signed(session, "logout", r.PostFormValue("csrf")) {
			s.fail(w, r, errForeign)
			return
		}
		s.sessions.end(session)
		s.setCookie(w, r, "", -1)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
}

// setCookie: no script reads it, and no other site's request carries it.
func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// within is a path of this page to go on to, or the first page: never another site.
func within(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
