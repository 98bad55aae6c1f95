package transform

import (
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Deletion says whether the deletion of a record in one CRM deletes its partner in the other.
type Deletion struct {
	ToHubSpot    bool          // a record deleted in Salesforce is archived in HubSpot
	ToSalesforce bool          // a record archived in HubSpot is deleted in Salesforce
	Grace        time.Duration // how long after the deletion, so that an undone one never was
}

// deletions plans what follows from proven deletions, where the pipeline says so: never of a record that was
// edited since, and never of one whose partner is merely not there.
func (r *run) deletions() error {
	d, told := r.o.Deletions[r.entity.Name]
	if !told && r.entity.Set() {
		d = r.setDeletion()
	}
	for _, s := range crm.Systems {
		if (s == crm.HubSpot && !d.ToHubSpot) || (s == crm.Salesforce && !d.ToSalesforce) {
			continue
		}
		var gone []string
		for _, f := range r.entity.From {
			if f.Object.System == s.Other() {
				gone = append(gone, fmt.Sprintf("select %s as object, id, _deleted_at from %s.%s where _deleted", literal(f.Object.Name), f.Object.System, entity.Quote(f.Object.Name)))
			}
		}
		if err := r.query("deletions.sql", map[string]any{
			"System": string(s), "Gone": strings.Join(gone, " union all "), "Grace": int64(d.Grace / time.Second), "RetryRefused": r.retries(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// setDeletion is what becomes of the elements of sets where the pipeline says nothing: what is taken away on a side whose
// fields flow to the other is taken away there, at once. A from file's told_on excepts single elements.
func (r *run) setDeletion() (d Deletion) {
	for _, f := range r.fields {
		d.ToHubSpot = d.ToHubSpot || f.RefersTo != "" && (f.Direction == "two_way" || f.Direction == "salesforce_to_hubspot")
		d.ToSalesforce = d.ToSalesforce || f.RefersTo != "" && (f.Direction == "two_way" || f.Direction == "hubspot_to_salesforce")
	}
	return d
}
