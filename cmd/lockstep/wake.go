package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/project"
	"lockstep/internal/wake"
)

// waking is what takes the CRMs' word of edits, for `schedule --listen` to serve, and where it is collected.
func (a *app) waking(p *project.Project, log zerolog.Logger) (*wake.Collector, http.Handler, error) {
	token, err := a.env.Secret(project.WakeToken)
	if err != nil {
		return nil, nil, err
	}
	o := wake.Options{Token: token, URL: p.Config.Wake.URL, Now: a.now, Log: log}
	if o.URL != "" {
		if o.HubSpotSecret, err = a.env.Required(project.HubSpotClientSecret, "wake.url"); err != nil {
			return nil, nil, err
		}
	}
	c := wake.NewCollector(p.Config.Wake.Collect, nil)
	o.Add = c.Add
	return c, wake.Handler(o), nil
}

// listen serves h at an address until stop is called, which lets what is under way end; at is the port it was given, too.
func listen(ctx context.Context, address string, h http.Handler, log zerolog.Logger) (at string, stop func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, crm.WithHint(err, "--listen takes HOST:PORT, as in 127.0.0.1:8420; choose another port, or 0 for any that is free")
	}
	log.Info().Str("address", l.Addr().String()).Msg("listening")
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error().Err(err).Msg("nobody is listened to any more")
		}
	}()
	return l.Addr().String(), func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if s.Shutdown(last) != nil {
			_ = s.Close() // whoever still sends is too slow to be waited for
		}
		<-ended
	}, nil
}
