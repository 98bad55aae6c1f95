package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lockstep/internal/crm"
)

// Account is one HubSpot portal or one Salesforce org, and the user the program is there.
type Account struct {
	System crm.System
	ID     string // portal id, or the org's 18-character id
	Name   string // as people know it; may be empty
	UserID string // Salesforce: the integration user, 005…; HubSpot has none
	Zone   string // HubSpot: the portal's time zone, as America/New_York
}

// ErrOtherAccount is returned by Bind for credentials of another portal or org.
var ErrOtherAccount = errors.New("the warehouse belongs to another account")

// Bind ties the warehouse to an account, once. Another account of the same system is refused with ErrOtherAccount
// and nothing is written: its ids would be taken for the first one's. Another user of the same account is fine.
func Bind(ctx context.Context, db Conn, a Account, at time.Time) error {
	var id string
	err := db.QueryRowContext(ctx, `select id from catalog.account where system = $1`, string(a.System)).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = db.ExecContext(ctx, `insert into catalog.account (system, id, name, user_id, bound_at, time_zone) values ($1, $2, $3, $4, $5, $6)`,
			string(a.System), a.ID, null(a.Name), null(a.UserID), at.UTC(), null(a.Zone))
	case err == nil && id != a.ID:
		err = crm.WithHint(fmt.Errorf("%w: %s %s, and these credentials are of %s", ErrOtherAccount, a.System, id, a.ID),
			"use the credentials of %s %s, or name another path for the warehouse in lockstep.yaml", a.System, id)
	case err == nil:
		_, err = db.ExecContext(ctx, `update catalog.account set name = $2, user_id = $3, time_zone = $4
			where system = $1 and (name, user_id, time_zone) is distinct from ($2, $3, $4)`, string(a.System), null(a.Name), null(a.UserID), null(a.Zone))
	}
	if err != nil {
		return fmt.Errorf("warehouse.Bind(%s): %w", a.System, Cut(err))
	}
	return nil
}

// null is s, or NULL for an empty text.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
