package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/crm"
)

// Subject is an entity and the objects it is made from, for its counts.
type Subject struct {
	Entity  string
	Objects []crm.Object
	Set     bool // its records are elements of sets: while there are none, it is not worth a line
}

// ErrNoPlan is returned by Read for a plan id that the warehouse does not hold.
var ErrNoPlan = errors.New("no such plan")

// Read makes the value of the plan that stands in plan.* under planID. Entities come in the order of subjects.
func Read(ctx context.Context, db DB, planID string, subjects []Subject) (_ *Plan, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("plan.Read(%s): %w", planID, err)
		}
	}()
	p := &Plan{ID: planID, Accounts: map[crm.System]string{}}
	found := false
	err = rows(ctx, db, `select coalesce(run_id, ''), coalesce(pipeline, ''), made_at, coalesce(digest, ''), coalesce(undoes, '') from plan.plan where plan_id = $1`,
		[]any{planID}, func(r *sql.Rows) error {
			found = true
			return r.Scan(&p.RunID, &p.Pipeline, &p.MadeAt, &p.Digest, &p.Undoes)
		})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrNoPlan
	}
	p.MadeAt = p.MadeAt.UTC()
	for _, read := range []func(context.Context, DB) error{
		p.readAccounts, p.readResync, p.readLinks, p.readChanges, p.readValues, p.readRefusals, p.readFields, p.readNotices,
	} {
		if err := read(ctx, db); err != nil {
			return nil, err
		}
	}
	counted, err := p.count(ctx, db, subjects)
	if err != nil {
		return nil, err
	}
	for i, s := range subjects {
		e := counted[i]
		if s.Set && p.silent(e) {
			continue
		}
		p.Entities = append(p.Entities, e)
	}
	return p, nil
}

// silent tells of an entity of which there is nothing to say.
func (p *Plan) silent(e Entity) bool {
	return e.HubSpot+e.Salesforce+e.Linked == 0 &&
		!slices.ContainsFunc(p.Links, func(l NewLink) bool { return l.Entity == e.Name }) &&
		!slices.ContainsFunc(p.Changes, func(c RecordChange) bool { return c.Entity == e.Name }) &&
		!slices.ContainsFunc(p.Refusals, func(f Refusal) bool { return f.Entity == e.Name }) &&
		!slices.ContainsFunc(p.Notices, func(n Notice) bool { return n.Entity == e.Name })
}

func (p *Plan) readAccounts(ctx context.Context, db DB) error {
	return rows(ctx, db, `select system, id from catalog.account`, nil, func(r *sql.Rows) error {
		var system, id string
		err := r.Scan(&system, &id)
		p.Accounts[crm.System(system)] = id
		return err
	})
}

func (p *Plan) readResync(ctx context.Context, db DB) error {
	return rows(ctx, db, `select distinct entity || '.' || field as f from plan.settle where plan_id = $1 and event = 'resync' order by f`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var f string
			err := r.Scan(&f)
			p.Resync = append(p.Resync, f)
			return err
		})
}

func (p *Plan) readLinks(ctx context.Context, db DB) error {
	return rows(ctx, db, `select entity, pair_id, state, coalesce(hubspot_object, ''), coalesce(hubspot_id, ''),
		coalesce(salesforce_object, ''), coalesce(salesforce_id, ''), coalesce(rule, ''), coalesce(reason, '')
		from plan.link where plan_id = $1 order by entity, state, rule, hubspot_object, hubspot_id, salesforce_object, salesforce_id`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var l NewLink
			err := r.Scan(&l.Entity, &l.PairID, &l.State, &l.HubSpotObject, &l.HubSpotID, &l.SalesforceObject, &l.SalesforceID, &l.Rule, &l.Reason)
			p.Links = append(p.Links, l)
			return err
		})
}

func (p *Plan) readChanges(ctx context.Context, db DB) error {
	return rows(ctx, db, `select change_id, action, entity, pair_id, system, object, coalesce(record_id, ''), coalesce(source_object, ''),
		coalesce(source_id, ''), coalesce(label, ''), coalesce(rule, ''), coalesce(digest, '')
		from plan.change where plan_id = $1 order by position, change_id`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var c RecordChange
			var word string
			if err := r.Scan(&c.ID, &word, &c.Entity, &c.PairID, &c.System, &c.Object, &c.RecordID, &c.SourceObject,
				&c.SourceID, &c.Label, &c.Rule, &c.Digest); err != nil {
				return err
			}
			var err error
			c.Action, err = ParseAction(word)
			p.Changes = append(p.Changes, c)
			return err
		})
}

func (p *Plan) readValues(ctx context.Context, db DB) error {
	at := make(map[string]*RecordChange, len(p.Changes))
	for i := range p.Changes {
		at[p.Changes[i].ID] = &p.Changes[i]
	}
	return rows(ctx, db, `select change_id, "column", before, after, fields, rules from plan.value where plan_id = $1 order by change_id, "column"`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var id string
			var v Value
			var fields, rules duckdb.Composite[[]string]
			if err := r.Scan(&id, &v.Column, &v.Before, &v.After, &fields, &rules); err != nil {
				return err
			}
			v.Fields, v.Rules = fields.Get(), rules.Get()
			c, ok := at[id]
			if !ok {
				return fmt.Errorf("plan.value has column %s of change %s, which plan.change does not have", v.Column, id)
			}
			c.Values = append(c.Values, v)
			return nil
		})
}

