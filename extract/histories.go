package extract

import (
	"context"

	"lockstep/internal/warehouse"
)

// Histories reads every value that some columns of some records have had into hubspot.history: that is how a
// conflict is decided by time. It does nothing for a CRM without histories. ids and columns are each taken once.
func Histories(ctx context.Context, w *warehouse.Warehouse, source Source, object string, ids, columns []string) (err error) {
	defer wrap(&err, "extract.Histories(%s.%s, %d records)", source.System(), object, len(ids))
	var pages [][]byte
	for page, err := range source.Histories(ctx, object, once(ids), once(columns)) {
		if err != nil {
			return err
		}
		pages = append(pages, page.Body)
	}
	if len(pages) == 0 {
		return nil
	}
	return w.InTx(ctx, func(tx *warehouse.Tx) error { return warehouse.WriteHistories(ctx, tx, object, pages) })
}

// once is all without what stands in it before, in its order.
func once(all []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
