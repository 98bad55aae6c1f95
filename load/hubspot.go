package load

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"lockstep/internal/hubspot"
)

// HubSpot is the Target of one portal. The answer of a batch is its read-back; what it leaves out is read by id.
type HubSpot struct {
	Client *hubspot.Client
	Stamp  string // the unique property on every object that records are created in: salesforce_id

	types map[string][]hubspot.AssociationType // of objects whose records are associations, once they were needed
}

var _ Target = (*HubSpot)(nil)

// historyRows is the most records whose property histories one call reads.
const historyRows = 50

// Size is a batch's.
func (h *HubSpot) Size() int { return hubspot.MaxRows }

// Calls are two per batch of updates: read and write; creates are read back as well. Association columns are read by a
// call each, and one that is written takes three more: what stands, what comes, what goes.
func (h *HubSpot) Calls(w Work) []Calls {
	batches := (w.Records + h.Size() - 1) / h.Size()
	if _, _, ok := pairs(w.Object); ok {
		return []Calls{{"associations/batch", 3 * batches}}
	}
	reads, written := batches, 0
	for _, n := range w.Associates {
		written = max(written, min(n, batches))
	}
	all := []Calls{{"batch/update", batches}}
	switch w.Action {
	case Delete:
		all[0].Endpoint = "batch/archive"
	case Create:
		all[0].Endpoint = "batch/upsert"
		reads += batches
	default:
		reads += written
	}
	all = slices.Insert(all, 0, Calls{"batch/read", reads})
	if n := reads * w.Associated; n > 0 {
		all = append(all, Calls{"associations/read", n})
	}
	for _, n := range w.Associates {
		if n = min(n, batches); n > 0 {
			all = add(all, Calls{"associations/read", n})
			all = add(all, Calls{"associations/create", n})
			if w.Action != Create {
				all = add(all, Calls{"associations/archive", n})
			}
		}
	}
	return all
}

// Left is the portal's figure, which all its private apps share; OAuth apps have none.
func (h *HubSpot) Left(ctx context.Context) (int64, bool, error) {
	if f, ok := h.Client.Meter().Figure(hubspot.DailyFigure); ok && f.Left >= 0 {
		return f.Left, true, nil
	}
	u, err := h.Client.DailyUsage(ctx)
	if err != nil || u == nil {
		return 0, false, err
	}
	return max(0, u.Limit-u.Used), true, nil
}

// Key is the stamped property: setup puts it on every object. Associations are what they associate.
func (h *HubSpot) Key(object string, _ []string) string {
	if _, _, ok := pairs(object); ok {
		return pairKey
	}
	return h.Stamp
}

// Update writes a batch. HubSpot cannot carry a read along: Next is left to be read.
func (h *HubSpot) Update(ctx context.Context, b Batch) (Answer, error) {
	if from, to, ok := pairs(b.Object); ok {
		return h.writePairs(ctx, from, to, b)
	}
	var rows []hubspot.Write
	var at []int // of rows, in b.Rows
	result := hubspot.BatchResult{Outcomes: make([]hubspot.Outcome, len(b.Rows))}
	if err := h.clear(ctx, b); err != nil {
		return Answer{}, hubspotRejected(err)
	}
	for i, r := range b.Rows {
		if p := properties(r.Values); len(p) > 0 {
			rows, at = append(rows, hubspot.Write{ID: r.ID, Properties: p}), append(at, i)
			continue
		}
		result.Outcomes[i] = hubspot.Outcome{ID: r.ID, Answer: hubspot.Taken} // only associations to write
	}
	written, err := h.Client.BatchUpdate(ctx, b.Object, rows)
	if err != nil {
		return Answer{}, hubspotRejected(err)
	}
	for i, o := range written.Outcomes {
		result.Outcomes[at[i]] = o
	}
	refused := h.associate(ctx, b, result)
	a, err := h.answer(ctx, b, result)
	return refused.into(a), err
}

