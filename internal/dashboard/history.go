package dashboard

// outcomes are those a change may have, in the order of the schema.
var outcomes = []string{"taken", "not_taken", "refused", "stale", "deferred", "unclear", "planned"}

// historyData is a search and what it found.
type historyData struct {
	Record, Field, Run, Entity, Outcome, Since, Until, Text string
	Outcomes, Entities                                      []string
	Found                                                   Table
}

// history searches everything that was ever sent.
func (s *Server) history(r *request) (any, error) {
	d := historyData{
		Record: r.value("record"), Field: r.value("field"), Run: r.value("run"), Entity: r.value("entity"), Outcome: r.value("outcome"),
		Since: r.value("since"), Until: r.value("until"), Text: r.value("text"), Outcomes: outcomes,
	}
	var err error
	if d.Entities, err = r.linked(); err != nil {
		return nil, err
	}
	d.Found, err = r.table("history", "Changes")
	return d, err
}
