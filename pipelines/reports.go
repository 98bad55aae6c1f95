package pipelines

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	"lockstep/transform"
)

// reports makes report.<name> of every file of sql/report/, and of nothing else: one whose file is gone is gone. Those that
// read records, from a mirror or mapped, are tables, all from one moment; the others are views, here and in the publication,
// and always right. A report over an entity or an object that this project or warehouse does not have is left out.
func (r *run) reports(ctx context.Context) error {
	if !r.job.Pipeline.Reports {
		return nil
	}
	return r.job.Watch.stage("reports", func() (int64, error) {
		made, left, err := MakeReports(ctx, r.w, r.entity)
		for _, why := range left {
			r.job.Log.Info().Msg(why)
		}
		return int64(len(made)), err
	})
}

// MakeReports makes the reports anew, all or none, and names those made and, with the reason, those left out.
func MakeReports(ctx context.Context, w *warehouse.Warehouse, p *entity.Project) (made, left []string, err error) {
	err = w.InTx(ctx, func(tx *warehouse.Tx) (err error) {
		made, left, err = makeReports(ctx, tx, p)
		return err
	})
	// not in the same transaction: DuckDB does not commit one that has filled a table and dropped it
	return made, left, errors.Join(err, transform.Unmap(ctx, w.DB))
}

// makeReports is MakeReports in a transaction. What it has mapped for the reports stands until transform.Unmap.
func makeReports(ctx context.Context, tx warehouse.Conn, p *entity.Project) (made, left []string, err error) {
	parsed, err := p.Parse(ctx, tx) // one select per file, or the driver would run them all
	if err != nil {
		return nil, nil, err
	}
	there, err := tables(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.ExecContext(ctx, `drop schema report cascade; create schema report`); err != nil {
		return nil, nil, fmt.Errorf("reports: %w", err)
	}
	asks := false
	var wide []string
	var due []entity.File
	for _, f := range p.Reports {
		lacks := ""
		var names []string
		for _, t := range parsed.Statement(f).Tables {
			switch {
			case t.Schema == "mapped" && (strings.HasPrefix(t.Name, "_") || has(p, t.Name)):
				asks = true
				names = append(names, t.Name)
			case t.Schema == "mapped":
				lacks = "entity " + t.Name
			case (t.Schema == string(crm.HubSpot) || t.Schema == string(crm.Salesforce) || t.Schema == "link" || t.Schema == "base") &&
				!slices.Contains(there, t.Schema+"."+strings.ToLower(t.Name)):
				lacks = t.Schema + "." + t.Name
			}
		}
		if lacks != "" {
			left = append(left, fmt.Sprintf("%s is left out: there is no %s here", f.Path, lacks))
			continue
		}
		wide = append(wide, names...)
		due = append(due, f)
	}
	if asks {
		if err := transform.Map(ctx, tx, p, wide); err != nil {
			return nil, left, err
		}
	}
	for _, f := range due {
		name := strings.TrimSuffix(path.Base(f.Path), ".sql")
		current, err := p.Current(ctx, tx, f)
		if err != nil {
			return made, left, err
		}
		as := "table"
		if current {
			as = "view"
		}
		if _, err := tx.ExecContext(ctx, "create "+as+" report."+entity.Quote(name)+" as\n"+f.Text); err != nil {
			return made, left, f.Error(err, 1)
		}
		made = append(made, name)
	}
	return made, left, nil
}

func has(p *entity.Project, name string) bool { _, ok := p.Entity(name); return ok }

// tables are the warehouse's tables as schema.table, lower case.
func tables(ctx context.Context, tx warehouse.Conn) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, `select lower(schema_name || '.' || table_name) from duckdb_tables() where database_name = current_database()`)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}
