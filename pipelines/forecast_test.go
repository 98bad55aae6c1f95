package pipelines_test

import (
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/plan"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
)

// A run takes no more calls than its plan forecast, and not far less: creates, updates and associations of all entities.
func TestARunTakesTheCallsThatItsPlanForecast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{People: 40, Companies: true, Seed: 5, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	job := projectJob(t, crms, func() time.Time { return now })
	job.Force = append(job.Force, "associations", "field")
	before, needed := map[crm.System]int{}, map[crm.System]int64{}
	job.Review = func(p *plan.Plan) error {
		for _, c := range p.Calls {
			before[c.System], needed[c.System] = crms.Count(c.System, ""), c.Needed
		}
		return nil
	}
	if result, err := pipelines.Run(t.Context(), job); err != nil {
		t.Fatalf("%v: %+v", err, result.Load.Counts)
	}
	for _, s := range crm.Systems {
		made := int64(crms.Count(s, "") - before[s])
		t.Logf("%s: %d calls forecast, %d made", s, needed[s], made)
		if made > needed[s] || made < needed[s]*2/3 {
			t.Errorf("%s: %d calls forecast, %d made: %+v", s, needed[s], made, crms.Calls())
		}
	}
}
