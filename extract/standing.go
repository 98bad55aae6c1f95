package extract

import (
	"context"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// Standing says which of an object's records the CRM still has: live ones true, those in its recycle bin or archive false,
// others not at all. Nothing is kept of them.
func Standing(ctx context.Context, s Source, object string, ids []string) (found map[string]bool, err error) {
	defer wrap(&err, "extract.Standing(%s.%s)", s.System(), object)
	found = map[string]bool{}
	for page, err := range s.Records(ctx, object, nil, once(ids)) {
		if err != nil {
			return nil, err
		}
		all, err := versions(page)
		if err != nil {
			return nil, err
		}
		for _, v := range all {
			found[v.ID] = !v.Deleted
		}
	}
	return found, nil
}

// unforgotten are the associations of which no record was forgotten.
func (s *session) unforgotten(ctx context.Context, o crm.Object, read []warehouse.Association) ([]warehouse.Association, error) {
	first, second, _ := o.Associations()
	var forgot [2]func(string) bool
	for i, name := range []string{first, second} {
		var err error
		if forgot[i], err = s.w.Forgot(ctx, s.named(name)); err != nil {
			return nil, err
		}
	}
	if forgot[0] == nil && forgot[1] == nil {
		return read, nil
	}
	return slices.DeleteFunc(slices.Clone(read), func(a warehouse.Association) bool {
		return forgot[0] != nil && forgot[0](a.From) || forgot[1] != nil && forgot[1](a.To)
	}), nil
}
