package transform

import (
	"fmt"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Pre-flight: what the target's metadata says against a column about to be sent is a refusal without a call. It is asked
// about the records to be created once they are filled, and about the columns that move; what it finds is left out of the
// plan and listed in plan.refusal.

// foresee makes the current entity's table of what would be refused.
func (r *run) foresee() error {
	_, err := r.conn.ExecContext(r.ctx, `create or replace temp table foreseen (change_id varchar, pair_id varchar, action varchar, system varchar, object varchar,
		record_id varchar, source_object varchar, source_id varchar, "column" varchar, before varchar, value varchar, whole boolean, category varchar, words varchar)`)
	if err != nil {
		return fmt.Errorf("transform.foresee(%s): %w", r.entity.Name, err)
	}
	return nil
}

// mirrorOf is a mirror whose deleted records nothing may refer to.
type mirrorOf struct{ System, Object, Table string }

// preflight adds to foreseen what the catalog says against the records to be created, or against the columns that move.
func (r *run) preflight(creates bool) error {
	if r.o.Unchecked {
		return nil
	}
	var mirrors []mirrorOf
	of := "moving join pair using (pair_id)"
	column, object := `moving."column"`, "if(moving.system = 'hubspot', pair.hubspot_object, pair.salesforce_object)"
	system := "moving.system"
	if creates {
		of, column, object, system = "filled join birth using (probe_id)", `filled."column"`, "birth.object", "birth.system"
	}
	names, err := r.strings1(fmt.Sprintf(`
		select distinct named.system || '.' || named.refers_to
		from (
			select said.system, unnest(said.refers_to) as refers_to
			from catalog.column as said
			where len(said.refers_to) > 0 and (said.system, said.object, said.name) in (select (%s, %s, %s) from %s)
		) as named
		join duckdb_tables() as mirror on mirror.schema_name = named.system and mirror.table_name = named.refers_to
		join duckdb_columns() as deleted
			on deleted.schema_name = mirror.schema_name and deleted.table_name = mirror.table_name and deleted.column_name = '_deleted'
		order by all`, system, object, column, of))
	if err != nil {
		return fmt.Errorf("transform.preflight(%s): %w", r.entity.Name, err)
	}
	for _, n := range names {
		o, err := crm.ParseObject(n)
		if err != nil {
			return err
		}
		mirrors = append(mirrors, mirrorOf{string(o.System), o.Name, string(o.System) + "." + entity.Quote(o.Name)})
	}
	return r.query("preflight.sql", map[string]any{"Creates": creates, "Mirrors": mirrors})
}

// foreseen writes what would be refused into the plan.
func (r *run) foreseen() error {
	found, err := r.some("foreseen")
	if err != nil || !found {
		return err
	}
	return r.query("foreseen.sql", map[string]any{"Categories": crm.Categories})
}

// predictions stands for what pre-flight refused, among the entities of which something stands refused.
const predictions = ""

// standing notes the entities of which a server refused something that stands, and whether there are predictions.
func (r *run) standing() error {
	names, err := r.strings1(`select distinct if(coalesce(predicted, false), '', entity) from history.refusal where "column" is distinct from '_deleted'`)
	if err != nil {
		return fmt.Errorf("transform.standing: %w", err)
	}
	for _, n := range names {
		r.refused[n] = true
	}
	return nil
}

// spared lists what a server refused of the current entity and is not due any more.
func (r *run) spared() error {
	if !r.refused[r.entity.Name] {
		return nil
	}
	return r.query("spared.sql", nil)
}

// lift lists the predictions that history holds and this plan makes no more.
func (r *run) lift() error {
	if !r.refused[predictions] {
		return nil
	}
	names := "''"
	for _, n := range r.names() {
		names += ", " + literal(n)
	}
	_, err := r.conn.ExecContext(r.ctx, fmt.Sprintf(`
		insert into plan.refusal (plan_id, entity, pair_id, system, object, record_id, "column", value, fields, rules, category, words, lifted)
		select %[1]s, entity, pair_id, system, object, record_id, "column", value, [], [], category, words, true
		from history.refusal as known
		where predicted and entity in (%[2]s)
			and not exists (
				from plan.refusal as mine
				where mine.plan_id = %[1]s and mine.entity = known.entity and mine.pair_id = known.pair_id and mine.system = known.system
					and mine.object = known.object and mine."column" = known."column" and mine.value is not distinct from known.value)`,
		literal(r.o.PlanID), names))
	if err != nil {
		return fmt.Errorf("transform.lift: %w", err)
	}
	return nil
}

// retries tells whether what was refused before goes again although no record moved: somebody asked for it, or edited
// the entity's mapping.
func (r *run) retries() bool { return r.o.RetryRefused || r.edited[r.entity.Name] }
