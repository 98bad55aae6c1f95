package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce/soql"
)

// fewRecords is an org with some records of several objects, blanks and a deleted one among them.
func fewRecords(t testing.TB) *Org {
	t.Helper()
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	org := New(func() time.Time { return at })
	put := func(object string, values map[string]string) string {
		t.Helper()
		id, err := org.Insert(object, values)
		if err != nil {
			t.Fatal(err)
		}
		return id.String()
	}
	account := put("Account", map[string]string{"Name": "Example Mills", "AnnualRevenue": "1.5"})
	for n, email := range []string{"ann@example.com", "BO@example.com", "", "cy@mills.example"} {
		stamp := at.AddDate(0, -n, -n).Format(DateTimeLayout)
		put("Contact", map[string]string{"LastName": fmt.Sprint("L", n%2), "Email": email, "AccountId": account, "SystemModstamp": stamp})
		put("Lead", map[string]string{"LastName": fmt.Sprint("L", n), "Company": "Example Mills", "Email": email, "NumberOfEmployees": fmt.Sprint(n), "SystemModstamp": stamp, "IsDeleted": fmt.Sprint(n == 1)})
	}
	return org
}

// FuzzQuery parses anything as SOQL and runs what the parser takes. Nothing panics; what is refused has a code; what
// is found renders as JSON and CSV; and the way in by ids, indexes and stamps finds what reading all rows finds.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"SELECT Id, Name, Owner.Profile.Name, Account.AnnualRevenue, MailingAddress FROM Contact c WHERE c.Email = 'ann@example.com' ORDER BY Account.Name DESC NULLS LAST, Id LIMIT 3 OFFSET 1",
		"SELECT Id FROM Lead WHERE SystemModstamp >= 2026-10-01T00:00:00Z AND SystemModstamp < 2026-11-21T10:00:01Z ORDER BY SystemModstamp, Id", "SELECT Id FROM Lead WHERE SystemModstamp > LAST_N_MONTHS:1",
		"SELECT COUNT() FROM Lead WHERE NumberOfEmployees > 1 OR (NOT Email LIKE '%@EX_mple%')", "SELECT FIELDS(STANDARD) FROM Account ORDER BY Name",
		"SELECT LastName n, COUNT(Id) c, MIN(CreatedDate), AVG(AnnualRevenue) FROM Lead GROUP BY LastName ORDER BY COUNT(Id) DESC, LastName LIMIT 2",
		"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name IN ('x', 'Example Mills')) AND Email NOT IN ('', null)", "SELECT Id FROM Lead WHERE Id IN ('00QSx0000000001','00QSx0000000002AAA')",
		"SELECT Name, (SELECT Id, LastName FROM Contacts WHERE Email != null ORDER BY LastName LIMIT 1) FROM Account WHERE Name LIKE 'Ex%'", "SELECT Id, TYPEOF Owner WHEN User THEN Username ELSE Name END FROM Lead",
		"SELECT CALENDAR_YEAR(CreatedDate) y, SUM(NumberOfEmployees) FROM Lead GROUP BY CALENDAR_YEAR(CreatedDate) HAVING COUNT(Id) > 1", "SELECT toLabel(Status), FORMAT(AnnualRevenue) r FROM Lead USING SCOPE mine",
		"SELECT Username FROM User WHERE IsActive = TRUE", "SELECT Id FROM Lead WHERE ConvertedDate = TODAY OR CreatedDate < 2026-01-01T00:00:00+01:00", "SELECT Id FROM Nope", "SELECT Id, Id FROM Lead", "SELECT Id FROM Lead LIMIT 0",
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, all bool) {
		timer := time.AfterFunc(20*time.Second, func() { panic("no result within 20 s") })
		defer timer.Stop()
		q, err := soql.Parse(text)
		if err != nil {
			if err.Code == "" || err.Message == "" || err.Error() == "" {
				t.Fatalf("%q: %+v", text, err)
			}
			return
		}
		org := fewRecords(t)
		res, err := org.Query(q, org.Integration, all, false)
		if err != nil {
			if err.Code == "" || err.Message == "" || err.Error() == "" {
				t.Fatalf("%q: %+v", text, err)
			}
			return
		}
		if q.Limit >= 0 && res.Total > q.Limit {
			t.Fatalf("%q: %d results", text, res.Total)
		}
		for i := range res.Len() {
			b := res.AppendRecord(nil, i, Page{Base: "/services/data/v60.0", Size: 2, Open: func(*Result) string { return "/next" }})
			if !json.Valid(b) {
				t.Fatalf("%q: record %d is %s", text, i, b)
			}
			if res.Groups == nil && len(res.CSV(i)) != len(res.Columns) {
				t.Fatalf("%q: %d columns, %v", text, len(res.Columns), res.CSV(i))
			}
		}
		// Beside OR no index is asked. The order of rows that tie may differ, and so may what LIMIT leaves of them.
		if q.Where == nil || res.Groups != nil || q.Limit >= 0 || q.Offset > 0 {
			return
		}
		wide := *q
		wide.Where = soql.Or{q.Where, soql.Compare{Left: soql.Item{Path: soql.Path{Parts: []string{"Id"}}}, Op: "=", Value: soql.Value{Kind: soql.Null}}}
		again, err := org.Query(&wide, org.Integration, all, false)
		if err != nil {
			return // Id means a record of another object here
		}
		slices.Sort(res.Rows)
		slices.Sort(again.Rows)
		if res.Total != again.Total || !slices.Equal(res.Rows, again.Rows) {
			t.Fatalf("%q: rows %v, of all rows %v (%d, %d)", text, res.Rows, again.Rows, res.Total, again.Total)
		}
	})
}
