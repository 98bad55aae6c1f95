package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/wake"
	"lockstep/internal/wire"
	"lockstep/pipelines"
)

func newBenchWake(a *app) *cobra.Command {
	b := wakeBench{app: a}
	cmd := &cobra.Command{
		Use:   "wake",
		Short: "Measure how long an edit takes from one CRM to the other",
		Long: `wake starts both CRMs on loopback with generated people and companies, brings them into step, and lets the schedule run.
Then people edit one record after the other, in HubSpot and in Salesforce by turns, and each edit is waited for in the
other CRM. HubSpot sends webhooks and Salesforce's edits are posted to /wake; with --poll nothing is told, and the
pipeline runs by its cron "@every 30s".`,
		Args: hinted(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return b.measure(cmd.Context()) },
	}
	cmd.Flags().IntVar(&b.people, "people", 200, "people to generate over both CRMs")
	cmd.Flags().IntVar(&b.edits, "edits", 10, "edits to wait for")
	cmd.Flags().DurationVar(&b.lag, "search-lag", 10*time.Second, "how long HubSpot's search does not see a write")
	cmd.Flags().BoolVar(&b.poll, "poll", false, "tell nothing, and look every 30 seconds")
	return cmd
}

// wakeBench is one measurement.
type wakeBench struct {
	app           *app
	people, edits int
	lag           time.Duration
	poll          bool

	crms   *sandbox.Sandbox
	listen string // where the schedule is told of edits
}

func (b *wakeBench) measure(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "lockstep-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if b.crms, err = sandbox.Start(ctx, sandbox.Options{People: b.people, Companies: true, Seed: 7, Now: b.app.now, SearchLag: b.lag}); err != nil {
		return err
	}
	defer b.crms.Close()
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(sandboxConfig(b.crms)), 0o600); err != nil {
		return err
	}
	d := demo{app: b.app, crms: b.crms, dir: dir}
	if err := d.connect(); err != nil {
		return err
	}
	if err := setUp(ctx, &app{stdout: &strings.Builder{}, stderr: b.app.stderr, now: b.app.now}, d.job.Project, d.job.CRMs, true); err != nil {
		return err
	}
	d.job.Log = zerolog.Nop()
	d.job.Force = []string{"creates", "updates", "clears", "links", "associations", "field", "canary"}
	for range 2 {
		if _, err := pipelines.Run(ctx, d.job); err != nil && !errors.Is(err, pipelines.ErrIncomplete) {
			return err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var schedule sync.WaitGroup
	defer schedule.Wait()
	defer cancel()
	if b.poll {
		if err := d.job.Pipeline.Every(30 * time.Second); err != nil {
			return err
		}
	}
	c := wake.NewCollector(d.job.Project.Config.Wake.Collect, nil)
	stop, err := b.wire(ctx, c)
	if err != nil {
		return err
	}
	defer stop()
	schedule.Go(func() {
		_ = pipelines.Schedule(ctx, zerolog.Nop(), []*pipelines.Pipeline{d.job.Pipeline}, c, func(ctx context.Context, due pipelines.Due) error {
			job := d.job
			job.Named, job.Woken = due.Named, due.Woken
			if due.Woken {
				job.Name = pipelines.Woken
			}
			_, err := pipelines.Run(ctx, job)
			return err
		})
	})
	return b.wait(ctx)
}

// wire has HubSpot send its webhooks to the collector, and opens /wake; not where nothing is to be told.
func (b *wakeBench) wire(ctx context.Context, c *wake.Collector) (stop func(), err error) {
	if b.poll {
		return func() {}, nil
	}
	const public = "https://sync.example.com"
	h := wake.Handler(wake.Options{
		Token: wire.NewSecret("bench"), HubSpotSecret: wire.NewSecret("bench"), URL: public, Now: b.app.now, Add: c.Add, Log: zerolog.Nop(),
	})
	at, stop, err := listen(ctx, "127.0.0.1:0", h, zerolog.Nop())
	if err != nil {
		return nil, err
	}
	b.listen = "http://" + at
	return stop, b.crms.Subscribe(sandbox.Webhook{URL: b.listen + wake.HubSpotPath, As: public + wake.HubSpotPath, Secret: "bench"})
}

// wait edits and waits, and prints how long it took.
func (b *wakeBench) wait(ctx context.Context) error {
	var people []map[string]string
	for _, c := range b.crms.HubSpot.All("contacts") {
		if c["salesforce_object"] == "Contact" {
			people = append(people, c)
		}
	}
	if len(people) == 0 {
		return errors.New("nobody is tied to a Contact: generate more people")
	}
	took := map[crm.System][]time.Duration{}
	for i := range b.edits {
		in := crm.Systems[i%2]
		person := people[i%len(people)]
		t, err := b.edit(ctx, in, person["hs_object_id"], person["salesforce_id"], fmt.Sprintf("+1 555 01%02d", i%100))
		if err != nil {
			return err
		}
		took[in] = append(took[in], t)
	}
	for _, in := range crm.Systems {
		if all := took[in]; len(all) > 0 {
			slices.Sort(all)
			fmt.Fprintf(b.app.stdout, "%d edits in %s are in %s after %.1f s (median), %.1f s (longest)\n", len(all), in, in.Other(), all[len(all)/2].Seconds(), all[len(all)-1].Seconds())
		}
	}
	return nil
}

// edit changes somebody's mobile number in one CRM, and returns after how long the other has it.
func (b *wakeBench) edit(ctx context.Context, in crm.System, h, s, number string) (time.Duration, error) {
	arrived := make(chan struct{})
	var once sync.Once
	b.crms.Watch(func(e sandbox.Event) {
		c, _ := b.crms.Salesforce.Get("Contact", s)
		there := c["MobilePhone"]
		if in == crm.Salesforce {
			c, _ = b.crms.HubSpot.Get("contacts", h)
			there = c["mobilephone"]
		}
		if e.Answered && there == number {
			once.Do(func() { close(arrived) })
		}
	})
	began := time.Now()
	var err error
	if in == crm.HubSpot {
		err = b.crms.HubSpot.Edit("contacts", h, map[string]string{"mobilephone": number})
	} else if err = b.crms.Salesforce.Edit("Contact", s, map[string]string{"MobilePhone": number}); err == nil && !b.poll {
		err = b.relay(ctx, s)
	}
	if err != nil {
		return 0, err
	}
	select {
	case <-arrived:
		return time.Since(began), nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// relay tells of a Contact as a Flow would.
func (b *wakeBench) relay(ctx context.Context, id string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.listen+wake.Path, strings.NewReader(`{"system":"salesforce","object":"Contact","ids":["`+id+`"]}`))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer bench")
	answer, err := http.DefaultClient.Do(r)
	if err == nil {
		err = answer.Body.Close()
	}
	return err
}
