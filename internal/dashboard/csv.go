package dashboard

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"time"
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
		if !ok {
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
		if err := s.write(w, &request{Request: r.WithContext(ctx), s: s, db: db, now: s.o.Now()}, q); err != nil {
			s.fail(w, r, err)
		}
	})
}

// write writes the table. An error is returned as long as nothing was written; later ones end the connection, so that
// nobody takes half a file for a whole one.
func (s *Server) write(w http.ResponseWriter, r *request, q query) error {
	text, args, err := q.bound(r)
	if err != nil {
		return err
	}
	if len(q.keys) > 0 {
		text, args = q.paged(text, args, cursor{})
	}
	out, wait := csv.NewWriter(w), http.NewResponseController(w)
	n := 0
	begin := func(columns []string) error {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="lockstep-%s-%s.csv"`, q.name, r.now.UTC().Format("20060102-1504")))
		_ = wait.SetWriteDeadline(time.Now().Add(chunkTime)) // of the connection's own clock; a recorder in a test has none
		return out.Write(shown(columns, columns))
	}
	err = read(r.Context(), r.db, text, args, func(columns []string, row []any) error {
		if n == 0 {
			if err := begin(columns); err != nil {
				return err
			}
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = plain(v)
		}
		if n++; n%chunkRows == 0 {
			_ = wait.SetWriteDeadline(time.Now().Add(chunkTime))
		}
		return out.Write(shown(columns, cells))
	})
	if err == nil && n == 0 {
		err = s.head(r, text, args, begin)
	}
	if err != nil && n == 0 {
		return err
	}
	out.Flush()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// head writes the columns of a query without rows.
func (s *Server) head(r *request, text string, args []any, begin func([]string) error) error {
	rows, err := r.db.QueryContext(r.Context(), text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // it has no rows to fail in
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	return begin(columns)
}

// shown leaves out what stands under a name that is for links and keys.
func shown(columns, cells []string) (out []string) {
	for i, c := range columns {
		if !strings.HasPrefix(c, "_") {
			out = append(out, cells[i])
		}
	}
	return out
}

// plain is a value as a spreadsheet reads it. Text that would be taken for a formula is quoted.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999Z")
	case string:
		return safe(v)
	case []any:
		return safe(cell("", v, nil).Text)
	}
	return fmt.Sprint(v)
}

// safe puts a quote before what a spreadsheet would compute.
func safe(text string) string {
	if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
