package transform

import (
	"slices"

	"lockstep/internal/entity"
)

// tellHidden lists the entity's objects that cannot be read any more. Their records are out of scope until they can: the
// pairs keep their links and bases, and nobody takes the silence for a deletion.
func (r *run) tellHidden() error {
	for _, o := range r.hidden {
		if !slices.ContainsFunc(r.entity.From, func(f entity.ObjectFile) bool { return f.Object == o }) {
			continue
		}
		_, err := r.conn.ExecContext(r.ctx, `insert into plan.notice (plan_id, entity, kind, system, object, text) values ($1, $2, 'hidden', $3, $4, $5)`,
			r.o.PlanID, r.entity.Name, string(o.System), o.Name, "cannot be read any more: its records wait as they were, and nothing is deleted for it")
		if err != nil {
			return err
		}
	}
	return nil
}
