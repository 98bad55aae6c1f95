package dashboard

// states are those a run may have, in the order of the schema.
var states = []string{"running", "done", "planned", "refused", "failed", "stopped", "interrupted"}

// runs lists the runs, newest first.
func (s *Server) runs(r *request) (any, error) {
	runs, err := r.table("runs", "Runs")
	runs.Note = "Planned: it was to plan only, and sent nothing. Refused: the run is done, but for changes that were refused, deferred or stale. Stopped: a limit or the budget kept it from sending. Times are UTC."
	if err != nil {
		return nil, err
	}
	ran, err := r.texts(`select distinct pipeline from history.run order by pipeline`)
	return struct {
		Pipeline, State, Busy, Since, Until string
		States, Pipelines                   []string
		Runs                                Table
	}{r.value("pipeline"), r.value("state"), r.value("busy"), r.value("since"), r.value("until"), states, ran, runs}, err
}
