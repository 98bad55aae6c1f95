package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"lockstep/internal/crm"
	"lockstep/internal/project"
	"lockstep/pipelines"
	"lockstep/sql"
)

// app is what every command needs of the world, so that a test can bring its own.
type app struct {
	stdout, stderr io.Writer
	env            project.Environment
	now            func() time.Time
	terminal       bool // stderr is one: progress bars instead of log lines

	dir string // --project

	under *underWay // the run that log lines belong to
}

// system is the world of a real process.
func system() *app {
	return &app{
		stdout: os.Stdout, stderr: os.Stderr, env: os.LookupEnv, now: time.Now,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// run executes one command line and returns the process's exit code.
func run(ctx context.Context, a *app, args []string) int {
	a.under = &underWay{}
	a.stderr = zerolog.SyncWriter(a.stderr) // both CRMs are read at once, and each logs
	root := newRoot(a)
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err()) // whatever it says, it is the signal's doing
	}
	report(a.stderr, err)
	return pipelines.ExitCode(err)
}

// report prints an error as two lines: what is wrong, and what to do. Outcomes that the command has told of
// already are not errors to print.
func report(w io.Writer, err error) {
	switch {
	case err == nil, errors.Is(err, pipelines.ErrChanges), errors.Is(err, pipelines.ErrIncomplete), errors.Is(err, errUnwell):
		return
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "lockstep: interrupted")
		fmt.Fprintln(w, "hint: what was sent is recorded; the next run continues where this one stopped")
		return
	}
	// Both CRMs may have failed at once: each gets its two lines.
	if all, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		for _, one := range all.Unwrap() {
			report(w, one)
		}
		return
	}
	fmt.Fprintf(w, "lockstep: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	var h *crm.Hinted
	if errors.As(err, &h) {
		fmt.Fprintf(w, "hint: %s\n", h.Hint)
	}
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "lockstep",
		Short:         "Keep HubSpot and Salesforce in step",
		Long:          "lockstep keeps HubSpot and Salesforce in step, in both directions, with a DuckDB warehouse in the middle.\nPlain SQL says what corresponds to what, and who wins a conflict.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return crm.WithHint(fmt.Errorf("no command %q", args[0]), "`lockstep --help` lists them")
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().StringVar(&a.dir, "project", ".", "folder with lockstep.yaml, sql/ and pipelines/; a file absent there is the embedded one")
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpTemplate(root.HelpTemplate() + "\n" + pipelines.ExitCodes + "\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return crm.WithHint(err, "see `%s --help`", cmd.CommandPath())
	})
	root.AddCommand(commands(a)...)
	for _, c := range root.Commands() {
		c.Args = hinted(c.Args)
	}
	return root
}

// hinted gives a command's complaint about its arguments a second line.
func hinted(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		return crm.WithHint(check(cmd, args), "usage: %s", cmd.UseLine())
	}
}

// project opens the folder of --project over the embedded defaults.
func (a *app) project() (*project.Project, error) {
	return project.Open(a.dir, sql.FS, pipelines.FS)
}
