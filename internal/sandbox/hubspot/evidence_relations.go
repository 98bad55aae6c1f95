// # Evidence: relations
//
//	endpoint | behaviour | evidence | test
//	POST /crm/v4/associations/{from}/{to}/batch/read | ids of associated records are numbers, a primary pair has two types, a record without any is an error entry of a 207 | rec AMP | TestAssociationBatchRead
//	POST /crm/v4/associations/{from}/{to}/batch/read | 1,000 inputs; what is beyond 500 associated records follows by a cursor | doc | TestAssociationBatchRead, TestAssociationPaging
//	POST /crm/v4/associations/{from}/{to}/batch/create | rows are independent, again is no error, 201 or 207, labels are those sent | rec VCR | TestAssociationBatchCreate
//	POST /crm/v4/associations/{from}/{to}/batch/create | CONTACT=1234 is not valid, without saying which row | rec VCR | TestAssociationBatchCreate
//	POST /crm/v4/associations/{from}/{to}/batch/create | INVALID_IDENTIFIER, no association with itself | rec AMP | TestAssociationBatchCreate
//	POST /crm/v4/associations/{from}/{to}/batch/create | results come in another order | rec VCR | TestAssociationResultsAreShuffled
//	POST /crm/v4/associations/{from}/{to}/batch/create | a first company is the primary one; the plain type may not make it so | doc, unverified for 279 alone (switch Rules.ExplicitPrimary) | TestPrimaryCompany, TestExplicitPrimaryRule
//	POST /crm/v4/associations/{from}/{to}/batch/create | type 1 brings 279, and moves from the company that had it | doc | TestPrimaryCompany
//	POST /crm/v4/associations/{from}/{to}/batch/archive | 204, also for what is not there | rec VCR | TestAssociationArchive
//	POST /crm/v4/associations/{from}/{to}/batch/labels/archive | without the plain type nothing is left | doc | TestAssociationArchive
//	POST /crm/v4/associations/{from}/{to}/batch/associate/default | the default type of the direction | doc | TestAssociateDefault
//	GET /crm/v4/objects/{from}/{id}/associations/{to} | as a batch read shows it, 500 a page | rec VCR | TestAssociateDefault, TestAssociationPaging
//	PUT /crm/v4/objects/{from}/{id}/associations/{to}/{toId} | replaces the labels; "One or more associations are invalid" with the reason in the context | spec, rec hubspot-api-nodejs#646 | TestLabelOnePair
//	PUT /crm/v4/objects/{from}/{id}/associations/default/{to}/{toId} | answers like a batch | spec | TestAssociateDefault
//	DELETE /crm/v4/objects/{from}/{id}/associations/{to}/{toId} | 204, also for what is not there | doc | TestAssociationArchive
//	GET /crm/v4/associations/{from}/{to}/labels | an admin's first, null for the plain type | doc | TestAssociationLabels
//	POST /crm/v4/associations/{from}/{to}/labels | a type per direction; ids are unique within a category only | doc | TestAssociationLabels
//	PUT /crm/v4/associations/{from}/{to}/labels | renames an admin's label | doc | TestAssociationLabels
//	DELETE /crm/v4/associations/{from}/{to}/labels/{id} | off every pair; HubSpot's own stay | doc | TestAssociationLabels
//	GET /crm/v4/associations/definitions/configurations/all | limits of all pairs | spec | TestAssociationLimits
//	GET /crm/v4/associations/definitions/configurations/{from}/{to} | limits of one | doc | TestAssociationLimits
//	POST /crm/v4/associations/definitions/configurations/{from}/{to}/batch/create | sets limits, which associations then obey | doc | TestAssociationLimits
//	POST /crm/v4/associations/definitions/configurations/{from}/{to}/batch/update | changes limits | doc | TestAssociationLimits
//	POST /crm/v4/associations/definitions/configurations/{from}/{to}/batch/purge | takes limits away, 204 | doc | TestAssociationLimits
//	POST /crm/v4/associations/usage/high-usage-report/{userId} | says that the report is queued; nothing is sent | spec | TestAssociationLimits
//	GET /crm/v3/associations/{from}/{to}/types | types by name | spec | TestAssociationsV3
//	POST /crm/v3/associations/{from}/{to}/batch/create | 200; types by name or id; INVALID_ASSOCIATION_TYPE | doc | TestAssociationsV3
//	POST /crm/v3/associations/{from}/{to}/batch/create | both directions of each association in the answer | rec hubspot-api-nodejs issue 656 | TestAssociationsV3
//	POST /crm/v3/associations/{from}/{to}/batch/read | a row for each type of a pair | spec | TestAssociationsV3
//	POST /crm/v3/associations/{from}/{to}/batch/archive | by type, 204 | spec | TestAssociationsV3
//	GET /crm/v3/objects/{from}/{id}/associations/{to} | a row for each type of a pair | spec | TestAssociationsV3
//	PUT /crm/v3/objects/{from}/{id}/associations/{to}/{toId}/{type} | the record with its associations | spec | TestAssociationsV3
//	DELETE /crm/v3/objects/{from}/{id}/associations/{to}/{toId}/{type} | 204 | spec | TestAssociationsV3
//	GET /crm/v3/objects/{t} | associations=companies shows a primary pair twice, no key without any | rec AMP | TestPrimaryCompany
//	GET /crm/v3/objects/{t}/{id} | associations beyond 100 are paged by a link | doc | TestAssociationPaging
//	POST /crm/v3/objects/{t} | associations by types alone; a bad one refuses the create | doc | TestCreateWithAssociations
//	POST /crm/v3/objects/{t}/batch/create | the same; with trace ids only the row fails | doc | TestCreateWithAssociations
//	POST /crm/v3/objects/{t}/batch/update | no associations | spec | TestCreateWithAssociations
//	POST /crm/v3/objects/{t}/batch/upsert | no associations | spec | TestCreateWithAssociations
//	POST /crm/v3/objects/{t}/search | associations.contact with EQ and IN | doc | TestSearchByAssociation
//	PATCH /crm/v3/objects/contacts/{id} | associatedcompanyid moves the primary company; cleared it ends the association | doc, unverified for clearing | TestPrimaryCompany
//	DELETE /crm/v3/objects/{t}/{id} | a record's associations end with it; a lead ends with its last primary contact or company | doc | TestPrimaryCompany, TestLeadEndsWithItsLastPrimary
//	GET /crm/v4/objects/{from}/{id}/associations/{to} | a merged id leads to the record that is left; batches take ids as they are | unverified | TestAssociationsOfMergedAndRestored
//	every association endpoint | scopes of both objects | doc | TestAssociationScopes
//	every v4 association batch | not counted for the ten seconds, headers as ever | spec, rec VCR | TestAssociationBatchesAreNotCounted
package hubspot
