package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// Shape is where a page keeps its records.
type Shape string

// The shapes of pages.
const (
	HubSpotResults    Shape = "$.results[*]" // search, list, batch read and the answers of batch writes
	SalesforceRecords Shape = "$.records[*]" // query and queryAll
)

// list is the key of the array of records.
func (s Shape) list() string {
	if s == HubSpotResults {
		return "results"
	}
	return "records"
}

// mend returns the pages in a form that DuckDB reads. Go and the CRMs are more lenient about JSON than DuckDB (half
// of a surrogate pair, bytes that are not UTF-8), so one such value would cost the whole page. A page DuckDB does
// not read is split into its records, and of those only the unreadable ones are written anew, with U+FFFD for what
// is no character. A page that breaks off, or is no JSON to Go either, is an error: its records are not all there.
func mend(ctx context.Context, db Conn, shape Shape, pages [][]byte) ([][]byte, error) {
	out := make([][]byte, 0, len(pages))
	for i, page := range pages {
		if ok, err := readable(ctx, db, page); err != nil {
			return nil, err
		} else if ok {
			out = append(out, page)
			continue
		}
		records, err := split(shape, page)
		if err != nil {
			return nil, fmt.Errorf("page %d of %d: %w", i+1, len(pages), err)
		}
		for j, record := range records {
			ok, err := readable(ctx, db, record)
			if err == nil && !ok {
				records[j], err = rewrite(record)
			}
			if err != nil {
				return nil, fmt.Errorf("page %d of %d, record %d: %w", i+1, len(pages), j+1, err)
			}
		}
		out = append(out, join(shape, records))
	}
	return out, nil
}

func readable(ctx context.Context, db Conn, text []byte) (ok bool, err error) {
	if !utf8.Valid(text) {
		return false, nil
	}
	err = db.QueryRowContext(ctx, `select coalesce(json_valid($1), false)`, string(text)).Scan(&ok)
	return ok, err
}

// split cuts a page into its records without reading them.
func split(shape Shape, page []byte) ([]json.RawMessage, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(page, &top); err != nil {
		return nil, fmt.Errorf("the page is not whole JSON")
	}
	var records []json.RawMessage
	if err := json.Unmarshal(top[shape.list()], &records); err != nil {
		return nil, fmt.Errorf("the page has no list of records")
	}
	return records, nil
}

// rewrite decodes a record and encodes it again, numbers as they stand.
func rewrite(record json.RawMessage) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(record))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the record is not JSON")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("the record is not JSON")
	}
	return json.Marshal(v)
}

func join(shape Shape, records []json.RawMessage) []byte {
	b, err := json.Marshal(records)
	if err != nil {
		panic(err) // raw messages that were just read
	}
	return fmt.Appendf(nil, `{%q:%s}`, shape.list(), b)
}
