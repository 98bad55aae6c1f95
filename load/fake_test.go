package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// fakeCRM is a Target in memory whose behaviour a test may bend.
type fakeCRM struct {
	system crm.System
	key    string
	size   int
	rows   map[string]map[string]*string
	gone   map[string]string
	now    *time.Time
	left   int64 // 0: not said
	next   int

	store   func(id, column string, v *string) *string           // what the CRM keeps of a value
	refuse  func(id string, values map[string]*string) []Refusal // per record
	reject  func(rows []Row) *Rejected                           // the batch whole
	during  func()                                               // runs inside a write, after it was carried out
	fail    func(call string) error                              // before the call does anything
	lost    func(call string) error                              // after the write was carried out
	later   map[string]string
	foreign map[string]bool // records somebody else modified last
	unread  map[string]bool // records that cannot be read back
	ours    map[string][]string
	noAhead bool

	cheapDeletes bool // of any number in one call

	calls []string
	sent  []map[string]*string
}

func (f *fakeCRM) Size() int {
	if f.size == 0 {
		return 3
	}
	return f.size
}

func (f *fakeCRM) Calls(w Work) []Calls {
	if w.Action == Delete && f.cheapDeletes {
		return []Calls{{"delete", 1}}
	}
	batches := (w.Records + f.Size() - 1) / f.Size()
	return []Calls{{"read", batches}, {string(w.Action), batches}}
}

func (f *fakeCRM) Left(context.Context) (int64, bool, error) { return f.left, f.left > 0, nil }

func (f *fakeCRM) Key(string, []string) string { return f.key }

func (f *fakeCRM) call(name string, n int) error {
	f.calls = append(f.calls, fmt.Sprintf("%s %d", name, n))
	if f.fail != nil {
		return f.fail(name)
	}
	return nil
}

func (f *fakeCRM) read(id string) Record {
	if why := f.gone[id]; why != "" {
		return Record{ID: id, Gone: why}
	}
	if _, ok := f.rows[id]; !ok {
		return Record{ID: id, Gone: "deleted"}
	}
	return Record{ID: id, ModifiedAt: *f.now, Values: maps.Clone(f.rows[id]), Foreign: f.foreign[id]}
}

func (f *fakeCRM) Read(_ context.Context, _ string, ids, _ []string) ([]Record, error) {
	if err := f.call("read", len(ids)); err != nil {
		return nil, err
	}
	var all []Record
	for _, id := range ids {
		all = append(all, f.read(id))
	}
	return all, nil
}

func (f *fakeCRM) Find(_ context.Context, _, column string, values, _ []string) ([]Record, error) {
	if err := f.call("find", len(values)); err != nil {
		return nil, err
	}
	var all []Record
	for id, r := range f.rows {
		if v := r[column]; v != nil && slices.Contains(values, *v) {
			all = append(all, f.read(id))
		}
	}
	return all, nil
}

func (f *fakeCRM) Update(_ context.Context, b Batch) (Answer, error) { return f.write("update", b) }
func (f *fakeCRM) Create(_ context.Context, b Batch) (Answer, error) { return f.write("create", b) }

func (f *fakeCRM) Delete(_ context.Context, _ string, ids []string) (Answer, error) {
	if err := f.call("delete", len(ids)); err != nil {
		return Answer{}, err
	}
	var a Answer
	for _, id := range ids {
		o := Outcome{ID: id}
		if f.refuse != nil {
			o.Refusals = f.refuse(id, nil)
		}
		if len(o.Refusals) == 0 {
			if f.gone == nil {
				f.gone = map[string]string{}
			}
			f.gone[id] = "deleted"
			o.Record = &Record{ID: id, Gone: "deleted"}
		}
		a.Outcomes = append(a.Outcomes, o)
	}
	if f.lost != nil {
		if err := f.lost("delete"); err != nil {
			return Answer{}, err
		}
	}
	return a, nil
}

func (f *fakeCRM) write(name string, b Batch) (Answer, error) {
	if err := f.call(name, len(b.Rows)); err != nil {
		return Answer{}, err
	}
	if f.reject != nil {
		if r := f.reject(b.Rows); r != nil {
			return Answer{}, r
		}
	}
	var a Answer
	var done []int
	for i, row := range b.Rows {
		o := Outcome{ID: row.ID, Later: f.later[row.ID]}
		if f.refuse != nil {
			o.Refusals = f.refuse(row.ID, row.Values)
		}
		if len(o.Refusals) == 0 && o.Later == "" {
			if row.ID == "" {
				f.next++
				o.ID = fmt.Sprintf("new%d", f.next)
				f.rows[o.ID] = map[string]*string{b.Key: str(row.Key)}
			}
			f.sent = append(f.sent, row.Values)
			for c, v := range row.Values {
				if f.store != nil {
					v = f.store(o.ID, c, v)
				}
				f.rows[o.ID][c] = v
			}
			done = append(done, i)
		}
		a.Outcomes = append(a.Outcomes, o)
	}
	*f.now = f.now.Add(time.Second)
	if f.lost != nil {
		if err := f.lost(name); err != nil {
			return Answer{}, err
		}
	}
	if f.during != nil {
		f.during()
	}
	for _, i := range done {
		if o := &a.Outcomes[i]; !f.unread[o.ID] {
			rec := f.read(o.ID)
			o.Record = &rec
		}
	}
	if !f.noAhead {
		for _, id := range b.Next {
			a.Next = append(a.Next, f.read(id))
		}
	}
	return a, nil
}

func (f *fakeCRM) Wrote(_ context.Context, _ string, ids, _ []string, _ time.Time) (map[string][]string, error) {
	out := map[string][]string{}
	for _, id := range ids {
		out[id] = f.ours[id]
	}
	return out, nil
}

// noAnswer is the error of a call that left and was never answered.
func noAnswer() error {
	return fmt.Errorf("a test's line: %w", &wire.Error{System: crm.Salesforce, Method: "POST", Endpoint: "composite", Kind: wire.Retry, Uncertain: true})
}

// refusedCall is the error of a call that was turned down before it did anything.
func refusedCall(k wire.Kind) error {
	return fmt.Errorf("a test's line: %w", &wire.Error{System: crm.Salesforce, Method: "POST", Endpoint: "composite", Status: 403, Kind: k})
}

var errBroken = errors.New("broken")
