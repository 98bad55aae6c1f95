package plan

import (
	"context"
	"database/sql"
	"strings"
)

// sampled is the kind of the notices that say how much of an entity a sample takes.
const sampled = "sample"

// Sample says how much of what is new a plan takes that was made with --sample; empty of every other.
func (p *Plan) Sample() string {
	var parts []string
	for _, n := range p.Notices {
		if n.Kind == sampled {
			parts = append(parts, n.Entity+" "+n.Text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Sample: of the new pairs " + strings.Join(parts, ", ") + "; the rest is planned again next time."
}

// ReadSample is Sample of the plan that stands in plan.* under planID.
func ReadSample(ctx context.Context, db DB, planID string) (string, error) {
	p := &Plan{}
	err := rows(ctx, db, `select entity, text from plan.notice where plan_id = $1 and kind = $2 order by entity`, []any{planID, sampled}, func(r *sql.Rows) error {
		n := Notice{Kind: sampled}
		err := r.Scan(&n.Entity, &n.Text)
		p.Notices = append(p.Notices, n)
		return err
	})
	return p.Sample(), err
}
