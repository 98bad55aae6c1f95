package transform

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/entity"
)

// The pairs that suspect.sql names are those of which a side that says a field differs from its base, however many fields
// there are: none is missed, and none is looked at in vain.
func TestSuspects(t *testing.T) {
	t.Parallel()
	const blank, absent, unknown = "", "\uE000", "\uE000odd"
	for _, n := range []int{1, 63, 64, 150} {
		t.Run(fmt.Sprint(n, " fields"), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(1, uint64(n)))
			one := func(of ...string) string { return of[rnd.IntN(len(of))] }
			var fields []Field
			for i := range n {
				f := Field{Name: fmt.Sprintf("f%03d", i), Direction: one("two_way", "two_way", "hubspot_to_salesforce", "salesforce_to_hubspot", "off")}
				if i == 0 {
					f = Field{Name: "salesforce_id", Direction: "two_way"} // called as a column of pair is
				}
				fields = append(fields, f)
			}
			v := newWorld(t)
			conn, err := v.w.DB.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			r := &run{ctx: t.Context(), conn: conn, entity: &entity.Entity{Name: "many"}, fields: fields}
			exec := func(q string) {
				t.Helper()
				if _, err := conn.ExecContext(t.Context(), q); err != nil {
					t.Fatalf("%.300s: %v", q, err)
				}
			}
			columns := " varchar"
			for i, f := range fields {
				columns += []string{", ", ","}[min(i, 1)] + f.Name + " varchar"
			}
			exec("create temp table pair (pair_id varchar, state varchar, merges boolean, hubspot_object varchar, hubspot_id varchar, hubspot_replaced boolean, salesforce_object varchar, salesforce_id varchar, salesforce_replaced boolean)")
			exec("create temp table row_hubspot (object varchar, id" + columns + ")")
			exec("create temp table row_salesforce (object varchar, id" + columns + ")")
			exec("create table base.many (system varchar, pair_id" + columns + ")")

			text := func(s string) string { // as a row has it
				if s == blank {
					return "null"
				}
				return literal(s)
			}
			var want []string
			rows := map[string][]string{}
			for p := range 200 {
				id := fmt.Sprintf("p%03d", p)
				merges, replaced, based := rnd.IntN(20) > 0, rnd.IntN(20) == 0, rnd.IntN(20) > 0
				moved := !based
				var h, s, hb, sb []string
				for _, f := range fields {
					x := [2]string{one("a", "b", blank, absent, unknown), one("a", "b", blank, absent, unknown)}
					base := [2]string{literal(x[0]), literal(x[1])} // as a rule what the side says
					for side := range x {
						if strings.HasPrefix(x[side], absent) || rnd.IntN(10*n) == 0 {
							base[side] = one("null", "''", "'a'", "'b'")
						}
					}
					h, s, hb, sb = append(h, text(x[0])), append(s, text(x[1])), append(hb, base[0]), append(sb, base[1])
					says := func(side int) bool { return !strings.HasPrefix(x[side], absent) }
					differs := func(side int) bool { return base[side] != literal(x[side]) }
					var m bool
					switch both := says(0) && says(1); f.Direction {
					case "off":
					case "two_way":
						m = both && (differs(0) || differs(1))
					default:
						source := 0
						if f.Direction == "salesforce_to_hubspot" {
							source = 1
						}
						// what the target cannot say does not matter, and a blank that was never told of is none
						m = both && (differs(0) || differs(1)) || says(source) && !both && differs(source) && !(x[source] == blank && base[source] == "null")
					}
					moved = moved || m
				}
				if merges && moved || replaced {
					want = append(want, id)
				}
				add := func(table, format string, args ...any) {
					rows[table] = append(rows[table], fmt.Sprintf(format, args...))
				}
				add("pair", "('%s', 'linked', %t, 'contacts', '%[1]s', %[3]t, 'Contact', '%[1]s', false)", id, merges, replaced)
				add("row_hubspot", "('contacts', '%s', %s)", id, strings.Join(h, ", "))
				add("row_salesforce", "('Contact', '%s', %s)", id, strings.Join(s, ", "))
				if based {
					add("base.many", "('hubspot', '%s', %s)", id, strings.Join(hb, ", "))
					add("base.many", "('salesforce', '%s', %s)", id, strings.Join(sb, ", "))
				}
			}
			for table, all := range rows {
				exec("insert into " + table + " values " + strings.Join(all, ", "))
			}
			if err := r.query("suspect.sql", map[string]any{"Words": words(fields), "Edited": false, "Resynced": false}); err != nil {
				t.Fatal(err)
			}
			got, err := r.strings1("from suspect order by all")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			t.Logf("%d of 200 suspects", len(got))
		})
	}
}
