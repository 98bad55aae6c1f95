package health_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/health"
)

func TestHandler(t *testing.T) {
	t.Parallel()
	w := world(t, nightly, quarterly("a", "11:45", "20 as planned, 15 as taken, 5 as refused, 40 as extracted"),
		quarterly("b", "11:30", "1 as planned")+"; update history.run set error = 'ann@example.com' where run_id = 'b'",
		`update history.run set state = 'failed', error = 'Ann Lee' where run_id = 'a'`,
		`insert into history.refusal values ('contact', 'p', 'salesforce', 'Lead', '00Q', 'Phone', '+1 555 0100', 'picklist', 'words of +1 555 0100', 'remedy', now(), now(), 'a', false)`,
		`insert into history.frozen values ('contact', 'p', 'phone', 'fight', timestamptz '2026-03-02 11:00:00+00', 'a', '+1 555 0100', null)`,
		`insert into catalog.cursor values ('hubspot', 'contacts', null, null)`)
	now, reads := noon, 0
	var failing error
	h := health.Handler(func(ctx context.Context) (health.Health, []health.Total, error) {
		reads++
		if failing != nil {
			return health.Health{}, nil, failing
		}
		o := options(t)
		found, err := health.Read(ctx, w.DB, o)
		if err != nil {
			t.Error(err)
		}
		totals, err := health.Totals(ctx, w.DB)
		return found, totals, err
	}, func() time.Time { return now }, zerolog.Nop())
	get := func(path string, code int) string {
		t.Helper()
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if answer.Code != code {
			t.Errorf("%s: %d, want %d", path, answer.Code, code)
		}
		for _, secret := range []string{"Ann", "ann@", "555"} {
			if strings.Contains(answer.Body.String(), secret) {
				t.Errorf("%s says %q:\n%s", path, secret, answer.Body)
			}
		}
		return answer.Body.String()
	}
	if got, want := get("/healthz", 503), `{"well":false,"known":true,"problems":[{"kind":"failed","subject":"quarter_hourly","since":"2026-03-02T11:45:00Z"},{"kind":"refusals","subject":"quarter_hourly","since":"2026-03-02T11:45:00Z"},{"kind":"frozen","subject":"contact.phone","since":"2026-03-02T11:00:00Z"}]}`+"\n"; got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	get("/healthz/live", 200)
	metrics := get("/metrics", 200)
	for _, line := range []string{
		`lockstep_well 0`, `lockstep_known 1`, `lockstep_problems{kind="failed"} 1`, `lockstep_problems{kind="lag"} 0`,
		`lockstep_run_duration_seconds{pipeline="quarter_hourly"} 5`, `lockstep_read_lag_seconds{object="contacts",system="hubspot"} 900`,
		`lockstep_refused_records{category="picklist",entity="contact",object="Lead",system="salesforce"} 1`,
		`lockstep_frozen_pairs{entity="contact",field="phone",kind="fight"} 1`, `lockstep_calls_left{system="hubspot"} 90000`,
		`lockstep_runs_total{pipeline="quarter_hourly",state="failed"} 1`, `lockstep_records_read_total{pipeline="quarter_hourly",state="failed"} 40`,
		`lockstep_calls_total{pipeline="quarter_hourly",state="done",system="hubspot"} 7`,
	} {
		if !strings.Contains(metrics, "\n"+line+"\n") {
			t.Errorf("no %s in\n%s", line, metrics)
		}
	}
	if reads != 1 {
		t.Errorf("%d readings for three questions within five seconds", reads)
	}
	now, failing = now.Add(6*time.Second), errors.New("no publication of ann@example.com")
	if got := get("/healthz", 503); !strings.Contains(got, `"known":false`) {
		t.Errorf("what cannot be read is told as known: %s", got)
	}
	if got := get("/metrics", 200); !strings.Contains(got, "\nlockstep_known 0\n") || strings.Contains(got, "lockstep_well") {
		t.Errorf("what cannot be read is told: %s", got)
	}
	get("/healthz/live", 200)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { get("/healthz/live", 200) })
	}
	all.Wait()
}
