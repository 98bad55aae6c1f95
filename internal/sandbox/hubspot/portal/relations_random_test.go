package portal

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestRandomLivesOfRelations lets records be associated, merged, archived, restored, edited and put into lists in any order;
// the account never contradicts itself.
func TestRandomLivesOfRelations(t *testing.T) {
	t.Parallel()
	for _, rules := range []Rules{{}, {MergeNewID: true}, {ExplicitPrimary: true}} {
		for seed := range uint64(8) {
			t.Run(fmt.Sprintf("%+v/%d", rules, seed), func(t *testing.T) {
				t.Parallel()
				now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
				p := New(1, func() time.Time { return now }, time.Second, rules)
				l := &life{p: p, random: rand.New(rand.NewPCG(seed, 7))}
				for _, plural := range []string{"contacts", "companies", "deals", "leads"} {
					l.objects = append(l.objects, p.Object(plural))
				}
				for i := range int64(40) {
					for _, o := range l.objects {
						if _, err := o.Insert(map[string]string{"hs_object_id": strconv.FormatInt(1+i, 10)}); err != nil {
							t.Fatal(err)
						}
					}
				}
				for range 3 {
					list, err := p.CreateList(l.objects[l.random.IntN(4)], "", Manual, nil)
					if err != nil {
						t.Fatal(err)
					}
					l.lists = append(l.lists, list)
				}
				for step := range 600 {
					now = now.Add(100 * time.Millisecond)
					what := l.step()
					if step%20 == 0 {
						if err := p.Check(); err != nil {
							t.Fatalf("after step %d, %s: %v", step, what, err)
						}
					}
				}
			})
		}
	}
}

// life is an account to which things happen. Most of them may be refused: what counts is that nothing is half done.
type life struct {
	p       *Portal
	random  *rand.Rand
	objects []*Object
	lists   []*List
}

func (l *life) step() string {
	by := Source{Type: "INTEGRATION", ID: "1"}
	o, other := l.objects[l.random.IntN(4)], l.objects[l.random.IntN(4)]
	a, b := l.record(o), l.record(other)
	r := l.p.Relation(o, other)
	switch n := l.random.IntN(14); {
	case n < 4 && r != nil:
		types := r.Types()
		_ = r.Associate(a, b, types[l.random.IntN(len(types))])
		return fmt.Sprintf("%s %d with %s %d", o.Plural, a, other.Plural, b)
	case n == 4 && r != nil:
		_ = r.Associate(a, b)
	case n == 5 && r != nil:
		types := r.Types()
		_ = r.Label(a, b, types[l.random.IntN(len(types))])
	case n == 6 && r != nil:
		types := r.Types()
		r.Unlabel(a, b, types[l.random.IntN(len(types))])
	case n == 7 && r != nil:
		r.Dissociate(a, b)
	case n == 8:
		_, _ = o.Merge(a, l.record(o), by)
		return fmt.Sprintf("merge of %s %d", o.Plural, a)
	case n == 9:
		_ = o.Delete(a)
	case n == 10:
		_ = o.Restore(a)
	case n == 11:
		w := l.objects[0].Begin(by)
		if err := w.Update(l.record(l.objects[0]), map[string]string{"associatedcompanyid": []string{"", strconv.FormatInt(l.record(l.objects[1]), 10)}[l.random.IntN(2)]}); err == nil {
			w.Commit()
		}
		return "associatedcompanyid"
	case n == 12:
		list := l.lists[l.random.IntN(len(l.lists))]
		list.Add([]int64{l.record(list.Object()), l.record(list.Object())})
	case n == 13:
		list := l.lists[l.random.IntN(len(l.lists))]
		list.Remove([]int64{l.record(list.Object())})
	}
	return fmt.Sprintf("%s %d", o.Plural, a)
}

// record is the id of some record there is or was.
func (l *life) record(o *Object) int64 {
	rows := o.table.rows
	return rows[l.random.IntN(len(rows))].id
}
