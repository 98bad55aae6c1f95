// Package hubspot is the wire client for HubSpot's CRM API. One file per API area:
//
//	auth.go        bearer tokens: private app or service key, OAuth refresh
//	paths.go       where each call lives in each API version
//	search.go      POST …/search, one page
//	changed.go     every record modified since an instant, past search's 10,000
//	list.go        GET …/{object}, live or archived, page by page
//	batch_read.go  POST …/batch/read, with property histories
//	batch_write.go POST …/batch/create, update, upsert
//	outcome.go     which answer belongs to which row of a batch
//	properties.go  the columns of an object, their groups, and their creation
//	owners.go      owners, live and archived
//	account.go     which portal this is, and what is left of today's calls
//	envelope.go    HubSpot's error body, and what it refuses
//	classify.go    what to do about an answer: repeat it, mend the record, stop
//	pace.go        the two limits of calls per second
//
// Records are passed on as the raw bytes of a page: only ids, stamps and cursors are decoded here, since
// extract lands pages without looking at them. Everything else is typed.
//
// # Outcomes
//
// A batch answers 200, 201 or 207, and the documentation disagrees on which: the status says nothing, each row
// has its own outcome. Results come back in another order than the inputs, so rows are matched by the
// objectWriteTraceId each create and upsert carries, else by id or by the key's value in lower case, never by
// index. A row nothing was said about is [Unanswered]: whether it was written has to be read.
//
// Rows that break a rule of batch/update, and whole requests that HubSpot turns down, are a [*Refusal]. Its
// Error() names properties and codes; HubSpot's own words, which quote values, stand in Message alone and
// belong in history, never in a log.
//
// # Limits
//
// Inputs per batch 100, with property histories 50. Search: 200 records a page, 10,000 a query, 18 filters,
// 3,000 characters of body, five calls a second for the whole account. All other calls: 100 to 250 per ten
// seconds for one app (see [Options]). The daily count is shared by all private apps of the account.
package hubspot
