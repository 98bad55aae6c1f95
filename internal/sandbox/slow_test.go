package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
)

// TestSlowBodiesComeInChunks: the head is there before the first pause, each chunk after one, and nothing
// of the next before the pause has ended.
func TestSlowBodiesComeInChunks(t *testing.T) {
	t.Parallel()
	s, done := working(t)
	pausing, goOn := make(chan time.Duration), make(chan struct{})
	for _, d := range s.doors {
		d.gate.pause = func(ctx context.Context, d time.Duration) error {
			pausing <- d
			<-goOn
			return ctx.Err()
		}
	}
	if err := s.Faults.Add(Fault{Kind: Slow, Chunk: 40, Pause: time.Minute}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan *http.Response, 1)
	go func() {
		resp, err := http.Get(s.HubSpotURL + "/x")
		if err != nil {
			t.Error(err)
		}
		answered <- resp
	}()
	if d := <-pausing; d != time.Minute {
		t.Errorf("paused %s", d)
	}
	resp := <-answered // the head, while the sandbox waits before the first chunk
	if resp == nil || resp.StatusCode != http.StatusCreated || done.Load() != 1 {
		t.Fatalf("%v", resp)
	}
	defer resp.Body.Close()
	body := bufio.NewReader(resp.Body)
	rest := whole
	for len(rest) > 0 {
		goOn <- struct{}{}
		chunk := make([]byte, min(40, len(rest)))
		if _, err := io.ReadFull(body, chunk); err != nil || string(chunk) != rest[:len(chunk)] {
			t.Fatalf("%q, %v", chunk, err)
		}
		if rest = rest[len(chunk):]; rest != "" {
			<-pausing
		}
	}
	if _, err := body.ReadByte(); err != io.EOF {
		t.Errorf("more than the body: %v", err)
	}
}

func TestSlowBodiesEndWithTheSandboxAndTheClient(t *testing.T) {
	t.Parallel()
	for _, closes := range []bool{true, false} {
		s, _ := working(t)
		pausing := make(chan struct{})
		s.doors[0].gate.pause = func(ctx context.Context, _ time.Duration) error {
			close(pausing)
			<-ctx.Done()
			return ctx.Err()
		}
		if err := s.Faults.Add(Fault{Kind: Slow, Pause: time.Hour}); err != nil {
			t.Fatal(err)
		}
		ctx, giveUp := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.HubSpotURL+"/x", nil)
			if err != nil {
				ended <- err
				return
			}
			resp, err := http.DefaultClient.Do(req)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			ended <- err
		}()
		<-pausing
		if closes {
			s.Close()
		} else {
			giveUp()
		}
		if err := <-ended; err == nil {
			t.Errorf("closes %v: the body came whole", closes)
		}
		giveUp()
	}
}

func TestSleepWaitsOrIsCalledOff(t *testing.T) {
	t.Parallel()
	if err := sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTwists(t *testing.T) {
	t.Parallel()
	const two = `{"status":"COMPLETE","results":[{"id":"1"}],"numErrors":1,"errors":[{"status":"error","category":"CONFLICT","message":"<taken>","context":{"ids":[9007199254740993]}}]}`
	for _, test := range []struct {
		kind       Kind
		body, want string
	}{
		{Pending, two, `{"requestedAt":"2026-03-01T12:00:00.000Z","results":[],"status":"PENDING"}`},
		{Pending, `{"status":"error","message":"no"}`, `{"status":"error","message":"no"}`},
		{TextErrors, two, `{"errors":["<taken>"],"numErrors":1,"results":[{"id":"1"}],"status":"COMPLETE"}`},
		{NoCategory, two, `{"errors":[{"context":{"ids":[9007199254740993]},"message":"<taken>","status":"error"}],"numErrors":1,"results":[{"id":"1"}],"status":"COMPLETE"}`},
		{NoCategory, `{"category":"X","errors":["a"]}`, `{"errors":["a"]}`},
		{TextErrors, `<html>`, `<html>`},
		{TextErrors, ``, ``},
	} {
		s, _ := working(t)
		answer := test.body
		fake := newFakeCRM("contacts")
		fake.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
			_, _ = io.WriteString(w, answer)
		})
		s.doors[0].gate.inner = fake
		if err := s.Faults.Add(Fault{Kind: test.kind}); err != nil {
			t.Fatal(err)
		}
		_, body, err := post(t, s, crm.HubSpot, "/x")
		if got := strings.TrimSuffix(body, "\n"); err != nil || got != test.want {
			t.Errorf("%s of %s: %v\n%s", test.kind, test.body, err, body)
		}
	}
}
