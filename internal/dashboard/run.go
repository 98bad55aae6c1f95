package dashboard

import (
	"net/http"
	"slices"
)

// runData is one run: what it planned, and what became of it.
type runData struct {
	ID      string
	Run     Table
	Parts   []Table // outcomes, changes, conflicts, plan, notices, calls: those that there are
	Entity  string
	Outcome string
	Only    []string // outcomes to see alone: those that it has
}

// run shows one run.
func (s *Server) run(r *request) (any, error) {
	d := runData{ID: r.value("run"), Entity: r.value("entity"), Outcome: r.value("outcome")}
	r.rows = partRows
	var err error
	if d.Run, err = r.table("run", "Run"); err != nil {
		return nil, err
	}
	if len(d.Run.Rows) == 0 {
		return nil, problem{http.StatusNotFound, "There is no run " + d.ID + ".", "Runs has all of them. One that is under way is shown once it has ended and published."}
	}
	notices := "Notices of its plan"
	if kind := r.value("kind"); kind != "" {
		notices += ": " + kind
	}
	for _, part := range []struct{ name, title string }{
		{"run_outcomes", "Outcome by entity"}, {"run_changes", "Changes"}, {"run_conflicts", "Conflicts"},
		{"run_plan", "Its plan, as it was made"}, {"run_notices", notices}, {"run_calls", "Calls"},
	} {
		t, err := r.table(part.name, part.title)
		if err != nil {
			return nil, err
		}
		if part.name == "run_outcomes" {
			d.Only = had(t.Rows)
		}
		if len(t.Rows) > 0 || part.name == "run_changes" {
			d.Parts = append(d.Parts, t)
		}
	}
	return d, nil
}

// had are the outcomes that there are, by the counts of run_outcomes.sql.
func had(rows []Row) (all []string) {
	for _, o := range outcomes {
		if slices.ContainsFunc(rows, func(r Row) bool { n, _ := r.value[o].(int64); return n > 0 }) {
			all = append(all, o)
		}
	}
	return all
}
