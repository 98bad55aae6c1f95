// Package salesforce simulates the Salesforce REST API for one org, over HTTP and in memory, for tests,
// rehearsals and the demo. The protocol (paths, statuses, wording) lives here, the records and their rules
// in store, the query language in soql.
//
//	New → Insert … (records as they stand) → http.Server{Handler: s} → clients → Edit, Delete, Convert … (humans)
//
// # Simulated
//
// OAuth: JWT bearer, client credentials, refresh, password, revoke, introspection; sessions that expire; userinfo and
// identity. Over SOAP: login, logout, getUserInfo, getServerTimestamp, convertLead, merge, undelete, emptyRecycleBin.
// Versions, describe (global and per object, If-Modified-Since), SOQL through query and queryAll with cursors,
// columns and explain, single records with conditional requests, external ids, relationships, getDeleted and
// getUpdated, sObject Collections with allOrNone, Composite, batch, tree and graph, Bulk 2.0 ingest and query, limits,
// recordCount, Tooling CustomField, and PermissionSet, FieldPermissions and PermissionSetAssignment, which decide
// who sees a field that was made through the API. Objects: Account, Contact, Lead, User, Group, Profile,
// UserLicense, Organization, LeadStatus.
//
// # Not simulated
//
//   - Opportunity, Task, Event, Campaign, their children, record types, custom objects, person accounts, several
//     currencies, state and country picklists, dependent picklists, formulas, roll-ups, autonumbers.
//   - Sharing, profiles and object permissions: every session sees every record, and every standard field. The human
//     of Edit sees and may do everything.
//   - SOSL, list views, page layouts, other SOAP calls than those above, Metadata API, change data capture, XML in
//     place of JSON, the web server and device flows of OAuth.
//   - In SOQL: what package soql says it does not understand. FOR VIEW and FOR REFERENCE stamp nothing.
//   - Duplicate rules, assignment rules and row locks: Sforce-Duplicate-Rule-Header, Sforce-Auto-Assign and
//     Sforce-Call-Options are accepted and change nothing.
//   - Deleting an account leaves its contacts; nothing leaves the recycle bin by itself.
//   - Limits other than the daily numbers of requests, Bulk batches and Bulk query jobs, and the long requests under
//     way: /limits shows their figures unspent.
//   - Bulk jobs advance one state per poll and never by themselves; their times are counts, not milliseconds. Results
//     are compressed for clients that say they take that.
//   - API versions differ in the urls, in what an upsert answers up to 45, and in resultPages from 58 on; those from
//     31 on are taken.
//   - recentItems are the records that the user saved last, not those looked at.
//
// # Stricter or looser than the original
//
//   - Query parameters that a resource does not have are refused; Salesforce ignores most.
//   - JSON_PARSER_ERROR names line 1, column 1 rather than the place of the value.
//   - A column that no record's metadata has, and a value that is no date, fail a collections request as a whole
//     (from knowledge of the API, not from a recording).
//   - Weeks begin on Sunday, the fiscal year in January.
//   - This server is login host and My Domain in one: its own address passes as a JWT's audience.
package salesforce
