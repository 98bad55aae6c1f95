package load

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// What does not fit into the budget is deferred, the least important first. In the order of importance:
//
//	updates   of records that people work with: of them a late one becomes a conflict once somebody edits the other side
//	deletes   elements of sets that have ended, and partners of what was deleted
//	creates   a record that is not there yet is nobody's problem but its own, and takes more calls
//
// Within each, entities come as the pipeline lists them, and records as the plan does. Nothing is skipped to make room for
// something smaller. An update that needs a record which was not created is deferred with it. Sent is in another order,
// parents before children: what is sent early leaves the calls of what is more important and later.

// Budget bounds the calls of a run to one CRM.
type Budget struct {
	Reserve int64 // calls of today that are left to other integrations
	Run     int64 // most calls of one run; 0: no bound
}

// Forecast is what a plan takes of one CRM's calls.
type Forecast struct {
	Calls    []Calls // by endpoint, of what fits
	Left     *int64  // of today, by the server's count; nil: it does not say
	Deferred []Postponed
}

// Postponed are the changes of one kind that do not fit into the budget.
type Postponed struct {
	Entity string
	Action Action
	Object crm.Object
	N, Of  int // changes
	Reason string
}

// Foresee says how many calls applying the plan takes, per CRM and endpoint, and what is deferred. It asks a CRM at most
// how many calls are left. Of o it takes Budget, Canary, Force and Made.
func Foresee(ctx context.Context, w *warehouse.Warehouse, targets Targets, planID string, o Options) (_ map[crm.System]Forecast, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("load.Foresee(%s): %w", planID, err)
		}
	}()
	groups, err := queryGroups(ctx, w.DB, planID)
	if err != nil {
		return nil, err
	}
	r := &run{targets: targets, o: o, spent: map[crm.System]int64{}}
	if err := r.keyed(ctx, w.DB, planID, groups); err != nil {
		return nil, err
	}
	if err := r.fit(ctx, groups); err != nil {
		return nil, err
	}
	all := map[crm.System]Forecast{}
	for s, t := range targets {
		f := Forecast{}
		if left, ok, err := t.Left(ctx); err != nil {
			return nil, err
		} else if ok {
			f.Left = &left
		}
		for _, g := range groups {
			if g.object.System != s {
				continue
			}
			for _, c := range g.calls(t, g.canary, g.fit) {
				f.Calls = add(f.Calls, c)
			}
			if g.action == Update && s == crm.HubSpot && g.fit > 0 {
				clears, err := backwards(ctx, w.DB, planID, g)
				if err != nil {
					return nil, err
				}
				if clears > 0 { // at most one more call per batch
					f.Calls = add(f.Calls, Calls{"batch/update", min(clears, (g.fit+t.Size()-1)/t.Size())})
				}
			}
			if g.fit < g.n {
				f.Deferred = append(f.Deferred, Postponed{g.entity, g.action, g.object, g.n - g.fit, g.n, r.budgetReason(s)})
			}
		}
		all[s] = f
	}
	return all, nil
}

func add(all []Calls, c Calls) []Calls {
	for i := range all {
		if all[i].Endpoint == c.Endpoint {
			all[i].N += c.N
			return all
		}
	}
	return append(all, c)
}

func sum(all []Calls) (n int64) {
	for _, c := range all {
		n += int64(c.N)
	}
	return n
}

// importance orders groups that have to share what calls there are; the smaller goes first.
func (g *group) importance() int { return slices.Index([]Action{Update, Delete, Create}, g.action) }

// calls are those of n of the group's records, the first of which are a canary.
func (g *group) calls(t Target, canary, n int) []Calls {
	if n == 0 {
		return nil
	}
	if j, ok := t.(jobs); ok && g.keyed {
		return g.jobCalls(t, j, canary, n)
	}
	if canary > 0 && n > canary {
		n += t.Size() - canary // as if the first batch were full
	}
	return t.Calls(Work{Object: g.object.Name, Action: g.action, Records: n, Associated: g.associated, Associates: g.associates})
}

// fit sets how much of each group the budget allows, the most important first.
func (r *run) fit(ctx context.Context, groups []*group) error {
	room := map[crm.System]int64{}
	for _, g := range groups {
		s := g.object.System
		if _, ok := r.targets[s]; !ok {
			return crm.WithHint(fmt.Errorf("the plan writes to %s, which this run has no access to", s), "set its credentials: lockstep doctor")
		}
		if _, known := room[s]; !known {
			n, err := r.room(ctx, s)
			if err != nil {
				return err
			}
			room[s] = n
		}
	}
	order := slices.Clone(groups)
	slices.SortStableFunc(order, func(a, b *group) int { return a.importance() - b.importance() })
	for _, g := range order {
		s, t := g.object.System, r.targets[g.object.System]
		g.canary = r.canary(t, g)
		short := 0 // of the first batch
		if g.canary > 0 {
			short = t.Size() - g.canary
		}
		batches := (g.n + short + t.Size() - 1) / t.Size()
		fit := sort.Search(batches, func(i int) bool {
			return sum(g.calls(t, g.canary, min((i+1)*t.Size()-short, g.n))) > room[s]
		})
		g.fit = max(0, min(fit*t.Size()-short, g.n))
		if sum(g.calls(t, g.canary, g.n)) <= room[s] { // as a job all may take fewer calls than a part of them
			g.fit = g.n
		}
		room[s] -= sum(g.calls(t, g.canary, g.fit))
		if g.fit < g.n {
			room[s] = 0 // what comes later is less important
		}
	}
	for i, g := range groups {
		for _, later := range groups[i+1:] {
			if later.object.System == g.object.System && later.importance() < g.importance() {
				g.behind += sum(later.calls(r.targets[g.object.System], later.canary, later.fit))
			}
		}
	}
	return nil
}

// plenty stands for a CRM that does not say how many calls are left.
const plenty = int64(1) << 40

// room is how many calls this run may still make to s.
func (r *run) room(ctx context.Context, s crm.System) (int64, error) {
	b := r.o.Budget[s]
	room := plenty
	if b.Run > 0 {
		made := r.spent[s]
		if r.o.Made != nil {
			made = r.o.Made(s)
		}
		room = b.Run - made
	}
	left, ok, err := r.targets[s].Left(r.asked)
	if err != nil {
		return 0, err
	}
	if ok {
		room = min(room, left-b.Reserve)
	}
	return max(room, 0), nil
}

// noRoom is why a batch of the group is not sent; empty when it may be.
func (r *run) noRoom(ctx context.Context, g *group, n int) (string, error) {
	s := g.object.System
	room, err := r.room(ctx, s)
	if err != nil {
		return "", err
	}
	if sum(g.calls(r.targets[s], 0, n))+g.behind <= room {
		return "", nil
	}
	return r.budgetReason(s), nil
}

func (r *run) budgetReason(s crm.System) string {
	b := r.o.Budget[s]
	if b.Run > 0 {
		return fmt.Sprintf("no calls to %s left in the budget (reserve of the day %d, at most %d a run)", s, b.Reserve, b.Run)
	}
	return fmt.Sprintf("no calls to %s left in today's budget (reserve %d)", s, b.Reserve)
}
