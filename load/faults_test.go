package load_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/salesforce"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
)

// TestBrokenAnswers: what a write without an answer is taken for, and whether it was done. No time is waited for: bodies
// dribble until the client gives up, which it does early where nothing else would end a call.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind      sandbox.Kind
		uncertain bool // nobody knows what was written
		done      bool
		once      bool // strikes once: an answer comes the second time
	}{
		{sandbox.Hang, true, false, false},
		{sandbox.HangAfter, true, true, false},
		{sandbox.LostAnswer, true, true, false},
		{sandbox.Reset, true, true, false},
		{sandbox.Truncated, true, true, false},
		{sandbox.Slow, true, true, false},
		{sandbox.HTML, true, false, false},
		{sandbox.Unavailable, true, false, false},
		{"423", false, false, false},
		{"477", false, false, false},
		{sandbox.Unavailable, false, true, true},
		{sandbox.LostAnswer, false, true, true},
	} {
		for _, system := range crm.Systems {
			if system == crm.Salesforce && (test.kind == "423" || test.kind == "477") {
				continue
			}
			t.Run(string(system)+" "+string(test.kind), func(t *testing.T) {
				t.Parallel()
				box, err := sandbox.Start(t.Context(), sandbox.Options{Pause: func(ctx context.Context, _ time.Duration) error {
					<-ctx.Done()
					return ctx.Err()
				}})
				must(t, err)
				t.Cleanup(box.Close)
				fault := sandbox.Fault{System: system, Kind: test.kind, Method: "POST", Path: "/batch/update"}
				if system == crm.Salesforce {
					fault.Method, fault.Path = "PATCH", "/composite/sobjects"
				}
				if test.kind == sandbox.Slow {
					fault.Pause = time.Second
				}
				if test.once {
					fault.Count = 1
				}
				must(t, box.Faults.Add(fault))
				patience := time.Minute
				if test.kind == sandbox.Hang || test.kind == sandbox.HangAfter || test.kind == sandbox.Slow {
					patience = 300 * time.Millisecond
				}
				done, err := updateOne(t, box, system, patience)
				var e *wire.Error
				switch {
				case test.once:
					if err != nil {
						t.Errorf("the second attempt: %v", err)
					}
				case !errors.As(err, &e) || e.Kind != wire.Retry || e.Uncertain != test.uncertain:
					t.Errorf("%v", err)
				}
				if done != test.done {
					t.Errorf("done: %v", done)
				}
			})
		}
	}
}

// updateOne changes a record's phone through lockstep's client, in at most two attempts, and looks whether it was done.
func updateOne(t *testing.T, box *sandbox.Sandbox, system crm.System, patience time.Duration) (done bool, err error) {
	t.Helper()
	noSleep := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if system == crm.HubSpot {
		id, err := box.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann"})
		must(t, err)
		c, err := hubspot.New(hubspot.Options{BaseURL: box.HubSpotURL, Token: wire.NewSecret("pat-na1-sandbox"), Sleep: noSleep, Attempts: 2, Timeout: patience})
		must(t, err)
		_, err = c.BatchUpdate(t.Context(), "contacts", []hubspot.Write{{ID: id, Properties: map[string]string{"phone": "1"}}})
		record, _ := box.HubSpot.Get("contacts", id)
		return record["phone"] == "1", err
	}
	id, err := box.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"})
	must(t, err)
	c, err := salesforce.New(salesforce.Options{
		LoginURL: box.SalesforceURL, Flow: clientCredentials("sandbox", "sandbox"), Sleep: noSleep, Attempts: 2, Timeout: patience,
	})
	must(t, err)
	_, err = c.Update(t.Context(), []salesforce.Row{{Object: "Contact", ID: id, Values: map[string]any{"Phone": "1"}}})
	record, _ := box.Salesforce.Get("Contact", id)
	return record["Phone"] == "1", err
}
