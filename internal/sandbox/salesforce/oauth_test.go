package salesforce_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lockstep/internal/sandbox/salesforce"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{Apps: []salesforce.App{salesforce.DefaultApp, {ClientID: "nobody", Secret: "s", RunAs: "gone@example.com"}}})
	for name, c := range map[string]struct{ form, code, description string }{
		"no grant":       {"client_id=sandbox", "invalid_request", "missing required parameter: grant_type"},
		"unknown grant":  {"grant_type=device", "unsupported_grant_type", "grant type not supported"},
		"unknown client": {"grant_type=client_credentials&client_id=x&client_secret=sandbox", "invalid_client_id", "client identifier invalid"},
		"wrong secret":   {"grant_type=client_credentials&client_id=sandbox&client_secret=x", "invalid_client", "invalid client credentials"},
		"no run-as user": {"grant_type=client_credentials&client_id=nobody&client_secret=s", "invalid_grant", "no client credentials user enabled"},
		"refresh":        {"grant_type=refresh_token&client_id=sandbox&client_secret=sandbox&refresh_token=x", "invalid_grant", "expired access/refresh token"},
		"garbage":        {"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x", "invalid_grant", "invalid assertion"},
	} {
		v, _ := url.ParseQuery(c.form)
		if r := x.form(v); r.status != 400 || get(r.json, "error") != c.code || get(r.json, "error_description") != c.description {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	v, _ := url.ParseQuery("grant_type=refresh_token&client_id=sandbox&client_secret=sandbox&refresh_token=sandbox")
	r := x.form(v)
	token := get(r.json, "access_token").(string)
	if !strings.Contains(token, "!") || get(r.json, "instance_url") != x.url || get(r.json, "expires_in") != nil || get(r.json, "refresh_token") != nil || get(r.json, "issued_at") != "1772600767000" {
		t.Errorf("token: %s", r.text)
	}
	identity := strings.TrimPrefix(get(r.json, "id").(string), x.url)
	if r := x.send(http.MethodGet, identity, ""); get(r.json, "user_id") != x.IntegrationUser() {
		t.Errorf("identity: %s", r.text)
	}
	x.send(http.MethodPost, "/services/oauth2/revoke", "token="+token, "Content-Type", "application/x-www-form-urlencoded")
	if r := x.send(http.MethodGet, "/services/data/v60.0/limits", "", "Authorization", "Bearer "+token); r.status != 401 {
		t.Errorf("a revoked token: %d", r.status)
	}
}

func TestJWT(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	x := start(t, salesforce.Options{Apps: []salesforce.App{salesforce.DefaultApp, {ClientID: "key", Certificate: certificate}, {ClientID: "unapproved", Unapproved: true}, {ClientID: "closed", Closed: true}}, AssertionLife: time.Hour})
	x.insert("User", "Username", "left@example.com", "LastName", "Left", "IsActive", "false")
	user := "integration@sandbox.example.com"
	soon := x.now().Add(3 * time.Minute).Unix()
	for name, c := range map[string]struct {
		claims jwt.MapClaims
		key    *rsa.PrivateKey
		want   string
	}{
		"good":            {jwt.MapClaims{"iss": "key", "sub": user, "aud": "https://login.salesforce.com", "exp": soon}, key, ""},
		"no certificate":  {jwt.MapClaims{"iss": "sandbox", "sub": user, "aud": "https://test.salesforce.com", "exp": soon}, other, ""},
		"other signature": {jwt.MapClaims{"iss": "key", "sub": user, "aud": "https://login.salesforce.com", "exp": soon}, other, "invalid assertion"},
		"audience":        {jwt.MapClaims{"iss": "key", "sub": user, "aud": "https://acme.my.salesforce.com", "exp": soon}, key, "audience is invalid"},
		"past":            {jwt.MapClaims{"iss": "key", "sub": user, "aud": "https://login.salesforce.com", "exp": soon - 600}, key, "expired authorization code"},
		"milliseconds":    {jwt.MapClaims{"iss": "key", "sub": user, "aud": "https://login.salesforce.com", "exp": soon * 1000}, key, "expired authorization code"},
		"unknown user":    {jwt.MapClaims{"iss": "key", "sub": "who@example.com", "aud": "https://login.salesforce.com", "exp": soon}, key, "user hasn't approved this consumer"},
		"unapproved":      {jwt.MapClaims{"iss": "unapproved", "sub": user, "aud": "https://login.salesforce.com", "exp": soon}, key, "user hasn't approved this consumer"},
		"inactive user":   {jwt.MapClaims{"iss": "key", "sub": "left@example.com", "aud": "https://login.salesforce.com", "exp": soon}, key, "user is inactive"},
		"closed app":      {jwt.MapClaims{"iss": "closed", "sub": user, "aud": "https://login.salesforce.com", "exp": soon}, key, "user is not admin approved to access this app"},
		"client":          {jwt.MapClaims{"iss": "who", "sub": user, "aud": "https://login.salesforce.com", "exp": soon}, key, "client identifier invalid"},
	} {
		assertion, err := jwt.NewWithClaims(jwt.SigningMethodRS256, c.claims).SignedString(c.key)
		if err != nil {
			t.Fatal(err)
		}
		r := x.form(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}})
		if got, _ := get(r.json, "error_description").(string); got != c.want || (r.status == 200) != (c.want == "") {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	apps := []salesforce.App{salesforce.DefaultApp, {ClientID: "closed", Secret: "s", Closed: true}, {ClientID: "rotates", Secret: "s", RefreshToken: "first", Rotates: true},
		{ClientID: "left", Secret: "s", RunAs: "left@example.com", RefreshToken: "left"}}
	x := start(t, salesforce.Options{Apps: apps, PasswordGrant: true, SecretStatus: 401, SecurityToken: "tok"})
	x.insert("User", "Username", "left@example.com", "LastName", "Left", "IsActive", "false")
	ask := func(form string, header ...string) response {
		return x.send(http.MethodPost, "/services/oauth2/token", form, append([]string{"Content-Type", "application/x-www-form-urlencoded", "Authorization", ""}, header...)...)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("sandbox:sandbox"))
	user := "&username=integration@sandbox.example.com&password="
	for name, c := range map[string]struct {
		form   string
		header []string
		want   string
	}{
		"basic":              {"grant_type=client_credentials", []string{"Authorization", basic}, "200  "},
		"login host":         {"grant_type=client_credentials&client_id=sandbox&client_secret=sandbox", []string{"Host", "login.salesforce.com"}, "400 invalid_grant request not supported on this domain"},
		"closed app":         {"grant_type=client_credentials&client_id=closed&client_secret=s", nil, "400 invalid_app_access user is not admin approved to access this app"},
		"wrong secret":       {"grant_type=client_credentials&client_id=sandbox&client_secret=x", nil, "401 invalid_client invalid client credentials"},
		"password":           {"grant_type=password&client_id=sandbox&client_secret=sandbox" + user + "sandboxtok", nil, "200  "},
		"wrong password":     {"grant_type=password&client_id=sandbox&client_secret=sandbox" + user + "sandbox", nil, "400 invalid_grant authentication failure - Invalid Password"},
		"run-as user left":   {"grant_type=client_credentials&client_id=left&client_secret=s", nil, "400 invalid_grant no client credentials user enabled"},
		"refresh user left":  {"grant_type=refresh_token&client_id=left&client_secret=s&refresh_token=left", nil, "400 invalid_grant inactive user"},
		"another's refresh":  {"grant_type=refresh_token&client_id=rotates&client_secret=s&refresh_token=sandbox", nil, "400 invalid_grant expired access/refresh token"},
		"inactive user pass": {"grant_type=password&client_id=sandbox&client_secret=sandbox&username=left@example.com&password=sandboxtok", nil, "400 invalid_grant authentication failure - Invalid Password"},
	} {
		r := ask(c.form, c.header...)
		e, _ := get(r.json, "error").(string)
		d, _ := get(r.json, "error_description").(string)
		if got := fmt.Sprint(r.status, " ", e, " ", d); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if err := x.LockUser("integration@sandbox.example.com", true); err != nil {
		t.Fatal(err)
	}
	if r := ask("grant_type=password&client_id=sandbox&client_secret=sandbox" + user + "sandboxtok"); get(r.json, "error_description") != "user is locked" {
		t.Errorf("a locked user: %s", r.text)
	}
	r := ask("grant_type=refresh_token&client_id=rotates&client_secret=s&refresh_token=first")
	next, _ := get(r.json, "refresh_token").(string)
	if r := ask("grant_type=refresh_token&client_id=rotates&client_secret=s&refresh_token=first"); r.status != 400 {
		t.Errorf("a rotated token: %s", r.text)
	}
	if r := ask("grant_type=refresh_token&client_id=rotates&client_secret=s&refresh_token=" + next); r.status != 200 {
		t.Errorf("the new token: %s", r.text)
	}
	y := start(t, salesforce.Options{})
	if r := y.form(url.Values{"grant_type": {"password"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "username": {"integration@sandbox.example.com"}, "password": {"sandbox"}}); get(r.json, "error_description") != "authentication failure" {
		t.Errorf("switched off: %s", r.text)
	}
}

func TestRevokeAndIntrospect(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	form := func(path, body string) response {
		return x.send(http.MethodPost, "/services/oauth2/"+path, body, "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
	}
	app := "&client_id=sandbox&client_secret=sandbox"
	r := form("introspect", "token="+url.QueryEscape(x.token)+app)
	if get(r.json, "active") != true || get(r.json, "client_id") != "sandbox" || get(r.json, "username") != "integration@sandbox.example.com" || get(r.json, "token_type") != "access_token" ||
		fmt.Sprint(get(r.json, "exp"), " ", get(r.json, "iat")) != "1772607967 1772600767" {
		t.Errorf("a session: %s", r.text)
	}
	if r := form("introspect", "token=sandbox"+app); get(r.json, "token_type") != "refresh_token" {
		t.Errorf("a refresh token: %s", r.text)
	}
	if r := form("introspect", "token=x"+app); r.text != `{"active":false}` {
		t.Errorf("no token: %s", r.text)
	}
	if r := form("introspect", "token=x"); get(r.json, "error") != "invalid_client_id" {
		t.Errorf("no app: %s", r.text)
	}
	if r := x.send(http.MethodGet, "/services/oauth2/revoke?token="+url.QueryEscape(x.token), "", "Authorization", ""); r.status != 200 || r.text != "" {
		t.Errorf("revoke: %d %s", r.status, r.text)
	}
	x.must(401, http.MethodGet, "/limits", "")
	form("revoke", "token=sandbox")
	if r := x.form(url.Values{"grant_type": {"refresh_token"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}, "refresh_token": {"sandbox"}}); get(r.json, "error_description") != "expired access/refresh token" {
		t.Errorf("a revoked refresh token: %s", r.text)
	}
	if r := form("revoke", "token=x"); get(r.json, "error") != "unsupported_token_type" {
		t.Errorf("revoking nothing: %s", r.text)
	}
}

func TestFixedSessionsAndUsersThatLeave(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{FixedSessions: true, SessionLength: time.Hour, OrgID: "00DAb0000000007"})
	if !strings.HasPrefix(x.token, "00DAb0000000007!") || x.Org() != "00DAb0000000007MAA" || x.names("Id", "SELECT Id FROM Organization") != x.Org() {
		t.Errorf("token %s of org %s", x.token, x.Org())
	}
	x.move(40 * time.Minute)
	x.must(200, http.MethodGet, "/limits", "")
	x.move(40 * time.Minute)
	x.must(401, http.MethodGet, "/limits", "")
	x.login()
	if err := x.Edit("User", x.IntegrationUser(), map[string]string{"IsActive": "false"}); err != nil {
		t.Fatal(err)
	}
	x.must(401, http.MethodGet, "/limits", "")
}

func TestSessions(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.must(200, http.MethodGet, "/limits", "")
	expired := `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`
	x.move(119 * time.Minute)
	x.must(200, http.MethodGet, "/limits", "", "Authorization", "OAuth "+x.token)
	x.move(119 * time.Minute)
	x.must(200, http.MethodGet, "/limits", "") // a session lives on while it is used
	x.move(121 * time.Minute)
	if r := x.must(401, http.MethodGet, "/limits", ""); r.text != expired || r.header.Get("Sforce-Limit-Info") == "" {
		t.Errorf("timed out: %s", r.text)
	}
	x.login()
	x.must(200, http.MethodGet, "/limits", "")
	x.ExpireSessions()
	if r := x.must(401, http.MethodGet, "/limits", ""); r.text != expired {
		t.Errorf("expired on demand: %s", r.text)
	}
	if r := x.must(401, http.MethodGet, "/limits", "", "Authorization", "Basic x"); get(r.json, 0, "errorCode") != "INVALID_AUTH_HEADER" {
		t.Errorf("malformed header: %s", r.text)
	}
	if r := x.send(http.MethodGet, "/services/oauth2/userinfo", ""); r.status != 403 || r.text != "Bad_OAuth_Token" {
		t.Errorf("userinfo: %d %s", r.status, r.text)
	}
	x.login()
	r := x.send(http.MethodGet, "/services/oauth2/userinfo", "")
	if get(r.json, "is_salesforce_integration_user") != true || get(r.json, "user_id") != x.IntegrationUser() {
		t.Errorf("userinfo: %s", r.text)
	}
}
