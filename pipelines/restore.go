package pipelines

import (
	"context"
	"errors"

	"lockstep/internal/entity"
	"lockstep/internal/forget"
	"lockstep/internal/project"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
)

// Restored is what a restore did.
type Restored struct {
	Kept    string          // the file it replaced; empty: there was none
	Records []forget.Record // that the backup held and that were forgotten since: they are erased again
	Erased  forget.Erased   // with them
}

// Restore puts a backup in the warehouse's place. Who was forgotten since it was made stays so: the warehouse that it
// replaces tells, or, where that is lost, what was last published.
func Restore(ctx context.Context, p *project.Project, o warehouse.Options, from string) (r Restored, err error) {
	sql, err := entity.Load(p.SQL)
	if err != nil {
		return r, err
	}
	r.Kept, err = warehouse.Restore(ctx, o, from, warehouse.Forgetting{
		Published: func() (list []warehouse.Digest, err error) {
			reader, err := publish.Open(ctx, p.Config.Paths.Published)
			if errors.Is(err, publish.ErrNothing) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			defer reader.Close()
			db, release := reader.DB()
			defer release()
			return warehouse.Digests(ctx, db)
		},
		Erase: func(w *warehouse.Warehouse, list []warehouse.Digest) error {
			return w.InTx(ctx, func(tx *warehouse.Tx) (err error) {
				r.Records, r.Erased, err = forget.Again(ctx, w, tx, sql, list, o.RunAt)
				return err
			})
		},
	})
	return r, err
}
