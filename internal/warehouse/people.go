package warehouse

import (
	"context"
	"encoding/json"

	"lockstep/internal/crm"
)

// Person is somebody records can belong to: a Salesforce user, a HubSpot owner.
type Person struct {
	ID       string // Salesforce 005…; HubSpot's owner id
	Email    string
	Username string // Salesforce only
	Name     string
	UserID   string // HubSpot only: the user behind the owner, another number than ID
	Type     string // Salesforce UserType; HubSpot PERSON or QUEUE
	Active   bool   // HubSpot: not archived
}

// WritePeople replaces catalog.users or catalog.owners where it differs.
func WritePeople(ctx context.Context, tx Conn, s crm.System, people []Person) (err error) {
	defer wrap(&err, "warehouse.WritePeople(%s, %d)", s, len(people))
	if people == nil {
		people = []Person{}
	}
	text, err := json.Marshal(people)
	if err != nil {
		return err
	}
	table := map[crm.System]string{crm.Salesforce: "users", crm.HubSpot: "owners"}[s]
	for _, part := range []string{table + "_old.sql", table + "_new.sql"} {
		q, err := statement(part, nil)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, q, string(text)); err != nil {
			return err
		}
	}
	return nil
}
