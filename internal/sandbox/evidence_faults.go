/*
# Evidence: gate, faults, orders

What neither CRM has, such as an order, is "own"; how a CRM or the network before it fails is evidence of
its kind.

	endpoint | behaviour | evidence | test
	any | a status on order is answered in the CRM's own words, its simulator is not asked | doc, rec AMP, rec GRP | TestAnswersInTheCRMsWords
	any | a code names one answer of its status | own | TestEveryStatusHasAnAnswer
	any | of the faults due the first strikes, by nth, count, method, path, system | own | TestWhichRequestsAreStruck
	any | probability is drawn from the seed | own | TestProbabilityIsSeeded
	any | kind html: 502 with a page | rec AMP | TestHTMLInPlaceOfJSON
	any | kind truncated: half of the JSON under the right status | client wire | TestTruncatedJSONLooksWholeToHTTP
	any | kind reset: the connection is reset in the body, the work is done | client wire | TestResetMidBody
	any | kind lost_answer: the work is done, the connection closes | client wire | TestLostAnswer
	any | kind hang: no answer, nothing done; kind hang_after: no answer, the work done | client wire | TestHangsUntilTheClientGivesUp, TestCloseLetsHangingRequestsGo, TestBrokenAnswers
	any | kind slow: the head at once, then chunk after chunk with pauses | client wire | TestSlowBodiesComeInChunks, TestSlowBodiesEndWithTheSandboxAndTheClient
	any | kind skew: the Date header is off, beside any other fault | client wire | TestDateIsTheSandboxsClock
	any | kind expired: sessions and OAuth tokens end mid-page, a new one goes on | rec RF, doc | TestSessionsEndMidPage, TestARenewedSessionGoesOn, TestARenewedTokenGoesOn
	POST /services/data/{v}/composite/sobjects | kind lock: UNABLE_TO_LOCK_ROW for chosen rows, the others written | doc, client jsforce | TestLockedRowsOfACollection
	POST /services/data/{v}/composite | kind lock under allOrNone takes all back; without, a part fails | doc | TestALockUnderAllOrNoneTakesAllBack
	PUT /services/data/{v}/jobs/ingest/{id}/batches | kind partial: rows of the upload are in failedResults, the others written | doc | TestRefusedRowsOfABulkJob
	POST /services/data/{v}/sobjects/{X} | kind lock refuses single records | doc | TestRefusedSingleRecords
	POST /crm/v3/objects/{t}/batch/{verb} | kind partial: 207 with trace ids and for unknown ids, the whole batch otherwise | rec AMP, doc | TestRefusedRowsOfAHubSpotBatch
	POST, PATCH /crm/v3/objects/{t} | kind partial refuses single records; of associations, pairs | doc | TestRefusedRecordsAndPairsOfHubSpot
	POST /crm/v3/objects/{t}/batch/{verb} | kind pending: the work is done, the answer is PENDING without results | spec | TestPendingBatchesAreDone, TestHubSpotsOddAnswers
	POST /crm/v3/objects/{t}/search | kind stale_search: records as they were a while ago | doc, rec GRP | TestASearchOfAWhileAgo
	any | kind text_errors: errors[] of plain strings; kind no_category: errors without one | rec VCR, doc | TestErrorsAsTextAndWithoutCategory, TestTwists, TestHubSpotsOddAnswers
	any | 477 asks to wait by itself | doc | TestMovingAsksToWaitByItself
	POST /services/oauth2/token | a status on order speaks OAuth | rec RF | TestTokenEndpointSpeaksOAuth
	any | every code of the Salesforce reference is provoked, by rule or on order, and classified by lockstep's client | client lockstep | TestSalesforceCodesByRule, TestSalesforceCodesOnOrder
	any | every code of the HubSpot reference likewise | client lockstep | TestHubSpotCodesByRule, TestHubSpotCodesOnOrder
	any | no code of the references or of the scripts is left out | own | TestEveryCodeIsInTheTable, TestEveryFaultIsInTheTable
	any | scripts: unknown keys, kinds and codes are refused with file, line and hint | own | TestParseFaultsRefuses, FuzzParseFaults
	any | what is not simulated is told from the documentation itself | own | TestNotSimulatedIsWhatTheDocsSay
	any | requests are counted per endpoint | own | TestCountsPerSystemAndEndpoint
	any | a watcher hears of each request before and after | own | TestWatcherHearsBothMomentsInOrder
	GET /__sandbox/ | lists the orders | own | TestDocumentedOrders
	GET, POST, DELETE /__sandbox/faults | the script of both CRMs | own | TestOrders, TestFaultsOrderedOnOneServerStrikeOnBoth
	GET, DELETE /__sandbox/calls | what was counted | own | TestOrders
	GET /__sandbox/routes | the endpoints of the CRM asked | own | TestOrdersOfTheWorld
	GET, POST, DELETE /__sandbox/records | records as they stand | own | TestOrders, FuzzOrders
	POST /__sandbox/edit | as a human does | own | TestOrders
	POST /__sandbox/merge | Salesforce keeps the winner's id; HubSpot answers with the id that is left | doc | TestOrdersOfTheWorld, TestOrdersOfHubSpotRecords
	POST /__sandbox/convert | a Lead becomes a Contact of an Account | doc | TestOrdersOfTheWorld
	POST /__sandbox/restore | out of the recycle bin or the archive | doc | TestOrdersOfTheWorld, TestOrdersOfHubSpotRecords
	POST /__sandbox/purge | gone for good | doc | TestOrdersOfTheWorld
	POST /__sandbox/associate, /__sandbox/dissociate | two records of HubSpot | doc | TestOrderedAssociations
	POST /__sandbox/touch | SystemModstamp moves alone | doc | TestOrdersOfTheWorld
	POST /__sandbox/lock, /__sandbox/unlock | a record is held | doc | TestLocksLimitsAndDuplicateRulesOnOrder
	POST /__sandbox/limit | the day is used up | doc | TestLocksLimitsAndDuplicateRulesOnOrder
	POST /__sandbox/duplicates | a rule that blocks | doc | TestLocksLimitsAndDuplicateRulesOnOrder
	POST /__sandbox/expire | the next call of each session is 401 | rec RF | TestOrdersOfTheWorld
	GET, POST, DELETE /__sandbox/automation | rules rewrite fields in order, in both CRMs, until they are ended | doc | TestAutomationRewritesInBothCRMs, TestAutomationIsOrderedAndEnded, TestAutomationRefuses
	POST /__sandbox/validation | FIELD_CUSTOM_VALIDATION_EXCEPTION in the administrator's words | doc | TestValidationRulesRefuse
	any | an order that a CRM has no counterpart of is refused in words | own | TestOrdersThatACRMLacks
*/
package sandbox
