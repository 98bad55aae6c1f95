package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lockstep/internal/crm"
)

// What does not fit says in one line what it was and in another which setting bounds it.
func TestRoom(t *testing.T) {
	t.Parallel()
	const much = "create table many as select md5(i::varchar) as a, md5((i + 1)::varchar) as b from range(3_000_000) as t(i) order by a"
	for _, c := range []struct{ name, memory, spill, query, what, hint string }{
		{"memory", "20MB", "10GB", "select list(md5(i::varchar)) from range(3_000_000) as t(i)", "Out of Memory Error", "warehouse.memory"},
		{"disk", "40MB", "1MB", much, "Out of Memory Error", "warehouse.spill"},
		{"neither", "1GB", "1GB", "select no_such", "no_such", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, err := Open(context.Background(), Options{Path: t.TempDir() + "/w.duckdb", Memory: c.memory, Spill: c.spill, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = w.Close() }()
			_, err = w.DB.Exec(c.query)
			err = Room(fmt.Errorf("counting: %w", err))
			if err == nil || !strings.HasPrefix(err.Error(), "counting: ") || !strings.Contains(err.Error(), c.what) {
				t.Fatal(err)
			}
			var hinted *crm.Hinted
			if errors.As(err, &hinted) != (c.hint != "") || c.hint != "" && (!strings.Contains(hinted.Hint, c.hint) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%v", err)
			}
		})
	}
	if Room(nil) != nil {
		t.Error("nil has an error")
	}
}
