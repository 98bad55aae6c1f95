package ask

import (
	"context"
	"database/sql"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Field is one field of one pair of which nothing is sent until a person says whose value stands.
type Field struct {
	Entity, Pair, Name            string
	HubSpot, Salesforce           crm.Record
	HubSpotValue, SalesforceValue string // as the newest plan saw them; blank and absent are empty
	HubSpotBase, SalesforceBase   string // what stood there when they last agreed; blank and none are empty
	FirstLink                     bool   // they never agreed
	Frozen                        bool   // a value fight, or an interrupted write of which nobody can tell whether it landed; else its rule is to ask
	Why                           string
}

// Fields lists what waits for a person's word on a value, by entity and record, without what has been answered.
func Fields(ctx context.Context, db Reader, p *entity.Project) (all []Field, err error) {
	defer wrap(&err, "ask.Fields")
	linked, err := linkedTables(ctx, db, p)
	if err != nil || len(linked) == 0 {
		return nil, err
	}
	err = query(ctx, db, "fields.sql", map[string]any{"Linked": linked}, nil, func(r *sql.Rows) error {
		f := Field{HubSpot: crm.Record{Object: crm.Object{System: crm.HubSpot}}, Salesforce: crm.Record{Object: crm.Object{System: crm.Salesforce}}}
		err := r.Scan(&f.Entity, &f.Pair, &f.Name, &f.HubSpot.Object.Name, &f.HubSpot.ID, &f.Salesforce.Object.Name, &f.Salesforce.ID,
			&f.HubSpotValue, &f.SalesforceValue, &f.HubSpotBase, &f.SalesforceBase, &f.FirstLink, &f.Frozen, &f.Why)
		all = append(all, f)
		return err
	})
	return all, err
}

// Of tells whether the field is one of the record with that id, in either CRM.
func (f Field) Of(id string) bool { return id == f.HubSpot.ID || id == f.Salesforce.ID }
