package salesforce

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/wire"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/limits": one(says(200,
		`{"DailyApiRequests":{"Max":15000,"Remaining":14998},"PermissionSets":{"Max":1500,"Remaining":1499,"CreateCustom":{"Max":1000,"Remaining":999}}}`))})
	got, err := o.client(t).Limits(t.Context())
	want := map[string]Limit{"DailyApiRequests": {15000, 14998}, "PermissionSets": {1500, 1499}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestRecordCount(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/limits/recordCount": one(says(200, `{"sObjects":[{"count":12,"name":"Account"}]}`))})
	got, err := o.client(t).RecordCount(t.Context(), "Account", "Contact")
	if diff := cmp.Diff(map[string]int64{"Account": 12}, got); err != nil || diff != "" || o.seen()[0].Query != "sObjects=Account%2CContact" {
		t.Error(err, diff, o.seen()[0].Query)
	}
}

func TestLimitInfoFeedsTheMeter(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for info, want := range map[string]map[string]wire.Figure{
		"api-usage=46/15000": {"api": {Used: 46, Limit: 15000, Left: 14954}},
		"api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)": {
			"api": {Used: 25, Limit: 5000, Left: 4975}, "per-app api": {Used: 17, Limit: 250, Left: 233}},
		"per-app-api-usage=17/250(appName=x)": {"per-app api": {Used: 17, Limit: 250, Left: 233}},
		"api-usage=5100/5000":                 {"api": {Used: 5100, Limit: 5000, Left: 0}},
		"":                                    {},
		"something=else":                      {},
	} {
		m := wire.NewMeter()
		observe(http.Header{"Sforce-Limit-Info": {info}}, at, m)
		if diff := cmp.Diff(want, m.Snapshot().Figures, cmpopts.IgnoreFields(wire.Figure{}, "At"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: %s", info, diff)
		}
	}
}

func TestEveryCallIsMetered(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{
		"GET /services/data/v60.0/query": {says(401, expired), says(503, `{}`), says(200, page3)},
	})
	o.routes["POST /services/oauth2/token"] = []http.HandlerFunc{o.session("t1"), o.session("t2")}
	c := o.client(t)
	for _, err := range c.Query(t.Context(), "SELECT Id FROM Contact") {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := c.Meter().Snapshot()
	want := []wire.Calls{{Endpoint: "oauth2/token", Calls: 2}, {Endpoint: "query", Calls: 3, Retries: 2, Failed: 2}}
	if diff := cmp.Diff(want, got.Calls, cmpopts.IgnoreFields(wire.Calls{}, "Sent", "Received", "Held", "Took")); diff != "" {
		t.Error(diff)
	}
	if got.Figures["api"].Left != 14954 || got.SkewWithin == 0 {
		t.Errorf("got %+v", got)
	}
}

func TestAtMostFiveAtOnce(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}, 20), make(chan struct{})
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/limits": one(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		says(200, `{}`)(w, r)
	})})
	c := o.client(t)
	done := make(chan error, DefaultAtOnce)
	for range DefaultAtOnce {
		go func() { _, err := c.Limits(t.Context()); done <- err }()
	}
	for range DefaultAtOnce {
		<-arrived
	}
	// All places are taken: a sixth call waits for one until its context ends, and sends nothing.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := c.Limits(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if n := len(o.seen()); n != DefaultAtOnce {
		t.Errorf("%d calls at once, want %d", n, DefaultAtOnce)
	}
	close(release)
	for range DefaultAtOnce {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
