package hubspot

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"lockstep/internal/wire"
)

// DailyFigure is the Meter's name for the calls all private apps of the account may make today. OAuth apps
// have no such limit and no such figure. It resets at midnight in the account's time zone.
const DailyFigure = "private-apps-api-calls-daily"

// Limits of calls ("API usage guidelines and limits").
const (
	defaultPerTenSeconds   = 100 // of the smallest subscription
	defaultSearchPerSecond = 4   // of 5, which the account's other apps share
)

// pace holds calls back to what HubSpot allows, and follows the limit its headers name.
type pace struct {
	most   int // the setting; 0: none
	burst  *rate.Limiter
	now    func() time.Time
	calls  []wire.Pacer
	search []wire.Pacer
}

func newPace(o Options) *pace {
	perSecond := o.SearchPerSecond
	if perSecond <= 0 {
		perSecond = defaultSearchPerSecond
	}
	first := defaultPerTenSeconds
	if o.PerTenSeconds > 0 {
		first = o.PerTenSeconds
	}
	p := &pace{most: o.PerTenSeconds, now: o.Now, burst: rate.NewLimiter(spread(first, 10*time.Second))}
	p.calls = []wire.Pacer{wire.PerSecond(p.burst, o.Now, o.Sleep)}
	// One at a time: any second then holds at most one more than the rate.
	p.search = []wire.Pacer{wire.PerSecond(rate.NewLimiter(rate.Limit(perSecond), 1), o.Now, o.Sleep)}
	return p
}

// spread turns "n calls in any such interval" into a limiter: a tenth at once, the rest evenly.
func spread(n int, interval time.Duration) (rate.Limit, int) {
	atOnce := max(1, n/10)
	return rate.Limit(float64(max(n-atOnce, 1)) / interval.Seconds()), atOnce
}

// of names what an endpoint waits for. Searches have their own limit and do not count towards the other.
func (p *pace) of(endpoint string) []wire.Pacer {
	if strings.HasSuffix(endpoint, "/search") {
		return p.search
	}
	return p.calls
}

// observe reads the limits off an answer's headers. Search answers carry the daily ones alone.
func (p *pace) observe(h http.Header, at time.Time, m *wire.Meter) {
	if n, interval := number(h, "Max"), number(h, "Interval-Milliseconds"); n > 0 && interval > 0 {
		if p.most > 0 {
			// A setting counts per ten seconds, whatever the interval.
			n = min(n, max(1, int64(p.most)*interval/10_000))
		}
		limit, atOnce := spread(int(n), time.Duration(interval)*time.Millisecond)
		if limit != p.burst.Limit() || atOnce != p.burst.Burst() {
			p.burst.SetLimitAt(p.now(), limit)
			p.burst.SetBurstAt(p.now(), atOnce)
		}
	}
	if limit, left := number(h, "Daily"), number(h, "Daily-Remaining"); limit >= 0 && left >= 0 {
		m.Report(DailyFigure, wire.Figure{Used: max(0, limit-left), Limit: limit, Left: left, At: at})
	}
}

// number reads one rate-limit header, -1 when absent.
func number(h http.Header, name string) int64 {
	n, err := strconv.ParseInt(h.Get("X-HubSpot-RateLimit-"+name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
