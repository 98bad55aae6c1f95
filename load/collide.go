package load

import (
	"context"
	"fmt"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// A create whose unique key another record has is a match: the two are linked if that record is free, and the next run
// compares them as it does at any first link. Where that record has a pair, or had one, this one is held until a person
// says whether they are one. The answer of a duplicate rule names no record that has the key, and stays a refusal.

// uniqueKey is the rule of such links.
const uniqueKey = "unique key"

// collided tells whether a refusal names the record that has a create's unique key.
func (f Refusal) collided() bool {
	return f.Category == Duplicate && f.Existing != "" && f.Code != "DUPLICATES_DETECTED"
}

// collide links or holds the creates among the changes whose unique key another record has.
func (b *batch) collide(ctx context.Context, conn entity.Conn, changes []*change) error {
	for _, c := range changes {
		if c.action != Create || c.existing == "" || !slices.ContainsFunc(c.columns, func(col *column) bool { return col.state == Refused }) {
			continue
		}
		if err := b.collideOne(ctx, conn, c); err != nil {
			return fmt.Errorf("%s %s has the key of %s %s: %w", c.object, c.existing, c.sourceObject, c.source, err)
		}
	}
	return nil
}

func (b *batch) collideOne(ctx context.Context, conn entity.Conn, c *change) error {
	link := "link." + quote(b.entity.of.Name)
	var read, tied bool
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`select exists (from %s where id = $1 and not coalesce(_deleted, false)),
			exists (from %s where %s_object = $2 and %[3]s_id = $1 and pair_id <> $3 and state <> 'half')`, b.mirror.table, link, c.system),
		c.existing, c.object, c.pair).Scan(&read, &tied)
	if err != nil || !read {
		return err // hidden from us: it cannot be compared with, and the create stays refused
	}
	state, reason := "linked", ""
	if tied {
		state, reason = "held", fmt.Sprintf("%s %s has its unique value and another partner", c.object, c.existing)
	}
	hubspotObject, hubspotID, salesforceObject, salesforceID := c.object, c.existing, c.sourceObject, c.source
	if c.system == crm.Salesforce {
		hubspotObject, hubspotID, salesforceObject, salesforceID = c.sourceObject, c.source, c.object, c.existing
	}
	if _, err := conn.ExecContext(ctx, `delete from `+link+` where pair_id = $1`, c.pair); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `insert into `+link+` (pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, linked_at, run_id)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $10)`,
		c.pair, state, hubspotObject, hubspotID, salesforceObject, salesforceID, uniqueKey, reason, b.o.Now().UTC(), b.o.RunID); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column",
			before, after, stored, fields, rules, outcome, reason)
		values ($1, $2, $3, $4, 'hubspot', $5, $6, 'link', null, '', $7, $7, null, [$8], 'taken', nullif($9, ''))`,
		b.o.RunID, b.o.Now().UTC(), c.entity, c.pair, hubspotObject, hubspotID, salesforceObject+" "+salesforceID, uniqueKey, reason); err != nil {
		return err
	}
	if tied {
		c.heldBy = true
		return nil
	}
	b.report.Linked++
	existing := c.existing
	c.existing = ""
	for _, col := range c.columns {
		if col.state == Refused && !col.predicted {
			col.state, col.category = Stale, ""
			col.reason = fmt.Sprintf("%s %s has its unique value: linked, and the next run compares them", c.object, existing)
		}
	}
	c.reason = ""
	return nil
}
