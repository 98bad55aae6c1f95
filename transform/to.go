package transform

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// asking is the query of a to file over the rows of its object in ask_<system>, the first line the program's own. With
// defaults each field that has one for values without a translation stands at it.
func (r *run) asking(f entity.ObjectFile, defaults bool) string {
	var cols, ties []string
	for i, x := range r.fields {
		if x.RefersTo == "" {
			if defaults && x.Unmapped.Rule == "default" {
				cols = append(cols, literal(x.Unmapped.Value)+" as "+entity.Quote(x.Name))
				continue
			}
			cols = append(cols, "asked."+entity.Quote(x.Name))
			continue
		}
		tie := fmt.Sprintf("tie_%d", i)
		ties = append(ties, fmt.Sprintf("left join %s as %s on %[2]s.pair_id = asked.%[3]s", entity.Quote("tie_"+x.RefersTo), tie, entity.Quote(x.Name)))
		// absent stays absent
		cols = append(cols, fmt.Sprintf("if(starts_with(asked.%[1]s, chr(57344)), asked.%[1]s, %[2]s.%[3]s_id) as %[1]s", entity.Quote(x.Name), tie, f.Object.System))
		// beside the id stands its object, unless a field has that name
		if object := x.Name + "_object"; !slices.ContainsFunc(r.fields, func(y Field) bool { return y.Name == object }) {
			cols = append(cols, fmt.Sprintf("%s.%s_object as %s", tie, f.Object.System, entity.Quote(object)))
		}
	}
	return fmt.Sprintf("with %s as (select asked.probe_id as pair_id, %s from ask_%s as asked %s where asked.object = %s) select * from (\n%s\n)",
		entity.Quote(r.entity.Name), strings.Join(cols, ", "), f.Object.System, strings.Join(ties, " "), literal(f.Object.Name), f.Text)
}

// asked tells whether a to file has rows to run over.
func (r *run) asked(f entity.ObjectFile) (bool, error) {
	return r.some(fmt.Sprintf("ask_%s where object = %s", f.Object.System, literal(f.Object.Name)))
}

// look brings a mistake in a to file to light before its first record does.
func (r *run) look(files []entity.ObjectFile) error {
	for _, f := range files {
		names, _, err := r.describe(r.asking(f, false))
		if err != nil {
			return f.Error(err, 1)
		}
		if _, err := r.toColumns(f, names); err != nil {
			return err
		}
	}
	return nil
}

// answer runs a to file over the rows of its object in ask_<system> and leaves answered: one row per probe, the
// columns as text in the form the mirror's own values have.
func (r *run) answer(f entity.ObjectFile) ([]warehouse.TableColumn, error) {
	if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table said as "+r.asking(f, false)); err != nil {
		return nil, f.Error(err, 1)
	}
	columns, ok := r.columns[f.Path]
	if !ok {
		names, _, err := r.describe("said")
		if err != nil {
			return nil, err
		}
		if columns, err = r.toColumns(f, names); err != nil {
			return nil, err
		}
		r.columns[f.Path] = columns
	}
	if err := r.checkAnswered(f); err != nil {
		return nil, err
	}
	translated, from, err := r.translated(f)
	if err != nil {
		return nil, err
	}
	texts := []string{"said.pair_id::bigint as probe_id"}
	for _, c := range columns {
		text := func(table string) string {
			v := table + "." + entity.Quote(c.Name) + "::varchar"
			if c.Type == "VARCHAR" {
				return v
			}
			return fmt.Sprintf("coalesce(%s, %s)", entity.Canonical(fmt.Sprintf("try_cast(%s as %s)", v, c.Type), c.Type), v)
		}
		texts = append(texts, fmt.Sprintf("nullif(%s, '') as %s", translated(c.Name, text), entity.Quote(c.Name)))
	}
	if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table answered as select "+strings.Join(texts, ", ")+" from "+from); err != nil {
		return nil, f.Error(err, 0)
	}
	return columns, nil
}

