package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce/soql"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	for short, long := range map[string]string{"003q000000KvQ1t": "003q000000KvQ1tAAF", "701E0000000JuFH": "701E0000000JuFHIA0", "012000000000000": "012000000000000AAA"} {
		for _, in := range []string{short, long, strings.ToLower(long[:15]) + long[15:], long[:15] + strings.ToLower(long[15:])} {
			id, ok := ParseID(in)
			if !ok || id.String() != long || id.Short() != short {
				t.Errorf("%s: %s %t, want %s", in, id, ok, long)
			}
		}
	}
	for _, in := range []string{"", "003", "003q000000KvQ1", "003q000000KvQ1tAA", "003q000000KvQ1t6AF", "003q000000KvQ-t", "003q000000KvQ1tAA!", "000000000000000AAB"} {
		if id, ok := ParseID(in); ok {
			t.Errorf("%q passed as %s", in, id)
		}
	}
	last := ID{}
	for n := range 10_000 {
		id := makeID("00Q", n*997)
		if id.Compare(last) <= 0 {
			t.Fatalf("id %d, %s, does not follow %s", n, id, last)
		}
		last = id
	}
}

func TestJavaDouble(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2.5: "-2.5", 9999999: "9999999.0", 10000000: "1.0E7", 91200000: "9.12E7", 912260031: "9.12260031E8", 0.001: "0.001", 0.0001: "1.0E-4",
	} {
		if got := javaDouble(f); got != want {
			t.Errorf("%v is %s, want %s", f, got, want)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"a%", "Abc", true}, {"%c", "abc", true}, {"%b%", "abc", true}, {"_b_", "abc", true}, {"_b", "abc", false}, {"%", "", true}, {"", "", true}, {"", "a", false},
		{`100\%`, "100%", true}, {`100\%`, "100x", false}, {`a\_b`, "axb", false}, {"%a%b%c%", "xxaxxbxxc", true}, {"%ab", "aab", true}, {"É%", "école", true}, {"a%b", "ab c", false},
	} {
		if got := like(c.pattern)(c.text); got != c.want {
			t.Errorf("%q like %q: %t", c.text, c.pattern, got)
		}
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    float64
		scale int
		want  float64
	}{{12.349, 2, 12.34}, {-12.349, 2, -12.34}, {0.29, 2, 0.29}, {1.1, 0, 1}, {99.99, 1, 99.9}, {1e17, 2, 1e17}} {
		if got := truncate(c.in, c.scale); got != c.want {
			t.Errorf("%v at %d is %v, want %v", c.in, c.scale, got, c.want)
		}
	}
}

// Whatever way in a query takes, it must find what a look at every record finds.
func TestWaysInAgree(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	org := New(func() time.Time { return at })
	leads := org.Object("Lead")
	if _, err := org.AddField(leads, &Field{Name: "Key__c", Type: "string", Length: 20, Createable: true, Updateable: true, Nillable: true, Custom: true, ExternalID: true}); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	key := func() string { return fmt.Sprint("k", r.IntN(30)) }
	var ids []string
	for step := range 3000 {
		at = at.Add(time.Duration(r.IntN(3)) * time.Second)
		switch tx := org.Begin(org.Integration); {
		case step < 200 || r.IntN(10) == 0:
			id, err := org.Insert("Lead", map[string]string{"LastName": "Lee", "Company": "Acme", "Key__c": key(), "SystemModstamp": at.Add(-time.Duration(r.IntN(500)) * time.Second).Format(time.RFC3339)})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id.String())
		case r.IntN(10) == 0:
			tx.Delete(leads, ids[r.IntN(len(ids))])
		default:
			d := draft(leads, map[string]string{"Key__c": key(), "Title": "x"})
			d.ID = ids[r.IntN(len(ids))]
			tx.Update(d)
			if r.IntN(3) == 0 {
				org.stampQuery(t, at) // a reader in the middle may sweep the index
				tx.Rollback(0)
			}
		}
	}
	keyField, stampField := leads.Field("Key__c"), leads.stamp
	for range 100 {
		k, from := key(), at.Add(-time.Duration(r.IntN(2000))*time.Second)
		var byKey, byStamp []string
		for row := range leads.Rows() {
			if leads.state[row] != live {
				continue
			}
			if leads.Value(row, keyField).text == k {
				byKey = append(byKey, leads.ids[row].String())
			}
			if leads.Value(row, stampField).n >= from.Unix() {
				byStamp = append(byStamp, leads.ids[row].String())
			}
		}
		slices.Sort(byKey)
		slices.Sort(byStamp)
		if diff := cmp.Diff(byKey, org.found(t, "SELECT Id FROM Lead WHERE Key__c = '"+strings.ToUpper(k)+"'")); diff != "" {
			t.Fatalf("%s: %s", k, diff)
		}
		if diff := cmp.Diff(byStamp, org.stampQuery(t, from)); diff != "" {
			t.Fatalf("since %s: %s", from, diff)
		}
	}
}

func (org *Org) stampQuery(t *testing.T, from time.Time) []string {
	return org.found(t, "SELECT Id FROM Lead WHERE SystemModstamp >= "+from.Format(time.RFC3339)+" ORDER BY SystemModstamp, Id")
}

// found runs a query and lists the ids, sorted; an ORDER BY of stamps is checked on the way.
func (org *Org) found(t *testing.T, text string) []string {
	t.Helper()
	q, err := soql.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	res, err := org.Query(q, org.Integration, false, false)
	if err != nil {
		t.Fatal(err)
	}
	o := res.Object
	var out []string
	for i, row := range res.Rows {
		if i > 0 && len(q.OrderBy) > 0 {
			a, b := o.Value(res.Rows[i-1], o.stamp).n, o.Value(row, o.stamp).n
			if a > b || a == b && o.ids[res.Rows[i-1]].Compare(o.ids[row]) >= 0 {
				t.Fatalf("%s: row %d is out of order", text, i)
			}
		}
		out = append(out, o.ids[row].String())
	}
	slices.Sort(out)
	return out
}

// BenchmarkInsert measures what a record costs; 1,000,000 of them must be at home in memory.
func BenchmarkInsert(b *testing.B) {
	org := New(time.Now)
	b.ReportAllocs()
	for n := range b.N {
		s := fmt.Sprint(n)
		if _, err := org.Insert("Lead", map[string]string{
			"FirstName": "Ann" + s, "LastName": "Lee" + s, "Company": "Acme " + s, "Email": "ann" + s + "@example.com", "Phone": "+1 555 " + s,
			"Status": "Open - Not Contacted", "LeadSource": "Web", "City": "Bonn", "Title": "CEO", "SystemModstamp": "2026-01-01T00:00:00Z",
		}); err != nil {
			b.Fatal(err)
		}
	}
}
