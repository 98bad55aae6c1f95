package portal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// version is what a model of the portal remembers of one write.
type version struct {
	at, modified int64
	email, phone string
	gone         bool
}

// TestSearchSeesWhatIsOldEnough compares searches, by whichever index they go, with a model that keeps every version of every record.
func TestSearchSeesWhatIsOldEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
		lag := time.Duration(rapid.IntRange(0, 3).Draw(t, "lag")) * time.Second
		p := New(1, func() time.Time { return now }, lag, Rules{})
		o := p.Object("contacts")
		model := map[int64][]version{}
		ids := []int64{}
		record := func(id int64) {
			v := version{at: now.UnixMilli()}
			if r, live := o.Get(id, false); live {
				v.modified, v.email, v.phone = r.Modified(), r.stored("email"), r.stored("phone")
			} else {
				v.gone = true
			}
			model[id] = append(model[id], v)
		}
		pick := func() int64 { return rapid.SampledFrom(ids).Draw(t, "id") }
		write := func(id int64) {
			w := o.Begin(Source{Type: "INTEGRATION"})
			values := map[string]string{
				"phone": rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "phone"),
				"email": rapid.SampledFrom([]string{"", "a@example.com", "b@example.com", "c@example.com"}).Draw(t, "email"),
			}
			var err error
			if id == 0 {
				err = w.Create(values)
			} else {
				err = w.Update(id, values)
			}
			if err != nil {
				return
			}
			for _, r := range w.Commit() {
				if id == 0 {
					ids = append(ids, r.ID())
				}
				record(r.ID())
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"create": func(*rapid.T) { write(0) },
			"insert": func(t *rapid.T) {
				at := now.Add(-time.Duration(rapid.IntRange(0, 5000).Draw(t, "age")) * time.Millisecond)
				id := int64(rapid.IntRange(1, 50).Draw(t, "given id"))
				if _, err := o.Insert(map[string]string{"hs_object_id": fmt.Sprint(id), "phone": "1", "lastmodifieddate": Instant(at.UnixMilli())}); err != nil {
					return
				}
				ids = append(ids, id)
				model[id] = []version{{at: at.UnixMilli(), modified: at.UnixMilli(), phone: "1"}}
			},
			"update": func(t *rapid.T) {
				if len(ids) > 0 {
					write(pick())
				}
			},
			"delete": func(t *rapid.T) {
				if len(ids) > 0 {
					id := pick()
					if o.Delete(id) == nil {
						record(id)
					}
				}
			},
			"touch": func(t *rapid.T) {
				if len(ids) > 0 {
					id := pick()
					if o.Touch(id) == nil {
						record(id)
					}
				}
			},
			"time": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "ms")) * time.Millisecond)
			},
			"": func(t *rapid.T) {
				from := now.UnixMilli() - int64(rapid.IntRange(-10, 6000).Draw(t, "window"))
				above := int64(rapid.IntRange(0, 60).Draw(t, "above"))
				queries := map[string]struct {
					q       Query
					matches func(int64, version) bool
				}{
					"modified": {
						Query{Groups: [][]Filter{{{Property: "lastmodifieddate", Operator: "GTE", Value: fmt.Sprint(from)}}}, Sort: "lastmodifieddate"},
						func(_ int64, v version) bool { return v.modified >= from },
					},
					"id": {
						Query{Groups: [][]Filter{{{Property: "hs_object_id", Operator: "GT", Value: fmt.Sprint(above)}}}, Sort: "lastmodifieddate"},
						func(id int64, _ version) bool { return id > above },
					},
					"e-mail": {
						Query{Groups: [][]Filter{{{Property: "email", Operator: "IN", Values: []string{"a@example.com", "b@example.com"}}}}, Sort: "lastmodifieddate"},
						func(_ int64, v version) bool { return v.email == "a@example.com" || v.email == "b@example.com" },
					},
					"either": {
						Query{Groups: [][]Filter{
							{{Property: "phone", Operator: "EQ", Value: "1"}}, {{Property: "lastmodifieddate", Operator: "LT", Value: fmt.Sprint(from)}},
						}, Sort: "lastmodifieddate"},
						func(_ int64, v version) bool { return v.phone == "1" || v.modified < from },
					},
				}
				for name, c := range queries {
					found, err := o.Search(fmt.Sprint(c.q), c.q)
					if err != nil {
						t.Fatal(err)
					}
					got := []string{}
					for _, r := range found.Records {
						got = append(got, fmt.Sprintf("%d %d %s", r.Modified(), r.ID(), r.stored("phone")))
					}
					if diff := gocmp.Diff(seen(model, now.Add(-lag).UnixMilli(), c.matches), got); diff != "" || found.Total != len(got) {
						t.Fatalf("%s (-want +got), total %d:\n%s", name, found.Total, diff)
					}
				}
			},
		})
	})
}

// seen is what the model lets a search see, ordered by stamp and id.
func seen(model map[int64][]version, horizon int64, matches func(int64, version) bool) []string {
	type line struct {
		modified, id int64
		text         string
	}
	lines := []line{}
	for id, versions := range model {
		i := len(versions) - 1
		for i >= 0 && versions[i].at > horizon {
			i--
		}
		if i >= 0 && !versions[i].gone && matches(id, versions[i]) {
			v := versions[i]
			lines = append(lines, line{v.modified, id, fmt.Sprintf("%d %d %s", v.modified, id, v.phone)})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(cmp.Compare(a.modified, b.modified), cmp.Compare(a.id, b.id)) })
	out := []string{}
	for _, l := range lines {
		out = append(out, l.text)
	}
	return out
}

// TestPackedKeepsWhatItIsGiven packs and changes rows of values beside a map.
func TestPackedKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p packed
		model := map[uint16]string{}
		for range rapid.IntRange(1, 5).Draw(t, "writes") {
			changes := rapid.MapOf(rapid.Uint16Range(0, 300), rapid.StringOfN(rapid.Rune(), 0, 200, -1)).Draw(t, "changes")
			var cells []cell
			for col, v := range changes {
				cells = append(cells, cell{col, v})
				model[col] = v
			}
			sortCells(cells)
			p = p.with(cells)
		}
		for col := range uint16(301) {
			if got := p.get(col); got != model[col] {
				t.Fatalf("column %d: %q, want %q", col, got, model[col])
			}
		}
	})
}

func TestFoundIsForgotten(t *testing.T) {
	t.Parallel()
	p := New(1, time.Now, 0, Rules{})
	o := p.Object("contacts")
	search := func() int {
		found, err := o.Search("all", Query{})
		if err != nil {
			t.Fatal(err)
		}
		return found.Total
	}
	if n := search(); n != 0 {
		t.Fatalf("%d in an empty portal", n)
	}
	if _, err := o.Insert(map[string]string{"firstname": strings.Repeat("x", 3)}); err != nil {
		t.Fatal(err)
	}
	if n := search(); n != 1 {
		t.Errorf("%d after an insert", n)
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	tests := []struct {
		s, pattern string
		want       bool
	}{
		{"lee", "lee", true}, {"lee", "le", false}, {"lee", "le*", true}, {"lee", "*ee", true}, {"lee", "l*e", true}, {"le", "le*e", false},
		{"example", "e*am*e", true}, {"example", "e*ma*e", false}, {"", "*", true}, {"aa", "a*a*a", false},
		{strings.Repeat("a", 10_000), strings.Repeat("a*", 100) + "b", false},
	}
	for _, tt := range tests {
		if got := like(tt.s, tt.pattern); got != tt.want {
			t.Errorf("like(%.20q, %.20q) = %t", tt.s, tt.pattern, got)
		}
	}
}
