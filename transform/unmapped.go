package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// checkUnmapped refuses a rule for a field that there is not, or that no crosswalk translates.
func (r *run) checkUnmapped(fields []Field) error {
	for _, name := range slices.Sorted(maps.Keys(r.entity.Unmapped)) {
		i := slices.IndexFunc(fields, func(x Field) bool { return x.Name == name })
		if i < 0 || fields[i].RefersTo != "" {
			return crm.WithHint(fmt.Errorf("pipelines/%s.yaml: unmapped has %s.%s, which is no field with a translation", r.o.Pipeline, r.entity.Name, name),
				"sql/%s/fields.sql lists the fields; a reference is not translated", r.entity.Name)
		}
	}
	return nil
}

// translated makes of a column's text what its fields' rules say where there is no translation, over the tables of from.
func (r *run) translated(f entity.ObjectFile) (text func(column string, of func(table string) string) string, from string, err error) {
	from = "said"
	if slices.ContainsFunc(r.fields, func(x Field) bool { return x.Unmapped.Rule == "default" }) {
		if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table instead as "+r.asking(f, true)); err != nil {
			return nil, "", f.Error(err, 1)
		}
		from = "said join instead using (pair_id)"
	}
	s, err := r.statement(f.File)
	if err != nil {
		return nil, "", err
	}
	return func(column string, of func(table string) string) string {
		out := of("said")
		for _, x := range r.fields {
			if x.Unmapped.Rule == "" || !slices.Contains(s.Feeds(column), strings.ToLower(x.Name)) {
				continue
			}
			switch x.Unmapped.Rule {
			case "pass":
				out = x.Unmapped.In(out)
			case "default":
				out = fmt.Sprintf("if(contains(%[1]s, chr(57344)), %[2]s, %[1]s)", out, of("instead"))
			}
		}
		return out
	}, from, nil
}
