package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"lockstep/internal/health"
	"lockstep/internal/project"
	"lockstep/internal/publish"
	"lockstep/pipelines"
)

// errUnwell ends `lockstep health` with exit code 1; the command has said what is wrong.
var errUnwell = errors.New("not well")

func newHealth(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Show how the runs are doing, and what needs a person",
		Long: `health shows the last run of each pipeline and whether it is late, when each object was last read, what is refused by
category with what to do about it, what is frozen, waiting or paused, and how many calls are left, by what the last run published. It calls nobody.
For monitors: exit code 0 says that all is well, 1 that a run failed, was stopped or is late, a CRM has not been read for
long, only the reserve of its calls is left, too many changes were refused, a field is frozen, a run could not publish,
a changed project does not pass its check, or nobody takes the alerts.
The bounds are alerts in lockstep.yaml. Single refusals, waiting conflicts and pauses are shown and are well.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			h, err := a.health(cmd.Context(), p)
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(a.stdout)
				e.SetIndent("", "  ")
				err = e.Encode(h)
			} else {
				printHealth(a.stdout, h)
			}
			if err == nil && !h.Well {
				err = errUnwell
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

// health reads it from what is published, so that it neither waits for a run nor keeps one waiting.
func (a *app) health(ctx context.Context, p *project.Project) (health.Health, error) {
	o, err := a.healthOptions(p)
	if err != nil {
		return health.Health{}, err
	}
	published, err := publish.Open(ctx, p.Config.Paths.Published)
	if err != nil {
		return health.Health{}, err
	}
	defer published.Close()
	db, release := published.DB()
	defer release()
	return health.Read(ctx, db, o)
}

// healthOptions are what no table says, as it is now.
func (a *app) healthOptions(p *project.Project) (health.Options, error) {
	return pipelines.HealthOptions(p, a.now())
}

func printHealth(w io.Writer, h health.Health) {
	if h.Well {
		fmt.Fprintln(w, "All is well.")
	}
	for _, p := range h.Problems {
		since := ""
		if !p.Since.IsZero() {
			since = ", since " + clock(p.Since)
		}
		fmt.Fprintf(w, "! %s: %s%s\n", p.Kind, p.Text, since)
		if p.Detail != "" {
			fmt.Fprintf(w, "    %s\n", strings.ReplaceAll(p.Detail, "\n", "\n    "))
		}
		if p.Run != "" {
			fmt.Fprintf(w, "    %s\n", p.Run)
		}
	}
	for _, p := range h.Paused {
		fmt.Fprintf(w, "Paused: %s, since %s; `lockstep pause %s --off` resumes it.\n", p.Name, clock(p.Since), p.Name)
	}
	t := listing("pipeline", "last run", "state", "read", "planned", "taken", "refused", "stale or deferred", "went well", "due")
	for _, r := range h.Runs {
		due := clock(r.DueAt)
		switch {
		case r.Paused:
			due = "paused"
		case r.Late:
			due += " late"
		}
		t.AppendRow(table.Row{r.Pipeline, clock(r.StartedAt), r.State, r.Extracted, r.Planned, r.Taken, r.Refused, r.Deferred + r.Stale, clock(r.WellAt), due})
	}
	show(w, "Runs", t)
	t = listing("object", "read", "newest edit", "read whole")
	for _, o := range h.Objects {
		t.AppendRow(table.Row{o.System + "." + o.Name, clock(o.ReadAt), clock(o.NewestAt), clock(o.FullAt)})
	}
	show(w, "Reading", t)
	t = listing("refused", "entity", "object", "records", "values", "first", "last", "remedy", "then")
	for _, r := range h.Refusals {
		t.AppendRow(table.Row{r.Category, r.Entity, r.System + "." + r.Object, r.Records, r.Values, clock(r.FirstAt), clock(r.LastAt), r.Remedy, r.Run})
	}
	show(w, "Refusals that stand", t)
	t = listing("frozen", "kind", "pairs", "since", "then")
	for _, f := range h.Frozen {
		t.AppendRow(table.Row{f.Entity + "." + f.Field, f.Kind, f.Pairs, clock(f.Since), "lockstep release"})
	}
	show(w, "Frozen", t)
	t = listing("waiting", "entity", "field", "records")
	for _, x := range h.Waiting {
		t.AppendRow(table.Row{strings.ReplaceAll(x.Kind, "_", " "), x.Entity, x.Field, x.Records})
	}
	show(w, "Waiting, by the newest plan of each entity", t)
	t = listing("calls", "left today", "reserve", "within a day")
	for _, c := range h.Calls {
		left := "not told"
		if c.Left >= 0 {
			left = fmt.Sprint(c.Left)
		}
		t.AppendRow(table.Row{c.System, left, c.Reserve, c.LastDay})
	}
	show(w, "Calls", t)
}

func listing(head ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(head)
	var widths []table.ColumnConfig
	for i := range head {
		widths = append(widths, table.ColumnConfig{Number: i + 1, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft})
	}
	t.SetColumnConfigs(widths)
	return t
}

// show prints a listing that has rows.
func show(w io.Writer, title string, t table.Writer) {
	if t.Length() > 0 {
		fmt.Fprintf(w, "%s\n%s\n", title, t.Render())
	}
}

// clock is an instant for people; empty where it is not known.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}
