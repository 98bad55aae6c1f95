// Package transform runs the project's SQL over the mirrors and leaves a plan in the warehouse. It knows SQL
// and no CRM: it writes plan.* and temporary tables only, so a plan moves no base, no link and no outbox row.
//
// For each entity, in this order:
//
//	rows       from files → row_hubspot, row_salesforce: every record, every field as text, a reference as a pair
//	links      link.<entity> → pair: conversions and merges followed, deletions seen
//	match      match.sql and same_as.csv → new pairs; what is ambiguous is reported
//	create     create.sql → records to be created
//	suspect    the pairs of which a side is not what its base says: nothing below looks at the others
//	basis      base.<entity> → basis: with edited mappings, replaced records and --resync accounted for
//	cell       one row per pair and field of every suspect
//	unit       the result table of the merge, per field; fields of one `together` are one unit
//	conflict   both sides changed it: winner.sql, else the field's rule
//	column     to(merged) − to(current), and which field moved which column
//	emit       plan.change, plan.value, plan.field, plan.settle, plan.link, plan.notice
//	deletions  the live records of half pairs, where the pipeline tells deletions on
//
// The statements are files in queries/, with the entity's fields filled in. In them a blank is the empty
// text, absent (unknown, not read, not selected by that object's file) is null, and a base that does not
// exist is null; the project's own files see a blank as null.
package transform
