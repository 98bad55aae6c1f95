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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends the run after the call under way; the second ends the process as usual.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, system(), os.Args[1:]))
}
