package load

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/hubspot"
)

// change is one record to be written, as the plan has it.
type change struct {
	id, entity, pair string
	action           Action
	system           crm.System
	object           string
	record           string // empty for a create, until it happened
	sourceObject     string
	source           string
	label, rule      string
	position         int
	columns          []*column
	plan             map[string]plannedField
	reason           string  // of the change as a whole, where it never got to its columns
	existing         string  // create: the record that has its unique key
	heldBy           bool    // create: that record has another partner, so the pair is held
	key              string  // create: the unique column, or several, between commas, that together are
	keyed            string  // create: the key's value
	verified         *Record // the record as read just before the write; nil for a create
	told             bool    // in the report
	was              string  // an association that was moved: the id it had
	words            words   // create: the source's fields as of the start of Apply
}

// column is one column of a change.
type column struct {
	name          string
	before, after *string // as the plan has them
	sent          *string // after, its placeholder resolved, in the wire's form
	stored        *string // as read back
	fields, rules []string
	state         State // empty: not sent yet
	reason        string
	category      Category
	recorded      bool // in history
	called        bool // some call has sent it
	otherwise     bool // taken, and holds something else than was sent
	predicted     bool // refused by pre-flight: it is not sent
}

// sending is the state of a column whose call is under way.
const sending State = "sending"

// plannedField is what the plan saw of a decided field, per side; nil: absent, for a base: none.
type plannedField struct {
	value, base map[crm.System]*string
	conflict    bool
}

// planned is the value the plan saw on a side: of a decided field the plan's own, else what the side's from
// file said when Apply began.
func (c *change) planned(side crm.System, field string) (string, bool) {
	if f, ok := c.plan[field]; ok {
		v := f.value[side]
		return or(v, ""), v != nil
	}
	v, ok := c.words[field]
	return v, ok
}

// record names the change's record.
func (c *change) target() crm.Record {
	return crm.Record{Object: crm.Object{System: c.system, Name: c.object}, ID: c.record}
}

func (c *change) objectOf() crm.Object { return crm.Object{System: c.system, Name: c.object} }

// open are the columns that still have to be sent.
func (c *change) open() []*column {
	var all []*column
	for _, col := range c.columns {
		if col.state == "" {
			all = append(all, col)
		}
	}
	return all
}

// close gives every column that is not settled yet a state, and the change itself the reason.
func (c *change) close(s State, reason string) {
	for _, col := range c.columns {
		if col.state == "" || col.state == sending {
			col.state, col.reason = s, reason
		}
	}
	c.reason = reason
}

var severity = []State{Taken, Deferred, Stale, NotTaken, Refused, Unclear}

// state is the worst state of the columns, with its reason.
func (c *change) state() (State, string) {
	worst, reason, at := Taken, "", 0
	for _, col := range c.columns {
		for i, s := range severity {
			if s == col.state && i > at {
				worst, reason, at = s, col.reason+col.remedy(), i
			}
		}
	}
	if c.reason != "" && worst != Taken && worst != Refused {
		reason = c.reason
	}
	return worst, reason
}

// remedy is what to do about a refused column, to be read behind its reason.
func (col *column) remedy() string {
	switch col.state {
	case Refused:
		return "; " + col.category.Remedy()
	case NotTaken:
		return "; " + Ignored.Remedy()
	}
	return ""
}

func (c *change) line() Line {
	s, reason := c.state()
	return Line{ChangeID: c.id, Entity: c.entity, PairID: c.pair, Action: c.action, Record: c.target(), Label: c.label, State: s, Reason: reason}
}

// rule is one row of fields.sql.
type rule struct{ field, direction, together, refersTo string }

// flowsTo reports whether the field may be written to that side.
func (f rule) flowsTo(s crm.System) bool {
	return f.direction == "two_way" || f.direction == string(s.Other())+"_to_"+string(s)
}

// entityState is one entity as this run needs it.
type entityState struct {
	of      *entity.Entity
	rules   []rule
	queries map[string]fromQuery
}

