package load

import (
	"context"
	"slices"

	"lockstep/internal/crm"
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

// associations are what became of association columns, by row, where they were not taken: the row's properties were
// written before.
type associations struct {
	refused map[int]Refusal
	open    map[int][]string // columns whose call failed
}

// associate writes the association columns of the rows whose properties were taken.
func (h *HubSpot) associate(ctx context.Context, b Batch, result hubspot.BatchResult) associations {
	all := associations{map[int]Refusal{}, map[int][]string{}}
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
		turned, err := h.Client.SetAssociations(ctx, b.Object, column, byColumn[column])
		for id, r := range turned {
			all.refused[row[id]] = Refusal{Category: Association, Columns: []string{column}, Code: r.Category, Words: r.Message}
		}
		for id := range byColumn[column] {
			if err != nil {
				all.open[row[id]] = append(all.open[row[id]], column)
			}
		}
	}
	return all
}

// into tells of them. The rows' other columns stand: their outcome keeps its record.
func (a associations) into(answer Answer) Answer {
	for i, r := range a.refused {
		answer.Outcomes[i].Partly = append(answer.Outcomes[i].Partly, r)
	}
	for i, columns := range a.open {
		answer.Outcomes[i].Open = columns
	}
	return answer
}

// unsent takes columns that were read back as before for what they are: they go by a call of their own, after that of the
// record, which failed or was never made. They are planned anew.
func (c *change) unsent(which func(column string) bool) {
	for _, col := range c.columns {
		if col.state == NotTaken && which(col.name) {
			col.state, col.reason, col.stored = Deferred, "the call that sends it did not land; it is planned anew", nil
		}
	}
}

// byCallOfItsOwn tells whether the batch's CRM takes a column by another call than the record's.
func (b *batch) byCallOfItsOwn(column string) bool {
	_, is := hubspot.AssociationTarget(column)
	return is && b.mirror.object.System == crm.HubSpot
}

// lacks tells whether a record's answer leaves out a column that is needed; association columns always are.
func lacks(rec Record, needed []string) bool {
	return slices.ContainsFunc(needed, func(c string) bool { _, ok := rec.Values[c]; return !ok })
}
