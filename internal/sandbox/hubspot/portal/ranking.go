package portal

import (
	"cmp"
	"slices"
	"strings"
)

// ranking orders what a search finds: by one property, records without a value last, then by id.
type ranking struct {
	by         *Property
	number     func(string) (float64, bool)
	stamp      func(row) int64
	descending bool
}

// hit is a record with its sort key.
type hit struct {
	row    row
	number float64
	text   string
	empty  bool
}

func (k ranking) hit(o *Object, r row) hit {
	h := hit{row: r}
	if k.stamp != nil {
		h.number = float64(k.stamp(r))
		return h
	}
	v := Record{o, r}.Value(k.by)
	h.empty = v == ""
	if k.number != nil && !h.empty {
		n, ok := k.number(v)
		h.number, h.empty = n, !ok
	} else {
		h.text = strings.ToLower(v)
	}
	return h
}

func (k ranking) compare(a, b hit) int {
	if a.empty != b.empty {
		if a.empty {
			return 1
		}
		return -1
	}
	c := cmp.Compare(a.number, b.number)
	if c == 0 {
		c = strings.Compare(a.text, b.text)
	}
	if k.descending {
		c = -c
	}
	if c == 0 {
		c = cmp.Compare(a.row.id, b.row.id)
	}
	return c
}

// best counts all hits and keeps the first Window of them.
type best struct {
	ranking
	total int
	hits  []hit
	worst *hit // once Window hits were sorted: the last of them
}

func (b *best) add(o *Object, r row) {
	b.total++
	h := b.hit(o, r)
	if b.worst != nil && b.compare(h, *b.worst) > 0 {
		return
	}
	b.hits = append(b.hits, h)
	if len(b.hits) == 2*Window {
		b.sorted()
	}
}

func (b *best) sorted() []hit {
	slices.SortFunc(b.hits, b.compare)
	if len(b.hits) >= Window {
		b.hits = b.hits[:Window]
		worst := b.hits[Window-1]
		b.worst = &worst
	}
	return b.hits
}
