package warehouse

import (
	"context"
	"database/sql/driver"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"
	"github.com/duckdb/duckdb-go/v2"
)

// pagesView is the name pages have in SQL while they are registered.
const pagesView = "lockstep_pages"

// batchBytes is how much text one Arrow batch holds. A batch is what one of DuckDB's threads takes at a time: small
// enough that all have work, large enough that handing it over costs nothing.
const batchBytes = 1 << 20

// pageSchema is one column of text.
var pageSchema = arrow.NewSchema([]arrow.Field{{Name: "page", Type: arrow.BinaryTypes.String}}, nil)

// withPages lets use scan pages once, as the table named by pagesView, in tx. The memory of the batches is C's, not
// Go's: DuckDB's threads hold pointers into it.
func withPages(ctx context.Context, tx *Tx, pages [][]byte, use func() error) error {
	reader, err := pageReader(pages)
	if err != nil {
		return err
	}
	var release func()
	err = tx.conn.Raw(func(c any) error {
		a, err := duckdb.NewArrowFromConn(c.(driver.Conn))
		if err != nil {
			return err
		}
		release, err = a.RegisterView(reader, pagesView)
		return err
	})
	if err != nil {
		reader.Release()
		return err
	}
	// The batches may go only when nothing reads them any more: after use, and after the view is gone.
	defer release()
	if err := use(); err != nil {
		return err // the transaction is over, and the view with it
	}
	_, err = tx.ExecContext(ctx, `drop view `+pagesView)
	return err
}

// pageReader puts pages into batches of about batchBytes.
func pageReader(pages [][]byte) (array.RecordReader, error) {
	memory := mallocator.NewMallocator()
	var batches []arrow.RecordBatch
	defer func() {
		for _, b := range batches {
			b.Release()
		}
	}()
	for len(pages) > 0 {
		n, size := 0, 0
		for n < len(pages) && (n == 0 || size+len(pages[n]) <= batchBytes) {
			size += len(pages[n])
			n++
		}
		text := array.NewStringBuilder(memory)
		text.Reserve(n)
		text.ReserveData(size)
		for _, page := range pages[:n] {
			text.BinaryBuilder.Append(page)
		}
		column := text.NewArray()
		text.Release()
		batches = append(batches, array.NewRecordBatch(pageSchema, []arrow.Array{column}, int64(n)))
		column.Release()
		pages = pages[n:]
	}
	return array.NewRecordReader(pageSchema, batches)
}
