package load

import (
	"context"
	"fmt"
	"sort"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// Budget bounds the calls of a run to one CRM.
type Budget struct {
	Reserve int64 // calls of today that are left to other integrations
	Run     int64 // most calls of one run; 0: no bound
}

// Forecast says how many calls applying the plan takes, per CRM and endpoint, with a canary of so many records. It calls
// nobody.
func Forecast(ctx context.Context, w *warehouse.Warehouse, targets Targets, planID string, canary int) (map[crm.System][]Calls, error) {
	groups, err := queryGroups(ctx, w.DB, planID)
	if err != nil {
		return nil, fmt.Errorf("load.Forecast(%s): %w", planID, err)
	}
	all := map[crm.System][]Calls{}
	for _, g := range groups {
		t, ok := targets[g.object.System]
		if !ok {
			continue
		}
		for _, c := range g.calls(t, canarySize(canary, g.n, t.Size()), g.n) {
			all[g.object.System] = add(all[g.object.System], c)
		}
		if g.action == Update && g.object.System == crm.HubSpot {
			clears, err := backwards(ctx, w.DB, planID, g)
			if err != nil {
				return nil, fmt.Errorf("load.Forecast(%s): %w", planID, err)
			}
			if clears > 0 { // at most one more call per batch
				all[g.object.System] = add(all[g.object.System], Calls{"batch/update", min(clears, (g.n+t.Size()-1)/t.Size())})
			}
		}
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

// fit sets how much of each group the budget allows, in the order of sending.
func (r *run) fit(ctx context.Context, groups []*group) error {
	room := map[crm.System]int64{}
	for _, g := range groups {
		s := g.object.System
		t, ok := r.targets[s]
		if !ok {
			return crm.WithHint(fmt.Errorf("the plan writes to %s, which this run has no access to", s), "set its credentials: lockstep doctor")
		}
		if _, known := room[s]; !known {
			n, err := r.room(ctx, s)
			if err != nil {
				return err
			}
			room[s] = n
		}
		g.canary = r.canary(t, g)
		short := 0 // of the first batch
		if g.canary > 0 {
			short = t.Size() - g.canary
		}
		batches := (g.n + short + t.Size() - 1) / t.Size()
		fit := sort.Search(batches, func(i int) bool {
			return sum(g.calls(t, g.canary, min((i+1)*t.Size()-short, g.n))) > room[s]
		})
		if g.fit = max(0, min(fit*t.Size()-short, g.n)); g.fit > 0 {
			room[s] -= sum(g.calls(t, g.canary, g.fit))
		}
		if g.fit < g.n {
			room[s] = 0 // what comes later is less important
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
		room = b.Run - r.spent[s]
	}
	left, ok, err := r.targets[s].Left(ctx)
	if err != nil {
		return 0, err
	}
	if ok {
		room = min(room, left-b.Reserve)
	}
	return max(room, 0), nil
}

// noRoom is why a batch is not sent; empty when it may be.
func (r *run) noRoom(ctx context.Context, s crm.System, object string, a Action, n int) (string, error) {
	room, err := r.room(ctx, s)
	if err != nil {
		return "", err
	}
	if sum(r.targets[s].Calls(object, a, n)) <= room {
		return "", nil
	}
	return r.budgetReason(s), nil
}

func (r *run) budgetReason(s crm.System) string {
	return fmt.Sprintf("no calls to %s left in today's budget (reserve %d)", s, r.o.Budget[s].Reserve)
}
