// # Evidence: reading and protocol
//
// SOQL is the SOQL and SOSL Reference, REST the REST API Developer Guide, BULK the Bulk API 2.0 Developer Guide, OAUTH the
// pages of help.salesforce.com on OAuth flows, and spec the project's own reference of these.
//
//	endpoint | behaviour | evidence | test
//	GET /query | text is compared without case, null, NOT, IN and LIKE with its escapes | doc SOQL | TestWhere
//	GET /query | AND and OR do not mix without parentheses | doc SOQL | TestQueryErrors
//	GET /query | named dates, LAST_N_DAYS with today and the other LAST_N without | doc SOQL | TestNamedDates
//	GET /query | named dates are days of the user's time zone | doc SOQL | TestDatesInTheUsersTimeZone
//	GET /query | date functions in WHERE and GROUP BY, convertTimezone | doc SOQL | TestGroupBy
//	GET /query | ORDER BY several keys, NULLS FIRST and LAST, LIMIT, OFFSET | doc SOQL | TestOrderLimitCount
//	GET /query | OFFSET above 2000 is NUMBER_OUTSIDE_VALID_RANGE | doc SOQL | TestQueryErrors
//	GET /query | COUNT() answers totalSize and no records | rec CCI | TestOrderLimitCount
//	GET /query | GROUP BY, HAVING, aliases, expr0, COUNT_DISTINCT, SUM, AVG, MIN, MAX | doc SOQL | TestGroupBy
//	GET /query | more groups than a page holds are EXCEEDED_ID_LIMIT | doc SOQL | TestGroupsDoNotPage
//	GET /query | records in SELECT order, parents nested, null for no parent | rec CCI, RF | TestRecordShape
//	GET /query | child subqueries with totalSize, done and records, null for none, five deep | doc SOQL | TestSelect, TestPolymorphicReferences
//	GET /query | children that do not fit on a page have a next url of their own | doc REST | TestChildrenPage
//	GET /query | Owner, Who and What show what Name has, attributes.type is Name; Type of a queue is Queue | unverified (attributes.type) | TestSelect, TestPolymorphicReferences
//	GET /query | TYPEOF selects by the object a reference leads to | doc SOQL | TestSelect, TestPolymorphicReferences
//	GET /query | toLabel in SELECT and WHERE, FORMAT | doc SOQL | TestSelect, TestMultipicklist
//	GET /query | INCLUDES and EXCLUDES | doc SOQL | TestMultipicklist
//	GET /query | case-sensitive keys are compared letter by letter | doc SOQL | TestCaseSensitiveKeys
//	GET /query | semi-joins and anti-joins, and where they may not stand | doc SOQL | TestWhere, TestRefusedQueries
//	GET /query | FIELDS(ALL) and FIELDS(CUSTOM) need LIMIT 200 | doc SOQL | TestSelect, TestRefusedQueries
//	GET /query | USING SCOPE, FOR VIEW, FOR REFERENCE | doc SOQL | TestSelect
//	GET /query | ALL ROWS, FOR UPDATE and WITH SECURITY_ENFORCED are not for this API | client superfell/SoqlX; unverified (the latter two) | TestRefusedQueries
//	GET /query | ten escapes in a literal, every other backslash is an error | doc SOQL | TestQuotes
//	GET /query | errors show row, column and caret below a piece of the query | rec CCI | TestErrorFrame, TestQueryErrors
//	GET /query | quoted dates and dates for instants are INVALID_FIELD | unverified (wording) | TestQueryErrors
//	GET /query | 100,000 characters of statement, 4,000 of literal, QUERY_TOO_COMPLICATED | doc SOQL | TestLongStatements, TestRefusedQueries
//	GET /query | whatever comes in, a query or a well-formed error | spec | FuzzParse
//	GET /query | pages of 200 to 2000 by Sforce-Query-Options, 2000 without | doc REST | TestCursor
//	GET /query | no more than 200 records of two long texts a page | doc REST | TestLongTextsComeFewerAtATime
//	GET /query | columns=true describes the columns, parents and children in joinColumns | client salesforcecli/plugin-data | TestQueryColumns
//	GET /query | explain=… tells the plan | doc REST | TestExplain
//	GET /queryAll | sees deleted records; the next url says /query/ | doc REST | TestCursor
//	GET /query/{locator} | a page may be read twice, nothing shifts, the cursor lives two days | doc REST | TestCursorsStandStillAndEnd
//	GET /queryAll/{locator} | an unknown locator is INVALID_QUERY_LOCATOR | doc REST | TestCursor
//	GET /tooling/query | the objects of the Tooling API alone | doc REST | TestQueryErrors, TestCustomFieldIsHiddenUntilGranted
//	GET /tooling/query/{locator} | as /query/{locator} | doc REST | TestCursor
//	GET /sobjects | If-Modified-Since is answered 304 with ETag and Last-Modified | rec CCI | TestDescribe
//	GET /sobjects/{X} | objectDescribe and recentItems | doc REST | TestObjectPages
//	GET /sobjects/{X}/describe | fields this user sees, childRelationships, 304 | rec CCI | TestDescribe, TestObjectPages
//	GET /sobjects/{X}/describe/layouts | the record types, and no layouts | doc REST | TestObjectPages
//	GET /sobjects/{X}/{id} | If-Modified-Since, If-Unmodified-Since; If-Match and If-None-Match on accounts alone; 400 for a value that is no date | doc REST | TestConditionsOfRows, TestConditionalRequests
//	PATCH /sobjects/{X}/{id} | 412 when a condition does not hold | doc REST | TestConditionsOfRows
//	PATCH /sobjects/{X}/{field}/{value} | 204 in place of 200 up to API 45 | doc REST | TestUpsertOfOldVersions
//	GET /sobjects/{X}/{id}/{relationship} | the parent, or the children as a query answers them | doc REST | TestRelationshipTraversal
//	GET /sobjects/{X}/deleted | seconds dropped, more than a minute, 15 days, latestDateCovered | rec RF; doc REST | TestDeletedAndUpdated
//	GET /sobjects/{X}/updated | by SystemModstamp, 30 days | rec RF; doc REST | TestDeletedAndUpdated
//	POST /composite | one call; references reach into records; halted when one names nothing | rec CCI; doc REST | TestCompositeReferencesReachIntoRecords
//	POST /composite/batch | 25 requests on their own, each counted, haltOnError | doc REST | TestBatch
//	POST /composite/tree/{X} | 200 records with children, all or none, 201 | doc REST | TestTree
//	POST /composite/graph | each graph all or none, 75 graphs, 500 nodes | doc REST | TestGraph
//	POST /services/oauth2/token | client credentials by form and by Basic, not on login.salesforce.com; refresh; errors | doc OAUTH; unverified (switch Options.SecretStatus) | TestTokens, TestGrants
//	POST /services/oauth2/token | JWT: signature, audience, expiry, user, approval | doc OAUTH; unverified (switch Options.AssertionLife) | TestJWT
//	POST /services/oauth2/token | rotating refresh tokens | doc OAUTH | TestGrants
//	POST /services/oauth2/token | username and password, off in a new org | doc OAUTH; unverified (switch Options.PasswordGrant) | TestGrants
//	POST /services/oauth2/token | locked and inactive users, invalid_app_access | spec | TestGrants, TestJWT
//	POST /services/oauth2/revoke | ends a session, voids a refresh token, by GET too | doc OAUTH | TestRevokeAndIntrospect
//	POST /services/oauth2/introspect | active, client_id, exp, iat; inactive for what is none | rec PM | TestRevokeAndIntrospect
//	GET /services/oauth2/userinfo | is_salesforce_integration_user; 403 Bad_OAuth_Token | rec PM; client AB | TestSessions
//	GET /id/{org}/{user} | the user; 403 Bad_OAuth_Token | rec PM | TestTokens, TestSessions
//	POST /services/Soap/u/{version} | login with password and security token, logout, getUserInfo, getServerTimestamp, INVALID_LOGIN | client jsforce | TestSOAPLogin
//	POST /services/Soap/u/{version} | convertLead and merge, which REST has not | client jsforce; doc SOAP API Developer Guide | TestConvertAndMergeOverSOAP
//	POST /services/Soap/u/{version} | undelete and emptyRecycleBin | doc SOAP API Developer Guide | TestRecycleBinOverSOAP
//	POST /services/Soap/u/{version} | counts as a call, login does not | doc SOAP API Developer Guide | TestSOAPCountsAsACall
//	any call | sessions slide with use, or end at a fixed time; they end with their user | doc OAUTH | TestSessions, TestFixedSessionsAndUsersThatLeave
//	any call | OAuth as a scheme beside Bearer; INVALID_AUTH_HEADER for others | client DJ | TestSessions, TestRequestsThatAreNotTaken
//	any call | doubled slashes collapse without a redirect | client sf | TestPaths
//	any call | X-PrettyPrint | doc REST | TestPrettyPrint
//	any call | retired versions are UNSUPPORTED_API_VERSION, ones to come NOT_FOUND | unverified (switch Options.RetiredStatus) | TestVersionsThatAreNotThere
//	any call | 405, 406, 415 and 431 | doc REST | TestRequestsThatAreNotTaken
//	any call | 403 REQUEST_LIMIT_EXCEEDED when the day's calls are spent | spec | TestLimits
//	any call | 403 ConcurrentPerOrgLongTxn beside 25 calls of 20 seconds | doc REST | TestTooManyLongCalls
//	GET /services/data | versions with labels and urls, without a session | rec RF | TestPaths
//	GET / | resources by name | client DJ | TestPaths
//	GET /limits | DailyApiRequests, DailyBulkApiBatches and DailyBulkV2QueryJobs as spent | rec PM | TestLimits, TestDailyBulkLimits
//	GET /limits/recordCount | objects without records are left out | rec PM | TestLimits
//	POST /jobs/query | UploadComplete at once; compound fields, GROUP BY, OFFSET, TYPEOF and subqueries refused | doc BULK | TestBulkQuery, TestBulkQueryRefusals
//	GET /jobs/query/{id} | InProgress, JobComplete; isPkChunkingSupported without ORDER BY and LIMIT | doc BULK | TestQueryJobStates, TestBulkQuery
//	PATCH /jobs/query/{id} | abort | doc BULK | TestQueryJobStates
//	DELETE /jobs/query/{id} | a running job is not deleted | doc BULK | TestQueryJobStates
//	GET /jobs/query/{id}/results | every page begins with the header, Sforce-Locator ends with null, 409 for another version | doc BULK | TestBulkQuery
//	GET /jobs/query/{id}/resultPages | five links at a time, from API 58 on | doc BULK | TestResultPages
//	GET /jobs/query | a page of 1000, filters | doc BULK | TestJobList
//	GET /jobs/ingest | a page of 1000 with a next url, filters | doc BULK | TestJobList
//	GET /jobs/ingest/{id} | an open job is aborted after a day, none is kept longer than seven | doc BULK | TestJobsAge
//	POST /jobs/ingest | multipart: closed at once, 100,000 characters | doc BULK | TestMultipartIngest
//	PATCH /jobs/ingest/{id} | closed or aborted, each once | doc BULK | TestBulkUpsert
//	DELETE /jobs/ingest/{id} | a job that ended is deleted | doc BULK | TestBulkUpsert
//	GET /jobs/ingest/{id}/successfulResults | sf__Id, sf__Created and the uploaded columns, shuffled | doc BULK | TestBulkUpsert
//	GET /jobs/ingest/{id}/failedResults | sf__Id, sf__Error as CODE:message:fields -- | doc BULK | TestBulkUpsert
//	GET /jobs/ingest/{id}/unprocessedrecords | the rows of a job that failed as a whole | doc BULK | TestBulkJobsThatFail
//	PUT /jobs/ingest/{id}/batches | six delimiters, two line endings; numbers come back as 9.12E7 | doc BULK; spec | TestDelimitersAndLineEndings
//	PUT /jobs/ingest/{id}/batches | headers, rows and values that are too long | doc BULK | TestUploadsThatAreTooLong
//	POST /jobs/ingest | EXCEEDEDQUOTA when the day's batches are spent | doc BULK | TestDailyBulkLimits
//	POST /jobs/query | EXCEEDEDQUOTA when the day's query jobs are spent | doc BULK | TestDailyBulkLimits
package salesforce