// clear clears the columns that have to be blank before they take their new value. A refusal comes again with that value.
func (h *HubSpot) clear(ctx context.Context, b Batch) error {
	var rows []hubspot.Write
	for _, r := range b.Rows {
		if len(r.Clear) == 0 {
			continue
		}
		blank := map[string]string{}
		for _, c := range r.Clear {
			blank[c] = ""
		}
		rows = append(rows, hubspot.Write{ID: r.ID, Properties: blank})
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := h.Client.BatchUpdate(ctx, b.Object, rows)
	return err
}

// Create upserts on the stamped property.
func (h *HubSpot) Create(ctx context.Context, b Batch) (Answer, error) {
	if from, to, ok := pairs(b.Object); ok {
		return h.writePairs(ctx, from, to, b)
	}
	var rows []hubspot.Write
	for _, r := range b.Rows {
		values := properties(r.Values)
		values[b.Key] = r.Key
		rows = append(rows, hubspot.Write{ID: r.Key, Properties: values})
	}
	result, err := h.Client.BatchUpsert(ctx, b.Object, b.Key, rows)
	if err != nil {
		return Answer{}, hubspotRejected(err)
	}
	refused := h.associate(ctx, b, result)
	a, err := h.answer(ctx, b, result)
	a = refused.into(a)
	for i, o := range result.Outcomes {
		a.Outcomes[i].Existed = o.Answer == hubspot.Taken && !o.New && !result.Repeated
	}
	return a, err
}

// Delete archives.
func (h *HubSpot) Delete(ctx context.Context, object string, ids []string) (Answer, error) {
	if from, to, ok := pairs(object); ok {
		return h.endPairs(ctx, from, to, ids)
	}
	if err := h.Client.BatchArchive(ctx, object, ids); err != nil {
		return Answer{}, hubspotRejected(err)
	}
	a := Answer{}
	for _, id := range ids {
		a.Outcomes = append(a.Outcomes, Outcome{ID: id, Record: &Record{ID: id, Gone: "archived"}})
	}
	return a, nil
}

// properties are values as HubSpot takes them: the empty text clears.
func properties(values map[string]*string) map[string]string {
	all := map[string]string{}
	for name, v := range values {
		if _, association := hubspot.AssociationTarget(name); !association {
			all[name] = or(v, "")
		}
	}
	return all
}

// answer translates outcomes. A record whose answer lacks a column that is needed is read by id: every column
// of a new record, the columns sent of others. One that cannot be read then has no Record.
func (h *HubSpot) answer(ctx context.Context, b Batch, result hubspot.BatchResult) (Answer, error) {
	a := Answer{Outcomes: make([]Outcome, len(b.Rows))}
	lacking := map[string]int{}
	for i, o := range result.Outcomes {
		one := Outcome{ID: o.ID}
		switch o.Answer {
		case hubspot.Refused:
			one.ID, one.Refusals = b.Rows[i].ID, hubspotRefusals(o.Refusal)
		case hubspot.Taken:
			var raw hubspotRecord
			if json.Unmarshal(o.Record, &raw) != nil {
				lacking[o.ID] = i
				break
			}
			rec := raw.record()
			needed := keys(b.Rows[i].Values)
			if b.Key != "" {
				needed = b.Columns
			}
			if lacks(rec, needed) {
				lacking[o.ID] = i
				break
			}
			one.Record = &rec
		}
		a.Outcomes[i] = one
	}
	if len(lacking) > 0 {
		read, err := h.Read(ctx, b.Object, keys(lacking), b.Columns)
		if err != nil {
			return a, nil //nolint:nilerr // what is written and cannot be read back has no Record
		}
		for _, rec := range read {
			if rec.Gone == "" {
				a.Outcomes[lacking[rec.ID]].Record = &rec
			}
		}
	}
	return a, nil
}

// Wrote reads the histories: the newest entry of a property names what kind of source wrote it.
func (h *HubSpot) Wrote(ctx context.Context, object string, ids, columns []string, since time.Time) (map[string][]string, error) {
	all := map[string][]string{}
	if _, _, ok := pairs(object); ok { // associations have no history, and only one column that changes
		for _, id := range ids {
			all[id] = columns
		}
		return all, nil
	}
	for chunk := range slices.Chunk(ids, historyRows) {
		page, err := h.Client.BatchRead(ctx, object, hubspot.ReadQuery{IDs: chunk, Properties: columns, WithHistory: columns})
		if err != nil {
			return nil, err
		}
		var body struct {
			Results []hubspotRecord `json:"results"`
		}
		if json.Unmarshal(page.Body, &body) != nil {
			return nil, errShape
		}
		for _, r := range body.Results {
			for name, versions := range r.History {
				// The app's own id is not told to it, so another integration counts as us here: its value has to
				// be the very one we sent, and newer than the call.
				if len(versions) > 0 && (versions[0].SourceType == "INTEGRATION" || versions[0].SourceType == "API") &&
					!versions[0].Timestamp.Before(since.Add(-time.Minute)) {
					all[r.ID] = append(all[r.ID], name)
				}
			}
		}
	}
	return all, nil
}

// hubspotRefusals has one refusal per property that HubSpot names, and one for the record where it names none.
func hubspotRefusals(r *hubspot.Refusal) []Refusal {
	if r == nil {
		return []Refusal{{Category: Other, Words: "refused without a reason"}}
	}
	var all []Refusal
	for _, p := range r.Properties {
		words := p.Message
		if words == "" {
			words = r.Message
		}
		all = append(all, Refusal{Category: hubspotCategory(r.Category, r.Message, p), Columns: []string{p.Name}, Code: p.Code, Words: words, Existing: r.ExistingID})
	}
	if len(all) == 0 {
		all = []Refusal{{Category: hubspotCategory(r.Category, r.Message, hubspot.PropertyError{}), Code: r.Category, Words: r.Message, Existing: r.ExistingID}}
	}
	return all
}

// validations are the rules that an admin sets for a property's values and that no type has ("Property validations"):
// the code of what breaks one has its name.
var validations = []string{
	"ALPHANUMERIC", "SPECIAL_CHARACTERS", "FORMAT", "WHITESPACE", "MAX_LENGTH", "MIN_LENGTH", "REGEX", "EMAIL_ALLOWED_DOMAINS", "EMAIL_BLOCKED_DOMAINS",
	"URL_ALLOWED_DOMAINS", "URL_BLOCKED_DOMAINS", "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", "MIN_NUMBER", "MAX_NUMBER", "DECIMAL",
	"START_DATE", "START_DATETIME", "END_DATE", "END_DATETIME", "AFTER_DURATION", "AFTER_DATETIME_DURATION", "BEFORE_DURATION",
	"BEFORE_DATETIME_DURATION", "DAYS_OF_WEEK",
}

// hubspotCategory goes by the code of the property, of which HubSpot has many spellings ("Error handling").
func hubspotCategory(category, message string, p hubspot.PropertyError) Category {
	switch {
	case category == "OBJECT_NOT_FOUND":
		return Gone
	case category == "CONFLICT", strings.Contains(p.Code, "UNIQUE"):
		return Duplicate
	case p.Name == "hubspot_owner_id":
		return Owner
	case p.Code == "INVALID_OPTION":
		return Picklist
	case p.Code == "PROPERTY_DOESNT_EXIST", p.Code == "READ_ONLY_VALUE":
		return Permission
	case strings.HasPrefix(p.Code, "REQUIRED"), p.Code == "" && strings.Contains(message, "required properties were not set"):
		return RequiredField
	case slices.Contains(validations, strings.TrimPrefix(p.Code, "INVALID_")):
		return ValidationRule
	case strings.HasPrefix(p.Code, "INVALID_"):
		return LengthOrType
	case category == "VALIDATION_ERROR":
		return ValidationRule
	}
	return Other
}

// hubspotRejected turns a refusal of the whole request into a *Rejected.
func hubspotRejected(err error) error {
	var r *hubspot.Refusal
	if !errors.As(err, &r) {
		return rejected(err)
	}
	out := &Rejected{Refusals: hubspotRefusals(r), Err: err}
	// A name that HubSpot does not know, or lets nobody write, is wrong in every row.
	always := slices.DeleteFunc(slices.Clone(out.Refusals), func(f Refusal) bool { return f.Category != Permission })
	if len(always) > 0 {
		out.All, out.Refusals = true, always
	}
	return out
}
