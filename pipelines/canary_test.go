package pipelines_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox"
	"lockstep/load"
	"lockstep/pipelines"
)

// A rule in Salesforce refuses every Lead. Of 210 that a run would create it sends twenty, and ends with exit code 4.
func TestACanaryStopsARun(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	for i := range 210 {
		id := fmt.Sprint(1001 + i)
		if _, err := crms.HubSpot.Insert("contacts", map[string]string{
			"hs_object_id": id, "firstname": "Ann", "lastname": "Lee " + id, "email": "ann" + id + "@example.com", "company": "Example",
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := crms.Salesforce.Validate("Lead", func(_, _ map[string]string) (message, field string) { return "no Leads today", "LastName" }); err != nil {
		t.Fatal(err)
	}
	job := projectJob(t, crms, func() time.Time { return now })
	job.Pipeline.Entities = []string{"contact"}
	result, err := pipelines.Run(t.Context(), job)
	if pipelines.ExitCode(err) != 4 || !strings.Contains(err.Error(), "salesforce: of the first 20 Lead records to create, 20 were refused") {
		t.Fatalf("exit code %d: %v", pipelines.ExitCode(err), err)
	}
	if n := result.Load.Counts; n[load.Refused] != 20 || n[load.Deferred] != 400 { // with the stamps of the Leads that are not there
		t.Errorf("%v", n)
	}
}
