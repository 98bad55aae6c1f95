package main

import (
	"fmt"
	"io"
	"strings"

	"lockstep/load"
	"lockstep/pipelines"
)

// printResult prints what a run did: per change what became of it, then the totals. Without all, changes that
// were taken are only counted.
func printResult(w io.Writer, r pipelines.Result, all bool) {
	if r.Idle {
		fmt.Fprintln(w, "Nothing has changed since the last run.")
		return
	}
	sent := map[string]string{}
	if r.Plan != nil {
		for _, c := range r.Plan.Changes {
			sent[c.ID] = c.Short()
		}
	}
	for _, l := range r.Load.Lines {
		if l.State == load.Taken && !all {
			continue
		}
		line := fmt.Sprintf("  %-9s  %s %s %s", strings.ReplaceAll(string(l.State), "_", " "), l.Action, l.Record.Object, l.Record.ID)
		if l.Label != "" {
			line = strings.TrimRight(line, " ") + "  " + l.Label
		}
		for _, more := range []string{sent[l.ChangeID], l.Reason} {
			if more != "" {
				line += "   " + more
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	for _, c := range r.Stale {
		fmt.Fprintf(w, "  %-9s  %s %s.%s %s  %s   moved since it was planned\n", load.Stale, c.Action.Word(), c.System, c.Object, c.RecordID, c.Label)
	}
	for _, p := range r.Paused {
		fmt.Fprintln(w, p)
	}
	if r.Sample != "" {
		fmt.Fprintln(w, r.Sample)
	}
	fmt.Fprintln(w, summary(r))
}

// summary is "2 taken, 1 refused, 3 linked; 1,204 records read, 5 changed.", zeros left out.
func summary(r pipelines.Result) string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	for _, s := range []load.State{load.Taken, load.Refused, load.NotTaken, load.Deferred, load.Unclear} {
		add(r.Load.Counts[s], strings.ReplaceAll(string(s), "_", " "))
	}
	add(r.Load.Counts[load.Stale]+len(r.Stale), "stale")
	add(r.Load.Linked, "linked")
	if len(parts) == 0 {
		parts = append(parts, "nothing sent")
	}
	return fmt.Sprintf("%s; %d records read, %d changed in the mirrors.", strings.Join(parts, ", "), r.Read, r.Changed)
}
