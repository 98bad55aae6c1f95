package warehouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"lockstep/internal/crm"
)

// ErrLocked is returned by Open when another process, or another Warehouse of this one, holds the file.
var ErrLocked = errors.New("another run holds the warehouse")

// Holder says who holds a warehouse. It stands in <path>.lock while the warehouse is open.
type Holder struct {
	PID   int       `json:"pid"`
	Who   string    `json:"who"`   // the command or pipeline
	Since time.Time `json:"since"` // UTC
}

func (h Holder) String() string {
	if h.PID == 0 {
		return "an unknown process"
	}
	who := h.Who
	if who == "" {
		who = "lockstep"
	}
	return fmt.Sprintf("%s, process %d, since %s", who, h.PID, h.Since.UTC().Format("2006-01-02 15:04:05 MST"))
}

// poll is how often a waiting Open looks again.
const poll = 200 * time.Millisecond

// lock is the hold on one warehouse file. The system gives it back when the process ends, however it ends; the
// holder's name then stays in the file, which is how a crash is told from a clean end.
type lock struct{ file *flock.Flock }

// acquire takes the lock, waiting up to o.Wait. It returns the holder that crashed before, if one did, and how long it waited.
func acquire(ctx context.Context, o Options, now time.Time) (_ *lock, _ *Holder, waited time.Duration, _ error) {
	l := &lock{flock.New(o.Path+".lock", flock.SetPermissions(0o600))}
	held, err := l.file.TryLock()
	if err == nil && !held && o.Wait > 0 {
		if o.Waiting != nil {
			holder, _ := readHolder(l.file.Path())
			o.Waiting(holder)
		}
		began := time.Now()
		wait, cancel := context.WithTimeout(ctx, o.Wait)
		held, err = l.file.TryLockContext(wait, poll)
		cancel()
		waited = time.Since(began)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = nil
		}
	}
	if err != nil {
		return nil, nil, 0, err
	}
	holder, known := readHolder(l.file.Path())
	if !held {
		return nil, nil, 0, crm.WithHint(fmt.Errorf("%w: %s", ErrLocked, holder), "wait until it has ended; if it hangs, end that process: the next run continues where it stopped")
	}
	var crashed *Holder
	if known {
		crashed = &holder
	}
	note, err := json.Marshal(Holder{PID: os.Getpid(), Who: o.Who, Since: now.Add(waited).UTC()})
	if err == nil {
		err = os.WriteFile(l.file.Path(), note, 0o600)
	}
	if err != nil {
		return nil, nil, 0, errors.Join(err, l.file.Unlock())
	}
	return l, crashed, waited, nil
}

// release empties the lock file and gives the lock back. The file stays: removing it would let a waiting process
// lock a file that no longer has a name.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return errors.Join(os.Truncate(l.file.Path(), 0), l.file.Unlock())
}

func readHolder(path string) (h Holder, ok bool) {
	b, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(b, &h) != nil {
		return Holder{}, false
	}
	return h, h.PID != 0
}
