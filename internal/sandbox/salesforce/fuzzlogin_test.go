package salesforce

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lockstep/internal/sandbox/twist"
)

// FuzzLogin sends any form, and any JWT within one, to the paths that give out, take back and explain sessions: what
// is refused is refused in the shape of these paths, and a token that is given works.
func FuzzLogin(f *testing.F) {
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		f.Fatal(err)
	}
	apps := []App{DefaultApp, {ClientID: "key", Certificate: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})}, {ClientID: "no key", Certificate: []byte("none"), RunAs: "nobody"}}
	signed := func(method jwt.SigningMethod, k any, claims jwt.MapClaims) string {
		s, err := jwt.NewWithClaims(method, claims).SignedString(k)
		if err != nil {
			f.Fatal(err)
		}
		return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {s}}.Encode()
	}
	claims := jwt.MapClaims{"iss": "key", "sub": "integration@sandbox.example.com", "aud": "https://login.salesforce.com", "exp": at.Add(time.Minute).Unix()}
	for _, form := range []string{
		signed(jwt.SigningMethodRS256, key, claims), signed(jwt.SigningMethodHS256, []byte("x"), claims), signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims),
		signed(jwt.SigningMethodRS256, key, jwt.MapClaims{"iss": "sandbox", "aud": []string{"http://org.example"}, "exp": 1e300, "sub": ""}),
		signed(jwt.SigningMethodRS256, key, jwt.MapClaims{"iss": "no key", "aud": nil, "exp": -1}),
		"grant_type=client_credentials&client_id=sandbox&client_secret=sandbox", "grant_type=refresh_token&client_id=sandbox&client_secret=sandbox&refresh_token=sandbox",
		"grant_type=client_credentials&client_id=no+key&client_secret=", "grant_type=password&username=x", "", "%zz", "token=token", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c",
	} {
		f.Add("POST", "oauth2/token", asForm, "", form)
		f.Add("POST", "oauth2/revoke", asForm, "Bearer token", form)
		f.Add("POST", "oauth2/introspect", asForm, "", form)
	}
	for _, call := range []string{"<login><username>x</username><password>&lt;</password></login>", "<getUserInfo/>", "<logout/>", "<x", "<!DOCTYPE x>",
		"<convertLead><leadConverts><convertedStatus>Closed - Converted</convertedStatus><leadId>00Q</leadId></leadConverts><leadConverts/></convertLead>",
		"<merge><mergeRequests><masterRecord><Id>003</Id></masterRecord><recordToMergeIds>x</recordToMergeIds></mergeRequests><mergeRequests/></merge>",
		"<undelete><ids>00Q</ids><ids/></undelete>", "<emptyRecycleBin><ids>00QSx0000000001AAA</ids></emptyRecycleBin>"} {
		f.Add("POST", "Soap/u/60.0", "text/xml", "", "<Envelope><Header><SessionHeader><sessionId>token</sessionId></SessionHeader></Header><Body>"+call+"</Body></Envelope>")
	}
	for _, path := range []string{"oauth2/userinfo", "oauth2/introspect", "oauth2/token", "oauth2", "data", "data/v60.0/limits", "Soap/u/60.0", ""} {
		f.Add("GET", path, "", "Bearer token", "")
		f.Add("GET", path, "", "Basic c2FuZGJveDpzYW5kYm94", "")
	}
	f.Fuzz(func(t *testing.T, method, path, kind, authorization, form string) {
		defer twist.Watch(t.Name())()
		if method == "" || strings.ContainsAny(method, " \t\r\n\x00") {
			return // net/http lets no such method through
		}
		s := New(Options{Now: func() time.Time { return at }, Apps: apps})
		s.sessions["token"] = &session{user: s.org.Integration, app: "sandbox", used: at}
		req := newRequest(method, "/services/"+path, "", kind, []byte(form))
		req.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if strings.HasPrefix(path, "data/v") || w.Code < 300 && w.Body.Len() == 0 {
			return // FuzzRequest's, or a token taken back
		}
		if w.Code == 403 && w.Body.String() == "Bad_OAuth_Token" {
			return
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") { // SOAP: a fault is 500 there
			if e, err := readXML(w.Body.Bytes()); err != nil && method != "HEAD" || err == nil && e.name != "Envelope" {
				t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
			}
			return
		}
		var body any
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil && method != "HEAD" {
			t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
		}
		m, _ := body.(map[string]any)
		switch {
		case w.Code >= 500:
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		case w.Code >= 400 && m != nil: // OAuth's own object
			if m["error"] == nil || m["error_description"] == nil {
				t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
		case w.Code >= 400:
			list, _ := body.([]any)
			refusedWell(list, w.Code, func(format string, args ...any) { t.Helper(); t.Fatalf(format+": %s", append(args, w.Body)...) })
		case m["access_token"] != nil:
			use := newRequest("GET", "/services/data/v60.0/limits", "", "", nil)
			use.Header.Set("Authorization", "Bearer "+m["access_token"].(string))
			w := httptest.NewRecorder()
			if s.ServeHTTP(w, use); w.Code != 200 {
				t.Fatalf("a token just given: %d %s", w.Code, w.Body)
			}
		}
	})
}
