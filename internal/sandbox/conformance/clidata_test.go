//go:build conformance_cli

package conformance_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/salesforce"
)

// file writes a file the commands are given.
func (c *cli) file(name, text string) string {
	c.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	return name
}

// read is a file the commands wrote.
func (c *cli) read(name string) string {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.Fatal(err)
	}
	return string(text)
}

// insert adds a record as it stands and returns its id.
func (c *cli) insert(object string, values map[string]string) string {
	c.Helper()
	id, err := c.box.Salesforce.Insert(object, values)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

// saved is the result of commands that write a record.
type saved struct {
	ID      string
	Success bool
}

func TestCLIQuery(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	one := c.insert("Account", map[string]string{"Name": "One, Two", "Phone": "+1 555 0100"}) // the administrator's
	c.insert("Account", map[string]string{"Name": "Three"})
	query := func(words ...string) string {
		return c.sf(append([]string{"data", "query", "--target-org", user, "--query"}, words...)...)
	}
	const soql = "SELECT Id, Name, Phone, Owner.Name FROM Account WHERE Phone != null"
	human := query(soql)
	if !regexp.MustCompile(`│ `+one+` │ One, Two │ \+1 555 0100 │ Admin User │`).MatchString(human) || !strings.Contains(human, "Total number of records retrieved: 1.") {
		t.Errorf("human:\n%s", human)
	}
	rows, err := csv.NewReader(strings.NewReader(query(soql, "--result-format", "csv"))).ReadAll()
	if diff := cmp.Diff([][]string{{"Id", "Name", "Phone", "Owner.Name"}, {one, "One, Two", "+1 555 0100", "Admin User"}}, rows); err != nil || diff != "" {
		t.Errorf("csv: %v %s", err, diff)
	}
	var found struct {
		TotalSize int
		Done      bool
		Records   []struct {
			ID, Name string
			Owner    struct{ Name string }
		}
	}
	c.json(&found, "data", "query", "--query", soql)
	if found.TotalSize != 1 || !found.Done || found.Records[0].ID != one || found.Records[0].Owner.Name != "Admin User" {
		t.Errorf("json: %+v", found)
	}
	if text := query("SELECT COUNT() FROM Account"); !strings.Contains(text, "Total number of records retrieved: 2.") {
		t.Errorf("count:\n%s", text)
	}
	// With an alias the CLI's CSV has the header COUNT(Id) and no values: forcedotcom/cli issue 2566.
	if text := query("SELECT Name, COUNT(Id) FROM Account GROUP BY Name ORDER BY Name", "--result-format", "csv"); text != "Name,COUNT(Id)\n\"One, Two\",1\nThree,1\n" {
		t.Errorf("grouped:\n%s", text)
	}
	_, stderr, err := c.try("data", "query", "--target-org", user, "--query", "SELECT Wings FROM Account")
	if err == nil || !strings.Contains(stderr, "No such column 'Wings' on entity 'Account'") {
		t.Errorf("an unknown column: %v\n%s", err, stderr)
	}
}

func TestCLIRecord(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	var made, changed, gone saved
	c.json(&made, "data", "create", "record", "--sobject", "Contact", "--values", "FirstName='Ann Mary' LastName=Lee Email=ann@example.com")
	if !made.Success || !strings.HasPrefix(made.ID, "003") {
		t.Fatalf("create: %+v", made)
	}
	var read struct{ Name, Email, Phone string }
	c.json(&read, "data", "get", "record", "--sobject", "Contact", "--record-id", made.ID)
	if read.Name != "Ann Mary Lee" || read.Email != "ann@example.com" {
		t.Errorf("get: %+v", read)
	}
	c.json(&changed, "data", "update", "record", "--sobject", "Contact", "--where", "LastName=Lee", "--values", "Phone='+1 555 0100'")
	c.json(&read, "data", "get", "record", "--sobject", "Contact", "--where", "Email=ann@example.com")
	if changed.ID != made.ID || read.Phone != "+1 555 0100" {
		t.Errorf("update: %+v, then %+v", changed, read)
	}
	c.json(&gone, "data", "delete", "record", "--sobject", "Contact", "--record-id", made.ID)
	if _, alive := c.box.Salesforce.Get("Contact", made.ID); alive || !gone.Success {
		t.Errorf("delete: %+v, alive %t", gone, alive)
	}
	stdout, stderr, err := c.try("data", "create", "record", "--sobject", "Contact", "--values", "FirstName=Bo", "--target-org", user)
	if err == nil || !strings.Contains(stdout+stderr, "Required fields are missing: [LastName]") {
		t.Errorf("no last name: %v\n%s%s", err, stdout, stderr)
	}
}

// bulkOutcome is what the bulk commands say with --json.
type bulkOutcome struct {
	JobID                               string
	ProcessedRecords, SuccessfulRecords int
	FailedRecords                       int
}

func TestCLIBulk(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	leads := c.file("leads.csv", "LastName,Company,Email\nLee,Example,lee@example.com\n\"Ray, Jr\",Example,ray@example.com\n")
	var in bulkOutcome
	c.json(&in, "data", "import", "bulk", "--sobject", "Lead", "--file", leads, "--wait", "1")
	if in.ProcessedRecords != 2 || in.FailedRecords != 0 {
		t.Fatalf("import: %+v", in)
	}
	more := c.file("more.csv", "LastName,Company,Email\nLeeds,Example,LEE@example.com\nSol,Example,sol@example.com\n")
	c.json(&in, "data", "upsert", "bulk", "--sobject", "Lead", "--external-id", "Email", "--file", more, "--wait", "1")
	c.sf("data", "export", "bulk", "--query", "SELECT LastName, Email FROM Lead", "--output-file", "out.csv", "--result-format", "csv", "--wait", "1", "--target-org", user)
	rows, err := csv.NewReader(strings.NewReader(c.read("out.csv"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("export: %v %v", rows, err)
	}
	slices.SortFunc(rows[1:], slices.Compare[[]string])
	want := [][]string{{"LastName", "Email"}, {"Leeds", "lee@example.com"}, {"Ray, Jr", "ray@example.com"}, {"Sol", "sol@example.com"}}
	for _, row := range rows {
		row[1] = map[bool]string{true: row[1], false: strings.ToLower(row[1])}[row[0] == "LastName"]
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	ids := "Id\n"
	for _, lead := range c.box.Salesforce.All("Lead") {
		ids += lead["Id"] + "\n"
	}
	c.json(&in, "data", "delete", "bulk", "--sobject", "Lead", "--file", c.file("ids.csv", ids), "--wait", "1")
	if left := c.box.Salesforce.All("Lead"); len(left) != 0 {
		t.Errorf("%d leads left", len(left))
	}
}

func TestCLIBulkFailedRows(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	file := c.file("leads.csv", "LastName,Company\nLee,Example\nRay,\n")
	text, _, err := c.try("data", "import", "bulk", "--sobject", "Lead", "--file", file, "--wait", "1", "--json", "--target-org", user)
	var failed struct {
		Name string
		Data struct{ JobID string }
	}
	if bad := json.Unmarshal([]byte(text), &failed); err == nil || bad != nil || failed.Name != "FailedRecordDetailsError" {
		t.Fatalf("%v %v\n%s", err, bad, text)
	}
	var results struct{ FailedFilePath, SuccessFilePath string }
	c.json(&results, "data", "bulk", "results", "--job-id", failed.Data.JobID)
	if got := c.read(results.FailedFilePath); !strings.Contains(got, `"REQUIRED_FIELD_MISSING:Required fields are missing: [Company]:Company --"`) {
		t.Errorf("failed rows:\n%s", got)
	}
	if got := c.read(results.SuccessFilePath); !strings.Contains(got, `"true","Lee","Example"`) {
		t.Errorf("saved rows:\n%s", got)
	}
}

func TestCLISignedAssertion(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	c := newCLI(t, sandbox.Options{Org: salesforce.Options{Apps: []salesforce.App{{ClientID: "cli", Certificate: []byte(key.public)}}}})
	username := c.box.Salesforce.All("User")[0]["Username"]
	login := func(file string) (string, error) {
		stdout, stderr, err := c.try("org", "login", "jwt", "--client-id", "cli", "--jwt-key-file", file, "--username", username, "--instance-url", c.box.SalesforceURL, "--alias", user)
		return stdout + stderr, err
	}
	if text, err := login(c.file("other.pem", newKey(t).private)); err == nil {
		t.Errorf("another key opened a session: %s", text)
	}
	if text, err := login(c.file("key.pem", key.private)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var found struct{ Records []struct{ Username string } }
	c.json(&found, "data", "query", "--query", "SELECT Username FROM User WHERE Username = '"+username+"'")
	if len(found.Records) != 1 || found.Records[0].Username != username {
		t.Errorf("%+v", found)
	}
}

func TestCLIOrg(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	var org struct{ ConnectedStatus, InstanceURL, ID string }
	c.json(&org, "org", "display")
	if org.ConnectedStatus != "Connected" || strings.TrimSuffix(org.InstanceURL, "/") != c.box.SalesforceURL || !strings.HasPrefix(org.ID, "00D") {
		t.Errorf("display: %+v", org)
	}
	var objects []string
	c.json(&objects, "sobject", "list")
	if !slices.Contains(objects, "Lead") {
		t.Errorf("list: %v", objects)
	}
	var lead struct {
		KeyPrefix string
		Fields    []struct{ Name string }
	}
	c.json(&lead, "sobject", "describe", "--sobject", "Lead")
	if lead.KeyPrefix != "00Q" || len(lead.Fields) < 40 {
		t.Errorf("describe: %s, %d fields", lead.KeyPrefix, len(lead.Fields))
	}
	var limits []struct {
		Name string
		Max  int
	}
	c.json(&limits, "org", "list", "limits")
	if !slices.ContainsFunc(limits, func(l struct {
		Name string
		Max  int
	}) bool {
		return l.Name == "DailyApiRequests" && l.Max == 100_000
	}) {
		t.Errorf("limits: %+v", limits)
	}
}
