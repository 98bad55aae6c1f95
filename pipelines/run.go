package pipelines

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"lockstep/extract"
	"lockstep/internal/alert"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/health"
	"lockstep/internal/plan"
	"lockstep/internal/project"
	"lockstep/internal/warehouse"
	"lockstep/internal/wire"
	"lockstep/load"
	"lockstep/transform"
)

// Until says after which step a run ends.
type Until int

// The steps a run may end after.
const (
	Applied   Until = iota // everything
	Extracted              // the mirrors are up to date
	Planned                // the plan stands in the warehouse; nothing of it is applied
)

// Job is one run to be done.
type Job struct {
	Project  *project.Project
	Pipeline *Pipeline
	CRMs     *CRMs
	Name     string // in history: the pipeline's name, or the command
	Until    Until
	Shadow   bool                    // it only plans, run after run: history tells what it would have sent. Until is Planned
	Full     bool                    // read every record, whatever the pipeline says
	Resync   []string                // ENTITY.FIELDs to be treated as a first link
	Sample   int                     // of what is new only so many people and what they are connected with; 0: all
	Named    map[crm.Object][]string // records said to have been edited, read by their ids
	Woken    bool                    // the run is for the sake of Named: of all else only stamps are read
	Undo     *load.Undo              // plan the inverse of a run instead of what is due; nil: what is due
	Saved    *plan.Plan              // apply what this plan approved, and nothing else; nil: everything
	Review   func(*plan.Plan) error  // sees the plan before it is applied; its error ends the run. Nil: nobody looks
	Force    []string                // limits that do not count this time
	Publish  Publishing
	Watch    Watch
	Log      zerolog.Logger
	Now      func() time.Time
	Problems []health.Problem // what is wrong beside what the warehouse tells; alerts tell of it
	Wait     time.Duration    // how long to wait for another run to end

	Alerts *alert.Endpoint                         // nil: nobody is told
	Began  func(runID, name string) (ended func()) // told before anything is logged of the run; nil: nobody is
}

// Result is what became of a run. It is right as far as it goes, whatever Run's error.
type Result struct {
	RunID         string
	PlanID        string
	Read, Changed int64               // records the CRMs returned; rows of the mirrors that became different
	Idle          bool                // nothing had changed: no plan was made, the last one holds
	Plan          *plan.Plan          // of a run that ends with its plan, shows it or narrows it
	Paused        []string            // what of the plan waits because its entity is paused
	Sample        string              // how much of what is new a sample took; empty: all
	Stale         []plan.RecordChange // changes of the saved plan that are not right any more
	Load          load.Report
}

// run is one run under way.
type run struct {
	job    Job
	w      *warehouse.Warehouse
	entity *entity.Project
	calls  map[crm.System]map[string]wire.Calls // as the meters stood before this run
	// earlier are the calls of other runs that began within the day before this one.
	earlier map[crm.System]int64

	told   map[crm.System]time.Time // when each CRM last said, before this run, how many calls are left
	result Result
	unmade []string // why reports were not made

	mapping string // digest of sql/
	timed   bool   // some file of sql/ asks for the time
	catalog string // hash of the metadata before extract
	before  string // the plan of the run before, if it left nothing to do

	planned int64 // changes of the plan
}

// settle is how long a CRM may still be busy with a call that was never answered: Salesforce ends a REST call
// after ten minutes (its errorcodes page), HubSpot long before.
const settle = 10 * time.Minute

