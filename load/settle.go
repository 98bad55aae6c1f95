package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// settle takes an answer in: what was written moves mirror, bases, links and history in one transaction.
func (b *batch) settle(ctx context.Context, live []*change, answer Answer) (again [][]*change, err error) {
	if len(answer.Outcomes) != len(live) {
		b.unclear(live, fmt.Sprintf("the answer has %d outcomes for %d records", len(answer.Outcomes), len(live)))
		return nil, nil
	}
	var written, unwritten, unread, rest []*change
	read, partly, open := map[*change]*Record{}, map[*change][]Refusal{}, map[*change][]string{}
	for i, c := range live {
		o := answer.Outcomes[i]
		partly[c], open[c] = o.Partly, o.Open
		switch {
		case len(o.Refusals) > 0 && o.Refusals[0].Category == Gone:
			c.close(Stale, o.Refusals[0].Words)
			unwritten = append(unwritten, c)
		case len(o.Refusals) > 0:
			c.refuse(b.entity.rules, o.Refusals)
			c.reopen()
			unwritten = append(unwritten, c)
			if len(c.open()) > 0 {
				rest = append(rest, c)
			}
		case o.Later != "":
			c.close(Deferred, o.Later)
			unwritten = append(unwritten, c)
		case o.Record == nil:
			unread = append(unread, c)
		default:
			if c.action == Update && o.Record.ID != c.record {
				c.was = c.record
			}
			c.record = o.Record.ID
			read[c] = o.Record
			written = append(written, c)
		}
	}
	over := map[*change]Record{}
	for _, c := range written {
		over[c] = judge(b.mirror, c, c.verified, read[c], func(string) bool { return read[c].Foreign })
		c.partly(partly[c])
		c.unsent(func(column string) bool { return slices.Contains(open[c], column) })
	}
	done := append(written, unwritten...)
	err = b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		if len(written) > 0 {
			if err := b.move(ctx, conn, written, read, over); err != nil {
				return err
			}
		}
		if err := b.collide(ctx, conn, unwritten); err != nil {
			return err
		}
		if err := b.finish(ctx, conn, done); err != nil {
			return err
		}
		if err := b.notices(ctx, conn, unwritten); err != nil {
			return err
		}
		return b.shut(ctx, conn, done)
	})
	if err != nil {
		return nil, err
	}
	for _, c := range written {
		if c.action == Create {
			b.created[c.id] = c.record
		}
	}
	b.tell(done)
	b.unclear(unread, "written, and not read back; the next run reads what became of it")
	if len(rest) > 0 {
		again = [][]*change{rest}
	}
	return again, nil
}

// move brings the read-back into the mirror and moves the bases and links that follow from it.
func (b *batch) move(ctx context.Context, conn entity.Conn, written []*change, read map[*change]*Record, over map[*change]Record) error {
	m, e := b.mirror, b.entity
	var before, after, mirrored []Record
	for _, c := range written {
		pre := *c.verified
		pre.ID = c.record
		before, after, mirrored = append(before, pre), append(after, over[c]), append(mirrored, *read[c])
	}
	at := b.o.Now().UTC()
	if err := m.put(ctx, conn, m.verified(), before, at); err != nil {
		return err
	}
	said, err := e.from(ctx, conn, m.object, m.verified())
	if err != nil {
		return err
	}
	if err := m.put(ctx, conn, m.written(), after, at); err != nil {
		return err
	}
	says, err := e.from(ctx, conn, m.object, m.written())
	if err != nil {
		return err
	}
	// Only now: what put leaves out of a record it takes from the mirror, which has to be the one as verified.
	if err := m.put(ctx, conn, m.written(), mirrored, at); err != nil {
		return err
	}
	if err := m.land(ctx, conn, m.written()); err != nil {
		return err
	}
	stand, err := e.bases(ctx, conn, m.object.System, written)
	if err != nil {
		return err
	}
	var moves []baseMove
	for _, c := range written {
		for side, fields := range bases(e.rules, c, said[c.record], says[c.record], stand[c.pair]) {
			if len(fields) == 0 {
				continue
			}
			move := baseMove{Pair: c.pair, System: side, Object: c.object, ID: c.record, Fields: fields}
			if side != c.system {
				move.Object, move.ID = c.sourceObject, c.source
			}
			moves = append(moves, move)
		}
	}
	if b.action == Create {
		if err := b.tie(ctx, conn, written); err != nil {
			return err
		}
	}
	if err := b.renamed(ctx, conn, written); err != nil {
		return err
	}
	return e.moveBases(ctx, conn, moves)
}

// baseMove is the fields of one side of a pair whose base moves.
type baseMove struct {
	Pair   string     `json:"pair"`
	System crm.System `json:"system"`
	Object string     `json:"object"`
	ID     string     `json:"id"`
	Fields words      `json:"f"`
}

// bases reads one side's bases of the changes' pairs; a field without one is missing.
func (e *entityState) bases(ctx context.Context, conn entity.Conn, s crm.System, changes []*change) (map[string]map[string]*string, error) {
	var pairs []string
	for _, c := range changes {
		pairs = append(pairs, c.pair)
	}
	rows, err := conn.QueryContext(ctx, `select pair_id, field, value from (`+e.unpivoted(s)+`)
		where value is not null and pair_id in (select unnest(from_json($1::varchar, '["varchar"]')))`, jsonText(pairs))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]map[string]*string{}
	for rows.Next() {
		var pair, field, value string
		if err := rows.Scan(&pair, &field, &value); err != nil {
			return nil, err
		}
		if all[pair] == nil {
			all[pair] = map[string]*string{}
		}
		all[pair][field] = &value
	}
	return all, rows.Err()
}

