package portal

import (
	"slices"
	"strings"
)

// Window is how far into its results a search can be paged.
const Window = 10_000

// Query is a search: any group whose filters all hold, and every word of Text.
type Query struct {
	Groups     [][]Filter
	Text       string
	Sort       string // a property; empty is the order of creation
	Descending bool
}

// Found is what a search found: how many records match, and the first Window of them.
type Found struct {
	Total   int
	Records []Record
	until   int64 // Unix milliseconds; from then on a version that was too young is to be seen
}

// Search evaluates a query over the versions that are old enough. Key names the query: the same key on the same state is
// answered from memory, so that paging through a result costs one search. The error is BadFilter.
func (o *Object) Search(key string, q Query) (*Found, error) {
	now := o.portal.ms()
	if f := o.found[key]; f != nil && now < f.until && o.portal.Stale == 0 {
		return f, nil
	}
	groups, matches, order, err := o.compileQuery(q)
	if err != nil {
		return nil, err
	}
	best := o.gather(groups, matches, order, now)
	result := &Found{Total: best.total, until: o.nextVisible(now)}
	for _, h := range best.sorted() {
		result.Records = append(result.Records, Record{o, h.row})
	}
	if o.portal.Stale > 0 {
		return result, nil // not what the next one sees
	}
	if len(o.found) >= 8 || o.found == nil {
		o.found = map[string]*Found{}
	}
	o.found[key] = result
	return result, nil
}

// compileQuery turns a query into a test and an order.
func (o *Object) compileQuery(q Query) (groups [][]Filter, matches test, order ranking, err error) {
	groups = q.Groups
	if len(groups) == 0 {
		groups = [][]Filter{nil}
	}
	var tests [][]test
	for _, group := range groups {
		var all []test
		for _, f := range group {
			t, err := o.compile(f)
			if err != nil {
				return nil, nil, ranking{}, err
			}
			all = append(all, t)
		}
		tests = append(tests, all)
	}
	by := o.byName[o.CreatedName]
	if q.Sort != "" {
		if by = o.byName[q.Sort]; by == nil {
			return nil, nil, ranking{}, BadFilter{"Property " + q.Sort + " does not exist on " + o.Plural}
		}
	}
	words := tokens(q.Text, false)
	matches = func(r Record) bool {
		return (len(words) == 0 || o.mentions(r, words)) &&
			slices.ContainsFunc(tests, func(all []test) bool {
				return !slices.ContainsFunc(all, func(t test) bool { return !t(r) })
			})
	}
	return groups, matches, ranking{by: by, number: numeric(by), stamp: stampOf(by), descending: q.Descending}, nil
}

// Select lists every live record that matches a query as it is now, without the lag and the window of a search. The error is BadFilter.
func (o *Object) Select(q Query) ([]Record, error) {
	_, matches, order, err := o.compileQuery(q)
	if err != nil {
		return nil, err
	}
	var hits []hit
	for _, r := range o.table.sorted() {
		if r.archived == 0 && matches(Record{o, r}) {
			hits = append(hits, order.hit(o, r))
		}
	}
	slices.SortFunc(hits, order.compare)
	records := make([]Record, len(hits))
	for i, h := range hits {
		records[i] = Record{o, h.row}
	}
	return records, nil
}

// gather visits every record that may match, in the version the search sees.
func (o *Object) gather(groups [][]Filter, matches test, order ranking, now int64) *best {
	young := o.young(now)
	found := &best{ranking: order}
	var seen map[int64]bool
	if len(groups) > 1 {
		seen = map[int64]bool{}
	}
	visit := func(r row) {
		if _, replaced := young[r.id]; replaced || seen[r.id] {
			return
		}
		if matches(Record{o, r}) {
			found.add(o, r)
			if seen != nil {
				seen[r.id] = true
			}
		}
	}
	for _, group := range groups {
		o.walk(o.spanOf(group), visit)
	}
	for _, r := range young {
		if r.id != 0 && r.archived == 0 && matches(Record{o, r}) {
			found.add(o, r)
		}
	}
	return found
}

// mentions says whether every word starts a token of a searched property.
func (o *Object) mentions(r Record, words []string) bool {
	var have []string
	for _, name := range o.kind.searched {
		if p := o.byName[name]; p != nil {
			have = append(have, tokens(r.Value(p), false)...)
		}
	}
	for _, w := range words {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}
