package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"lockstep/internal/dashboard"
	"lockstep/internal/entity"
	"lockstep/internal/health"
	"lockstep/internal/project"
	"lockstep/internal/publish"
	"lockstep/pipelines"
)

// pageAddress is where the page is served unless told otherwise: on this machine, for those who are on it.
const pageAddress = "127.0.0.1:8420"

func newServe(a *app) *cobra.Command {
	var o pageOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the page: overview, runs, history, and what needs a person",
		Long: `serve answers on HTTP until interrupted. The page shows what the last run published; it keeps no run waiting and waits for
none. What changes something (retry, release, resolve, apply, run, pause) needs the token: LOCKSTEP_PAGE_TOKEN, or the one that
is printed at the start. It is served to this machine only; --listen with another address needs a token of 16 characters
or more, which then is asked for before anything is shown, and belongs behind a proxy with a certificate, whose name --host
tells. /healthz and /metrics answer monitors without a token.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			served, err := a.page(cmd.Context(), p, o, nil, a.log())
			if err != nil {
				return err
			}
			return served(cmd.Context()) // being interrupted is how it ends
		},
	}
	o.flags(cmd, pageAddress)
	o.offer = true
	return cmd
}

// pageOptions are the flags of the commands that serve the page.
type pageOptions struct {
	address string
	hosts   []string
	moment  time.Duration // how long an action is waited for before the page goes on without it; 0: two seconds
	offer   bool          // print a token where none is set: a person is looking. What a schedule prints ends in a log
}

func (o *pageOptions) flags(cmd *cobra.Command, address string) {
	cmd.Flags().StringVar(&o.address, "listen", address, "HOST:PORT to serve the page at; 0 as the port is any that is free")
	cmd.Flags().StringSliceVar(&o.hosts, "host", nil, "a name the page is asked for by, beside localhost and the address it listens on: a proxy's")
}

// page listens for the page and returns what serves it until its context ends. What people do there ends with ctx; wake may
// be nil.
func (a *app) page(ctx context.Context, p *project.Project, o pageOptions, wake http.Handler, log zerolog.Logger) (func(context.Context) error, error) {
	secret, err := a.env.Secret(project.PageToken)
	if err != nil {
		return nil, err
	}
	token := secret.Reveal()
	l, closed, err := dashboard.Listen(o.address, token)
	if err != nil {
		return nil, err
	}
	made := token == "" && o.offer
	if made {
		token = dashboard.NewToken()
	}
	desk := newDesk(ctx, a)
	if o.moment > 0 {
		desk.moment = o.moment
	}
	source := &published{folder: p.Config.Paths.Published, log: log}
	s, err := dashboard.New(dashboard.Options{
		Source: source, Actions: desk, Project: func() (*entity.Project, error) { return mappingOf(p) },
		Token: token, Closed: closed, Hosts: o.hosts, Wake: wake, Now: a.now, Log: log,
		Facts: func() (health.Options, error) { return pipelines.HealthOptions(p, a.now()) },
		Health: health.Handler(func(ctx context.Context) (health.Health, []health.Total, error) {
			return a.publishedHealth(ctx, p, source)
		}, a.now, log),
	})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	fmt.Fprintf(a.stdout, "http://%s\n", reachable(l))
	if made {
		fmt.Fprintf(a.stdout, "token for this start: %s\n", token)
	}
	log.Info().Str("address", l.Addr().String()).Msg("listening")
	return func(ctx context.Context) error {
		defer source.close()
		defer desk.wait()
		return s.Serve(ctx, l)
	}, nil
}

// beside serves while something else goes on, until stop is called, which lets what is under way end.
func beside(ctx context.Context, serve func(context.Context) error, log zerolog.Logger) (stop func()) {
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx)) // until the last run has ended: it is looked at meanwhile
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(serving); err != nil {
			log.Error().Err(err).Msg("nobody is listened to any more")
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// reachable is the address of a listener as a browser on this machine takes it.
func reachable(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return l.Addr().String()
}

// publishedHealth is the health by what was published.
func (a *app) publishedHealth(ctx context.Context, p *project.Project, source *published) (h health.Health, totals []health.Total, err error) {
	o, err := pipelines.HealthOptions(p, a.now())
	if err != nil {
		return h, nil, err
	}
	db, release := source.DB()
	defer release()
	if db == nil {
		return h, nil, publish.ErrNothing
	}
	if h, err = health.Read(ctx, db, o); err != nil {
		return h, nil, err
	}
	totals, err = health.Totals(ctx, db)
	return h, totals, err
}

// published is the newest publication of a folder, which may come into being while the page is served.
type published struct {
	folder string
	log    zerolog.Logger

	mu     sync.Mutex
	reader *publish.Reader
}

// DB implements dashboard.Source.
func (p *published) DB() (*sql.DB, func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reader == nil {
		r, err := publish.Open(context.Background(), p.folder)
		if err != nil {
			if !errors.Is(err, publish.ErrNothing) {
				p.log.Error().Err(err).Msg("what was published cannot be opened")
			}
			return nil, func() {}
		}
		p.reader = r
	}
	return p.reader.DB()
}

func (p *published) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reader != nil {
		p.reader.Close()
	}
}
