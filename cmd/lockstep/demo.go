package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/plan"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
	"lockstep/sql"
)

func newDemo(a *app) *cobra.Command {
	var people int
	var seed uint64
	var keep string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Bring two simulated CRMs into step, before your eyes",
		Long: `demo starts both CRMs on loopback with generated people, makes the columns lockstep needs, shows the plan, applies
it, and plans again: No changes. Then it edits a record on each side and one on both, plans, applies, and tells what
became of each. It uses the embedded project and leaves nothing behind.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			dir := keep
			if dir == "" {
				if dir, err = os.MkdirTemp("", "lockstep-demo-"); err != nil {
					return err
				}
				defer func() {
					if e := os.RemoveAll(dir); err == nil {
						err = e
					}
				}()
			} else if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			s, err := sandbox.Start(cmd.Context(), sandbox.Options{People: people, Companies: true, Seed: seed, Now: a.now})
			if err != nil {
				return err
			}
			defer s.Close()
			if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(sandboxConfig(s)), 0o644); err != nil {
				return err
			}
			d := demo{app: a, cmd: cmd, crms: s, dir: dir}
			return d.tell(cmd.Context())
		},
	}
	cmd.Flags().IntVar(&people, "people", 200, "people to generate over both CRMs")
	cmd.Flags().Uint64Var(&seed, "seed", 7, "of the generated people: the same seed, the same world")
	cmd.Flags().StringVar(&keep, "keep", "", "keep the warehouse and lockstep.yaml in this folder")
	return cmd
}

// demo is one demonstration under way.
type demo struct {
	app  *app
	cmd  *cobra.Command
	crms *sandbox.Sandbox
	dir  string
	job  pipelines.Job
}

// shown is how much of the first, long plan the demo prints.
var shown = plan.Cut{Changes: 2, Others: 2}

func (d *demo) tell(ctx context.Context) error {
	d.say("Two CRMs on this machine: salesforce at %s, hubspot at %s", d.crms.SalesforceURL, d.crms.HubSpotURL)
	if err := d.connect(); err != nil {
		return err
	}
	d.say("1. The columns that both CRMs need (lockstep setup)")
	if err := setUp(ctx, d.app, d.job.Project, d.job.CRMs, true); err != nil {
		return err
	}
	d.say("2. What a first run would do (lockstep plan)")
	if err := d.apply(shown, "3. The same, carried out (lockstep apply)", false); err != nil {
		return err
	}
	d.say("4. What a second run would do")
	if err := d.planEmpty(); err != nil {
		return err
	}
	d.say("5. People edit: one record in salesforce, one in hubspot, and one field of one person in both")
	if err := d.edit(); err != nil {
		return err
	}
	d.say("6. What the next run would do")
	return d.apply(shown, "7. What became of each record", true)
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.app.stdout, "\n── "+format+"\n\n", args...)
}

// connect opens the project the demo has written, with the sandbox's credentials.
func (d *demo) connect() error {
	p, err := project.Open(d.dir, sql.FS, pipelines.FS)
	if err != nil {
		return err
	}
	pipe, err := pipelines.Load(p.Pipelines, "quarter_hourly")
	if err != nil {
		return err
	}
	crms, err := pipelines.Connect(p, sandboxEnv, d.app.log())
	if err != nil {
		return err
	}
	d.job = pipelines.Job{Project: p, Pipeline: pipe, CRMs: crms, Name: "demo", Log: d.app.log(), Now: d.app.now}
	return nil
}

// planEmpty plans and has to find nothing to do.
func (d *demo) planEmpty() error {
	job := d.job
	job.Until = pipelines.Planned
	result, err := d.app.perform(d.cmd, job)
	if err != nil {
		return err
	}
	if !result.Plan.Empty() {
		fmt.Fprint(d.app.stdout, result.Plan.Text(plan.Cut{}))
		return errors.New("demo: the second plan is not empty")
	}
	_, err = fmt.Fprint(d.app.stdout, result.Plan.Text(shown))
	return err
}

// apply shows the plan and carries it out under the next heading. The limits are for runs nobody watches.
func (d *demo) apply(cut plan.Cut, heading string, each bool) error {
	job := d.job
	job.Force = []string{"creates", "updates", "clears", "links", "associations", "field", "canary"}
	job.Review = func(p *plan.Plan) error {
		fmt.Fprint(d.app.stdout, p.Text(cut))
		d.say("%s", heading)
		return nil
	}
	result, err := d.app.perform(d.cmd, job)
	printResult(d.app.stdout, result, each)
	if errors.Is(err, pipelines.ErrIncomplete) && !each {
		return nil // generated people have values a CRM refuses; the lines above tell of them
	}
	return err
}

// edit changes the phone of one person in both CRMs, the title of another in Salesforce, and the company of
// a third in HubSpot.
func (d *demo) edit() error {
	pairs := d.pairs()
	if len(pairs) < 3 {
		return errors.New("demo: fewer than three linked people to edit")
	}
	for _, e := range []struct {
		system, object, id, column, value string
	}{
		{"salesforce", "Contact", pairs[0].salesforce, "Title", "Head of Operations"},
		{"hubspot", "contacts", pairs[1].hubspot, "mobilephone", "+1 555 0123"},
		{"salesforce", "Contact", pairs[2].salesforce, "Phone", "+1 555 0142"},
		{"hubspot", "contacts", pairs[2].hubspot, "phone", "+1 555 0199"},
	} {
		before, edit := d.crms.Salesforce.Get, d.crms.Salesforce.Edit
		if e.system == "hubspot" {
			before, edit = d.crms.HubSpot.Get, d.crms.HubSpot.Edit
		}
		old, _ := before(e.object, e.id)
		if err := edit(e.object, e.id, map[string]string{e.column: e.value}); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		fmt.Fprintf(d.app.stdout, "  %-10s  %s %s  %s  %q → %q\n", e.system, e.object, e.id, e.column, old[e.column], e.value)
	}
	return nil
}

type demoPair struct{ hubspot, salesforce string }

// pairs are the people that are a Salesforce Contact with a phone and a HubSpot contact, in id order.
func (d *demo) pairs() []demoPair {
	var all []demoPair
	for _, c := range d.crms.Salesforce.All("Contact") {
		if c["HubSpot_Id__c"] != "" && c["Phone"] != "" {
			all = append(all, demoPair{c["HubSpot_Id__c"], c["Id"]})
		}
	}
	slices.SortFunc(all, func(a, b demoPair) int { return strings.Compare(a.salesforce, b.salesforce) })
	return all
}
