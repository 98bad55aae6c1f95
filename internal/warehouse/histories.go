package warehouse

import (
	"context"
	"strings"

	"lockstep/internal/crm"
)

// WriteHistories puts the property histories of a few HubSpot pages into hubspot.history, in place of what it had
// of those records' properties.
func WriteHistories(ctx context.Context, tx Conn, object string, pages [][]byte) (err error) {
	defer wrap(&err, "warehouse.WriteHistories(%s, %d pages)", object, len(pages))
	if pages, err = mend(ctx, tx, HubSpotResults, pages); err != nil {
		return err
	}
	texts := make([]string, len(pages))
	for i, p := range pages {
		texts[i] = string(p)
	}
	for _, step := range []struct {
		file string
		args []any
	}{
		{"history_said.sql", []any{texts}},
		{"history_old.sql", []any{object}},
		{"history_new.sql", []any{object}},
	} {
		q, err := statement(step.file, nil)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, q, step.args...); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `drop table temp.said`)
	return err
}

// ForgetHistories empties hubspot.history: histories decide the conflicts of one run, and age with the next edit.
func ForgetHistories(ctx context.Context, tx Conn) error {
	_, err := tx.ExecContext(ctx, `delete from hubspot.history`)
	return Cut(err)
}

// Reserved says that a mirror of that name would take a table of ours.
func Reserved(o crm.Object) bool {
	return o.System == crm.HubSpot && strings.EqualFold(o.Name, "history") || Lists(o)
}
