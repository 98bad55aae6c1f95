package extract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
	"lockstep/internal/wire"
)

// MetadataAge is how long a settled run may go by the metadata, users and owners of an earlier one. A run that has
// something to do reads them whatever their age.
const MetadataAge = time.Hour

// glances asks both CRMs whether anything has moved since the last read, and nothing else: that is all of an idle tick.
// Where something has, the sessions that are to be read now are returned: all but those that failed.
func glances(ctx context.Context, sessions []*session) (rest []*session, err error) {
	for _, s := range sessions {
		ok, err := s.glanceable(ctx)
		if err != nil || !ok {
			return sessions, err
		}
	}
	moved, failed := make([]bool, len(sessions)), make([]error, len(sessions))
	var all sync.WaitGroup
	for i, s := range sessions {
		all.Go(func() { moved[i], failed[i] = s.glance(ctx) })
	}
	all.Wait()
	if !slices.Contains(moved, true) {
		return nil, errors.Join(failed...)
	}
	for i, s := range sessions {
		if failed[i] == nil {
			rest = append(rest, s)
		}
	}
	return rest, errors.Join(failed...)
}

// glanceable says whether every object was read to the end with the columns it has, by metadata young enough.
func (s *session) glanceable(ctx context.Context) (bool, error) {
	at, err := warehouse.MetadataRead(ctx, s.w.DB, s.source.System())
	if err != nil || at.IsZero() || s.o.Now().Sub(at) >= MetadataAge {
		return false, err
	}
	names, _ := s.split()
	for _, name := range names {
		ok, err := warehouse.ReadToEnd(ctx, s.w.DB, s.named(name))
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// glance says whether a record or a list has moved. It reads the named records, then ids and stamps, up to the first one
// that is news; nothing of those is landed.
func (s *session) glance(ctx context.Context) (moved bool, err error) {
	defer wrap(&err, "extract(%s)", s.source.System())
	if err := s.account(ctx); err != nil {
		return false, err
	}
	if moved, err = s.lists(ctx); err != nil || moved {
		return moved, err
	}
	var asked []Changed
	names, associated := s.split() // associations move no stamp
	hidden, err := warehouse.Hidden(ctx, s.w.DB, s.source.System())
	if err != nil {
		return false, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(hidden, name) })
	if err := s.glanceNamed(ctx, names, associated); err != nil {
		return false, err
	}
	for _, name := range names {
		since, err := warehouse.HighWater(ctx, s.w.DB, s.named(name))
		if err != nil {
			return false, err
		}
		asked = append(asked, Changed{Object: name, Since: since})
	}
	for page, err := range s.source.Changes(ctx, asked) {
		var e *wire.Error
		if errors.As(err, &e) && e.Kind == wire.Mapping {
			return true, nil // an object is not there any more: the metadata says which
		}
		if err != nil {
			return false, err
		}
		versions, err := versions(page)
		if err != nil {
			return false, err
		}
		forgot, err := s.w.Forgot(ctx, s.named(page.Object))
		if err != nil {
			return false, err
		}
		if forgot != nil {
			versions = slices.DeleteFunc(versions, func(v warehouse.RecordVersion) bool { return forgot(v.ID) })
		}
		known, err := warehouse.KnowsAll(ctx, s.w.DB, s.named(page.Object), versions)
		if err != nil || !known {
			return !known, err
		}
	}
	return false, s.clock(ctx)
}

func (s *session) named(object string) crm.Object {
	return crm.Object{System: s.source.System(), Name: object}
}

// versions are the ids, stamps and deletion marks of a page's records.
func versions(p Page) ([]warehouse.RecordVersion, error) {
	var body struct {
		Results []struct {
			ID        string    `json:"id"`
			UpdatedAt time.Time `json:"updatedAt"`
			Archived  bool      `json:"archived"`
		} `json:"results"`
		Records []struct {
			ID             string `json:"Id"`
			SystemModstamp string
			IsDeleted      bool
		} `json:"records"`
	}
	if err := json.Unmarshal(p.Body, &body); err != nil {
		return nil, fmt.Errorf("a page of %s has another form than documented", p.Object)
	}
	var all []warehouse.RecordVersion
	for _, r := range body.Results {
		all = append(all, warehouse.RecordVersion{ID: r.ID, At: r.UpdatedAt, Deleted: r.Archived})
	}
	for _, r := range body.Records {
		at, err := time.Parse("2006-01-02T15:04:05.999-0700", r.SystemModstamp)
		if err != nil {
			return nil, fmt.Errorf("a stamp of %s has another form than documented", p.Object)
		}
		all = append(all, warehouse.RecordVersion{ID: r.ID, At: at, Deleted: r.IsDeleted})
	}
	return all, nil
}
