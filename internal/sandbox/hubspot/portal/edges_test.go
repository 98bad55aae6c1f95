package portal

import (
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEdgesAreAMap compares the packed store with a plain one under random changes, over several mergers.
func TestEdgesAreAMap(t *testing.T) {
	t.Parallel()
	var e edges
	want := map[int64]map[int64]uint32{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		from, to, kinds := random.Int64N(3000), random.Int64N(20), uint32(random.IntN(4))
		e.set(from, to, kinds)
		if want[from] == nil {
			want[from] = map[int64]uint32{}
		}
		want[from][to] = kinds
		if kinds == 0 {
			delete(want[from], to)
		}
		if random.IntN(10_000) == 0 {
			e.each(func(edge) {})
		}
	}
	for from, others := range want {
		got := map[int64]uint32{}
		last := int64(-1)
		for _, x := range e.of(from) {
			if x.from != from || x.to <= last {
				t.Fatalf("%d: %v is out of order", from, e.of(from))
			}
			got[x.to], last = x.kinds, x.to
		}
		if diff := cmp.Diff(others, got); diff != "" {
			t.Fatalf("%d (-want +got):\n%s", from, diff)
		}
		for to, kinds := range others {
			if e.kinds(from, to) != kinds {
				t.Fatalf("%d to %d: %d, want %d", from, to, e.kinds(from, to), kinds)
			}
		}
	}
	if e.kinds(1, 99) != 0 || len(e.of(99_999)) != 0 {
		t.Error("what is not there is found")
	}
}

func testPortal(t *testing.T) (*Portal, func(object string, ids ...int64) *Object) {
	p := New(1, func() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }, 0, Rules{})
	return p, func(object string, ids ...int64) *Object {
		t.Helper()
		o := p.Object(object)
		for _, id := range ids {
			if _, err := o.Insert(map[string]string{"hs_object_id": strconv.FormatInt(id, 10)}); err != nil {
				t.Fatal(err)
			}
		}
		return o
	}
}

func TestMoveAssociations(t *testing.T) {
	t.Parallel()
	p, insert := testPortal(t)
	contacts, companies, leads := insert("contacts", 1, 2, 3), insert("companies", 11, 12), insert("leads", 21)
	r := p.Relation(contacts, companies)
	for _, pair := range [][2]int64{{1, 11}, {2, 12}, {2, 11}} {
		if err := r.Associate(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	self := p.Relation(contacts, contacts)
	for _, to := range []int64{1, 3} {
		if err := self.Associate(2, to); err != nil {
			t.Fatal(err)
		}
	}
	lead := p.Relation(leads, contacts)
	if err := lead.Associate(21, 2, lead.Primary()); err != nil {
		t.Fatal(err)
	}
	p.MoveAssociations(contacts, 2, 1)
	if got := r.PrimaryOf(1); got != 11 {
		t.Errorf("the survivor keeps its primary company: %d", got)
	}
	if len(r.Of(1)) != 2 || r.Of(2) != nil || self.Of(2) != nil || len(self.Of(1)) != 1 || !self.Has(3, 1) {
		t.Errorf("companies %v and %v, contacts %v and %v", r.Of(1), r.Of(2), self.Of(1), self.Of(2))
	}
	if _, live := leads.Get(21, false); !live || lead.PrimaryOf(21) != 1 {
		t.Errorf("the lead of the merged contact: live %t, primary contact %d", live, lead.PrimaryOf(21))
	}
	c, _ := contacts.Get(1, false)
	if got := c.stored("associatedcompanyid"); got != "11" {
		t.Errorf("associatedcompanyid %q", got)
	}
}

// TestMillionAssociations holds a pair to its price in memory.
func TestMillionAssociations(t *testing.T) {
	var e, back edges
	before := heap()
	const pairs = 1_000_000
	for i := range int64(pairs) {
		e.set(i, i%100_000, 1)
		back.set(i%100_000, i, 1)
	}
	e.pack()
	back.pack()
	perPair := float64(heap()-before) / pairs
	t.Logf("%.0f bytes a pair, both directions", perPair)
	if perPair > 80 {
		t.Error("that is too much")
	}
	runtime.KeepAlive(&e)
	runtime.KeepAlive(&back)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
