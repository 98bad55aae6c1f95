package portal

import (
	"cmp"
	"slices"
)

// member is a record in a list, and since when.
type member struct {
	id int64
	at int64 // Unix milliseconds
}

// members are the records of a list in order of id, 16 bytes each.
type members struct {
	sorted []member
	joined []member // the same by time, then id; nil until somebody asks
}

func byID(m member, id int64) int { return cmp.Compare(m.id, id) }

func byTime(a, b member) int {
	if c := cmp.Compare(a.at, b.at); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// find gives a member's place.
func (m *members) find(id int64) (int, bool) { return slices.BinarySearchFunc(m.sorted, id, byID) }

// add takes records in and returns those that were not members.
func (m *members) add(ids []int64, at int64) []int64 {
	var added []int64
	for _, id := range ids {
		if _, is := m.find(id); !is {
			added = append(added, id)
		}
	}
	slices.Sort(added)
	added = slices.Compact(added)
	if len(added) == 0 {
		return nil
	}
	merged := make([]member, 0, len(m.sorted)+len(added))
	rest := m.sorted
	for _, id := range added {
		i, _ := slices.BinarySearchFunc(rest, id, byID)
		merged = append(append(merged, rest[:i]...), member{id, at})
		rest = rest[i:]
	}
	m.sorted, m.joined = append(merged, rest...), nil
	return added
}

// remove takes records out and returns those that were members.
func (m *members) remove(ids []int64) []int64 {
	gone := map[int64]bool{}
	for _, id := range ids {
		if _, is := m.find(id); is {
			gone[id] = true
		}
	}
	if len(gone) == 0 {
		return nil
	}
	m.sorted = slices.DeleteFunc(slices.Clone(m.sorted), func(x member) bool { return gone[x.id] })
	m.joined = nil
	removed := make([]int64, 0, len(gone))
	for id := range gone {
		removed = append(removed, id)
	}
	slices.Sort(removed)
	return removed
}

// become makes ids, in order, all the members there are. Who stays keeps the time of joining.
func (m *members) become(ids []int64, at int64) (added, removed int) {
	next := make([]member, 0, len(ids))
	kept := 0
	for _, id := range ids {
		x := member{id, at}
		if i, is := m.find(id); is {
			x = m.sorted[i]
			kept++
		}
		next = append(next, x)
	}
	added, removed = len(ids)-kept, len(m.sorted)-kept
	m.sorted, m.joined = next, nil
	return added, removed
}

// byJoining gives the members by the time they joined.
func (m *members) byJoining() []member {
	if m.joined == nil {
		m.joined = slices.SortedFunc(slices.Values(m.sorted), byTime)
	}
	return m.joined
}