// Run does the job. The warehouse is held from its begin to its end, and the run stands in history whatever
// becomes of it. The error is for ExitCode: ErrIncomplete when some changes were refused, deferred or stale.
func Run(ctx context.Context, job Job) (result Result, err error) {
	if job.Now == nil {
		job.Now = time.Now
	}
	r := &run{job: job, calls: counted(job.CRMs.Meters), told: map[crm.System]time.Time{}}
	for s, m := range job.CRMs.Meters {
		f, _ := m.Figure(daily[s])
		r.told[s] = f.At
	}
	if r.entity, err = entity.Load(job.Project.SQL); err != nil {
		return r.result, err
	}
	job.Pipeline = job.Pipeline.Over(r.entity)
	r.job.Pipeline = job.Pipeline
	if err := job.Pipeline.Translate(r.entity); err != nil {
		return r.result, err
	}
	if r.mapping, r.timed, err = mappingDigest(job.Project.SQL, job.Pipeline.Entities, job.Pipeline.Unmapped); err != nil {
		return r.result, err
	}
	c := job.Project.Config
	r.w, err = warehouse.Open(ctx, warehouse.Options{
		Path: c.Paths.Warehouse, RunAt: job.Now(), Memory: c.Warehouse.Memory, Spill: c.Warehouse.Spill, Threads: c.Warehouse.Threads,
		Who: job.Name, Wait: job.Wait,
		Waiting: func(h warehouse.Holder) {
			job.Log.Info().Str("holder", h.String()).Msg("waiting for the warehouse")
			job.Watch.tell(Event{Stage: Waiting, What: h.String()})
		},
	})
	if err != nil {
		return r.result, err
	}
	defer func() { err = errors.Join(err, r.w.Close()) }()
	if err := r.paused(); err != nil {
		return r.result, err
	}
	r.result.RunID = newRunID(r.w.RunAt)
	if job.Began != nil {
		defer job.Began(r.result.RunID, job.Name)()
	}
	if c := r.w.Crashed; c != nil {
		job.Log.Warn().Str("holder", c.String()).Msg("the one before did not come to its end: what it was sending is settled first")
	}
	if err := r.begin(ctx); err != nil {
		return r.result, err
	}
	if err = r.today(ctx); err == nil {
		err = warehouse.Room(r.steps(ctx))
	}
	if ended := r.end(ctx, err); ended != nil {
		err = errors.Join(err, ended)
	}
	r.job.Log.Info().Str("state", r.state(err)).Int64("read", r.result.Read).Int64("planned", r.planned).
		Int("taken", r.result.Load.Counts[load.Taken]).Int("refused", r.result.Load.Counts[load.Refused]+r.result.Load.Counts[load.NotTaken]).Msg("run over")
	r.alert(context.WithoutCancel(ctx), err)
	if err := r.retain(context.WithoutCancel(ctx)); err != nil {
		r.job.Log.Warn().Err(err).Msg("old plans could not be let go")
	}
	r.publish(ctx)
	r.compact(ctx)
	return r.result, err
}

// steps is the order of a run.
func (r *run) steps(ctx context.Context) error {
	if err := r.recover(ctx); err != nil {
		return err
	}
	if err := r.extract(ctx); err != nil || r.job.Until == Extracted {
		return err
	}
	if err := r.stamps(ctx); err != nil {
		return err
	}
	idle, err := r.idle(ctx)
	if err != nil {
		return err
	}
	if idle {
		r.result.Idle = true
		r.job.Log.Info().Msg("nothing has changed: no plan is made")
		if r.job.Shadow { // what is planned still is
			if err := r.count(ctx); err != nil {
				return err
			}
		}
		return r.reports(ctx)
	}
	if err := r.plan(ctx); err != nil {
		return err
	}
	if r.job.Until == Planned {
		if err := r.withhold(ctx); err != nil {
			return err
		}
	}
	if r.job.Shadow {
		return errors.Join(r.foretell(ctx), r.reports(ctx))
	}
	if r.job.Until == Planned {
		return r.read(ctx)
	}
	if r.job.Review != nil {
		if err := r.read(ctx); err != nil {
			return err
		}
		if err := r.job.Review(r.result.Plan); err != nil {
			return err
		}
	}
	if err := r.narrow(ctx); err != nil {
		return err
	}
	if err := r.withhold(ctx); err != nil { // after narrow, to which what waits would be stale
		return err
	}
	err = r.apply(ctx)
	if err != nil && !errors.Is(err, ErrIncomplete) {
		return err
	}
	if failed := r.reports(ctx); failed != nil {
		return failed
	}
	return err
}

// plan plans what is due, or the inverse of a run.
func (r *run) plan(ctx context.Context) error {
	if r.job.Undo == nil {
		return r.transform(ctx)
	}
	return r.job.Watch.stage("undo", func() (int64, error) {
		r.result.PlanID = r.result.RunID
		if err := load.PlanUndo(ctx, r.w, r.entity, r.result.PlanID, r.result.RunID, *r.job.Undo); err != nil {
			return 0, err
		}
		if err := plan.Seal(ctx, r.w.DB, r.result.PlanID); err != nil {
			return 0, err
		}
		err := r.count(ctx)
		return r.planned, err
	})
}

// recover settles what a crash left in the outbox, before anything is read: it decides what a value read
// later means.
func (r *run) recover(ctx context.Context) error {
	return r.job.Watch.stage("recover", func() (int64, error) {
		if err := r.user(ctx); err != nil {
			return 0, err
		}
		report, err := load.Recover(ctx, r.w, r.entity, r.job.CRMs.Targets, r.loadOptions())
		return int64(len(report.Lines)), err
	})
}

