// # Evidence: data and rules
//
// What the org holds, what it accepts and refuses, and what follows from a save. CCI, RF, DJ and JS are the sources that the
// reference names; AB its list of codes.
//
//	endpoint | behaviour | evidence | test
//	POST /sobjects/{X} | 201; text trimmed, blank stored as null, numbers and booleans also as strings, numbers cut to their scale | doc | TestValuesAsStored
//	POST /sobjects/{X} | created, updated 204, upserted 201 then 200 with created, deleted 204 | rec CCI | TestSingleRecord
//	DELETE /sobjects/{X}/{id} | again: 404 ENTITY_IS_DELETED | rec DJ | TestSingleRecord
//	PATCH /sobjects/{X}/{field}/{value} | 300 and the paths when several records hold the key | rec RF | TestSingleRecord
//	PATCH /sobjects/{X}/{field}/{value} | updateOnly=true creates nothing: 404 | unverified (the reference says so) | TestUpdateOnly
//	POST /sobjects/{X} | REQUIRED_FIELD_MISSING names every field | rec CCI | TestRefusals/required
//	PATCH /sobjects/{X}/{id} | a required field cannot be cleared | spec | TestRefusals/required_cleared
//	POST /sobjects/{X} | STRING_TOO_LONG counts characters, names label, value and length | client DJ | TestRefusals/too_long
//	POST /sobjects/{X} | INVALID_EMAIL_ADDRESS | client DJ | TestRefusals/e-mail
//	POST /sobjects/{X} | INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST with the label first; other picklists take any value | rec CCI | TestRefusals/restricted_picklist
//	POST /sobjects/{X} | NUMBER_OUTSIDE_VALID_RANGE, doubles and integers | spec | TestRefusals/number_range
//	POST /sobjects/{X} | INVALID_FIELD for a column that is not there | rec RF | TestRefusals/unknown_field
//	PATCH /sobjects/{X}/{id} | INVALID_FIELD_FOR_INSERT_UPDATE lists every field that is read-only | spec | TestRefusals/read-only_fields
//	PATCH /sobjects/{X}/{id} | Id or the key in the body is refused | rec CCI | TestRefusals/id_in_the_body
//	POST /sobjects/{X} | DUPLICATE_VALUE of a unique field, letter case aside, with the short id | client DJ | TestRefusals/taken_external_id,_in_another_case
//	PATCH /sobjects/Lead/{id} | CANNOT_UPDATE_CONVERTED_LEAD | spec | TestRefusals/converted
//	PATCH /sobjects/{X}/{id} | INACTIVE_OWNER_OR_USER | spec | TestRefusals/inactive_owner
//	POST /sobjects/{X} | a reference to another object: FIELD_INTEGRITY_EXCEPTION; no id at all: MALFORMED_ID | spec | TestRefusals/wrong_object
//	POST /sobjects/{X} | a parent that is not there or deleted: INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY with the short id | spec | TestRefusals/parent_not_there
//	POST /sobjects/{X} | FIELD_CUSTOM_VALIDATION_EXCEPTION, one error per rule | client JS | TestSeveralValidationRules
//	POST /sobjects/{X} | JSON_PARSER_ERROR says what was read, what was expected, and line and column | spec | TestUnreadableBodies
//	POST /sobjects/{X} | a reference by external id, "Account": {…}; null clears it | doc | TestReferencesByExternalID
//	POST /sobjects/{X} | a reference to several objects needs attributes.type | doc | TestReferencesByExternalID
//	POST /sobjects/{X} | Foreign key external ID … not found | rec camel | TestReferencesByExternalID
//	PUT /jobs/ingest/{id}/batches | columns as Lead:Who.Email; a type the reference does not have fails the job | doc | TestReferencesByExternalID
//	POST /sobjects/{X} | DUPLICATES_DETECTED with duplicateResut, matchRecords by id, more with includeRecordDetails | rec DJ | TestDuplicateRules
//	POST /sobjects/{X} | allowSave=true passes a rule that alerts and not one that blocks | doc | TestDuplicateRules
//	POST /composite/sobjects | DUPLICATES_DETECTED with code and message alone | client JS | TestDuplicateRules
//	PUT /jobs/ingest/{id}/batches | duplicate rules count; the header does not | unverified (switch Rules.BulkHonoursDuplicateHeader) | TestBulkRules
//	POST /sobjects/{X} | the active assignment rule runs unless Sforce-Auto-Assign is FALSE; an id runs that rule | doc | TestAssignmentRules
//	PATCH /sobjects/{X}/{id} | an update runs it too, and can re-own the record | doc | TestAssignmentRules
//	POST /jobs/ingest | assignmentRuleId runs a rule; a job without runs none | unverified (a job without) | TestBulkRules
//	any write | UNABLE_TO_LOCK_ROW while somebody holds the row or the record it hangs on | spec | TestLockedRows
//	any write | writes that overlap in time collide on the account they share (Options.Holding), at once where the original waits | doc | TestOverlappingWritesCollide
//	POST /sobjects/Task | a task that is done or not due locks nothing when it is made | doc | TestLockedRows
//	any write | CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY of a trigger that fails | spec | TestTriggers
//	any write | CANNOT_EXECUTE_FLOW_TRIGGER of a flow that fails; nothing of the save is left | spec | TestAutomationAfterTheSave
//	PATCH /composite/sobjects | allOrNone takes back what automation did to other records | doc | TestAutomationAfterTheSave
//	POST /composite/sobjects | allOrNone gives automatic numbers back | unverified (the original may leave gaps) | TestCustomObject
//	POST /composite/sobjects | ALL_OR_NONE_OPERATION_ROLLED_BACK for the others, indexes included | rec DJ | TestAllOrNone
//	any write | whatever a transaction did, taken back it has done nothing: records, indexes, the log of deletions, numbers | own | TestRollbackLeavesNothing
//	POST /composite/sobjects | 200 records, 10 runs of one type | doc | TestCollectionRequestsRefusedWhole
//	PATCH /composite/sobjects/{X}/{field} | an external id twice fails every row that has it; a blank one is MISSING_ARGUMENT | client JS | TestCollections
//	any write | flows rewrite what is about to be saved; humans are stamped as themselves | doc | TestFlowsAndHumans
//	any write | automation in a user's save moves LastModifiedDate too; background work SystemModstamp alone | doc | TestBackgroundWorkMovesSystemModstampAlone
//	GET /query | a formula changes without any stamp | unverified (the reference says so) | TestFormulaMovesNoStamp
//	POST /sobjects/{X} | STORAGE_LIMIT_EXCEEDED | unverified (switch Rules.StorageRecords) | TestStorageLimit
//	POST /sobjects/{X} | without the permission: entity type cannot be inserted | client DJ | TestCampaignMembers
//	PATCH, DELETE /sobjects/{X}/{id} | INSUFFICIENT_ACCESS_OR_READONLY of a record that may be read only | client AB | TestDeleteRefused
//	GET /sobjects/{X}/describe | Opportunity, Event, Case and OpportunityContactRole key by key | rec CCI | TestRecordedDescribe
//	POST /sobjects/Opportunity | IsClosed, IsWon, Probability, forecast, ExpectedRevenue and fiscal period follow from StageName, Amount and CloseDate | rec CCI | TestOpportunityFollowsItsStage
//	POST /sobjects/Opportunity | ContactId, on create alone, makes the primary contact role | rec CCI | TestOpportunityContacts
//	POST /sobjects/OpportunityContactRole | one primary contact; OpportunityId stays | rec CCI | TestOpportunityContacts
//	POST /sobjects/Task | defaults of Status and Priority, IsClosed and CompletedDateTime, AccountId; TaskSubtype on create alone | doc | TestTask
//	POST /sobjects/Task | a lead and WhatId together are refused | unverified (the code and its words) | TestTask
//	GET /query | archived activities are for queryAll | doc | TestTask
//	POST /sobjects/Event | start and end from each other; REQUIRED_FIELD_MISSING without | unverified (the words) | TestEvent
//	POST /sobjects/CampaignMember | HasResponded follows from CampaignMemberStatus; of lead and contact the contact is kept | doc | TestCampaignMembers
//	POST /sobjects/CampaignMember | Already a campaign member. | client DJ | TestCampaignMembers
//	POST /sobjects/{X} | RecordTypeId where record types are; Record Type ID: this ID value isn't valid for the user | spec | TestRecordTypes
//	GET /sobjects/{X}/describe | recordTypeInfos, Master always among them | rec CCI | TestRecordTypes
//	POST /sobjects/{X} | CurrencyIsoCode in an org with several currencies (Options.Currencies) | doc | TestSeveralCurrencies
//	POST /sobjects/{X} | state and country picklists (Options.Places): FIELD_INTEGRITY_EXCEPTION, codes beside texts | spec | TestStateAndCountryPicklists
//	POST /sobjects/{X}__c | custom objects with fields of every type, lookups as __r, details of masters | doc | TestCustomObject
//	GET /sobjects/{X}__c/describe | an object made hidden shows with ObjectPermissions | doc | TestHiddenCustomObject
//	POST /tooling/sobjects/CustomField | what each type needs; Activity.X is a field of Task and Event | unverified (the words) | TestToolingFieldTypes
//	DELETE /sobjects/{X}/{id} | contacts, opportunities, activities, roles and members go with their parent; other references are cleared | doc | TestDeletesCascade
//	DELETE /sobjects/{X}/{id} | DELETE_FAILED of an account or contact with cases, and of a restricting lookup | client (a recorded body) | TestDeleteRefused
//	DELETE /sobjects/{X}/{id} | undelete brings back what went along; 15 days later it is too late | doc | TestRecycleBinEmptiesItself
//	GET /sobjects/{X}/deleted | the log forgets after 15 days and what was brought back | doc | TestDeletedAndUpdated
//	GET /queryAll | merge losers have MasterRecordId; what hung on them hangs on the winner | doc | TestMergeMovesWhatHangsOn
//	GET /query | a converted lead: ids, status, date; activities and campaigns follow | doc | TestConvertLead
//	PATCH /sobjects/Lead/{id} | a status of converted leads is refused: INVALID_STATUS | unverified (switch Rules.AllowConvertedStatus) | TestConvertLead
//	DELETE /sobjects/{X}/{id} | a cleared reference moves SystemModstamp | unverified (switch Rules.StillClears) | TestDeletesCascade
package salesforce
