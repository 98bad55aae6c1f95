package main

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
)

// An edit in either CRM is in the other one as soon as it is told of: by HubSpot's webhook, which its search shows nothing of
// yet, and by a POST with the ids of Salesforce. Nobody without the secrets wakes anything.
func TestEditsArriveWhenToldOf(t *testing.T) {
	t.Parallel()
	crms, err := sandbox.Start(t.Context(), sandbox.Options{SearchLag: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(crms.Close)
	h, err := crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann", "lastname": "Lee", "email": "ann@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Ann", "LastName": "Lee", "Email": "ann@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, dir: t.TempDir(), crm: crms}
	writeFile(t, filepath.Join(l.dir, "lockstep.yaml"), sandboxConfig(crms)+"wake:\n  url: https://sync.example.com\n  collect: 10ms\n")
	l.want(t.Context(), 0, "setup")
	l.want(t.Context(), 0, "run", "quarter_hourly")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := &heard{about: regexp.MustCompile(`"address":"([^"]+)"`), found: make(chan string, 1)}
	env := func(name string) (string, bool) {
		if v, ok := map[string]string{project.HubSpotClientSecret: "app-secret", project.WakeToken: "a-token"}[name]; ok {
			return v, true
		}
		return sandboxEnv(name)
	}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, &app{stdout: log, stderr: log, env: env, now: time.Now}, []string{"schedule", "--listen", "127.0.0.1:0", "--project", l.dir})
	}()
	address := "http://" + <-log.found

	arrived := make(chan string, 1)
	reached := func(system crm.System, value func() string, want string) {
		var once sync.Once
		crms.Watch(func(e sandbox.Event) {
			if e.System == system && e.Answered && value() == want {
				once.Do(func() { arrived <- want })
			}
		})
	}
	post := func(path, token, body string) int {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "sync.example.com" // as a proxy passes it on
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	told := `{"system":"salesforce","object":"Contact","ids":["` + s + `"]}`
	for _, path := range []string{"/wake", "/wake/hubspot"} {
		if code := post(path, "a-tokem", told); code != http.StatusUnauthorized {
			t.Errorf("%s answered %d", path, code)
		}
	}

	reached(crm.Salesforce, func() string { c, _ := crms.Salesforce.Get("Contact", s); return c["MobilePhone"] }, "+1 555 0101")
	if err := crms.Subscribe(sandbox.Webhook{URL: address + "/wake/hubspot", As: "https://sync.example.com/wake/hubspot", Secret: "app-secret"}); err != nil {
		t.Fatal(err)
	}
	if err := crms.HubSpot.Edit("contacts", h, map[string]string{"mobilephone": "+1 555 0101"}); err != nil {
		t.Fatal(err)
	}
	await(t, arrived, ended, log)

	reached(crm.HubSpot, func() string { c, _ := crms.HubSpot.Get("contacts", h); return c["mobilephone"] }, "+1 555 0102")
	if err := crms.Salesforce.Edit("Contact", s, map[string]string{"MobilePhone": "+1 555 0102"}); err != nil {
		t.Fatal(err)
	}
	if code := post("/wake", "a-token", told); code != http.StatusAccepted {
		t.Errorf("/wake answered %d", code)
	}
	await(t, arrived, ended, log)
	cancel()
	if code := <-ended; code != 130 {
		t.Errorf("ended with %d:\n%s", code, log)
	}
	if text := log.String(); strings.Contains(text, "a-token") || strings.Contains(text, "app-secret") || strings.Contains(text, "example.com") {
		t.Errorf("the log holds a secret or an address:\n%s", text)
	}
}

// await waits for what has to arrive, or for the end of the program that was to bring it.
func await(t *testing.T, arrived <-chan string, ended <-chan int, log *heard) {
	t.Helper()
	select {
	case <-arrived:
	case code := <-ended:
		t.Fatalf("ended with %d before anything arrived:\n%s", code, log)
	}
}

// heard keeps what is written, and tells the first thing that it waits for.
type heard struct {
	about *regexp.Regexp
	found chan string

	mu   sync.Mutex
	text bytes.Buffer
	told bool
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.about.FindSubmatch(p); m != nil && !h.told {
		h.told = true
		h.found <- string(m[1])
	}
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}
