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
	text, more, _ := strings.Cut(err.Error(), "\n")
	hint := "give warehouse.memory in lockstep.yaml more: a first run over a million people needs more than a tick does"
	if strings.Contains(text+more, "max_temp_directory_size") {
		hint = "it needs more of the disk than warehouse.spill in lockstep.yaml allows: allow more, or give warehouse.memory more"
	}
	return crm.WithHint(&Fault{text, err}, "%s", hint)
}
