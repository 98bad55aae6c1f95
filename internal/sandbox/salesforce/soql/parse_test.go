package soql

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const text = "select Id, Owner.Name n from Lead l where (A = 'x' or not B in (1, 2)) and C != null order by D desc nulls last, E limit 5 offset 2"
	got, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) int { return strings.Index(text, s) }
	path := func(name string) Path { return Path{Parts: strings.Split(name, "."), At: at(name)} }
	want := &Query{
		Text: text, From: "Lead", FromAt: at("Lead"), Alias: "l", Limit: 5, Offset: 2,
		Select: []Item{{Path: path("Id")}, {Path: path("Owner.Name"), Alias: "n"}},
		Where: And{
			Or{
				Compare{Item{Path: path("A")}, "=", Value{Kind: Text, Text: "x", At: at("'x'")}},
				Not{In{Left: Item{Path: path("B")}, Op: "IN", Values: []Value{{Kind: Number, Text: "1", Number: 1, At: at("1")}, {Kind: Number, Text: "2", Number: 2, At: at("2")}}}},
			},
			Compare{Item{Path: path("C")}, "!=", Value{Kind: Null, Text: "null", At: at("null order")}},
		},
		OrderBy: []Order{{Item: Item{Path: path("D")}, Desc: true, NullsLast: true}, {Item: Item{Path: path("E")}}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Value{})); diff != "" {
		t.Error(diff)
	}
}

func TestQuotes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`'a\'b'`: "a'b", `'\\'`: `\`, `'\n\r\t\b\f\"'`: "\n\r\t\b\f\"", `'\u00e9'`: "é", `'\%\_'`: `\%\_`, `'日本'`: "日本", `''`: "",
	} {
		q, err := Parse("SELECT Id FROM Lead WHERE A = " + in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := q.Where.(Compare).Value.Text; got != want {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{`'\x'`, `'\`, `'\u12'`, `'`, `'a'b'`, "\"a\""} {
		if _, err := Parse("SELECT Id FROM Lead WHERE A = " + in); err == nil {
			t.Errorf("%s passed", in)
		}
	}
}

func TestNamedDates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 23, 59, 0, 0, time.UTC) // a Wednesday
	for in, want := range map[string]string{
		"YESTERDAY": "2026-03-03 2026-03-04", "today": "2026-03-04 2026-03-05", "TOMORROW": "2026-03-05 2026-03-06",
		"LAST_WEEK": "2026-02-22 2026-03-01", "THIS_WEEK": "2026-03-01 2026-03-08", "NEXT_WEEK": "2026-03-08 2026-03-15",
		"LAST_MONTH": "2026-02-01 2026-03-01", "THIS_QUARTER": "2026-01-01 2026-04-01", "NEXT_YEAR": "2027-01-01 2028-01-01",
		"LAST_90_DAYS": "2025-12-04 2026-03-05", "NEXT_90_DAYS": "2026-03-05 2026-06-03",
		"LAST_N_DAYS:2": "2026-03-02 2026-03-05", "NEXT_N_DAYS:2": "2026-03-05 2026-03-07", "N_DAYS_AGO:2": "2026-03-02 2026-03-03",
		"LAST_N_WEEKS:2": "2026-02-15 2026-03-01", "LAST_N_MONTHS:14": "2025-01-01 2026-03-01", "THIS_FISCAL_YEAR": "2026-01-01 2027-01-01",
		"NEXT_N_FISCAL_QUARTERS:1": "2026-04-01 2026-07-01",
	} {
		q, err := Parse("SELECT Id FROM Lead WHERE A = " + in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		from, to, _ := q.Where.(Compare).Value.Days(now)
		if got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"LAST_N_DAYS", "TODAY:1", "LAST_N_DAYS:x", "LAST_N_DAYS:-1", "LAST_DAY", "SOMEDAY", "NaN", "2026-13-01", "0x10", "2026-01-01T00:00:00"} {
		if _, err := Parse("SELECT Id FROM Lead WHERE A = " + in); err == nil {
			t.Errorf("%s passed", in)
		}
	}
}

func TestErrorFrame(t *testing.T) {
	t.Parallel()
	_, err := Parse("SELECT Id\nFROM Lead\nWHERE A ~ 1")
	if want := "\nWHERE A ~ 1\n        ^\nERROR at Row:3:Column:9\nunexpected token: '~'"; err.Error() != want {
		t.Errorf("got %q", err.Error())
	}
	long := "SELECT " + strings.Repeat("Field__c, ", 100) + "~ FROM Lead"
	_, err = Parse(long)
	lines := strings.Split(err.Error(), "\n")
	if len(lines[1]) > 2*window+20 || lines[1][strings.IndexByte(lines[2], '^')] != '~' || lines[3] != "ERROR at Row:1:Column:1008" {
		t.Errorf("a long query is shown as %q", err.Error())
	}
}

func TestNesting(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"(", "NOT ", "Id IN (SELECT Id FROM Lead WHERE "} {
		_, err := Parse("SELECT Id FROM Lead WHERE " + strings.Repeat(open, 2000) + "A = 1")
		if err == nil {
			t.Errorf("2000 × %q passed", open)
		}
	}
}

// FuzzParse: whatever comes in, the parser returns a query or a well-formed error and never panics.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"SELECT Id FROM Lead", "SELECT COUNT() FROM Lead l WHERE a.b LIKE '\\%x' AND (NOT c = TRUE)", "SELECT FIELDS(ALL) FROM Lead LIMIT 200",
		"SELECT MAX(A) m FROM B GROUP BY C ORDER BY COUNT(Id) DESC NULLS LAST OFFSET 5 ALL ROWS", "SELECT (SELECT Id FROM Contacts), TYPEOF W WHEN A THEN b, c ELSE d END, FORMAT(MAX(E)) FROM F USING SCOPE mine GROUP BY CALENDAR_YEAR(convertTimezone(G)) HAVING COUNT(Id) > 1 FOR VIEW", "SELECT Id FROM L WHERE X IN (SELECT Y FROM Z WHERE D < LAST_N_DAYS:7)",
		"SELECT Id FROM L WHERE D = 2026-01-01T00:00:00.000+01:00 OR D = 2026-01-01 OR N > -1.5e3", "select", "SELECT 'é\\u00e9\n", "SELECT Id FROM A WHERE B = '\\",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err == nil {
			if q.From == "" || !q.Count && len(q.Select) == 0 {
				t.Fatalf("%q: a query of nothing: %+v", s, q)
			}
			return
		}
		if err.Code == "" || err.Message == "" || err.Error() == "" || err.At > len(s) {
			t.Fatalf("%q: %+v", s, err)
		}
	})
}
