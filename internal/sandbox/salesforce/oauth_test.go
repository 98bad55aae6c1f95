package salesforce_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
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
		"unknown grant":  {"grant_type=password", "unsupported_grant_type", "grant type not supported"},
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
	x := start(t, salesforce.Options{Apps: []salesforce.App{salesforce.DefaultApp, {ClientID: "key", Certificate: certificate}, {ClientID: "unapproved", Unapproved: true}}})
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
