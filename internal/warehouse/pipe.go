package warehouse

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// headerBytes is the longest header line of a Bulk CSV (Salesforce: 32,000 characters).
const headerBytes = 1 << 20

// LandCSV commits one page of CSV as Land does pages of JSON: Salesforce's Bulk results, header line first, "Id",
// "SystemModstamp" and "IsDeleted" among its columns. The text goes to DuckDB through a named pipe as it arrives
// and is never on disk or whole in memory. A page of a header alone is fine, an empty one is an error.
func (w *Warehouse) LandCSV(ctx context.Context, r *Reading, page io.Reader, position string) (err error) {
	defer wrap(&err, "warehouse.LandCSV(%s)", r.Mirror.Object)
	source := bufio.NewReaderSize(page, headerBytes)
	header, err := readHeader(source)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lockstep-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "page.csv")
	parse, err := statement("parse.sql", parsing{Mirror: r.Mirror, Pages: readCSV(path, header), header: header})
	if err != nil {
		return err
	}
	return feed(path, source, func() error {
		return w.group(ctx, r, position, func(tx *Tx) (int64, error) { return affected(ctx, tx, parse) })
	})
}

// readHeader reads the column names and leaves the rest of the page.
func readHeader(source *bufio.Reader) ([]string, error) {
	line, err := source.ReadSlice('\n')
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, fmt.Errorf("the page has no header line: %w", err)
	}
	names, err := csv.NewReader(bytes.NewReader(line)).Read()
	if err != nil {
		return nil, fmt.Errorf("the header line is not CSV: %w", err)
	}
	for _, want := range []string{"Id", "SystemModstamp", "IsDeleted"} {
		if !contains(names, want) {
			return nil, fmt.Errorf("the page has no column %s", want)
		}
	}
	return names, nil
}

func contains(all []string, want string) bool {
	for _, s := range all {
		if s == want {
			return true
		}
	}
	return false
}

// readCSV is the rest of a page as a table. Nothing is guessed: a column of digits stays text.
func readCSV(path string, header []string) string {
	columns := make([]string, len(header))
	for i, h := range header {
		columns[i] = literal(h) + ": 'VARCHAR'"
	}
	return fmt.Sprintf(`read_csv(%s, auto_detect = false, header = false, columns = {%s}, delim = ',', quote = '"', escape = '"', parallel = false)`,
		literal(path), strings.Join(columns, ", "))
}
