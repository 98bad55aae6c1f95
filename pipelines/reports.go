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

// Reports say what became of the files of sql/report/.
type Reports struct {
	Made   []string // by name
	Left   []string // why a file was left out
	Failed []error  // of those that could not be made, with a hint: what the run before left of them stands
}

// reports makes report.<name> of every file of sql/report/, and of nothing else: one whose file is gone is gone. Those that
// read records, from a mirror or mapped, are tables, all from one moment; the others are views, here and in the publication,
// and always right. A report over an entity or an object that this project or warehouse does not have is left out. One that
// fails takes nothing away from the run's own outcome: it is told of, noted in history, and health knows of it until it is made.
func (r *run) reports(ctx context.Context) error {
	if !r.job.Pipeline.Reports {
		return nil
	}
	return r.job.Watch.stage("reports", func() (int64, error) {
		all, err := MakeReports(ctx, r.w, r.entity)
		for _, why := range all.Left {
			r.job.Log.Info().Msg(why)
		}
		for _, failed := range all.Failed {
			line := r.job.Log.Error().Err(failed)
			var hinted *crm.Hinted
			if errors.As(failed, &hinted) {
				line = line.Str("hint", hinted.Hint)
			}
			line.Msg("a report was not made: the one before stands")
			r.unmade = append(r.unmade, failed.Error())
		}
		return int64(len(all.Made)), err
	})
}

// MakeReports makes the reports anew, each by itself. The error is for what no report can be made without.
func MakeReports(ctx context.Context, w *warehouse.Warehouse, p *entity.Project) (all Reports, err error) {
	var due []report
	if err := w.InTx(ctx, func(tx *warehouse.Tx) (err error) {
		due, all.Left, err = dueReports(ctx, tx, p)
		return err
	}); err != nil {
		return all, err
	}
	asks := slices.ContainsFunc(due, func(r report) bool { return len(r.mapped) > 0 })
	if asks {
		// not in the same transaction: DuckDB does not commit one that has filled a table and dropped it
		defer func() { err = errors.Join(err, transform.Unmap(context.WithoutCancel(ctx), w.DB)) }()
		var wide []string
		for _, r := range due {
			wide = append(wide, r.mapped...)
		}
		if err := w.InTx(ctx, func(tx *warehouse.Tx) error { return transform.Map(ctx, tx, p, wide) }); err != nil {
			all.Failed = append(all.Failed, fmt.Errorf("reports over records: %w", err))
			due = slices.DeleteFunc(due, func(r report) bool { return len(r.mapped) > 0 })
		}
	}
	for _, r := range due {
		if err := w.InTx(ctx, func(tx *warehouse.Tx) error { return r.make(ctx, tx, p) }); err != nil && ctx.Err() == nil {
			all.Failed = append(all.Failed, err)
		} else if err == nil {
			all.Made = append(all.Made, r.name)
		}
	}
	return all, ctx.Err()
}

// report is a file of sql/report/ that can be made here.
type report struct {
	name   string
	file   entity.File
	mapped []string // the tables of mapped that it reads
	before string   // what stands of it: table or view; empty: nothing
}

// dueReports are those that can be made here, and why the others are left out. What others have left is dropped.
func dueReports(ctx context.Context, tx *warehouse.Tx, p *entity.Project) (due []report, left []string, err error) {
	parsed, err := p.Parse(ctx, tx) // one select per file, or the driver would run them all
	if err != nil {
		return nil, nil, err
	}
	there, err := tables(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range p.Reports {
		r, lacks := report{name: strings.TrimSuffix(path.Base(f.Path), ".sql"), file: f}, ""
		for _, t := range parsed.Statement(f).Tables {
			switch {
			case t.Schema == "mapped" && (strings.HasPrefix(t.Name, "_") || has(p, t.Name)):
				r.mapped = append(r.mapped, t.Name)
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
		due = append(due, r)
	}
	before, err := standing(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	for name, kind := range before {
		i := slices.IndexFunc(due, func(r report) bool { return strings.EqualFold(r.name, name) })
		if i >= 0 {
			due[i].before = kind
		} else if _, err := tx.ExecContext(ctx, "drop "+kind+" report."+entity.Quote(name)); err != nil {
			return nil, nil, fmt.Errorf("reports: %w", err)
		}
	}
	return due, left, nil
}

// make puts the report in the place of the one before.
func (r report) make(ctx context.Context, tx *warehouse.Tx, p *entity.Project) error {
	current, err := p.Current(ctx, tx, r.file)
	if err != nil {
		return err
	}
	as := "table"
	if current {
		as = "view"
	}
	if r.before != "" && r.before != as {
		if _, err := tx.ExecContext(ctx, "drop "+r.before+" report."+entity.Quote(r.name)); err != nil {
			return fmt.Errorf("report.%s: %w", r.name, err)
		}
	}
	if _, err := tx.ExecContext(ctx, "create or replace "+as+" report."+entity.Quote(r.name)+" as\n"+r.file.Text); err != nil {
		return r.file.Error(err, 1)
	}
	return nil
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

// standing are the reports of the run before: what each of them is, a table or a view.
func standing(ctx context.Context, tx warehouse.Conn) (all map[string]string, err error) {
	rows, err := tx.QueryContext(ctx, `select table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables
		where table_catalog = current_database() and table_schema = 'report'`)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	defer func() { _ = rows.Close() }()
	all = map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err
		}
		all[name] = kind
	}
	return all, rows.Err()
}
