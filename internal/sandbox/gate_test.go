package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// whole is the fakes' answer; it is long enough to be cut in half.
const whole = `{"results":[{"id":"1","properties":{"firstname":"Ann","lastname":"Lee"}}],"status":"COMPLETE"}`

// working serves fakes that count the work they do.
func working(t *testing.T) (s *Sandbox, done *atomic.Int64) {
	t.Helper()
	done = &atomic.Int64{}
	work := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		done.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, whole)
	})
	hubspot, salesforce := newFakeCRM("contacts"), newFakeCRM("Lead", "Contact")
	hubspot.Handler, salesforce.Handler = work, work
	return serveFake(t, hubspot, salesforce), done
}

// url is a CRM's address.
func (s *Sandbox) url(system crm.System) string {
	if system == crm.HubSpot {
		return s.HubSpotURL
	}
	return s.SalesforceURL
}

// post sends a write, which Go's client never sends again by itself.
func post(t *testing.T, s *Sandbox, system crm.System, path string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url(system)+path, strings.NewReader(`{"inputs":[]}`))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func TestAnswersInTheCRMsWords(t *testing.T) {
	t.Parallel()
	for system, kinds := range answers {
		for kind, known := range kinds {
			for _, want := range known {
				t.Run(string(system)+" "+string(kind)+" "+want.code, func(t *testing.T) {
					t.Parallel()
					s, done := working(t)
					if err := s.Faults.Add(Fault{System: system, Kind: kind, Code: want.code, RetryAfter: 3 * time.Second}); err != nil {
						t.Fatal(err)
					}
					path := "/crm/v3/objects/contacts"
					if want.login {
						path = map[crm.System]string{crm.HubSpot: "/oauth/v1/token", crm.Salesforce: "/services/oauth2/token"}[system]
					}
					resp, body, err := post(t, s, system, path)
					if err != nil {
						t.Fatal(err)
					}
					if resp.StatusCode != want.status || resp.Header.Get("Retry-After") != "3" {
						t.Errorf("status %d, Retry-After %q; want %d, 3", resp.StatusCode, resp.Header.Get("Retry-After"), want.status)
					}
					if kind := resp.Header.Get("Content-Type"); strings.HasPrefix(kind, "application/json") != (want.form == "" && body != "") {
						t.Errorf("Content-Type %q of %q", kind, body)
					}
					if want.form == "" && body != "" && !json.Valid([]byte(body)) || strings.Contains(body, "%") {
						t.Errorf("not the CRM's JSON: %s", body)
					}
					if want.says != nil && (!strings.HasPrefix(body, "[{") || !strings.Contains(body, `"errorCode":"`+want.says.errorCode()+`"`)) {
						t.Errorf("Salesforce's errors are arrays: %s", body)
					}
					if done.Load() != 0 {
						t.Error("the simulator was asked")
					}
				})
			}
		}
	}
}

func TestEveryStatusHasAnAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Unauthorized, Forbidden, TooMany, ServerError, Unavailable} {
		for _, system := range crm.Systems {
			if len(answers[system][kind]) == 0 {
				t.Errorf("%s has no answer for %s", system, kind)
			}
		}
	}
	// A code names one answer of its status.
	for system, kinds := range answers {
		for kind, known := range kinds {
			seen := map[string]bool{}
			for _, a := range known {
				if seen[a.code] {
					t.Errorf("%s %s has %s twice", system, kind, a.code)
				}
				seen[a.code] = true
			}
		}
	}
}

func TestMovingAsksToWaitByItself(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	if err := s.Faults.Add(Fault{Kind: "477"}); err != nil {
		t.Fatal(err)
	}
	resp, _, err := post(t, s, crm.HubSpot, "/x")
	if err != nil || resp.StatusCode != 477 || resp.Header.Get("Retry-After") != "3600" {
		t.Errorf("%v, %v", resp, err)
	}
	if resp, _, err := post(t, s, crm.Salesforce, "/x"); err != nil || resp.StatusCode != http.StatusCreated {
		t.Errorf("Salesforce has no such status: %v, %v", resp, err)
	}
}