// readRules runs fields.sql.
func readRules(ctx context.Context, conn entity.Conn, e *entity.Entity) ([]rule, error) {
	rows, err := conn.QueryContext(ctx, "select field, if(rule = 'opt_out_wins' and direction <> 'off', 'two_way', direction), coalesce(\"together\"::varchar, ''), coalesce(refers_to::varchar, '') from (\n"+
		strings.TrimRight(e.Fields.Text, "; \t\r\n")+"\n) as fields")
	if err != nil {
		return nil, e.Fields.Error(err, 1)
	}
	defer func() { _ = rows.Close() }()
	var all []rule
	for rows.Next() {
		var f rule
		if err := rows.Scan(&f.field, &f.direction, &f.together, &f.refersTo); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// group is a run of changes that may share batches: one entity, action and object.
type group struct {
	entity string
	action Action
	object crm.Object
	n      int   // changes
	fit    int   // of those, how many the budget allows
	behind int64 // calls of what is sent after it and is more important

	associated int   // association columns that are read with each record
	associates []int // per association column that is written, in how many of the changes

	keyed  bool      // creates by one unique column, as a job takes them
	canary int       // how many go first; 0: none, or they have been judged
	tried  []*change // those of the canary that were sent
}

// groups lists the plan's groups in the order of sending: entities as planned, in each creates before updates.
func (r *run) groups(ctx context.Context) ([]*group, error) {
	return queryGroups(ctx, r.conn, r.report.PlanID)
}

func queryGroups(ctx context.Context, conn entity.Conn, planID string) ([]*group, error) {
	rows, err := conn.QueryContext(ctx, `
		with grouped as (
			select entity, action, system, object, count(*) as n, min(position) as first
			from plan.change where plan_id = $1 group by all
		)
		select entity, action, system, object, n from grouped
		-- deletions come last, and what refers to a record before it: Salesforce deletes along what hangs on a record
		order by action = 'delete', if(action = 'delete', -1, 1) * min(first) over (partition by entity), action, first`, planID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*group
	toHubSpot := false
	for rows.Next() {
		g := &group{}
		if err := rows.Scan(&g.entity, &g.action, &g.object.System, &g.object.Name, &g.n); err != nil {
			return nil, err
		}
		g.fit = g.n
		all = append(all, g)
		toHubSpot = toHubSpot || g.object.System == crm.HubSpot
	}
	if err := rows.Err(); err != nil || !toHubSpot {
		return all, err
	}
	return all, countAssociations(ctx, conn, planID, all)
}

// countAssociations tells the groups how many association columns their records have, and are given.
func countAssociations(ctx context.Context, conn entity.Conn, planID string, groups []*group) error {
	rows, err := conn.QueryContext(ctx, `
		select object, null, null, name, 0 from catalog."column" where system = 'hubspot' and extracted and starts_with(name, 'associated')
		union all
		select c.object, c.entity, c.action, v."column", count(*)
		from plan.change as c join plan.value as v using (plan_id, change_id)
		where c.plan_id = $1 and c.system = 'hubspot' and starts_with(v."column", 'associated') group by all
		order by all`, planID)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var object, column string
		var of, action *string
		var n int
		if err := rows.Scan(&object, &of, &action, &column, &n); err != nil {
			return err
		}
		if _, ok := hubspot.AssociationTarget(column); !ok {
			continue
		}
		for _, g := range groups {
			switch {
			case g.object.System != crm.HubSpot || g.object.Name != object:
			case of == nil:
				g.associated++
			case g.entity == *of && string(g.action) == *action:
				g.associates = append(g.associates, n)
			}
		}
	}
	return rows.Err()
}

// page is how many changes are held in memory at once.
const page = 5000

// changes reads the group's changes after a position, in plan order, with their columns and fields.
func (r *run) changes(ctx context.Context, g *group, after int) ([]*change, error) {
	return queryChanges(ctx, r.conn, r.report.PlanID, `c.entity = $2 and c.action = $3 and c.system = $4 and c.object = $5 and c.position > $6
		order by c.position limit `+fmt.Sprint(page), g.entity, g.action, g.object.System, g.object.Name, after)
}

// queryChanges reads changes of a plan; where follows `c.plan_id = $1 and`.
func queryChanges(ctx context.Context, conn entity.Conn, planID, where string, args ...any) ([]*change, error) {
	rows, err := conn.QueryContext(ctx, `select c.change_id, c.position, c.entity, c.pair_id, c.action, c.system, c.object,
		coalesce(c.record_id, ''), coalesce(c.source_object, ''), coalesce(c.source_id, ''), coalesce(c.label, ''), coalesce(c.rule, '')
		from plan.change as c where c.plan_id = $1 and `+where, append([]any{planID}, args...)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*change
	byID, byPair := map[string]*change{}, map[[2]string][]*change{}
	for rows.Next() {
		c := &change{plan: map[string]plannedField{}}
		if err := rows.Scan(&c.id, &c.position, &c.entity, &c.pair, &c.action, &c.system, &c.object, &c.record, &c.sourceObject, &c.source, &c.label, &c.rule); err != nil {
			return nil, err
		}
		all = append(all, c)
		byID[c.id] = c
		byPair[[2]string{c.entity, c.pair}] = append(byPair[[2]string{c.entity, c.pair}], c)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		return nil, err
	}
	if err := readColumns(ctx, conn, planID, byID); err != nil {
		return nil, err
	}
	return all, readFields(ctx, conn, planID, byPair)
}

func readColumns(ctx context.Context, conn entity.Conn, planID string, changes map[string]*change) error {
	var ids []string
	for id := range changes {
		ids = append(ids, id)
	}
	rows, err := conn.QueryContext(ctx, `select change_id, "column", before, after, to_json(fields)::varchar, to_json(rules)::varchar
		from plan.value where plan_id = $1 and change_id in (select unnest(from_json($2::varchar, '["varchar"]'))) order by change_id, "column"`, planID, jsonText(ids))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, fields, rules string
		var before, after sql.NullString
		col := &column{}
		if err := rows.Scan(&id, &col.name, &before, &after, &fields, &rules); err != nil {
			return err
		}
		col.before, col.after = blank(before), blank(after)
		col.fields, col.rules = jsonList(fields), jsonList(rules)
		changes[id].columns = append(changes[id].columns, col)
	}
	return rows.Err()
}

func readFields(ctx context.Context, conn entity.Conn, planID string, pairs map[[2]string][]*change) error {
	ids := map[string][]string{}
	for k := range pairs {
		ids[k[0]] = append(ids[k[0]], k[1])
	}
	for entityName, list := range ids {
		if err := readFieldsOf(ctx, conn, planID, entityName, list, pairs); err != nil {
			return err
		}
	}
	return nil
}

func readFieldsOf(ctx context.Context, conn entity.Conn, planID, entityName string, list []string, pairs map[[2]string][]*change) error {
	rows, err := conn.QueryContext(ctx, `select pair_id, field, hubspot, salesforce, hubspot_base, salesforce_base, conflict
		from plan.field where plan_id = $1 and entity = $2 and pair_id in (select unnest(from_json($3::varchar, '["varchar"]')))`, planID, entityName, jsonText(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var pair, field string
		var h, s, hb, sb sql.NullString
		f := plannedField{}
		if err := rows.Scan(&pair, &field, &h, &s, &hb, &sb, &f.conflict); err != nil {
			return err
		}
		f.value = map[crm.System]*string{crm.HubSpot: nullable(h), crm.Salesforce: nullable(s)}
		f.base = map[crm.System]*string{crm.HubSpot: nullable(hb), crm.Salesforce: nullable(sb)}
		for _, c := range pairs[[2]string{entityName, pair}] {
			c.plan[field] = f
		}
	}
	return rows.Err()
}
