// # Evidence: HubSpot's own client
//
// The npm package @hubspot/api-client 14.0 drives the simulator in package conformance.
//
//	endpoint | behaviour | evidence | test
//	POST /crm/objects/{t} | addresses in lower case, lifecyclestage lead, conflicts | client @hubspot/api-client | conformance/hubspot/objects.test.js: a contact is created, read, changed and archived
//	POST /crm/objects/{t} | PROPERTY_DOESNT_EXIST, INVALID_EMAIL, INVALID_OPTION in message and errors | client @hubspot/api-client | conformance/hubspot/objects.test.js: wrong values are named one by one
//	GET /crm/objects/{t} | pages to the end, a domain fills the website | client @hubspot/api-client | conformance/hubspot/objects.test.js: pages are read to the end
//	GET /crm/objects/{t}/{id} | histories newest first; a page of 51 with them is refused | client @hubspot/api-client | conformance/hubspot/objects.test.js: what a property held before is read with it
//	GET /crm/objects/{t}/{id} | line items are named with a space among associations | client @hubspot/api-client | conformance/hubspot/standard.test.js: line items hang on deals and name products
//	GET /crm/objects/{t}/{id} | custom objects are named in full among associations | client @hubspot/api-client | conformance/hubspot/schemas.test.js: its records are associated with the objects it names
//	POST /crm/objects/{t}/batch/create | results in another order; all or nothing; trace ids | client @hubspot/api-client | conformance/hubspot/batch.test.js: with a trace id on each the good ones are created
//	POST /crm/objects/{t}/batch/read | the missing in one error; by another key | client @hubspot/api-client | conformance/hubspot/batch.test.js: records are read; the missing are one error
//	POST /crm/objects/{t}/batch/update | a missing id alone, a bad value all; the same id twice | client @hubspot/api-client | conformance/hubspot/batch.test.js: the same id twice is refused
//	POST /crm/objects/{t}/batch/upsert | new or not, by e-mail and by a unique property | client @hubspot/api-client | conformance/hubspot/batch.test.js: a unique property of ours is a key too
//	POST /crm/objects/{t}/batch/archive | the unknown are no error | client @hubspot/api-client | conformance/hubspot/batch.test.js: records are archived, the unknown too
//	POST /crm/objects/{t}/search | groups, operators, sorts, pages | client @hubspot/api-client | conformance/hubspot/search.test.js: groups are alternatives, filters in one hold together
//	POST /crm/objects/{t}/search | 200 a page, 10,000 in all, five groups, six filters, 3,000 characters | client @hubspot/api-client | conformance/hubspot/search.test.js: what is too much is refused
//	POST /crm/objects/{t}/merge | address, phone, other addresses, old ids | client @hubspot/api-client | conformance/hubspot/merge.test.js: of two contacts the first keeps its address and gets what it lacks
//	POST /crm/objects/contacts/gdpr-delete | gone for good; an address that is blocked | client @hubspot/api-client | conformance/hubspot/merge.test.js: a contact that was purged is gone, and its address refused
//	GET /crm/properties/{t} | types and what may be written | client @hubspot/api-client | conformance/hubspot/properties.test.js: the portal has its own properties
//	POST /crm/properties/{t} | 409 for a name that is taken | client @hubspot/api-client | conformance/hubspot/properties.test.js: a property is created, read, changed and archived
//	GET, PATCH, DELETE /crm/properties/{t}/{name} | read, change, archive; options as a whole | client @hubspot/api-client | conformance/hubspot/properties.test.js: options are replaced as a whole
//	POST /crm/properties/{t}/batch/create | row by row without trace ids | client @hubspot/api-client | conformance/hubspot/properties.test.js: a batch of properties is made row by row
//	POST /crm/properties/{t}/batch/read | the missing are left out | client @hubspot/api-client | conformance/hubspot/properties.test.js: a batch of properties is made row by row
//	POST /crm/properties/{t}/batch/archive | by name | client @hubspot/api-client | conformance/hubspot/properties.test.js: a batch of properties is made row by row
//	GET, POST /crm/properties/{t}/groups | made and listed | client @hubspot/api-client | conformance/hubspot/properties.test.js: a group is created, listed, changed and archived
//	GET, PATCH, DELETE /crm/properties/{t}/groups/{name} | read, changed, archived | client @hubspot/api-client | conformance/hubspot/properties.test.js: a group is created, listed, changed and archived
//	GET, POST /crm/pipelines/{t} | HubSpot's own, and others | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline is made, changed, used and archived
//	GET, PATCH, DELETE /crm/pipelines/{t}/{id} | not archived while deals stand in it, when asked to look | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline is made, changed, used and archived
//	GET /crm/pipelines/{t}/{id}/audit | what was done to it | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: what was done to a pipeline is on record
//	GET, POST /crm/pipelines/{t}/{id}/stages | of a pipeline | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline is made, changed, used and archived
//	PATCH, DELETE /crm/pipelines/{t}/{id}/stages/{s} | of a pipeline | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline is made, changed, used and archived
//	GET /crm/pipelines/{t}/{id}/stages/{s}/audit | what was done to it | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: what was done to a pipeline is on record
//	GET, POST /crm/schemas | object type id, full name, associations | client @hubspot/api-client | conformance/hubspot/schemas.test.js: a schema has an id, a full name and its properties
//	GET, PATCH /crm/schemas/{t} | labels and searchable properties | client @hubspot/api-client | conformance/hubspot/schemas.test.js: a schema gets properties and other labels
//	DELETE /crm/schemas/{t} | not while records are there | client @hubspot/api-client | conformance/hubspot/schemas.test.js: a schema in use is not archived
//	POST /crm/objects/{t} | records of custom objects: required and unique properties | client @hubspot/api-client | conformance/hubspot/schemas.test.js: its records are written and found like others
//	PUT /crm/objects/{t}/{id}/associations/default/{to}/{toId} | the first company becomes the primary one | client @hubspot/api-client | conformance/hubspot/associations.test.js: a default association makes the first company the primary one
//	POST /crm/associations/{t}/{to}/batch/read | none is an error row | client @hubspot/api-client | conformance/hubspot/associations.test.js: a batch is read; no association is an error row
//	POST /crm/associations/{t}/{to}/batch/create | row by row, again without harm; v3 answers 200 | client @hubspot/api-client | conformance/hubspot/associations.test.js: a batch is made row by row, again without harm
//	POST /crm/associations/{t}/{to}/batch/create | the 200 of v3, which HubSpot's own client takes for an error | client @hubspot/api-client | conformance/hubspot/associations.test.js: the third version has names for types
//	POST /crm/associations/{t}/{to}/labels | made, used, renamed, removed | client @hubspot/api-client | conformance/hubspot/associations.test.js: labels of our own are made, used, renamed and removed
//	POST /crm/lists | made, read, renamed, removed, restored | client @hubspot/api-client | conformance/hubspot/lists.test.js: a list is made, read, renamed, removed and restored
//	PUT /crm/lists/{id}/memberships/add | added, missing, uneven spelling | client @hubspot/api-client | conformance/hubspot/lists.test.js: members come and go; the unknown are named
//	GET /crm/lists/{id}/memberships | pages, and by the time of joining | client @hubspot/api-client | conformance/hubspot/lists.test.js: members are paged, and by the time they joined
//	POST /crm/lists | a dynamic list has its members by filters | client @hubspot/api-client | conformance/hubspot/lists.test.js: a dynamic list finds its members by itself
//	GET /crm/owners | pages, by address, the archived apart | client @hubspot/api-client | conformance/hubspot/owners.test.js: owners are listed in pages, the archived apart
//	GET /crm/owners/{id} | by id and by user | client @hubspot/api-client | conformance/hubspot/owners.test.js: an owner is found by address, by id and by user
//	GET /account-info/api-usage/daily/private-apps | counts | client @hubspot/api-client | conformance/hubspot/account.test.js: usage counts what was asked
//	POST /oauth/token | refresh, BAD_REFRESH_TOKEN | client @hubspot/api-client | conformance/hubspot/oauth.test.js: a refresh token that is revoked is BAD_REFRESH_TOKEN
//	GET /oauth/access-tokens/{token} | whose it is, and how long it lives | client @hubspot/api-client | conformance/hubspot/oauth.test.js: an access token tells whose it is
//	GET, DELETE /oauth/refresh-tokens/{token} | whose it is; given up | client @hubspot/api-client | conformance/hubspot/oauth.test.js: a refresh token tells whose it is, and can be given up
//	every | a search's 429 and a 5xx are asked again by HubSpot's client, a daily limit is not | client @hubspot/api-client | conformance/hubspot/limits.test.js: a daily limit is not repeated
//	every | searches carry the daily headers alone | client @hubspot/api-client | conformance/hubspot/limits.test.js: headers count down
//	every | MISSING_SCOPES with the scopes, INVALID_AUTHENTICATION | client @hubspot/api-client | conformance/hubspot/account.test.js: a token without the scope is MISSING_SCOPES
//	every | 2025-09, 2026-03 and 2026-09 paths serve the same records | client @hubspot/api-client | conformance/hubspot/versions.test.js: paths serve the same records
//	every | searches beyond the limit of a second are 429 until it is over | client @hubspot/api-client | conformance/hubspot/throttle.test.js: searches beyond the limit of a second are repeated and all answered
//	every | calls beyond the limit of ten seconds | client @hubspot/api-client | conformance/hubspot/throttle.test.js: calls beyond the limit of ten seconds are refused with their policy
//	every | associations, lists, pipelines and schemas under dated paths | client @hubspot/api-client | conformance/hubspot/versions.test.js: paths serve associations, lists, pipelines and schemas
//	PUT /crm/pipelines/{t}/{id} | replaced as a whole, stages too | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline and a stage are replaced as a whole
//	GET, PUT /crm/pipelines/{t}/{id}/stages/{s} | read and replaced | client @hubspot/api-client | conformance/hubspot/pipelines.test.js: a pipeline and a stage are replaced as a whole
//	POST /crm/schemas/{t}/associations | named, and there at once | client @hubspot/api-client | conformance/hubspot/schemas.test.js: a schema is associated with another object later on
//	DELETE /crm/schemas/{t}/associations/{id} | gone at once | client @hubspot/api-client | conformance/hubspot/schemas.test.js: a schema is associated with another object later on
//
// # Evidence: tokens
//
//	endpoint | behaviour | evidence | test
//	POST /oauth/token/introspect | active, its use and what is left of it | spec | TestRefreshToken
//	POST /oauth/token/revoke | the refresh token's end is the installation's | spec | TestRefreshToken
//	POST /oauth/private-apps/get/access-token-info | hub, app and scopes of a static token | doc | TestTokens
package hubspot
