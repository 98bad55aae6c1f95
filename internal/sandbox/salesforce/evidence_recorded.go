// # Evidence: recorded traffic
//
// What recordings of the real API show and the tests hold the simulator against. CCI, GRP, PM, RF and DJ are the
// repositories that recorded_test.go names.
//
//	endpoint | behaviour | evidence | test
//	GET /sobjects/{X}/describe | every standard field of eight objects, key by key, with its picklist | rec CCI, GRP | TestRecordedDescribe
//	GET /sobjects/{X}/describe | every member and its type | rec CCI | TestRecordedDescribeMembers
//	GET /sobjects/{X}/describe | ETag and Last-Modified | rec GRP | TestRecordedQuery
//	GET /sobjects | 27 members and the urls of every object | rec CCI | TestRecordedQuery
//	GET /sobjects | key prefix, labels and what is true of ten objects | rec CCI | TestRecordedGlobal
//	POST /sobjects/{X} | 201, id, success, errors; Location is a path; a slash at the end does no harm | rec GRP, CCI | TestRecordedRows
//	GET /sobjects/{X}/{id} | Last-Modified on every row, ETag on accounts alone | rec GRP | TestRecordedRows
//	GET /sobjects/{X}/{id} | a deleted record is NOT_FOUND, like one that never was | rec GRP | TestRecordedRows
//	GET, DELETE /sobjects/{X}/{id} | what is no id is taken for an external id field | rec RF | TestRecordedRows
//	PATCH /sobjects/{X}/{field}/{value} | 300 and the paths when several records have the key | rec RF | TestRecordedKeyOnSeveral
//	POST /composite/sobjects | a refused record has no id; statusCode, message, fields | rec GRP | TestRecordedRows
//	POST /composite/sobjects | all or none: the others say ALL_OR_NONE_OPERATION_ROLLED_BACK | rec DJ | TestRecordedRows
//	PATCH /composite/sobjects | a refused update has no id either | rec GRP | TestRecordedRows
//	PATCH /composite/sobjects | a converted lead: CANNOT_UPDATE_CONVERTED_LEAD, no fields | rec GRP | TestRecordedRows
//	PATCH /composite/sobjects/{X}/{field} | created true or false; Id null creates | rec CCI | TestRecordedRows
//	GET /composite/sobjects/{X} | Id comes last when it was not asked for | rec PM, RF | TestRecordedRows
//	GET /query | parents nested or null, addresses as objects, +0000 in stamps, COUNT() and COUNT(Id) | rec CCI, RF | TestRecordedQuery
//	GET /query | INVALID_TYPE with row, column and caret | rec CCI | TestRecordedQuery
//	POST /composite | httpHeaders carry Location, ETag and Last-Modified; errors of a part are an array | rec CCI, PM | TestRecordedQuery
//	POST /services/oauth2/token | members of a token, 400 of a refresh token that is no good | rec RF | TestRecordedSession
//	POST /services/oauth2/introspect | members of an introspection | rec PM | TestRecordedSession
//	GET /id/{org}/{user} | members of an identity, urls included | rec PM | TestRecordedSession
//	GET /services/data | with and without a slash at the end | rec RF, DJ | TestRecordedSession
//	GET /limits, /limits/recordCount | Max and Remaining; count and name | rec PM, CCI | TestRecordedSession
//	all | Sforce-Limit-Info, Cache-Control, nosniff, HSTS and X-Robots-Tag, on 204 too | rec GRP, PM | TestRecordedSession
//	any call | 401 INVALID_SESSION_ID without fields | rec RF | TestRecordedSession
//	/jobs/ingest | members of a job created, closed and polled; empty results are the header alone | rec PM | TestRecordedBulk
//	/jobs/query | members of a job created, polled, aborted | rec PM | TestRecordedBulk
//	/composite/batch | hasErrors, statusCode and result of every part | rec PM | TestRecordedOther
//	GET /sobjects/{X}/deleted, /updated | members, stamps with +0000 | rec RF | TestRecordedOther
//	/services/Soap/u/NN | members of a login's answer in their order | rec GRP | TestRecordedSOAPLogin
//	GET /sobjects/{X}/{id} | PhotoUrl follows from the id | rec GRP | TestRecordedRows
//	GET /sobjects/{X}/describe | child relationships: names, cascades, restrictions | rec CCI, GRP | TestRecordedChildren
//	GET /query | children or null, TYPEOF, numbers given as text | rec CCI | TestRecordedChildrenInQueries
package salesforce
