// Package plan is the plan as a value: every change with its old value, new value, and who decided by
// which rule, before anything is sent.
//
// The transform writes a plan into the tables plan.* of the warehouse and calls [Seal], which gives
// every change a digest over itself and over the values it was decided from. [Read] makes the value;
// [Plan.Text], JSON and the plan file are functions of it.
//
//	transform ─> plan.* ─ Seal ─> Read ─┬─> Text      what a person reviews
//	                                    ├─> JSON      what a program reviews
//	                                    └─> WriteFile ─ ReadFile ─ Narrow ─> load
//
// A saved plan is never applied as it stands: the run that applies it plans anew, and [Narrow] keeps
// of the new plan exactly the changes whose digests stand in the file. A change that is in the file
// alone is stale: its source, its target or a base has moved since. So a file can only choose among
// changes that are right today, whatever is written in it.
package plan
