package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/match"
	"lockstep/internal/warehouse"
	"lockstep/load"
)

// acts are what a person may have done, by a command or by a click on the page: both run this code. What it returns is
// for him to read.
type acts struct {
	a       *app
	wait    time.Duration          // for a run that holds the warehouse
	waiting func(warehouse.Holder) // is told that it is waited for
}

// acts of a command wait for nobody unless a flag says so, and tell of it on stderr.
func (a *app) acts() *acts {
	return &acts{a: a, waiting: func(h warehouse.Holder) { fmt.Fprintf(a.stderr, "waiting for %s, which holds the warehouse\n", h) }}
}

func waitFlag(cmd *cobra.Command, into *time.Duration) {
	cmd.Flags().DurationVar(into, "wait", patience, "how long to wait for a run to end, as in 10m; then exit code 5")
}

// reading calls do with what can be read, and the project's entities.
func (x *acts) reading(ctx context.Context, who string, do func(entity.Conn, *entity.Project) error) error {
	return x.holding(ctx, who, func(w *warehouse.Warehouse, e *entity.Project) error { return do(w.DB, e) })
}

// holding calls do while the warehouse is held.
func (x *acts) holding(ctx context.Context, who string, do func(*warehouse.Warehouse, *entity.Project) error) (err error) {
	p, err := x.a.project()
	if err != nil {
		return err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	path := p.Config.Paths.Warehouse
	if _, err := os.Stat(path); err != nil {
		return needsWarehouse(path, err)
	}
	w, err := warehouse.Open(ctx, warehouse.Options{Path: path, RunAt: x.a.now(), Who: who, Wait: x.wait, Waiting: x.waiting})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return do(w, e)
}

// take notes whose value of a waiting or frozen field stands.
func (x *acts) take(ctx context.Context, who, entityName, record, field string, side crm.System) (said string, err error) {
	if side != crm.HubSpot && side != crm.Salesforce {
		return "", crm.WithHint(fmt.Errorf("--take %q", string(side)), "--take hubspot or --take salesforce says whose value stands")
	}
	err = x.holding(ctx, who, func(w *warehouse.Warehouse, e *entity.Project) error {
		decided, err := load.Decide(ctx, w, e, entityName, record, field, side, x.a.now())
		var lines []string
		for _, d := range decided {
			lines = append(lines, fmt.Sprintf("%s of hubspot %s = salesforce %s: %s's value goes with the next run", d.Field, d.HubSpotRecord, d.SalesforceRecord, side))
		}
		said = strings.Join(lines, "\n")
		return err
	})
	return said, err
}

// match notes whether two records are one.
func (x *acts) match(ctx context.Context, entityName, one, other string, same bool) (said string, err error) {
	p, err := x.a.project()
	if err != nil {
		return "", err
	}
	err = x.reading(ctx, "resolve", func(db entity.Conn, e *entity.Project) error {
		hubspot, salesforce, err := match.Find(ctx, db, e, entityName, one, other)
		if err != nil {
			return err
		}
		line, err := match.Answer(ctx, db, e, filepath.Join(p.Dir, "sql"), p.SQL, entityName, hubspot, salesforce, same)
		what := "are not one: the next run leaves them apart"
		if same {
			what = "are one: the next run links them"
		}
		said = fmt.Sprintf("%s and %s %s\nsql/%s/same_as.csv: %s", hubspot, salesforce, what, entityName, line)
		return err
	})
	return said, err
}
