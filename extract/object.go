package extract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// object is one object in one run.
type object struct {
	session *session
	mirror  *warehouse.Mirror
	columns []string // to ask for, in the CRM's spelling
	all     bool     // every record is to be read
	done    bool     // nothing more to read in this run
	report  ObjectReport
}

// object brings the catalog and the mirror in line with the CRM's metadata and decides what to read.
func (s *session) object(ctx context.Context, name string, metadata []crm.Column) (*object, error) {
	o := crm.Object{System: s.source.System(), Name: name}
	if warehouse.Reserved(o) {
		return nil, fmt.Errorf("%s cannot be mirrored: the name is the program's own", o)
	}
	if n, ok := s.source.(namer); ok {
		metadata = append(slices.Clone(metadata), n.Named(s.mentioned[name])...)
	}
	var wanted []crm.Column
	for _, c := range metadata {
		if slices.Contains(s.mentioned[name], strings.ToLower(c.Name)) && warehouse.Extractable(o.System, c) {
			wanted = append(wanted, c)
		}
	}
	x := &object{session: s, report: ObjectReport{Object: o}}
	var known []warehouse.CatalogColumn
	err := s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		before, err := warehouse.CatalogColumns(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := s.lostColumns(o, name, before, metadata); err != nil {
			return err
		}
		d, err := warehouse.WriteColumns(ctx, tx, o, metadata, s.o.Now())
		if err != nil {
			return err
		}
		if known = before; d.Same && extracted(before, wanted) {
			x.mirror = warehouse.MirrorOf(o, wanted)
			return nil
		}
		x.report.NewColumns = d.New
		for _, c := range before {
			if c.Extracted && slices.Contains(d.Vanished, c.Name) {
				x.report.VanishedColumns = append(x.report.VanishedColumns, c.Name)
			}
		}
		if x.mirror, err = warehouse.EnsureMirror(ctx, tx, o, wanted); err != nil {
			return err
		}
		if err := warehouse.Extracted(ctx, tx, x.mirror); err != nil {
			return err
		}
		known, err = warehouse.CatalogColumns(ctx, tx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, c := range x.mirror.Columns {
		x.columns = append(x.columns, c.Name)
	}
	return x, x.decide(ctx, known)
}

// extracted tells whether the mirror has the wanted columns and no other.
func extracted(known []warehouse.CatalogColumn, wanted []crm.Column) bool {
	n := 0
	for _, c := range known {
		if !c.Extracted {
			continue
		}
		n++
		if !slices.ContainsFunc(wanted, func(w crm.Column) bool { return w.Name == c.Name }) {
			return false
		}
	}
	return n == len(wanted) && n > 0
}

// ErrColumns is returned for an object most of whose columns that the project reads are no longer in its metadata.
var ErrColumns = errors.New("most columns that are read are gone from its metadata")

// columnsFrom is how many columns have to be gone before they are most: one of two says nothing.
const columnsFrom = 3

// lostColumns refuses metadata that lacks more than half of what the SQL names and the mirror has. A user who has lost
// sight of a record's fields sees no reason to match it, and would make it a second time. Columns that the SQL no longer
// names do not count.
func (s *session) lostColumns(o crm.Object, name string, before []warehouse.CatalogColumn, metadata []crm.Column) error {
	var had, lost int
	for _, c := range before {
		if !c.Extracted || c.State == warehouse.Vanished || !slices.Contains(s.mentioned[name], strings.ToLower(c.Name)) {
			continue
		}
		had++
		if !slices.ContainsFunc(metadata, func(m crm.Column) bool { return m.Name == c.Name }) {
			lost++
		}
	}
	if s.o.Believe || lost < columnsFrom || 2*lost <= had {
		return nil
	}
	return crm.WithHint(fmt.Errorf("%s: %w: %d of %d", o, ErrColumns, lost, had),
		"nothing was read: check that the integration user still sees the fields of %s; if it is right, give a run --force extract", o)
}

// decide says whether all of the object has to be read. See the package's table.
func (x *object) decide(ctx context.Context, known []warehouse.CatalogColumn) error {
	s, o := x.session, x.mirror.Object
	since, err := warehouse.HighWater(ctx, s.w.DB, o)
	if err != nil {
		return err
	}
	incomplete := slices.ContainsFunc(known, func(c warehouse.CatalogColumn) bool {
		return c.Extracted && !c.Complete && c.State == warehouse.Live
	})
	x.all = s.o.Full || since.IsZero() || incomplete
	return nil
}

// readAll reads the whole object if that is due, or if an earlier run has begun to. A read of changes or of
// named records that an earlier run left behind is merged first: its rows came in order.
func (x *object) readAll(ctx context.Context) error {
	s := x.session
	reading, err := s.w.Resume(ctx, x.mirror)
	if err != nil {
		return err
	}
	if reading != nil && reading.Kind != warehouse.Full {
		if err := s.finish(ctx, reading); err != nil {
			return err
		}
		reading = nil
	}
	if reading == nil && !x.all {
		return nil
	}
	if reading == nil {
		if reading, err = s.begin(ctx, x, warehouse.Full); err != nil {
			return err
		}
	}
	l := &landing{session: s, reading: reading}
	for page, err := range s.source.All(ctx, x.mirror.Object.Name, x.columns, reading.Position) {
		if err == nil {
			err = l.add(ctx, page)
		}
		if err == nil {
			err = s.o.Spare(s.source.System())
		}
		if err != nil {
			keep, cancel := afterAll(ctx)
			defer cancel()
			if kept := l.flush(keep); kept != nil {
				return kept
			}
			return err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	x.done = !reading.Resumed // what changed since a resumed read began is still to be read
	return s.finish(ctx, reading)
}

// merged adds what a merge did to the report.
func (x *object) merged(r *warehouse.Reading, m warehouse.Merged) {
	x.report.Full = x.report.Full || r.Kind == warehouse.Full
	x.report.Resumed = x.report.Resumed || r.Resumed
	x.report.Returned += m.Returned
	x.report.New += m.New
	x.report.Changed += m.Changed
	x.report.Deleted += m.Deleted
	x.report.Misfits += m.Misfits
	for _, name := range m.Absent {
		if !slices.Contains(x.report.VanishedColumns, name) {
			x.report.VanishedColumns = append(x.report.VanishedColumns, name)
		}
	}
}
