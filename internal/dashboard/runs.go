package dashboard

// states are those a run may have, in the order of the schema.
var states = []string{"running", "done", "refused", "failed", "stopped", "interrupted"}

// runs lists the runs, newest first.
func (s *Server) runs(r *request) (any, error) {
	runs, err := r.table("runs", "Runs")
	return struct {
		Pipeline, State, Busy, Since, Until string
		States                              []string
		Runs                                Table
	}{r.value("pipeline"), r.value("state"), r.value("busy"), r.value("since"), r.value("until"), states, runs}, err
}
