package salesforce

import (
	"net/http"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

const (
	deletedDays  = 15      // how far back /deleted may look
	updatedDays  = 30      // and /updated
	maxReplicate = 600_000 // ids of one answer
)

// span reads ?start=…&end=… of the replication resources: seconds are dropped, end lies more than a minute after
// start, and start not before the days that are kept.
func (c *call) span(days int) (from, to time.Time, a answer, fine bool) {
	bad := func(format string, args ...any) (time.Time, time.Time, answer, bool) {
		return from, to, failure(http.StatusBadRequest, "INVALID_REPLICATION_DATE", format, args...), false
	}
	if a, fine := c.only("start", "end"); !fine {
		return from, to, a, false
	}
	for name, at := range map[string]*time.Time{"start": &from, "end": &to} {
		if !c.query.Has(name) {
			return from, to, failure(http.StatusBadRequest, "MISSING_ARGUMENT", "The %s parameter is required", name), false
		}
		t, ok := store.ParseInstant(c.query.Get(name))
		if !ok {
			return bad("%s is not a date and time with an offset: %s", name, c.query.Get(name))
		}
		*at = t.Truncate(time.Minute)
	}
	now := c.options.Now()
	switch {
	case from.After(now):
		return bad("startDate cannot be in the future")
	case to.Sub(from) <= time.Minute:
		return bad("endDate must be more than one minute after startDate")
	case from.Before(now.AddDate(0, 0, -days).Truncate(time.Minute)):
		return bad("startDate cannot be more than %d days ago", days)
	}
	return from, to, answer{}, true
}

// covered is the instant up to which an answer is complete.
func (c *call) covered(to time.Time) string {
	if now := c.options.Now(); now.Before(to) {
		to = now.Truncate(time.Minute)
	}
	return to.UTC().Format(store.DateTimeLayout)
}

// deleted is GET /sobjects/X/deleted: what went into the recycle bin and is still there, or was.
func (c *call) deleted(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	from, to, a, fine := c.span(deletedDays)
	if !fine {
		return a
	}
	type entry struct {
		At string `json:"deletedDate"`
		ID string `json:"id"`
	}
	list := []entry{}
	for _, d := range o.Deleted(from, to) {
		list = append(list, entry{d.At.UTC().Format(store.DateTimeLayout), d.ID.String()})
	}
	if len(list) > maxReplicate {
		return tooManyIDs()
	}
	earliest := c.options.Now().AddDate(0, 0, -deletedDays).Truncate(time.Minute)
	return ok(map[string]any{
		"deletedRecords": list, "latestDateCovered": c.covered(to), "earliestDateAvailable": earliest.UTC().Format(store.DateTimeLayout),
	})
}

// updated is GET /sobjects/X/updated: what was created or changed, by SystemModstamp.
func (c *call) updated(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	from, to, a, fine := c.span(updatedDays)
	if !fine {
		return a
	}
	ids := []string{}
	for _, id := range o.Updated(from, to) {
		ids = append(ids, id.String())
	}
	if len(ids) > maxReplicate {
		return tooManyIDs()
	}
	return ok(map[string]any{"ids": ids, "latestDateCovered": c.covered(to)})
}

func tooManyIDs() answer {
	return failure(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", "The answer would hold more than %d ids: ask for a shorter span", maxReplicate)
}
