package portal

import (
	"slices"
	"strings"
)

// How the members of a list come about.
const (
	Manual   = "MANUAL"   // by hand
	Snapshot = "SNAPSHOT" // those that matched when the list was made, from then on by hand
	Dynamic  = "DYNAMIC"  // those that match
)

// List is a list, or segment, of records of one object.
type List struct {
	ID         int64
	LegacyID   int64 // in the v1 API, which has lists of contacts only; 0 for others
	Name       string
	Processing string
	Version    int
	Branch     *Branch // nil for lists without filters
	CreatedAt  int64   // Unix milliseconds, as are all stamps here
	UpdatedAt  int64
	FilteredAt int64 // when the filters were last set
	DeletedAt  int64 // 0 while the list is there
	AddedAt    int64 // when a record was last added, 0 for never
	RemovedAt  int64

	portal  *Portal
	object  *Object
	members members
	dirty   int64 // when the first change came that a DYNAMIC list has not taken in; 0: none
	test    test
}

// Member is a record in a list.
type Member struct {
	ID int64
	At int64 // since when, Unix milliseconds
}

// restorable is how long a deleted list can be had back, in milliseconds.
const restorable = 90 * 24 * 60 * 60 * 1000

// CreateList makes a list. The caller has checked the name; the error is BadFilter.
func (p *Portal) CreateList(o *Object, name, processing string, branch *Branch) (*List, error) {
	now := p.ms()
	l := &List{
		ID: int64(len(p.lists) + 1), Name: name, Processing: processing, Version: 1, CreatedAt: now, UpdatedAt: now, FilteredAt: now,
		portal: p, object: o,
	}
	if branch != nil {
		if err := l.filter(branch); err != nil {
			return nil, err
		}
	}
	if o.Plural == "contacts" {
		p.legacyLists++
		l.LegacyID = 200 + p.legacyLists // not the id v3 gives, as in every account
	}
	p.lists = append(p.lists, l)
	o.lists = append(o.lists, l)
	if processing == Snapshot && branch != nil {
		l.evaluate(now)
	}
	return l, nil
}

// SetFilters gives a list other filters.
func (l *List) SetFilters(branch *Branch) error {
	if err := l.filter(branch); err != nil {
		return err
	}
	l.Version++
	l.UpdatedAt, l.FilteredAt = l.portal.ms(), l.portal.ms()
	return nil
}

func (l *List) filter(branch *Branch) error {
	t, err := l.object.compileBranch(branch, 0)
	if err != nil {
		return err
	}
	l.Branch, l.test, l.dirty = branch, t, l.portal.ms()
	return nil
}

// Object is the object whose records the list holds.
func (l *List) Object() *Object { return l.object }

// Processed says whether the list has taken in all changes that are old enough, which it does when asked.
func (l *List) Processed() bool {
	if l.Processing != Dynamic || l.dirty == 0 {
		return true
	}
	due := l.dirty + l.portal.ListLag.Milliseconds()
	if l.portal.ms() < due {
		return false
	}
	l.evaluate(due)
	return true
}

// evaluate makes those records the members that match.
func (l *List) evaluate(at int64) {
	l.dirty = 0 // first: a list may look at another that looks at it
	var ids []int64
	for _, r := range l.object.table.sorted() {
		if r.archived == 0 && l.test(Record{l.object, r}) {
			ids = append(ids, r.id)
		}
	}
	added, removed := l.members.become(ids, at)
	l.stamp(added, removed, at)
}

func (l *List) stamp(added, removed int, at int64) {
	if added > 0 {
		l.AddedAt = at
	}
	if removed > 0 {
		l.RemovedAt = at
	}
}

// Size is how many members the list has.
func (l *List) Size() int { l.Processed(); return len(l.members.sorted) }

// Add takes live records in. It returns who is new, and which ids are no records.
func (l *List) Add(ids []int64) (added, missing []int64) {
	known, missing := l.known(ids)
	added = l.members.add(known, l.portal.ms())
	l.stamp(len(added), 0, l.portal.ms())
	return added, missing
}

// Remove takes records out. It returns who was a member, and which ids are no records.
func (l *List) Remove(ids []int64) (removed, missing []int64) {
	known, missing := l.known(ids)
	removed = l.members.remove(known)
	l.stamp(0, len(removed), l.portal.ms())
	return removed, missing
}

func (l *List) known(ids []int64) (known, missing []int64) {
	for _, id := range ids {
		if _, live := l.object.Get(id, false); live {
			known = append(known, id)
		} else {
			missing = append(missing, id)
		}
	}
	return known, missing
}

// AddFrom takes in the members of another list of the same object.
func (l *List) AddFrom(other *List) {
	other.Processed()
	var ids []int64
	for _, m := range other.members.sorted {
		ids = append(ids, m.id)
	}
	l.Add(ids)
}

// Empty takes everybody out.
func (l *List) Empty() {
	l.stamp(0, len(l.members.sorted), l.portal.ms())
	l.members = members{}
}

// Since is when a record joined, false when it is no member.
func (l *List) Since(id int64) (int64, bool) {
	l.Processed()
	i, is := l.members.find(id)
	if !is {
		return 0, false
	}
	return l.members.sorted[i].at, true
}

// Members are all members by id, or by the time they joined.
func (l *List) Members(byJoining bool) []Member {
	l.Processed()
	from := l.members.sorted
	if byJoining {
		from = l.members.byJoining()
	}
	all := make([]Member, len(from))
	for i, m := range from {
		all[i] = Member{m.id, m.at}
	}
	return all
}

// List finds a list by id, nil when there is none or it is deleted.
func (p *Portal) List(id int64) *List {
	if id < 1 || id > int64(len(p.lists)) || p.lists[id-1].DeletedAt != 0 {
		return nil
	}
	return p.lists[id-1]
}

// Lists are those that are not deleted, by id.
func (p *Portal) Lists() []*List {
	return slices.DeleteFunc(slices.Clone(p.lists), func(l *List) bool { return l.DeletedAt != 0 })
}

// ListNamed finds an object's list by name, in any case.
func (p *Portal) ListNamed(o *Object, name string) *List {
	for _, l := range p.Lists() {
		if l.object == o && strings.EqualFold(l.Name, name) {
			return l
		}
	}
	return nil
}

// DeleteList deletes a list.
func (p *Portal) DeleteList(l *List) { l.DeletedAt = p.ms() }

// RestoreList has a deleted list back, nil when there is none or it is too late.
func (p *Portal) RestoreList(id int64) *List {
	if id < 1 || id > int64(len(p.lists)) {
		return nil
	}
	l := p.lists[id-1]
	if l.DeletedAt == 0 || p.ms()-l.DeletedAt > restorable {
		return nil
	}
	l.DeletedAt = 0
	return l
}

// dropMember takes a record that is no longer there out of the lists made by hand.
func (o *Object) dropMember(id int64) {
	for _, l := range o.lists {
		if l.Processing != Dynamic {
			removed := l.members.remove([]int64{id})
			l.stamp(0, len(removed), l.portal.ms())
		}
	}
}

// moveMember gives a record's places in such lists to another one.
func (o *Object) moveMember(from, to int64) {
	for _, l := range o.lists {
		if at, is := l.Since(from); is && l.Processing != Dynamic {
			l.members.remove([]int64{from})
			l.members.add([]int64{to}, at)
		}
	}
}

// unsettle tells the object's lists that records have changed.
func (o *Object) unsettle() {
	for _, l := range o.lists {
		if l.dirty == 0 && l.Processing == Dynamic {
			l.dirty = o.portal.ms()
		}
	}
}
