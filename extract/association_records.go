package extract

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/warehouse"
)

// associator is a Source some of whose objects have associations for records.
type associator interface {
	// AssociationColumns is the metadata of such an object, with the labels there are.
	AssociationColumns(ctx context.Context, object string) ([]crm.Column, error)
	// Associated are the associations of records of the first object.
	Associated(ctx context.Context, object string, ids []string) ([]warehouse.Association, error)
	// Living tells which records of an object are there.
	Living(ctx context.Context, object string, ids []string) (map[string]bool, error)
}

// nothingFrom is how many elements of sets a mirror has from which on a full read that returns none is not believed.
const nothingFrom = 10

// memberLag is how long what was written may be missing from what is read: only what stood before it has ended.
const memberLag = 30 * time.Second

// split takes the objects that have associations for records out of the session's.
func (s *session) split() (names []string, associated []crm.Object) {
	for _, name := range slices.Sorted(maps.Keys(s.mentioned)) {
		o := crm.Object{System: s.source.System(), Name: name}
		if _, _, ok := o.Associations(); ok {
			associated = append(associated, o)
		} else {
			names = append(names, name)
		}
	}
	return names, associated
}

// associations reads the associations that objects of their own are made of. No search finds them and they move no
// stamp: read are those of the records that changed in this run, in a full read all. Where there are no records,
// nothing is asked. Those of a named record are read although it has not changed.
func (s *session) associations(ctx context.Context, o crm.Object) error {
	from, ok := s.source.(associator)
	if !ok {
		return fmt.Errorf("%s has no associations to read", s.source.System())
	}
	if _, err := warehouse.EnsureMirror(ctx, s.w.DB, o, hubspot.AssociationRecordColumns(nil)); err != nil {
		return err
	}
	first, second, _ := o.Associations()
	if first == crm.Lists {
		return s.memberships(ctx, from, o, second)
	}
	if !s.reads(first) {
		return crm.WithHint(fmt.Errorf("%s is read without %s", o, first), "an entity with hubspot.%s has to refer to one that reads hubspot.%s", o.Name, first)
	}
	was, err := warehouse.Was(ctx, s.w.DB, o)
	if err != nil {
		return err
	}
	full, since := s.o.Full || !was, s.began
	if full {
		since = time.Time{}
	}
	parents, err := warehouse.Landed(ctx, s.w.DB, crm.Object{System: o.System, Name: first}, since)
	parents = once(append(parents, s.namedIDs(first)...))
	if err != nil || len(parents) == 0 {
		return s.noted(ctx, o, nil, err)
	}
	columns, err := from.AssociationColumns(ctx, o.Name)
	if err := s.noted(ctx, o, columns, err); err != nil {
		return err
	}
	read, err := from.Associated(ctx, o.Name, parents)
	if err != nil {
		return err
	}
	return s.take(ctx, from, o, second, parents, read, full)
}

// noted puts the metadata of such an object into the catalog; without labels read only where there is none yet.
func (s *session) noted(ctx context.Context, o crm.Object, columns []crm.Column, err error) error {
	if err != nil {
		return err
	}
	if columns == nil {
		known, err := warehouse.CatalogColumns(ctx, s.w.DB, o)
		if err != nil || len(known) > 0 {
			return err
		}
		columns = hubspot.AssociationRecordColumns(nil)
	}
	return s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		if _, err := warehouse.WriteColumns(ctx, tx, o, columns, s.o.Now()); err != nil {
			return err
		}
		m := &warehouse.Mirror{Object: o}
		for _, c := range columns {
			m.Columns = append(m.Columns, warehouse.MirrorColumn{Name: c.Name})
		}
		if err := warehouse.Extracted(ctx, tx, m); err != nil {
			return err
		}
		return warehouse.Complete(ctx, tx, m, nil)
	})
}

// memberships takes the members of the lists that were read as associations of the lists, also of those that a run before
// this one read and did not come to take.
func (s *session) memberships(ctx context.Context, from associator, o crm.Object, second string) error {
	if err := s.noted(ctx, o, nil, nil); err != nil {
		return err
	}
	was, err := warehouse.Was(ctx, s.w.DB, o)
	if err != nil {
		return err
	}
	lists, err := warehouse.ListsToTake(ctx, s.w.DB, second)
	if err != nil {
		return err
	}
	if !was {
		known, err := warehouse.RecordLists(ctx, s.w.DB)
		if err != nil {
			return err
		}
		lists = slices.Sorted(maps.Keys(known))
	}
	read, err := warehouse.Memberships(ctx, s.w.DB, second, lists)
	if err != nil || len(lists) == 0 {
		return err
	}
	if err := s.take(ctx, from, o, second, lists, read, false); err != nil {
		return err
	}
	return warehouse.ListsTaken(ctx, s.w.DB, second, lists)
}

// take brings what was read of some first records into the mirror. An association that is missing has ended if its
// second record is still there: of one that was archived or merged away nothing is proven.
func (s *session) take(ctx context.Context, from associator, o crm.Object, second string, parents []string, read []warehouse.Association, full bool) error {
	read, err := s.unforgotten(ctx, o, read)
	if err != nil {
		return err
	}
	missing, err := warehouse.Missing(ctx, s.w.DB, o, parents, read, s.o.Now().Add(-memberLag))
	if err != nil {
		return err
	}
	if full && !s.o.Believe && len(read) == 0 && len(missing) >= nothingFrom {
		return crm.WithHint(fmt.Errorf("%s: %w", o, warehouse.ErrNothing), "nothing was marked deleted: check that the key may read associations; if it is right, give a run --force extract")
	}
	living := map[string]bool{}
	if len(missing) > 0 {
		far := slices.Compact(slices.Sorted(maps.Values(missing)))
		if living, err = from.Living(ctx, second, far); err != nil {
			return err
		}
	}
	var ended []string
	for id, to := range missing {
		if living[to] {
			ended = append(ended, id)
		}
	}
	var n warehouse.Merged
	if err := s.w.InTx(ctx, func(tx *warehouse.Tx) (err error) {
		n, err = warehouse.WriteAssociations(ctx, tx, o, read, ended, s.o.Now())
		return err
	}); err != nil {
		return err
	}
	s.sets = append(s.sets, ObjectReport{Object: o, Full: full, New: n.New, Changed: n.Changed, Deleted: n.Deleted})
	return nil
}

func (s *hubspotSource) AssociationColumns(ctx context.Context, object string) ([]crm.Column, error) {
	from, to, _ := crm.Object{System: crm.HubSpot, Name: object}.Associations()
	types, err := s.client.AssociationTypes(ctx, from, to)
	return hubspot.AssociationRecordColumns(types), err
}

func (s *hubspotSource) Associated(ctx context.Context, object string, ids []string) ([]warehouse.Association, error) {
	from, to, _ := crm.Object{System: crm.HubSpot, Name: object}.Associations()
	all, err := s.client.Associations(ctx, from, to, ids)
	if err != nil {
		return nil, err
	}
	var out []warehouse.Association
	for _, id := range ids {
		for _, a := range all[id] {
			out = append(out, warehouse.Association{ID: hubspot.AssociationID(id, a.ID), From: id, To: a.ID, Labels: a.Labels()})
		}
	}
	return out, nil
}

func (s *hubspotSource) Living(ctx context.Context, object string, ids []string) (map[string]bool, error) {
	return s.client.Living(ctx, object, ids)
}
