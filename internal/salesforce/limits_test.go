package salesforce

import (
	"net/http"
	"sync/atomic"
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
	if diff := cmp.Diff(want, got.Calls, cmpopts.IgnoreFields(wire.Calls{}, "Sent", "Received", "Took")); diff != "" {
		t.Error(diff)
	}
	if got.Figures["api"].Left != 14954 || got.SkewWithin == 0 {
		t.Errorf("got %+v", got)
	}
}

func TestAtMostFiveAtOnce(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	arrived, release := make(chan struct{}, 20), make(chan struct{})
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/limits": one(func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		arrived <- struct{}{}
		<-release
		now.Add(-1)
		says(200, `{}`)(w, r)
	})})
	c := o.client(t)
	done := make(chan error, 12)
	for range 12 {
		go func() { _, err := c.Limits(t.Context()); done <- err }()
	}
	for range DefaultAtOnce {
		<-arrived
	}
	close(release)
	for range 12 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != DefaultAtOnce {
		t.Errorf("%d at once, want %d", most.Load(), DefaultAtOnce)
	}
}
