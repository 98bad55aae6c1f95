package hubspot

// listRoutes are the endpoints of lists. Folders are not among them, nor the schedule of a list's conversion.
var listRoutes = []route{
	{"POST", "/crm/lists", writeLists, "", false, (*call).createList},
	{"GET", "/crm/lists", readLists, "listIds includeFilters", false, (*call).listsByID},
	{"POST", "/crm/lists/search", readLists, "", false, (*call).searchLists},
	{"POST", "/crm/lists/all", readLists, "", false, (*call).allLists},
	{"GET", "/crm/lists/idmapping", readLists, "legacyListId", false, (*call).mapListID},
	{"POST", "/crm/lists/idmapping", readLists, "", false, (*call).mapListIDs},
	{"GET", "/crm/lists/object-type-id/{type}/name/{name}", readLists, "includeFilters", false, (*call).readListNamed},
	{"GET", "/crm/lists/records/{type}/{id}/memberships", readLists, "", false, (*call).listsOfRecord},
	{"POST", "/crm/lists/records/memberships/batch/read", readLists, "", false, (*call).listsOfRecords},
	{"GET", "/crm/lists/{listId}", readLists, "includeFilters", false, (*call).readList},
	{"DELETE", "/crm/lists/{listId}", writeLists, "", false, (*call).deleteList},
	{"PUT", "/crm/lists/{listId}/restore", writeLists, "", false, (*call).restoreList},
	{"PUT", "/crm/lists/{listId}/update-list-name", writeLists, "listName includeFilters", false, (*call).renameList},
	{"PUT", "/crm/lists/{listId}/update-list-filters", writeLists, "enrollObjectsInWorkflows", false, (*call).refilterList},
	{"GET", "/crm/lists/{listId}/memberships", readLists, "limit after before", false, (*call).listMembers},
	{"GET", "/crm/lists/{listId}/memberships/join-order", readLists, "limit after before", false, (*call).listMembersByTime},
	{"PUT", "/crm/lists/{listId}/memberships/add", writeLists, "", false, (*call).addMembers},
	{"PUT", "/crm/lists/{listId}/memberships/remove", writeLists, "", false, (*call).removeMembers},
	{"PUT", "/crm/lists/{listId}/memberships/add-and-remove", writeLists, "", false, (*call).exchangeMembers},
	{"PUT", "/crm/lists/{listId}/memberships/add-from/{sourceId}", writeLists, "", false, (*call).addMembersFrom},
	{"DELETE", "/crm/lists/{listId}/memberships", writeLists, "", false, (*call).emptyList},

	{"GET", "/contacts/lists", readLists, "count offset", false, (*call).listListsV1},
	{"GET", "/contacts/lists/{listId}", readLists, "", false, (*call).readListV1},
	{"GET", "/contacts/lists/{listId}/contacts/all", readLists, "count vidOffset property", false, (*call).listContactsV1},
}
