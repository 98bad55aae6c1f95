package wire

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// Pacer holds an attempt back until it may go. The function it returns is called when the
// attempt is over. It returns ctx's error when ctx ends first.
type Pacer func(ctx context.Context) (done func(), err error)

// PerSecond lets attempts go at the limiter's rate. It reserves by the given clock and waits by
// the given sleep, so tests need no real time. In any window of w seconds a limiter passes at
// most burst + w × limit attempts: choose both so that the sum stays under the CRM's figure.
func PerSecond(l *rate.Limiter, now func() time.Time, sleep func(context.Context, time.Duration) error) Pacer {
	return func(ctx context.Context) (func(), error) {
		t := now()
		r := l.ReserveN(t, 1)
		if d := r.DelayFrom(t); d > 0 {
			if err := sleep(ctx, d); err != nil {
				r.CancelAt(now())
				return nil, err
			}
		}
		return func() {}, nil
	}
}

// AtOnce lets n attempts be under way at the same time.
func AtOnce(n int) Pacer {
	places := make(chan struct{}, n)
	return func(ctx context.Context) (func(), error) {
		select {
		case places <- struct{}{}:
			return func() { <-places }, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Sleep waits for d in real time; it returns ctx's error when ctx ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
