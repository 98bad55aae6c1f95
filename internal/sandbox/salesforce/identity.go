package salesforce

import (
	"net/http"

	"lockstep/internal/sandbox/salesforce/store"
)

// badToken is how the identity services refuse: 403 and plain text, unlike the rest of the API.
func badToken() answer {
	return answer{status: http.StatusForbidden, body: []byte("Bad_OAuth_Token")}.with("Content-Type", "text/plain;charset=UTF-8")
}

// userInfo is /services/oauth2/userinfo.
func (c *call) userInfo() answer {
	if _, known := c.authenticate(); !known {
		return badToken()
	}
	u, _ := c.org.Get(c.org.Object("User"), c.user.String())
	profile, _ := c.org.Get(c.org.Object("Profile"), u["ProfileId"])
	license, _ := c.org.Get(c.org.Object("UserLicense"), profile["UserLicenseId"])
	return ok(map[string]any{
		"sub":     c.host + "/id/" + c.org.ID.String() + "/" + c.user.String(),
		"user_id": c.user.String(), "organization_id": c.org.ID.String(), "preferred_username": u["Username"],
		"nickname": u["Alias"], "name": u["Name"], "email": u["Email"], "email_verified": true,
		"given_name": orNil(u["FirstName"]), "family_name": u["LastName"], "zoneinfo": u["TimeZoneSidKey"],
		"is_salesforce_integration_user": license["Name"] == "Salesforce Integration",
		"active":                         u["IsActive"] == "true", "user_type": "STANDARD", "language": u["LanguageLocaleKey"], "locale": u["LocaleSidKey"],
		"utcOffset": 0, "updated_at": u["LastModifiedDate"], "is_app_installed": true,
		"photos": c.photos(), "profile": c.host + "/" + u["Id"], "picture": c.host + "/profilephoto/005/F",
		"address": map[string]any{}, "urls": c.urls(u["Id"]),
	})
}

// identity is the page that the "id" of a token response names.
func (c *call) identity() answer {
	if _, known := c.authenticate(); !known {
		return badToken()
	}
	if len(c.path) != 3 {
		return notFound()
	}
	org, isOrg := store.ParseID(c.path[1])
	u, found := c.org.Get(c.org.Object("User"), c.path[2])
	if !isOrg || org != c.org.ID || !found || u["Id"] != c.user.String() {
		return badToken()
	}
	return ok(map[string]any{
		"id": c.host + "/id/" + c.org.ID.String() + "/" + u["Id"], "asserted_user": true, "user_id": u["Id"],
		"organization_id": c.org.ID.String(), "username": u["Username"], "nick_name": u["Alias"], "display_name": u["Name"],
		"email": u["Email"], "email_verified": true, "first_name": orNil(u["FirstName"]), "last_name": u["LastName"],
		"photos": c.photos(), "addr_street": nil, "addr_city": nil, "addr_state": nil, "addr_country": nil, "addr_zip": nil,
		"mobile_phone": nil, "mobile_phone_verified": false, "is_lightning_login_user": false, "is_app_installed": true,
		"status": map[string]any{"created_date": nil, "body": nil}, "urls": c.urls(u["Id"]),
		"timezone": u["TimeZoneSidKey"], "active": u["IsActive"] == "true", "user_type": "STANDARD",
		"language": u["LanguageLocaleKey"], "locale": u["LocaleSidKey"], "utcOffset": 0, "last_modified_date": u["LastModifiedDate"],
	})
}

// photos are addresses where the simulator has nothing.
func (c *call) photos() map[string]string {
	return map[string]string{"picture": c.host + "/profilephoto/005/F", "thumbnail": c.host + "/profilephoto/005/T"}
}

// urls tells where the APIs are, with {version} to fill in; also of those that are not simulated.
func (c *call) urls(user string) map[string]string {
	soap, rest := c.host+"/services/Soap/", c.host+"/services/data/v{version}/"
	org := "/{version}/" + c.org.ID.Short()
	return map[string]string{
		"enterprise": soap + "c" + org, "metadata": soap + "m" + org, "partner": soap + "u" + org, "tooling_soap": soap + "T" + org,
		"rest": rest, "sobjects": rest + "sobjects/", "search": rest + "search/", "query": rest + "query/", "recent": rest + "recent/",
		"tooling_rest": rest + "tooling/", "feeds": rest + "chatter/feeds", "groups": rest + "chatter/groups", "users": rest + "chatter/users",
		"feed_items": rest + "chatter/feed-items", "feed_elements": rest + "chatter/feed-elements", "profile": c.host + "/" + user,
		"custom_domain": c.host,
	}
}
