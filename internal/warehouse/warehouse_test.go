package warehouse

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
)

var (
	runAt    = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	contacts = crm.Object{System: crm.HubSpot, Name: "contacts"}
	lead     = crm.Object{System: crm.Salesforce, Name: "Lead"}
)

// memory is a warehouse that is gone after the test.
func memory(t *testing.T) *Warehouse {
	t.Helper()
	return opened(t, Options{RunAt: runAt})
}

func opened(t *testing.T, o Options) *Warehouse {
	t.Helper()
	w, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "state", "warehouse.duckdb") }

// rows is a query's answer, one line per row, values separated by bars, NULL as a dash.
func rows(t *testing.T, db Conn, query string, args ...any) []string {
	t.Helper()
	found, err := db.QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for found.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				texts[i] = "-"
			case time.Time:
				texts[i] = v.UTC().Format("2006-01-02T15:04:05.999Z07:00")
			default:
				texts[i] = fmt.Sprint(v)
			}
		}
		out = append(out, strings.Join(texts, "|"))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
