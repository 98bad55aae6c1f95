package load_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"lockstep/internal/salesforce"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
	"lockstep/internal/wire"
)

// What follows provokes refusals by the simulated org's own rules, each for one row of the table.

func create(object string, values ...string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return createRow(t, c, object, values...) }
}

func createContact(values ...string) func(*testing.T, *crms) heard {
	return create("Contact", values...)
}

// createRow creates a record with pairs of field and value.
func createRow(t *testing.T, c *crms, object string, values ...string) heard {
	t.Helper()
	return first(c.salesforce.Create(t.Context(), []salesforce.Row{{Object: object, Values: pairs(values)}}))
}

func pairs(values []string) map[string]any {
	all := map[string]any{}
	for pair := range slices.Chunk(values, 2) {
		all[pair[0]] = pair[1]
	}
	return all
}

// first is what the first row of a write was told, or the whole call.
func first(outcomes []salesforce.Outcome, err error) heard {
	if err != nil {
		return told(err)
	}
	if len(outcomes) == 0 || len(outcomes[0].Refusals) == 0 {
		return heard{}
	}
	r := outcomes[0].Refusals[0]
	return heard{r.Kind, r.Code}
}

func updateOf(id, field, value string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return updateRow(t, c, "Contact", id, field, value) }
}

func updateRow(t *testing.T, c *crms, object, id string, values ...string) heard {
	t.Helper()
	return first(c.salesforce.Update(t.Context(), []salesforce.Row{{Object: object, ID: id, Values: pairs(values)}}))
}

// insert puts a record there by the back door.
func insert(t *testing.T, c *crms, object string, values ...string) string {
	t.Helper()
	all := map[string]string{}
	for pair := range slices.Chunk(values, 2) {
		all[pair[0]] = pair[1]
	}
	id, err := c.Salesforce.Insert(object, all)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// part sends one sub-request of a composite call.
func part(method, path string, body any) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		return sendPart(t, c, salesforce.SubRequest{Method: method, Path: path, Body: body})
	}
}

func sendPart(t *testing.T, c *crms, p salesforce.SubRequest) heard {
	t.Helper()
	p.Name = "one"
	answers, err := c.salesforce.Composite(t.Context(), []salesforce.SubRequest{p}, false)
	if err != nil {
		return told(err)
	}
	return told(c.salesforce.SubError(p.Method, "part", answers[0], true))
}

func query(soql string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		for _, err := range c.salesforce.Query(t.Context(), soql) {
			return told(err)
		}
		return heard{}
	}
}

func bulkQuery(soql string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		for _, err := range c.salesforce.BulkQuery(t.Context(), salesforce.BulkQuery{SOQL: soql}) {
			return told(err)
		}
		return heard{}
	}
}

func validated(t *testing.T, c *crms) heard {
	must(t, c.Salesforce.Validate("Contact", func(_, _ map[string]string) (string, string) { return "no", "Title" }))
	return createRow(t, c, "Contact", "LastName", "Lee")
}

func triggered(words string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		must(t, c.Salesforce.Trigger("Contact", "KeepContacts", func(salesforcesandbox.Event, map[string]string, map[string]string) error { return errors.New(words) }))
		return createRow(t, c, "Contact", "LastName", "Lee")
	}
}

func flowFails(t *testing.T, c *crms) heard {
	must(t, c.Salesforce.AutomateAfter("Contact", func(_, _ map[string]string) ([]salesforcesandbox.Save, error) { return nil, errors.New("no") }))
	return createRow(t, c, "Contact", "LastName", "Lee")
}

func duplicateRule(t *testing.T, c *crms) heard {
	must(t, c.Salesforce.DefineDuplicateRule("Contact", salesforcesandbox.DuplicateRule{Name: "Contacts_DR", Fields: []string{"LastName"}, Block: true}))
	insert(t, c, "Contact", "LastName", "Lee")
	return createRow(t, c, "Contact", "LastName", "Lee")
}

func upsertTwice(t *testing.T, c *crms) heard {
	c.setup(t, true)
	row := salesforce.Row{Object: "Contact", Values: map[string]any{"HubSpot_Id__c": "77", "LastName": "Lee"}}
	return first(c.salesforce.Upsert(t.Context(), "Contact", "HubSpot_Id__c", []salesforce.Row{row, row}))
}

