package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// links follows conversions and merges, and sees deletions.
func (r *run) links() error {
	if err := r.sameAs(); err != nil {
		return err
	}
	if err := r.query("links.sql", nil); err != nil || !r.entity.Set() {
		return err
	}
	return r.query("returned.sql", nil)
}

// sameAs makes a table of what a person said of pairs of records.
func (r *run) sameAs() error {
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table answer (hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar, same boolean)`); err != nil {
		return err
	}
	for _, a := range r.entity.SameAs {
		if _, err := r.conn.ExecContext(r.ctx, `insert into answer values ($1, $2, $3, $4, $5)`, a.HubSpotObject, a.HubSpotID, a.SalesforceObject, a.SalesforceID, a.Same); err != nil {
			return err
		}
	}
	return nil
}

const sides = "with hubspot as materialized (from seen_hubspot), salesforce as materialized (from seen_salesforce) "

// match finds new pairs: match.sql and a person's answers propose, the smallest rank decides.
func (r *run) match() error {
	const columns = "hubspot_object::varchar as hubspot_object, hubspot_id::varchar as hubspot_id, salesforce_object::varchar as salesforce_object, salesforce_id::varchar as salesforce_id, rule::varchar as rule, rank::integer as rank"
	q := "create or replace temp table proposed as select '' as hubspot_object, '' as hubspot_id, '' as salesforce_object, '' as salesforce_id, '' as rule, 0 as rank where false"
	if f := r.entity.Match; f != nil {
		q = "create or replace temp table proposed as " + sides + "select " + columns + " from (\n" + f.Text + "\n) where hubspot_id is not null and salesforce_id is not null"
		if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
			return f.Error(err, 1)
		}
	} else if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return err
	}
	underWay, err := r.some("outbox where action = 'create'")
	if err != nil {
		return err
	}
	return r.query("match.sql", map[string]any{"UnderWay": underWay})
}

// create asks create.sql where the people without a partner are created.
func (r *run) create() error {
	if err := r.query("create.sql", nil); err != nil {
		return err
	}
	f := r.entity.Create
	if f == nil {
		if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table wanted (system varchar, object varchar, source_object varchar, source_id varchar, reason varchar)"); err != nil {
			return err
		}
		return r.query("birth.sql", nil)
	}
	q := "create or replace temp table wanted as with hubspot as materialized (from free_hubspot), salesforce as materialized (from free_salesforce) " +
		"select system::varchar as system, object::varchar as object, source_object::varchar as source_object, source_id::varchar as source_id, reason::varchar as reason from (\n" + f.Text + "\n)"
	if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return f.Error(err, 1)
	}
	var twice, id string
	err := r.conn.QueryRowContext(r.ctx, `select any_value(source_object), source_id from wanted group by system, source_object, source_id having count(*) > 1 limit 1`).Scan(&twice, &id)
	if err == nil {
		return crm.WithHint(fmt.Errorf("%s: two rows for %s %s", f.Path, twice, id), "create.sql gives one row per record")
	}
	targets, err := r.strings1(`select distinct system || '.' || object from wanted where object is not null`)
	if err != nil {
		return err
	}
	for _, t := range targets {
		if !slices.ContainsFunc(r.entity.To, func(x entity.ObjectFile) bool { return x.Object.String() == t }) {
			return crm.WithHint(fmt.Errorf("%s: %s has no to file", f.Path, t), "records are created through sql/%s/to_%s.sql", r.entity.Name, t)
		}
	}
	for _, o := range r.hidden {
		if _, err := r.conn.ExecContext(r.ctx, `update wanted set object = null, reason = $3 where system = $1 and object = $2`,
			string(o.System), o.Name, o.String()+" cannot be read any more"); err != nil {
			return err
		}
	}
	if err := r.query("birth.sql", nil); err != nil {
		return err
	}
	_, err = r.conn.ExecContext(r.ctx, `insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
		select $1, $2, 'not created', if(system = 'hubspot', 'salesforce', 'hubspot'), source_object, source_id, reason from wanted where object is null`, r.o.PlanID, r.entity.Name)
	return err
}

// checks runs the entities' check files and those over the whole plan: any row is a failure.
func (r *run) checks() error {
	for _, name := range r.names() {
		e, _ := r.parsed.Entity(name)
		for _, f := range e.Checks {
			if err := r.checkOne(f, literal(name)); err != nil {
				return err
			}
		}
	}
	for _, f := range r.parsed.Checks {
		if err := r.checkOne(f, "entity"); err != nil { // each row says of which it is
			return err
		}
	}
	return nil
}

func (r *run) checkOne(f entity.File, of string) error {
	s := r.parsed.Statement(f)
	if !slices.Contains(s.Output, "notice") {
		return r.check(f)
	}
	return r.noticed(of, f, slices.ContainsFunc(s.Tables, func(t entity.Table) bool { return t.Name == "planned" }))
}

// noticed lists the rows of a check that selects a notice: they stop nothing. It may read planned, the columns that the
// plan writes, each with what the other side says of the fields it comes from (said['owner_email']); where it writes none
// there is nothing to tell of them.
func (r *run) noticed(of string, f entity.File, planned bool) error {
	if planned {
		if any, err := r.some("plan.change where plan_id = " + literal(r.o.PlanID) + " and entity = " + of); err != nil || !any {
			return err
		}
	}
	kind := strings.ReplaceAll(strings.TrimSuffix(path.Base(f.Path), ".sql"), "_", " ")
	q := fmt.Sprintf(`insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
		with planned as (
			select change.*, value."column", value.before, value.after,
				(select coalesce(map_from_entries(list((field, if(change.system = 'hubspot', salesforce, hubspot)))), map()) from plan.field as f
				where f.plan_id = change.plan_id and f.entity = change.entity and f.pair_id = change.pair_id and list_contains(value.fields, f.field)) as said
			from (from plan.change where plan_id = %[1]s and entity = %[2]s) as change
			join plan.value as value using (plan_id, change_id))
		select %[1]s, %[2]s, %[3]s, system, object, record_id, field, notice from (`, literal(r.o.PlanID), of, literal(kind))
	if _, err := r.conn.ExecContext(r.ctx, q+"\n"+f.Text+"\n)"); err != nil {
		return f.Error(err, 8) // the lines before it
	}
	return nil
}

func (r *run) check(f entity.File) error {
	var n int64
	var row string
	if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table failed as select * from (\n"+f.Text+"\n)"); err != nil {
		return f.Error(err, 1)
	}
	if err := r.conn.QueryRowContext(r.ctx, "select count(*) from failed").Scan(&n); err != nil || n == 0 {
		return err
	}
	first, _, _ := strings.Cut(strings.TrimLeft(f.Text, "- "), "\n")
	if err := r.conn.QueryRowContext(r.ctx, "select concat_ws(', ', *columns(*)) from failed limit 1").Scan(&row); err != nil {
		return f.Error(err, 0)
	}
	return crm.WithHint(fmt.Errorf("%s: %d rows: %s: %s", f.Path, n, first, row), "any row of a check stops the load; the last part is its first row")
}
