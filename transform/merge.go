package transform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// sideBySide is how many pairs have all their fields of both sides laid out at a time: what joins them keeps some hundred
// megabytes in memory.
const sideBySide = 100_000

// merge compares every pair with its bases and decides what moved, field by field.
func (r *run) merge() error {
	if err := r.basis(); err != nil {
		return err
	}
	var suspects int
	if err := r.conn.QueryRowContext(r.ctx, "select count(*) from suspect").Scan(&suspects); err != nil {
		return err
	}
	parts := make([]string, 1+suspects/sideBySide)
	for i := range parts {
		if len(parts) > 1 {
			parts[i] = fmt.Sprintf("where hash(pair_id) %% %d = %d", len(parts), i)
		}
	}
	for _, q := range []string{"unmapped.sql", "cell.sql", "unit.sql"} {
		if err := r.query(q, map[string]any{"Parts": parts, "Together": together(r.fields)}); err != nil {
			return err
		}
	}
	if err := r.lineage(); err != nil {
		return err
	}
	if err := r.foresee(); err != nil {
		return err
	}
	if err := r.births(); err != nil {
		return err
	}
	// Planning the statements that follow takes a good part of a second, also where there is nothing to decide.
	decided, err := r.some("unit where state in ('fill', 'hubspot', 'salesforce', 'conflict')")
	if err != nil {
		return err
	}
	if decided {
		return r.decide()
	}
	if err := r.query("undecided.sql", nil); err != nil {
		return err
	}
	return r.lookWinner()
}