func (r *run) extract(ctx context.Context) (err error) {
	if r.catalog, err = r.catalogHash(ctx); err != nil {
		return err
	}
	var still bool
	if r.before, still, err = r.settled(ctx); err != nil {
		return err
	}
	woken, err := r.woken(ctx)
	if err != nil {
		return err
	}
	return r.job.Watch.stage("extract", func() (int64, error) {
		report, err := extract.Run(ctx, r.w, r.entity, r.job.CRMs.Sources, extract.Options{
			RunID: r.result.RunID, Full: r.job.Full || r.job.Pipeline.Full, Settled: still, Now: r.job.Now,
			Named: r.job.Named, Woken: woken,
			Spare: r.spare, Believe: slices.Contains(r.job.Force, "extract"),
			Progress: func(p extract.Progress) {
				r.job.Watch.tell(Event{Stage: "extract", What: p.Object.String(), Done: p.Records, End: p.Done})
			},
		})
		r.result.Read, r.result.Changed = report.Records(), report.Changed()
		r.tellColumns(report)
		for _, problem := range report.Problems {
			e := r.job.Log.Warn()
			if h := (*crm.Hinted)(nil); errors.As(problem, &h) {
				e = e.Str("hint", h.Hint)
			}
			e.Msg(problem.Error())
		}
		return r.result.Read, errors.Join(err, r.user(ctx))
	})
}

// spare refuses more calls to a CRM whose reserve would be spent on them. A read that was begun goes on where it stopped.
func (r *run) spare(s crm.System) error {
	b := r.job.Pipeline.Budget[s]
	if made := r.earlier[s] + r.made(s); b.Day > 0 && made >= b.Day {
		return crm.WithHint(fmt.Errorf("%w: %d calls were made to %s within a day, and its budget of a day is %d", load.ErrLimit, made, s, b.Day),
			"what was read is kept, and nothing was sent; the next run goes on when there are more, or set a larger one in pipelines/%s.yaml", r.job.Pipeline.Name)
	}
	f, known := r.job.CRMs.Meters[s].Figure(daily[s])
	if !known || f.Left < 0 || f.Left > b.Reserve || f.At.Equal(r.told[s]) { // yesterday's figure says nothing of today
		return nil
	}
	return crm.WithHint(fmt.Errorf("%w: %s has %d calls left today, and %d are the reserve of others", load.ErrLimit, s, f.Left, b.Reserve),
		"what was read is kept, and nothing was sent; the next run goes on when there are more, or set a smaller reserve in pipelines/%s.yaml", r.job.Pipeline.Name)
}

// today counts the calls of the other runs of a day.
func (r *run) today(ctx context.Context) error {
	var h, s int64
	if err := r.w.DB.QueryRowContext(ctx, `select coalesce(sum(hubspot_calls), 0)::bigint, coalesce(sum(salesforce_calls), 0)::bigint
		from history.run where run_id <> $1 and started_at > $2`, r.result.RunID, r.w.RunAt.UTC().AddDate(0, 0, -1)).Scan(&h, &s); err != nil {
		return fmt.Errorf("history.run: %w", err)
	}
	r.earlier = map[crm.System]int64{crm.HubSpot: h, crm.Salesforce: s}
	return nil
}

// tellColumns logs what the CRMs' metadata gained and lost.
func (r *run) tellColumns(report extract.Report) {
	for _, o := range report.Objects {
		if len(o.NewColumns) > 0 && !o.Full {
			r.job.Log.Info().Str("object", o.Object.String()).Strs("columns", o.NewColumns).Msg("new columns in the CRM")
		}
		if len(o.VanishedColumns) > 0 {
			r.job.Log.Warn().Str("object", o.Object.String()).Strs("columns", o.VanishedColumns).Msg("columns the CRM no longer has: their fields wait")
		}
		if o.Misfits > 0 {
			r.job.Log.Warn().Str("object", o.Object.String()).Int64("values", o.Misfits).Msg("values that do not fit their column's type were not taken: see catalog.misfit")
		}
	}
}

// user tells the Salesforce target who we are there, so that it knows somebody else's edit from ours.
func (r *run) user(ctx context.Context) error {
	err := r.w.DB.QueryRowContext(ctx, `select coalesce(user_id, '') from catalog.account where system = 'salesforce'`).Scan(&r.job.CRMs.salesforce.User)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("catalog.account: %w", err)
	}
	return nil
}

// transform makes the plan; where a conflict's decision needs the history of its values, it reads that and
// makes the plan again.
func (r *run) transform(ctx context.Context) error {
	return r.job.Watch.stage("transform", func() (int64, error) {
		o := transform.Options{
			PlanID: r.result.RunID, RunID: r.result.RunID, Pipeline: r.job.Name,
			Entities: r.job.Pipeline.Entities, Resync: r.resync(), RetryRefused: r.job.Pipeline.RetryRefused,
			Deletions: r.job.Pipeline.deletions(), Sample: r.job.Sample,
		}
		made, err := transform.Run(ctx, r.w, r.entity, o)
		if err == nil && len(made.Histories) > 0 {
			if err = r.histories(ctx, made.Histories); err == nil {
				o.HistoriesRead = true
				made, err = transform.Run(ctx, r.w, r.entity, o)
			}
		}
		if err != nil {
			return 0, err
		}
		r.result.PlanID = made.PlanID
		if err := plan.Seal(ctx, r.w.DB, made.PlanID); err != nil {
			return 0, err
		}
		err = errors.Join(r.sample(ctx), r.count(ctx))
		return r.planned, err
	})
}

