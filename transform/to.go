package transform

import (
	"fmt"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// askTo runs every to file over the rows of its object in ask_hubspot and ask_salesforce, and adds what it
// answers to sent: one row per probe and column, as text in the form the mirror's own values have.
func (r *run) askTo() error {
	for _, f := range r.entity.To {
		if err := r.askFile(f); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) askFile(f entity.ObjectFile) error {
	var cols []string
	for _, x := range r.fields {
		cols = append(cols, entity.Quote(x.Name))
	}
	q := fmt.Sprintf("create or replace temp table answered as with %s as (select probe_id as pair_id, %s from ask_%s where object = %s) select * from (\n%s\n)",
		entity.Quote(r.entity.Name), strings.Join(cols, ", "), f.Object.System, literal(f.Object.Name), f.Text)
	if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return f.Error(err, 1)
	}
	if err := r.checkAnswered(f); err != nil {
		return err
	}
	columns, err := r.toColumns(f)
	if err != nil {
		return err
	}
	var texts []string
	for _, c := range columns {
		v := entity.Quote(c.Name) + "::varchar"
		texts = append(texts, fmt.Sprintf("{name: %s, value: nullif(coalesce(%s, %s), '')}", literal(c.Name), canonical(fmt.Sprintf("try_cast(%s as %s)", v, c.Type), c.Type), v))
	}
	_, err = r.conn.ExecContext(r.ctx, `insert into sent select pair_id, answer.name, answer.value from (select pair_id, unnest([`+strings.Join(texts, ", ")+`]) as answer from answered)`)
	if err != nil {
		return f.Error(err, 0)
	}
	return nil
}

// checkAnswered refuses a to file that loses or doubles a pair.
func (r *run) checkAnswered(f entity.ObjectFile) error {
	names, _, err := r.describe("answered")
	if err != nil {
		return err
	}
	if len(names) == 0 || !contains(names, "pair_id") {
		return crm.WithHint(fmt.Errorf("%s: no column pair_id", f.Path), "a to file gives pair_id and the object's columns")
	}
	var rows, pairs, asked int64
	err = r.conn.QueryRowContext(r.ctx, fmt.Sprintf("select count(*), count(distinct pair_id), (select count(*) from ask_%s where object = $1) from answered", f.Object.System), f.Object.Name).Scan(&rows, &pairs, &asked)
	if err != nil {
		return err
	}
	if rows != pairs || rows != asked {
		return crm.WithHint(fmt.Errorf("%s: %d rows for %d pairs", f.Path, rows, asked), "a to file gives one row per pair: it never filters, and no join may find several rows")
	}
	return nil
}

// toColumns are the columns a to file writes, as the mirror spells and types them.
func (r *run) toColumns(f entity.ObjectFile) ([]warehouse.TableColumn, error) {
	mirror, err := warehouse.Columns(r.ctx, r.conn, string(f.Object.System), f.Object.Name)
	if err != nil {
		return nil, err
	}
	names, _, err := r.describe("answered")
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
				out = append(out, m)
				continue next
			}
		}
		return nil, crm.WithHint(fmt.Errorf("%s: column %q not found in %s", f.Path, n, f.Object), "%s", nearest(n, mirror))
	}
	return out, nil
}

func contains(names []string, want string) bool {
	for _, n := range names {
		if strings.EqualFold(n, want) {
			return true
		}
	}
	return false
}

// mirrors leaves the mirrors' own values of the pairs under decision, as text, in mirror.
func (r *run) mirrors() error {
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table mirror (system varchar, pair_id varchar, "column" varchar, value varchar)`); err != nil {
		return err
	}
	for _, f := range r.entity.To {
		columns, err := warehouse.Columns(r.ctx, r.conn, string(f.Object.System), f.Object.Name)
		if err != nil {
			return err
		}
		s := r.parsed.Statement(f.File)
		var texts []string
		for _, c := range columns {
			if contains(s.Output, c.Name) {
				texts = append(texts, fmt.Sprintf("{name: %s, value: nullif(%s, '')}", literal(c.Name), canonical("record."+entity.Quote(c.Name), c.Type)))
			}
		}
		if len(texts) == 0 {
			continue
		}
		q := fmt.Sprintf(`insert into mirror
			select '%[1]s', pair_id, held.name, held.value from (
				select pair.pair_id, unnest([%[2]s]) as held
				from (select distinct pair_id from probe where system = '%[1]s') as asked
				join pair using (pair_id)
				join %[1]s.%[3]s as record on record.id = pair.%[1]s_id
				where pair.%[1]s_object = %[4]s
			)`, f.Object.System, strings.Join(texts, ", "), entity.Quote(f.Object.Name), literal(f.Object.Name))
		if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
			return fmt.Errorf("transform.mirrors(%s): %w", f.Object, err)
		}
	}
	return nil
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
