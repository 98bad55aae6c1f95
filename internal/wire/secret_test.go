package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

const (
	theToken  = "00Dxx0000000001!theToken"
	theSecret = "theClientSecret"
	theEmail  = "ann.lee@example.com"
)

func TestSecretPrints(t *testing.T) {
	t.Parallel()
	type holder struct {
		hidden Secret
		Shown  Secret
		static Static
	}
	h := holder{NewSecret(theToken), NewSecret(theToken), Static{NewSecret(theToken)}}
	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(asJSON)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T"} {
		texts = append(texts, fmt.Sprintf(verb, h), fmt.Sprintf(verb, &h), fmt.Sprintf(verb, h.Shown), fmt.Sprintf(verb, Token{Bearer: h.hidden}))
	}
	for _, text := range texts {
		if strings.Contains(text, theToken) || strings.Contains(text, fmt.Sprintf("%x", theToken)) || strings.Contains(text, fmt.Sprintf("%X", theToken)) {
			t.Errorf("leaks: %s", text)
		}
	}
	if h.hidden.Reveal() != theToken || (Secret{}).Reveal() != "" {
		t.Error("Reveal does not return the secret")
	}
}

// inside stands where the tokens do exist, under the RoundTripper that adds them: it proves that
// they were sent.
type inside struct{ authorization []string }

func (i *inside) RoundTrip(r *http.Request) (*http.Response, error) {
	i.authorization = append(i.authorization, r.Header.Get("Authorization"))
	return http.DefaultTransport.RoundTrip(r)
}

// failing is a transport whose errors quote everything they know.
type failing struct{}

func (failing) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("cannot send %s with %v and %s", r.URL, r.Header, theSecret)
}

func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	echo := fmt.Sprintf(`[{"errorCode":"BAD_%s","message":"token %s of %s, secret %s"}]`, theToken, theToken, theEmail, theSecret)
	for _, test := range []struct {
		name   string
		answer answer
		next   http.RoundTripper
	}{
		{"the server quotes the token", says(401, jsonType, echo), nil},
		{"in an HTML page", says(500, "text/html", "<html>"+echo), nil},
		{"in half a JSON", says(200, jsonType, echo[:len(echo)-2]), nil},
		{"not HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte(echo + "\r\n\r\n"))
			_ = conn.Close()
		}, nil},
		{"a redirect with the token in it", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://other.example.com/?token="+theToken, http.StatusFound)
		}, nil},
		{"hang", hang, nil},
		{"the transport quotes the request", says(200, jsonType, `{}`), failing{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := script(t, test.answer)
			var log bytes.Buffer
			spy := &inside{}
			timeout := time.Minute
			if test.name == "hang" {
				timeout = 50 * time.Millisecond
			}
			next := test.next
			if next == nil {
				next = spy
			}
			c := client(t, newClock(), Options{
				BaseURL: server.URL, Auth: Static{NewSecret(theToken)}, Secrets: []Secret{NewSecret(theSecret)},
				HTTP: &http.Client{Transport: next}, Log: zerolog.New(&log), Attempts: 2, Timeout: timeout,
				Classify: func(_ int, _ http.Header, body []byte) Verdict {
					// The worst classifier: everything the server said, everywhere.
					return Verdict{Code: string(body), Message: string(body), Detail: string(body)}
				},
			})
			_, err := c.Do(t.Context(), Request{
				Method: "GET", Path: "/x", Endpoint: "thing", Query: map[string][]string{"q": {"select " + theEmail}},
				Header: http.Header{"X-Secret": {theSecret}}, Body: []byte(theSecret),
			})
			if err == nil {
				t.Fatal("no error")
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("not an *Error: %T", err)
			}
			asJSON, jsonErr := json.Marshal(e)
			if jsonErr != nil {
				t.Fatal(jsonErr)
			}
			texts := []string{log.String(), string(asJSON), fmt.Sprintf("%v %+v %#v %s", err, err, e, err), fmt.Sprintf("%+v", c)}
			for at := error(e); at != nil; at = errors.Unwrap(at) {
				texts = append(texts, at.Error())
			}
			for _, text := range texts {
				for _, no := range []string{theToken, theSecret, theEmail} {
					if strings.Contains(text, no) {
						t.Errorf("%q in %s", no, text)
					}
				}
			}
			if strings.Contains(e.Message, theToken) || strings.Contains(e.Message, theSecret) {
				t.Errorf("message: %s", e.Message)
			}
			if test.next == nil && (len(spy.authorization) == 0 || spy.authorization[0] != "Bearer "+theToken) {
				t.Errorf("the token was not sent: %q", spy.authorization)
			}
		})
	}
}

func TestVerdictsAreCleaned(t *testing.T) {
	t.Parallel()
	for _, v := range []Verdict{
		{Code: theEmail, Detail: "column of " + theEmail},
		{Code: theSecret, Detail: "column " + theSecret},
		{Code: "two words", Detail: theEmail},
	} {
		if got := v.clean(NewSecret(theSecret)); got.Code != "" || got.Detail != "" {
			t.Errorf("%+v was left in %+v", v, got)
		}
	}
	fine := Verdict{Code: "INVALID_FIELD", Detail: "No such column 'Foo__c'", Message: "m"}
	if diff := cmp.Diff(fine, fine.clean(NewSecret(theSecret))); diff != "" {
		t.Error(diff)
	}
}

func TestTheTransportsErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	request, err := http.NewRequestWithContext(withToken(t.Context(), NewSecret(theToken)), "GET", "http://127.0.0.1/?q="+theEmail, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := bearer{failing{}}.RoundTrip(request)
	if err == nil {
		_ = res.Body.Close()
		t.Fatal("no error")
	}
	for at := err; at != nil; at = errors.Unwrap(at) {
		for _, no := range []string{theToken, theSecret, theEmail} {
			if strings.Contains(at.Error(), no) {
				t.Errorf("%q in %s", no, at)
			}
		}
	}
}

func TestTheRequestOutsideHasNoToken(t *testing.T) {
	t.Parallel()
	server := script(t, says(200, jsonType, `{}`))
	outer := bearer{http.DefaultTransport}
	request, err := http.NewRequestWithContext(withToken(context.Background(), NewSecret(theToken)), "GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := outer.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if request.Header.Get("Authorization") != "" || res.Request.Header.Get("Authorization") != "" {
		t.Error("the token stands on a request outside the transport")
	}
	if text := fmt.Sprintf("%+v %+v", request, res); strings.Contains(text, theToken) {
		t.Error("the token can be printed from outside the transport")
	}
}
