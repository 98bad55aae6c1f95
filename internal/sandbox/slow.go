package sandbox

import (
	"context"
	"net/http"
	"time"
)

// defaultChunk is how many bytes of a slow body come at a time.
const defaultChunk = 16

// dribble sends a body in chunks with a pause before each, until it is sent or the client or the sandbox
// gives up. pause is time itself but in tests.
func dribble(ctx context.Context, w http.ResponseWriter, body []byte, f Fault, pause func(context.Context, time.Duration) error) {
	size := f.Chunk
	if size == 0 {
		size = defaultChunk
	}
	flush := http.NewResponseController(w)
	_ = flush.Flush() // the head comes at once
	for len(body) > 0 {
		if pause(ctx, f.Pause) != nil {
			panic(http.ErrAbortHandler)
		}
		n := min(size, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return // the client has gone
		}
		_ = flush.Flush()
		body = body[n:]
	}
}

// sleep waits by the real clock.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
