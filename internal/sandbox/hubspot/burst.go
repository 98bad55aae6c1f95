package hubspot

import (
	"net/http"
	"time"
)

// burst is one batch of writes.
type burst struct {
	at   time.Time
	rows int
}

// lockedFor is how long HubSpot locks out a client that wrote too much at once.
const lockedFor = 2 * time.Second

// unlocked refuses batches of writes above Rules.LockAbove records within a second, and for a while after.
func (c *call) unlocked(rows int) error {
	most := c.portal.Rules.LockAbove
	if most == 0 {
		return nil
	}
	now := c.now()
	kept, sum := c.bursts[:0], rows
	for _, b := range c.bursts {
		if now.Sub(b.at) < time.Second {
			kept, sum = append(kept, b), sum+b.rows
		}
	}
	c.bursts = append(kept, burst{now, rows})
	if sum > most {
		c.locked = now.Add(lockedFor)
	}
	if now.Before(c.locked) {
		return &problem{http: http.StatusLocked, Message: "The resource is locked by other writes. Try again later."}
	}
	return nil
}
