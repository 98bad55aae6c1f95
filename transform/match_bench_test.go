package transform

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	defaults "lockstep/sql"
)

// matched is the default contact entity's match.sql as a run executes it, with its macros installed, over
// people that stand in hubspot_people and salesforce_people.
func matched(t testing.TB, w *warehouse.Warehouse, people int) (conn *sql.Conn, query string) {
	t.Helper()
	ctx := context.Background()
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p, err := entity.Load(defaults.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Install(ctx, conn); err != nil {
		t.Fatal(err)
	}
	for _, q := range crowd {
		if _, err := conn.ExecContext(ctx, strings.ReplaceAll(q, "{people}", fmt.Sprint(people))); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	e, _ := p.Entity("contact")
	return conn, "with hubspot as materialized (from hubspot_people), salesforce as materialized (from salesforce_people) select * from (\n" + e.Match.Text + "\n)"
}

// crowd makes people as unlike as real ones: few have most of the names, zip codes and mailboxes. All are in both
// CRMs; of ten, one has no e-mail address here and another there, one has a typing error in the first name, and one
// in the street.
var crowd = []string{
	`select setseed(0.5)`,
	`create or replace macro word(kind, rank) as translate(substr(md5(kind || floor(rank)::int), 1, 3 + (hash(kind || floor(rank)::int) % 7)::int), '0123456789', 'ghijklmnop')`,
	`create or replace temp table crowd as
	select i, word('first', 5000 * power(random(), 3)) as firstname, word('last', 60000 * power(random(), 3)) as lastname,
		(40000 * power(random(), 2))::int as zip, (300 * power(random(), 2))::int || ' ' || word('street', 2000 * random()) as street,
		if(random() < 0.3, 'mail', word('domain', 100000 * random())) || '.example.com' as domain,
		(2000000000 + hash(i) % 7999999999)::varchar as phone
	from range({people}) people (i)`,
	`create or replace temp table hubspot_people as
	select 'contacts' as object, i::varchar as id, null::varchar as pair_id, null::varchar as hubspot_id, null::varchar as salesforce_id,
		if(i % 10 = 0, null, firstname || '.' || lastname || i % 1000 || '@' || domain) as email, firstname, lastname,
		'+1 ' || phone as phone, null::varchar as mobilephone, street || ' Street' as address, 'Town ' || zip // 20 as city, lpad(zip::varchar, 5, '0') as zip
	from crowd`,
	`create or replace temp table salesforce_people as
	select if(i % 2 = 0, 'Lead', 'Contact') as object, 's' || i as id, null::varchar as pair_id, null::varchar as hubspot_id, null::varchar as salesforce_id,
		if(i % 10 = 1, null, firstname || '.' || lastname || i % 1000 || '@' || domain) as email,
		if(i % 10 = 2, firstname[1] || firstname, firstname) as firstname, lastname,
		null::varchar as phone, '(' || phone[:3] || ') ' || phone[4:] as mobilephone, street || if(i % 10 = 3, ' St.', ' Street') as address, 'Town ' || zip // 20 as city, lpad(zip::varchar, 5, '0') as zip
	from crowd`,
}

// Every rule finds its pairs by equal keys: a join that compares each with each would be a million millions.
func TestMatchJoinsByKeys(t *testing.T) {
	t.Parallel()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: runAt})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	conn, query := matched(t, w, 1000)
	var kind, text string
	if err := conn.QueryRowContext(context.Background(), "explain (format json) "+query).Scan(&kind, &text); err != nil {
		t.Fatal(err)
	}
	joins := regexp.MustCompile(`"name": *"([A-Z_]*(?:JOIN|PRODUCT)[A-Z_]*)`).FindAllStringSubmatch(text, -1)
	if len(joins) < 6 {
		t.Errorf("joins %v: want one per rule, and two for the stamped ids\n%s", joins, text)
	}
	for _, j := range joins {
		if j[1] != "HASH_JOIN" {
			t.Errorf("a %s compares each with each\n%s", j[1], text)
		}
	}
}

// BenchmarkMatch runs the default match.sql where nothing is linked yet: every person here against every person there.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			ctx := context.Background()
			w, err := warehouse.Open(ctx, warehouse.Options{Path: b.TempDir() + "/w.duckdb", RunAt: runAt, Memory: "4GB"})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			conn, query := matched(b, w, n)
			for b.Loop() {
				if _, err := conn.ExecContext(ctx, "create or replace temp table proposed as "+query); err != nil {
					b.Fatal(err)
				}
			}
			var found, wrong int
			if err := conn.QueryRowContext(ctx, `select count(distinct hubspot_id) filter ('s' || hubspot_id = salesforce_id), count(distinct (hubspot_id, salesforce_id)) filter ('s' || hubspot_id <> salesforce_id) from proposed`).Scan(&found, &wrong); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(found), "found")
			b.ReportMetric(float64(wrong), "wrong")
		})
	}
}
