package hubspot

import "strings"

// associationRoutes are the endpoints of associations. {type} is the object from which they are seen. Some paths mean one thing in v3 and
// another in v4, which the dated versions follow.
var associationRoutes = []route{
	{"POST", "/crm/associations/{type}/{to}/batch/read", readAssociated, "", false, (*call).readAssociations},
	{"POST", "/crm/associations/{type}/{to}/batch/create", writeAssociated, "", false, (*call).createAssociations},
	{"POST", "/crm/associations/{type}/{to}/batch/archive", writeAssociated, "", false, (*call).archiveAssociations},
	{"POST", "/crm/associations/{type}/{to}/batch/associate/default", writeAssociated, "", false, (*call).associateDefault},
	{"POST", "/crm/associations/{type}/{to}/batch/labels/archive", writeAssociated, "", false, (*call).archiveLabels},
	{"GET", "/crm/associations/{type}/{to}/types", readAssociated, "", false, (*call).associationTypesV3},
	{"GET", "/crm/associations/{type}/{to}/labels", readAssociated, "", false, (*call).listLabels},
	{"POST", "/crm/associations/{type}/{to}/labels", writeAssociated, "", false, (*call).createLabel},
	{"PUT", "/crm/associations/{type}/{to}/labels", writeAssociated, "", false, (*call).updateLabel},
	{"DELETE", "/crm/associations/{type}/{to}/labels/{id}", writeAssociated, "", false, (*call).deleteLabel},
	{"GET", "/crm/associations/definitions/configurations/all", aToken, "", false, (*call).allLimits},
	{"GET", "/crm/associations/definitions/configurations/{type}/{to}", readAssociated, "", false, (*call).listLimits},
	{"POST", "/crm/associations/definitions/configurations/{type}/{to}/batch/create", writeAssociated, "", false, (*call).setLimits},
	{"POST", "/crm/associations/definitions/configurations/{type}/{to}/batch/update", writeAssociated, "", false, (*call).setLimits},
	{"POST", "/crm/associations/definitions/configurations/{type}/{to}/batch/purge", writeAssociated, "", false, (*call).purgeLimits},
	{"POST", "/crm/associations/usage/high-usage-report/{id}", aToken, "", false, (*call).highUsageReport},

	{"GET", "/crm/objects/{type}/{id}/associations/{to}", readAssociated, "limit after", false, (*call).listAssociations},
	{"PUT", "/crm/objects/{type}/{id}/associations/{to}/{toId}", writeAssociated, "", false, (*call).labelAssociation},
	{"DELETE", "/crm/objects/{type}/{id}/associations/{to}/{toId}", writeAssociated, "", false, (*call).archiveAssociation},
	{"PUT", "/crm/objects/{type}/{id}/associations/default/{to}/{toId}", writeAssociated, "", false, (*call).defaultAssociation},
	{"PUT", "/crm/objects/{type}/{id}/associations/{to}/{toId}/{name}", writeAssociated, "", false, (*call).putAssociationV3},
	{"DELETE", "/crm/objects/{type}/{id}/associations/{to}/{toId}/{name}", writeAssociated, "", false, (*call).archiveAssociationV3},
}

// versionsOf says whether a route is there in a version: v4 has associations alone, and v3 has them in a way of its own.
func (r *route) isIn(version string) bool {
	associations := strings.Contains(r.path, "/associations/") && !strings.HasPrefix(r.path, "/crm/schemas/")
	switch {
	case strings.HasSuffix(r.path, "/{to}/types"), strings.HasSuffix(r.path, "/{toId}/{name}"):
		return version == "v3"
	case version == "v1" || version == "v4":
		return version == "v4" && associations || version == "v1" && !strings.HasPrefix(r.path, "/crm/")
	case strings.HasPrefix(r.path, "/contacts/"):
		return false
	case r.path == "/crm/lists/all":
		return version == "2026-09"
	case version != "v3" || !associations:
		return true
	}
	return strings.HasPrefix(r.path, "/crm/associations/{type}/{to}/batch/") && strings.Count(r.path, "/") == 6 ||
		strings.HasSuffix(r.path, "/associations/{to}")
}

// exempt says whether calls to a route do not count for the ten seconds: searches, and what v4 does in bulk with associations.
func (r *route) exempt(version string) bool {
	return r.search || version != "v3" && strings.HasPrefix(r.path, "/crm/associations/")
}
