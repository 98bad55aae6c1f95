package load

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// run is one Apply or Recover under way. All its temporary tables live on conn.
type run struct {
	w        *warehouse.Warehouse
	p        *entity.Project
	conn     *sql.Conn
	targets  Targets
	o        Options
	entities []*entityState
	holds    map[string]bool // what the plan has rows of: "contact/create"
	mirrors  map[crm.Object]*mirror
	created  map[string]string     // change id of a create → the record it made
	alive    map[crm.Object]int    // live records, once they were counted
	spent    map[crm.System]int64  // calls of this run, as forecast
	stopped  map[crm.System]string // why a CRM gets no more calls in this run
	batches  int
	undoes   bool // the plan is the inverse of a run: its links may be held
	foreseen bool // pre-flight left something out of the plan
	planned  int
	done     int
	report   Report
	err      error // the first failure that ends a CRM's part

	// asked is Apply's own ctx. Calls and halts look at it; statements never do, so that what a call did is
	// always committed.
	asked context.Context
}

// start opens a connection for the run and reads the entities.
func start(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, targets Targets, planID string, o Options) (*run, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Grace == 0 {
		o.Grace = 6 * time.Second
	}
	if o.Log == nil {
		nop := zerolog.Nop()
		o.Log = &nop
	}
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{
		w: w, p: p, conn: conn, targets: targets, o: o,
		mirrors: map[crm.Object]*mirror{}, created: map[string]string{}, alive: map[crm.Object]int{},
		spent: map[crm.System]int64{}, stopped: map[crm.System]string{},
		report: Report{PlanID: planID, Counts: map[State]int{}},
		asked:  ctx,
	}
	if err := r.prepare(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return r, nil
}

// prepare installs the project's macros and reads each entity's fields.
func (r *run) prepare(ctx context.Context) error {
	if err := r.p.Install(ctx, r.conn); err != nil {
		return err
	}
	all := map[string][]string{}
	for _, e := range r.p.Entities {
		rules, err := readRules(ctx, r.conn, e)
		if err != nil {
			return err
		}
		all[e.Name] = nil
		for _, f := range rules {
			all[e.Name] = append(all[e.Name], f.field)
		}
		r.entities = append(r.entities, &entityState{of: e, rules: rules, queries: map[string]fromQuery{}})
	}
	return warehouse.EnsureEntities(ctx, r.conn, all)
}

func (r *run) entity(name string) (*entityState, error) {
	for _, e := range r.entities {
		if e.of.Name == name {
			return e, nil
		}
	}
	return nil, fmt.Errorf("the plan names entity %q, which sql/ does not have", name)
}

// tx runs f in one transaction.
func (r *run) tx(ctx context.Context, f func(context.Context, entity.Conn) error) error {
	tx, err := r.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(ctx, tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// underWay is the context of a call: an interrupt cuts it off only after the grace.
func (r *run) underWay(ctx context.Context) (context.Context, context.CancelFunc) {
	call, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(r.asked, func() {
		timer := time.AfterFunc(r.o.Grace, cancel)
		context.AfterFunc(call, func() { timer.Stop() })
	})
	return call, func() {
		stop()
		cancel()
	}
}
