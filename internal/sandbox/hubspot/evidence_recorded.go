// # Evidence: recorded traffic
//
// What recordings of the real API show and the tests hold the simulator against. AMP, VCR and GRP are the repositories
// that recorded_test.go names (RT rudder-transformer), TRA is a dump of a portal's property definitions.
//
//	endpoint | behaviour | evidence | test
//	POST /crm/v3/objects/{t} | 201, Location whole, everything stored, source and computed values | rec VCR | TestRecordedObjects
//	POST /crm/v3/objects/{t} | INVALID_LONG for a time that is none | rec VCR | TestRecordedObjects
//	GET /crm/v3/objects/{t}/{id} | what was asked for, stamps and id; never set is null, cleared is "" | rec VCR, GRP | TestRecordedObjects
//	GET /crm/v3/objects/{t}/{id} | an unknown id: the web server's page and X-HubSpot-NotFound | rec VCR | TestRecordedObjects
//	GET /crm/v3/objects/{t} | after is one more than the last id; the link ends with it; no paging on the last page | rec VCR | TestRecordedObjects
//	PATCH /crm/v3/objects/{t}/{id} | what was sent, source, pipeline and stamps | rec VCR, AMP | TestRecordedObjects
//	DELETE /crm/v3/objects/{t}/{id} | 204 without a body or its type | rec VCR | TestRecordedObjects
//	POST /crm/v3/objects/{t} | a value that is an object: the parser's words, no category | rec VCR | TestRecordedObjects
//	POST /crm/v3/objects/{t}/search | an unknown object: no category | rec AMP | TestRecordedObjects
//	POST /crm/v3/objects/{t}/search | total, after as an offset, no link; limit as text, instants with an offset, filters without a group | rec AMP, VCR | TestRecordedSearch
//	POST /crm/v3/objects/{t}/search | the daily headers alone, on 200 and 429; no Retry-After, no policyName | rec GRP | TestRecordedSearch
//	POST /crm/v3/objects/{t}/batch/create | members of a new contact; a company's domain is its website | rec AMP, GRP | TestRecordedBatches
//	POST /crm/v3/objects/{t}/batch/create | one conflict refuses all, 409 without the id; one unknown property refuses all | rec AMP | TestRecordedBatches
//	POST /crm/v3/objects/{t}/batch/create | with trace ids 207, existingId and objectWriteTraceId in the context | rec AMP | TestRecordedBatches
//	POST /crm/v3/objects/{t}/batch/update | members of an update; ids twice refused; unknown ids gathered in one error | rec AMP | TestRecordedBatches
//	POST /crm/v3/objects/{t}/batch/archive | 204 without a body | rec GRP | TestRecordedBatches
//	all but searches | seven rate headers, correlation id, Content-Type | rec VCR | TestRecordedObjects
//	/crm/v3/properties/{t} | a create has stamps and users, a batch create has not; HubSpot's own lack archived | rec VCR, AMP | TestRecordedProperties
//	POST /crm/v3/properties/{t}/batch/create | those that exist are errors in a 207, the others are made | rec AMP | TestRecordedProperties
//	/crm/v3/properties/{t} | options without a place come after those with one | rec AMP | TestRecordedProperties
//	GET /crm/v3/properties/contacts | definitions of 318 of HubSpot's own properties with their options | rec TRA | TestRecordedMetadata
//	GET /account-info/v3/details | nine members | rec AMP | TestRecordedAccount
//	GET /crm/v3/owners | members; teams left out when there are none; by address; nobody is an empty list | rec VCR | TestRecordedAccount
//	GET /crm/v3/pipelines/{t} | the sales pipeline and the lifecycle, stages and texts in their metadata | rec AMP | TestRecordedAccount
//	POST /crm/v4/associations/{F}/{T}/batch/create | object type ids, numbers for ids, labels | rec VCR | TestRecordedAssociations
//	POST /crm/v4/associations/{F}/{T}/batch/create | 207: CONTACT=1234 is not valid; no id; itself | rec VCR, AMP | TestRecordedAssociations
//	POST /crm/v4/associations/{F}/{T}/batch/read | none is an error of a 207; a primary company has two types | rec AMP | TestRecordedAssociations
//	POST /crm/v4/associations/{F}/{T}/batch/archive | 204, what is not there included | rec VCR | TestRecordedAssociations
//	GET /crm/v4/objects/{F}/{id}/associations/{T} | numbers for ids, types with labels | rec VCR | TestRecordedAssociations
//	PUT /crm/v3/objects/{F}/{id}/associations/{T}/{to}/{type} | the record with its associations | rec VCR | TestRecordedAssociations
//	/crm/v3/lists | members of a list created, read, renamed, found; 204 on deletion; no listIds, no lists | rec VCR, AMP | TestRecordedLists
//	/crm/v3/lists/{id} | LIST_ID_DOES_NOT_EXIST; a name that is null, with its column; a body that is null | rec VCR | TestRecordedLists
//	PUT /crm/v3/lists/{id}/memberships/add, remove | recordsIdsAdded, recordIdsRemoved, recordIdsMissing, {} for who is on it already | rec VCR | TestRecordedLists
//	GET /crm/v3/lists/{id}/memberships | record ids as texts, their times, the total | rec VCR | TestRecordedLists
//	GET /crm/v3/schemas, /crm/v3/schemas/{t} | members of custom and of HubSpot's own schemas, cardinalities | rec GRP, AMP | TestRecordedSchemas
//	/crm/v3/objects/2-N | records of a custom object, created and found by type id | rec GRP | TestRecordedSchemas
//	any call with a body | a value of the wrong kind, in the parser's words, with line and column | rec RT | TestRecordedErrors
//	any call | no token: INVALID_AUTHENTICATION and its text | rec RT | TestRecordedErrors
package hubspot
