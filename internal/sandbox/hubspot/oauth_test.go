package hubspot_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	const back = "https://app.example.com/callback"
	grant := func(code, redirect string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "redirect_uri": {redirect}, "code": {code}}
	}
	code := w.Authorize(back, "crm.objects.contacts.read")
	w.form("/oauth/2026-09/token", grant(code, "https://other.example.com")).want(t, 400, m{"status": "BAD_REDIRECT_URI", "error": "invalid_grant"})
	r := w.form("/oauth/2026-09/token", grant(code, back))
	r.want(t, 200, m{"refresh_token": "na1-sandbox", "scopes": list{"crm.objects.contacts.read"}, "expires_in": 1800, "token_use": "access_token"})
	w.form("/oauth/2026-09/token", grant(code, back)).want(t, 400, m{"status": "BAD_AUTH_CODE", "message": "missing or unknown auth code", "category": absent})
	w.token = r.body["access_token"].(string)
	w.call("GET", contacts, nil).want(t, 200, nil)
	w.call("GET", "/crm/v3/owners", nil).want(t, 403, nil)

	late := w.Authorize(back)
	w.clock.pass(10 * time.Minute)
	w.form("/oauth/v1/token", grant(late, back)).want(t, 400, m{"status": "BAD_AUTH_CODE"})

	// An installation that was revoked is a new one afterwards.
	w.form("/oauth/v3/token/revoke", url.Values{"client_id": {"sandbox"}, "client_secret": {"sandbox"}, "token": {"na1-sandbox"}}).want(t, 204, nil)
	r = w.form("/oauth/v3/token", grant(w.Authorize(back), back))
	r.want(t, 200, nil)
	fresh, _ := r.body["refresh_token"].(string)
	if fresh == "na1-sandbox" || !strings.HasPrefix(fresh, "na1-") {
		t.Fatalf("refresh token %q", fresh)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "refresh_token": {fresh}}
	w.form("/oauth/v3/token", refresh).want(t, 200, m{"refresh_token": fresh})
	w.form("/oauth/v3/token/introspect", url.Values{"client_id": {"sandbox"}, "client_secret": {"sandbox"}, "token": {fresh}}).want(t, 200, m{"active": true, "token_use": "refresh_token"})
}

