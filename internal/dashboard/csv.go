package dashboard

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lockstep/internal/export"
)

// A CSV is written as it is read. Its reader may take his time, but not stand still.
const (
	savingTime = 10 * time.Minute
	chunkTime  = 30 * time.Second
	chunkRows  = 1000
)

// csv answers with all rows of a table, with the filters of the address it is linked from.
func (s *Server) csv() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, ok := s.queries[r.PathValue("table")]
		made, sheeted := sheets[r.PathValue("table")]
		if !ok && !sheeted {
			s.fail(w, r, errNotFound)
			return
		}
		if s.shut(w, r) {
			return
		}
		select {
		case s.saving <- struct{}{}:
			defer func() { <-s.saving }()
		default:
			s.fail(w, r, problem{http.StatusServiceUnavailable, "Two files are being written already.", "Wait until one of them is done."})
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), savingTime)
		defer cancel()
		db, release := s.o.Source.DB()
		defer release()
		if db == nil {
			s.fail(w, r, problem{http.StatusNotFound, "Nothing has been published yet.", "The first run publishes what it did."})
			return
		}
		asked, err := &request{Request: r.WithContext(ctx), s: s, db: db, now: s.o.Now()}, error(nil)
		if sheeted {
			err = s.writeSheet(w, asked, made)
		} else {
			err = s.write(w, asked, q)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// write writes the table. An error is returned as long as nothing was written; a later one ends the connection, so that
// nobody takes half a file for a whole one.
func (s *Server) write(w http.ResponseWriter, r *request, q query) error {
	text, args, err := q.bound(r)
	if err != nil {
		return err
	}
	if len(q.keys) > 0 {
		text, args = q.paged(text, args, cursor{}, time.Time{})
	}
	out, wait := bufio.NewWriterSize(w, 32<<10), http.NewResponseController(w)
	began, n := false, 0
	line := func(values []any) error {
		if n++; n%chunkRows == 1 {
			_ = wait.SetWriteDeadline(time.Now().Add(chunkTime)) // on the connection's clock; a recorder in a test has none
		}
		_, err := out.WriteString(export.Record(values))
		return err
	}
	err = read(r.Context(), r.db, text, args, func(all []*sql.ColumnType) error {
		began = true
		attach(w, r)
		var names []any
		for _, c := range all {
			names = append(names, strings.TrimPrefix(c.Name(), "_")) // hidden on the page, and of use in a file
		}
		return line(names)
	}, line)
	if err != nil && !began {
		return err
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writeSheet is write for a table that is made before it is written.
func (s *Server) writeSheet(w http.ResponseWriter, r *request, made sheet) error {
	rows, err := made(s, r)
	if err != nil {
		return err
	}
	attach(w, r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(savingTime))
	out := bufio.NewWriter(w)
	for _, row := range rows {
		for i, v := range row {
			if at, ok := v.(time.Time); ok && at.IsZero() {
				row[i] = nil
			}
		}
		if _, err := out.WriteString(export.Record(row)); err != nil {
			panic(http.ErrAbortHandler) // half a file is not to be taken for a whole one
		}
	}
	if out.Flush() != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// attach makes the answer a file.
func attach(w http.ResponseWriter, r *request) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="lockstep-%s-%s.csv"`, r.PathValue("table"), r.now.UTC().Format("20060102-1504")))
}
