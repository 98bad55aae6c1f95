package hubspot

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Limits are the portal's rate limits. A zero field is generous: 100,000 per ten seconds, 10,000 searches per second,
// 10,000,000 a day. ProfessionalLimits are a real portal's.
type Limits struct {
	Burst  int // calls per rolling ten seconds and app, searches not counted
	Search int // searches per rolling second and account
	Daily  int // calls per day and account; the OAuth app has none
}

// ProfessionalLimits are those of a private app in a Professional account.
var ProfessionalLimits = Limits{Burst: 190, Search: 5, Daily: 625_000}

// interval is the window of the burst limit.
const interval = 10 * time.Second

// limiter counts calls. Refused calls count for the day as well, which is the careful reading.
type limiter struct {
	Limits
	bursts   map[int64]*window // by app
	searches window
	day      string // in the account's zone
	today    int
}

func newLimiter(l Limits) limiter {
	for field, generous := range map[*int]int{&l.Burst: 100_000, &l.Search: 10_000, &l.Daily: 10_000_000} {
		if *field == 0 {
			*field = generous
		}
	}
	return limiter{Limits: l, bursts: map[int64]*window{}}
}

// window holds the times of the calls in a rolling window.
type window struct{ calls []time.Time }

// within are the calls that still count.
func (w *window) within(now time.Time, length time.Duration) []time.Time {
	old := 0
	for old < len(w.calls) && !w.calls[old].After(now.Add(-length)) {
		old++
	}
	w.calls = w.calls[old:]
	return w.calls
}

// take counts a call unless the window already holds most.
func (w *window) take(now time.Time, length time.Duration, most int) (left int, taken bool) {
	if len(w.within(now, length)) >= most {
		return 0, false
	}
	w.calls = append(w.calls, now)
	return most - len(w.calls), true
}

// limit counts the call, sets the headers that go with its kind and refuses it when a limit is reached.
func (c *call) limit() error {
	l, now := &c.limits, c.now()
	if day := now.In(c.zone).Format(time.DateOnly); day != l.day {
		l.day, l.today = day, 0
	}
	if !c.app.oauth {
		l.today++
		c.header.Set("X-HubSpot-RateLimit-Daily", strconv.Itoa(l.Daily))
		c.header.Set("X-HubSpot-RateLimit-Daily-Remaining", strconv.Itoa(max(0, l.Daily-l.today)))
		if l.today > l.Daily {
			return c.tooMany("daily", "DAILY")
		}
	}
	if c.route.search {
		if _, taken := l.searches.take(now, time.Second, l.Search); !taken {
			return &problem{http: http.StatusTooManyRequests, Message: "You have reached your secondly limit.", Category: "RATE_LIMITS"}
		}
		return nil
	}
	free := c.route.exempt(c.version)
	w := l.bursts[c.app.id]
	if w == nil {
		w = &window{}
		l.bursts[c.app.id] = w
	}
	left, taken := l.Burst-len(w.within(now, interval)), true
	if !free {
		left, taken = w.take(now, interval, l.Burst)
	}
	c.header.Set("X-HubSpot-RateLimit-Interval-Milliseconds", strconv.Itoa(int(interval.Milliseconds())))
	c.header.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(l.Burst))
	c.header.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(left))
	c.header.Set("X-HubSpot-RateLimit-Secondly", strconv.Itoa(l.Burst/10))
	c.header.Set("X-HubSpot-RateLimit-Secondly-Remaining", strconv.Itoa(max(0, l.Burst/10-1)))
	if !taken {
		return c.tooMany("ten_secondly_rolling", "TEN_SECONDLY_ROLLING")
	}
	return nil
}

func (c *call) tooMany(limit, policy string) *problem {
	return &problem{
		http: http.StatusTooManyRequests, ErrorType: "RATE_LIMIT", PolicyName: policy, RequestID: c.correlation,
		Message: fmt.Sprintf("You have reached your %s limit.", limit),
	}
}
