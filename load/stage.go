package load

import (
	"context"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// lifecycleStage is HubSpot's property that takes a value forward only, in the order of its options. It takes any
// value while it is blank, so to go back it is cleared by a call before.
const lifecycleStage = "lifecyclestage"

// readStages reads the order of the object's lifecycle stages, if it has any.
func (r *run) readStages(ctx context.Context, m *mirror) error {
	if m.object.System != crm.HubSpot || !slices.Contains(m.read, lifecycleStage) {
		return nil
	}
	rows, err := r.conn.QueryContext(ctx, `select value from catalog.option where system = $1 and object = $2 and "column" = $3 order by position`,
		m.object.System, m.object.Name, lifecycleStage)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return err
		}
		m.stages = append(m.stages, v)
	}
	return rows.Err()
}

// backwards counts the changes of a group that take a stage back, and so are two calls.
func backwards(ctx context.Context, conn entity.Conn, planID string, g *group) (n int, err error) {
	err = conn.QueryRowContext(ctx, `select count(*)
		from plan.change as c
		join plan.value as v on v.plan_id = c.plan_id and v.change_id = c.change_id and v."column" = $5
		join catalog.option as present on present.system = c.system and present.object = c.object and present."column" = $5 and present.value = v.before
		join catalog.option as earlier on earlier.system = c.system and earlier.object = c.object and earlier."column" = $5 and earlier.value = v.after
		where c.plan_id = $1 and c.entity = $2 and c.system = $3 and c.object = $4 and c.action = 'update' and earlier.position < present.position`,
		planID, g.entity, g.object.System, g.object.Name, lifecycleStage).Scan(&n)
	return n, err
}

// goesBack tells whether a column that takes values forward only would be given an earlier one.
func (m *mirror) goesBack(column string, from, to *string) bool {
	return column == lifecycleStage && slices.Index(m.stages, or(to, "")) >= 0 &&
		slices.Index(m.stages, or(to, "")) < slices.Index(m.stages, or(from, ""))
}