// decide finds who decides each unit that moved, and which columns of the other side that moves.
func (r *run) decide() error {
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table sent (probe_id bigint, "column" varchar, value varchar, mirror varchar)`); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return r.query("cross.sql", nil) },
		r.probe,
		r.current,
		func() error { return r.query("agree.sql", nil) },
		r.winners,
		func() error { return r.query("decide.sql", nil) },
		func() error { return r.query("merged.sql", nil) },
		r.probe,
		r.askTo,
		func() error { return r.query("column.sql", nil) },
		func() error {
			if any, err := r.some("moving"); err != nil || !any {
				return err
			}
			return r.preflight(false)
		},
		func() error { return r.query("stopped.sql", map[string]any{"RetryRefused": r.retries()}) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// probe lays out the rows that the to files are asked about. Only fields that stand at another value somewhere are looked
// for in overlay: each one more makes the statement slower to plan.
func (r *run) probe() error {
	over, err := r.strings1("select distinct field from overlay")
	if err != nil {
		return err
	}
	overlaid := map[string]bool{}
	for _, f := range over {
		overlaid[f] = true
	}
	return r.query("probe.sql", map[string]any{"Overlaid": overlaid})
}

// basis lays out the bases, with edited mappings, replaced records and --resync accounted for.
func (r *run) basis() error {
	var had []string
	edited := r.edited[r.entity.Name]
	if edited {
		var err error
		if had, _, err = r.describe("old_" + r.entity.Name + "_hubspot"); err != nil {
			return err
		}
		// The kept bases hold pairs, as these do.
		known := slices.DeleteFunc(slices.Clone(r.fields), func(f Field) bool { return f.RefersTo == "" || !slices.Contains(had, f.Name) })
		if err := r.resolve("old_"+r.entity.Name, known); err != nil {
			return err
		}
	}
	type field struct {
		Field
		Resynced bool // its bases are dropped
		WasRead  bool // the old text knew it too
	}
	var fields []field
	for _, f := range r.fields {
		fields = append(fields, field{f, slices.Contains(r.o.Resync, r.entity.Name+"."+f.Name), slices.Contains(had, f.Name)})
	}
	resynced := len(r.o.Resync) > 0
	data := map[string]any{"Fields": fields, "Edited": edited, "Resynced": resynced, "Words": words(r.fields)}
	for _, q := range []string{"suspect.sql", "basis.sql"} {
		if err := r.query(q, data); err != nil {
			return err
		}
	}
	replaced, err := r.some("pair where hubspot_replaced or salesforce_replaced")
	if err != nil || !edited && !resynced && !replaced {
		return err
	}
	return r.query("rebase.sql", data)
}

// together names the units of several fields.
func together(fields []Field) (units []string) {
	for _, f := range fields {
		if f.Unit != f.Name && !slices.Contains(units, f.Unit) {
			units = append(units, f.Unit)
		}
	}
	return units
}

// bit is a field that is compared, with its place in a word of 64 bits.
type bit struct {
	Name   string
	Source string // the one side that the field flows from; empty: it flows both ways
	Bit    int64
}

// words are the fields that the merge compares, so many to a word as it has bits beside its sign.
func words(fields []Field) [][]bit {
	out := [][]bit{nil}
	for _, f := range fields {
		if f.Direction == "off" {
			continue
		}
		if len(out[len(out)-1]) == 63 {
			out = append(out, nil)
		}
		last := &out[len(out)-1]
		source, _, _ := strings.Cut(f.Direction, "_to_")
		if f.Direction == "two_way" {
			source = ""
		}
		*last = append(*last, bit{Name: f.Name, Source: source, Bit: 1 << len(*last)})
	}
	return out
}

// some tells whether a table has any row: what follows from none is left out, for at a million people even
// finding nothing takes seconds.
func (r *run) some(from string) (yes bool, err error) {
	err = r.conn.QueryRowContext(r.ctx, "select exists (from "+from+")").Scan(&yes)
	return yes, err
}

// lineage leaves three small tables of what the SQL says about itself: which columns a field is made of, which
// units a to file knows, and which fields feed each of its columns.
func (r *run) lineage() error {
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table made_of (object varchar, field varchar, "column" varchar);
		create or replace temp table expressible (system varchar, object varchar, unit varchar);
		create or replace temp table column_fields (system varchar, object varchar, "column" varchar, fields varchar[])`); err != nil {
		return err
	}
	var madeOf, known, feeds []string
	for _, f := range r.entity.From {
		s := r.parsed.Statement(f.File)
		for _, x := range r.fields {
			for _, c := range s.Feeds(x.Name) {
				if f.Object.System == crm.HubSpot && slices.Contains(s.Columns, c) {
					madeOf = append(madeOf, fmt.Sprintf("(%s, %s, %s)", literal(f.Object.Name), literal(x.Name), literal(c)))
				}
			}
		}
	}
	for _, f := range r.entity.To {
		s := r.parsed.Statement(f.File)
		mirror, err := warehouse.Columns(r.ctx, r.conn, string(f.Object.System), f.Object.Name)
		if err != nil {
			return err
		}
		object := literal(string(f.Object.System)) + ", " + literal(f.Object.Name)
		for _, c := range mirror {
			if !contains(s.Output, c.Name) {
				continue
			}
			feed := s.Feeds(c.Name)
			var names []string
			for _, x := range r.fields {
				name := strings.ToLower(x.Name)
				if slices.Contains(feed, name) || x.RefersTo != "" && slices.Contains(feed, name+"_object") {
					names = append(names, literal(x.Name))
					known = append(known, fmt.Sprintf("(%s, %s)", object, literal(x.Unit)))
				}
			}
			feeds = append(feeds, fmt.Sprintf("(%s, %s, [%s]::varchar[])", object, literal(c.Name), strings.Join(names, ", ")))
		}
	}
	slices.Sort(known)
	for table, rows := range map[string][]string{"made_of": madeOf, "expressible": slices.Compact(known), "column_fields": feeds} {
		if len(rows) == 0 {
			continue
		}
		if _, err := r.conn.ExecContext(r.ctx, "insert into "+table+" values "+strings.Join(rows, ", ")); err != nil {
			return fmt.Errorf("transform.lineage: %w", err)
		}
	}
	return nil
}

const winnerSides = sides + "select pair_id::varchar as pair_id, field::varchar as field, winner::varchar as winner, reason::varchar as reason "

// winners runs winner.sql over the conflicts and checks what it says.
func (r *run) winners() error {
	f := r.entity.Winner
	conflicts, err := r.some("conflict")
	if err != nil {
		return err
	}
	if f == nil || !conflicts {
		_, err := r.conn.ExecContext(r.ctx, "create or replace temp table won (pair_id varchar, field varchar, winner varchar, reason varchar)")
		if err != nil || conflicts {
			return errors.Join(err, r.answers(), r.wantHistories())
		}
		return r.lookWinner()
	}
	q := "create or replace temp table won as " + winnerSides + "from (\n" + f.Text + "\n)"
	if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return f.Error(err, 1)
	}
	bad, err := r.strings1(`
		select 'two rows for field ' || field from won group by pair_id, field having count(*) > 1
		union all
		select 'winner ' || coalesce(winner, 'null') || ' for field ' || field from won where winner is null or winner not in ('hubspot', 'salesforce', 'ask')
		union all
		select 'fields of ' || any_value(cell.unit) || ' have different winners' from won join cell using (pair_id, field) group by pair_id, cell.unit having count(distinct winner) > 1
		limit 1`)
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		return crm.WithHint(fmt.Errorf("%s: %s", f.Path, bad[0]), "winner.sql gives at most one row per conflict: hubspot, salesforce or ask; fields that are together have one winner")
	}
	return errors.Join(r.answers(), r.wantHistories())
}

