package transform

import (
	"fmt"
	"slices"

	"lockstep/internal/crm"
)

// people is the entity that a sample is counted in.
const people = "contact"

// sampling makes the tables that a sample is chosen from, where one is wanted.
func (r *run) sampling() error {
	if r.o.Sample == 0 {
		return nil
	}
	if !slices.Contains(r.names(), people) {
		return crm.WithHint(fmt.Errorf("--sample %d: the pipeline has no entity %q", r.o.Sample, people), "a sample is so many people and what they are connected with; add the entity to the pipeline's YAML")
	}
	_, err := r.conn.ExecContext(r.ctx, `
		create or replace temp table sample_pair (entity varchar, pair_id varchar, is_new boolean, hubspot_object varchar, hubspot_id varchar,
			salesforce_object varchar, salesforce_id varchar, rule varchar);
		create or replace temp table sample_tie (entity varchar, pair_id varchar, to_entity varchar, to_pair_id varchar)`)
	return err
}

// sampled notes the current entity's pairs for the choice of a sample.
func (r *run) sampled() error {
	if r.o.Sample == 0 {
		return nil
	}
	return r.query("sampled.sql", map[string]any{"References": append(r.references(false), r.references(true)...)})
}

// sample cuts the plan, which knows every pair by now, down to so many people and what they are connected with.
func (r *run) sample() error {
	if r.o.Sample == 0 {
		return nil
	}
	if err := r.query("sample.sql", map[string]any{
		"N": r.o.Sample, "People": people, "Above": r.above(people), "Tables": []string{"link", "change", "field", "settle", "refusal"},
	}); err != nil {
		return err
	}
	left, err := r.strings1(`select hubspot_object || ' ' || hubspot_id from sample_rest where hubspot_id is not null`)
	if err != nil {
		return err
	}
	rest := map[string]bool{}
	for _, record := range left {
		rest[record] = true
	}
	// What is left out has no need of its histories yet.
	for i, h := range r.histories {
		r.histories[i].IDs = slices.DeleteFunc(h.IDs, func(id string) bool { return rest[h.Object.Name+" "+id] })
	}
	r.histories = slices.DeleteFunc(r.histories, func(h Histories) bool { return len(h.IDs) == 0 })
	return nil
}

// above are the entities that name refers to, itself or through others.
func (r *run) above(name string) (all []string) {
	for _, f := range r.rules[name] {
		if f.RefersTo != "" && f.RefersTo != name && !slices.Contains(all, f.RefersTo) {
			all = append(all, f.RefersTo)
			for _, a := range r.above(f.RefersTo) {
				if !slices.Contains(all, a) {
					all = append(all, a)
				}
			}
		}
	}
	return all
}
