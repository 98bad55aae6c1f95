// Package publish writes what everybody but the program itself reads, and opens it.
//
// The folder paths.published holds
//
//	reports.duckdb   views over the files below, macros and the newest reports; small, put in place by rename
//	manifest.json    which files make which table: for engines that read the Parquet by themselves
//	data/            Parquet: a new name each time, never written twice; gone a day after nothing names it
//	failed.json      only while the last attempt has failed: why
//
// Tables have the warehouse's names and columns. Cost grows with what changed:
//
//	history with a time     a file per day; months that are over are one file each after a nightly run
//	plan.*                  the newest plan of each pipeline and entity, a file per table and plan
//	mirrors, link, base     whole where small and at night; in between what changed since then, as one more file
//	all the rest            whole, when a digest of the rows differs
//	report.*                a view where it reads no mirror, else the rows that the nightly run left
//
// A publication is complete or is not there: reports.duckdb takes its place last but for the manifest, and names only
// files that are on the disk by then. Of a crash between the two, the next publication takes the older manifest's word.
package publish
