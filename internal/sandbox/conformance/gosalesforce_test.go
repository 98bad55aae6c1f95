package conformance_test

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	gosalesforce "github.com/k-capehart/go-salesforce/v3"

	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/salesforce"
)

// goContact is what this client's callers write: a struct whose fields are named like the columns.
// HubSpot_Id__c must be there for upserts, however Go spells names.
type goContact struct {
	ID        string `mapstructure:"Id" json:"Id" csv:"Id"`
	FirstName string `csv:"FirstName"`
	LastName  string `csv:"LastName"`
	Key       string `mapstructure:"HubSpot_Id__c" json:"HubSpot_Id__c" csv:"HubSpot_Id__c"`
}

// contactRow is a contact as this client takes it.
type contactRow = map[string]any

// startOrg is an org whose contacts and accounts have an external id, and this client's session in it.
func startOrg(t *testing.T, change func(*sandbox.Options), options ...gosalesforce.Option) (*gosalesforce.Salesforce, *sandbox.Sandbox) {
	t.Helper()
	o := sandbox.Options{}
	if change != nil {
		change(&o)
	}
	box, err := sandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	sf, err := gosalesforce.Init(gosalesforce.Creds{
		Domain: box.SalesforceURL, ConsumerKey: salesforce.DefaultApp.ClientID, ConsumerSecret: salesforce.DefaultApp.Secret,
	}, options...)
	if err != nil {
		t.Fatal(err)
	}
	if got := sf.GetAuthFlow(); got != gosalesforce.AuthFlowClientCredentials {
		t.Fatalf("flow %v", got)
	}
	addKey(t, sf)
	return sf, box
}

// addKey makes Contact.HubSpot_Id__c and shows it to the running user.
func addKey(t *testing.T, sf *gosalesforce.Salesforce) {
	t.Helper()
	post := func(path, body string) {
		answer, err := sf.DoRequest(http.MethodPost, path, []byte(body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		answer.Body.Close()
	}
	post("/tooling/sobjects/CustomField", `{"FullName":"Contact.HubSpot_Id__c","Metadata":{"label":"HubSpot Id","type":"Text","length":32,"externalId":true,"unique":true}}`)
	set := must(sf.InsertOne("PermissionSet", contactRow{"Name": "Sync", "Label": "Sync"}))(t)
	must(sf.InsertOne("FieldPermissions", contactRow{
		"ParentId": set.Id, "SobjectType": "Contact", "Field": "Contact.HubSpot_Id__c", "PermissionsRead": true, "PermissionsEdit": true,
	}))(t)
	users := []struct{ Id, Username string }{}
	if err := sf.Query("SELECT Id, Username FROM User WHERE Profile.UserLicense.Name = 'Salesforce Integration' AND IsActive = true", &users); err != nil || len(users) == 0 {
		t.Fatalf("no integration user: %v %v", users, err)
	}
	must(sf.InsertOne("PermissionSetAssignment", contactRow{"AssigneeId": users[0].Id, "PermissionSetId": set.Id}))(t)
}

// must is what a call returned; an error ends the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// contacts lists every contact, by key and then name.
func contacts(t *testing.T, sf *gosalesforce.Salesforce) []goContact {
	t.Helper()
	var all []goContact
	if err := sf.Query("SELECT Id, FirstName, LastName, HubSpot_Id__c FROM Contact", &all); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b goContact) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.LastName, b.LastName))
	})
	return all
}

// names are the last names of contacts in order.
func names(list []goContact) (out []string) {
	for _, c := range list {
		out = append(out, c.LastName)
	}
	return out
}

// keyed are n contacts with keys k000, k001 …
func keyed(n int, lastName string) []contactRow {
	out := make([]contactRow, n)
	for i := range out {
		out[i] = contactRow{"LastName": fmt.Sprintf("%s %03d", lastName, i), "HubSpot_Id__c": fmt.Sprintf("k%03d", i)}
	}
	return out
}

