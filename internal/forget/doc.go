// Package forget erases a person from the warehouse.
//
//	find.go    which records are the person's: by e-mail address or id, and along links and sets
//	words.go   what a text is recognised by: addresses, ids, names, numbers
//	erase.go   what becomes of each table
//	again.go   the same in a backup that is restored, by what was forgotten since
//
// A person is the records that are found, and nothing else: a colleague of the same name stays.
//
//	mirrors, staging, property histories, list members, misfits      rows deleted
//	link.*, base.*, plan.*, outbox, standing refusals, frozen, answers  rows deleted
//	history.change, history.conflict and other rows of a run         the row stays, without ids and values: that
//	                                                                 something was sent is the history of the run
//	report.*, notices, and other texts that name the person          rows deleted, texts emptied
//	records of others that name the person                           stay, and are told of
//
// The records go on catalog.forgotten, as digests of their ids by a salt of the warehouse: extract drops what is on it. A
// record that still stands in a CRM would otherwise be read again by the next full read, matched with nothing, and made a
// second time in the other CRM. Who knows an id can ask whether it is on the list; nobody can read ids from it by looking.
package forget
