package hubspot_test

import (
	"strconv"
	"strings"
	"testing"
)

const (
	listShape = "listId:string listVersion:number createdAt:string updatedAt:string filtersUpdatedAt:string processingStatus:string createdById:string updatedById:string processingType:string " +
		"objectTypeId:string name:string listPermissions.teamsWithEditAccess:array listPermissions.usersWithEditAccess:array membershipSettings.membershipTeamId:null membershipSettings.includeUnassigned:null size:number?"
	foundShape = "listId:string listVersion:number createdAt:string updatedAt:string filtersUpdatedAt:string processingStatus:string createdById:string updatedById:string? processingType:string " +
		"objectTypeId:string name:string additionalProperties.*:string"
)

// under puts a shape below a member.
func under(member, s string) string {
	return member + "." + strings.ReplaceAll(strings.TrimSpace(s), " ", " "+member+".")
}

// TestRecordedLists: lists and who is on them, as recorded.
func TestRecordedLists(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	made := r.hold(t, exchange{name: "create", source: "VCR", method: "POST", path: "/crm/v3/lists", status: 200, body: `{"name":"by hand","objectTypeId":"0-1","processingType":"MANUAL"}`,
		shape: under("list", listShape), with: paced, texts: map[string]string{"list.processingStatus": "COMPLETE", "list.processingType": "MANUAL", "list.objectTypeId": "0-1"}})
	r.names["list"], _ = made.at("list.listId").(string)
	nameless := `{"name":null,"objectTypeId":"0-1","processingType":"MANUAL"}`
	r.holdAll(t, []exchange{
		{name: "no name", source: "VCR", method: "POST", path: "/crm/v3/lists", status: 400, body: nameless, shape: refusal + "category:string",
			texts: map[string]string{"message": "Invalid input JSON on line 1, column " + strconv.Itoa(len(nameless)) + ". Some required fields were not set: [name]", "category": "VALIDATION_ERROR"}},
		{name: "read", source: "VCR", method: "GET", path: "/crm/v3/lists/{{list}}", status: 200, shape: under("list", listShape)},
		{name: "a list that is not there", source: "VCR", method: "GET", path: "/crm/v3/lists/-1", status: 404, shape: refusal + "category:string subCategory:string context.listId[]:string",
			texts: map[string]string{"message": "List does not exist with ID -1.", "category": "OBJECT_NOT_FOUND", "subCategory": "ListError.LIST_ID_DOES_NOT_EXIST", "context.listId.0": "-1"},
			with:  map[string]string{"X-HubSpot-NotFound": "true", "Content-Type": "application/json;charset=utf-8"}},
		{name: "several by id, with their size", source: "VCR", method: "GET", path: "/crm/v3/lists?listIds={{list}}", status: 200, shape: each("lists", listShape)},
		{name: "none asked for, none told", source: "VCR", method: "GET", path: "/crm/v3/lists", status: 200, shape: "lists:array"},
		{name: "put somebody on it, by a number", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/memberships/add", body: `[{{ann}}]`, status: 200, shape: "recordsIdsAdded[]:string", texts: map[string]string{"recordsIdsAdded.0": "{{ann}}"}},
		{name: "put on it who is on it", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/memberships/add", body: `[{{ann}}]`, status: 200, texts: map[string]string{"": "{}"}},
		{name: "take off it who is nobody", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/memberships/remove", body: `[42]`, status: 200, shape: "recordIdsMissing[]:string", texts: map[string]string{"recordIdsMissing.0": "42"}},
		{name: "objects in place of ids", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/memberships/add", body: `[{"vid":1}]`, status: 400, shape: refusal,
			texts: map[string]string{"message": "Invalid input JSON on line 1, column 2: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"}},
		{name: "who is on it", source: "VCR", method: "GET", path: "/crm/v3/lists/{{list}}/memberships?limit=25", status: 200, shape: "total:number results[].membershipTimestamp:string results[].recordId:string"},
		{name: "take off", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/memberships/remove", body: `[{{ann}}]`, status: 200, shape: "recordIdsRemoved[]:string"},
		{name: "another name", source: "VCR", method: "PUT", path: "/crm/v3/lists/{{list}}/update-list-name?listName=updated%20list%20name", body: `{}`, status: 200, shape: under("updatedList", listShape), texts: map[string]string{"updatedList.name": "updated list name"}},
		{name: "search", source: "AMP", method: "POST", path: "/crm/v3/lists/search", body: `{"query":""}`, status: 200, shape: "offset:number hasMore:bool total:number " + each("lists", foundShape),
			texts: map[string]string{"lists.0.additionalProperties.hs_list_size": "0", "lists.0.additionalProperties.hs_list_reference_count": "0"}},
		{name: "search with nothing", source: "VCR", method: "POST", path: "/crm/v3/lists/search", body: `null`, status: 400, shape: refusal + "errors[]:string", texts: map[string]string{"message": "validation error", "errors.0": "The request body may not be null"}},
		{name: "delete", source: "VCR", method: "DELETE", path: "/crm/v3/lists/{{list}}", status: 204, bare: []string{"Content-Type"}},
	})
}

// TestRecordedSchemas: custom objects and HubSpot's own, as recorded.
func TestRecordedSchemas(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	const schema = "labels.singular:string labels.plural:string requiredProperties:array requiredProperties[]:string searchableProperties:array searchableProperties[]:string primaryDisplayProperty:string " +
		"secondaryDisplayProperties:array secondaryDisplayProperties[]:string archived:bool restorable:bool metaType:string id:string fullyQualifiedName:string createdAt:string updatedAt:string objectTypeId:string " +
		"properties:array associations[].fromObjectTypeId:string associations[].toObjectTypeId:string associations[].name:string|null associations[].cardinality:string associations[].inverseCardinality:string " +
		"associations[].id:string associations[].createdAt:string|null associations[].updatedAt:string|null name:string " +
		"description:string? allowsSensitiveProperties:bool? createdByUserId:number|null? updatedByUserId:number|null? associations[].hasUserEnforcedMaxToObjectIds:bool? " +
		"associations[].hasUserEnforcedMaxFromObjectIds:bool? associations[].maxToObjectIds:number? associations[].maxFromObjectIds:number?"
	made := r.call("POST", "/crm/v3/schemas", m{"name": "machine", "labels": m{"singular": "Machine", "plural": "Machines"}, "primaryDisplayProperty": "serial", "requiredProperties": list{"serial"},
		"searchableProperties": list{"serial"}, "secondaryDisplayProperties": list{}, "associatedObjects": list{"CONTACT"}, "properties": list{m{"name": "serial", "label": "Serial", "type": "string", "fieldType": "text"}}})
	made.want(t, 201, nil)
	r.names["type"], _ = made.at("objectTypeId").(string)
	r.holdAll(t, []exchange{
		{name: "all", source: "GRP", method: "GET", path: "/crm/v3/schemas", status: 200, shape: each("results", schema), with: paced,
			texts: map[string]string{"results.0.metaType": "PORTAL_SPECIFIC", "results.0.fullyQualifiedName": "p{{portal}}_machine", "results.0.objectTypeId": "2-{{id}}"}},
		{name: "a custom one by its type id", source: "GRP", method: "GET", path: "/crm/v3/schemas/{{type}}", status: 200, shape: schema, texts: map[string]string{"metaType": "PORTAL_SPECIFIC", "name": "machine"}},
		{name: "HubSpot's own in capitals", source: "GRP", method: "GET", path: "/crm/v3/schemas/CONTACT", status: 200, shape: schema,
			texts: map[string]string{"metaType": "HUBSPOT", "id": "1", "fullyQualifiedName": "CONTACT", "objectTypeId": "0-1", "name": "CONTACT", "labels.plural": "Contacts", "primaryDisplayProperty": "firstname", "createdAt": "1970-01-01T00:00:00Z"}},
		{name: "create a record of it", source: "GRP", method: "POST", path: "/crm/v3/objects/{{type}}/batch/create", status: 201, body: `{"inputs":[{"properties":{"serial":"a-1"}}]}`, shape: batchShape + each("results", recordShape),
			texts: map[string]string{"results.0.properties.serial": "a-1", "results.0.properties.hs_createdate": "{{stamp}}", "results.0.properties.hs_lastmodifieddate": "{{stamp}}", "results.0.properties.hs_object_id": "{{id}}"}},
		{name: "find it", source: "GRP", method: "POST", path: "/crm/v3/objects/{{type}}/search", status: 200, bare: unpaced, body: `{"filterGroups":[{"filters":[{"propertyName":"serial","operator":"EQ","value":"a-1"}]}],"properties":["serial"],"limit":100}`,
			shape: "total:number " + each("results", recordShape), texts: map[string]string{"results.0.properties.serial": "a-1"}},
	})
}
