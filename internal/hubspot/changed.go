package hubspot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"
)

// Changed yields every live record modified at or after since, oldest change first, however many there are.
//
// A search reaches 10,000 records, and its offsets shift under a walk: a record modified meanwhile leaves its
// place, and the one after it would be skipped. So no offsets are used. Each page begins at the stamp the last
// one ended with, and where a whole page shares one stamp (an import), the records of that stamp are walked by
// hs_object_id before going on. Hence the walk has no limit and loses nothing, and a record that shares the
// stamp at a page's border comes twice: replace by id.
//
// Where the properties do not fit a search's 3,000 characters, the search finds the ids and each page is the
// answer of a batch read. Page.After is empty; Page.Total is what was left when the page was asked for.
//
// The index lags behind writes by some 30 seconds: the caller's since overlaps by more.
func (c *Client) Changed(ctx context.Context, object string, since time.Time, properties []string) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		w := &walk{stamp: Modified(object), from: since.UTC().Truncate(time.Millisecond), properties: properties}
		if w.from.Before(time.UnixMilli(0)) {
			w.from = time.UnixMilli(0).UTC() // the beginning of HubSpot's time
		}
		_, err := w.query().body()
		var long *tooLong
		byID := errors.As(err, &long)
		if byID {
			w.properties, w.limit = []string{w.stamp}, batchRows
		}
		for !w.done {
			page, err := c.Search(ctx, object, w.query())
			if err == nil {
				err = w.advance(page)
			}
			if err == nil && byID {
				found := page
				if page, err = c.BatchRead(ctx, object, ReadQuery{IDs: ids(found.Rows), Properties: properties}); err == nil {
					page.Total = found.Total
				}
			}
			if err != nil {
				yield(nil, fmt.Errorf("hubspot.Changed(%s): %w", object, err))
				return
			}
			page.After = ""
			if !yield(page, nil) {
				return
			}
		}
	}
}

// walk is where Changed stands: at a stamp, or inside one.
type walk struct {
	stamp      string // the property
	properties []string
	limit      int // records a page; 0: as many as a search gives
	from       time.Time
	inside     bool   // walking the records of from alone, by id
	lastID     uint64 // of those, the last seen
	done       bool
}

// query is the next page's.
func (w *walk) query() Query {
	at := strconv.FormatInt(w.from.UnixMilli(), 10)
	if !w.inside {
		return Query{
			Groups:     [][]Filter{{{Property: w.stamp, Operator: "GTE", Value: at}}},
			Sort:       Sort{Property: w.stamp},
			Properties: w.properties, Limit: w.limit,
		}
	}
	return Query{
		Groups: [][]Filter{{
			{Property: w.stamp, Operator: "GTE", Value: at},
			{Property: w.stamp, Operator: "LTE", Value: at},
			{Property: "hs_object_id", Operator: "GT", Value: strconv.FormatUint(w.lastID, 10)},
		}},
		Sort:       Sort{Property: "hs_object_id"},
		Properties: w.properties, Limit: w.limit,
	}
}

// advance moves past a page. A page without a cursor is the last of its query.
func (w *walk) advance(p *Page) error {
	more := p.After != ""
	if more && len(p.Rows) == 0 {
		return fmt.Errorf("search answered no record and a next page")
	}
	switch {
	case more && w.inside:
		last, err := strconv.ParseUint(p.Rows[len(p.Rows)-1].ID, 10, 64)
		if err != nil || last <= w.lastID {
			return fmt.Errorf("search sorted by hs_object_id does not advance past %d", w.lastID)
		}
		w.lastID = last
	case w.inside:
		w.inside, w.lastID, w.from = false, 0, w.from.Add(time.Millisecond)
	case more:
		last := p.Rows[len(p.Rows)-1].ModifiedAt.Truncate(time.Millisecond)
		if last.Before(w.from) {
			return fmt.Errorf("search sorted by %s went back before %s", w.stamp, w.from.Format(time.RFC3339Nano))
		}
		w.inside = last.Equal(w.from) // the whole page, and more, shares this stamp
		w.from = last
	default:
		w.done = true
	}
	return nil
}
