package warehouse

import (
	"errors"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Fault is an error of DuckDB whose text is safe to log.
type Fault struct {
	Text string
	err  error
}

func (f *Fault) Error() string { return f.Text }
func (f *Fault) Unwrap() error { return f.err }

// Cut makes an error of DuckDB safe to log: the texts of errors about values quote the row they met, so they end
// before the first quotation. Errors about the statement (a column that is not there, a syntax error) keep their
// text, which quotes SQL. Any other error, and nil, is returned as it is.
//
// The value stays reachable by errors.As for those who may see it; nothing prints it by accident.
func Cut(err error) error {
	var d *duckdb.Error
	if err == nil || !errors.As(err, &d) {
		return err
	}
	var cut *Fault
	if errors.As(err, &cut) {
		return err
	}
	switch d.Type {
	case duckdb.ErrorTypeBinder, duckdb.ErrorTypeCatalog, duckdb.ErrorTypeParser, duckdb.ErrorTypeSyntax,
		duckdb.ErrorTypeTransaction, duckdb.ErrorTypeIO, duckdb.ErrorTypeInterrupt, duckdb.ErrorTypeOutOfMemory,
		duckdb.ErrorTypeSettings, duckdb.ErrorTypePermission, duckdb.ErrorTypeConnection, duckdb.ErrorTypeDependency:
		return err
	}
	text, _, _ := strings.Cut(d.Msg, "\n")
	if i := strings.IndexAny(text, `'"{[<`+"`"); i >= 0 {
		text = strings.TrimRight(text[:i], " :") + " (the value is not shown)"
	}
	return &Fault{text, err}
}

// isUnreadable says that DuckDB met a text that is not JSON.
func isUnreadable(err error) bool {
	var d *duckdb.Error
	return errors.As(err, &d) && d.Type == duckdb.ErrorTypeInvalidInput && strings.Contains(d.Msg, "JSON")
}
