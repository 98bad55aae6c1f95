package main

import "github.com/spf13/cobra"

// commands are all of them, one file each.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newBackup(a), newRestore(a),
		newDemo(a), newInit(a), newSandbox(a), newSetup(a), newExtract(a), newPlan(a), newApply(a), newUndo(a), newForget(a), newRetry(a), newResolve(a), newRelease(a), newRun(a), newSchedule(a), newServe(a),
		newHistory(a), newQuery(a), newHealth(a), newPause(a), newExplain(a), newDuplicates(a), newReport(a), newCheck(a), newBench(a), newVersion(a),
	}
}
