package load

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Limits are the guard's, by name: creates, updates, clears, deletes, links, alone ("updates") or for one entity
// ("contact.updates", which then replaces the general one).
type Limits map[string]Limit

// Limit is the most that may happen to one object (for links: to one entity) in one plan.
type Limit struct {
	Number int     // records; 0: no limit
	Share  float64 // of the object's live records, 0.3 is 30 %; 0: no limit
}

// shareFrom is the number of records below which a share says nothing: one of two is 50 %.
const shareFrom = 10

// Exceeded is one limit that a plan is over.
type Exceeded struct {
	Name     string // as Options.Force takes it: contact.updates
	N, Of    int    // records
	Limit    Limit
	Sentence string // 37 of 61 contacts would change (61 %, limit 30 %)
}

// LimitError lists what the guard stopped. errors.Is(err, ErrLimit) holds.
type LimitError struct{ Exceeded []Exceeded }

func (e *LimitError) Error() string {
	var all []string
	for _, x := range e.Exceeded {
		all = append(all, x.Sentence)
	}
	return strings.Join(all, "; ")
}

func (e *LimitError) Unwrap() error { return ErrLimit }

// measure is one count that a limit may bound.
type measure struct {
	entity, name string
	object       crm.Object // empty for links
	n, of        int
}

// guard compares the whole plan with the limits. It writes nothing.
func (r *run) guard(ctx context.Context) error {
	for _, name := range append(keys(r.o.Limits), r.o.Force...) {
		_, last, _ := strings.Cut("."+name, ".")
		if i := strings.LastIndex(last, "."); i >= 0 {
			last = last[i+1:]
		}
		if !slices.Contains([]string{"creates", "updates", "clears", "deletes", "links"}, last) {
			return crm.WithHint(fmt.Errorf("%q is not a limit", name), "limits are creates, updates, clears, deletes and links, alone or after an entity: contact.updates")
		}
	}
	all, err := r.measures(ctx)
	if err != nil {
		return err
	}
	over := &LimitError{}
	var names []string
	for _, m := range all {
		full := m.entity + "." + m.name
		limit, ok := r.o.Limits[full]
		if !ok {
			limit = r.o.Limits[m.name]
		}
		if slices.Contains(r.o.Force, m.name) || slices.Contains(r.o.Force, full) {
			continue
		}
		share := 0.0
		if m.of >= shareFrom {
			share = float64(m.n) / float64(m.of)
		}
		switch {
		case limit.Number > 0 && m.n > limit.Number:
			over.Exceeded = append(over.Exceeded, Exceeded{full, m.n, m.of, limit, m.sentence(fmt.Sprintf("limit %d", limit.Number))})
		case limit.Share > 0 && share > limit.Share:
			over.Exceeded = append(over.Exceeded, Exceeded{full, m.n, m.of, limit, m.sentence(percent(share) + ", limit " + percent(limit.Share))})
		default:
			continue
		}
		if !slices.Contains(names, full) {
			names = append(names, full)
		}
	}
	if len(over.Exceeded) == 0 {
		return nil
	}
	return crm.WithHint(over, "look at the plan; if it is right, run it again with --force %s", strings.Join(names, " --force "))
}

// sentence is "37 of 61 contacts would change (61 %, limit 30 %)", after the system's name.
func (m measure) sentence(why string) string {
	what := map[string]string{
		"creates": "would be new", "updates": "would change", "clears": "would lose a value", "deletes": "would be deleted", "links": "would be linked anew",
	}[m.name]
	if m.name == "links" {
		return fmt.Sprintf("%s: %d of %d records %s (%s)", m.entity, m.n, m.of, what, why)
	}
	name := m.object.Name
	if m.object.System == crm.Salesforce {
		name += " records"
	}
	return fmt.Sprintf("%s: %d of %d %s %s (%s)", m.object.System, m.n, m.of, name, what, why)
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", math.Round(share*100)) }

func (r *run) measures(ctx context.Context) ([]measure, error) {
	rows, err := r.conn.QueryContext(ctx, `
		select c.entity, c.system, c.object,
			count(*) filter (c.action = 'create'),
			count(*) filter (c.action = 'update'),
			count(*) filter (c.action = 'update' and exists (
				select 1 from plan.value as v
				where v.plan_id = c.plan_id and v.change_id = c.change_id and nullif(v.after, '') is null and nullif(v.before, '') is not null)),
			count(*) filter (c.action = 'delete')
		from plan.change as c where c.plan_id = $1
		group by all order by all`, r.report.PlanID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []measure
	for rows.Next() {
		var creates, updates, clears, deletes measure
		creates.name, updates.name, clears.name, deletes.name = "creates", "updates", "clears", "deletes"
		var o crm.Object
		var name string
		if err := rows.Scan(&name, &o.System, &o.Name, &creates.n, &updates.n, &clears.n, &deletes.n); err != nil {
			return nil, err
		}
		for _, m := range []measure{creates, updates, clears, deletes} {
			m.entity, m.object = name, o
			all = append(all, m)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, m := range all {
		if all[i].of, err = r.live(ctx, m.object); err != nil {
			return nil, err
		}
		if m.name == "creates" {
			all[i].of += m.n
		}
	}
	links, err := r.linkMeasures(ctx)
	return append(all, links...), err
}

// linkMeasures counts the links that are new or lead elsewhere than before.
func (r *run) linkMeasures(ctx context.Context) ([]measure, error) {
	var all []measure
	for _, e := range r.p.Entities {
		m := measure{entity: e.Name, name: "links"}
		for _, o := range e.Own() {
			n, err := r.live(ctx, o)
			if err != nil {
				return nil, err
			}
			m.of = max(m.of, n)
		}
		err := r.conn.QueryRowContext(ctx, fmt.Sprintf(`select count(*) from plan.link as p
			left join link.%s as l using (pair_id)
			where p.plan_id = $1 and p.entity = $2 and p.state = 'linked'
				and (l.pair_id is null or l.hubspot_id is distinct from p.hubspot_id or l.salesforce_id is distinct from p.salesforce_id)`,
			quote(e.Name)), r.report.PlanID, e.Name).Scan(&m.n)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// live counts the records of o's mirror that are not deleted; 0 when there is no mirror.
func (r *run) live(ctx context.Context, o crm.Object) (n int, err error) {
	err = r.conn.QueryRowContext(ctx, fmt.Sprintf(`select count(*) from %s.%s where not coalesce(_deleted, false)`,
		entity.Quote(string(o.System)), entity.Quote(o.Name))).Scan(&n)
	if err != nil && strings.Contains(err.Error(), "does not exist") {
		return 0, nil
	}
	return n, err
}

func keys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
