package load

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"lockstep/internal/hubspot"
)

// Read reads by id. What HubSpot does not return it is asked about as archived; of one that is not that either nobody
// can tell whether it was merged away or is out of sight.
func (h *HubSpot) Read(ctx context.Context, object string, ids, columns []string) ([]Record, error) {
	if from, to, ok := pairs(object); ok {
		return h.readPairs(ctx, from, to, ids)
	}
	properties, associated := apartColumns(columns)
	var all []Record
	for chunk := range slices.Chunk(ids, hubspot.MaxRows) {
		page, err := h.Client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: chunk, Properties: properties})
		if err != nil {
			return nil, err
		}
		found, err := hubspotRecords(page.Body)
		if err != nil {
			return nil, err
		}
		if err := h.associated(ctx, object, associated, found); err != nil {
			return nil, err
		}
		records := byID(found)
		if err := h.archived(ctx, object, chunk, records); err != nil {
			return nil, err
		}
		for _, id := range chunk {
			rec, ok := records[id]
			if !ok {
				rec = Record{ID: id, Gone: "deleted, archived or merged"}
			}
			all = append(all, rec)
		}
	}
	return all, nil
}

// archived adds those of the ids that are missing among the records and are archived.
func (h *HubSpot) archived(ctx context.Context, object string, ids []string, records map[string]Record) error {
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := records[id]; return ok })
	if len(missing) == 0 {
		return nil
	}
	page, err := h.Client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: missing, Archived: true})
	if err != nil {
		return err
	}
	found, err := hubspotRecords(page.Body)
	if err != nil {
		return err
	}
	for _, rec := range found {
		if rec.Gone != "" {
			records[rec.ID] = rec
		}
	}
	return nil
}

// Find reads by a unique property, which is no search: a write is seen at once.
func (h *HubSpot) Find(ctx context.Context, object, column string, values, columns []string) ([]Record, error) {
	if from, to, ok := pairs(object); ok {
		found, err := h.readPairs(ctx, from, to, values)
		return slices.DeleteFunc(found, func(r Record) bool { return r.Gone != "" }), err
	}
	if !slices.Contains(columns, column) {
		columns = append(slices.Clone(columns), column)
	}
	properties, associated := apartColumns(columns)
	var all []Record
	for chunk := range slices.Chunk(values, hubspot.MaxRows) {
		page, err := h.Client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: chunk, IDProperty: column, Properties: properties})
		if err != nil {
			return nil, err
		}
		found, err := hubspotRecords(page.Body)
		if err != nil {
			return nil, err
		}
		if err := h.associated(ctx, object, associated, found); err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

type hubspotRecord struct {
	ID         string                     `json:"id"`
	Properties map[string]json.RawMessage `json:"properties"`
	UpdatedAt  time.Time                  `json:"updatedAt"`
	Archived   bool                       `json:"archived"`
	ArchivedAt time.Time                  `json:"archivedAt"`
	History    map[string][]struct {
		Value      *string   `json:"value"`
		Timestamp  time.Time `json:"timestamp"`
		SourceType string    `json:"sourceType"`
	} `json:"propertiesWithHistory"`
}

func (r hubspotRecord) record() Record {
	rec := Record{ID: r.ID, ModifiedAt: r.UpdatedAt.UTC(), Values: map[string]*string{}}
	for name, cell := range r.Properties {
		if v, ok := cellText(cell); ok {
			rec.Values[name] = v
		}
	}
	if r.Archived {
		rec.Gone, rec.GoneAt = "archived", r.ArchivedAt.UTC()
	}
	return rec
}

var errShape = errors.New("hubspot: an answer is not the JSON it should be")

func hubspotRecords(body []byte) ([]Record, error) {
	var page struct {
		Results []hubspotRecord `json:"results"`
	}
	if json.Unmarshal(body, &page) != nil {
		return nil, errShape
	}
	var all []Record
	for _, r := range page.Results {
		all = append(all, r.record())
	}
	return all, nil
}