// withIDs adds to rows the ids that results name, in order.
func withIDs(t *testing.T, rows []contactRow, results gosalesforce.SalesforceResults) []contactRow {
	t.Helper()
	if results.HasSalesforceErrors || len(results.Results) != len(rows) {
		t.Fatalf("%d results for %d rows, errors: %t", len(results.Results), len(rows), results.HasSalesforceErrors)
	}
	out := make([]contactRow, len(rows))
	for i, row := range rows {
		out[i] = maps.Clone(row)
		out[i]["Id"] = results.Results[i].Id
	}
	return out
}

func TestGoSalesforceRows(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil)
	made := must(sf.InsertOne("Contact", goContact{FirstName: "Ann", LastName: "Lee", Key: "1"}))(t)
	if !made.Success || !strings.HasPrefix(made.Id, "003") {
		t.Fatalf("insert: %+v", made)
	}
	if err := sf.UpdateOne("Contact", contactRow{"Id": made.Id, "LastName": "Ray"}); err != nil {
		t.Fatal(err)
	}
	same := must(sf.UpsertOne("Contact", "HubSpot_Id__c", contactRow{"HubSpot_Id__c": "1", "FirstName": "Bo"}))(t)
	other := must(sf.UpsertOne("Contact", "HubSpot_Id__c", contactRow{"HubSpot_Id__c": "2", "LastName": "Sol"}))(t)
	if same.Id != made.Id || other.Id == made.Id {
		t.Errorf("upsert: %s and %s, first %s", same.Id, other.Id, made.Id)
	}
	want := []goContact{{made.Id, "Bo", "Ray", "1"}, {other.Id, "", "Sol", "2"}}
	if diff := gocmp.Diff(want, contacts(t, sf)); diff != "" {
		t.Error(diff)
	}
	if err := sf.DeleteOne("Contact", contactRow{"Id": made.Id}); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]string{"Sol"}, names(contacts(t, sf))); diff != "" {
		t.Error(diff)
	}
}

func TestGoSalesforceErrors(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil)
	_, missing := sf.InsertOne("Contact", contactRow{"FirstName": "Ann"})
	for want, err := range map[string]error{
		"REQUIRED_FIELD_MISSING":      missing,
		"INVALID_CROSS_REFERENCE_KEY": sf.DeleteOne("Contact", contactRow{"Id": "003000000000001"}),
		"MALFORMED_QUERY":             sf.Query("SELECT Id FORM Contact", &[]goContact{}),
		"INVALID_FIELD":               sf.Query("SELECT Wings FROM Contact", &[]goContact{}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := gosalesforce.Init(gosalesforce.Creds{Domain: sf.GetInstanceUrl(), ConsumerKey: "sandbox", ConsumerSecret: "wrong"}); err == nil {
		t.Error("a wrong secret opened a session")
	}
}

// This client writes exp as text.
func TestGoSalesforceSignedAssertion(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	other, box := startOrg(t, func(o *sandbox.Options) {
		o.Org.Apps = []salesforce.App{salesforce.DefaultApp, {ClientID: "jwt", Certificate: []byte(key.public)}}
	})
	var users []struct{ Username string }
	if err := other.Query("SELECT Username FROM User WHERE IsActive = true LIMIT 1", &users); err != nil || len(users) != 1 {
		t.Fatalf("%v %v", users, err)
	}
	creds := gosalesforce.Creds{Domain: box.SalesforceURL, Username: users[0].Username, ConsumerKey: "jwt", ConsumerRSAPem: key.private}
	sf := must(gosalesforce.Init(creds))(t)
	must(sf.InsertOne("Contact", contactRow{"LastName": "Lee"}))(t)
	var made []struct{ CreatedBy struct{ Username string } }
	if err := sf.Query("SELECT CreatedBy.Username FROM Contact", &made); err != nil || len(made) != 1 || made[0].CreatedBy.Username != creds.Username {
		t.Errorf("made by %v, want %s: %v", made, creds.Username, err)
	}
	creds.ConsumerRSAPem = newKey(t).private
	if _, err := gosalesforce.Init(creds); err == nil {
		t.Error("another key opened a session")
	}
}

func TestGoSalesforceRefreshesSession(t *testing.T) {
	t.Parallel()
	sf, box := startOrg(t, nil)
	old := sf.GetAccessToken()
	answer, err := http.PostForm(box.SalesforceURL+"/services/oauth2/revoke", map[string][]string{"token": {old}})
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("revoke: %v %v", answer, err)
	}
	answer.Body.Close()
	must(sf.InsertOne("Contact", contactRow{"LastName": "Lee"}))(t)
	if sf.GetAccessToken() == old {
		t.Error("the session is the old one")
	}
}

