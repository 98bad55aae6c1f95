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
	d := r.o.Deletions[r.entity.Name]
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
			"System": string(s), "Gone": strings.Join(gone, " union all "), "Grace": int64(d.Grace / time.Second), "RetryRefused": r.o.RetryRefused,
		}); err != nil {
			return err
		}
	}
	return nil
}
