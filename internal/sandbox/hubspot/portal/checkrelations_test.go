package portal

import (
	"strings"
	"testing"
)

// TestCheckFindsBrokenRelations: Check would notice what it looks for.
func TestCheckFindsBrokenRelations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm func(r *Relation, l *List)
		want string
	}{
		"nothing":     {func(*Relation, *List) {}, ""},
		"one side":    {func(r *Relation, _ *List) { r.edges.set(1, 11, 0) }, "seen from the other side"},
		"order":       {func(r *Relation, _ *List) { r.edges.sorted[0].from = 9 }, "stands after"},
		"plain type":  {func(r *Relation, _ *List) { r.set(1, 11, r.Primary().bit) }, "without the plain type"},
		"two primary": {func(r *Relation, _ *List) { r.set(1, 12, r.types[0].bit|r.Primary().bit) }, "two primary ones"},
		"record":      {func(r *Relation, _ *List) { r.set(1, 99, r.types[0].bit) }, "COMPANY=99 is not valid"},
		"property":    {func(r *Relation, _ *List) { r.set(1, 11, r.types[0].bit) }, "associatedcompanyid"},
		"member":      {func(_ *Relation, l *List) { l.members.add([]int64{99}, 1) }, "member 99 is no live record"},
		"members":     {func(_ *Relation, l *List) { l.members.sorted = append(l.members.sorted, member{1, 1}) }, "member 1 stands after"},
		"joining":     {func(_ *Relation, l *List) { l.members.joined = []member{} }, "order of joining"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, insert := testPortal(t)
			contacts, companies := insert("contacts", 1, 2), insert("companies", 11, 12)
			r := p.Relation(contacts, companies)
			for _, pair := range [][2]int64{{1, 11}, {2, 11}} {
				if err := r.Associate(pair[0], pair[1]); err != nil {
					t.Fatal(err)
				}
			}
			r.edges.pack()
			l, err := p.CreateList(contacts, "L", Manual, nil)
			if err != nil {
				t.Fatal(err)
			}
			l.Add([]int64{1, 2})
			c.harm(r, l)
			err = p.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
