package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"lockstep/internal/project"
)

// The page is served on this machine until interrupted, before anything was published, too; it says where, and the token of
// this start, once.
func TestServe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		env   map[string]string
		token bool // is one printed
	}{
		{nil, true}, {map[string]string{project.PageToken: "chosen by somebody"}, false},
	} {
		out, in := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		var errs strings.Builder
		a := &app{stdout: in, stderr: &errs, now: began.UTC, env: func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }}
		code := make(chan int, 1)
		go func() {
			code <- run(ctx, a, []string{"serve", "--listen", "127.0.0.1:0", "--project", t.TempDir()})
			_ = in.Close()
		}()
		printed := make(chan string, 10)
		go func() {
			defer close(printed)
			for lines := bufio.NewScanner(out); lines.Scan(); {
				printed <- lines.Text()
			}
		}()
		address := <-printed
		for path, want := range map[string]int{"/": 200, "/login": 200, "/healthz/live": 200, "/healthz": 503, "/nowhere": 404} {
			if got := status(t, address+path); got != want {
				t.Errorf("GET %s: %d, want %d", path, got, want)
			}
		}
		cancel()
		if c := <-code; c != 0 {
			t.Errorf("exit code %d: %s", c, errs.String())
		}
		var rest []string
		for more := range printed {
			rest = append(rest, more)
		}
		if tt.token != (len(rest) == 1 && strings.HasPrefix(rest[0], "token for this start: ")) || strings.Contains(fmt.Sprint(rest), "chosen") {
			t.Errorf("printed after the address: %q", rest)
		}
		if tt.token && strings.Contains(errs.String(), strings.TrimPrefix(rest[0], "token for this start: ")) {
			t.Error("the token is in the log")
		}
	}
}

func status(t *testing.T, address string) int {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// Beyond loopback there has to be a token, before anything is served.
func TestServeBeyondLoopback(t *testing.T) {
	t.Parallel()
	for _, env := range []map[string]string{nil, {project.PageToken: "too short"}} {
		_, text, code := call(t, env, "serve", "--listen", "0.0.0.0:0", "--project", t.TempDir())
		if code != 1 || !strings.Contains(text, "hint: set LOCKSTEP_PAGE_TOKEN") {
			t.Errorf("exit code %d:\n%s", code, text)
		}
	}
}
