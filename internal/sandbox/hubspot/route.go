package hubspot

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// maxURL is how long a request line's URL may be, in bytes.
const maxURL = 8 << 10

// need is the kind of permission a route asks for.
type need string

const (
	nothing      need = "" // not even a token
	aToken       need = "token"
	readObjects  need = "objects.read"
	writeObjects need = "objects.write"
	readSchemas  need = "schemas.read"
	writeSchemas need = "schemas.write"
	readOwners   need = "owners"

	readPipelines      need = "pipelines.read"
	writePipelines     need = "pipelines.write"
	readAssociated     need = "associated.read" // of both objects
	writeAssociated    need = "associated.write"
	readObjectSchemas  need = "object schemas.read"
	writeObjectSchemas need = "object schemas.write"
	readLists          need = "lists.read"
	writeLists         need = "lists.write"
	doExport           need = "export"
)

// route is one endpoint. Paths are written without the version; all versions lead to the same route.
type route struct {
	method, path string
	needs        need
	query        string // the parameters it knows, separated by spaces
	search       bool   // counted against the search limit in place of the burst limit
	serve        func(*call) (answer, error)
}

// routes is every endpoint that is simulated.
var routes = slices.Concat(
	objectRoutes, endRoutes, schemaRoutes, validationRoutes, legacyRoutes, associationRoutes, listRoutes, exportRoutes,
)

// objectRoutes are records, their properties and pipelines, owners and the account.
var objectRoutes = []route{
	{"GET", "/crm/objects/{type}", readObjects, "limit after properties propertiesWithHistory associations archived", false, (*call).listRecords},
	{"POST", "/crm/objects/{type}", writeObjects, "", false, (*call).createRecord},
	{"POST", "/crm/objects/{type}/search", readObjects, "", true, (*call).searchRecords},
	{"POST", "/crm/objects/{type}/batch/read", readObjects, "archived", false, (*call).batchRead},
	{"POST", "/crm/objects/{type}/batch/create", writeObjects, "", false, (*call).batchCreate},
	{"POST", "/crm/objects/{type}/batch/update", writeObjects, "", false, (*call).batchUpdate},
	{"POST", "/crm/objects/{type}/batch/upsert", writeObjects, "", false, (*call).batchUpsert},
	{"POST", "/crm/objects/{type}/batch/archive", writeObjects, "", false, (*call).batchArchive},
	{"GET", "/crm/objects/{type}/{id}", readObjects, "idProperty properties propertiesWithHistory associations archived", false, (*call).readRecord},
	{"PATCH", "/crm/objects/{type}/{id}", writeObjects, "idProperty", false, (*call).updateRecord},
	{"DELETE", "/crm/objects/{type}/{id}", writeObjects, "", false, (*call).archiveRecord},

	{"GET", "/crm/properties/{type}", readSchemas, "archived dataSensitivity locale properties", false, (*call).listProperties},
	{"POST", "/crm/properties/{type}", writeSchemas, "", false, (*call).createProperty},
	{"POST", "/crm/properties/{type}/batch/create", writeSchemas, "", false, (*call).batchCreateProperties},
	{"POST", "/crm/properties/{type}/batch/read", readSchemas, "locale", false, (*call).batchReadProperties},
	{"POST", "/crm/properties/{type}/batch/archive", writeSchemas, "", false, (*call).batchArchiveProperties},
	{"GET", "/crm/properties/{type}/groups", readSchemas, "locale", false, (*call).listGroups},
	{"POST", "/crm/properties/{type}/groups", writeSchemas, "", false, (*call).createGroup},
	{"GET", "/crm/properties/{type}/groups/{name}", readSchemas, "locale", false, (*call).readGroup},
	{"PATCH", "/crm/properties/{type}/groups/{name}", writeSchemas, "", false, (*call).updateGroup},
	{"DELETE", "/crm/properties/{type}/groups/{name}", writeSchemas, "", false, (*call).archiveGroup},
	{"GET", "/crm/properties/{type}/{name}", readSchemas, "archived dataSensitivity locale properties", false, (*call).readProperty},
	{"PATCH", "/crm/properties/{type}/{name}", writeSchemas, "", false, (*call).updateProperty},
	{"DELETE", "/crm/properties/{type}/{name}", writeSchemas, "", false, (*call).archiveProperty},

	{"GET", "/crm/pipelines/{type}", readPipelines, "", false, (*call).listPipelines},
	{"POST", "/crm/pipelines/{type}", writePipelines, "", false, (*call).createPipeline},
	{"GET", "/crm/pipelines/{type}/{id}", readPipelines, "", false, (*call).readPipeline},
	{"PUT", "/crm/pipelines/{type}/{id}", writePipelines, pipelineChecks, false, (*call).replacePipeline},
	{"PATCH", "/crm/pipelines/{type}/{id}", writePipelines, pipelineChecks, false, (*call).updatePipeline},
	{"DELETE", "/crm/pipelines/{type}/{id}", writePipelines, pipelineChecks, false, (*call).deletePipeline},
	{"GET", "/crm/pipelines/{type}/{id}/audit", readPipelines, "", false, (*call).auditPipeline},
	{"GET", "/crm/pipelines/{type}/{id}/stages", readPipelines, "", false, (*call).listStages},
	{"POST", "/crm/pipelines/{type}/{id}/stages", writePipelines, "", false, (*call).createStage},
	{"GET", "/crm/pipelines/{type}/{id}/stages/{name}", readPipelines, "", false, (*call).readStage},
	{"PUT", "/crm/pipelines/{type}/{id}/stages/{name}", writePipelines, "", false, (*call).replaceStage},
	{"PATCH", "/crm/pipelines/{type}/{id}/stages/{name}", writePipelines, "", false, (*call).updateStage},
	{"DELETE", "/crm/pipelines/{type}/{id}/stages/{name}", writePipelines, pipelineChecks, false, (*call).deleteStage},
	{"GET", "/crm/pipelines/{type}/{id}/stages/{name}/audit", readPipelines, "", false, (*call).auditStage},

	{"GET", "/crm/owners", readOwners, "limit after email archived", false, (*call).listOwners},
	{"GET", "/crm/owners/{id}", readOwners, "idProperty archived", false, (*call).readOwner},

	{"GET", "/account-info/details", aToken, "", false, (*call).accountDetails},
	{"GET", "/account-info/api-usage/daily/private-apps", aToken, "", false, (*call).dailyUsage},

	{"POST", "/oauth/token", nothing, "", false, (*call).issueToken},
	{"GET", "/oauth/access-tokens/{token}", nothing, "", false, (*call).accessTokenInfo},
	{"GET", "/oauth/refresh-tokens/{token}", nothing, "", false, (*call).refreshTokenInfo},
	{"DELETE", "/oauth/refresh-tokens/{token}", nothing, "", false, (*call).deleteRefreshToken},
	{"POST", "/oauth/token/introspect", nothing, "", false, (*call).introspectToken},
	{"POST", "/oauth/token/revoke", nothing, "", false, (*call).revokeToken},
	{"POST", "/oauth/private-apps/get/access-token-info", nothing, "", false, (*call).privateAppInfo},
}

