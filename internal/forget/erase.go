package forget

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// Erased says what became of the tables.
type Erased struct {
	Pairs    int64
	Rows     int64            // deleted
	Emptied  int64            // rows of history that stay without ids and values
	Mentions map[string]int64 // records of others that name the person, by mirror
	Words    string           // a regular expression over lower-case text that finds the person's addresses and ids elsewhere
}

// ErrUnderWay is returned for a person to whom a write was sent of which it is not known whether it landed.
var ErrUnderWay = errors.New("a write to this person is not settled")

// Gone is what stands in history for a pair and a record that were forgotten.
const Gone = "forgotten"

// kept are the columns of history that tell nothing of a person.
var kept = []string{"run_id", "entity", "system", "object", "action", "column", "outcome", "winner", "rule", "field", "fields", "kind", "category"}

// standing are the tables of history that say how things are and not what happened.
var standing = []string{"refusal", "frozen", "answer"}

// Erase takes the records and all that is known of them out of the warehouse, and puts them on the list of what is not read
// again. tx is one transaction of w. The pages that held them are overwritten by a Compact alone.
func Erase(ctx context.Context, w *warehouse.Warehouse, tx warehouse.Conn, records []Record, at time.Time) (Erased, error) {
	e, err := erase(ctx, w, tx, records, at, (*eraser).outbox)
	return e, wrapped("forget.Erase", err)
}

// erase does it; first is what becomes of a write under way.
func erase(ctx context.Context, w *warehouse.Warehouse, tx warehouse.Conn, records []Record, at time.Time, first func(*eraser) error) (e Erased, err error) {
	all, err := tables(ctx, tx)
	if err != nil {
		return e, err
	}
	known, err := know(ctx, tx, all, records)
	if err != nil {
		return e, err
	}
	x := &eraser{ctx: ctx, tx: tx, all: all, e: &e}
	if err := x.name(records); err != nil {
		return e, err
	}
	if err := first(x); err != nil {
		return e, err
	}
	for _, step := range []func() error{x.plans, x.history, x.records, x.pairs} {
		if err := step(); err != nil {
			return e, err
		}
	}
	e.Words = pattern(known.sure)
	if err := x.texts(e.Words, pattern(append(known.likely, known.sure...))); err != nil {
		return e, err
	}
	var list []crm.Record
	for _, r := range records {
		list = append(list, r.Record)
	}
	if err := w.Forget(ctx, tx, list, at); err != nil {
		return e, err
	}
	return e, x.do(`drop table temp.forgotten_record; drop table temp.forgotten_pair`)
}

// eraser is one Erase under way.
type eraser struct {
	ctx context.Context
	tx  warehouse.Conn
	all []table
	e   *Erased
}

func (x *eraser) do(query string, args ...any) error {
	_, err := x.tx.ExecContext(x.ctx, query, args...)
	return err
}

