package salesforce

// # Evidence: person accounts
//
// Options.PersonAccounts. The API guide has a page on person account record types, the guide of change data capture one on what
// the two records share; what a contact refuses is from errors that users of other integrations reported.
//
//	GET /sobjects/Account/describe | without person accounts no field tells of them | doc | TestPersonAccountsOff
//	POST /sobjects/Account | with a record type of persons: an account and its contact, PersonContactId, IsPersonAccount on both | doc | TestPersonAccounts
//	POST /sobjects/Account | LastName and no record type: the record type of persons | unverified (with several, which) | TestPersonAccounts
//	PATCH /sobjects/Account/{id} | Email is PersonEmail, a contact's X__c is X__pc, Phone and the name are one; both are stamped | doc | TestPersonAccounts
//	PATCH /sobjects/Account/{id} | with state and country picklists the codes are shared too | doc | TestPersonAccountsWithPicklists
//	PATCH /sobjects/Account/{field}/{value} | a contact's external id is a key as X__pc | doc | TestPersonAccounts
//	POST, PATCH /sobjects/Account | Name of a person: INVALID_FIELD_FOR_INSERT_UPDATE, Unable to create/update fields: Name | client (b2c-crm-sync 267, SFDX-Data-Move-Utility 6) | TestPersonAccountRefusals
//	POST, PATCH /sobjects/Account | LastName of a person is required; a person's field of a business is refused | unverified (the words of the latter) | TestPersonAccountRefusals
//	PATCH /sobjects/Account/{id} | another kind of record type and more: Cannot specify any additional fields when marrying or separating a Person-Account | client (a question about Apex) | TestPersonAccountRefusals
//	PATCH /sobjects/Contact/{id} | what is the contact's is taken of a person's contact too | client (b2c-crm-sync 54) | TestPersonAccounts
//	PATCH /sobjects/Contact/{id} | AccountId of a person's contact: Account: bad field names on insert/update call: AccountId | client (b2c-crm-sync 14) | TestPersonAccountRefusals
//	PATCH /sobjects/Contact/{id} | RecordTypeId of a person's contact: INSUFFICIENT_ACCESS_OR_READONLY | doc | TestPersonAccountRefusals
//	POST /sobjects/Contact | a person account has no second contact | doc (the code and its words: unverified) | TestPersonAccountRefusals
//	DELETE /sobjects/Contact/{id} | a person's contact goes with its account alone | doc (the code: unverified) | TestPersonAccountRefusals
//	DELETE /sobjects/Account/{id} | takes the person's contact along | doc | TestPersonAccountsDeletedAndMerged
//	merge | person accounts with person accounts, and their contacts with them; never as contacts | doc | TestPersonAccountsDeletedAndMerged
//	convertLead | a lead without a company becomes a person account | doc | TestPersonAccountsDeletedAndMerged
