// Package project is the folder a team keeps in git: lockstep.yaml, sql/ and pipelines/.
//
// A project is read in two layers. What stands in the folder counts; a file that is absent there
// is read from the defaults embedded in the program. So an empty folder is a valid project, and a
// team that changes one mapping keeps one file:
//
//	acme/lockstep.yaml                  the team's
//	acme/sql/contact/winner.sql         the team's
//	     sql/contact/match.sql          embedded
//	     pipelines/nightly.yaml         embedded
//
// The layering goes by file, never within one: except lockstep.yaml, whose absent keys keep the
// value of the embedded example, so that a team writes only the keys it changes.
//
// Secrets never stand in a project. They come from LOCKSTEP_… variables, or from a file that a
// LOCKSTEP_…_FILE variable names.
package project