// remove deletes rows, and counts them.
func (x *eraser) remove(t table, condition string, args ...any) error {
	result, err := x.tx.ExecContext(x.ctx, `delete from `+t.String()+` as t where `+condition, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	n, err := result.RowsAffected()
	x.e.Rows += n
	return err
}

// name makes the tables of records and pairs that the other steps go by.
func (x *eraser) name(records []Record) error {
	if err := x.do(`create or replace temp table forgotten_record (system varchar, object varchar, id varchar);
		create or replace temp table forgotten_pair (entity varchar, pair_id varchar)`); err != nil {
		return err
	}
	for _, r := range records {
		if err := x.do(`insert into temp.forgotten_record values ($1, $2, $3)`, string(r.Object.System), r.Object.Name, r.ID); err != nil {
			return err
		}
	}
	for _, t := range x.all {
		if t.schema != "link" {
			continue
		}
		if err := x.do(`insert into temp.forgotten_pair select $1, pair_id from `+t.String()+` as l
			where exists (from temp.forgotten_record where system = 'hubspot' and object = l.hubspot_object and id = l.hubspot_id)
				or exists (from temp.forgotten_record where system = 'salesforce' and object = l.salesforce_object and id = l.salesforce_id)`, t.name); err != nil {
			return err
		}
	}
	return x.tx.QueryRowContext(x.ctx, `select count(*) from temp.forgotten_pair`).Scan(&x.e.Pairs)
}

const (
	ofPair   = `(t.entity, t.pair_id) in (select (entity, pair_id) from temp.forgotten_pair)`
	ofRecord = `(t.system, t.object, t.record_id) in (select (system, object, id) from temp.forgotten_record)`
)

// whose are the conditions for a table's rows about the person.
func (t table) whose() string {
	var any []string
	if t.has("entity", "pair_id") {
		any = append(any, ofPair)
	}
	if t.has("system", "object", "record_id") {
		any = append(any, ofRecord)
	}
	return strings.Join(any, " or ")
}

// outbox refuses a person to whom something is being sent: the next run settles that.
func (x *eraser) outbox() error {
	var n int64
	if err := x.tx.QueryRowContext(x.ctx, `select count(*) from outbox as t where `+ofPair+` or `+ofRecord).Scan(&n); err != nil || n == 0 {
		return err
	}
	return crm.WithHint(ErrUnderWay, "the next run settles it: `lockstep run quarter_hourly`, and then again")
}

// plans deletes what plans say of the person, values before their changes.
func (x *eraser) plans() error {
	for _, t := range x.all {
		if t.schema == "plan" && t.has("change_id") && t.whose() == "" {
			if err := x.remove(t, `(t.plan_id, t.change_id) in (select (plan_id, change_id) from plan.change as t where `+ofPair+` or `+ofRecord+`)`); err != nil {
				return err
			}
		}
	}
	for _, t := range x.all {
		if whose := t.whose(); t.schema == "plan" && whose != "" {
			if err := x.remove(t, whose); err != nil {
				return err
			}
		}
	}
	return nil
}

// history deletes what stands, and empties what happened.
func (x *eraser) history() error {
	for _, t := range x.all {
		whose := t.whose()
		if t.schema != "history" || whose == "" {
			continue
		}
		if slices.Contains(standing, t.name) {
			if err := x.remove(t, whose); err != nil {
				return err
			}
			continue
		}
		var set []string
		for _, c := range t.columns {
			switch {
			case c.name == "pair_id", c.name == "record_id":
				set = append(set, c.name+" = '"+Gone+"'")
			case slices.Contains(kept, c.name) || !strings.HasPrefix(c.typ, "VARCHAR"):
			case c.null:
				set = append(set, quote(c.name)+" = null")
			default:
				set = append(set, quote(c.name)+" = ''")
			}
		}
		result, err := x.tx.ExecContext(x.ctx, `update `+t.String()+` as t set `+strings.Join(set, ", ")+` where `+whose)
		if err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		x.e.Emptied += n
	}
	return nil
}

// records deletes the rows of the records themselves.
func (x *eraser) records() error {
	for _, t := range x.all {
		condition := ""
		switch o, parsed := crm.ParseObject(t.name); {
		case t.mirror():
			condition = `t.` + t.id() + ` in (select id from temp.forgotten_record where system = '` + t.schema + `' and object = ` + literal(t.name) + `)`
		case t.schema == "staging" && parsed == nil && t.has("id"):
			condition = `t.id in (select id from temp.forgotten_record where system = ` + literal(string(o.System)) + ` and object = ` + literal(o.Name) + `)`
		case t.schema == string(crm.HubSpot) && t.has("object", "id"): // property histories
			condition = `(t.object, t.id) in (select (object, id) from temp.forgotten_record where system = 'hubspot')`
		case t.schema == string(crm.HubSpot) && t.has("object", "record_id"): // members of lists
			condition = `(t.object, t.record_id) in (select (object, id) from temp.forgotten_record where system = 'hubspot')`
		case t.schema == "catalog" && t.has("system", "object", "id"): // misfits
			condition = `(t.system, t.object, t.id) in (select (system, object, id) from temp.forgotten_record)`
		}
		if condition == "" || t.schema == string(crm.HubSpot) && t.name == "lists" {
			continue
		}
		if err := x.remove(t, condition); err != nil {
			return err
		}
	}
	return nil
}

// pairs deletes links and bases.
func (x *eraser) pairs() error {
	for _, t := range x.all {
		if t.schema != "link" && t.schema != "base" {
			continue
		}
		if err := x.remove(t, `t.pair_id in (select pair_id from temp.forgotten_pair where entity = `+literal(t.name)+`)`); err != nil {
			return err
		}
	}
	return nil
}

// texts looks for the person in what is about others. Rows of plans and reports go, texts of history are emptied; what
// mirrors and bases hold is another record's own, and told of: an emptied value would be an edit.
func (x *eraser) texts(sure, likely string) error {
	x.e.Mentions = map[string]int64{}
	const names = `regexp_matches(lower(to_json(t)::varchar), $1)`
	for _, t := range x.all {
		switch {
		case t.schema == "report":
			var any []string
			for _, c := range t.columns {
				any = append(any, `regexp_matches(lower(`+quote(c.name)+`::varchar), $1)`)
			}
			if err := x.remove(t, strings.Join(any, " or "), likely); err != nil {
				return err
			}
		case t.schema == "plan" && t.name != "mapping" && t.name != "plan":
			if err := x.remove(t, names, sure); err != nil {
				return err
			}
		case t.schema == "history":
			if err := x.empty(t, names, sure); err != nil {
				return err
			}
		case t.mirror() || t.schema == "base" || t.schema == "catalog" && (t.name == "users" || t.name == "owners"):
			var n int64
			if err := x.tx.QueryRowContext(x.ctx, `select count(*) from `+t.String()+` as t where `+names, sure).Scan(&n); err != nil {
				return fmt.Errorf("%s: %w", t, err)
			}
			if n > 0 {
				x.e.Mentions[t.schema+"."+t.name] = n
			}
		}
	}
	return nil
}

// empty takes the texts that name the person out of rows about others.
func (x *eraser) empty(t table, names, sure string) error {
	var set []string
	for _, c := range t.columns {
		if c.typ != "VARCHAR" || slices.Contains(kept, c.name) {
			continue
		}
		instead := "null"
		if !c.null {
			instead = "''"
		}
		set = append(set, fmt.Sprintf(`%[1]s = case when regexp_matches(lower(%[1]s), $1) then %[2]s else %[1]s end`, quote(c.name), instead))
	}
	if len(set) == 0 {
		return nil
	}
	result, err := x.tx.ExecContext(x.ctx, `update `+t.String()+` as t set `+strings.Join(set, ", ")+` where `+names, sure)
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	n, err := result.RowsAffected()
	x.e.Emptied += n
	return err
}

func literal(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }
