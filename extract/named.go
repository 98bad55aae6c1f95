package extract

import (
	"context"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// namedIDs are the ids of Options.Named that are of one of this CRM's objects, each once.
func (s *session) namedIDs(object string) []string {
	var ids []string
	for o, named := range s.o.Named {
		if o.System == s.source.System() && strings.EqualFold(o.Name, object) {
			ids = append(ids, named...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// readNamed reads the named records of an object by their ids into the mirror, where a version that is older than what
// stands there changes nothing. The cursor stays, so what else has changed is still to be read.
func (x *object) readNamed(ctx context.Context) error {
	s := x.session
	ids := s.namedIDs(x.mirror.Object.Name)
	if len(ids) == 0 || s.glanced {
		return nil
	}
	reading, err := s.begin(ctx, x, warehouse.Named)
	if err != nil {
		return err
	}
	l := &landing{session: s, reading: reading}
	for page, err := range s.source.Records(ctx, x.mirror.Object.Name, x.columns, ids) {
		if err == nil {
			err = l.add(ctx, page)
		}
		if err == nil {
			err = s.o.Spare(s.source.System())
		}
		if err != nil {
			return err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	return s.finish(ctx, reading)
}

// glanceNamed reads the named records, and the associations of those, by the metadata that stands in the catalog: a run
// that was woken for a record is about that record alone.
func (s *session) glanceNamed(ctx context.Context, names []string, associated []crm.Object) error {
	for _, name := range names {
		if len(s.namedIDs(name)) == 0 {
			continue
		}
		known, err := warehouse.CatalogColumns(ctx, s.w.DB, s.named(name))
		if err != nil {
			return err
		}
		var columns []crm.Column
		x := &object{session: s, report: ObjectReport{Object: s.named(name)}}
		for _, c := range known {
			if c.Extracted && c.State != warehouse.Vanished {
				columns = append(columns, c.Column)
				x.columns = append(x.columns, c.Name)
			}
		}
		x.mirror = warehouse.MirrorOf(x.report.Object, columns)
		s.objects = append(s.objects, x)
		if err := x.readNamed(ctx); err != nil {
			return err
		}
	}
	for _, o := range associated {
		if first, _, _ := o.Associations(); first == crm.Lists || len(s.namedIDs(first)) == 0 || !s.reads(first) {
			continue
		}
		if err := s.associations(ctx, o); err != nil {
			return err
		}
	}
	s.glanced = true
	return nil
}

// reads says whether an object is among those of the run.
func (s *session) reads(name string) bool {
	return slices.ContainsFunc(s.objects, func(x *object) bool { return x.mirror.Object.Name == name })
}

// again makes room for reading everything in the run in which the named records were read already.
func (s *session) again() {
	for _, x := range s.objects {
		s.sets = append(s.sets, x.report)
	}
	s.objects = nil
}