func TestTokenEndpointSpeaksOAuth(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind]string{Unauthorized: "invalid_client", Forbidden: "invalid_app_access", ServerError: "unknown_error"} {
		s, _ := working(t)
		if err := s.Faults.Add(Fault{Kind: kind, Path: "/oauth2/token"}); err != nil {
			t.Fatal(err)
		}
		_, body, err := post(t, s, crm.Salesforce, "/services/oauth2/token")
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || got.Error != want {
			t.Errorf("%s: %s, want error %s", kind, body, want)
		}
	}
}

func TestHTMLInPlaceOfJSON(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	if err := s.Faults.Add(Fault{Kind: HTML}); err != nil {
		t.Fatal(err)
	}
	resp, body, err := post(t, s, crm.HubSpot, "/x")
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 502 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(body, "<html>") {
		t.Errorf("%d %s %q", resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
	if done.Load() != 0 {
		t.Error("the simulator was asked")
	}
}

func TestTruncatedJSONLooksWholeToHTTP(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	if err := s.Faults.Add(Fault{Kind: Truncated}); err != nil {
		t.Fatal(err)
	}
	resp, body, err := post(t, s, crm.HubSpot, "/x")
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusCreated || body != whole[:len(whole)/2] {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	if done.Load() != 1 {
		t.Error("the work was not done")
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	if err := s.Faults.Add(Fault{Kind: LostAnswer}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := post(t, s, crm.Salesforce, "/x"); err == nil {
		t.Error("an answer came")
	}
	if done.Load() != 1 {
		t.Errorf("the work was done %d times", done.Load())
	}
}

func TestResetMidBody(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	if err := s.Faults.Add(Fault{Kind: Reset}); err != nil {
		t.Fatal(err)
	}
	resp, body, err := post(t, s, crm.Salesforce, "/x")
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("error %v, want a reset connection", err)
	}
	// Whether the head arrives before the reset is the network's affair.
	if resp != nil && (resp.StatusCode != http.StatusCreated || len(body) > len(whole)/2) {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	if done.Load() != 1 {
		t.Error("the work was not done")
	}
}

func TestHangsUntilTheClientGivesUp(t *testing.T) {
	t.Parallel()
	for kind, work := range map[Kind]int64{Hang: 0, HangAfter: 1} {
		s, done := working(t)
		if err := s.Faults.Add(Fault{Kind: kind, Count: 1}); err != nil {
			t.Fatal(err)
		}
		ctx, giveUp := context.WithCancel(t.Context())
		// The answer's moment comes before the hang: the client gives up then.
		s.Watch(func(e Event) {
			if e.Answered {
				giveUp()
			}
		})
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.HubSpotURL+"/x", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := http.DefaultClient.Do(req); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", kind, err)
		}
		if done.Load() != work {
			t.Errorf("%s: work done %d times, want %d", kind, done.Load(), work)
		}
		s.Watch(nil)
		if resp, _, err := post(t, s, crm.HubSpot, "/x"); err != nil || resp.StatusCode != http.StatusCreated {
			t.Errorf("%s: the next request: %v", kind, err)
		}
	}
}

func TestCloseLetsHangingRequestsGo(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	if err := s.Faults.Add(Fault{Kind: Hang}); err != nil {
		t.Fatal(err)
	}
	hanging, ended := make(chan struct{}, 2), make(chan error, 1)
	s.Watch(func(e Event) { hanging <- struct{}{} })
	go func() {
		_, _, err := post(t, s, crm.HubSpot, "/x")
		ended <- err
	}()
	<-hanging
	s.Close()
	if err := <-ended; err == nil {
		t.Error("a hanging request was answered")
	}
	s.Close()
}

func TestDateIsTheSandboxsClock(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	resp, _, err := post(t, s, crm.HubSpot, "/x")
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Date"); got != noon.Format(http.TimeFormat) {
		t.Errorf("Date %s", got)
	}
	// Skew goes along with whatever else strikes.
	if err := s.Faults.Add(Fault{Kind: Skew, Skew: -5 * time.Minute}, Fault{Kind: Unavailable}); err != nil {
		t.Fatal(err)
	}
	resp, _, err = post(t, s, crm.HubSpot, "/x")
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Date"); got != noon.Add(-5*time.Minute).Format(http.TimeFormat) || resp.StatusCode != 503 {
		t.Errorf("Date %s with status %d", got, resp.StatusCode)
	}
}

func TestWatcherHearsBothMomentsInOrder(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	if err := s.Faults.Add(Fault{Kind: LostAnswer, Nth: 2}); err != nil {
		t.Fatal(err)
	}
	type moment struct {
		Event Event
		Work  int64 // done so far
	}
	var heard []moment
	s.Watch(func(e Event) { heard = append(heard, moment{e, done.Load()}) })
	if _, _, err := post(t, s, crm.HubSpot, "/crm/v3/objects/contacts/501"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := post(t, s, crm.Salesforce, "/services/data/v66.0/composite"); err == nil {
		t.Fatal("the second answer was not lost")
	}
	s.Watch(nil)

	first := Event{Seq: 1, System: crm.HubSpot, Method: "POST", Path: "/crm/v3/objects/contacts/501", Endpoint: "POST /crm/{version}/objects/contacts/{id}"}
	second := Event{Seq: 2, System: crm.Salesforce, Method: "POST", Path: "/services/data/v66.0/composite", Endpoint: "POST /services/data/{version}/composite", Fault: LostAnswer}
	answered := func(e Event) Event {
		e.Answered, e.Status = true, http.StatusCreated
		return e
	}
	want := []moment{{first, 0}, {answered(first), 1}, {second, 1}, {answered(second), 2}}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

func TestCountsPerSystemAndEndpoint(t *testing.T) {
	t.Parallel()
	s, _ := working(t)
	if err := s.Faults.Add(Fault{Kind: TooMany, Path: "/search", Nth: 1}); err != nil {
		t.Fatal(err)
	}
	for _, call := range []struct {
		system crm.System
		path   string
	}{
		{crm.HubSpot, "/crm/objects/2026-03/contacts/search"},
		{crm.HubSpot, "/crm/objects/2026-03/contacts/search"},
		{crm.Salesforce, "/services/data/v66.0/query/01g5e00001AH2dOAAT-4000"},
		{crm.Salesforce, "/services/data/v66.0/query/01g5e00001AH2dOAAT-6000"},
		{crm.Salesforce, "/services/data/v66.0/sobjects/Lead/HubSpot_Id__c/501"},
		{crm.Salesforce, "/services/data/v66.0/sobjects/Lead/Key__c/ann.lee@example.com"},
		{crm.Salesforce, "/__sandbox/calls"}, // an order is no call
	} {
		if _, _, err := post(t, s, call.system, call.path); err != nil {
			t.Fatal(err)
		}
	}
	want := []Calls{
		{crm.HubSpot, "POST /crm/objects/{version}/contacts/search", 2, 1},
		{crm.Salesforce, "POST /services/data/{version}/query/{id}", 2, 0},
		{crm.Salesforce, "POST /services/data/{version}/sobjects/Lead/HubSpot_Id__c/{id}", 1, 0},
		{crm.Salesforce, "POST /services/data/{version}/sobjects/Lead/Key__c/{id}", 1, 0},
	}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if n := s.Count(crm.Salesforce, "/sobjects/Lead"); n != 2 {
		t.Errorf("counted %d", n)
	}
	s.ResetCalls()
	if n := s.Count(crm.Salesforce, ""); n != 0 {
		t.Errorf("counted %d after the reset", n)
	}
}
