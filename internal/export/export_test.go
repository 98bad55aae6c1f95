package export

import (
	"context"
	"database/sql"
	"encoding/csv"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
)

// What a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers.
func TestCell(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   any
		want string
	}{
		{nil, ""}, {"", ""}, {"Ann Lee", "Ann Lee"}, {"a=b", "a=b"},
		{`=HYPERLINK("http://example.com")`, `'=HYPERLINK("http://example.com")`}, {"+1 555 0100", "'+1 555 0100"}, {"-x", "'-x"}, {"@sum", "'@sum"},
		{"\t=1", "'\t=1"}, {"\r=1", "'\r=1"}, {"\n=1", "'\n=1"}, {"  =1+1", "'  =1+1"}, {"＝1", "'＝1"}, {"=", "'="}, {"-", "'-"},
		{"-5", "-5"}, {"+5.25", "+5.25"}, {"1e-3", "1e-3"}, {"-5+cmd", "'-5+cmd"}, {"-1\n", "'-1\n"},
		{int64(-7), "-7"}, {-0.5, "-0.5"}, {1e21, "1000000000000000000000"}, {true, "true"}, {big.NewInt(-12), "-12"},
		{duckdb.Decimal{Width: 9, Scale: 2, Value: big.NewInt(-1250)}, "-12.5"},
		{duckdb.Decimal{Width: 9, Scale: 2, Value: big.NewInt(12000)}, "120"},
		{duckdb.Decimal{Width: 9, Scale: 0, Value: big.NewInt(1200)}, "1200"},
		{time.Date(2026, 3, 1, 9, 0, 0, 0, time.FixedZone("", 3600)), "2026-03-01T08:00:00Z"},
		{[]any{"=a", "b"}, "'=a, b"}, {map[string]any{"a": int32(1)}, `{"a":1}`},
	} {
		if got := Cell(tt.in); got != tt.want {
			t.Errorf("Cell(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Whatever stands in a record, a reader of CSV finds as many cells as were written, none of them begins a formula, and
// without the apostrophe each is the text it was.
func FuzzRecord(f *testing.F) {
	for _, s := range []string{"", "=1", "a;=1", "\"=1", "x\",=1", "+1 555 0100", " =1", "a\r\nb", "-5", "-5e", "'=1", "\ufeff=1"} {
		f.Add(s, "b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		line := Record([]any{a, b})
		r := csv.NewReader(strings.NewReader(line))
		got, err := r.Read()
		if err != nil || len(got) != 2 {
			t.Fatalf("%q: %v, %q", line, err, got)
		}
		for i, in := range []string{a, b} {
			in, cell := strings.ReplaceAll(in, "\r\n", "\n"), strings.ReplaceAll(got[i], "\r\n", "\n") // encoding/csv reads one for the other
			if cell != in && cell != "'"+in {
				t.Fatalf("%q was read back as %q", in, cell)
			}
			if trimmed := strings.TrimLeft(cell, " \u00a0\u3000\ufeff"); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@\t\r\n") && !number.MatchString(cell) {
				t.Fatalf("%q begins a formula", cell)
			}
		}
		for _, part := range strings.Split(unquoted(line), ";") { // as a spreadsheet of another locale cuts it
			if strings.HasPrefix(part, "=") {
				t.Fatalf("%q begins a formula behind a semicolon", line)
			}
		}
	})
}

// unquoted is what of a line stands outside of quotes.
func unquoted(line string) string {
	var b strings.Builder
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 0 {
			b.WriteString(part)
		} else {
			b.WriteString("q")
		}
	}
	return b.String()
}

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

const some = `select 'Ann|Lee' as name, '+1 555 0100' as phone, 3::hugeint as n, date '2026-03-01' as day,
	timestamptz '2026-03-01 00:00:00+00' as "at", ['a', 'b'] as list, null as none union all select '<b>', '=1', -1, null, null, [], null order by n desc`

func TestWrite(t *testing.T) {
	t.Parallel()
	db := open(t)
	for f, want := range map[Format]string{
		CSV: "name,phone,n,day,at,list,none\n\"Ann|Lee\",'+1 555 0100,3,2026-03-01,2026-03-01T00:00:00Z,\"a, b\",\n<b>,'=1,-1,,,,\n",
		JSON: `{"name":"Ann|Lee","phone":"+1 555 0100","n":3,"day":"2026-03-01","at":"2026-03-01T00:00:00Z","list":["a","b"],"none":null}
{"name":"<b>","phone":"=1","n":-1,"day":null,"at":null,"list":[],"none":null}
`,
		Markdown: `| name | phone | n | day | at | list | none |
| --- | --- | --- | --- | --- | --- | --- |
| Ann\|Lee | +1 555 0100 | 3 | 2026-03-01 | 2026-03-01T00:00:00Z | a, b |  |
| &lt;b&gt; | =1 | -1 |  |  |  |  |
`,
	} {
		rows, err := db.QueryContext(context.Background(), some)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		n, err := Write(&b, rows, f)
		if err != nil || n != 2 {
			t.Fatal(n, err)
		}
		got := b.String()
		if f == JSON {
			got = strings.ReplaceAll(strings.ReplaceAll(got, `\u003c`, "<"), `\u003e`, ">")
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", f, d)
		}
	}
}

// A question that finds nothing is answered: an empty line says less than nothing.
func TestTableWithoutRows(t *testing.T) {
	t.Parallel()
	rows, err := open(t).QueryContext(t.Context(), "select 1 as n where false")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if n, err := Write(&b, rows, Table); err != nil || n != 0 || b.String() != "No rows.\n" {
		t.Errorf("%d %v %q", n, err, b.String())
	}
}

func TestWriteParquet(t *testing.T) {
	t.Parallel()
	db := open(t)
	path := filepath.Join(t.TempDir(), "it's.parquet")
	n, err := WriteParquet(context.Background(), db, some, path)
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	var phone string
	if err := db.QueryRow(`select phone from read_parquet($1) where name = '<b>'`, path).Scan(&phone); err != nil || phone != "=1" {
		t.Errorf("%q, %v: Parquet holds the text as it is", phone, err)
	}
	if _, err := WriteParquet(context.Background(), db, "select nothing", path); err == nil {
		t.Error("a query that fails passed")
	}
	if err := db.QueryRow(`select phone from read_parquet($1) where name = '<b>'`, path).Scan(&phone); err != nil {
		t.Errorf("the file from before is gone: %v", err)
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	if f, err := ParseFormat("csv"); err != nil || f != CSV {
		t.Error(f, err)
	}
	if _, err := ParseFormat("xls"); err == nil {
		t.Error("xls passed")
	}
}
