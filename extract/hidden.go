package extract

import (
	"context"
	"fmt"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// seen are the objects that can be read. One that was read before and is not there now is hidden from the program's user
// or deleted as an object: its mirror stays as it is, all its columns count as vanished, and the others go on. One that
// was never read is a mistake in the SQL or in the permissions, and an error.
func (s *session) seen(ctx context.Context, names []string, hidden map[string]error) ([]string, error) {
	var out []string
	for _, name := range names {
		why, gone := hidden[name]
		if !gone {
			out = append(out, name)
			continue
		}
		o := s.named(name)
		known, err := warehouse.CatalogColumns(ctx, s.w.DB, o)
		if err != nil {
			return nil, err
		}
		if len(known) == 0 {
			return nil, why
		}
		if slices.ContainsFunc(known, func(c warehouse.CatalogColumn) bool { return c.State != warehouse.Vanished }) {
			err := s.w.InTx(ctx, func(tx *warehouse.Tx) error {
				_, err := warehouse.WriteColumns(ctx, tx, o, []crm.Column{}, s.o.Now())
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		s.problems = append(s.problems, crm.WithHint(fmt.Errorf("%s cannot be read any more: its records wait as they were, and nothing is deleted for it", o),
			"let the program's user see it again, or take its files out of sql/"))
	}
	return out, nil
}
