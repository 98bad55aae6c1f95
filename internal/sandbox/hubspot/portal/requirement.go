package portal

import "slices"

// Requirement is an admin's rule that a property must have a value: always, or when another one has one of some values.
// It holds for the API in its version 2026-09, by Rules.AdminRules in every version or in none.
type Requirement struct {
	Property string
	When     string   // another property; empty: always
	Is       []string // of its values, for which the rule holds; empty: any value
	Create   bool     // on creates only, as the required fields of the create form
}

// Require adds an admin's rule.
func (o *Object) Require(r Requirement) { o.requirements = append(o.requirements, r) }

// required lists what the admins' rules miss in a draft.
func (d *draft) required() []string {
	var missing []string
	for _, r := range d.object.requirements {
		if r.Create && !d.creating() {
			continue
		}
		if r.When != "" {
			v := d.value(r.When)
			if v == "" || len(r.Is) > 0 && !slices.Contains(r.Is, v) {
				continue
			}
		}
		if !d.creating() && !d.changed(r.Property, r.When) {
			continue // what was so before stays so
		}
		if d.value(r.Property) == "" {
			missing = append(missing, r.Property)
		}
	}
	return missing
}
