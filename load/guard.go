package load

// Limits are the guard's, by name: creates, updates, clears, links, alone ("updates") or for one entity
// ("contact.updates", which then replaces the general one).
type Limits map[string]Limit

// Limit is the most that may happen to one object (for links: to one entity) in one plan.
type Limit struct {
	Number int     // records; 0: no limit
	Share  float64 // of the object's live records, 0.3 is 30 %; 0: no limit
}

// Budget bounds the calls of a run to one CRM.
type Budget struct {
	Reserve int64 // calls of today that are left to other integrations
	Run     int64 // most calls of one run; 0: no bound
}
