// Package salesforce is the wire client of Salesforce's REST and Bulk 2.0 APIs: one file per API
// area, one method per call, the vendor's page named on each. It knows HTTP, JSON and CSV, and
// no meaning: records pass as raw JSON or CSV, as they came.
//
//	auth.go          a session: JWT bearer, client credentials, refresh token
//	userinfo.go      whose session it is
//	query.go         SOQL, pages by nextRecordsUrl
//	quote.go         the one way a value gets into SOQL
//	describe.go      objects and their fields
//	collections.go   up to 200 records per write, 2,000 per read
//	composite.go     several calls in one; write, read back and read the next in one
//	bulk_query.go    large reads, as CSV
//	bulk_ingest.go   large writes, as CSV
//	limits.go        what is left today
//	setup.go         custom fields, permission sets, single records
//	classify.go      error codes and what each asks for
//
// Errors are package wire's. A call to collections or composite that Salesforce carried out in
// part is no error: each record has its Outcome.
//
// Salesforce counts HTTP calls, whatever they carry, over a rolling 24 hours and for the whole
// org, and says on every answer how many are used: the Meter has that figure as "api".
package salesforce
