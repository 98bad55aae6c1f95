// Package load carries a plan out. It is the only writer: records go through the outbox, columns and
// permissions through Setup. It meets extract and transform in the warehouse and nowhere else.
//
//	load.go       Apply, its options and its report
//	guard.go      limits, over the whole plan, before anything is committed; guard_columns.go  by field and by association
//	canary.go     the first records of a group, before the rest
//	budget.go     how many calls a plan takes, and what of it fits into today
//	moved.go      what changed between the plan and now: source, base, link
//	first.go      the transaction before the first write: links, settlements, conflicts, the mapping's text
//	unused.go     bases of fields that are off or no more
//	batch.go      verify, write, settle: one batch
//	failed.go     a batch without outcomes: split it, put it off, or leave it to Recover
//	settle.go     what an answer moves: mirror, bases, links, notices
//	collide.go    creates whose unique key another record has
//	outcome.go    taken or not, and the table of base moves
//	outbox.go     what is under way; job.go  many creates as one job
//	recover.go    what a crash left under way
//	answer.go     what waits for a person, and his answer
//	undo.go       the inverse of a run, as a plan; undo_links.go  its links and creates
//	delete.go     deletions: what else must not have moved, and what follows
//	predicted.go  what pre-flight left out of the plan
//	refusal.go    categories, remedies, and what is left of a refused change
//	history.go    history.change and history.refusal
//	stage.go      a lifecycle stage that goes back is cleared first
//	mirror.go     records as read → mirror rows; from files over rows other than the mirror's
//	plan.go       the plan as it is read; value.go, text.go  values and texts
//	associations.go  HubSpot's association columns
//	target.go     Target, the CRM as load writes it: hubspot.go, salesforce.go, salesforce_job.go
//	setup.go      the columns both CRMs need
//
// # A change
//
// The states of a column; a change is in the worst state of its columns.
//
//	planned ──> stale     source, base, link or target is not as planned
//	   │  ├───> deferred  budget, lock, a record it needs, an interrupt, an outbox row of its pair
//	   │  └───> refused   the CRM named it ──> the rest of its record goes again in the same run
//	   └─ outbox: sending ──┬─> taken      read back changed: its fields' bases move
//	                        ├─> not_taken  read back as before: a refusal
//	                        └─> unclear    no answer: the row stays, and the next Recover reads the record
//
// Deferred and stale changes are planned anew by the next run, with what is true by then. Refused ones stand in
// history.refusal, where transform looks before it plans the same value again.
//
// # What is committed when
//
// Two transactions around each call. Before it: what verification read, and a row per record in the outbox
// with the columns of the call and the record as verified. After it, everything that follows from the answer:
// read-back into the mirror, bases, link, history, refusals, and the outbox row gone. So at any instant the
// warehouse either does not know of a call yet, or can find out from the record what became of it.
//
// Between verification and write nothing protects: neither CRM compares and sets in batches. For Salesforce
// that window is up to two calls, because a call reads the records of the next; Report.Window is the longest.
//
// Which bases move is the table of the design, in bases (outcome.go) and, row by row, in TestBaseMoves. The
// values of a base are always what a from file says: of the record as verified, with the sent columns as read
// back. What else the read-back shows is somebody's edit, and is left for the next extract to see.
package load
