package transform

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"strings"
	"text/template"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// Options say what one transform is for.
type Options struct {
	PlanID       string   // name of the plan it leaves; a plan of that name is replaced
	RunID        string   // the run it belongs to, empty for `plan`
	Pipeline     string   // quarter_hourly, nightly, or the command
	Entities     []string // in order; empty: all
	Resync       []string // entity.field whose bases are dropped, to be treated as a first link
	RetryRefused bool     // plan what was refused again although nothing moved
	Unchecked    bool     // plan what the target's metadata says would be refused, too
	Sample       int      // of what is new only so many people and what they are connected with; 0: all

	Deletions map[string]Deletion // by entity; an entity without one keeps every record

	HistoriesRead bool // the histories that the same plan asked for stand in hubspot.history now
	Try           bool // the plan is made and taken back: only its errors count
}

// Result is what the run needs to know of the plan beside the plan itself.
type Result struct {
	PlanID    string
	Histories []Histories // property histories that a most_recent decision still needs
}

// Histories names properties of records whose history decides a conflict.
type Histories struct {
	Object  crm.Object
	IDs     []string
	Columns []string
}

// run is one transform under way. Its temporary tables live on conn.
type run struct {
	ctx    context.Context
	conn   warehouse.Conn
	parsed *entity.Parsed
	o      Options

	entity    *entity.Entity
	fields    []Field
	rules     map[string][]Field                 // fields.sql of every entity of the run
	tied      map[string]bool                    // entities whose tie_<entity> stands
	edited    map[string]bool                    // entities whose mapping is not the one their bases were made with
	columns   map[string][]warehouse.TableColumn // what a to file writes, by its path
	refused   map[string]bool                    // entities of which something stands refused by a server; predictions: of any by its metadata
	hidden    []crm.Object                       // were read once and cannot be any more: nothing is sent to them or for them
	histories []Histories
}

// Run makes the plan. An error in a file of the project names the file and the line.
func Run(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, o Options) (_ Result, err error) {
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("transform.Run(%s): %w", o.PlanID, err)
	}
	defer func() { _ = conn.Close() }()
	parsed, err := p.Parse(ctx, conn)
	if err != nil {
		return Result{}, err
	}
	r := &run{ctx: ctx, conn: conn, parsed: parsed, o: o, edited: map[string]bool{}, rules: map[string][]Field{}, tied: map[string]bool{}, refused: map[string]bool{}, columns: map[string][]warehouse.TableColumn{}}
	for _, s := range crm.Systems {
		names, err := warehouse.Hidden(ctx, conn, s)
		if err != nil {
			return Result{}, fmt.Errorf("transform.Run(%s): %w", o.PlanID, err)
		}
		for _, n := range names {
			r.hidden = append(r.hidden, crm.Object{System: s, Name: n})
		}
	}
	if err := r.prepare(); err != nil {
		return Result{}, err
	}
	// No query here depends on the order of rows, and DuckDB writes tables on all cores only when it may change it.
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return Result{}, fmt.Errorf("transform.Run(%s): %w", o.PlanID, err)
	}
	defer func() {
		_, reset := conn.ExecContext(context.WithoutCancel(ctx), "set preserve_insertion_order = true")
		err = errors.Join(err, reset)
	}()
	// One transaction: a plan is there whole or not at all, and a failed one leaves the warehouse as it was.
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return Result{}, fmt.Errorf("transform.Run(%s): %w", o.PlanID, err)
	}
	if err := r.plan(); err != nil {
		_, rolled := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
		return Result{}, errors.Join(err, rolled)
	}
	end := "commit"
	if o.Try {
		end = "rollback"
	}
	if _, err := conn.ExecContext(ctx, end); err != nil {
		return Result{}, fmt.Errorf("transform.Run(%s): %w", o.PlanID, err)
	}
	return Result{PlanID: o.PlanID, Histories: r.histories}, nil
}

// plan makes the plan of every entity.
func (r *run) plan() error {
	if err := r.clear(); err != nil {
		return err
	}
	if err := r.keep(); err != nil {
		return err
	}
	names, err := r.ordered()
	if err != nil {
		return err
	}
	if err := r.ensure(); err != nil {
		return err
	}
	if err := r.newest(names); err != nil {
		return err
	}
	if err := errors.Join(r.sampling(), r.standing()); err != nil {
		return err
	}
	for _, name := range names {
		r.entity, _ = r.parsed.Entity(name)
		r.fields = r.rules[name]
		if err := r.one(); err != nil {
			return err
		}
	}
	if err := r.lift(); err != nil {
		return err
	}
	if err := r.sample(); err != nil {
		return err
	}
	if err := r.oneWriter(); err != nil {
		return err
	}
	return r.checks()
}