// histories reads the property histories that decide the plan's conflicts.
func (r *run) histories(ctx context.Context, wanted []transform.Histories) error {
	for _, h := range wanted {
		source, ok := r.job.CRMs.Sources[h.Object.System]
		if !ok {
			continue
		}
		if err := extract.Histories(ctx, r.w, source, h.Object.Name, h.IDs, h.Columns); err != nil {
			return err
		}
	}
	return nil
}

// resync is what the saved plan was made with, or what the command says.
func (r *run) resync() []string {
	if r.job.Saved != nil {
		return r.job.Saved.Resync
	}
	return r.job.Resync
}

func (r *run) count(ctx context.Context) error {
	err := r.w.DB.QueryRowContext(ctx, `select count(*) from plan.change where plan_id = $1`, r.result.PlanID).Scan(&r.planned)
	if err != nil {
		return fmt.Errorf("counting the plan: %w", err)
	}
	return nil
}

// read makes the plan's value, with the forecast of its calls.
func (r *run) read(ctx context.Context) (err error) {
	if r.result.Plan, err = r.readPlan(ctx); err != nil {
		return err
	}
	forecast, err := load.Foresee(ctx, r.w, r.job.CRMs.Targets, r.result.PlanID, r.loadOptions())
	if err != nil {
		return err
	}
	for _, system := range []crm.System{crm.Salesforce, crm.HubSpot} {
		f := forecast[system]
		call := plan.Call{System: system, Left: f.Left}
		for _, c := range f.Calls {
			call.Needed += int64(c.N)
			call.Endpoints = append(call.Endpoints, plan.Endpoint{Name: c.Endpoint, Calls: int64(c.N)})
		}
		for _, d := range f.Deferred {
			call.Deferred = append(call.Deferred, plan.Postponed{Entity: d.Entity, Action: string(d.Action), Object: d.Object.Name, N: d.N, Of: d.Of, Reason: d.Reason})
		}
		r.result.Plan.Calls = append(r.result.Plan.Calls, call)
	}
	return nil
}

func (r *run) readPlan(ctx context.Context) (*plan.Plan, error) {
	var subjects []plan.Subject
	for _, name := range r.job.Pipeline.Entities {
		if e, ok := r.entity.Entity(name); ok {
			subjects = append(subjects, plan.Subject{Entity: name, Objects: e.Own(), Set: e.Set()})
		}
	}
	return plan.Read(ctx, r.w.DB, r.result.PlanID, subjects)
}

// narrow leaves of the plan what the saved one approved.
func (r *run) narrow(ctx context.Context) error {
	if r.job.Saved == nil {
		return nil
	}
	today, err := r.readPlan(ctx)
	if err != nil {
		return err
	}
	r.result.Plan = today
	if err := r.job.Saved.CheckAccounts(today); err != nil {
		return err
	}
	if r.result.Stale, err = plan.Narrow(ctx, r.w.DB, today, r.job.Saved); err != nil {
		return err
	}
	if err := r.staleHistory(ctx); err != nil {
		return err
	}
	return r.count(ctx)
}

func (r *run) apply(ctx context.Context) error {
	return r.job.Watch.stage("apply", func() (n int64, err error) {
		r.result.Load, err = load.Apply(ctx, r.w, r.entity, r.job.CRMs.Targets, r.result.PlanID, r.loadOptions())
		n = int64(r.result.Load.Counts[load.Taken])
		if w := r.result.Load.Window; w > 0 {
			r.job.Log.Info().Dur("window", w).Msg("longest time from reading a record again to the answer to its write")
		}
		if err == nil && (!r.result.Load.Complete() || len(r.result.Stale) > 0) {
			err = ErrIncomplete
		}
		return n, err
	})
}

// made counts the calls this run has made to a CRM so far, whatever for.
func (r *run) made(s crm.System) (n int64) {
	for endpoint, c := range counted(r.job.CRMs.Meters)[s] {
		n += c.Calls - r.calls[s][endpoint].Calls
	}
	return n
}

func (r *run) loadOptions() load.Options {
	return load.Options{
		RunID: r.result.RunID, Limits: r.job.Pipeline.limits(), Force: r.job.Force, Budget: r.job.Pipeline.budget(r.earlier), Canary: r.job.Pipeline.Canary, Made: r.made,
		Settle: settle, Now: r.job.Now, Log: &r.job.Log,
		Progress: func(p load.Progress) {
			r.job.Watch.tell(Event{Stage: "apply", What: "changes", Done: int64(p.Done), Of: int64(p.Planned), End: p.Done == p.Planned})
		},
	}
}
