package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/pipelines"
)

// job makes what every command that acts starts from: the project, a pipeline of it, and the two CRMs.
func (a *app) job(name, pipeline string) (pipelines.Job, error) {
	p, err := a.project()
	if err != nil {
		return pipelines.Job{}, err
	}
	pipe, err := pipelines.Load(p.Pipelines, pipeline)
	if err != nil {
		return pipelines.Job{}, err
	}
	crms, err := pipelines.Connect(p, a.env, a.log())
	if err != nil {
		return pipelines.Job{}, err
	}
	alerts, err := pipelines.Alerts(p, a.env)
	if err != nil {
		return pipelines.Job{}, err
	}
	return pipelines.Job{Project: p, Pipeline: pipe, CRMs: crms, Name: name, Log: a.log(), Now: a.now, Alerts: alerts, Began: a.under.begin}, nil
}

// perform runs the job while its progress is shown.
func (a *app) perform(cmd *cobra.Command, job pipelines.Job) (pipelines.Result, error) {
	watch, end := a.watch()
	defer end()
	job.Watch = watch
	return pipelines.Run(cmd.Context(), job)
}

// usualPipeline is the one that commands take unless they are told another.
const usualPipeline = "quarter_hourly"

// pipelineFlag is the pipeline whose entities, limits and budget a command takes.
func pipelineFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "pipeline", usualPipeline, "pipeline whose entities, limits and budget count")
}

func forceFlag(cmd *cobra.Command, into *[]string) {
	cmd.Flags().StringSliceVar(into, "force", nil, "limit that does not count this time: creates, updates, clears, deletes, links, associations, field, or contact.updates, contact.owner.field; canary; extract (what came back empty is right); may be repeated")
}

func sampleFlag(cmd *cobra.Command, into *int) {
	cmd.Flags().IntVar(into, "sample", 0, "of what is new only N people, with their companies, deals and activities: a first sync in stages")
}

// checkSample refuses a sample of nobody.
func checkSample(cmd *cobra.Command, n int) error {
	if cmd.Flags().Changed("sample") && n < 1 {
		return crm.WithHint(fmt.Errorf("--sample %d takes nobody", n), "say how many people, as in --sample 50")
	}
	return nil
}

// needsWarehouse is the error of a command that reads a warehouse which is not there yet.
func needsWarehouse(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return crm.WithHint(fmt.Errorf("there is no warehouse at %s yet", path), "`lockstep plan` makes one; --project names another project")
	}
	return err
}
