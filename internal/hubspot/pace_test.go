package hubspot

import (
	"testing"
	"time"

	"lockstep/internal/wire"
)

// busiest is the most requests in any window that long.
func busiest(requests []asked, window time.Duration) int {
	most := 0
	for i, first := range requests {
		n := 0
		for _, r := range requests[i:] {
			if r.At.Sub(first.At) < window {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestPaceOfCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		says    string // X-HubSpot-RateLimit-Max
		setting int
		atMost  int // in ten seconds
		atLeast int // as well: a limit that is not used is no limit
	}{
		"until HubSpot says":          {"", 0, 100, 90},
		"HubSpot grants more":         {"190", 0, 190, 170},
		"HubSpot grants less":         {"50", 0, 60, 45}, // the first answer comes after the first calls
		"a setting":                   {"", 40, 40, 35},
		"a setting below the grant":   {"190", 40, 40, 35},
		"a setting above the grant":   {"100", 500, 150, 90},
		"an interval of five seconds": {"95", 0, 190, 170},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := map[string]string{}
			if tt.says != "" {
				header["X-HubSpot-RateLimit-Max"], header["X-HubSpot-RateLimit-Interval-Milliseconds"] = tt.says, "10000"
				if tt.says == "95" {
					header["X-HubSpot-RateLimit-Interval-Milliseconds"] = "5000"
				}
			}
			p := serve(t, func(asked) reply { return reply{body: `{"results":[]}`, header: header} })
			c := p.client(t, func(o *Options) { o.PerTenSeconds = tt.setting })
			for range 600 {
				if _, err := c.Properties(t.Context(), "contacts"); err != nil {
					t.Fatal(err)
				}
			}
			got := busiest(p.requests(), 10*time.Second)
			if got > tt.atMost || got < tt.atLeast {
				t.Errorf("%d calls in ten seconds, want %d to %d", got, tt.atLeast, tt.atMost)
			}
		})
	}
}

func TestPaceOfSearch(t *testing.T) {
	t.Parallel()
	p := serve(t, func(asked) reply { return reply{body: `{"results":[]}`} })
	c := p.client(t)
	for range 40 {
		if _, err := c.Search(t.Context(), "contacts", Query{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := busiest(p.requests(), time.Second); got > 5 || got < 4 {
		t.Errorf("%d searches in a second, want 4 or 5", got)
	}
	took := p.Now().Sub(p.requests()[0].At)
	if took < 9*time.Second || took > 10*time.Second {
		t.Errorf("40 searches took %s, want about ten seconds", took)
	}
	// Searches do not count towards the other limit: ten calls go at once.
	before := p.Now()
	for range 10 {
		if _, err := c.Properties(t.Context(), "contacts"); err != nil {
			t.Fatal(err)
		}
	}
	if p.Now() != before {
		t.Errorf("calls waited %s for searches", p.Now().Sub(before))
	}
}

// What is left today, from the headers of any answer; OAuth apps have none.
func TestDailyFigureFromHeaders(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"results":[]}`},
		reply{body: `{"results":[]}`, header: map[string]string{"X-HubSpot-RateLimit-Daily": "250000", "X-HubSpot-RateLimit-Daily-Remaining": "248560"}})
	c := p.client(t)
	if _, err := c.Search(t.Context(), "contacts", Query{}); err != nil {
		t.Fatal(err)
	}
	if f, ok := c.Meter().Figure(DailyFigure); ok {
		t.Errorf("a figure without a header: %+v", f)
	}
	if _, err := c.Search(t.Context(), "contacts", Query{}); err != nil {
		t.Fatal(err)
	}
	f, ok := c.Meter().Figure(DailyFigure)
	if want := (wire.Figure{Used: 1_440, Limit: 250_000, Left: 248_560, At: p.Now()}); !ok || f != want {
		t.Errorf("figure %+v, want %+v", f, want)
	}
	calls := c.Meter().Snapshot().Calls
	if len(calls) != 1 || calls[0].Endpoint != "objects/contacts/search" || calls[0].Calls != 2 {
		t.Errorf("counted %+v", calls)
	}
}
