// Package pipelines orders the steps of a run and says when runs happen.
//
// A pipeline is a YAML file of the project's pipelines/ folder: when it runs, what it reads, and within
// which limits and budget it writes. A run is
//
//	recover ─> extract ─> transform ─> histories of conflicts ─> transform again ─> apply ─> reports
//	   │          │           │                                                       │
//	 outbox    mirrors      plan.*                                       guard, outbox, CRMs, history
//
// and is one row of history.run, whatever becomes of it. `plan` is a run that ends before apply;
// `apply FILE` is a run that narrows its plan to the saved one before apply; `extract` is a run that ends
// before transform.
//
// A tick that finds nothing to do costs a read and no transform: see idle.
package pipelines
