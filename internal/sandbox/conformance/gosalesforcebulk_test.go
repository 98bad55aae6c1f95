package conformance_test

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	gosalesforce "github.com/k-capehart/go-salesforce/v3"

	"lockstep/internal/sandbox"
)

func TestGoSalesforceBulkIngest(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil)
	rows := keyed(120, "Lee")
	jobs := must(sf.InsertBulk("Contact", rows, 1000, true))(t)
	results := must(sf.GetJobResults(jobs[0]))(t)
	if results.State != "JobComplete" || results.NumberRecordsFailed != 0 || len(results.SuccessfulRecords) != 120 {
		t.Fatalf("insert: %s, %d failed, %d done", results.State, results.NumberRecordsFailed, len(results.SuccessfulRecords))
	}
	up := append(keyed(121, "Ray"), contactRow{"LastName": "", "HubSpot_Id__c": "bad"})
	results = must(sf.GetJobResults(must(sf.UpsertBulk("Contact", "HubSpot_Id__c", up, 1000, true))(t)[0]))(t)
	if len(results.SuccessfulRecords) != 121 || len(results.FailedRecords) != 1 {
		t.Fatalf("upsert: %d done, %d failed", len(results.SuccessfulRecords), len(results.FailedRecords))
	}
	if got := fmt.Sprint(results.FailedRecords[0]["sf__Error"]); !strings.HasPrefix(got, "REQUIRED_FIELD_MISSING:") {
		t.Errorf("failed row: %s", got)
	}
	var changes, ids []contactRow
	for _, c := range contacts(t, sf) {
		changes, ids = append(changes, contactRow{"Id": c.ID, "FirstName": "Bulk"}), append(ids, contactRow{"Id": c.ID})
	}
	must(sf.UpdateBulk("Contact", changes, 1000, true))(t)
	if all := contacts(t, sf); len(all) != 121 || all[0].FirstName != "Bulk" || all[0].LastName != "Ray 000" {
		t.Errorf("%d contacts, %+v", len(all), all[0])
	}
	must(sf.DeleteBulk("Contact", ids, 1000, true))(t)
	if left := contacts(t, sf); len(left) != 0 {
		t.Errorf("%d contacts left", len(left))
	}
}

func TestGoSalesforceBulkFile(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, nil)
	path := filepath.Join(t.TempDir(), "contacts.csv")
	if err := os.WriteFile(path, []byte("LastName,HubSpot_Id__c\nLee,1\n\"Ray, Junior\",2\nSol,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	jobs := must(sf.InsertBulkFile("Contact", path, 2, true))(t)
	if len(jobs) != 2 {
		t.Fatalf("%d jobs", len(jobs))
	}
	for _, job := range jobs { // the client waits for the first one alone
		for results := (gosalesforce.BulkJobResults{}); results.State != "JobComplete"; {
			results = must(sf.GetJobResults(job))(t)
		}
	}
	if diff := gocmp.Diff([]string{"Lee", "Ray, Junior", "Sol"}, names(contacts(t, sf))); diff != "" {
		t.Error(diff)
	}
}

func TestGoSalesforceBulkQuery(t *testing.T) {
	t.Parallel()
	sf, _ := startOrg(t, func(o *sandbox.Options) { o.Org.BulkPage = 50 })
	rows := keyed(120, "Lee")
	withIDs(t, rows, must(sf.InsertCollection("Contact", rows, 200))(t))
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := sf.QueryBulkExport("SELECT HubSpot_Id__c, LastName FROM Contact", path); err != nil {
		t.Fatal(err)
	}
	text := must(os.ReadFile(path))(t)
	lines := must(csv.NewReader(strings.NewReader(string(text))).ReadAll())(t)
	if len(lines) != 121 || !slices.Equal(lines[0], []string{"HubSpot_Id__c", "LastName"}) {
		t.Fatalf("%d lines, %v", len(lines), lines[0])
	}
	if slices.IsSortedFunc(lines[1:], func(a, b []string) int { return cmp.Compare(a[0], b[0]) }) {
		t.Error("the records come in the order they were made")
	}
	pages := must(sf.QueryBulkIterator("SELECT Id, FirstName, LastName, HubSpot_Id__c FROM Contact"))(t)
	var sizes []int
	keys := map[string]bool{}
	for pages.Next() {
		var page []goContact
		if err := pages.Decode(&page); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(page))
		for _, c := range page {
			keys[c.Key] = true
		}
	}
	if pages.Error() != nil || len(keys) != 120 || !slices.Equal(sizes, []int{50, 50, 20}) {
		t.Errorf("%v, %d keys, pages %v", pages.Error(), len(keys), sizes)
	}
}
