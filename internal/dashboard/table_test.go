package dashboard

import (
	"encoding/csv"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	next  = regexp.MustCompile(`<a rel="next" href="([^"]+)"`)
	line  = regexp.MustCompile(`(?s)<tr>(<td.*?)</tr>`)
	field = regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`)
	tag   = regexp.MustCompile(`<[^>]+>`)
)

// rows are the rows of the page's table of that name, as their readers see them.
func rows(page, table string) (all []string) {
	_, page, _ = strings.Cut(page, `<section class="table" id="`+table+`"`)
	page, _, _ = strings.Cut(page, "</section>")
	for _, m := range line.FindAllStringSubmatch(page, -1) {
		var cells []string
		for _, c := range field.FindAllStringSubmatch(m[1], -1) {
			cells = append(cells, html.UnescapeString(tag.ReplaceAllString(c[1], "")))
		}
		all = append(all, strings.Join(cells, " | "))
	}
	return all
}

// Page by page a table shows every row once and in order, also where many rows share their key: the CSV, which is read in
// one go, has as many and in the same order.
func TestTablesPage(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world, `insert into history.change select run_id, "at", entity, pair_id, system, object, record_id, action, "column",
		before, 'again ' || i, stored, fields, rules, 'unclear', reason from history.change, range(120) as t (i) where record_id = '10000000'`)})
	for _, tt := range []struct {
		path, table string
		rows, pages int
	}{
		{"/history", "history", 255, 6}, {"/history?outcome=unclear", "history", 121, 3},
		{"/runs", "runs", 1345, 27}, {"/runs/20260302T083000Z-large0", "run_changes", 254, 11}, {"/runs/20260302T083000Z-large0", "run_conflicts", 60, 3},
	} {
		var shown []string
		pages, address, file := 0, tt.path, ""
		for address != "" {
			text := s.page(address)
			shown = append(shown, rows(text, tt.table)...)
			_, part, _ := strings.Cut(text, `<section class="table" id="`+tt.table+`"`)
			part, _, _ = strings.Cut(part, "</section>")
			file = html.UnescapeString(regexp.MustCompile(`class="csv" href="([^"]+)"`).FindStringSubmatch(part)[1])
			address = ""
			if m := next.FindStringSubmatch(part); m != nil {
				address, _, _ = strings.Cut(html.UnescapeString(m[1]), "#")
			}
			if pages++; pages > 100 {
				t.Fatalf("%s does not end", tt.path)
			}
		}
		if len(shown) != tt.rows || pages != tt.pages {
			t.Errorf("%s: %d rows on %d pages, want %d on %d", tt.path, len(shown), pages, tt.rows, tt.pages)
		}
		seen := map[string]int{}
		for _, r := range shown {
			seen[r]++
		}
		if tt.table != "run_changes" && tt.table != "run_conflicts" { // the pair, which tells them apart, is not shown there
			for r, n := range seen {
				if n > 1 {
					t.Errorf("%s shows %d times: %s", tt.path, n, r)
				}
			}
		}
		all, err := csv.NewReader(strings.NewReader(s.page(file))).ReadAll()
		if err != nil || len(all)-1 != tt.rows {
			t.Errorf("%s: %d rows, want %d: %v", file, len(all)-1, tt.rows, err)
		}
	}
}

// An address that somebody changed shows a problem, and no other table's rows.
func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	wrong := cursor{Keys: []key{keyOf("x"), keyOf("y")}, Skip: 0}
	for _, after := range []string{"x", "e30", cursor{}.String(), cursor{Keys: []key{keyOf("a")}}.String(), cursor{Keys: wrong.Keys, Skip: -1}.String(), wrong.String()} {
		if status, text := s.get("/runs?after_runs=" + after); status != 400 {
			t.Errorf("after_runs=%s: %d\n%s", after, status, text)
		}
	}
}

