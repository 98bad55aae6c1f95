package pipelines

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// stamps refuses a run whose CRMs lack a column that ties records to each other, or hide it from the user: the
// SQL that mentions it would fail with words that do not say who makes such a column. It is asked after extract,
// which has read the metadata.
func (r *run) stamps(ctx context.Context) error {
	c := r.job.Project.Config
	names := map[crm.System][]string{
		crm.HubSpot:    {c.HubSpot.Stamps.ID, c.HubSpot.Stamps.Object},
		crm.Salesforce: {c.Salesforce.Stamps.ID},
	}
	var there []string // hubspot.contacts.salesforce_id, in lower case
	rows, err := r.w.DB.QueryContext(ctx, `select lower(system || '.' || object || '.' || name) from catalog.column
		where updateable and list_contains($1::varchar[], lower(name))`,
		[]string{strings.ToLower(c.HubSpot.Stamps.ID), strings.ToLower(c.HubSpot.Stamps.Object), strings.ToLower(c.Salesforce.Stamps.ID)})
	if err != nil {
		return fmt.Errorf("looking for the columns that tie records: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		there = append(there, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var missing []string
	for _, name := range r.job.Pipeline.Entities {
		e, ok := r.entity.Entity(name)
		if !ok {
			continue // transform says so
		}
		for _, to := range e.To {
			for _, column := range names[to.Object.System] {
				if !strings.Contains(strings.ToLower(to.Text), strings.ToLower(column)) {
					continue // a project may tie its records by something else
				}
				if name := fmt.Sprintf("%s.%s", to.Object, column); !slices.Contains(there, strings.ToLower(name)) && !slices.Contains(missing, name) {
					missing = append(missing, name)
				}
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return crm.WithHint(fmt.Errorf("columns that tie records are missing, or hidden from the user: %s", strings.Join(missing, ", ")),
		"`lockstep setup` makes them, with the permission to see them; their names are stamps in lockstep.yaml")
}
