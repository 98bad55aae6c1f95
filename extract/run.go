package extract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Options say how a run extracts.
type Options struct {
	Full     bool // read every record of every object
	RunID    string
	Believe  bool                   // a person says so: an object that has lost its records or most of its columns really has
	Spare    func(crm.System) error // asked before each page whether the CRM may be called again; nil: always
	Progress func(Progress)         // called as pages arrive, from several goroutines; nil: nobody listens
	Now      func() time.Time       // nil: time.Now

	// Settled says that the run before this one, with the same SQL, saw no record change and left nothing to do: only
	// what moved since can matter. If no stamp has, nothing else is read: neither records nor metadata.
	Settled bool

	// Named are records said to have been edited, by their objects' names in any spelling: they are read by their ids,
	// which no search's lag hides. Ids of objects that the SQL does not read are left alone.
	Named map[crm.Object][]string

	// Woken says that the run is for the sake of Named and goes by the SQL of the run before: if no stamp but theirs has
	// moved, nothing else is read, as with Settled.
	Woken bool

	sets  map[crm.Object]bool // objects whose records are elements of sets
	lists []wantedList        // of sql/list/hubspot_lists.csv and campaign_lists.csv
}

// Progress is how far one object is.
type Progress struct {
	Object  crm.Object
	Records int64 // returned so far in this run
	Full    bool
	Done    bool // merged
}

// Report is what a run read. After an error it holds what was merged before it.
type Report struct {
	Objects  []ObjectReport
	Problems []error // what the project asks for and a CRM has not, without which the rest went on
}

// ObjectReport is what became of one object's mirror.
type ObjectReport struct {
	Object   crm.Object
	Full     bool  // all of it was read, not only what changed
	Resumed  bool  // the read was begun by an earlier run
	Returned int64 // records, each once
	New      int64
	Changed  int64 // rows of which a value became different
	Deleted  int64
	Misfits  int64 // values that did not fit their column's type and were not taken: catalog.misfit

	NewColumns      []string // in the CRM's metadata since the last run, whether the SQL names them or not
	VanishedColumns []string // extracted so far, and no longer in the metadata or in answers
}

// Records is how many records the CRMs returned.
func (r Report) Records() int64 { return r.sum(func(o ObjectReport) int64 { return o.Returned }) }

// Changed is how many mirror rows became different: new, changed or deleted.
func (r Report) Changed() int64 {
	return r.sum(func(o ObjectReport) int64 { return o.New + o.Changed + o.Deleted })
}

func (r Report) sum(of func(ObjectReport) int64) (n int64) {
	for _, o := range r.Objects {
		n += of(o)
	}
	return n
}

// Run reads what the project's SQL mentions from both CRMs into the mirrors. The CRMs are read side by side: one that
// fails does not stop the other, and all errors are returned.
func Run(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, sources map[crm.System]Source, o Options) (Report, error) {
	mentioned, err := p.Mentioned(ctx, w.DB)
	if err != nil {
		return Report{}, err
	}
	o.lists, o.sets = wantedLists(p), map[crm.Object]bool{}
	for _, e := range p.Entities {
		for _, f := range e.From {
			if e.Set() {
				o.sets[f.Object] = true
			}
		}
	}
	for object := range mentioned {
		if warehouse.Lists(object) {
			delete(mentioned, object)
		}
	}
	return extract(ctx, w, mentioned, sources, o)
}

// extract is Run for names that were found.
func extract(ctx context.Context, w *warehouse.Warehouse, mentioned map[crm.Object][]string, sources map[crm.System]Source, o Options) (Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Spare == nil {
		o.Spare = func(crm.System) error { return nil }
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if err := warehouse.ForgetHistories(ctx, w.DB); err != nil {
		return Report{}, err
	}
	sessions := make([]*session, 0, len(crm.Systems))
	for _, system := range crm.Systems {
		names := map[string][]string{}
		for object, columns := range mentioned {
			if object.System == system {
				names[object.Name] = columns
			}
		}
		if len(names) == 0 {
			continue
		}
		if sources[system] == nil {
			return Report{}, crm.WithHint(fmt.Errorf("the SQL reads %s, and there is no connection to it", system), "configure %s in lockstep.yaml", system)
		}
		sessions = append(sessions, &session{w: w, source: sources[system], mentioned: names, o: o, began: o.Now()})
	}
	due, broke := sessions, error(nil)
	if (o.Settled || o.Woken) && !o.Full {
		due, broke = glances(ctx, sessions)
	}
	failed := make([]error, len(due))
	var all sync.WaitGroup
	for i, s := range due {
		all.Go(func() { failed[i] = s.run(ctx) })
	}
	all.Wait()
	var report Report
	for _, s := range sessions {
		report.Objects = append(report.Objects, s.report()...)
		report.Problems = append(report.Problems, s.problems...)
	}
	slices.SortStableFunc(report.Objects, func(a, b ObjectReport) int { return strings.Compare(a.Object.String(), b.Object.String()) })
	return report, errors.Join(append(failed, broke)...)
}
