// Package warehouse is the one DuckDB file: opening it, who may write it, its tables, and how records of the CRMs
// come into its mirrors.
//
//	open.go     the one function that opens it; every connection gets the session settings
//	lock.go     one writer among all processes
//	version.go  which tables this program writes, and files it must not touch
//	bind.go     one portal and one org per file
//	fault.go    DuckDB's error texts, cut before they quote a row
//	types.go    a CRM's type word in DuckDB
//	mirror.go   a mirror: its table, its columns, columns that appear later
//	catalog.go  what the CRM's metadata says, as rows
//	page.go     raw pages, and mending the ones DuckDB cannot read
//	arrow.go    pages into DuckDB without a copy per record
//	pipe.go     CSV into DuckDB through a named pipe
//	stage.go    pages into typed rows of a staging table
//	merge.go    staged rows into the mirror
//	people.go   users and owners
//	histories.go  property histories
//	entity_tables.go  link and base tables per entity
//	statement.go  SQL files made for one object
//
// # Landing
//
// Records are never decoded in Go. Raw pages go to DuckDB as one text column and are split, parsed and typed there
// by one statement (sql/parse_json.sql). Every value is taken as text first and then cast by the type that the
// CRM's metadata names. Three things can be wrong with a value, and none of them is a null:
//
//   - its key is missing from the answer: the mirror keeps the old value;
//   - its text does not cast: the mirror keeps the old value, and catalog.misfit lists it;
//   - the page is not JSON to DuckDB: it is split record by record in Go, and only those records that DuckDB does
//     not read are written anew.
//
// The Arrow view of the pages lives inside the transaction that scans it and is dropped by it: the driver makes
// the view permanent, a second scan of it returns nothing, and reading one that was left over crashes the process.
//
// # A read in three states
//
//	none ──first group──▶ under way ──last group──▶ merged, in one or more transactions ──▶ none
//	                        │    ▲
//	                        └────┘ each group: rows into staging.<object> and the position in catalog.reading,
//	                               one transaction
//
// What a crash leaves is a row in catalog.reading and the staged rows that belong to it: the next run goes on at
// that position. Merging is set-based and may be repeated.
//
// # Mirrors never go back
//
// A row is only replaced by the same or a newer version of itself, since a search may return an older one. Rows
// that are the same are not touched. _landed_at is when a value of the row last became different, so that counting
// it counts changes. Nothing is deleted from a mirror: _deleted and _deleted_at mark what the CRM no longer has;
// without a time nobody has seen the deletion, and it may be hidden from us.
package warehouse
