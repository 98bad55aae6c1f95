package publish_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lockstep/internal/publish"
)

// After every run the publication has the rows that the warehouse has, whatever changed and however it was published.
func TestPublicationIsTheWarehouse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.o.Small = 5
	r := rand.New(rand.NewPCG(1, 2))
	people := 0
	acts := map[string]func() []string{
		"land": func() (q []string) {
			for range 1 + r.IntN(6) {
				people++
				q = append(q, fmt.Sprintf(`insert into hubspot.contacts by name select 'c%[1]d' as id, 'p%[1]d@example.com' as email, %[1]d as amount, $now as _modified_at, false as _deleted, $now as _landed_at`, people))
			}
			return q
		},
		"edit": func() []string {
			return []string{fmt.Sprintf(`update hubspot.contacts set email = 'e%d@example.com', _modified_at = $now, _landed_at = $now where id = 'c%d'`, r.IntN(99), 1+r.IntN(max(people, 1)))}
		},
		"stamp": func() []string {
			return []string{fmt.Sprintf(`update hubspot.contacts set _modified_at = $now where id = 'c%d'`, 1+r.IntN(max(people, 1)))}
		},
		"bury": func() []string {
			return []string{fmt.Sprintf(`update hubspot.contacts set _deleted = true, _deleted_at = $now where id = 'c%d'`, 1+r.IntN(max(people, 1)))}
		},
		"link": func() (q []string) {
			for range 1 + r.IntN(4) {
				n := 1 + r.IntN(people+10)
				q = append(q, fmt.Sprintf(`insert into plan.link by name select $run as plan_id, 'contact' as entity, 'p%d' as pair_id, 'linked' as state`, n),
					fmt.Sprintf(`delete from link.contact where pair_id = 'p%d'`, n),
					fmt.Sprintf(`insert into link.contact values ('p%[1]d', 'linked', 'contacts', 'c%[1]d', 'Contact', '003', 'email', null, $now, $run)`, n))
			}
			return q
		},
		"settle": func() (q []string) {
			n := 1 + r.IntN(people+10)
			for _, side := range []string{"hubspot", "salesforce"} {
				q = append(q, fmt.Sprintf(`insert into plan.settle by name select $run as plan_id, 'contact' as entity, 'p%d' as pair_id, '%s' as system, 'email' as field, 'agreed' as event`, n, side),
					fmt.Sprintf(`delete from base.contact where pair_id = 'p%d' and system = '%s'`, n, side),
					fmt.Sprintf(`insert into base.contact by name select 'p%[1]d' as pair_id, '%[2]s' as system, 'contacts' as object, 'c%[1]d' as id, 'v%[3]d' as email`, n, side, r.IntN(99)))
			}
			return q
		},
		"unknown to the plan": func() []string { // the numbers of rows tell
			return []string{fmt.Sprintf(`insert into base.contact by name select 'x%d' as pair_id, 'hubspot' as system, 'contacts' as object, 'x' as id`, s.runs)}
		},
		"send": func() []string { return []string{sent} },
		"refuse": func() []string {
			return []string{`insert into history.refusal by name select 'contact' as entity, 'p1' as pair_id, 'hubspot' as system, 'contacts' as object, 'invalid' as category, 'no' as words, $now as first_at, $now as last_at, $run as run_id`}
		},
		"mend": func() []string { return []string{`delete from history.refusal`} },
		"widen": func() []string {
			return []string{fmt.Sprintf(`alter table hubspot.contacts add column n%d bigint`, s.runs)}
		},
		"told": func() []string {
			return []string{fmt.Sprintf(`insert into catalog.users by name select '005%d' as id, true as active`, s.runs)}
		},
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range acts {
			if !yield(n) {
				return
			}
		}
	})
	mapping, deltas := "m", 0
	var reader *publish.Reader
	for i := range 24 {
		var did, q []string
		if i == 0 { // so many that a few are a delta
			did = []string{"begin"}
			for n := range 50 {
				people = n
				q = slices.Concat(q, acts["land"](), acts["link"](), acts["settle"]())
			}
		}
		for range r.IntN(4) * min(i, 1) {
			name := names[r.IntN(len(names))]
			if name == "widen" && r.IntN(4) > 0 {
				continue
			}
			did, q = append(did, name), append(q, acts[name]()...)
		}
		kind := "quarter"
		switch {
		case len(did) == 0:
			kind = "idle"
		case i%9 == 7:
			kind = "night"
		case i%7 == 6:
			kind = "another mapping"
			mapping += "m"
			q = append(q, `update base.contact set email = null`)
		}
		report := s.mustRun(func(o *publish.Options) { o.Idle, o.Whole, o.Mapping = kind == "idle", kind == "night", mapping }, q...)
		if kind == "idle" && i > 0 && report.Files > 4 {
			t.Errorf("run %d: %d files of a run without work", i, report.Files)
		}
		if reader == nil {
			reader = s.open()
		}
		s.same(reader)
		for _, table := range s.manifest().Tables {
			if table.Delta != nil {
				deltas++
			}
		}
		if t.Failed() {
			t.Fatalf("run %d, %s: %v", i, kind, did)
		}
	}
	if deltas < 15 {
		t.Errorf("%d deltas: that is no test of them", deltas)
	}
}
