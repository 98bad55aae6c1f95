// Package health says how the runs are doing: the last one of each pipeline, how far reading is behind, what is refused
// and why, what is frozen, waits or is paused, how many calls are left, and which alerts nobody has taken.
//
// Read asks history.*, plan.* and catalog.* by the statements of queries/, one select per file, over the warehouse or
// over its publication. From the facts it draws Problems: what a person should look at. `lockstep health`, /healthz,
// /metrics, the page and the alerts all tell the same ones.
package health
