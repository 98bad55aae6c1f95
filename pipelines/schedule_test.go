package pipelines

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// The bubble's clock starts at 2000-01-01 00:00 UTC.

func scheduled(t *testing.T, files map[string]string) []*Pipeline {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name+".yaml"] = &fstest.MapFile{Data: []byte(text + "\nentities: [contact]\n")}
	}
	all, err := LoadAll(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Runs never overlap; what comes due meanwhile starts afterwards, once; a failed run changes nothing.
func TestScheduleOneAtATime(t *testing.T) {
	t.Parallel()
	all := scheduled(t, map[string]string{
		"often":   `cron: "*/15 * * * *"`,
		"nightly": "full: true\n" + `cron: "30 0 * * *"`,
		"manual":  `cron: ""`,
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour+time.Minute)
		defer cancel()
		var got []string
		running := false
		err := Schedule(ctx, zerolog.Nop(), all, nil, func(ctx context.Context, d Due) error {
			p := d.Pipeline
			if running {
				t.Error("two runs at once")
			}
			running = true
			defer func() { running = false }()
			got = append(got, time.Now().UTC().Format("15:04 ")+p.Name)
			if p.Full {
				wait(ctx, 50*time.Minute) // over the ticks of 00:45, 01:00 and 01:15
				return nil
			}
			return errors.New("a CRM is down")
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
		// At 00:30 both are due: the one that reads everything goes first, and the other is due still when it ends.
		want := []string{"00:15 often", "00:30 nightly", "01:20 often", "01:30 often", "01:45 often", "02:00 often"}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// A signal ends a waiting schedule at once, and a running one when the run has seen it.
func TestScheduleStops(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Duration{"waiting": 10 * time.Minute, "running": 16 * time.Minute} {
		all := scheduled(t, map[string]string{"often": `cron: "*/15 * * * *"`})
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(at, cancel)
				begun, ended := 0, 0
				start := time.Now()
				err := Schedule(ctx, zerolog.Nop(), all, nil, func(ctx context.Context, _ Due) error {
					begun++
					wait(ctx, 5*time.Minute)
					ended++
					return ctx.Err()
				})
				if ExitCode(err) != 130 || begun != ended || time.Since(start) != at {
					t.Errorf("ended with %v after %s, %d begun, %d ended", err, time.Since(start), begun, ended)
				}
			})
		})
	}
}

func TestScheduleWithoutCron(t *testing.T) {
	t.Parallel()
	if err := Schedule(t.Context(), zerolog.Nop(), scheduled(t, map[string]string{"manual": `cron: ""`}), nil, nil); err == nil {
		t.Error("a schedule without a pipeline began to wait")
	}
}

// The zone counts, summer time included.
func TestTicksAreInTheZone(t *testing.T) {
	t.Parallel()
	p := scheduled(t, map[string]string{"p": "timezone: Europe/Berlin\n" + `cron: "0 6 * * *"`})[0]
	for _, tt := range []struct{ after, want string }{
		{"2026-01-10T00:00:00Z", "2026-01-10T05:00:00Z"},
		{"2026-07-10T00:00:00Z", "2026-07-10T04:00:00Z"},
	} {
		after, err := time.Parse(time.RFC3339, tt.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.after(after).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("after %s: %s, want %s", tt.after, got, tt.want)
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