// TestEveryRouteNeedsItsScope calls every endpoint with a token that may do nothing.
func TestEveryRouteNeedsItsScope(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{{Value: "pat-none", Scopes: []string{"oauth"}}}})
	w.token = "pat-none"
	wants := map[string]string{ // by how a route begins; the longest counts
		"GET /crm/objects/":                             "crm.objects.companies.read",
		"POST /crm/objects/":                            "crm.objects.companies.write",
		"PUT /crm/objects/":                             "crm.objects.companies.write",
		"PATCH /crm/objects/":                           "crm.objects.companies.write",
		"DELETE /crm/objects/":                          "crm.objects.companies.write",
		"POST /crm/objects/{type}/search":               "crm.objects.companies.read",
		"POST /crm/objects/{type}/batch/read":           "crm.objects.companies.read",
		"POST /crm/objects/contacts/gdpr-delete":        "crm.objects.contacts.write",
		"POST /crm/objects/contacts/batch/gdpr-delete":  "crm.objects.contacts.write",
		"GET /crm/properties/":                          "crm.schemas.companies.read",
		"POST /crm/properties/":                         "crm.schemas.companies.write",
		"PATCH /crm/properties/":                        "crm.schemas.companies.write",
		"DELETE /crm/properties/":                       "crm.schemas.companies.write",
		"POST /crm/properties/{type}/batch/read":        "crm.schemas.companies.read",
		"GET /crm/property-validations/":                "crm.schemas.companies.read",
		"PUT /crm/property-validations/":                "crm.schemas.companies.write",
		"GET /properties/":                              "crm.schemas.companies.read",
		"GET /crm/pipelines/":                           "crm.objects.companies.read",
		"POST /crm/pipelines/":                          "crm.objects.companies.write",
		"PUT /crm/pipelines/":                           "crm.objects.companies.write",
		"PATCH /crm/pipelines/":                         "crm.objects.companies.write",
		"DELETE /crm/pipelines/":                        "crm.objects.companies.write",
		"GET /crm/schemas":                              "custom-object-read",
		"POST /crm/schemas/batch/read":                  "custom-object-read",
		"POST /crm/schemas":                             "custom-object-write",
		"PUT /crm/schemas":                              "custom-object-write",
		"PATCH /crm/schemas":                            "custom-object-write",
		"DELETE /crm/schemas":                           "custom-object-write",
		"GET /crm/schemas/{type}":                       "crm.objects.companies.read",
		"POST /crm/schemas/{type}":                      "crm.objects.companies.write",
		"PUT /crm/schemas/{type}":                       "crm.objects.companies.write",
		"PATCH /crm/schemas/{type}":                     "crm.objects.companies.write",
		"DELETE /crm/schemas/{type}":                    "crm.objects.companies.write",
		"GET /crm/associations/":                        "crm.objects.companies.read",
		"POST /crm/associations/":                       "crm.objects.companies.write",
		"PUT /crm/associations/":                        "crm.objects.companies.write",
		"DELETE /crm/associations/":                     "crm.objects.companies.write",
		"POST /crm/associations/{type}/{to}/batch/read": "crm.objects.companies.read",
		"GET /crm/lists":                                "crm.lists.read",
		"POST /crm/lists":                               "crm.lists.write",
		"PUT /crm/lists":                                "crm.lists.write",
		"DELETE /crm/lists":                             "crm.lists.write",
		"POST /crm/lists/search":                        "crm.lists.read",
		"POST /crm/lists/all":                           "crm.lists.read",
		"POST /crm/lists/idmapping":                     "crm.lists.read",
		"POST /crm/lists/records/":                      "crm.lists.read",
		"GET /contacts/lists":                           "crm.lists.read",
		"GET /crm/owners":                               "crm.objects.owners.read",
		"POST /crm/exports/":                            "crm.export",
		"GET /crm/exports/":                             "crm.export",
	}
	free := []string{"/oauth/", "/account-info/", "/crm/associations/definitions/configurations/all", "/crm/associations/usage/", "/exports/"} // any token, or none
	for _, route := range hubspot.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if containsPrefix(free, pattern) {
			continue
		}
		longest := ""
		for prefix := range wants {
			if strings.HasPrefix(route, prefix) && len(prefix) > len(longest) {
				longest = prefix
			}
		}
		path := strings.NewReplacer("{type}", "companies", "{to}", "contacts", "{id}", "1", "{toId}", "2", "{name}", "x", "{listId}", "1", "{sourceId}", "2").Replace(pattern)
		ok := false
		for _, version := range []string{"v3", "2026-09", "v1"} {
			var target string
			area, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
			switch {
			case version == "v1":
				target = "/" + area + "/v1/" + rest
			case area == "crm" && strings.HasPrefix(rest, "schemas"):
				target = "/crm-object-schemas/" + version + "/" + rest
			case version == "v3":
				target = "/" + area + "/v3/" + rest
			default:
				sub, more, _ := strings.Cut(rest, "/")
				target = strings.TrimSuffix("/"+area+"/"+sub+"/"+version+"/"+more, "/")
			}
			r := w.call(method, target, nil)
			if r.status != 403 {
				continue
			}
			ok = true
			scopes, has := r.at("errors.0.context.requiredGranularScopes").([]any)
			if !has {
				scopes, _ = r.at("context.requiredGranularScopes").([]any)
			}
			if len(scopes) == 0 || scopes[0] != wants[longest] || r.at("category") != "MISSING_SCOPES" {
				t.Errorf("%s: %v, want %q", route, r.text, wants[longest])
			}
		}
		if !ok {
			t.Errorf("%s (%s): a token without scopes is not refused in any version", route, path)
		}
	}
}

func containsPrefix(prefixes []string, s string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