func (p *Plan) readRefusals(ctx context.Context, db DB) error {
	return rows(ctx, db, `select entity, action, system, object, coalesce(record_id, ''), coalesce(source_object, ''), coalesce(source_id, ''),
		coalesce(label, ''), "column", value, fields, category, words, coalesce(remedy, '')
		from plan.refusal where plan_id = $1 and not lifted order by entity, category, "column", system, object, record_id, source_id`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var f Refusal
			var word string
			var fields duckdb.Composite[[]string]
			err := r.Scan(&f.Entity, &word, &f.System, &f.Object, &f.RecordID, &f.SourceObject, &f.SourceID, &f.Label,
				&f.Column, &f.Value, &fields, &f.Category, &f.Words, &f.Remedy)
			if err != nil {
				return err
			}
			f.Fields = fields.Get()
			f.Action, err = ParseAction(word)
			p.Refusals = append(p.Refusals, f)
			return err
		})
}

// readFields reads the fields on which the sides stand against each other. The pair's records come from
// the link, made by this plan or before it.
func (p *Plan) readFields(ctx context.Context, db DB) error {
	links := `select entity, pair_id, hubspot_object, hubspot_id, salesforce_object, salesforce_id from plan.link where plan_id = $1`
	entities := map[string]bool{}
	err := rows(ctx, db, `select distinct f.entity from plan.field f join duckdb_tables() t on t.schema_name = 'link' and t.table_name = f.entity
		where f.plan_id = $1`, []any{p.ID}, func(r *sql.Rows) error {
		var e string
		err := r.Scan(&e)
		entities[e] = true
		return err
	})
	if err != nil {
		return err
	}
	for e := range entities {
		links += fmt.Sprintf(` union all select '%s', pair_id, hubspot_object, hubspot_id, salesforce_object, salesforce_id from link."%s"
			where pair_id not in (select pair_id from plan.link where plan_id = $1)`, strings.ReplaceAll(e, "'", "''"), e)
	}
	return rows(ctx, db, `with links as (`+links+`), labels as (
		select entity, pair_id, max(label) as label from plan.change where plan_id = $1 group by all)
		select f.entity, f.field, coalesce(b.label, ''), coalesce(concat_ws(' ', l.hubspot_object, l.hubspot_id), ''),
			coalesce(concat_ws(' ', l.salesforce_object, l.salesforce_id), ''), f.outcome, f.conflict, f.first_link,
			f.hubspot, f.salesforce, f.hubspot_base, f.salesforce_base, f.rule, coalesce(f.reason, '')
		from plan.field f left join links l using (entity, pair_id) left join labels b using (entity, pair_id)
		where f.plan_id = $1 and (f.conflict or f.outcome = 'ask')
			and f.hubspot is distinct from f.salesforce -- one of several that go together may be the same on both sides
		order by f.entity, l.hubspot_object, l.hubspot_id, f.pair_id, f.field`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var f Field
			err := r.Scan(&f.Entity, &f.Field, &f.Label, &f.HubSpotRecord, &f.SalesforceRec, &f.Outcome, &f.Conflict, &f.FirstLink,
				&f.HubSpot, &f.Salesforce, &f.HubSpotBase, &f.SalesforceBase, &f.Rule, &f.Reason)
			p.Fields = append(p.Fields, f)
			return err
		})
}

func (p *Plan) readNotices(ctx context.Context, db DB) error {
	return rows(ctx, db, `select entity, kind, coalesce(system, ''), coalesce(object, ''), coalesce(record_id, ''), coalesce(field, ''), text
		from plan.notice where plan_id = $1 order by entity, kind, field, system, object, record_id, text`,
		[]any{p.ID}, func(r *sql.Rows) error {
			var n Notice
			err := r.Scan(&n.Entity, &n.Kind, &n.System, &n.Object, &n.RecordID, &n.Field, &n.Text)
			p.Notices = append(p.Notices, n)
			return err
		})
}

// count counts each entity's live records, and its links as they will be. A mirror that does not exist yet counts nothing.
func (p *Plan) count(ctx context.Context, db DB, subjects []Subject) ([]Entity, error) {
	tables := map[string]bool{}
	err := rows(ctx, db, `select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('hubspot', 'salesforce', 'link')`, nil, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		tables[name] = true
		return err
	})
	if err != nil {
		return nil, err
	}
	var counts []string
	var into []*int64
	count := func(schema, table, where string, n *int64) {
		if tables[schema+"."+table] {
			counts = append(counts, fmt.Sprintf(`select %d as i, count(*) as n from %s."%s" where %s`, len(into), schema, strings.ReplaceAll(table, `"`, `""`), where))
			into = append(into, n)
		}
	}
	all := make([]Entity, len(subjects))
	for i, s := range subjects {
		e := &all[i]
		e.Name = s.Entity
		for _, o := range s.Objects {
			n := &e.HubSpot
			if o.System == crm.Salesforce {
				n = &e.Salesforce
			}
			count(string(o.System), o.Name, "not coalesce(_deleted, false)", n)
		}
		// Links the plan moves are counted as the plan leaves them.
		count("link", s.Entity, fmt.Sprintf("state = 'linked' and pair_id not in (select pair_id from plan.link where plan_id = '%s')", strings.ReplaceAll(p.ID, "'", "''")), &e.Linked)
		for _, l := range p.Links {
			if l.Entity == s.Entity && l.State == "linked" {
				e.Linked++
			}
		}
	}
	if len(counts) == 0 {
		return all, nil
	}
	return all, rows(ctx, db, strings.Join(counts, " union all "), nil, func(r *sql.Rows) error {
		var i int
		var n int64
		err := r.Scan(&i, &n)
		*into[i] += n
		return err
	})
}

// rows runs a query and hands each row to scan.
func rows(ctx context.Context, db DB, query string, args []any, scan func(*sql.Rows) error) error {
	r, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // Err below has what went wrong
	for r.Next() {
		if err := scan(r); err != nil {
			return err
		}
	}
	return r.Err()
}
