// # Evidence: clients not written here
//
// jsforce 3.10, the Salesforce CLI 2.150 and go-salesforce v3 drive the simulator in package conformance.
//
//	endpoint | behaviour | evidence | test
//	POST /services/oauth2/token | client credentials open a session of the run-as user | client jsforce | conformance/salesforce/login.test.js: client credentials open a session of the run-as user
//	POST /services/oauth2/token | invalid_client and invalid_client_id | client jsforce | conformance/salesforce/login.test.js: a wrong secret is invalid_client, an unknown key invalid_client_id
//	POST /services/oauth2/token | JWT: refused for signature, audience, time, user and app | client jsforce | conformance/salesforce/login.test.js: an assertion is refused for its signature, audience, time, user and app
//	POST /services/oauth2/token | JWT: exp may be in milliseconds, the server's own address be the audience | client Salesforce CLI | TestCLISignedAssertion
//	POST /services/oauth2/token | JWT: exp may be text | client go-salesforce | TestGoSalesforceSignedAssertion
//	POST /services/oauth2/token | refresh | client jsforce | conformance/salesforce/login.test.js: a refresh token gives a session, a wrong one is expired
//	POST /services/oauth2/token | username and password | client jsforce | conformance/salesforce/password.test.js: a connected app changes a password for a session
//	any call | a 401 leads to one refresh, shared by calls in parallel | client jsforce | conformance/salesforce/session.test.js: ten calls at once share one refresh
//	any call | a session may end between two pages of a query | client jsforce | conformance/salesforce/session.test.js: a session that ends between two pages does not end the query
//	any call | a request body may be packed with gzip or deflate | client go-salesforce | TestPackedBodies, TestGoSalesforceCompressed
//	any call | a 503 of a GET is asked again by clients, of a POST not | client jsforce | conformance/salesforce/limits.test.js: a write is not asked again
//	GET /services/data/{version} | names the identity URL for clients that have a token alone | client jsforce | conformance/salesforce/identity.test.js: identity is found with nothing but a token
//	GET /id/{org}/{user} | takes format and oauth_token as parameters | client jsforce | conformance/salesforce/identity.test.js: identity names the user of the token
//	GET /services/oauth2/userinfo | the integration user | client jsforce | conformance/salesforce/identity.test.js: userinfo says whether the user is an integration user
//	GET /sobjects | describeGlobal | client jsforce | conformance/salesforce/describe.test.js: describeGlobal lists the objects and what may be done with them
//	GET /sobjects/{X}/describe | required, compound, idLookup, polymorphic, picklists | client jsforce | conformance/salesforce/describe.test.js: describe tells required, unique and compound fields apart
//	POST /tooling/sobjects/CustomField | hidden until granted | client jsforce | conformance/salesforce/describe.test.js: a field made through the API is invisible until it is granted
//	GET /query | pages by nextRecordsUrl, autoFetch, streams | client jsforce | conformance/salesforce/query.test.js: pages follow nextRecordsUrl
//	GET /query | human table, CSV and JSON | client Salesforce CLI | TestCLIQuery
//	GET /query | a slash before the question mark | client go-salesforce | TestGoSalesforceRows
//	GET /sobjects/{X}/{id} | create, read, update and delete of one record | client Salesforce CLI | TestCLIRecord
//	POST /composite/sobjects | 200 rows, a bad one alone, allOrNone | client jsforce | conformance/salesforce/collections.test.js: allOrNone takes everything back
//	PATCH /composite/sobjects/{X}/{field} | created or not, the same key twice, parents by key | client jsforce | conformance/salesforce/collections.test.js: a parent is linked by its key
//	DELETE /composite/sobjects | in the order given | client go-salesforce | TestGoSalesforceCollections
//	PATCH /sobjects/{X}/{field}/{value} | 201, 200, 300 and 404 | client jsforce | conformance/salesforce/upsert.test.js: a key of several records is MULTIPLE_CHOICES
//	POST /composite | collections inside, one call | client go-salesforce | TestGoSalesforceComposite
//	POST /composite | references and PROCESSING_HALTED | client jsforce | conformance/salesforce/composite.test.js: allOrNone halts the siblings and keeps nothing
//	POST /composite/batch | several things in one call | client jsforce | conformance/salesforce/multi.test.js: a batch asks for several things in one call
//	POST /composite/tree/{X} | import and export of a tree | client Salesforce CLI | TestCLITree
//	GET /sobjects/{X}/updated | ids and latestDateCovered | client jsforce | conformance/salesforce/replication.test.js: what was changed is listed by id
//	GET /sobjects/{X}/deleted | ids and times | client jsforce | conformance/salesforce/replication.test.js: what was deleted is listed with its time
//	POST /jobs/ingest | insert step by step, results in no order | client jsforce | conformance/salesforce/bulkingest.test.js: insert, step by step
//	PATCH /jobs/ingest/{id} | takes the job's id beside its state | client go-salesforce | TestGoSalesforceBulkIngest
//	GET /jobs/ingest/{id}/failedResults | sf__Error, saved to a file | client Salesforce CLI | TestCLIBulkFailedRows
//	GET /jobs/ingest/{id}/unprocessedrecords | the rows of a job that failed | client jsforce | conformance/salesforce/bulkingest.test.js: a column that is not there fails the job
//	GET /jobs/query/{id}/results | every page repeats the header | client jsforce | conformance/salesforce/bulkquery.test.js: every page repeats the header
//	GET /jobs/query/{id}/results | jsforce 3.10 makes a record of the second header, or fails | client jsforce | conformance/salesforce/bulkpages.test.js: jsforce does not read the header on page two as a header
//	GET /jobs/query/{id}/results | go-salesforce joins the pages | client go-salesforce | TestGoSalesforceBulkQuery
//	POST /jobs/query | import, upsert, export and delete in bulk | client Salesforce CLI | TestCLIBulk
//	POST /services/Soap/u/{version} | login, and again when the session ends | client jsforce | conformance/salesforce/soap.test.js: a session that ended is opened again by name and password
//	POST /services/Soap/u/{version} | convertLead, merge, undelete, emptyRecycleBin | client jsforce | conformance/salesforce/soap.test.js: two accounts are merged, the loser points to the winner
//	POST /sobjects/{X} | duplicateResut, allowSave, Block | client jsforce | conformance/salesforce/rules.test.js: an alert lets pass who asks for it, a block does not
//	POST /sobjects/{X} | assignment rules and Sforce-Auto-Assign | client jsforce | conformance/salesforce/rules.test.js: the assignment rule hands a lead over unless told not to
//	POST /sobjects/{X} | opportunities, roles, tasks, events, campaigns | client jsforce | conformance/salesforce/objects.test.js: an opportunity follows its stage
//	GET /limits | as a table; Sforce-Limit-Info counts with it | client Salesforce CLI | TestCLIOrg
//	POST /composite/sobjects/{X} | records by ids and fields, null for one that is not there | client jsforce | conformance/salesforce/collections.test.js: an unknown id is a null among the rows read
//	DELETE /jobs/ingest/{id} | a job that has ended; then it is not there | client jsforce | conformance/salesforce/bulkingest.test.js: insert, step by step
//	GET /jobs/ingest/{id}/successfulResults | created or not, in no order | client jsforce | conformance/salesforce/bulkingest.test.js: upsert by an external id says what was created
//	DELETE /tooling/sobjects/CustomField/{id} | removes the field | client jsforce | conformance/salesforce/describe.test.js: tooling finds a custom field by its name
package salesforce
