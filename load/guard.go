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

// Limits are the guard's, by name: a kind ("updates"), one for an entity ("contact.updates"), and for one field of it
// ("contact.owner.field"). The most special one replaces the others.
type Limits map[string]Limit

// LimitKinds are what Limits may bound. links counts pairs, all others records of one object; field counts the records
// in which one field's value is replaced by another or cleared, for each field by itself; associations those that are
// given, lose or change the record they belong to, and of a set its elements.
var LimitKinds = []string{"creates", "updates", "clears", "deletes", "links", "associations", "field"}

// ParseLimit takes a limit's name apart. ok is false for what names no kind, or a field where the kind has none.
func ParseLimit(name string) (entity, field, kind string, ok bool) {
	parts := strings.Split(name, ".")
	kind = parts[len(parts)-1]
	if len(parts) > 1 {
		entity = parts[0]
	}
	if len(parts) == 3 {
		field = parts[1]
	}
	return entity, field, kind, slices.Contains(LimitKinds, kind) && len(parts) <= 3 && (len(parts) < 3 || kind == "field")
}

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
	field        string     // of the limit field: which one
	often        string     // of the limit field: the value that comes most often, as a log may have it
	object       crm.Object // empty for links
	n, of        int
}

// names are those a limit on the measure may have, the most special one first.
func (m measure) names() []string {
	all := []string{m.entity + "." + m.name, m.name}
	if m.field != "" {
		all = slices.Insert(all, 0, m.entity+"."+m.field+"."+m.name)
	}
	return all
}

// Names that Options.Force may have besides: canary lets a run go on whose first records were not taken; extract is for
// the step before, which believes what it read.
const canary, extract = "canary", "extract"

// guard compares the whole plan with the limits. It writes nothing.
func (r *run) guard(ctx context.Context) error {
	for _, name := range append(keys(r.o.Limits), r.o.Force...) {
		if err := r.knows(name); err != nil {
			return err
		}
	}
	all, err := r.measures(ctx)
	if err != nil {
		return err
	}
	over := &LimitError{}
	var forces []string
	for _, m := range all {
		names := m.names()
		if slices.ContainsFunc(names, func(n string) bool { return slices.Contains(r.o.Force, n) }) {
			continue
		}
		var limit Limit
		for _, name := range names {
			if l, ok := r.o.Limits[name]; ok {
				limit = l
				break
			}
		}
		share := 0.0
		if m.of >= shareFrom {
			share = float64(m.n) / float64(m.of)
		}
		why := ""
		switch {
		case limit.Number > 0 && m.n > limit.Number:
			why = fmt.Sprintf("limit %d", limit.Number)
		case limit.Share > 0 && share > limit.Share:
			why = percent(share) + ", limit " + percent(limit.Share)
		default:
			continue
		}
		over.Exceeded = append(over.Exceeded, Exceeded{names[0], m.n, m.of, limit, m.sentence(why)})
		if !slices.Contains(forces, names[0]) {
			forces = append(forces, names[0])
		}
	}
	if len(over.Exceeded) == 0 {
		return nil
	}
	return crm.WithHint(fmt.Errorf("nothing was sent: %w", over), "look at the plan; if it is right, run it again with --force %s", strings.Join(forces, " --force "))
}

// knows refuses a limit's name that bounds nothing: a mistyped one would be no limit at all.
func (r *run) knows(name string) error {
	of, field, _, ok := ParseLimit(name)
	if slices.Contains(r.o.Force, name) && (name == canary || name == extract) {
		return nil
	}
	if !ok {
		return crm.WithHint(fmt.Errorf("%q is not a limit", name), "limits are %s, alone or after an entity: contact.updates, contact.owner.field; canary and extract can only be forced", strings.Join(LimitKinds, ", "))
	}
	if of == "" {
		return nil
	}
	e, err := r.entity(of)
	if err != nil && !slices.Contains(r.o.Force, name) {
		return nil // a shipped pipeline names entities that a project may lack
	}
	if err != nil {
		return crm.WithHint(fmt.Errorf("%q is not a limit: sql/ has no entity %s", name, of), "a limit stands alone or after an entity: updates, contact.updates")
	}
	if field != "" && !slices.ContainsFunc(e.rules, func(f rule) bool { return f.field == field }) {
		return crm.WithHint(fmt.Errorf("%q is not a limit: %s has no field %s", name, of, field), "the fields are those of %s", e.of.Fields.Path)
	}
	return nil
}

// sentence is "37 of 61 contacts would change (61 %, limit 30 %)", after the system's name.
func (m measure) sentence(why string) string {
	what := map[string]string{
		"creates": "would be new", "updates": "would change", "clears": "would lose a value", "deletes": "would be deleted", "links": "would be linked anew",
		"associations": "would be associated otherwise", "field": "would get another " + m.field + m.often,
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
	more, err := r.columnMeasures(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, more...)
	for i, m := range all {
		if m.n == 0 {
			continue // no limit is that low
		}
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
	if err := r.look(ctx, r.conn); err != nil {
		return nil, err
	}
	var all []measure
	for _, e := range r.entities {
		if !r.has(e, "link") {
			continue
		}
		m := measure{entity: e.of.Name, name: "links"}
		err := r.conn.QueryRowContext(ctx, fmt.Sprintf(`select count(*) from plan.link as p
			left join link.%s as l using (pair_id)
			where p.plan_id = $1 and p.entity = $2 and p.state = 'linked'
				and (l.pair_id is null or l.hubspot_id is distinct from p.hubspot_id or l.salesforce_id is distinct from p.salesforce_id)`,
			quote(m.entity)), r.report.PlanID, m.entity).Scan(&m.n)
		if err != nil {
			return nil, err
		}
		for _, o := range e.of.Own() {
			n, err := r.live(ctx, o)
			if err != nil {
				return nil, err
			}
			m.of = max(m.of, n)
		}
		all = append(all, m)
	}
	return all, nil
}

// live counts the records of o's mirror that are not deleted; 0 when there is no mirror.
func (r *run) live(ctx context.Context, o crm.Object) (n int, err error) {
	if n, known := r.alive[o]; known {
		return n, nil
	}
	defer func() { r.alive[o] = n }()
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