// The CSV of a table has what its page shows, and more: whole values, and what is only a link there. No cell of it is a formula.
func TestCSV(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	answer, err := s.client.Get(s.url + "/csv/history?outcome=refused&record=003Sx0000009999IAA")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if got := answer.Header.Get("Content-Disposition"); got != `attachment; filename="lockstep-history-20260302-0900.csv"` {
		t.Errorf("Content-Disposition: %s", got)
	}
	all, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"at", "entity", "pair", "action", "object", "record", "column", "before", "after", "outcome", "why", "reason", "decided_by", "run"},
		{"2026-03-02T08:30:59Z", "contact", "pair-markup", "update", "salesforce.Contact", "003Sx0000009999IAA", "Title", `"><script>alert(1)</script>`,
			"<img src=x onerror=alert(2)>", "refused", `'=HYPERLINK("http://example.org","x")`, `'=HYPERLINK("http://example.org","x")`, "<svg onload=alert(3)>", "20260302T083000Z-large0"},
	}
	if d := cmp.Diff(want, all); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for _, path := range []string{"/csv/nothing", "/csv/overview_entities?x=1", "/csv/runs?state=nosuch"} {
		status, text := s.get(path)
		if path == "/csv/nothing" && status != 404 || path != "/csv/nothing" && (status != 200 || !strings.Contains(text, "\n")) {
			t.Errorf("GET %s: %d\n%s", path, status, text)
		}
	}
}

// History is found by a record's id on either side, by an e-mail address, and by everything else that its form asks for.
func TestHistorySearch(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world, `insert into history.change
		select 'old', '2025-12-01 09:00:00Z', 'contact', 'pair-2', 'salesforce', 'Contact', '003Sx0000000002IAA', 'update', 'Phone', null, 'the only Zebra', null, ['phone'], ['x'], 'taken', null`)})
	for question, want := range map[string]int{
		"record=10000002":                              2, // its own and its Salesforce record's
		"record=003Sx0000000002IAA":                    2,
		"record=Person2@Example.org":                   2,
		"record=nobody@example.org":                    0,
		"record=10000002&since=2026-01-01":             1,
		"record=10000002&until=2025-12-01":             1,
		"record=10000002&until=2025-11-30":             0,
		"run=old":                                      1,
		"field=jobtitle&outcome=refused":               2,
		"field=Title&outcome=refused":                  2,
		"outcome=stale&entity=company":                 1,
		"text=zebra":                                   0, // older than 30 days
		"text=head+of+op&entity=company&outcome=taken": 9,
		"text=INVALID_PHONE":                           4,
		"outcome=nosuch":                               0,
	} {
		if got := rows(s.page("/history?"+question), "history"); len(got) != want {
			t.Errorf("%s: %d rows, want %d\n%s", question, len(got), want, strings.Join(got, "\n"))
		}
	}
}

// A chart says in words what it shows, and its tallest bar reaches the top.
func TestChart(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	text := s.page("/")
	for _, want := range []string{
		`aria-label="Changes sent: most on 17 Feb, 394 changes."`, `<title>2 Mar: 243 taken, 5 refused, 3 stale or deferred</title>`,
		`class="one" x="1"`, `aria-label="1 percent of the calls of a day are used"`, "frozen fields", "contact.phone is frozen",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the overview has no %s", want)
		}
	}
	empty := chart(Table{Rows: []Row{{value: map[string]any{"day": "x", "n": int64(0)}}}}, "None", "things", "day", Series{Label: "n", Class: "one"})
	if empty.Said != "None: none." || empty.Bars[0].Parts[0].Height != 0 {
		t.Errorf("a chart of nothing: %+v", empty)
	}
}

// TestShortID: people copy Salesforce's ids in the length of 15 from its addresses and reports.
func TestShortID(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	_, want := s.get("/csv/history?record=10000005")
	if _, got := s.get("/csv/history?record=003Sx0000000005"); got != want || strings.Count(got, "\n") < 2 {
		t.Errorf("by the short id\n%sby the other one\n%s", got, want)
	}
}

// TestEndOfARun: a table shows the end of a run's id, and who types that finds the run.
func TestEndOfARun(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	_, want := s.get("/csv/history?run=20260302T083000Z-large0")
	if _, got := s.get("/csv/history?run=large0"); got != want || strings.Count(got, "\n") < 2 {
		t.Errorf("by its end\n%.200s, whole\n%.200s", got, want)
	}
}
