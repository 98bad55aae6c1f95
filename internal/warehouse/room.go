package warehouse

import (
	"errors"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/crm"
)

// Room gives an error of DuckDB that had not memory or disk enough one line and the setting that says how much it may
// take. One that has a hint, any other error, and nil, are returned as they are.
func Room(err error) error {
	var d *duckdb.Error
	var hinted *crm.Hinted
	if !errors.As(err, &d) || d.Type != duckdb.ErrorTypeOutOfMemory || errors.As(err, &hinted) {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return crm.WithHint(&Fault{text, err}, "%s", MoreRoom(err.Error()))
}

// MoreRoom is the hint for DuckDB's words when it had not memory or disk enough.
func MoreRoom(text string) string {
	if strings.Contains(text, "max_temp_directory_size") {
		return "it needs more of the disk than warehouse.spill in lockstep.yaml allows: allow more, or make the SQL read less at once"
	}
	return "give warehouse.memory in lockstep.yaml more, or make the SQL read less at once"
}
