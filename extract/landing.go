package extract

import (
	"bytes"
	"context"

	"lockstep/internal/warehouse"
)

// groupBytes is how much raw text is held before it is landed, however few records it is.
const groupBytes = 64 << 20

// landing collects the pages of one read and lands them in groups.
type landing struct {
	session *session
	reading *warehouse.Reading

	pages    [][]byte
	shape    warehouse.Shape
	records  int64 // in pages
	size     int   // of pages, bytes
	position string
	arrived  int64 // in this run
}

// add takes a page, and lands a group when there is enough for one.
func (l *landing) add(ctx context.Context, p Page) error {
	if l.shape != p.Shape || p.Shape == "" {
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	l.arrived += p.Records
	l.session.o.Progress(Progress{Object: l.reading.Mirror.Object, Records: l.arrived, Full: l.reading.Kind == warehouse.Full})
	if p.Shape == "" {
		return l.session.w.LandCSV(ctx, l.reading, bytes.NewReader(p.Body), p.Position)
	}
	l.shape, l.position = p.Shape, p.Position
	l.pages = append(l.pages, p.Body)
	l.records += p.Records
	l.size += len(p.Body)
	if l.records < warehouse.GroupRecords && l.size < groupBytes {
		return nil
	}
	return l.flush(ctx)
}

// flush lands what there is. Pages that hold no record are left out.
func (l *landing) flush(ctx context.Context) error {
	if l.records == 0 {
		l.pages, l.size = nil, 0
		return nil
	}
	if err := l.session.w.Land(ctx, l.reading, l.shape, l.pages, l.position); err != nil {
		return err
	}
	l.pages, l.records, l.size = nil, 0, 0
	return nil
}