// answers puts what a person said in the place of what winner.sql says.
func (r *run) answers() error {
	_, err := r.conn.ExecContext(r.ctx, `
		delete from won using cell, verdict
		where cell.pair_id = won.pair_id and cell.field = won.field and verdict.pair_id = cell.pair_id and verdict.unit = cell.unit;
		insert into won select cell.pair_id, cell.field, verdict.winner, 'a person said so' from cell join verdict using (pair_id, unit)`)
	if err != nil {
		return fmt.Errorf("transform.answers: %w", err)
	}
	return nil
}

// lookWinner brings a mistake in winner.sql to light before the first conflict does.
func (r *run) lookWinner() error {
	f := r.entity.Winner
	if f == nil {
		return nil
	}
	_, _, err := r.describe(winnerSides + "from (\n" + f.Text + "\n)")
	return f.Error(err, 1)
}

// wantHistories notes the property histories that decide a conflict by time. Those of an earlier run do not
// know of the newest edits, so they are always read in the run itself.
func (r *run) wantHistories() error {
	if r.o.HistoriesRead {
		return nil
	}
	timed := `exists (select 1 where false)`
	if f := r.entity.Winner; f != nil && slices.ContainsFunc(r.parsed.Statement(*f).Columns, func(c string) bool { return c == "hubspot_at" || c == "salesforce_at" }) {
		timed = "true"
	}
	rows, err := r.conn.QueryContext(r.ctx, `
		select distinct pair.hubspot_object, pair.hubspot_id, made_of."column"
		from unit
		join cell using (pair_id, unit)
		join pair using (pair_id)
		join made_of on made_of.object = pair.hubspot_object and made_of.field = cell.field
		join catalog.column as known on known.system = 'hubspot' and known.object = made_of.object and lower(known.name) = made_of."column"
		left join won on won.pair_id = unit.pair_id and won.field = cell.field
		where unit.state = 'conflict' and (`+timed+` or (unit.rule = 'most_recent' and won.winner is null))
		order by all`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var object, id, column string
		if err := rows.Scan(&object, &id, &column); err != nil {
			return err
		}
		o := crm.Object{System: crm.HubSpot, Name: object}
		at := slices.IndexFunc(r.histories, func(h Histories) bool { return h.Object == o })
		if at < 0 {
			r.histories = append(r.histories, Histories{Object: o})
			at = len(r.histories) - 1
		}
		h := &r.histories[at]
		if !slices.Contains(h.Columns, column) {
			h.Columns = append(h.Columns, column)
		}
		if len(h.IDs) == 0 || h.IDs[len(h.IDs)-1] != id {
			h.IDs = append(h.IDs, id)
		}
	}
	return rows.Err()
}

// emit writes the plan.
func (r *run) emit() error {
	for _, s := range crm.Systems {
		if _, err := r.conn.ExecContext(r.ctx, fmt.Sprintf("create or replace temp view label_%[1]s as select object, id, %[2]s as label from row_%[1]s", s, r.label())); err != nil {
			return err
		}
	}
	births, err := r.some("birth")
	if err != nil {
		return err
	}
	decided, err := r.some("decision")
	if err != nil {
		return err
	}
	if births || decided {
		if err := r.query("emit.sql", map[string]any{"Label": "label"}); err != nil {
			return err
		}
	}
	if births {
		if err := r.query("created.sql", nil); err != nil {
			return err
		}
	}
	if err := r.foreseen(); err != nil {
		return err
	}
	return r.query("settle.sql", nil)
}

// label is how a person recognises a record in the plan: a name, never an address.
func (r *run) label() string {
	has := func(n string) bool { return slices.ContainsFunc(r.fields, func(f Field) bool { return f.Name == n }) }
	said := func(n string) string {
		return fmt.Sprintf("case when not starts_with(%[1]s, chr(57344)) then %[1]s end", entity.Quote(n))
	}
	if has("firstname") && has("lastname") {
		return "concat_ws(' ', " + said("firstname") + ", " + said("lastname") + ")"
	}
	for _, n := range []string{"name", "dealname", "subject", "title"} {
		if has(n) {
			return said(n)
		}
	}
	return "null::varchar"
}
