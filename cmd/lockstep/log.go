package main

import (
	"io"
	"sync/atomic"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
)

// log is one JSON line per event on stderr, with the id and the pipeline of the run under way, and without e-mail
// addresses. On a terminal the bars tell the same, and only warnings are logged.
func (a *app) log() zerolog.Logger {
	level := zerolog.InfoLevel
	if a.terminal {
		level = zerolog.WarnLevel
	}
	log := zerolog.New(masked{a.stderr}).Level(level).With().Timestamp().Logger()
	if a.under == nil {
		return log
	}
	return log.Hook(a.under)
}

// masked takes e-mail addresses out of what is written: a CRM's error may quote a record.
type masked struct{ to io.Writer }

// Write writes one whole event, as zerolog hands it over.
func (m masked) Write(p []byte) (int, error) {
	if _, err := io.WriteString(m.to, crm.Mask(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// underWay is the run that the process is at. One process does one run at a time; both CRMs' clients log into it.
type underWay struct{ run atomic.Pointer[[2]string] }

// begin marks the lines from now on, until ended is called.
func (u *underWay) begin(run, pipeline string) (ended func()) {
	u.run.Store(&[2]string{run, pipeline})
	return func() { u.run.Store(nil) }
}

// Run is zerolog.Hook's.
func (u *underWay) Run(e *zerolog.Event, _ zerolog.Level, _ string) {
	if at := u.run.Load(); at != nil {
		e.Str("run", at[0]).Str("pipeline", at[1])
	}
}
