package hubspot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Answer is what a batch said about one row.
type Answer string

// The three answers.
const (
	Taken      Answer = "taken"      // HubSpot returned the record: Outcome.Record is its read-back
	Refused    Answer = "refused"    // Outcome.Refusal says why; nothing was written
	Unanswered Answer = "unanswered" // nothing was said about the row: only reading the record tells
)

// Outcome is the answer to the row at the same place of the input.
type Outcome struct {
	Answer  Answer
	ID      string          // of the record when taken; of the one that has the unique value, where a refusal names it
	New     bool            // an upsert made the record
	Record  json.RawMessage // the record as HubSpot returned it, when taken: what it says changed, and stamps
	Refusal *Refusal        // when refused
}

// BatchResult is the answer to one batch: one outcome per row, in the order of the rows.
type BatchResult struct {
	Outcomes []Outcome
	// Stray are errors that name no row HubSpot can be asked about. The rows they mean are among the
	// unanswered; when one error and one row are left over they are put together.
	Stray []*Refusal
	// Repeated says that an earlier attempt may have been carried out unheard, so that Outcome.New being
	// false proves nothing.
	Repeated bool
}

// written is the part of a batch's answer that rows are matched by.
type written struct {
	ID         string                     `json:"id"`
	Properties map[string]json.RawMessage `json:"properties"`
	New        bool                       `json:"new"`
	Trace      string                     `json:"objectWriteTraceId"`
	Raw        json.RawMessage            `json:"-"`
}

// answer is the body of a batch.
type answer struct {
	Status  string            `json:"status"`
	Results []json.RawMessage `json:"results"`
	Errors  []json.RawMessage `json:"errors"`
}

// row is what a batch's input can be recognised by.
type row struct {
	trace    string // objectWriteTraceId; empty where none is sent
	id       string // record id; empty on create
	property string // the unique property of a create or upsert; empty where there is none
	value    string // its value
}

// matches reports whether a result is this row's, by the best of the three marks.
func (r row) matches(w written) bool {
	switch {
	case r.trace != "" && w.Trace != "":
		return r.trace == w.Trace
	case r.id != "":
		return r.id == w.ID
	case r.property == "hs_object_id":
		return r.value == w.ID
	}
	var value string
	if r.property == "" || json.Unmarshal(w.Properties[r.property], &value) != nil {
		return false
	}
	// HubSpot returns e-mails in lower case, whatever was sent.
	return value != "" && strings.EqualFold(value, r.value)
}

// match spreads a batch's answer over its rows. It never looks at the order of either.
func match(rows []row, results []written, errs []envelope) BatchResult {
	out := BatchResult{Outcomes: make([]Outcome, len(rows))}
	open := make([]int, len(rows))
	for i := range rows {
		out.Outcomes[i].Answer = Unanswered
		open[i] = i
	}
	settle := func(i int, o Outcome) {
		out.Outcomes[i] = o
		open = slices.DeleteFunc(open, func(j int) bool { return j == i })
	}
	strangers := false // a result that is no row's by any mark
	for _, w := range results {
		i := slices.IndexFunc(open, func(i int) bool { return rows[i].matches(w) })
		if i >= 0 {
			settle(open[i], Outcome{Answer: Taken, ID: w.ID, New: w.New, Record: w.Raw})
		}
		strangers = strangers || i < 0
	}
	for _, e := range errs {
		refusal := e.refusal()
		about := refusedRows(rows, open, e, refusal)
		if len(about) == 0 {
			out.Stray = append(out.Stray, refusal)
		}
		for _, i := range about {
			settle(i, Outcome{Answer: Refused, ID: refusal.ExistingID, Refusal: refusal})
		}
	}
	if len(open) == 1 && len(out.Stray) == 1 && !strangers {
		settle(open[0], Outcome{Answer: Refused, ID: out.Stray[0].ExistingID, Refusal: out.Stray[0]})
		out.Stray = nil
	}
	return out
}

// refusedRows finds the rows an error is about: by trace id, else by the ids it lists. All ids that were not
// found stand in one error, so it may be about many rows.
func refusedRows(rows []row, open []int, e envelope, r *Refusal) []int {
	traces := e.values("objectWriteTraceId")
	var about []int
	for _, i := range open {
		row := rows[i]
		switch {
		case row.trace != "" && len(traces) > 0:
			if slices.Contains(traces, row.trace) {
				about = append(about, i)
			}
		case row.id != "" && (slices.Contains(r.IDs, row.id) || e.ID == row.id),
			row.value != "" && slices.ContainsFunc(r.IDs, func(id string) bool { return strings.EqualFold(id, row.value) }):
			about = append(about, i)
		}
	}
	return about
}

// parseAnswer reads a batch's body.
func parseAnswer(body []byte) (results []written, errs []envelope, err error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, nil, err
	}
	for _, raw := range a.Results {
		w := written{Raw: raw}
		if err := json.Unmarshal(raw, &w); err != nil {
			return nil, nil, err
		}
		results = append(results, w)
	}
	for _, raw := range a.Errors {
		e, ok := parseEnvelope(raw)
		if !ok {
			var words string
			_ = json.Unmarshal(raw, &words) // errors[] may hold plain strings; anything else stays a stray without words
			e.Message = words
		}
		errs = append(errs, e)
	}
	return results, errs, nil
}

// trace is the objectWriteTraceId of a row: unique within its batch, which is all HubSpot asks.
func trace(i int) string { return strconv.Itoa(i) }
