// Command lockstep keeps HubSpot and Salesforce in step, in both directions, with a DuckDB warehouse in
// the middle. One file per command; what a command does stands in the packages it calls.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(runUntilSignal(system(), os.Args[1:]))
}

// runUntilSignal executes one command line and returns the process's exit code. The first signal ends the run after
// the call under way; the second ends the process as usual.
func runUntilSignal(a *app, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, a, args)
}
