package extract

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/warehouse"
)

// session is one CRM in one run.
type session struct {
	w         *warehouse.Warehouse
	source    Source
	mentioned map[string][]string // by object: the names in the SQL, lower case
	o         Options
	objects   []*object
	sets      []ObjectReport // of objects that have associations for records, and of named records
	problems  []error
	began     time.Time
	glanced   bool // the named records were read before anything else
}

func (s *session) run(ctx context.Context) (err error) {
	defer wrap(&err, "extract(%s)", s.source.System())
	if err := s.account(ctx); err != nil {
		return err
	}
	if err := s.people(ctx); err != nil {
		return err
	}
	if _, err := s.lists(ctx); err != nil {
		return err
	}
	s.again()
	names, associated := s.split()
	metadata, hidden, err := s.source.Columns(ctx, names)
	if err != nil {
		return err
	}
	if names, err = s.seen(ctx, names, hidden); err != nil {
		return err
	}
	if err := s.vocabulary(ctx); err != nil {
		return err
	}
	for _, name := range names {
		x, err := s.object(ctx, name, metadata[name])
		if err != nil {
			return err
		}
		s.objects = append(s.objects, x)
	}
	if err := s.metadataRead(ctx); err != nil {
		return err
	}
	for _, x := range s.objects {
		if err := x.readAll(ctx); err != nil {
			return err
		}
		if err := x.readNamed(ctx); err != nil {
			return err
		}
	}
	if err := s.readChanges(ctx); err != nil {
		return err
	}
	for _, o := range associated {
		if err := s.associations(ctx, o); err != nil {
			return err
		}
	}
	return s.clock(ctx)
}

func (s *session) account(ctx context.Context) error {
	a, err := s.source.Account(ctx)
	if err != nil {
		return err
	}
	if err := s.w.InTx(ctx, func(tx *warehouse.Tx) error { return warehouse.Bind(ctx, tx, a, s.o.Now()) }); err != nil {
		return err
	}
	return s.o.Spare(s.source.System()) // the first answer tells how many calls are left
}

func (s *session) people(ctx context.Context) error {
	people, err := s.source.People(ctx)
	if err != nil {
		return err
	}
	return s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		return warehouse.WritePeople(ctx, tx, s.source.System(), people)
	})
}

// metadataRead notes that the catalog has the metadata of now.
func (s *session) metadataRead(ctx context.Context) error {
	return s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		return warehouse.WriteMetadataRead(ctx, tx, s.source.System(), s.o.Now())
	})
}

// clock notes the CRM's clock, at the end, since it is known better with every answer.
func (s *session) clock(ctx context.Context) error {
	ahead, ok := s.source.ClockAhead()
	if !ok {
		return nil
	}
	return s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		return warehouse.WriteClock(ctx, tx, s.source.System(), ahead, s.o.Now())
	})
}

// begin starts a read of an object.
func (s *session) begin(ctx context.Context, x *object, kind warehouse.Kind) (*warehouse.Reading, error) {
	ahead, _ := s.source.ClockAhead()
	return s.w.Begin(ctx, x.mirror, kind, s.o.Now(), ahead)
}

func (s *session) report() []ObjectReport {
	var out []ObjectReport
	for _, x := range s.objects {
		out = append(out, x.report)
	}
	return append(out, s.sets...)
}

// readChanges reads what changed in all objects that have a cursor to start from, in as few calls as the source can.
func (s *session) readChanges(ctx context.Context) error {
	var asked []Changed
	var landings []*landing
	for _, x := range s.objects {
		if x.done {
			continue
		}
		since, err := warehouse.HighWater(ctx, s.w.DB, x.mirror.Object)
		if err != nil {
			return err
		}
		reading, err := s.begin(ctx, x, warehouse.Changes)
		if err != nil {
			return err
		}
		asked = append(asked, Changed{x.mirror.Object.Name, x.columns, since})
		landings = append(landings, &landing{session: s, reading: reading})
	}
	if len(asked) == 0 {
		return nil
	}
	var broke error
	for page, err := range s.source.Changes(ctx, asked) {
		if err == nil {
			i := slices.IndexFunc(asked, func(c Changed) bool { return c.Object == page.Object })
			if i < 0 {
				return fmt.Errorf("a page of %s, which was not asked for", page.Object)
			}
			if err = landings[i].add(ctx, page); err == nil {
				err = s.o.Spare(s.source.System())
			}
		}
		if err != nil {
			broke = err
			break
		}
	}
	// What arrived in order is merged even when the rest did not: the cursor then stands where it broke off.
	ctx, cancel := afterAll(ctx)
	defer cancel()
	for _, l := range landings {
		if err := l.flush(ctx); err != nil {
			return err
		}
		if err := s.finish(ctx, l.reading); err != nil {
			return err
		}
	}
	return broke
}

// finish merges a read and notes what it showed.
func (s *session) finish(ctx context.Context, r *warehouse.Reading) error {
	i := slices.IndexFunc(s.objects, func(x *object) bool { return x.mirror.Object == r.Mirror.Object })
	x := s.objects[i]
	r.Believed = s.o.Believe
	if s.o.sets[r.Mirror.Object] { // a campaign may well have lost its only members
		r.Few = nothingFrom
	}
	merged, err := s.w.Finish(ctx, r, s.o.Now())
	if err != nil {
		return err
	}
	learnt := func(tx *warehouse.Tx) error {
		if r.Kind == warehouse.Full {
			if err := warehouse.Complete(ctx, tx, r.Mirror, merged.Absent); err != nil {
				return err
			}
		}
		return warehouse.MissedInAnswers(ctx, tx, r.Mirror.Object, merged.Absent, s.o.Now())
	}
	if r.Kind == warehouse.Full || merged.Returned > 0 {
		if err := s.w.InTx(ctx, learnt); err != nil {
			return err
		}
	}
	x.merged(r, merged)
	s.o.Progress(Progress{Object: x.mirror.Object, Records: x.report.Returned, Full: x.report.Full, Done: true})
	return nil
}

// afterAll is a context for finishing what has begun although ctx has ended: a signal stops the reading, not the
// keeping of what was read.
func afterAll(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
}

// wrap puts what was being done in front of *err.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
