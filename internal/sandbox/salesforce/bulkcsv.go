package salesforce

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"lockstep/internal/sandbox/salesforce/store"
)

// Limits of a Bulk upload, in characters. Bulk API Developer Guide, and the limits cheat sheet for the value.
const (
	maxHeader  = 32_000
	maxRow     = 400_000
	maxCell    = 131_072
	maxColumns = 5_000
	batchRows  = 10_000 // rows that count as one batch
)

// headerTooLong says why a header is refused, and with it the job; "" when it is not.
func headerTooLong(line string, header []string) string {
	switch {
	case utf8.RuneCountInString(line) > maxHeader:
		return fmt.Sprintf("InvalidBatch : The header is longer than %d characters", maxHeader)
	case len(header) > maxColumns:
		return fmt.Sprintf("InvalidBatch : The header has more than %d columns", maxColumns)
	}
	return ""
}

// rowTooLong tells whether a row or one of its values is beyond the limits.
func rowTooLong(row []string) bool {
	sum := 0
	for _, cell := range row {
		n := utf8.RuneCountInString(cell)
		if sum += n; n > maxCell {
			return true
		}
	}
	return sum > maxRow
}

// echo turns the numbers of a row into what result files hold in their place: large ones come back in scientific
// notation.
func echo(o *store.Object, header, row []string) {
	for i, name := range header {
		f := o.Field(name)
		if f == nil || i >= len(row) || f.Type != "double" && f.Type != "currency" && f.Type != "percent" {
			continue
		}
		if n, err := strconv.ParseFloat(row[i], 64); err == nil && math.Abs(n) >= 1e7 && !math.IsInf(n, 0) {
			row[i] = store.Double(n)
		}
	}
}
