package health

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"
)

// fresh is how long one reading serves everybody who asks: monitors are many and impatient.
const fresh = 5 * time.Second

// Handler answers monitors:
//
//	GET /healthz       200 while all is well, 503 with the problems while not, both as JSON
//	GET /healthz/live  200 as long as the process answers: for a supervisor that restarts what hangs
//	GET /metrics       Prometheus' text format
//
// None of them says a value of a CRM or the text of an error.
func Handler(read func(context.Context) (Health, []Total, error), now func() time.Time, log zerolog.Logger) http.Handler {
	r := &reader{read: read, now: now, log: log}
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collector{r})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", r.healthz)
	mux.HandleFunc("GET /healthz/live", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	return mux
}

// reader keeps the last reading for a moment.
type reader struct {
	read func(context.Context) (Health, []Total, error)
	now  func() time.Time
	log  zerolog.Logger

	mu     sync.Mutex
	at     time.Time
	health Health
	totals []Total
	err    error
}

func (r *reader) get() (Health, []Total, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); r.at.IsZero() || now.Sub(r.at) > fresh {
		// Not the caller's context: the reading is everybody's.
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r.health, r.totals, r.err = r.read(ctx)
		r.at = now
		if r.err != nil {
			r.log.Warn().Err(r.err).Msg("health could not be read")
		}
	}
	return r.health, r.totals, r.err
}

// said is a problem as a monitor hears it.
type said struct {
	Kind    Kind      `json:"kind"`
	Subject string    `json:"subject"`
	Since   time.Time `json:"since"`
}

func (r *reader) healthz(w http.ResponseWriter, _ *http.Request) {
	h, _, err := r.get()
	answer := struct {
		Well     bool   `json:"well"`
		Known    bool   `json:"known"` // false: health could not be read, and the log says why
		Problems []said `json:"problems"`
	}{h.Well && err == nil, err == nil, []said{}}
	for _, p := range h.Problems {
		answer.Problems = append(answer.Problems, said{p.Kind, p.Subject, p.Since})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Well {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // whoever hung up does not want it
}

// collector makes the metrics out of a reading, each time anew: nothing goes on being told of what is gone.
type collector struct{ r *reader }

// Describe says nothing, which makes the collector an unchecked one: what there is depends on the reading.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect is prometheus.Collector's.
func (c collector) Collect(out chan<- prometheus.Metric) {
	h, totals, err := c.r.get()
	tell := func(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
		var names, values []string
		for i := 0; i < len(labels); i += 2 {
			names, values = append(names, labels[i]), append(values, labels[i+1])
		}
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc("lockstep_"+name, help, names, nil), kind, value, values...)
	}
	gauge := func(name, help string, value float64, labels ...string) {
		tell(prometheus.GaugeValue, name, help, value, labels...)
	}
	gauge("known", "1 when health could be read; without it nothing else is told.", truth(err == nil))
	if err != nil {
		return
	}
	gauge("well", "1 when nothing is wrong, as `lockstep health` says.", truth(h.Well))
	kinds := map[Kind]int{}
	for _, p := range h.Problems {
		kinds[p.Kind]++
	}
	for _, k := range worst {
		gauge("problems", "Problems by kind.", float64(kinds[k]), "kind", string(k))
	}
	for _, r := range h.Runs {
		p := []string{"pipeline", r.Pipeline}
		gauge("run_started_timestamp_seconds", "When the last run began.", seconds(r.StartedAt), p...)
		gauge("run_well_timestamp_seconds", "When the last run that went well began.", seconds(r.WellAt), p...)
		gauge("run_exit_code", "Exit code of the last run.", float64(r.ExitCode), p...)
		gauge("run_late", "1 when the pipeline is due and has not begun.", truth(r.Late), p...)
		gauge("run_paused", "1 when the pipeline is paused.", truth(r.Paused), p...)
		if !r.EndedAt.IsZero() {
			gauge("run_duration_seconds", "How long the last run took.", r.EndedAt.Sub(r.StartedAt).Seconds(), p...)
		}
	}
	for _, o := range h.Objects {
		gauge("read_lag_seconds", "How long ago an object was last read.", h.At.Sub(o.ReadAt).Seconds(), "system", o.System, "object", o.Name)
	}
	for _, r := range h.Refusals {
		gauge("refused_records", "Records with a refusal that stands.", float64(r.Records), "category", r.Category, "entity", r.Entity, "system", r.System, "object", r.Object)
	}
	for _, f := range h.Frozen {
		gauge("frozen_pairs", "Pairs of which a field is frozen.", float64(f.Pairs), "entity", f.Entity, "field", f.Field, "kind", f.Kind)
	}
	for _, x := range h.Waiting {
		gauge("waiting_records", "What the newest plan of each entity leaves to a person or cannot do yet.", float64(x.Records), "entity", x.Entity, "kind", x.Kind, "field", x.Field)
	}
	for _, c := range h.Calls {
		if c.Left >= 0 {
			gauge("calls_left", "Calls left today by the CRM's own count.", float64(c.Left), "system", c.System)
		}
		gauge("calls_reserve", "Calls that stay for others.", float64(c.Reserve), "system", c.System)
		gauge("calls_last_day", "Calls made within 24 hours.", float64(c.LastDay), "system", c.System)
	}
	gauge("alerts_undelivered", "Alerts that nobody has taken yet.", float64(h.Alerts.Waiting))
	count := func(name, help string, value int64, labels ...string) {
		tell(prometheus.CounterValue, name, help, float64(value), labels...)
	}
	for _, t := range totals {
		l := []string{"pipeline", t.Pipeline, "state", t.State}
		count("runs_total", "Runs in history.", t.Runs, l...)
		count("records_read_total", "Records the CRMs returned.", t.Extracted, l...)
		count("changes_taken_total", "Changes written and read back.", t.Taken, l...)
		count("changes_refused_total", "Changes refused.", t.Refused, l...)
		count("calls_total", "Calls made.", t.HubSpotCalls, slices.Concat(l, []string{"system", "hubspot"})...)
		count("calls_total", "Calls made.", t.SalesforceCalls, slices.Concat(l, []string{"system", "salesforce"})...)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// seconds is an instant as Prometheus has it; 0 where there is none.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
