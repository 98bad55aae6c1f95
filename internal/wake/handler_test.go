package wake

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// signed is what HubSpot sent at sentAt, in the form of its documentation; signature was made with OpenSSL:
// printf '%s' "POSThttps://sync.example.com/wake/hubspot${body}1764000000000" | openssl dgst -sha256 -hmac client-secret -binary | base64
const (
	sentAt    = "1764000000000"
	signature = "CBbEV5nvWgeudJ4CyCnAmtKxiVehw+Pilq0ans4vffE="
	signed    = `[{"eventId":1,"subscriptionId":9,"portalId":62515,"appId":54321,"occurredAt":1764000000000,"subscriptionType":"contact.propertyChange","attemptNumber":0,"objectId":101,"propertyName":"email","propertyValue":"ann@example.com","changeSource":"CRM_UI"}]`
)

// door is a handler, the clock it goes by, and what it let in.
type door struct {
	http.Handler
	now time.Time
	got []Named
	log bytes.Buffer
}

func newDoor() *door {
	d := &door{now: time.UnixMilli(1764000000000)}
	d.Handler = Handler(Options{
		Token: wire.NewSecret("a-token"), HubSpotSecret: wire.NewSecret("client-secret"), URL: "https://sync.example.com",
		Now: func() time.Time { return d.now }, Add: func(n ...Named) { d.got = append(d.got, n...) }, Log: zerolog.New(&d.log),
	})
	return d
}

// post asks by a name that the server does not know itself by, as through a proxy.
func (d *door) post(path, body string, headers ...string) int {
	r := httptest.NewRequest(http.MethodPost, "http://10.0.0.7:8420"+path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code
}

func contact(ids ...string) Named {
	return Named{crm.Object{System: crm.HubSpot, Name: "contacts"}, ids}
}

// A webhook that HubSpot signed wakes; one of which anything is otherwise is refused, and nothing happens.
func TestHubSpotSignature(t *testing.T) {
	t.Parallel()
	d := newDoor()
	if code := d.post(HubSpotPath, signed, signatureHeader, signature, timestampHeader, sentAt); code != http.StatusAccepted {
		t.Fatalf("answered %d: %s", code, &d.log)
	}
	if diff := cmp.Diff([]Named{contact("101")}, d.got); diff != "" {
		t.Error(diff)
	}
	for name, tt := range map[string]struct {
		path, body, signature, sent string
		later                       time.Duration
		want                        int
	}{
		"another signature":          {signature: "AAAA" + signature[4:], want: 401},
		"no base64":                  {signature: "?", want: 401},
		"none":                       {signature: "-", want: 401},
		"another body":               {body: strings.Replace(signed, "101", "102", 1), want: 401},
		"another path":               {path: HubSpotPath + "?a=b", want: 401},
		"another time":               {sent: "1764000000001", want: 401},
		"no time":                    {sent: "-", want: 401},
		"no number":                  {sent: "soon", want: 401},
		"replayed after six minutes": {later: 6 * time.Minute, want: 401},
		"from six minutes ahead":     {later: -6 * time.Minute, want: 401},
		"within five minutes":        {later: 299 * time.Second, want: 202},
		"too long":                   {body: signed + strings.Repeat(" ", maxBody), want: 413},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor()
			d.now = d.now.Add(tt.later)
			path, body, sig, sent := HubSpotPath, signed, signature, sentAt
			for _, f := range []struct{ from, to *string }{{&tt.path, &path}, {&tt.body, &body}, {&tt.signature, &sig}, {&tt.sent, &sent}} {
				if *f.from != "" {
					*f.to = strings.TrimPrefix(*f.from, "-")
				}
			}
			if code := d.post(path, body, signatureHeader, sig, timestampHeader, sent); code != tt.want {
				t.Errorf("answered %d, want %d: %s", code, tt.want, &d.log)
			}
			if tt.want != http.StatusAccepted && len(d.got) > 0 {
				t.Errorf("and something happened: %v", d.got)
			}
			if strings.Contains(d.log.String(), "ann@") {
				t.Errorf("the log quotes the event: %s", &d.log)
			}
		})
	}
}

// HubSpot signs the address with some characters as themselves, however the request has them.
func TestHubSpotSignsTheAddressDecoded(t *testing.T) {
	t.Parallel()
	o := Options{HubSpotSecret: wire.NewSecret("client-secret")}
	const of = "QVK8IDIA1EFEtQJmcds1+s9rwsAttWkEeBslKTVy+NM=" // printf '%s' 'POSThttps://sync.example.com/wake/hubspot?to=a:b,c%20d[]1' | openssl …
	if !o.signed(of, http.MethodPost, "https://sync.example.com/wake/hubspot?to=a%3Ab%2cc%20d", []byte("[]"), "1") {
		t.Error("refused")
	}
}

