package pipelines_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"lockstep/internal/sandbox"
	"lockstep/load"
	"lockstep/pipelines"
)

// BenchmarkWindow is the time in which nothing protects an edit: from asking for a record again to the answer to its
// write, the longest of a run that writes to a thousand people on either side, in full batches. The CRMs are on this
// machine and answer in milliseconds: theirs come on top, two answers' time.
func BenchmarkWindow(b *testing.B) {
	ctx := context.Background()
	crms, err := sandbox.Start(ctx, sandbox.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer crms.Close()
	const people = 1000
	var hubspot, salesforce []string
	for i := range people {
		email := fmt.Sprintf("ann%d@example.com", i)
		h, err := crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann", "lastname": "Lee", "email": email})
		if err != nil {
			b.Fatal(err)
		}
		s, err := crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Ann", "LastName": "Lee", "Email": email})
		if err != nil {
			b.Fatal(err)
		}
		hubspot, salesforce = append(hubspot, h), append(salesforce, s)
	}
	job := projectJob(b, crms, time.Now)
	job.Pipeline.Entities = []string{"contact"}
	run := func() pipelines.Result {
		res, err := pipelines.Run(ctx, job)
		if err != nil {
			b.Fatal(err)
		}
		return res
	}
	run()
	var longest time.Duration
	edit := 0
	for b.Loop() {
		b.StopTimer()
		edit++
		for i := range people {
			err := crms.HubSpot.Edit("contacts", hubspot[i], map[string]string{"jobtitle": fmt.Sprintf("Title %d", edit)})
			if err != nil {
				b.Fatal(err)
			}
			if err := crms.Salesforce.Edit("Contact", salesforce[i], map[string]string{"FirstName": fmt.Sprintf("Ann %d", edit)}); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		res := run()
		if n := res.Load.Counts[load.Taken]; n != 2*people {
			b.Fatalf("%v", res.Load.Counts)
		}
		longest = max(longest, res.Load.Window)
	}
	b.ReportMetric(float64(longest.Milliseconds()), "window-ms")
}