// versions that a path may carry, beside v1 to v4: the dated ones.
var (
	datedVersions = []string{"2025-09", "2026-03", "2026-09"}
	numbered      = regexp.MustCompile(`^v[1-4]$`)
)

// unversioned takes the version out of a path: it stands second in /crm/v3/… and /account-info/v3/…, third in the dated /crm/{area}/{date}/….
// It returns an empty version when the path has none that its area knows.
func unversioned(segments []string) (version string, rest []string) {
	if len(segments) < 2 {
		return "", segments
	}
	without := func(i int) []string { return slices.Delete(slices.Clone(segments), i, i+1) }
	first, second := segments[0], segments[1]
	switch {
	case first == "crm-object-schemas" && len(segments) > 2 && segments[2] == "schemas" && (second == "v3" || slices.Contains(datedVersions, second)):
		return second, append([]string{"crm"}, segments[2:]...)
	case first == "properties" && second == "v1":
		return second, without(1)
	case first == "companies" && second == "v2":
		return second, append([]string{"properties", first}, segments[2:]...)
	case first == "crm" && second == "schemas":
		return "", segments
	case first == "crm" && (second == "v3" || second == "v4"):
		return second, without(1)
	case first == "crm" && len(segments) > 2 && slices.Contains(datedVersions, segments[2]):
		return segments[2], without(2)
	case first == "exports":
		return "file", segments
	case first == "contacts" && second == "v1":
		return second, without(1)
	case first == "account-info" && (second == "v3" || slices.Contains(datedVersions, second)):
		return second, without(1)
	case first == "oauth" && (numbered.MatchString(second) || second == "2026-03" || second == "2026-09"):
		return second, without(1)
	}
	return "", segments
}

// match finds the route of the request.
func (c *call) match() error {
	segments := strings.Split(strings.Trim(c.r.URL.EscapedPath(), "/"), "/")
	version, segments := unversioned(segments)
	if version == "" {
		return errNoSuchPath
	}
	c.version = version
	wrongMethod := false
	for i := range routes {
		params, ok := paramsOf(routes[i].path, segments)
		switch {
		case !ok || !routes[i].isIn(version):
		case routes[i].method != c.r.Method:
			wrongMethod = true
		default:
			c.route, c.params = &routes[i], params
			return nil
		}
	}
	if wrongMethod {
		return &problem{http: http.StatusMethodNotAllowed, Message: "HTTP 405 Method Not Allowed"}
	}
	return errNoSuchPath
}

// paramsOf matches the segments of a path against a route's.
func paramsOf(pattern string, segments []string) (map[string]string, bool) {
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	if len(want) != len(segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, w := range want {
		name, isParam := strings.CutPrefix(w, "{")
		if !isParam {
			if w != segments[i] {
				return nil, false
			}
			continue
		}
		v, err := url.PathUnescape(segments[i])
		if err != nil || v == "" {
			return nil, false
		}
		params[strings.TrimSuffix(name, "}")] = v
	}
	return params, true
}

// checkQuery refuses parameters that the endpoint does not have: in a simulator a misspelt one must not pass.
func (c *call) checkQuery() error {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return invalid("The query string is malformed")
	}
	known := strings.Fields(c.route.query)
	for name := range query {
		if !slices.Contains(known, name) {
			return invalid(fmt.Sprintf("Unknown query parameter %q", name))
		}
	}
	return nil
}
