package pipelines

import (
	"context"
	"fmt"
	"path"
	"strings"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// reports makes report.<name> of every file of sql/report/, and of nothing else: one whose file is gone is gone. Those that
// read a mirror are tables, all from one moment; the others are views, here and in the publication, and always right.
func (r *run) reports(ctx context.Context) error {
	if !r.job.Pipeline.Reports {
		return nil
	}
	return r.job.Watch.stage("reports", func() (int64, error) {
		if _, err := r.entity.Parse(ctx, r.w.DB); err != nil { // one select per file, or the driver would run them all
			return 0, err
		}
		var made []string
		err := r.w.InTx(ctx, func(tx *warehouse.Tx) error {
			if _, err := tx.ExecContext(ctx, `drop schema report cascade; create schema report`); err != nil {
				return fmt.Errorf("reports: %w", err)
			}
			for _, f := range r.entity.Reports {
				name := strings.TrimSuffix(path.Base(f.Path), ".sql")
				current, err := r.entity.Current(ctx, tx, f)
				if err != nil {
					return err
				}
				as := "table"
				if current {
					as = "view"
				}
				if _, err := tx.ExecContext(ctx, "create "+as+" report."+entity.Quote(name)+" as\n"+f.Text); err != nil {
					return f.Error(err, 1)
				}
				made = append(made, name)
			}
			return nil
		})
		return int64(len(made)), err
	})
}
