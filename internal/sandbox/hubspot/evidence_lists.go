// # Evidence: lists
//
//	endpoint | behaviour | evidence | test
//	POST /crm/v3/lists | 200 with the list; a DYNAMIC one is PROCESSING and shows its filters with the defaults filled in | rec VCR | TestCreateAndReadLists
//	POST /crm/v3/lists | what required fields were not set, at the end of the body; ILS.DUPLICATE_LIST_NAMES | rec VCR | TestCreateAndReadLists
//	POST /crm/v3/lists | filters on properties by text, number, bool, option, day and presence, and on other lists; others are refused | doc | TestListFilters
//	GET /crm/v3/lists | nothing without listIds; with them the size as well | rec VCR | TestCreateAndReadLists
//	GET /crm/v3/lists/{listId} | filters only with includeFilters; LIST_ID_DOES_NOT_EXIST; folders are not there | rec VCR | TestCreateAndReadLists
//	GET /crm/v3/lists/{listId} | DYNAMIC lists take changes in after a while and are PROCESSING until then | doc | TestDynamicLists
//	GET /crm/v3/lists/object-type-id/{type}/name/{name} | by name, in any case | spec | TestCreateAndReadLists
//	PUT /crm/v3/lists/{listId}/update-list-name | updatedList | rec VCR | TestCreateAndReadLists
//	PUT /crm/v3/lists/{listId}/update-list-filters | DYNAMIC lists only, a new version | spec | TestDynamicLists
//	DELETE /crm/v3/lists/{listId} | 204, then 404 | rec VCR | TestCreateAndReadLists
//	PUT /crm/v3/lists/{listId}/restore | within 90 days | doc | TestCreateAndReadLists
//	POST /crm/v3/lists/search | by offset, counters as text, a null body is refused with plain strings | rec AMP, rec VCR | TestSearchLists
//	POST /crm/lists/2026-09/all | by cursor, in 2026-09 only | doc | TestSearchLists
//	GET /crm/v3/lists/{listId}/memberships | by record id, forwards and backwards, 250 a page | rec VCR | TestMemberships
//	GET /crm/v3/lists/{listId}/memberships/join-order | by the time of joining | doc | TestMemberships
//	PUT /crm/v3/lists/{listId}/memberships/add | recordsIdsAdded, recordIdsMissing, {} for members; an object in the array is refused | rec VCR | TestMemberships
//	PUT /crm/v3/lists/{listId}/memberships/remove | recordIdsRemoved, recordIdsMissing | rec VCR | TestMemberships
//	PUT /crm/v3/lists/{listId}/memberships/add-and-remove | both; DYNAMIC lists are refused | doc | TestMemberships, TestDynamicLists
//	PUT /crm/v3/lists/{listId}/memberships/add-from/{sourceListId} | 204, of the same object | doc | TestMemberships
//	DELETE /crm/v3/lists/{listId}/memberships | 204, nobody is left | doc | TestMemberships
//	GET /crm/v3/lists/records/{type}/{id}/memberships | the lists of a record | spec | TestMemberships
//	POST /crm/v3/lists/records/memberships/batch/read | of many, an error for each that is not there | spec | TestMemberships
//	GET /crm/v3/lists/idmapping | a v1 id's list | doc | TestListsV1
//	POST /crm/v3/lists/idmapping | many | doc | TestListsV1
//	GET /contacts/v1/lists | lists of contacts only, under ids of their own | rec VCR | TestListsV1
//	GET /contacts/v1/lists/{listId} | one | doc | TestListsV1
//	GET /contacts/v1/lists/{listId}/contacts/all | contacts as v1 has them, by vidOffset | doc | TestListsV1
//	every list endpoint | crm.lists.read and crm.lists.write | doc | TestListScopes
package hubspot