func upsertOnASharedKey(t *testing.T, c *crms) heard {
	for range 2 {
		insert(t, c, "Contact", "LastName", "Lee", "Email", "ann@example.com")
	}
	return first(c.salesforce.Upsert(t.Context(), "Contact", "Email", []salesforce.Row{{Object: "Contact", Values: map[string]any{"Email": "ann@example.com"}}}))
}

func readOnASharedKey(t *testing.T, c *crms) heard {
	for range 2 {
		insert(t, c, "Contact", "LastName", "Lee", "Email", "ann@example.com")
	}
	return sendPart(t, c, salesforce.SubRequest{Method: http.MethodGet, Path: "/sobjects/Contact/Email/ann@example.com"})
}

func duplicateValue(t *testing.T, c *crms) heard {
	c.setup(t, true)
	insert(t, c, "Contact", "LastName", "Lee", "HubSpot_Id__c", "77")
	return createRow(t, c, "Contact", "LastName", "Lee", "HubSpot_Id__c", "77")
}

func inactiveOwner(t *testing.T, c *crms) heard {
	user := insert(t, c, "User", "Username", "gone@example.com", "LastName", "Gone", "Email", "gone@example.com", "Alias", "gone", "IsActive", "false")
	return createRow(t, c, "Contact", "LastName", "Lee", "OwnerId", user)
}

func deleteWithCases(t *testing.T, c *crms) heard {
	account := insert(t, c, "Account", "Name", "Kite Ltd")
	insert(t, c, "Case", "Subject", "It flies", "AccountId", account, "Status", "New", "Origin", "Web")
	return sendPart(t, c, salesforce.SubRequest{Method: http.MethodDelete, Path: "/sobjects/Account/" + account})
}

func idInBody(t *testing.T, c *crms) heard {
	id := insert(t, c, "Contact", "LastName", "Lee")
	return sendPart(t, c, salesforce.SubRequest{Method: http.MethodPatch, Path: "/sobjects/Contact/" + id, Body: map[string]string{"Id": id}})
}

func updateDeleted(t *testing.T, c *crms) heard {
	id := insert(t, c, "Contact", "LastName", "Lee")
	must(t, c.Salesforce.Delete("Contact", id))
	return updateRow(t, c, "Contact", id, "Title", "x")
}

func updateConverted(t *testing.T, c *crms) heard {
	id := insert(t, c, "Lead", "LastName", "Lee", "Company", "Kite Ltd")
	if _, _, err := c.Salesforce.Convert(id, "", ""); err != nil {
		t.Fatal(err)
	}
	return updateRow(t, c, "Lead", id, "Title", "x")
}

func updateLocked(t *testing.T, c *crms) heard {
	id := insert(t, c, "Contact", "LastName", "Lee")
	defer c.Salesforce.Lock(id)()
	return updateRow(t, c, "Contact", id, "Title", "x")
}

func updateProtected(t *testing.T, c *crms) heard {
	id := insert(t, c, "Contact", "LastName", "Lee")
	c.Salesforce.Protect(id)
	return updateRow(t, c, "Contact", id, "Title", "x")
}

func forbidden(t *testing.T, c *crms) heard {
	must(t, c.Salesforce.Forbid("Contact", "Create"))
	return createRow(t, c, "Contact", "LastName", "Lee")
}

func orphan(t *testing.T, c *crms) heard {
	c.setup(t, true)
	return first(c.salesforce.Create(t.Context(), []salesforce.Row{{Object: "Contact", Values: map[string]any{
		"LastName": "Lee", "ReportsTo": map[string]any{"HubSpot_Id__c": "9001"},
	}}}))
}

func fieldTwice(t *testing.T, c *crms) (got heard) {
	for range 2 {
		_, err := c.salesforce.CreateField(t.Context(), salesforce.CustomField{Object: "Contact", Name: "Key__c", Label: "Key", Type: "Text", Length: 32})
		got = told(err)
	}
	return got
}

func dayUsedUp(t *testing.T, c *crms) heard {
	c.Salesforce.LimitRequests(1)
	for range 2 {
		if _, err := c.salesforce.Limits(t.Context()); err != nil {
			return told(err)
		}
	}
	return heard{}
}

func storageFull(t *testing.T, c *crms) heard {
	insert(t, c, "Contact", "LastName", "Lee")
	c.Salesforce.LimitStorage(1)
	return createRow(t, c, "Contact", "LastName", "Lee")
}

func changedSince(t *testing.T, c *crms) heard {
	id := insert(t, c, "Contact", "LastName", "Lee")
	return sendPart(t, c, salesforce.SubRequest{
		Method: http.MethodPatch, Path: "/sobjects/Contact/" + id, Body: map[string]string{"Title": "x"},
		Header: http.Header{"If-Unmodified-Since": {"Thu, 01 Jan 2015 00:00:00 GMT"}},
	})
}

