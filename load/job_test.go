package load_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
	"lockstep/load"
)

// jobbing is a Salesforce that takes three creates as a job, and three of them.
func jobbing(t *testing.T) (*crms, *load.Salesforce, load.Batch, *[]string) {
	t.Helper()
	c := startCRMs(t)
	c.setup(t, true)
	s := c.targets[crm.Salesforce].(*load.Salesforce)
	s.BulkFrom = 3
	var told []string
	b := load.Batch{Object: "Lead", Key: "HubSpot_Id__c", Columns: []string{"LastName", "Company", "HubSpot_Id__c"}, Job: func(id string) error {
		told = append(told, id)
		return nil
	}}
	for i := range 3 {
		name, firm := fmt.Sprintf("Lee%d", i), "Quarry Lane"
		b.Rows = append(b.Rows, load.Row{Key: fmt.Sprint(101 + i), Values: map[string]*string{"LastName": &name, "Company": &firm, "Phone": nil}})
	}
	return c, s, b, &told
}

func TestManyCreatesAreOneJob(t *testing.T) {
	t.Parallel()
	c, s, b, told := jobbing(t)
	delete(b.Rows[1].Values, "Company") // required
	seven := "Seven"
	b.Rows[2].Values["LastName"] = &seven
	if _, err := c.Salesforce.Insert("Lead", map[string]string{"LastName": "Old", "Company": "Slate Works", "HubSpot_Id__c": "103"}); err != nil {
		t.Fatal(err)
	}
	for time := range 2 {
		a, err := s.Create(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if len(*told) != time+1 || !strings.HasPrefix((*told)[time], "750") {
			t.Errorf("jobs told: %v", *told)
		}
		for i, want := range []bool{true, false, true} {
			o := a.Outcomes[i]
			if want != (o.Record != nil) || want == (len(o.Refusals) > 0) || want && (o.ID == "" || *o.Record.Values["LastName"] != *b.Rows[i].Values["LastName"]) {
				t.Errorf("row %d: %+v", i, o)
			}
		}
		if a.Outcomes[0].Existed != (time == 1) || !a.Outcomes[2].Existed || a.Outcomes[1].Refusals[0].Category != load.RequiredField {
			t.Errorf("time %d: %+v", time, a.Outcomes)
		}
	}
	if n := len(c.Salesforce.All("Lead")); n != 2 {
		t.Errorf("%d leads: sent twice, made twice", n)
	}
}

func TestAJobThatCannotBeIsRejectedWhole(t *testing.T) {
	t.Parallel()
	_, s, b, _ := jobbing(t)
	x := "x"
	b.Rows[0].Values["Nope__c"] = &x
	var rejected *load.Rejected
	if _, err := s.Create(t.Context(), b); !errors.As(err, &rejected) || !rejected.All || !slices.Equal(rejected.Refusals[0].Columns, []string{"Nope__c"}) {
		t.Errorf("an unknown column: %v", err)
	}
	delete(b.Rows[0].Values, "Nope__c")
	blank := "#N/A"
	b.Rows[0].Values["Company"] = &blank
	if _, err := s.Create(t.Context(), b); !errors.As(err, &rejected) || len(rejected.Refusals) > 0 {
		t.Errorf("what bulk takes for a blank: %v", err)
	}
}

// TestAJobCutOff: at every call, before and after it was carried out. Whatever is not known to be unwritten is uncertain, and
// once Await has returned the leads are there or never will be.
func TestAJobCutOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		kind         sandbox.Kind
		uncertain    bool
		leads        int
	}{
		{"POST", "/jobs/ingest", sandbox.LostAnswer, false, 0},
		{"PUT", "/batches", sandbox.LostAnswer, false, 0},
		{"PATCH", "/jobs/ingest/", sandbox.Unavailable, true, 0},
		{"GET", "/jobs/ingest/", sandbox.Unavailable, true, 3},
		{"GET", "/successfulResults", sandbox.Unavailable, true, 3},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			t.Parallel()
			c, s, b, told := jobbing(t)
			if err := c.Faults.Add(sandbox.Fault{System: crm.Salesforce, Kind: test.kind, Method: test.method, Path: test.path}); err != nil {
				t.Fatal(err)
			}
			_, err := s.Create(t.Context(), b)
			var e *wire.Error
			if !errors.As(err, &e) {
				t.Fatalf("the error: %v", err)
			}
			c.Faults.Clear()
			for _, id := range *told {
				if err := s.Await(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
			if n := len(c.Salesforce.All("Lead")); n != test.leads || !e.Uncertain && n > 0 {
				t.Errorf("%d leads, uncertain %v: %v", n, e.Uncertain, err)
			}
		})
	}
}