// oneWriter refuses a column of a record that two entities write: each would undo the other in every run. Two entities may
// share an object, as tasks and logged activities do, whose records are in a pair of one of them.
func (r *run) oneWriter() error {
	twice, err := r.strings1(`select c.system || ' ' || c.object || ' ' || c.record_id || ': ' || string_agg(distinct c.entity, ' and ' order by c.entity) || ' both write ' || v."column"
		from plan.value as v join plan.change as c using (plan_id, change_id)
		where plan_id = $1 and c.record_id is not null
		group by c.system, c.object, c.record_id, v."column"
		having count(distinct c.entity) > 1
		order by all limit 1`, r.o.PlanID)
	if err != nil || len(twice) == 0 {
		return err
	}
	return crm.WithHint(errors.New(twice[0]), "a column has one entity that writes it: leave it out of the other's to file, or keep the record out of one with in_scope")
}

// ordered reads every entity's fields and lists the entities, parents before children.
func (r *run) ordered() ([]string, error) {
	refers := map[string][]string{}
	for _, name := range r.names() {
		e, ok := r.parsed.Entity(name)
		if !ok {
			return nil, crm.WithHint(fmt.Errorf("no entity %q in sql/", name), "entities are folders of sql/; the pipeline's YAML lists those it runs")
		}
		r.entity = e
		fields, err := r.readFields()
		if err != nil {
			return nil, err
		}
		r.rules[name] = fields
		for _, f := range fields {
			if f.RefersTo != "" {
				refers[name] = append(refers[name], f.RefersTo)
			}
		}
	}
	return order(r.names(), refers)
}

func (r *run) names() []string {
	if len(r.o.Entities) > 0 {
		return r.o.Entities
	}
	var names []string
	for _, e := range r.parsed.Entities {
		names = append(names, e.Name)
	}
	return names
}

// one plans one entity.
func (r *run) one() error {
	if err := r.checkResync(); err != nil {
		return err
	}
	if err := r.rows(); err != nil {
		return err
	}
	// Nothing follows from no records and no links; planning the statements alone takes a good part of a second.
	if any, err := r.some("row_hubspot union all from row_salesforce"); err != nil || !any {
		return errors.Join(err, r.tie(r.entity.Name))
	}
	for _, step := range []func() error{r.tellHidden, r.links, r.match, r.create, r.retie, r.resolveOwn, r.merge, r.emit, r.spared, r.sampled, r.deletions} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// clear makes the plan's rows empty and writes its head.
func (r *run) clear() error {
	for _, t := range []string{"plan", "link", "change", "value", "field", "settle", "notice", "refusal", "proposal", "mapping"} {
		if _, err := r.conn.ExecContext(r.ctx, "delete from plan."+t+" where plan_id = $1", r.o.PlanID); err != nil {
			return fmt.Errorf("transform.clear: %w", err)
		}
	}
	_, err := r.conn.ExecContext(r.ctx, `insert into plan.plan (plan_id, run_id, pipeline, made_at, state) values ($1, $2, $3, getvariable('run_at'), 'made')`,
		r.o.PlanID, r.o.RunID, r.o.Pipeline)
	if err != nil {
		return fmt.Errorf("transform.clear: %w", err)
	}
	return nil
}

// newest makes the plan the newest one of its entities. The others keep theirs, but for those that the project has no more.
func (r *run) newest(names []string) error {
	var all []string
	for _, e := range r.parsed.Entities {
		all = append(all, e.Name)
	}
	if _, err := r.conn.ExecContext(r.ctx, `delete from plan.newest where list_contains($1::varchar[], entity) or not list_contains($2::varchar[], entity)`, names, all); err != nil {
		return fmt.Errorf("transform.newest: %w", err)
	}
	if _, err := r.conn.ExecContext(r.ctx, `insert into plan.newest (entity, plan_id) select distinct unnest($1::varchar[]), $2`, names, r.o.PlanID); err != nil {
		return fmt.Errorf("transform.newest: %w", err)
	}
	return nil
}

// query renders one file of queries/ for the current entity and runs its statements in order.
func (r *run) query(name string, more map[string]any) error {
	data := map[string]any{"Fields": r.fields, "Entity": r.entity.Name, "PlanID": r.o.PlanID, "RunID": r.o.RunID}
	maps.Copy(data, more)
	t, err := template.New(name).Funcs(funcs).ParseFS(queryFiles, "queries/"+name)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	if _, err := r.conn.ExecContext(r.ctx, b.String()); err != nil {
		return fmt.Errorf("transform: queries/%s (%s): %w", name, r.entity.Name, err)
	}
	return nil
}

var funcs = template.FuncMap{
	"id":      entity.Quote,
	"str":     literal,
	"systems": func() []string { return []string{"hubspot", "salesforce"} },
	"other":   func(s string) string { return string(crm.System(s).Other()) },
}

// literal writes a text of the project (never a CRM's value) into SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// strings1 runs a query of one text column.
func (r *run) strings1(q string, args ...any) ([]string, error) {
	rows, err := r.conn.QueryContext(r.ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// describe lists the columns of a table or temporary table with their types.
func (r *run) describe(table string) (names []string, types map[string]string, err error) {
	rows, err := r.conn.QueryContext(r.ctx, "select column_name, column_type from (describe "+table+")")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	types = map[string]string{}
	for rows.Next() {
		var n, t string
		if err := rows.Scan(&n, &t); err != nil {
			return nil, nil, err
		}
		names = append(names, n)
		types[n] = t
	}
	return names, types, rows.Err()
}
