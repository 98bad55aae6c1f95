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
// who sees a field that was made through the API. Objects: Account, Contact, Lead, Opportunity with contact roles and
// stages, Task, Event, Campaign with members and their statuses, Case, RecordType, AssignmentRule, CurrencyType in an org
// with several currencies, User, Group, Profile, UserLicense, Organization, LeadStatus, TaskStatus; custom objects and
// fields of every type but geolocations.
//
// Rules: required fields, lengths, ranges, restricted picklists, references, validation rules, triggers, flows before and
// after the save, duplicate rules, assignment rules, record types, state and country picklists, row locks, storage;
// cascading deletes, the recycle bin that empties itself after 15 days, merges, conversions.
//
// # Not simulated
//
//   - Changing a business account into a person account and back, dependent picklists, roll-ups, geolocations, opportunity products and histories, recurring
//     activities, shared activities, the counts of a campaign, LastActivityDate and HasOpenActivity, LastViewedDate, LastReferencedDate
//     and CleanStatus (empty; recorded creates show the moment and Pending), business processes
//     and picklists by record type. A formula is a Go function beside the text that the describe shows.
//   - Sharing and profiles: every session sees every record, and every standard field and object; ObjectPermissions count
//     for custom objects that were made hidden. The human of Edit sees and may do everything.
//   - SOSL, list views, page layouts, other SOAP calls than those above, Metadata API, change data capture, XML in
//     place of JSON, the web server and device flows of OAuth.
//   - In SOQL: what package soql says it does not understand. FOR VIEW and FOR REFERENCE stamp nothing.
//   - Sforce-Call-Options is accepted and changes nothing. Duplicate rules compare exactly, letter case aside; there is no
//     fuzzy matching, and runAsCurrentUser changes nothing.
//   - Locks: a write takes no time unless Options.Holding gives it some, so that nothing collides by itself. A write that
//     needs a row which is held is refused at once, where the original waits up to ten seconds; what was refused changed
//     nothing, so the answers are still those of some serial order.
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
//   - JSON_PARSER_ERROR names the place where the value begins, from 1; which place the original names is not verified.
//   - A column that no record's metadata has, and a value that is no date, fail a collections request as a whole
//     (from knowledge of the API, not from a recording).
//   - Weeks begin on Sunday, the fiscal year in January.
//   - This server is login host and My Domain in one: its own address passes as a JWT's audience.
package salesforce