// fill leaves what the to files make of the records to be created: filled, one row per column with a value.
func (r *run) fill() error {
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table filled (probe_id bigint, "column" varchar, value varchar)`); err != nil {
		return err
	}
	for _, f := range r.entity.To {
		asked, err := r.asked(f)
		if err != nil {
			return err
		}
		if !asked {
			if err := r.look([]entity.ObjectFile{f}); err != nil {
				return err
			}
			continue
		}
		columns, err := r.answer(f)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			continue
		}
		var names []string
		for _, c := range columns {
			names = append(names, entity.Quote(c.Name))
		}
		q := `insert into filled select probe_id, name, said from answered unpivot (said for name in (` + strings.Join(names, ", ") + `))`
		if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
			return fmt.Errorf("transform.fill(%s): %w", f.Object, err)
		}
	}
	return nil
}

// current leaves, per to file, what it makes of each side as it is, beside what the mirror holds, and adds to sent what
// would move of the other rows that it was asked about.
func (r *run) current() error {
	return r.eachAnswer(func(i int, f entity.ObjectFile, columns []warehouse.TableColumn) error {
		texts := []string{"probe.pair_id"}
		for _, c := range columns {
			texts = append(texts, fmt.Sprintf("answered.%[1]s as %[1]s, nullif(%[2]s, '') as %[3]s", entity.Quote(c.Name), entity.Canonical("record."+entity.Quote(c.Name), c.Type), entity.Quote("mirror "+c.Name)))
		}
		q := fmt.Sprintf(`create or replace temp table current_%d as
			select %s
			from answered
			join probe using (probe_id)
			join pair using (pair_id)
			join %s.%s as record on record.id = pair.%[3]s_id
			where probe.kind = 'current'`, i, strings.Join(texts, ", "), f.Object.System, entity.Quote(f.Object.Name))
		if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
			return fmt.Errorf("transform.current(%s): %w", f.Object, err)
		}
		return r.moving(i, f, columns)
	})
}

// askTo runs every to file over ask_hubspot and ask_salesforce and adds to sent what would move.
func (r *run) askTo() error { return r.eachAnswer(r.moving) }

// eachAnswer runs every to file that has rows to run over, and do for what it answered.
func (r *run) eachAnswer(do func(i int, f entity.ObjectFile, columns []warehouse.TableColumn) error) error {
	for i, f := range r.entity.To {
		asked, err := r.asked(f)
		if err != nil {
			return err
		}
		if !asked {
			continue
		}
		columns, err := r.answer(f)
		if err != nil {
			return err
		}
		if err := do(i, f, columns); err != nil {
			return err
		}
	}
	return nil
}

// moving adds to sent what would move of the i-th to file's answers: of a probe of one unit the columns that differ from
// the row as it is, of the row as decided those that also differ from the mirror, of the row as the editor sees it those
// that differ from the mirror.
func (r *run) moving(i int, f entity.ObjectFile, columns []warehouse.TableColumn) error {
	if len(columns) == 0 {
		return nil
	}
	var names, beside []string
	for _, c := range columns {
		said, now, mirror := entity.Quote(c.Name), entity.Quote("now "+c.Name), entity.Quote("mirror "+c.Name)
		names = append(names, fmt.Sprintf("(%[1]s, %s, %s) as %[1]s", said, now, mirror))
		beside = append(beside, fmt.Sprintf("now.%s as %s, now.%[3]s as %[3]s", said, now, mirror))
	}
	q := fmt.Sprintf(`insert into sent
		with side_by_side as (
			select answered.*, probe.kind as "probe kind", %s
			from answered
			join probe using (probe_id)
			join current_%d as now on now.pair_id = probe.pair_id
			where probe.kind <> 'current'
		)
		select probe_id, name, said, mirror
		from side_by_side
		unpivot include nulls ((said, now, mirror) for name in (%s))
		where said is distinct from if("probe kind" = 'one', now, mirror) and ("probe kind" <> 'merged' or said is distinct from now)`,
		strings.Join(beside, ", "), i, strings.Join(names, ", "))
	if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return fmt.Errorf("transform.moving(%s): %w", f.Object, err)
	}
	return nil
}

// checkAnswered refuses a to file that loses or doubles a pair.
func (r *run) checkAnswered(f entity.ObjectFile) error {
	var rows, pairs, asked int64
	err := r.conn.QueryRowContext(r.ctx, fmt.Sprintf("select count(*), count(distinct pair_id), (select count(*) from ask_%s where object = $1) from said", f.Object.System), f.Object.Name).Scan(&rows, &pairs, &asked)
	if err != nil {
		return err
	}
	if rows != pairs || rows != asked {
		return crm.WithHint(fmt.Errorf("%s: %d rows for %d pairs", f.Path, rows, asked), "a to file gives one row per pair: it never filters, and no join may find several rows")
	}
	return nil
}

// toColumns are the columns a to file writes, as the mirror spells and types them.
func (r *run) toColumns(f entity.ObjectFile, names []string) ([]warehouse.TableColumn, error) {
	if !contains(names, "pair_id") {
		return nil, crm.WithHint(fmt.Errorf("%s: no column pair_id", f.Path), "a to file gives pair_id and the object's columns")
	}
	mirror, err := warehouse.Columns(r.ctx, r.conn, string(f.Object.System), f.Object.Name)
	if err != nil {
		return nil, err
	}
	lacking, err := r.lacking(f)
	if err != nil {
		return nil, err
	}
	var out []warehouse.TableColumn
next:
	for _, n := range names {
		if n == "pair_id" {
			continue
		}
		for _, m := range mirror {
			if strings.EqualFold(m.Name, n) {
				if !slices.Contains(lacking, strings.ToLower(n)) {
					out = append(out, m)
				}
				continue next
			}
		}
		if slices.Contains(lacking, strings.ToLower(n)) {
			continue
		}
		return nil, crm.WithHint(fmt.Errorf("%s: column %q not found in %s", f.Path, n, f.Object), "%s", nearest(n, mirror))
	}
	return out, nil
}

// lacking are the optional columns of a to file that its object does not have, or has no more.
func (r *run) lacking(f entity.ObjectFile) ([]string, error) {
	names, err := f.Lacking(r.ctx, r.conn, string(f.Object.System)+"."+entity.Quote(f.Object.Name))
	if err != nil {
		return nil, err
	}
	s, err := r.statement(f.File)
	if err != nil || len(s.Optional) == 0 {
		return nil, err
	}
	gone, err := r.strings1(`select lower(name) from catalog.column where system = $1 and object = $2 and state = 'vanished'`, string(f.Object.System), f.Object.Name)
	for _, n := range gone {
		if slices.Contains(s.Optional, n) {
			names = append(names, n)
		}
	}
	return names, err
}

func contains(names []string, want string) bool {
	for _, n := range names {
		if strings.EqualFold(n, want) {
			return true
		}
	}
	return false
}

// nearest proposes the column that a misspelt name may have meant.
func nearest(name string, known []warehouse.TableColumn) string {
	best, distance := "", 1+len(name)/2
	for _, k := range known {
		if d := edits(strings.ToLower(name), strings.ToLower(k.Name)); d < distance {
			best, distance = k.Name, d
		}
	}
	if best == "" {
		return "only columns that the CRM's metadata lists can be written; a new one is read after the next extract"
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			cost := before
			if a[i] != b[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