// unpivoted is a select of one side's bases, one row per pair and field.
func (e *entityState) unpivoted(s crm.System) string {
	var fields, cells []string
	for _, f := range e.rules {
		fields = append(fields, sqlText(f.field))
		cells = append(cells, quote(f.field))
	}
	return fmt.Sprintf(`select pair_id, unnest([%s]) as field, unnest([%s]) as value from base.%s where system = '%s'`,
		strings.Join(fields, ", "), strings.Join(cells, ", "), quote(e.of.Name), s)
}

// moveBases writes the moves; a pair's side without a row gets one.
func (e *entityState) moveBases(ctx context.Context, conn entity.Conn, moves []baseMove) error {
	if len(moves) == 0 {
		return nil
	}
	const incoming = `(select j->>'$.pair' as pair_id, j->>'$.system' as system, j->>'$.object' as object, j->>'$.id' as id, j->'$.f' as f
		from (select unnest(from_json($1::varchar, '["json"]')) as j))`
	moved := map[string]bool{}
	for _, m := range moves {
		for f := range m.Fields {
			moved[f] = true
		}
	}
	var set []string
	for _, f := range keys(moved) {
		path := sqlText(`$.` + quote(f))
		set = append(set, fmt.Sprintf("%[1]s = case when json_exists(i.f, %[2]s) then (i.f->>%[2]s) else b.%[1]s end", quote(f), path))
	}
	base := "base." + quote(e.of.Name)
	text := jsonText(moves)
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into %[1]s (pair_id, system, object, id)
		select i.pair_id, i.system, i.object, i.id from %[2]s as i
		where not exists (select 1 from %[1]s as b where b.pair_id = i.pair_id and b.system = i.system)`, base, incoming), text); err != nil {
		return fmt.Errorf("moving bases of %s: %w", e.of.Name, err)
	}
	// A record made in this run is not known to the plan of what it tells its partner: its base has its id already.
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`update %s as b set object = i.object, id = coalesce(nullif(i.id, ''), b.id), %s
		from %s as i where b.pair_id = i.pair_id and b.system = i.system`, base, strings.Join(set, ", "), incoming), text); err != nil {
		return fmt.Errorf("moving bases of %s: %w", e.of.Name, err)
	}
	return nil
}

// tie links the records that creates made to their sources.
func (b *batch) tie(ctx context.Context, conn entity.Conn, created []*change) error {
	type tied struct {
		Pair, HubSpotObject, HubSpot, SalesforceObject, Salesforce, Rule string
	}
	var all []tied
	for _, c := range created {
		t := tied{Pair: c.pair, HubSpotObject: c.object, HubSpot: c.record, SalesforceObject: c.sourceObject, Salesforce: c.source, Rule: c.rule}
		if c.system == crm.Salesforce {
			t.HubSpotObject, t.HubSpot, t.SalesforceObject, t.Salesforce = c.sourceObject, c.source, c.object, c.record
		}
		all = append(all, t)
	}
	text := jsonText(all)
	link := "link." + quote(b.entity.of.Name)
	const incoming = `(select unnest(from_json($1::varchar, '[{"Pair":"varchar","HubSpotObject":"varchar","HubSpot":"varchar",
		"SalesforceObject":"varchar","Salesforce":"varchar","Rule":"varchar"}]'), recursive := true))`
	if _, err := conn.ExecContext(ctx, `delete from `+link+` where pair_id in (select Pair from `+incoming+`)`, text); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `insert into `+link+` (pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, linked_at, run_id)
		select Pair, 'linked', HubSpotObject, HubSpot, SalesforceObject, Salesforce, 'created', Rule, $2, $3 from `+incoming, text, b.o.Now().UTC(), b.o.RunID)
	return err
}

// renamed takes associations over that were moved to other records, and so have another id.
func (b *batch) renamed(ctx context.Context, conn entity.Conn, written []*change) error {
	for _, c := range written {
		if c.was == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`update link.%s set %s_id = $2 where pair_id = $1`, quote(b.entity.of.Name), c.system), c.pair, c.record); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`update %s set _deleted = true, _deleted_at = $2 where id = $1`, b.mirror.table), c.was, b.o.Now().UTC()); err != nil {
			return err
		}
	}
	return nil
}

// notices tells of creates whose unique key another record has.
func (b *batch) notices(ctx context.Context, conn entity.Conn, changes []*change) error {
	for _, c := range changes {
		if c.action != Create || c.existing == "" {
			continue
		}
		kind, text := "collision", fmt.Sprintf("%s %s has a unique value of %s %s and is not shown to us: not created; share it with the integration user",
			c.object, c.existing, c.sourceObject, c.source)
		if c.heldBy {
			kind, text = "held", fmt.Sprintf("%s %s has a unique value of %s %s, and another partner: not created; merge the two, or say in same_as.csv whether they are one",
				c.object, c.existing, c.sourceObject, c.source)
		}
		if _, err := conn.ExecContext(ctx, `insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
			values ($1, $2, $3, $4, $5, $6, $7)`, b.report.PlanID, c.entity, kind, c.system, c.object, c.existing, text); err != nil {
			return err
		}
		b.report.Existing = append(b.report.Existing, c.line())
	}
	return nil
}
