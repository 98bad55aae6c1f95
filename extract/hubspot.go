package extract

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/warehouse"
	"lockstep/internal/wire"
)

// HubSpotOverlap is how far before the cursor a search begins. The index lags behind writes by some 30 seconds.
const HubSpotOverlap = 2 * time.Minute

// hubspotHistoryRows is how many records a batch read with histories takes.
const hubspotHistoryRows = 50

// hubspotSource is HubSpot as a Source. Changes come by search, which knows live records only; archived ones and
// those no longer there are found by All alone. All lists live records, then archived ones.
type hubspotSource struct {
	client  *hubspot.Client
	overlap time.Duration

	details hubspot.Account // as the last Account had them
}

// HubSpot is a Source over a client. An overlap of 0 is HubSpotOverlap.
func HubSpot(c *hubspot.Client, overlap time.Duration) Source {
	if overlap == 0 {
		overlap = HubSpotOverlap
	}
	return &hubspotSource{client: c, overlap: overlap}
}

func (s *hubspotSource) System() crm.System { return crm.HubSpot }

func (s *hubspotSource) Account(ctx context.Context) (warehouse.Account, error) {
	a, err := s.client.Account(ctx)
	if err != nil {
		return warehouse.Account{}, err
	}
	s.details = *a
	return warehouse.Account{System: crm.HubSpot, ID: a.ID(), Name: a.UIDomain, Zone: a.TimeZone}, nil
}

func (s *hubspotSource) Columns(ctx context.Context, objects []string) (map[string][]crm.Column, map[string]error, error) {
	out, hidden := map[string][]crm.Column{}, map[string]error{}
	for _, object := range objects {
		all, err := s.client.Properties(ctx, object)
		var e *wire.Error
		if errors.As(err, &e) && e.Kind == wire.Mapping { // a missing scope is a mistake in the app, and ends the run
			hidden[object] = err
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		for _, p := range all {
			out[object] = append(out[object], p.Column(object))
		}
		out[object] = append(out[object], hubspot.AssociationColumns(object)...)
	}
	return out, hidden, nil
}

// Named are associations with custom objects.
func (s *hubspotSource) Named(names []string) (columns []crm.Column) {
	for _, name := range names {
		if c, ok := hubspot.CustomAssociation(name); ok {
			columns = append(columns, c)
		}
	}
	return columns
}

func (s *hubspotSource) People(ctx context.Context) ([]warehouse.Person, error) {
	var out []warehouse.Person
	for _, archived := range []bool{false, true} {
		owners, err := s.client.Owners(ctx, archived)
		if err != nil {
			return nil, err
		}
		for _, o := range owners {
			p := warehouse.Person{
				ID: o.ID, Email: o.Email, Name: strings.TrimSpace(o.FirstName + " " + o.LastName), Type: o.Type, Active: !archived,
			}
			if o.UserID != 0 {
				p.UserID = strconv.FormatInt(o.UserID, 10)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *hubspotSource) Changes(ctx context.Context, asked []Changed) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for _, a := range asked {
			properties, associated := apart(a.Columns)
			for page, err := range s.client.Changed(ctx, a.Object, a.Since.Add(-s.overlap), properties) {
				if err == nil {
					err = s.associate(ctx, a.Object, page, associated, false)
				}
				if err != nil {
					yield(Page{}, err)
					return
				}
				if !yield(hubspotPage(a.Object, page, ""), nil) {
					return
				}
			}
		}
	}
}

// The positions of All: "live", "live 123" after the record that cursor follows, "archived", "archived 456".
const (
	liveList     = "live"
	archivedList = "archived"
)

func (s *hubspotSource) All(ctx context.Context, object string, columns []string, position string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		properties, associated := apart(columns)
		list, after, _ := strings.Cut(position, " ")
		if list == "" {
			list = liveList
		}
		for _, l := range []string{liveList, archivedList} {
			if l != list {
				continue
			}
			for page, err := range s.client.List(ctx, object, hubspot.ListQuery{Properties: properties, Archived: l == archivedList, After: after}) {
				if err == nil {
					err = s.associate(ctx, object, page, associated, l == archivedList)
				}
				if err != nil {
					yield(Page{}, err)
					return
				}
				next := l + " " + page.After
				if page.After == "" {
					next = archivedList // after the archived ones there is nothing: the read is then finished
				}
				if !yield(hubspotPage(object, page, next), nil) {
					return
				}
			}
			list, after = archivedList, ""
		}
	}
}

// Records asks for the archived ones among those that are not live.
func (s *hubspotSource) Records(ctx context.Context, object string, columns, ids []string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		properties, associated := apart(columns)
		for batch := range slices.Chunk(ids, hubspot.MaxRows) {
			for _, archived := range []bool{false, true} {
				page, err := s.client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: batch, Properties: properties, Archived: archived})
				if err == nil {
					err = s.associate(ctx, object, page, associated, archived)
				}
				if err != nil {
					yield(Page{}, err)
					return
				}
				if !yield(hubspotPage(object, page, ""), nil) {
					return
				}
				if batch = page.Missing; len(batch) == 0 {
					break
				}
			}
		}
	}
}

func (s *hubspotSource) Histories(ctx context.Context, object string, ids, columns []string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for batch := range slices.Chunk(ids, hubspotHistoryRows) {
			page, err := s.client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: batch, WithHistory: columns})
			if err != nil {
				yield(Page{}, fmt.Errorf("the histories of %s: %w", object, err))
				return
			}
			if !yield(hubspotPage(object, page, ""), nil) {
				return
			}
		}
	}
}

func (s *hubspotSource) ClockAhead() (time.Duration, bool) {
	m := s.client.Meter().Snapshot()
	return m.Skew, m.SkewWithin > 0
}

func hubspotPage(object string, p *hubspot.Page, position string) Page {
	return Page{Object: object, Shape: warehouse.HubSpotResults, Body: p.Body, Records: int64(len(p.Rows)), Position: position}
}
