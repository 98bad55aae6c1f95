package portal

import "strings"

// event is one value a property took.
type event struct {
	at     int64 // Unix milliseconds
	value  string
	col    uint16
	source uint16
}

// Event is one value a property took, as the history tells it.
type Event struct {
	Value  string
	At     int64 // Unix milliseconds
	Source Source
}

// remember adds the changes of a record to its history. What a property was before its first change is remembered with it,
// as written when the record was made, so that records nobody changes need no history.
func (o *Object) remember(s staged, at int64, by Source) {
	past := o.history[s.id]
	for _, c := range s.changes {
		first := true
		for _, e := range past {
			if e.col == c.col {
				first = false
				break
			}
		}
		if old := s.before.values.get(c.col); first && old != "" {
			past = append(past, event{s.before.created, strings.Clone(old), c.col, s.before.source})
		}
		past = append(past, event{at, c.value, c.col, o.portal.source(by)})
	}
	o.history[s.id] = past
}

// History tells what values a property took, newest first.
func (r Record) History(p *Property) []Event {
	o := r.object
	var events []Event
	past := o.history[r.row.id]
	for i := len(past) - 1; i >= 0; i-- {
		if e := past[i]; e.col == p.col && e.at <= r.row.modified {
			events = append(events, Event{e.value, e.at, o.portal.sources[e.source]})
		}
	}
	if value := r.Value(p); len(events) == 0 && value != "" {
		events = append(events, Event{value, r.row.created, r.Source()})
	}
	return events
}
