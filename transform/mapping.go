package transform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// prepare makes today's macros and crosswalks stand. Where the mapping is not the one the bases were made with,
// the kept text runs once more over today's mirrors first, so that an edited mapping is not taken for edited
// data: that is what old_<entity>_<system> holds afterwards.
//
// It comes before the plan's transaction: a crosswalk cannot be filled and replaced in one.
func (r *run) prepare() error {
	old, err := r.keptMapping()
	if err != nil {
		return err
	}
	if old != nil {
		if err := old.Install(r.ctx, r.conn); err != nil {
			return cannotRunOld(err)
		}
		for _, name := range r.names() {
			if e, ok := old.Entity(name); ok {
				if err := r.oldRows(e); err != nil {
					return cannotRunOld(err)
				}
				r.edited[name] = true
			}
		}
	}
	return r.parsed.Install(r.ctx, r.conn)
}

// keptMapping is the mapping the bases were made with, nil when there is none yet or it is today's.
func (r *run) keptMapping() (*entity.Project, error) {
	rows, err := r.conn.QueryContext(r.ctx, `select path, text from catalog.mapping`)
	if err != nil {
		return nil, fmt.Errorf("transform.keptMapping: %w", err)
	}
	defer func() { _ = rows.Close() }()
	today := r.parsed.MappingText()
	kept, same := map[string]string{}, true
	for rows.Next() {
		var path, text string
		if err := rows.Scan(&path, &text); err != nil {
			return nil, err
		}
		kept[path] = text
		same = same && today[path] == text
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(kept) == 0 || same && len(kept) == len(today) {
		return nil, nil
	}
	old, err := entity.FromMapping(kept)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("the mapping kept in the warehouse cannot be read: %w", err), "plan with --resync for the fields of the entity, so that they are treated as a first link")
	}
	return old, nil
}

// oldRows runs an entity's kept from files.
func (r *run) oldRows(e *entity.Entity) error {
	r.entity = e
	var fields []Field
	for _, f := range e.From {
		s, err := f.Parse(r.ctx, r.conn)
		if err != nil {
			return err
		}
		for _, n := range s.Output {
			if !slices.Contains(reserved, n) && !slices.ContainsFunc(fields, func(x Field) bool { return x.Name == n }) {
				fields = append(fields, Field{Name: n, Unmapped: e.Unmapped[n]})
			}
		}
	}
	return r.rowsInto("old_"+e.Name, e.From, fields)
}

func cannotRunOld(err error) error {
	var h *crm.Hinted
	if errors.As(err, &h) {
		err = h.Err
	}
	return crm.WithHint(fmt.Errorf("the mapping was edited, and its earlier text no longer runs: %w", err),
		"the earlier text tells an edited mapping from edited data; put back what it needs for one run, or remove the entity's rows from catalog.mapping to treat every difference as an edit")
}

// keep writes today's mapping into the plan: applying the plan makes it the one the bases are made with.
func (r *run) keep() error {
	var rows []string
	args := []any{r.o.PlanID}
	for path, text := range r.parsed.MappingText() {
		rows = append(rows, fmt.Sprintf("($1, $%d, $%d)", len(args)+1, len(args)+2))
		args = append(args, path, text)
	}
	if _, err := r.conn.ExecContext(r.ctx, "insert into plan.mapping values "+strings.Join(rows, ", "), args...); err != nil {
		return fmt.Errorf("transform.keep: %w", err)
	}
	return nil
}
