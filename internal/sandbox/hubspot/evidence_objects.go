// # Evidence: objects
//
//	endpoint | behaviour | evidence | test
//	GET /crm/v3/objects/{t} | type id, plural, singular and upper case; v3, 2025-09, 2026-03, 2026-09 | rec AMP, doc | TestEveryVersionLeadsToTheSamePlace, TestEveryObject
//	GET /crm/v3/objects/{t} | an unknown type: Unable to infer object type, no category | rec AMP | TestEveryVersionLeadsToTheSamePlace
//	GET /crm/v3/objects/{t} | 29 objects with their default properties, created and modified stamps | doc | TestEveryObject
//	GET /crm/v3/objects/{t} | pages by id, after is one more than the last, archived=true shows archived ones only, 50 with histories | rec VCR, doc | TestListPages
//	GET /crm/v3/objects/{t}/{id} | a defined property without a value is null, an undefined one is dropped, keys are sorted | rec AMP | TestReadShowsWhatIsDefined
//	GET /crm/v3/objects/{t}/{id} | three faces of absence; by a unique property | rec VCR | TestReadFindsAndMisses
//	GET /crm/v3/objects/{t}/{id} | histories, newest first, with their sources | doc | TestHistory, TestHistoriesOfEveryObject
//	POST /crm/v3/objects/{t} | what each object requires | doc; text unverified | TestRequiredToCreate
//	POST /crm/v3/objects/{t} | what HubSpot sets on a contact by itself | rec AMP | TestCreateAnswersEverythingStored
//	POST /crm/v3/objects/{t} | bodies that are none, in the parser's words | rec VCR | TestBodiesThatAreNoRequests
//	POST /crm/v3/objects/{t} | formats of numbers, dates, instants, options, sets added to with a semicolon; 65,536 characters | doc, rec VCR | TestValuesAsStored, TestActivitiesFillWhatFollows
//	POST /crm/v3/objects/{t} | JSON null is ignored | unverified (switch Rules.Null) | TestNullIsARule
//	POST /crm/v3/objects/{t} | unique values, by case or not | doc, unverified (switch Rules.UniqueFoldsCase) | TestUniqueValuesAndCase
//	PATCH /crm/v3/objects/{t}/{id} | a write that changes nothing moves no stamp | rec (reference 15.8) | TestUpdateMovesTheStampOnlyWhenSomethingChanges
//	PATCH /crm/v3/objects/contacts/{id} | a lifecycle stage goes forward only | doc, unverified (switch Rules.RefuseBackwardStage) | TestLifecycleStageGoesForward
//	PATCH /crm/v3/objects/{t}/{id} | an owner brings the assigned date, its teams and user; unknown and archived owners are refused | rec VCR; text unverified | TestOwnerAssignedDate, TestOwnersTeamsAndQueues
//	DELETE /crm/v3/objects/{t}/{id} | 204, again too; the address is free again | doc | TestArchive
//	DELETE /crm/v3/objects/{t}/{id} | archived ones can be read and restored for 90 days | doc | TestRestoreWithin90Days
//	POST /crm/v3/objects/deals | a stage belongs to its pipeline, the first one is meant without; closed, won, probability, amounts | doc, rec AMP; text unverified | TestDealsStandInAPipeline
//	POST /crm/v3/objects/deals | a closed stage sets the close date | doc (autoCloseDateEnabled), unverified (switch Rules.KeepCloseDate) | TestDealsStandInAPipeline
//	POST /crm/v3/objects/deals | createdate is settable | rec AMP (readOnlyValue false) | TestCreateDateOfADealIsSettable
//	POST /crm/v3/objects/tickets | close date set and cleared by the stage | unverified | TestTicketsCloseAndReopen
//	POST /crm/v3/objects/leads | needs a contact or company | doc, unverified for companies (switch Rules.LooseLeads) | TestLeadsAreAboutSomebody
//	POST /crm/v3/objects/tasks | members of a new task, 0 and 1 for yes and no, previews, overdue | rec VCR | TestActivitiesFillWhatFollows
//	POST /crm/v3/objects/calls, emails, meetings, notes, tasks | ids are of one count: the engagements' | doc (GET /engagements/v1/engagements/{id}) | TestEngagementsShareOneCount
//	POST /crm/v3/objects/meetings | invalid was not a valid long. Portal N, object type 0-47 | rec VCR | TestActivitiesFillWhatFollows
//	POST /crm/v3/objects/emails | headers as JSON text fill the addresses | doc | TestEmailHeadersFillAddresses
//	GET /crm/v3/objects/emails/{id} | what an e-mail says needs sales-email-read | doc; form unverified | TestWhatEmailsSayIsWithheld
//	POST /crm/v3/objects/line_items | amount from price, quantity and discount | doc | TestLineItemAmounts
//	POST /crm/v3/objects/companies | website from domain; not told apart by domain | doc | TestDomainsAreBareHosts
//	POST /crm/v3/objects/companies | the domain is a bare host | unverified (switch Rules.RawDomain) | TestDomainsAreBareHosts
//	GET /crm/v3/objects/users | the people behind owners; not created by the API | doc | TestUsersAreOwnersPeople
//	GET /crm/v3/objects/{t}/{id} | counts of associated records, the primary one | doc | TestRecordsCountTheirAssociations
//	POST /crm/v3/objects/{t}/batch/create | all or nothing, 409 without the id, two creates of one address | rec AMP, unverified (switch Rules.NameConflictID) | TestBatchCreateIsAllOrNothing
//	POST /crm/v3/objects/{t}/batch/create | with a trace id on each row only bad rows fail | rec AMP, doc | TestBatchCreateWithTraceIDsIsMultiStatus
//	POST /crm/v3/objects/{t}/batch/create | results come in another order | rec GRP | TestResultsAreShuffled
//	POST /crm/v3/objects/{t}/batch/create | bursts of writes are locked out | doc, unverified (switch Rules.LockAbove) | TestBurstsOfBatchesAreLocked
//	POST /crm/v3/objects/{t}/batch/read | unknown ids in one error, ids twice refused, histories | rec AMP | TestBatchRead
//	POST /crm/v3/objects/{t}/batch/update | unknown ids in one error, a bad value refuses all, not by e-mail | rec AMP, doc | TestBatchUpdate
//	POST /crm/v3/objects/{t}/batch/upsert | by unique properties, one idProperty, no partial failure by e-mail | doc, 3p | TestBatchUpsert
//	POST /crm/v3/objects/{t}/batch/archive | unknown ids are ignored | unverified | TestArchive
//	POST /crm/v3/objects/{t}/batch/read | 100 inputs, 50 with histories | doc, 3p | TestBatchCaps
//	POST /crm/v3/objects/{t}/search | operators, case, sets, empty values | doc, unverified (switch Rules.EmptyMatchesNot) | TestOperators
//	POST /crm/v3/objects/{t}/search | bodies, caps, window of 10,000 | doc; texts unverified | TestSearchBodies, TestSearchRefuses, TestSearchWindow
//	POST /crm/v3/objects/{t}/search | sees what is old enough | rec GRP, doc | TestSearchLags
//	POST /crm/v3/objects/{t}/merge | the primary stays, addresses and associations come over, old ids lead to it but not in batches, no tombstone | doc, 3p | TestMergeKeepsThePrimary
//	POST /crm/v3/objects/{t}/merge | a new id | doc, unverified (switch Rules.MergeNewID) | TestMergeMakesANewRecord
//	POST /crm/v3/objects/{t}/merge | 250, then 414 | doc | TestMergesAreCounted
//	POST /crm/v3/objects/contacts/gdpr-delete | nothing is left; an unknown address is blocked | doc; text of the refusal unverified | TestGDPRDelete
//	POST /crm/v3/objects/{t} | stamps move by themselves after a create | rec (reference 15.8), switch Rules.AutoTouch | TestStampsMoveByThemselves
//	POST /crm/objects/2026-09/{t} | admins' required properties | doc, unverified (switch Rules.AdminRules) | TestAdminsRequireProperties
//	GET /crm/v3/properties/{t} | definitions of HubSpot's own properties | rec TRA | TestDefaultProperties
//	GET /crm/v3/properties/{t} | sensitive ones are seen by their level only, their values by a scope | doc; form of the refusal unverified | TestSensitivePropertiesAreHidden
//	GET /crm/v3/properties/contacts/{name} | lifecycle stages are options, deal stages are not | rec AMP | TestLifecycleStagesShowAsOptions
//	POST /crm/v3/properties/{t} | what a definition must have, 409 for a name that is taken | doc, rec AMP | TestCreateProperty
//	POST /crm/v3/properties/{t} | 10 unique, 1,000 custom | doc | TestLimitsOfProperties
//	PATCH, DELETE /crm/v3/properties/{t}/{name} | options are replaced as a whole; HubSpot's own stay | doc | TestChangeProperty
//	POST /crm/v3/properties/{t}/batch/create | each row stands for itself | rec AMP | TestBatchProperties
//	POST /crm/v3/properties/{t}/batch/read | those that are not there are errors of a 207 | doc | TestBatchProperties
//	POST /crm/v3/properties/{t}/batch/archive | 204 | doc | TestBatchProperties
//	GET, POST /crm/v3/properties/{t}/groups | list and create | doc | TestGroups
//	GET, PATCH, DELETE /crm/v3/properties/{t}/groups/{name} | read, change, archive | doc | TestGroups
//	GET /crm/property-validations/2026-03/{t} | properties with their rules | doc | TestValidationsAreReadAndReplaced
//	GET /crm/property-validations/2026-03/{t}/{name} | the rules of one | doc | TestValidationsAreReadAndReplaced
//	GET /crm/property-validations/2026-03/{t}/{name}/rule-type/{rule} | one rule | doc | TestValidationsAreReadAndReplaced
//	PUT /crm/property-validations/2026-03/{t}/{name}/rule-type/{rule} | 27 kinds of rules, which writes obey | doc; codes and texts of refusals unverified | TestValidationRules
//	GET /properties/v1/{t}/properties | older paths that clients call | rec (reference 15.9); shape unverified | TestLegacyProperties
//	GET /crm/v3/pipelines/{t} | default pipelines, metadata is text | rec AMP | TestPipelinesAsRecorded
//	POST /crm/v3/pipelines/{t} | what a pipeline and its stages must have | doc | TestPipelineLife
//	POST /crm/v3/pipelines/{t} | 100 or 30 stages | doc | TestStageLimits
//	GET, PUT, PATCH /crm/v3/pipelines/{t}/{id} | read, replace, change and restore | doc, spec | TestPipelineLife
//	DELETE /crm/v3/pipelines/{t}/{id} | STAGE_ID_IN_USE where the caller asks | doc | TestPipelineLife
//	GET /crm/v3/pipelines/{t}/{id}/audit | newest first | doc | TestPipelineLife
//	GET, POST /crm/v3/pipelines/{t}/{id}/stages | list and create | doc | TestPipelineLife
//	GET, PUT, PATCH, DELETE /crm/v3/pipelines/{t}/{id}/stages/{stage} | read, replace, change, delete and restore | doc, spec | TestPipelineLife
//	GET /crm/v3/pipelines/{t}/{id}/stages/{stage}/audit | newest first | doc | TestPipelineLife
//	GET, POST /crm/v3/schemas | custom objects; ten of them; also below /crm-object-schemas | doc, spec | TestCustomObjectLife, TestSchemasThatAreRefused
//	GET, PATCH /crm/v3/schemas/{t} | by type id, full and short name; HubSpot's own are read only | doc, rec AMP | TestCustomObjectLife, TestSchemasThatAreRefused
//	DELETE /crm/v3/schemas/{t} | only without records; for good with archived=true | doc | TestCustomObjectLife
//	POST /crm/v3/schemas/batch/read | several | spec | TestCustomObjectLife
//	POST /crm/v3/schemas/{t}/associations | makes two objects associable | doc | TestCustomObjectLife
//	DELETE /crm/v3/schemas/{t}/associations/{id} | and not any more | doc | TestCustomObjectLife
//	GET /crm/v3/schemas | MISSING_SCOPES in a shape of its own | rec AMP | TestScopesOfCustomObjects
//	GET /crm/v3/objects/{t} | MISSING_SCOPES: activities go by contacts, tickets by a scope of their own | doc | TestScopesOfObjects
//	GET /crm/v3/owners | people and queues, teams, archived ones without userId, 500 a page | rec VCR, doc | TestOwners, TestOwnersTeamsAndQueues
//	GET /account-info/v3/api-usage/daily/private-apps | what is used of the day | spec | TestDailyLimit
//	GET /account-info/v3/details | 401 and 403 bodies, a token that cannot be read is one of 1970 | doc, 3p | TestTokens
//	POST /oauth/v1/token | refresh tokens, 1800 s, BAD_REFRESH_TOKEN is a 400 | doc | TestRefreshToken
//	POST /oauth/v3/token/introspect | what a token is | spec | TestRefreshToken
//	POST /oauth/v3/token/revoke | ends a refresh token | spec | TestRefreshToken
//	POST /oauth/v2/private-apps/get/access-token-info | what a static token is | doc; shape unverified | TestTokens
//	GET /oauth/v1/access-tokens/{token} | what a token is, as long as it lives | doc | TestTokenInfo
//	GET, DELETE /oauth/v1/refresh-tokens/{token} | read and end | doc | TestTokenInfo
//	GET /crm/v3/objects/{t} | ten-second and daily limits with their headers, searches counted apart | rec VCR, GRP, doc | TestBurstAndSearchLimits, TestDailyLimit
//	GET /crm/v3/owners/{id} | by id or userId | doc | TestOwners, TestOwnersTeamsAndQueues
package hubspot
