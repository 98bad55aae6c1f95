package transform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// births asks the to files about the records to be created, and the from files about what those records will
// say of themselves: the facts that only they may tell (their id, their object) go to their source in the same
// run, or the next plan would not be empty.
func (r *run) births() error {
	wanted, err := r.some("birth")
	if err != nil {
		return err
	}
	if !wanted {
		if err := r.query("unborn.sql", nil); err != nil {
			return err
		}
		return r.look(r.entity.To)
	}
	if err := r.query("newborn.sql", nil); err != nil {
		return err
	}
	if err := r.fill(); err != nil {
		return err
	}
	if err := r.query("refused.sql", map[string]any{"RetryRefused": r.retries()}); err != nil {
		return err
	}
	if any, err := r.some("filled"); err != nil || any {
		if err := errors.Join(err, r.preflight(true)); err != nil {
			return err
		}
	}
	if _, err := r.conn.ExecContext(r.ctx, `create or replace temp table born (change_id varchar, field varchar, value varchar, source_value varchar)`); err != nil {
		return err
	}
	for _, f := range r.entity.To {
		from, ok := r.entity.FromOf(f.Object)
		if !ok {
			continue
		}
		asked, err := r.asked(f)
		if err == nil && asked {
			err = r.bear(from)
		}
		if err != nil {
			return err
		}
	}
	return r.query("stamp.sql", nil)
}

// bear runs a from file over the records of its object that are to be created, as the to file would fill them.
func (r *run) bear(f entity.ObjectFile) error {
	object := string(f.Object.System) + "." + entity.Quote(f.Object.Name)
	columns, err := warehouse.Columns(r.ctx, r.conn, string(f.Object.System), f.Object.Name)
	if err != nil {
		return err
	}
	names, values := []string{"id"}, []string{"chr(57345) || 'id:' || birth.change_id"}
	for _, c := range columns {
		switch {
		case strings.EqualFold(c.Name, "id"):
		case c.Name == "_deleted":
			names, values = append(names, c.Name), append(values, "false")
		case !strings.HasPrefix(c.Name, "_"):
			names = append(names, entity.Quote(c.Name))
			values = append(values, fmt.Sprintf(`try_cast(any_value(filled.value) filter (filled."column" = %s and not contains(filled.value, chr(57344))) as %s)`, literal(c.Name), c.Type))
		}
	}
	q := fmt.Sprintf(`create or replace temp table newborn as select * from %s limit 0;
		insert into newborn (%s) select %s from birth join filled using (probe_id)
		where birth.system = '%s' and birth.object = %s group by birth.change_id`,
		object, strings.Join(names, ", "), strings.Join(values, ", "), f.Object.System, literal(f.Object.Name))
	if _, err := r.conn.ExecContext(r.ctx, q); err != nil {
		return fmt.Errorf("transform.bear(%s): %w", f.Object, err)
	}
	text, err := f.Over(r.ctx, r.conn, "newborn")
	if err != nil {
		return err
	}
	lacking, err := f.Lacking(r.ctx, r.conn, "newborn")
	if err != nil {
		return err
	}
	s, err := r.statement(f.File)
	if err != nil {
		return err
	}
	if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table said as select * from (\n"+text+"\n)"); err != nil {
		return f.Error(err, 1)
	}
	said, types, err := r.describe("said")
	if err != nil {
		return err
	}
	var cells []string
	for _, x := range r.fields {
		// Only what the new side alone may say can be told back: everything else came from the source.
		if s.Lacks(x.Name, lacking) {
			continue
		}
		if i := slices.IndexFunc(said, func(n string) bool { return strings.EqualFold(n, x.Name) }); i >= 0 && x.Direction == string(f.Object.System)+"_to_"+string(f.Object.System.Other()) {
			cells = append(cells, fmt.Sprintf("{field: %s, value: %s, source_value: source.%s}",
				literal(x.Name), entity.Canonical("said."+entity.Quote(said[i]), types[said[i]]), entity.Quote(x.Name)))
		}
	}
	if len(cells) == 0 {
		return nil
	}
	_, err = r.conn.ExecContext(r.ctx, fmt.Sprintf(`insert into born select birth.change_id, unnest([%s], recursive := true)
		from said
		join birth on said.id = chr(57345) || 'id:' || birth.change_id
		join row_%s as source on source.object = birth.source_object and source.id = birth.source_id`, strings.Join(cells, ", "), f.Object.System.Other()))
	if err != nil {
		return f.Error(err, 0)
	}
	return nil
}
