/*
# Fault scripts

A script is a list. Of the faults due for a request the first strikes; skew, slow, text_errors and
no_category come on top of any other. Every key but kind may be left out:

	faults:
	  # system: hubspot or salesforce. Left out: both.
	  - system: salesforce
	    # method: the HTTP method, upper case. Left out: any.
	    method: POST
	    # path: a part of the path or of the decoded query (?q=SELECT Id FROM Lead). Left out: any.
	    # Token requests match too: name a path to spare them.
	    path: /composite
	    # nth: strike from the nth matching request on, counted from 1. Left out: from the first.
	    nth: 2
	    # count: strike that often. Left out: once when nth is there, else without end, as does -1.
	    count: 1
	    # kind: a status from the list of codes below, or html (a 502 page): answered in the CRM's place,
	    # nothing done.
	    # truncated (half of the JSON), reset (the connection breaks in the middle of the body),
	    # lost_answer (the connection closes without an answer), hang_after: the work is done before.
	    # hang: nothing is done or answered until the client gives up.
	    # expired: every session ends, then the request is answered: 401 until the client has taken a new
	    # token. Salesforce's sessions and HubSpot's OAuth tokens; a private app's token has no end.
	    # lock (Salesforce), partial: rows of a write are refused by the simulator itself, the others
	    # written. Salesforce: collections, composite, single records, Bulk rows by their upload. HubSpot:
	    # single records, batch create, update and upsert, multi-status or whole as its rules for them have
	    # it, and associations by the pair.
	    # stale_search (HubSpot): a search sees nothing newer than age.
	    # pending (HubSpot): a batch is done, and answered as PENDING without results.
	    # skew: answered well, but with another Date. slow: the body dribbles.
	    # text_errors, no_category (HubSpot): errors[] of plain strings, errors without a category.
	    kind: lost_answer

	  - system: hubspot
	    path: /search
	    # probability: strike with this chance, drawn from the sandbox's seed. Left out: always.
	    probability: 0.25
	    kind: 429
	    # code: which of the CRM's errors of that status, from the list below. Left out: the first.
	    code: SECONDLY
	    # retry_after: sent as Retry-After, in whole seconds, with a status or html. Left out: none, as
	    # HubSpot's own 429s have none; 477 says 3600.
	    retry_after: 2s

	  - system: salesforce
	    path: /composite
	    kind: partial
	    # code is required with kind partial: one of the list of rows below.
	    code: STRING_TOO_LONG
	    # field: the field or property that the refusal names. Left out: one that goes with the code.
	    field: Title
	    # rows: which rows of a request lock and partial refuse, counted from 1. Left out: all, or by share.
	    rows: [1, 3]

	  - kind: lock
	    # share: lock and partial refuse each row with this chance. Left out: all, or by rows.
	    share: 0.5

	  - kind: stale_search
	    # age: how old a record's version must be to be seen; only with kind stale_search, and required.
	    age: 30s

	  - kind: slow
	    # chunk: bytes that come at a time. Left out: 16.
	    chunk: 100
	    # pause: how long before each chunk; only with kind slow, and required there.
	    pause: 50ms

	  - kind: skew
	    # skew: added to the Date header; only with kind skew, and required there.
	    skew: -5m

Go's HTTP client sends a GET again by itself when a kept-alive connection closes without an answer:
a lost_answer on one is then seen by the sandbox's counts and not by the caller.

# Codes of faults

Per CRM and status; the first is the usual one. "rows" are those of partial. Codes of the token
endpoint strike requests for a token alone.

	hubspot 400: PROPERTY_DOESNT_EXIST NO_ERRORS_LIST ERRORS_AS_TEXT MISSING_REQUIRED UNIQUE_VALUE
	    DUPLICATE_IDS TOO_MANY_INPUTS UNKNOWN_TYPE INVALID_JSON NOT_BY_THAT_PROPERTY BAD_REFRESH_TOKEN
	    BAD_CLIENT_ID BAD_CLIENT_SECRET
	hubspot 401: INVALID_AUTHENTICATION EXPIRED_AUTHENTICATION UNREADABLE_TOKEN
	hubspot 403: MISSING_SCOPES MISSING_SCOPES_OF_SCHEMAS
	hubspot 404: RESOURCE_NOT_FOUND OBJECT_NOT_FOUND HTML
	hubspot 405: WRONG_METHOD
	hubspot 409: CONFLICT CONFLICT_UNNAMED OBJECT_ALREADY_EXISTS UNIQUE_VALUE_CONFLICT
	hubspot 413: TOO_LARGE
	hubspot 414: URI_TOO_LONG TOO_MANY_MERGES
	hubspot 415: WRONG_CONTENT_TYPE
	hubspot 423: LOCKED
	hubspot 429: TEN_SECONDLY_ROLLING TEN_SECONDLY_BY_CATEGORY SECONDLY SECONDLY_BY_POLICY DAILY
	hubspot 477: MOVING
	hubspot 500: INTERNAL
	hubspot 502: HTML EMPTY
	hubspot 503: UNAVAILABLE
	hubspot 504: HTML
	hubspot 521: HTML
	hubspot 522: HTML
	hubspot 523: HTML
	hubspot 524: HTML
	hubspot 525: HTML
	hubspot 526: HTML
	hubspot rows: PROPERTY_DOESNT_EXIST READ_ONLY_VALUE INVALID_EMAIL INVALID_OPTION INVALID_INTEGER
	    INVALID_LONG INVALID_DATE CONFLICTING_UNIQUE_VALUE CONFLICT OBJECT_NOT_FOUND VALIDATION_ERROR
	salesforce 300: EXTERNAL_ID_MATCHES_SEVERAL
	salesforce 400: FIELD_CUSTOM_VALIDATION_EXCEPTION REQUIRED_FIELD_MISSING
	    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST STRING_TOO_LONG DUPLICATE_VALUE
	    DUPLICATE_VALUE_IN_REQUEST DUPLICATE_EXTERNAL_ID DUPLICATES_DETECTED
	    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY TRIGGER_LOCK TRIGGER_LIMIT ENTITY_CANNOT_BE_INSERTED
	    CANNOT_EXECUTE_FLOW_TRIGGER INSUFFICIENT_ACCESS_OR_READONLY
	    INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_FIELD_FOR_INSERT_UPDATE INVALID_FIELD
	    FOREIGN_KEY ID_IN_BODY UNABLE_TO_LOCK_ROW INVALID_CROSS_REFERENCE_KEY MALFORMED_ID
	    FIELD_INTEGRITY_EXCEPTION INVALID_EMAIL_ADDRESS INVALID_TYPE_ON_FIELD_IN_RECORD
	    NUMBER_OUTSIDE_VALID_RANGE INACTIVE_OWNER_OR_USER CANNOT_UPDATE_CONVERTED_LEAD DELETE_FAILED
	    TRANSFER_REQUIRES_READ INVALID_STATUS MISSING_ARGUMENT STORAGE_LIMIT_EXCEEDED
	    ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED TXN_SECURITY_METERING_ERROR
	    INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE DUPLICATE_DEVELOPER_NAME JSON_PARSER_ERROR
	    INVALID_TYPE MALFORMED_QUERY QUERY_TOO_COMPLICATED QUERY_TIMEOUT INVALID_QUERY_LOCATOR
	    OPERATION_TOO_LARGE EXCEEDED_ID_LIMIT INVALID_REPLICATION_DATE LIMIT_EXCEEDED INVALIDJOB
	    INVALIDJOBSTATE INVALIDENTITY INVALIDBATCH INVALIDUSER CLIENTINPUTERROR EXCEEDEDQUOTA
	    FEATURENOTENABLED API_ERROR TIMEOUT TOOMANYLOCKFAILURE retry_your_request user_has_not_approved
	    audience_is_invalid expired_authorization_code invalid_assertion expired_access_refresh_token
	    authentication_failure invalid_password user_is_locked no_client_credentials_user
	    not_supported_on_this_domain client_identifier_invalid invalid_client grant_type_not_supported
	    missing_grant_type invalid_app_access
	salesforce 401: INVALID_SESSION_ID SESSION_NOT_FOR_REST APP_NOT_ATTACHED INVALID_AUTH_HEADER HTML
	    invalid_client_credentials
	salesforce 403: REQUEST_LIMIT_EXCEEDED CONCURRENT INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY
	    API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED INVALID_OPERATION_WITH_EXPIRED_PASSWORD
	    TXN_SECURITY_METERING_ERROR BAD_OAUTH_TOKEN user_is_not_admin_approved
	salesforce 404: NOT_FOUND NO_EXTERNAL_ID ENTITY_IS_DELETED INVALID_CROSS_REFERENCE_KEY
	    UNSUPPORTED_API_VERSION INVALID_QUERY_LOCATOR
	salesforce 405: METHOD_NOT_ALLOWED
	salesforce 406: EMPTY
	salesforce 409: VERSION_MISMATCH
	salesforce 410: UNSUPPORTED_API_VERSION
	salesforce 412: PRECONDITION_FAILED
	salesforce 415: UNSUPPORTED_MEDIA_TYPE
	salesforce 420: HTML
	salesforce 429: REQUEST_LIMIT_EXCEEDED
	salesforce 431: HTML
	salesforce 500: UNKNOWN_EXCEPTION
	salesforce 502: HTML
	salesforce 503: SERVER_UNAVAILABLE INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE HTML
	salesforce 504: HTML
	salesforce rows: FIELD_CUSTOM_VALIDATION_EXCEPTION REQUIRED_FIELD_MISSING
	    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST STRING_TOO_LONG DUPLICATE_VALUE
	    DUPLICATE_VALUE_IN_REQUEST DUPLICATE_EXTERNAL_ID DUPLICATES_DETECTED
	    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY TRIGGER_LOCK TRIGGER_LIMIT ENTITY_CANNOT_BE_INSERTED
	    CANNOT_EXECUTE_FLOW_TRIGGER INSUFFICIENT_ACCESS_OR_READONLY
	    INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_FIELD_FOR_INSERT_UPDATE INVALID_FIELD
	    FOREIGN_KEY ID_IN_BODY UNABLE_TO_LOCK_ROW INVALID_CROSS_REFERENCE_KEY MALFORMED_ID
	    FIELD_INTEGRITY_EXCEPTION INVALID_EMAIL_ADDRESS INVALID_TYPE_ON_FIELD_IN_RECORD
	    NUMBER_OUTSIDE_VALID_RANGE INACTIVE_OWNER_OR_USER CANNOT_UPDATE_CONVERTED_LEAD DELETE_FAILED
	    TRANSFER_REQUIRES_READ INVALID_STATUS MISSING_ARGUMENT STORAGE_LIMIT_EXCEEDED
	    ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED TXN_SECURITY_METERING_ERROR
	    INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE REQUEST_LIMIT_EXCEEDED CONCURRENT
	    INSUFFICIENT_ACCESS ENTITY_IS_DELETED UNKNOWN_EXCEPTION SERVER_UNAVAILABLE
*/
package sandbox
