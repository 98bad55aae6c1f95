package load

import (
	"context"

	"lockstep/internal/entity"
)

// outboxRow is one change whose call is under way, as it travels into DuckDB.
type outboxRow struct {
	Change   string  `json:"change_id"`
	Entity   string  `json:"entity"`
	Pair     string  `json:"pair_id"`
	Action   string  `json:"action"`
	System   string  `json:"system"`
	Object   string  `json:"object"`
	Record   *string `json:"record_id"`
	Key      *string `json:"key_column"`
	Value    *string `json:"key_value"`
	Sent     string  `json:"sent"`
	Verified *string `json:"verified"`
	Job      *string `json:"-"` // once it is known: see job.go
}

// open marks the changes' open columns as being sent and writes the outbox rows. Once this is committed the
// call may be made, and whatever happens to it can be read from the records.
func (b *batch) open(ctx context.Context, conn entity.Conn, live []*change) error {
	if len(live) == 0 {
		return nil
	}
	b.batches++
	var rows []outboxRow
	for _, c := range live {
		sent := map[string]*string{}
		for _, col := range c.open() {
			col.sent = b.mirror.kind(col.name).wire(col.after)
			col.state, col.called = sending, true
			sent[col.name] = col.sent
		}
		row := outboxRow{Change: c.id, Entity: c.entity, Pair: c.pair, Action: string(c.action), System: string(c.system), Object: c.object, Sent: jsonText(sent)}
		if c.action == Create {
			row.Key, row.Value = &c.key, &c.keyed
		} else {
			row.Record, row.Verified = &c.record, str(jsonText(c.verified.Values))
		}
		rows = append(rows, row)
	}
	_, err := conn.ExecContext(ctx, `insert into outbox
		(change_id, plan_id, run_id, batch, entity, pair_id, action, system, object, record_id, key_column, key_value, sent_at, sent, verified)
		select change_id, $2, $3, $4, entity, pair_id, action, system, object, record_id, key_column, key_value, $5, sent, verified
		from (select unnest(from_json($1::varchar, '[{"change_id":"varchar","entity":"varchar","pair_id":"varchar","action":"varchar","system":"varchar",
			"object":"varchar","record_id":"varchar","key_column":"varchar","key_value":"varchar","sent":"varchar","verified":"varchar"}]'), recursive := true))`,
		jsonText(rows), b.report.PlanID, b.o.RunID, b.batches, b.o.Now().UTC())
	return err
}

// shut takes settled changes out of the outbox.
func (r *run) shut(ctx context.Context, conn entity.Conn, changes []*change) error {
	var ids []string
	for _, c := range changes {
		ids = append(ids, c.id)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := conn.ExecContext(ctx, `delete from outbox where plan_id = $2 and change_id in (select unnest(from_json($1::varchar, '["varchar"]')))`,
		jsonText(ids), r.report.PlanID)
	return err
}
