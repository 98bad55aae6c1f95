package load

import (
	"context"
	"slices"

	"lockstep/internal/hubspot"
)

// Association columns of HubSpot's records are written and read by calls of their own, after the record's
// properties: a record has to be there to be associated.

// apartColumns tells association columns from properties.
func apartColumns(columns []string) (properties, associated []string) {
	for _, c := range columns {
		if _, ok := hubspot.AssociationTarget(c); ok {
			associated = append(associated, c)
		} else {
			properties = append(properties, c)
		}
	}
	return properties, associated
}

// associated reads association columns into records.
func (h *HubSpot) associated(ctx context.Context, object string, columns []string, records []Record) error {
	var ids []string
	for _, r := range records {
		if r.Gone == "" {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	for _, c := range columns {
		values, err := h.Client.AssociationValues(ctx, object, c, ids)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.Values[c] = nil; values[r.ID] != "" {
				r.Values[c] = str(values[r.ID])
			}
		}
	}
	return nil
}

// associations are the refusals of association columns, by row: the row's properties were written before.
type associations map[int]Refusal

// associate writes the association columns of the rows whose properties were taken. What an error leaves unwritten is
// seen when the record is read back.
func (h *HubSpot) associate(ctx context.Context, b Batch, result hubspot.BatchResult) associations {
	refused := associations{}
	byColumn := map[string]map[string]string{}
	row := map[string]int{}
	for i, o := range result.Outcomes {
		if o.Answer != hubspot.Taken {
			continue
		}
		row[o.ID] = i
		for name, v := range b.Rows[i].Values {
			if _, ok := hubspot.AssociationTarget(name); ok {
				if byColumn[name] == nil {
					byColumn[name] = map[string]string{}
				}
				byColumn[name][o.ID] = or(v, "")
			}
		}
	}
	for _, column := range keys(byColumn) {
		turned, _ := h.Client.SetAssociations(ctx, b.Object, column, byColumn[column])
		for id, r := range turned {
			refused[row[id]] = Refusal{Category: Association, Columns: []string{column}, Code: r.Category, Words: r.Message}
		}
	}
	return refused
}

// into tells of the refusals. The rows' other columns stand: their outcome keeps its record.
func (a associations) into(answer Answer) Answer {
	for i, r := range a {
		answer.Outcomes[i].Partly = append(answer.Outcomes[i].Partly, r)
	}
	return answer
}

// lacks tells whether a record's answer leaves out a column that is needed; association columns always are.
func lacks(rec Record, needed []string) bool {
	return slices.ContainsFunc(needed, func(c string) bool { _, ok := rec.Values[c]; return !ok })
}