func tooManyRecords(t *testing.T, c *crms) heard {
	records := slices.Repeat([]any{map[string]any{"attributes": map[string]string{"type": "Contact"}, "LastName": "Lee"}}, 201)
	return sendPart(t, c, salesforce.SubRequest{Method: http.MethodPost, Path: "/composite/sobjects", Body: map[string]any{"records": records}})
}

func createJob(object, operation string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		_, err := c.salesforce.CreateIngest(t.Context(), salesforce.Ingest{Object: object, Operation: operation})
		return told(err)
	}
}

// runJob uploads a table of Contacts to be inserted and waits.
func runJob(t *testing.T, c *crms, csv string) salesforce.Job {
	t.Helper()
	j, err := c.salesforce.CreateIngest(t.Context(), salesforce.Ingest{Object: "Contact", Operation: "insert"})
	must(t, err)
	must(t, c.salesforce.Upload(t.Context(), j.ID, []byte(csv)))
	_, err = c.salesforce.CloseIngest(t.Context(), j.ID)
	must(t, err)
	j, err = c.salesforce.WaitIngest(t.Context(), j.ID, nil)
	must(t, err)
	return j
}

func jobFails(csv string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return told(c.salesforce.JobError(runJob(t, c, csv))) }
}

// failedRow is what the first failed row of a job was told.
func failedRow(t *testing.T, c *crms, csv string) heard {
	t.Helper()
	rows, _, err := c.salesforce.IngestResults(t.Context(), runJob(t, c, csv).ID, "Title")
	must(t, err)
	for _, r := range rows {
		if !r.Outcome.OK {
			return first([]salesforce.Outcome{r.Outcome}, nil)
		}
	}
	return heard{}
}

func bulkRow(t *testing.T, c *crms) heard { return failedRow(t, c, "LastName,Title\nLee,a\n,b\n") }

func bulkBadCell(t *testing.T, c *crms) heard {
	return failedRow(t, c, "LastName,Title,Birthdate\nLee,a,soon\n")
}

func closeAborted(t *testing.T, c *crms) heard {
	j, err := c.salesforce.CreateIngest(t.Context(), salesforce.Ingest{Object: "Contact", Operation: "insert"})
	must(t, err)
	_, err = c.salesforce.AbortIngest(t.Context(), j.ID)
	must(t, err)
	_, err = c.salesforce.CloseIngest(t.Context(), j.ID)
	return told(err)
}

func clientCredentials(id, secret string) salesforce.Flow {
	return salesforce.ClientCredentials{ConsumerKey: id, ConsumerSecret: wire.NewSecret(secret)}
}

// ourKey signs assertions; otherKey is one that the org does not know.
var ourKey, otherKey = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func publicPEM(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func jwtBearer(audience string) salesforce.Flow {
	key := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(ourKey())}))
	return salesforce.JWTBearer{ConsumerKey: "sandbox", Username: "integration@example.com", PrivateKey: wire.NewSecret(key), Audience: audience}
}

func salesforceClient(t *testing.T, url string, flow salesforce.Flow, now func() time.Time) *salesforce.Client {
	t.Helper()
	c, err := salesforce.New(salesforce.Options{
		LoginURL: url, Flow: flow, Now: now, Attempts: 2, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	must(t, err)
	return c
}

// login asks an org with one connected app for a session.
func login(app salesforcesandbox.App, flow salesforce.Flow) func(*testing.T, *crms) heard {
	return func(t *testing.T, _ *crms) heard { return logIn(t, app, flow, nil) }
}

func logIn(t *testing.T, app salesforcesandbox.App, flow salesforce.Flow, now func() time.Time) heard {
	t.Helper()
	app.ClientID, app.Secret = "sandbox", "sandbox"
	box, err := sandbox.Start(t.Context(), sandbox.Options{Org: salesforcesandbox.Options{Apps: []salesforcesandbox.App{app}}})
	must(t, err)
	t.Cleanup(box.Close)
	_, err = salesforceClient(t, box.SalesforceURL, flow, now).UserInfo(t.Context())
	return told(err)
}

func clockBehind(t *testing.T, _ *crms) heard {
	return logIn(t, salesforcesandbox.App{}, jwtBearer(""), func() time.Time { return time.Now().Add(-time.Hour) })
}
