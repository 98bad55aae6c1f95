package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// DefaultToken is the private-app token that a portal without Options.Tokens accepts.
const DefaultToken = "pat-na1-sandbox"

// Token is a private app's static bearer token.
type Token struct {
	Value  string
	Scopes []string // nil is every scope
}

// app is who calls: a private app or the public one.
type app struct {
	id     int64
	scopes []string // nil is every scope
	oauth  bool     // a public app has no daily limit
}

const scopesPage = "https://developers.hubspot.com/scopes"

// authenticate finds the app behind the bearer token.
func (c *call) authenticate() error {
	token, isBearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if a := c.apps[token]; isBearer && a != nil {
		c.app = a
		return nil
	}
	now := c.now()
	if t := c.tokens[token]; isBearer && t != nil {
		if now.Before(t.expires) {
			c.app = t.app
			return nil
		}
		return expired(t.expires, fmt.Sprintf("%d minute(s)", int(now.Sub(t.expires).Minutes())))
	}
	if isBearer && token != "" && !strings.HasPrefix(token, "pat-") {
		// A token that cannot be decoded counts as one of 1970.
		return expired(time.Unix(0, 0), fmt.Sprintf("%d day(s)", now.Unix()/86400))
	}
	return &problem{
		http: http.StatusUnauthorized, Category: "INVALID_AUTHENTICATION",
		Message: "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
	}
}

func expired(at time.Time, ago string) *problem {
	return &problem{
		http: http.StatusUnauthorized, Category: "EXPIRED_AUTHENTICATION",
		Message: "The OAuth token used to make this call expired " + ago + " ago.",
		Context: map[string]any{"expire time": []string{at.UTC().Format(time.RFC3339)}},
	}
}

// authorize checks that the app has the scopes the route asks for.
func (c *call) authorize() error {
	if c.app == nil || c.app.scopes == nil {
		return nil
	}
	for _, wanted := range c.scopes() {
		if slices.ContainsFunc(wanted, func(s string) bool { return slices.Contains(c.app.scopes, s) }) {
			continue
		}
		if c.route.needs == readObjectSchemas || c.route.needs == writeObjectSchemas {
			return &problem{
				http: http.StatusForbidden, Category: "MISSING_SCOPES", Message: "One or more of the following scopes are required.",
				Context: map[string]any{"requiredGranularScopes": wanted, "links": []string{scopesPage}},
			}
		}
		return missingScopes(wanted)
	}
	return nil
}

func missingScopes(wanted []string) *problem {
	return &problem{
		http: http.StatusForbidden, Category: "MISSING_SCOPES", Links: map[string]string{"scopes": scopesPage},
		Message: "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " + scopesPage + ".",
		Errors: []any{map[string]any{
			"message": "One or more of the following scopes are required.",
			"context": map[string][]string{"requiredGranularScopes": wanted},
		}},
	}
}

// sensitiveScopes are those of which any one opens the values of a sensitive property.
func sensitiveScopes(o *portal.Object, p *portal.Property, verb string) []string {
	scope := "crm.objects." + o.Scope + "." + p.Sensitivity + "." + verb
	return []string{scope, scope + ".v2"}
}

// withheld are the properties of e-mails that an app reads with the scope sales-email-read only.
var withheld = []string{"hs_email_subject", "hs_email_text", "hs_email_html", "hs_email_headers", "hs_body_preview", "hs_body_preview_html"}

// may says whether the app may read or write a property's values: of a sensitive one, and of what an e-mail says, only with a
// scope of its own.
func (c *call) may(verb string, p *portal.Property) bool {
	if c.app.scopes == nil {
		return true
	}
	if p.Sensitivity == "" {
		return verb != "read" || c.object == nil || c.object.Plural != "emails" || !slices.Contains(withheld, p.Name) || slices.Contains(c.app.scopes, "sales-email-read")
	}
	return c.object != nil && slices.ContainsFunc(sensitiveScopes(c.object, p, verb), func(s string) bool { return slices.Contains(c.app.scopes, s) })
}

// scopes lists what the route needs: of each list any one. Tickets have a scope of their own from older days; activities go by the
// contacts' ones; an association is read or written on both its sides.
func (c *call) scopes() [][]string {
	switch c.route.needs {
	case readObjects:
		return [][]string{scopesOf(c.object, "read")}
	case writeObjects:
		return [][]string{scopesOf(c.object, "write")}
	case readAssociated:
		return [][]string{scopesOf(c.object, "read"), scopesOf(c.to, "read")}
	case writeAssociated:
		return [][]string{scopesOf(c.object, "write"), scopesOf(c.to, "write")}
	case readSchemas:
		return [][]string{append([]string{"crm.schemas." + c.object.Scope + ".read"}, scopesOf(c.object, "read")...)}
	case writeSchemas:
		if c.object.Scope == "tickets" {
			return [][]string{{"tickets"}}
		}
		return [][]string{{"crm.schemas." + c.object.Scope + ".write"}}
	case readObjectSchemas:
		return [][]string{c.schemaScopes("read")}
	case writeObjectSchemas:
		return [][]string{c.schemaScopes("write")}
	case readPipelines:
		return [][]string{append(scopesOf(c.object, "read"), "crm.schemas."+c.object.Scope+".read")}
	case writePipelines:
		return [][]string{append(scopesOf(c.object, "write"), "crm.schemas."+c.object.Scope+".write")}
	case readLists:
		return [][]string{{"crm.lists.read"}}
	case writeLists:
		return [][]string{{"crm.lists.write"}}
	case doExport:
		return [][]string{{"crm.export"}}
	case readOwners:
		return [][]string{{"crm.objects.owners.read"}}
	}
	return nil
}

// scopesOf are the scopes of which any one lets an app read or write an object's records.
func scopesOf(o *portal.Object, verb string) []string {
	if o.Scope == "tickets" {
		return []string{"tickets"}
	}
	return []string{"crm.objects." + o.Scope + "." + verb}
}

// schemaScopes are those of the schemas API: an older word for custom objects and two newer ones, or the object's own.
func (c *call) schemaScopes(verb string) []string {
	if c.object != nil && !c.object.IsCustom() {
		return append(scopesOf(c.object, verb), "crm.schemas."+c.object.Scope+"."+verb)
	}
	return []string{"custom-object-" + verb, "crm.schemas.custom." + verb}
}
