package transform

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// A reference is a field whose refers_to names an entity. The from files give the referenced record's id in their
// own system; here it becomes the id of the pair that record is in, which is the same text on both sides, and the
// to files are given the id that pair has on theirs. So a merge compares references as it compares any value, and
// a parent that this very plan creates is found.

// order puts every entity behind those it refers to, otherwise as they came.
func order(names []string, refers map[string][]string) ([]string, error) {
	var out, path []string
	var visit func(name string) error
	visit = func(name string) error {
		if slices.Contains(out, name) {
			return nil
		}
		if slices.Contains(path, name) {
			return crm.WithHint(fmt.Errorf("entities refer to each other in a circle: %s", strings.Join(append(path, name), " → ")),
				"of two entities only one can be there before the other; take refers_to out of one of their fields.sql")
		}
		path = append(path, name)
		for _, parent := range refers[name] {
			if parent != name && slices.Contains(names, parent) {
				if err := visit(parent); err != nil {
					return err
				}
			}
		}
		path = path[:len(path)-1]
		out = append(out, name)
		return nil
	}
	for _, n := range names {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// references are the entity's fields that refer to another entity, or, if own, to itself.
func (r *run) references(own bool) []Field {
	return slices.DeleteFunc(slices.Clone(r.fields), func(f Field) bool { return f.RefersTo == "" || (f.RefersTo == r.entity.Name) != own })
}

// resolve turns the ids in the reference fields of <name>_hubspot and <name>_salesforce into ids of pairs. An id
// whose record is in no pair makes the field absent.
func (r *run) resolve(name string, fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	for _, f := range fields {
		if err := r.tie(f.RefersTo); err != nil {
			return err
		}
	}
	return r.query("resolve.sql", map[string]any{"References": fields, "Table": name, "Wait": name == "row"})
}

// tie makes tie_<entity>, which records are in which pair, where the entity itself was not planned in this run.
func (r *run) tie(name string) error {
	if r.tied[name] {
		return nil
	}
	e, ok := r.parsed.Entity(name)
	if !ok {
		return fmt.Errorf("no entity %q in sql/", name)
	}
	if _, ensured := r.rules[name]; !ensured { // no entity of this run
		if err := warehouse.EnsureEntity(r.ctx, r.conn, e.Name, nil); err != nil {
			return fmt.Errorf("transform.tie(%s): %w", name, err)
		}
	}
	if _, err := r.conn.ExecContext(r.ctx, fmt.Sprintf(`
		create or replace temp table %s as
		select pair_id, hubspot_object, hubspot_id, salesforce_object, salesforce_id from link.%s where state = 'linked';
		create or replace temp table %s (system varchar, object varchar, id varchar, next_object varchar, next_id varchar, known boolean)`,
		entity.Quote("tie_"+name), entity.Quote(name), entity.Quote("heir_"+name))); err != nil {
		return fmt.Errorf("transform.tie(%s): %w", name, err)
	}
	r.tied[name] = true
	return nil
}

// retie leaves the current entity's pairs, those to be created among them, for the entities that refer to it.
func (r *run) retie() error {
	r.tied[r.entity.Name] = true
	return r.query("tie.sql", nil)
}
