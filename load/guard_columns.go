package load

import (
	"context"
	"strconv"
	"strings"
)

// oftenFrom is how many records have to get one value for a log to quote it: what fewer share may be a person's own.
const oftenFrom = 3

// columnMeasures counts what the plan does to single columns: the records in which one field's value is replaced or
// cleared, field by field, and those that would belong to other records than before.
func (r *run) columnMeasures(ctx context.Context) ([]measure, error) {
	var refs, sets []string
	for _, e := range r.entities {
		if e.of.Set() {
			sets = append(sets, e.of.Name)
		}
		for _, f := range e.rules {
			if f.refersTo != "" {
				refs = append(refs, e.of.Name+"."+f.field)
			}
		}
	}
	rows, err := r.conn.QueryContext(ctx, `
		with ends as (select unnest(from_json($2::varchar, '["varchar"]')) as field),
		sets as (select unnest(from_json($3::varchar, '["varchar"]')) as entity),
		written as (
			select c.entity, c.system, c.object, c.change_id, nullif(v.before, '') as before, nullif(v.after, '') as after, unnest(v.fields) as field
			from plan.change as c join plan.value as v using (plan_id, change_id)
			where c.plan_id = $1 and c.action = 'update'
		),
		replaced as (
			select entity, system, object, field, after, count(*) as n
			from (select entity, system, object, field, change_id, coalesce(min(after), '') as after from written where before is not null group by all)
			group by all
		),
		moved as (
			select entity, system, object, change_id from written
			where entity || '.' || field in (from ends) and entity not in (from sets)
			union
			select entity, system, object, change_id from plan.change where plan_id = $1 and entity in (from sets)
		)
		select entity, system, object, field, sum(n)::integer, arg_max(after, n), max(n)::integer from replaced group by all
		union all
		select entity, system, object, null, count(*)::integer, null, null from moved group by all
		order by all`, r.report.PlanID, jsonText(refs), jsonText(sets))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []measure
	for rows.Next() {
		m := measure{name: "associations"}
		var field, value *string
		var n *int
		if err := rows.Scan(&m.entity, &m.object.System, &m.object.Name, &field, &m.n, &value, &n); err != nil {
			return nil, err
		}
		if field != nil {
			m.name, m.field, m.often = "field", *field, often(*value, *n)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// often names the commonest new value as a log may have it: none that could be somebody's own, no address, nothing long.
func often(value string, n int) string {
	head := " (" + strconv.Itoa(n) + " of them "
	switch r := []rune(value); {
	case n < oftenFrom:
		return ""
	case value == "":
		return head + "blank)"
	case strings.Contains(value, "@"):
		return head + "the same address)"
	case len(r) > 40:
		return head + strconv.Quote(string(r[:39])+"…") + ")"
	}
	return head + strconv.Quote(value) + ")"
}
