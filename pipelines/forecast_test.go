package pipelines_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/plan"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
	"lockstep/load"
	"lockstep/pipelines"
)

// A run takes no more calls than its plan forecast, and not far less: creates, of which the most go as a Bulk job, updates and
// associations of all entities.
func TestARunTakesTheCallsThatItsPlanForecast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{People: 40, Companies: true, Seed: 5, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	job := projectJob(t, crms, func() time.Time { return now })
	job.CRMs.Targets[crm.Salesforce].(*load.Salesforce).BulkFrom = 1
	before, needed := map[crm.System]int{}, map[crm.System]int64{}
	job.Review = func(p *plan.Plan) error {
		for _, c := range p.Calls {
			before[c.System], needed[c.System] = crms.Count(c.System, ""), c.Needed
			t.Logf("%s: %+v", c.System, c.Endpoints)
		}
		return nil
	}
	if result, err := pipelines.Run(t.Context(), job); err != nil {
		t.Fatalf("%v: %+v", err, result.Load.Counts)
	}
	for _, s := range crm.Systems {
		made := int64(crms.Count(s, "") - before[s])
		if s == crm.Salesforce && crms.Count(s, "/jobs/ingest") == 0 {
			t.Error("nothing went as a job")
		}
		t.Logf("%s: %d calls forecast, %d made", s, needed[s], made)
		if made > needed[s] || made < needed[s]*2/3 {
			t.Errorf("%s: %d calls forecast, %d made: %+v", s, needed[s], made, crms.Calls())
		}
	}
}

// What HubSpot said of its calls before this run, yesterday perhaps, says nothing of today: only what it says in the run.
func TestAnOldFigureStopsNoRun(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	job := projectJob(t, crms, func() time.Time { return now })
	job.Pipeline.Entities = []string{"contact"}
	job.Pipeline.Budget[crm.HubSpot] = pipelines.Budget{Reserve: 1 << 40}
	if _, err := pipelines.Run(t.Context(), job); pipelines.ExitCode(err) != 4 || crms.Count(crm.HubSpot, "/search") > 0 {
		t.Errorf("with nothing but a reserve: %v, %+v", err, crms.Calls())
	}
	job.Pipeline.Budget[crm.HubSpot] = pipelines.Budget{Day: 2} // the run before took the first
	if _, err := pipelines.Run(t.Context(), job); pipelines.ExitCode(err) != 4 || !strings.Contains(err.Error(), "2 calls were made to hubspot within a day") || crms.Count(crm.HubSpot, "/search") > 0 {
		t.Errorf("with the budget of a day used up: %v", err)
	}
	job.Pipeline.Budget[crm.HubSpot] = pipelines.Budget{Reserve: 1 << 40}
	// No answer is newer than this figure, as if none had carried one.
	job.CRMs.Meters[crm.HubSpot].Report(hubspot.DailyFigure, wire.Figure{Left: 5, At: time.Now().AddDate(1, 0, 0)})
	if _, err := pipelines.Run(t.Context(), job); err != nil {
		t.Errorf("with an old figure: %v", err)
	}
}
