package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"lockstep/internal/crm"
)

// deed is one action: it reads the form and calls Actions. told is one sentence for the person who asked.
type deed struct {
	name string
	do   func(ctx context.Context, a Actions, form url.Values) (told string, err error)
}

// deeds are all of them.
var deeds = []deed{
	{"resolve", func(ctx context.Context, a Actions, form url.Values) (string, error) {
		return a.Take(ctx, form.Get("entity"), form.Get("record"), form.Get("field"), crm.System(form.Get("take")))
	}},
	{"same", func(ctx context.Context, a Actions, form url.Values) (string, error) {
		if answer := form.Get("same"); answer != "yes" && answer != "no" {
			return "", errNoAnswer
		}
		return a.Same(ctx, form.Get("entity"), form.Get("hubspot"), form.Get("salesforce"), form.Get("same") == "yes")
	}},
	{"run", func(ctx context.Context, a Actions, form url.Values) (string, error) {
		switch pipeline := form.Get("pipeline"); form.Get("how") {
		case "now":
			return a.Run(ctx, pipeline)
		case "retry":
			return a.Retry(ctx, pipeline)
		case "plan":
			return a.Plan(ctx, pipeline)
		}
		return "", errNoAnswer
	}},
	{"apply", func(ctx context.Context, a Actions, form url.Values) (string, error) {
		return a.Apply(ctx, form.Get("plan"))
	}},
	{"pause", func(ctx context.Context, a Actions, form url.Values) (string, error) {
		return a.Pause(ctx, form.Get("name"), form.Get("off") == "yes")
	}},
}

// errNoAnswer is what a form without its button says.
var errNoAnswer = crm.WithHint(errors.New("the form does not say what to do"), "press one of its buttons")

// do carries out what a form asks for, then shows the page it came from.
func (s *Server) do() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session := s.sessions.of(r, s.o.Now())
		if session == "" {
			s.fail(w, r, problem{http.StatusForbidden, "Nobody is logged in.", "Log in with the token first: what you see changes nothing by itself."})
			return
		}
		if !s.parsed(w, r) {
			return
		}
		name := r.PathValue("deed")
		if !s.sessions.signed(session, name, r.PostFormValue("csrf")) {
			s.fail(w, r, errForeign)
			return
		}
		for _, d := range s.deeds {
			if d.name != name || s.o.Actions == nil {
				continue
			}
			told, err := d.do(r.Context(), s.o.Actions, r.PostForm)
			if err != nil {
				s.o.Log.Warn().Str("action", name).Msg("an action from the page failed")
				s.fail(w, r, refused(err))
				return
			}
			s.o.Log.Info().Str("action", name).Msg("done from the page")
			s.sessions.tell(session, told)
			http.Redirect(w, r, within(r.PostFormValue("back")), http.StatusSeeOther)
			return
		}
		s.fail(w, r, errNotFound)
	})
}

// parsed reads a form; a body that is too large or broken is answered here.
func (s *Server) parsed(w http.ResponseWriter, r *http.Request) bool {
	err := r.ParseForm()
	if err == nil {
		return true
	}
	if tooLarge(err) {
		s.fail(w, r, problem{http.StatusRequestEntityTooLarge, "That form is too large.", "Forms of this page are a few hundred bytes."})
	} else {
		s.fail(w, r, problem{http.StatusBadRequest, "That form cannot be read.", "Open the page again and send it from there."})
	}
	return false
}
