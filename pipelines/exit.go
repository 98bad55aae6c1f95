package pipelines

import (
	"context"
	"errors"

	"lockstep/extract"
	"lockstep/internal/warehouse"
	"lockstep/load"
)

// Outcomes of a run that is no failure and yet not simply done. They have no text of their own to print:
// the command has printed what there is to say.
var (
	// ErrChanges is returned by `plan --exit-code` when there is something to do.
	ErrChanges = errors.New("the plan has changes")
	// ErrIncomplete is returned when some changes were refused, deferred or stale.
	ErrIncomplete = errors.New("some changes were refused, deferred or stale")
)

// ExitCodes is the table that stands in every --help.
const ExitCodes = `Exit codes:
  0    done
  1    failed, wrong usage, or a check that failed
  2    plan --exit-code found changes
  3    done, some changes refused, deferred or stale
  4    stopped by a limit
  5    another run holds the warehouse
  130  interrupted (INT and TERM)`

// ExitCode is the one place that turns an error into a process's exit code, and into history.run.exit_code.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrChanges):
		return 2
	case errors.Is(err, ErrIncomplete):
		return 3
	case errors.Is(err, load.ErrLimit), errors.Is(err, warehouse.ErrNothing), errors.Is(err, extract.ErrColumns):
		return 4
	case errors.Is(err, warehouse.ErrLocked):
		return 5
	case errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

// state is history.run.state for the same.
func state(err error) string {
	switch ExitCode(err) {
	case 0, 2:
		return "done"
	case 3:
		return "refused"
	case 4:
		return "stopped"
	case 130:
		return "interrupted"
	}
	return "failed"
}

// state is the same for this run: one that only planned was never more than that.
func (r *run) state(err error) string {
	if s := state(err); s != "done" || !r.job.Shadow {
		return s
	}
	return "planned"
}
