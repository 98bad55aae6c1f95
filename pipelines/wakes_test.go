package pipelines

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/wake"
)

var (
	contacts = crm.Object{System: crm.HubSpot, Name: "contacts"}
	leads    = crm.Object{System: crm.Salesforce, Name: "Lead"}
)

// diary runs a schedule for an hour: every run takes a while, fails or not, and is written down.
func diary(t *testing.T, all []*Pipeline, takes time.Duration, fails map[int]bool, events map[time.Duration]wake.Named) (got []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour-time.Millisecond)
		defer cancel()
		c := wake.NewCollector(2*time.Second, nil)
		for at, e := range events {
			time.AfterFunc(at, func() { c.Add(e) })
		}
		err := Schedule(ctx, zerolog.Nop(), all, c, func(ctx context.Context, d Due) error {
			what := "tick"
			if d.Woken {
				what = "woken"
			}
			got = append(got, fmt.Sprint(time.Now().UTC().Format("15:04:05 "), d.Pipeline.Name, " ", what, " ", d.Named[contacts], d.Named[leads]))
			wait(ctx, takes)
			if fails[len(got)] {
				return errors.New("a CRM is down")
			}
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
	})
	return got
}

// An event wakes the pipelines that may be woken; what comes during a run wakes again after it, and nobody runs twice at once.
func TestEventsWake(t *testing.T) {
	t.Parallel()
	all := scheduled(t, map[string]string{
		"often":   "wake: true\n" + `cron: "*/30 * * * *"`,
		"nightly": "full: true\n" + `cron: "45 0 * * *"`,
	})
	got := diary(t, all, time.Minute, nil, map[time.Duration]wake.Named{
		10 * time.Minute:                {Object: contacts, IDs: []string{"101"}},
		10*time.Minute + time.Second:    {Object: leads, IDs: []string{"00Q1"}},
		10*time.Minute + 30*time.Second: {Object: contacts, IDs: []string{"102"}}, // during the run of the first two
		29*time.Minute + 30*time.Second: {Object: contacts, IDs: []string{"103"}}, // its run goes on over the tick of 00:30
		45*time.Minute + 30*time.Second: {Object: contacts, IDs: []string{"104"}}, // during the nightly run
		59*time.Minute + 59*time.Second: {Object: contacts, IDs: []string{"105"}}, // not collected when the schedule ends
	})
	want := []string{
		"00:10:02 often woken [101] [00Q1]", "00:11:02 often woken [102] []", "00:29:32 often woken [103] []", "00:30:32 often tick [] []",
		"00:45:00 nightly tick [] []", "00:46:00 often woken [104] []",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A tick takes along what has been named; what a failed run did not come to read goes with the next one.
func TestNamedGoWithTheNextRun(t *testing.T) {
	t.Parallel()
	all := scheduled(t, map[string]string{"often": "wake: true\n" + `cron: "*/15 * * * *"`})
	got := diary(t, all, time.Second, map[int]bool{1: true, 2: true}, map[time.Duration]wake.Named{
		15*time.Minute - time.Second: {Object: contacts, IDs: []string{"101"}},
		20 * time.Minute:             {Object: contacts, IDs: []string{"102"}},
	})
	want := []string{"00:15:00 often tick [101] []", "00:20:02 often woken [101 102] []", "00:30:00 often tick [101 102] []", "00:45:00 often tick [] []"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Every half minute is a cron, too: a run that takes longer is followed by one, not by all that came due meanwhile. An
// edit is so seen within a minute by asking alone, whatever a search lags.
func TestEveryHalfMinute(t *testing.T) {
	t.Parallel()
	all := scheduled(t, map[string]string{"often": `cron: "@every 30s"`})
	if got := diary(t, all, time.Second, nil, nil); len(got) < 115 || got[0] != "00:00:30 often tick [] []" || got[1] != "00:01:01 often tick [] []" {
		t.Errorf("%d runs: %v …", len(got), got[:3])
	}
	got := diary(t, all, 10*time.Minute, nil, nil)
	want := []string{"00:00:30 often tick [] []", "00:11:00 often tick [] []", "00:21:30 often tick [] []", "00:32:00 often tick [] []", "00:42:30 often tick [] []", "00:53:00 often tick [] []"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, cron := range []string{"@every", "@every soon", "every 30s", "@every -30s", "@every 1s"} {
		if p := (&Pipeline{Entities: []string{"contact"}, Cron: cron}); p.check("p.yaml", nil) == nil {
			t.Errorf("%q is taken, for every %v", cron, p.schedule)
		}
	}
}
