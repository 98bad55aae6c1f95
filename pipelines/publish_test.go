package pipelines_test

import (
	"path/filepath"
	"strings"
	"testing"

	"lockstep/internal/publish"
)

// published compares what readers see with the warehouse, table by table: they are the same after any run that came to
// its end, though the publication was written in pieces, some of them runs ago.
func (l *lab) published(t *testing.T) {
	t.Helper()
	w := l.open()
	defer func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := l.job.Project.Config.Paths
	w.DB.SetMaxOpenConns(1) // attached databases are seen by all connections, `use` by one
	if _, err := w.DB.Exec(`attach '` + filepath.Join(c.Published, publish.Database) + `' as reports (read_only)`); err != nil {
		t.Fatal(err)
	}
	tables := query(t, w, `select '"' || schema_name || '"."' || table_name || '"' from duckdb_tables()
		where database_name = 'warehouse' and schema_name in ('history', 'link', 'base', 'catalog', 'crosswalk', 'list', 'hubspot', 'salesforce')
			and table_name not in ('mapping', 'installed', 'described', 'publication') order by all`)
	if len(tables) < 60 {
		t.Errorf("%d tables", len(tables))
	}
	for _, row := range tables {
		for _, d := range query(t, w, strings.ReplaceAll(`select '- ' || t::varchar from (from warehouse.T except all from reports.T) as t
			union all select '+ ' || t::varchar from (from reports.T except all from warehouse.T) as t order by all limit 6`, "T", row[0])) {
			t.Errorf("%s (-warehouse +publication)\n%s", row[0], d[0])
		}
	}
	if bad := query(t, w, `select coalesce(error, '') from history.publication where not ok`); len(bad) > 0 {
		t.Errorf("not published: %v", bad)
	}
	m, err := publish.ReadManifest(c.Published)
	if err != nil {
		t.Fatal(err)
	}
	deltas := 0
	for _, table := range m.Tables {
		if table.Delta != nil {
			deltas++
		}
	}
	t.Logf("%d tables, %d of them with a delta", len(tables), deltas)
}