// Of an event only the object and the ids are taken, whatever kind it is.
func TestHubSpotEvents(t *testing.T) {
	t.Parallel()
	of := func(name string, ids ...string) Named {
		return Named{crm.Object{System: crm.HubSpot, Name: name}, ids}
	}
	for event, want := range map[string]Named{
		`{"subscriptionType":"contact.creation","objectId":101}`:                                                                  contact("101"),
		`{"subscriptionType":"company.deletion","objectId":9007199254740993}`:                                                     of("companies", "9007199254740993"),
		`{"subscriptionType":"contact.merge","objectId":103,"primaryObjectId":101,"mergedObjectIds":[101,102],"newObjectId":103}`: contact("103", "103", "101", "101", "102"),
		`{"subscriptionType":"deal.associationChange","associationType":"DEAL_TO_CONTACT","fromObjectId":301,"toObjectId":101}`:   of("deals", "301"),
		`{"subscriptionType":"object.propertyChange","objectTypeId":"0-27","objectId":501,"propertyName":"hs_task_status"}`:       of("tasks", "501"),
		`{"subscriptionType":"object.propertyChange","objectTypeId":"2-3465404","objectId":601}`:                                  of(""),
		`{"subscriptionType":"something.else"}`:                                                                                   of(""),
	} {
		got, ok := hubspotEvents([]byte("[" + event + "]"))
		if diff := cmp.Diff([]Named{want}, got); diff != "" || !ok {
			t.Errorf("%s: %v %s", event, ok, diff)
		}
	}
	for _, body := range []string{"", "[]", "{}", "null", `[{"objectId":"x"}]`, "[1"} {
		if got, ok := hubspotEvents([]byte(body)); ok {
			t.Errorf("%q was taken as %v", body, got)
		}
	}
}

// POST /wake wants the token and records, in a form that cannot be mistaken.
func TestWake(t *testing.T) {
	t.Parallel()
	const bearer = "Bearer a-token"
	long := `{"system":"salesforce","object":"Lead","ids":[` + strings.Repeat(`"00Q000000000001AAA",`, 60_000) + `"00Q000000000001AAA"]}`
	lead := Named{crm.Object{System: crm.Salesforce, Name: "Lead"}, []string{"00Q5g00000AbCdEEAV", "00Q5g00000AbCdEEAV"}}
	for name, tt := range map[string]struct {
		auth, body string
		want       int
		got        []Named
	}{
		"one":              {bearer, `{"system":"salesforce","object":"Lead","ids":["00Q5g00000AbCdE","00Q5g00000AbCdEEAV"]}`, 202, []Named{lead}},
		"several":          {bearer, ` [{"system":"hubspot","object":"contacts","ids":["101"]},{"system":"hubspot","object":"p_subscription"}]`, 202, []Named{contact("101"), {Object: crm.Object{System: crm.HubSpot, Name: "p_subscription"}}}},
		"no token":         {"", `{"system":"hubspot","object":"contacts"}`, 401, nil},
		"another token":    {"Bearer a-toke", `{"system":"hubspot","object":"contacts"}`, 401, nil},
		"no bearer":        {"a-token", `{"system":"hubspot","object":"contacts"}`, 401, nil},
		"no JSON":          {bearer, `contacts`, 400, nil},
		"nothing":          {bearer, ``, 400, nil},
		"an empty list":    {bearer, `[]`, 400, nil},
		"more than that":   {bearer, `{"system":"hubspot","object":"contacts"} {"system":"hubspot","object":"contacts"}`, 400, nil},
		"a misspelt key":   {bearer, `{"system":"hubspot","object":"contacts","id":["101"]}`, 400, nil},
		"another system":   {bearer, `{"system":"zoho","object":"contacts"}`, 400, nil},
		"no object":        {bearer, `{"system":"hubspot","object":"../x"}`, 400, nil},
		"no HubSpot id":    {bearer, `{"system":"hubspot","object":"contacts","ids":["1a"]}`, 400, nil},
		"no Salesforce id": {bearer, `{"system":"salesforce","object":"Lead","ids":["00Q' OR Id"]}`, 400, nil},
		"a wrong checksum": {bearer, `{"system":"salesforce","object":"Lead","ids":["00Q5g00000AbCdEAAA"]}`, 400, nil},
		"too long":         {bearer, long, 413, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor()
			if code := d.post(Path, tt.body, "Authorization", tt.auth); code != tt.want {
				t.Errorf("answered %d, want %d: %s", code, tt.want, &d.log)
			}
			if diff := cmp.Diff(tt.got, d.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is not set up is not there, and nobody gets in with an empty secret.
func TestNotSetUp(t *testing.T) {
	t.Parallel()
	d := &door{Handler: Handler(Options{Now: time.Now, Add: func(...Named) { t.Error("woken") }})}
	if code := d.post(Path, `{"system":"hubspot","object":"contacts"}`, "Authorization", "Bearer "); code != http.StatusNotFound {
		t.Errorf("answered %d", code)
	}
	if code := d.post(HubSpotPath, signed, signatureHeader, signature, timestampHeader, fmt.Sprint(time.Now().UnixMilli())); code != http.StatusNotFound {
		t.Errorf("answered %d", code)
	}
	w := httptest.NewRecorder()
	newDoor().ServeHTTP(w, httptest.NewRequest(http.MethodGet, Path, nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d", w.Code)
	}
}