func TestGoSalesforceCollections(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil)
	rows := keyed(250, "Lee")
	made := withIDs(t, rows, must(sf.InsertCollection("Contact", rows, 200))(t))
	for _, row := range made {
		row["FirstName"] = "Changed"
	}
	withIDs(t, made, must(sf.UpdateCollection("Contact", made, 200))(t))
	up := keyed(251, "Ray") // the last one is new
	upserted := withIDs(t, up, must(sf.UpsertCollection("Contact", "HubSpot_Id__c", up, 100))(t))
	all := contacts(t, sf)
	if len(all) != 251 || all[0].FirstName != "Changed" || all[0].LastName != "Ray 000" || all[250].FirstName != "" {
		t.Fatalf("%d contacts, first %+v", len(all), all[0])
	}
	if upserted[7]["Id"] != made[7]["Id"] {
		t.Errorf("upsert made another record: %v, was %v", upserted[7]["Id"], made[7]["Id"])
	}
	withIDs(t, upserted, must(sf.DeleteCollection("Contact", upserted, 200))(t))
	if left := contacts(t, sf); len(left) != 0 {
		t.Errorf("%d contacts left", len(left))
	}
	mixed := must(sf.InsertCollection("Contact", []contactRow{{"LastName": "Good"}, {"FirstName": "Bad"}}, 200))(t)
	if !mixed.HasSalesforceErrors || !mixed.Results[0].Success || mixed.Results[1].Success || mixed.Results[1].Errors[0].StatusCode != "REQUIRED_FIELD_MISSING" {
		t.Errorf("one bad row: %+v", mixed)
	}
}

func TestGoSalesforceComposite(t *testing.T) {
	t.Parallel()
	sf, box := startOrg(t, nil)
	rows := keyed(250, "Lee")
	box.ResetCalls()
	made := withIDs(t, rows, must(sf.InsertComposite("Contact", rows, 100, true))(t))
	if n := box.Count("salesforce", ""); n != 1 {
		t.Errorf("%d calls", n)
	}
	for _, row := range made {
		row["LastName"] = strings.Replace(row["LastName"].(string), "Lee", "Ray", 1)
	}
	withIDs(t, made, must(sf.UpdateComposite("Contact", made, 100, true))(t))
	up := keyed(251, "Sol")
	withIDs(t, up, must(sf.UpsertComposite("Contact", "HubSpot_Id__c", up, 100, true))(t))
	if all := contacts(t, sf); len(all) != 251 || all[0].ID != made[0]["Id"] || all[250].LastName != "Sol 250" {
		t.Errorf("%d contacts, %+v", len(all), all[0])
	}
	withIDs(t, made, must(sf.DeleteComposite("Contact", made, 200, true))(t))
	if diff := gocmp.Diff([]string{"Sol 250"}, names(contacts(t, sf))); diff != "" {
		t.Error(diff)
	}
}

func TestGoSalesforceCompressed(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil, gosalesforce.WithCompressionHeaders(true))
	rows := keyed(60, "Lee")
	withIDs(t, rows, must(sf.InsertCollection("Contact", rows, 200))(t))
	must(sf.UpsertBulk("Contact", "HubSpot_Id__c", keyed(61, "Ray"), 1000, true))(t)
	if all := contacts(t, sf); len(all) != 61 || all[60].LastName != "Ray 060" {
		t.Errorf("%d contacts", len(all))
	}
	answer := must(sf.DoRequest(http.MethodGet, "/query?q=SELECT+LastName+FROM+Contact", nil))(t)
	defer answer.Body.Close()
	if text := must(io.ReadAll(answer.Body))(t); !strings.Contains(string(text), `"totalSize":61`) {
		t.Errorf("%s", text)
	}
}
