package dashboard

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// view is what a template is rendered with.
type view struct {
	Page      page
	Data      any
	Path      string    // of this very page, with its query: where a form returns to
	Published time.Time // of what is shown; zero: nothing is
	Now       time.Time
	In        bool   // a person has given the token
	Acting    bool   // … and there is something to do: forms may be shown
	CanAct    bool   // there is a token and something to do with it
	Told      string // what the last action said
	Work      []Work // what was asked for and is not over
	session   string
}

// Menu is the pages that the menu names.
func (v view) Menu() (all []page) {
	for _, p := range pages {
		if p.Menu != "" {
			all = append(all, p)
		}
	}
	return all
}

// Here tells whether the menu's entry is where the reader stands.
func (v view) Here(p page) bool {
	return v.Page.path == p.path || p.path != "/" && strings.HasPrefix(v.Page.path, p.path+"/")
}

// request is one question to a page.
type request struct {
	*http.Request
	s    *Server
	db   *sql.DB
	now  time.Time
	view view
	rows int // of a paged table

	paired *[]string // see pairs
}

// longest is how long a value of a question may be.
const longest = 200

// value is the question's value of that name, from the path or behind the question mark; trimmed, without the control
// characters that no value has, and cut.
func (r *request) value(name string) string {
	v := r.PathValue(name)
	if v == "" {
		v = r.URL.Query().Get(name)
	}
	v = strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == 0xfffd {
			return -1
		}
		return c
	}, v))
	if runes := []rune(v); len(runes) > longest {
		v = string(runes[:longest])
	}
	return v
}

// problem is an answer to a question that has no other.
type problem struct {
	status int
	What   string
	Hint   string
}

func (p problem) Error() string { return p.What }

var (
	errNotFound = problem{http.StatusNotFound, "There is no such page.", "The menu has all of them."}
	errForeign  = problem{http.StatusForbidden, "This form is not of this session.", "Open the page again: the session may have ended, or the program been started anew."}
)

// refused is what an action's error says to the person who asked for it.
func refused(err error) problem {
	p := problem{status: http.StatusConflict, What: err.Error()}
	var h *crm.Hinted
	if errors.As(err, &h) {
		p.Hint = h.Hint
	}
	return p
}

func tooLarge(err error) bool {
	var size *http.MaxBytesError
	return errors.As(err, &size)
}

// page answers with one page of the site. It is written when the question has given its place and its publication back:
// a reader on a slow line holds neither.
func (s *Server) page(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.shut(w, r) {
			return
		}
		var v view
		err := s.ask(r, func(q *request) (err error) {
			q.view.Page = p
			if q.db == nil && !p.bare {
				q.view.Page = emptyPage
			} else if q.view.Data, err = p.show(s, q); err != nil {
				return err
			}
			v = q.view
			return nil
		})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.render(w, r, http.StatusOK, v)
	})
}

// shut sends whoever has to give the token first to do so.
func (s *Server) shut(w http.ResponseWriter, r *http.Request) bool {
	if !s.o.Closed || s.sessions.of(r, s.o.Now()) != "" {
		return false
	}
	http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return true
}

// ask brings a question to the publication: it waits for its turn, and has a time to be answered in.
func (s *Server) ask(r *http.Request, answer func(*request) error) error {
	ctx, cancel := context.WithTimeout(r.Context(), queryTime)
	defer cancel()
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-ctx.Done():
		return problem{http.StatusServiceUnavailable, "Too many questions at once.", "Try again in a moment."}
	}
	db, release := s.o.Source.DB()
	defer release()
	q := &request{Request: r.WithContext(ctx), s: s, db: db, now: s.o.Now(), rows: pageRows}
	q.view = view{Now: q.now}
	if db != nil {
		q.view.Published = published(ctx, db)
	}
	err := answer(q)
	if err != nil && ctx.Err() != nil {
		return problem{http.StatusGatewayTimeout, "That took too long to find.", "Ask for less: a shorter time, or a record's id."}
	}
	return err
}

// fail answers with what was wrong. An error that is no problem is ours: it is logged, and the reader is not shown it.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p problem
	if !errors.As(err, &p) {
		s.o.Log.Error().Err(warehouse.Cut(err)).Str("path", r.URL.Path).Msg("the page could not be made")
		p = problem{http.StatusInternalServerError, "This page could not be made.", "The log of lockstep says why."}
	}
	s.render(w, r, p.status, view{Page: problemPage, Data: p})
}

// render writes a page, whole or not at all.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, v view) {
	if v.Now.IsZero() {
		v.Now = s.o.Now()
	}
	v.session = s.sessions.of(r, v.Now)
	v.CanAct = s.o.Token != "" && s.o.Actions != nil || s.o.Closed
	v.In = v.session != ""
	v.Acting = v.session != "" && s.o.Actions != nil
	v.Path = r.URL.RequestURI()
	if v.Acting {
		v.Work = slices.DeleteFunc(s.o.Actions.Work(), Work.Over)
	}
	if v.session != "" && r.Method == http.MethodGet {
		v.Told = s.sessions.told(v.session)
	}
	var page bytes.Buffer
	if err := s.pages[v.Page.template].ExecuteTemplate(&page, "layout.html", v); err != nil {
		s.o.Log.Error().Err(err).Str("template", v.Page.template).Msg("the page could not be rendered")
		http.Error(w, "this page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // who hung up is not told
}

// rendered is one page's templates: the layout, the parts that pages share, and its own content.
type rendered = *template.Template

func (s *Server) readTemplates() (map[string]rendered, error) {
	functions := template.FuncMap{"csrf": s.proof, "asset": asset}
	maps.Copy(functions, words)
	shared, err := template.New("").Funcs(functions).ParseFS(templateFiles, "templates/layout.html", "templates/part_*.html")
	if err != nil {
		return nil, err
	}
	all := map[string]rendered{}
	for _, p := range append([]page{loginPage, problemPage, emptyPage}, pages...) {
		own, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if all[p.template], err = own.ParseFS(templateFiles, "templates/"+p.template); err != nil {
			return nil, err
		}
	}
	return all, nil
}
