package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/warehouse"
	"lockstep/pipelines"
	"lockstep/transform"
)

func newCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check lockstep.yaml, pipelines/ and sql/, and call nobody",
		Long: `check reads the whole project and has DuckDB parse every file of sql/. Where the project has a warehouse, it also
runs the SQL over what was read last: columns that do not exist, fields that fields.sql does not name, and the
rows of check/*.sql come to light. It sends nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			told, err := a.check(cmd.Context(), p, 0)
			if err == nil {
				_, err = fmt.Fprintln(a.stdout, told)
			}
			return err
		},
	}
}

// check reads a project whole and tries its SQL; told is what there is. wait is for a run that holds the warehouse.
func (a *app) check(ctx context.Context, p *project.Project, wait time.Duration) (told string, err error) {
	all, err := pipelines.LoadAll(p.Pipelines)
	if err != nil {
		return "", err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return "", err
	}
	for i, pipe := range all {
		pipe = pipe.Over(e)
		all[i] = pipe
		if i := slices.IndexFunc(pipe.Entities, func(name string) bool { _, ok := e.Entity(name); return !ok }); i >= 0 {
			return "", crm.WithHint(fmt.Errorf("pipelines/%s.yaml: there is no entity %q", pipe.Name, pipe.Entities[i]),
				"an entity is a folder of sql/")
		}
	}
	over, err := a.checkSQL(ctx, p, e, all, wait)
	if err != nil {
		return "", err
	}
	files := len(e.Checks)
	for _, x := range e.Entities {
		files += len(x.From) + len(x.To) + len(x.Checks)
	}
	return fmt.Sprintf("%d entities, %d object and check files, %d macros, %d crosswalks, %d lists, %d pipelines: no error%s.",
		len(e.Entities), files, len(e.Lib), len(e.Crosswalks), len(e.Lists), len(all), over), nil
}

// checkSQL parses the SQL, and runs it over the project's warehouse where there is one, as each pipeline would. It says which.
func (a *app) checkSQL(ctx context.Context, p *project.Project, e *entity.Project, all []*pipelines.Pipeline, wait time.Duration) (over string, err error) {
	o := warehouse.Options{RunAt: a.now(), Memory: p.Config.Warehouse.Memory, Spill: p.Config.Warehouse.Spill, Threads: p.Config.Warehouse.Threads, Who: "check", Wait: wait}
	_, err = os.Stat(p.Config.Paths.Warehouse)
	exists := err == nil
	if exists {
		o.Path = p.Config.Paths.Warehouse
	}
	w, err := warehouse.Open(ctx, o)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := e.Parse(ctx, conn); err != nil {
		return "", err
	}
	var read bool
	if err := conn.QueryRowContext(ctx, `select count(*) > 0 from catalog.cursor`).Scan(&read); err != nil || !read {
		return "; nothing was read yet, so the SQL was parsed and not run", err
	}
	for _, pipe := range all {
		if err := pipe.Translate(e); err != nil {
			return "", fmt.Errorf("pipelines/%s.yaml: %w", pipe.Name, err)
		}
		if _, err := transform.Run(ctx, w, e, transform.Options{PlanID: "check", Pipeline: pipe.Name, Entities: pipe.Entities, Try: true}); err != nil {
			return "", err
		}
	}
	return ", over what was read last", nil
}
