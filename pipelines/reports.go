package pipelines

import (
	"context"
	"fmt"
	"path"
	"strings"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// reports makes a table report.<name> of every file of sql/report/, and of nothing else: all are from one moment,
// and one whose file is gone is gone.
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
				if _, err := tx.ExecContext(ctx, "create table report."+entity.Quote(name)+" as\n"+f.Text); err != nil {
					return f.Error(err, 1)
				}
				made = append(made, name)
			}
			return nil
		})
		return int64(len(made)), err
	})
}
