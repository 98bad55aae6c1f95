package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
)

// Kind says what a fault does to a request.
type Kind string

// The kinds that tests and scripts name most; any status that answers has a body for is one, too, as in
// "423" and "477". A status, and html, answer in the CRM's place: the simulator never sees the request.
// In truncated, reset, lost_answer and hang_after it has done its work before the answer goes wrong.
const (
	Unauthorized Kind = "401"          // the credentials are refused
	Forbidden    Kind = "403"          // a scope or permission is missing, or Salesforce's day is used up
	TooMany      Kind = "429"          // a rate limit
	ServerError  Kind = "500"          // something broke inside the CRM
	Unavailable  Kind = "503"          // the CRM is down for a while
	HTML         Kind = "html"         // 502 with a page of HTML, as a proxy in front of the CRM sends
	Truncated    Kind = "truncated"    // the right status, half of the JSON
	Hang         Kind = "hang"         // nothing, until the client gives up; nothing was done
	HangAfter    Kind = "hang_after"   // the same, but the work was done
	Reset        Kind = "reset"        // the connection is reset in the middle of the body
	LostAnswer   Kind = "lost_answer"  // the work was done, the connection closes without an answer
	Expired      Kind = "expired"      // every session ends, then the request is answered
	Lock         Kind = "lock"         // Salesforce: rows of a write meet UNABLE_TO_LOCK_ROW
	Partial      Kind = "partial"      // rows of a write are refused with Fault.Code
	StaleSearch  Kind = "stale_search" // HubSpot: a search sees nothing newer than Fault.Age
	Pending      Kind = "pending"      // HubSpot: a batch is done and says PENDING, without results

	// These come on top of any other.
	Skew       Kind = "skew"        // the Date header is off by Fault.Skew
	Slow       Kind = "slow"        // the body comes Fault.Chunk bytes at a time, with Fault.Pause before each
	TextErrors Kind = "text_errors" // HubSpot: errors[] holds plain strings
	NoCategory Kind = "no_category" // HubSpot: an error and its rows name no category
)

// Kinds lists them all: the statuses in order, then the rest.
var Kinds = append(statuses(), HTML, Truncated, Hang, HangAfter, Reset, LostAnswer, Expired, Lock, Partial, StaleSearch, Pending,
	Skew, Slow, TextErrors, NoCategory)

// statuses are those that one CRM or both have an answer for.
func statuses() []Kind {
	var all []Kind
	for _, kinds := range answers {
		for kind := range kinds {
			all = append(all, kind)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// onTop says whether the kind comes on top of another that strikes the same request.
func (k Kind) onTop() bool { return k == Skew || k == Slow || k == TextErrors || k == NoCategory }

// inPlace says whether the kind answers in the CRM's place.
func (k Kind) inPlace() bool { return k == HTML || k[0] >= '1' && k[0] <= '9' }

// systems are the CRMs that a kind can strike.
func (k Kind) systems() []crm.System {
	switch k {
	case Lock:
		return []crm.System{crm.Salesforce}
	case StaleSearch, Pending, TextErrors, NoCategory:
		return []crm.System{crm.HubSpot}
	}
	if !k.inPlace() || k == HTML {
		return crm.Systems
	}
	var all []crm.System
	for _, system := range crm.Systems {
		if answers[system][k] != nil {
			all = append(all, system)
		}
	}
	return all
}

// Fault is one entry of a script: which requests it strikes, which of those, and how.
// The zero value of everything but Kind strikes every request to both CRMs.
type Fault struct {
	System crm.System `yaml:"system"` // the CRM; empty: both
	Method string     `yaml:"method"` // the HTTP method, upper case; empty: any
	Path   string     `yaml:"path"`   // part of the path or of the decoded query, as in "/batch/update" or "FROM Lead"; empty: any

	Nth         int     `yaml:"nth"`         // strike from the nth matching request on, counted from 1; 0: from the first
	Count       int     `yaml:"count"`       // strike that often; 0: once when Nth is set, else without end; -1: without end
	Probability float64 `yaml:"probability"` // strike with this chance, 0 < p <= 1, drawn from the sandbox's seed; 0: always

	Kind       Kind          `yaml:"kind"`
	Code       string        `yaml:"code"`        // which of the CRM's errors of that status, or of a row, as in "DAILY"; empty: the usual one
	Field      string        `yaml:"field"`       // the field or property a Salesforce error or a refused row is about; empty: one that goes with the code
	RetryAfter time.Duration `yaml:"retry_after"` // sent as Retry-After in whole seconds with a status or html; 0: the usual, mostly none
	Rows       []int         `yaml:"rows"`        // lock, partial: which rows of the request, counted from 1; empty: all, or by Share
	Share      float64       `yaml:"share"`       // lock, partial: the chance of each row, drawn from the seed; 0: all, or by Rows
	Age        time.Duration `yaml:"age"`         // stale_search: how old what is seen must be
	Chunk      int           `yaml:"chunk"`       // slow: bytes at a time; 0: 16
	Pause      time.Duration `yaml:"pause"`       // slow: how long before each chunk
	Skew       time.Duration `yaml:"skew"`        // added to the Date header; only for kind skew
}

// check says what is wrong with a fault as it was written.
func (f Fault) check() error {
	systems := crm.Systems
	if f.Kind != "" && slices.Contains(Kinds, f.Kind) {
		systems = f.Kind.systems()
	}
	switch {
	case f.Kind == "":
		return crm.WithHint(fmt.Errorf("a fault without a kind"), "kinds: %s", join(Kinds))
	case !slices.Contains(Kinds, f.Kind):
		return crm.WithHint(fmt.Errorf("unknown kind %q", f.Kind), "kinds: %s", join(Kinds))
	case f.System != "" && !slices.Contains(crm.Systems, f.System):
		return crm.WithHint(fmt.Errorf("unknown system %q", f.System), "leave it out for both, or write one of: %s", join(crm.Systems))
	case f.System != "" && !slices.Contains(systems, f.System):
		return crm.WithHint(fmt.Errorf("kind %s does not happen to %s", f.Kind, f.System), "it happens to %s", join(systems))
	case f.Method != strings.ToUpper(f.Method):
		return crm.WithHint(fmt.Errorf("method %q matches nothing", f.Method), "write it in upper case: %s", strings.ToUpper(f.Method))
	case f.Nth < 0:
		return crm.WithHint(fmt.Errorf("nth is %d", f.Nth), "nth counts matching requests from 1")
	case f.Count < -1:
		return crm.WithHint(fmt.Errorf("count is %d", f.Count), "count is how often to strike; -1 is without end")
	case f.Probability < 0 || f.Probability > 1:
		return crm.WithHint(fmt.Errorf("probability is %v", f.Probability), "write a chance above 0 and up to 1, or leave it out")
	case f.RetryAfter < 0:
		return crm.WithHint(fmt.Errorf("retry_after is %v", f.RetryAfter), "write how long to wait, as in 3s")
	}
	if err := f.checkDetails(); err != nil {
		return err
	}
	return f.checkCode()
}

// checkDetails refuses keys that do not go with the kind, and kinds without theirs.
func (f Fault) checkDetails() error {
	rows := f.Kind == Lock || f.Kind == Partial
	switch {
	case (f.Kind == Skew) != (f.Skew != 0):
		return crm.WithHint(fmt.Errorf("kind %s with skew %v", f.Kind, f.Skew), "skew and kind: skew go together")
	case (f.Kind == Slow) != (f.Pause > 0) || f.Pause < 0:
		return crm.WithHint(fmt.Errorf("kind %s with pause %v", f.Kind, f.Pause), "pause and kind: slow go together")
	case f.Chunk != 0 && f.Kind != Slow || f.Chunk < 0:
		return crm.WithHint(fmt.Errorf("kind %s with chunk %d", f.Kind, f.Chunk), "chunk counts bytes and goes with kind: slow")
	case (f.Kind == StaleSearch) != (f.Age > 0) || f.Age < 0:
		return crm.WithHint(fmt.Errorf("kind %s with age %v", f.Kind, f.Age), "age and kind: stale_search go together")
	case !rows && (len(f.Rows) > 0 || f.Share != 0):
		return crm.WithHint(fmt.Errorf("kind %s with rows or share", f.Kind), "rows and share go with the kinds lock and partial")
	case len(f.Rows) > 0 && f.Share != 0:
		return crm.WithHint(fmt.Errorf("both rows and share"), "say which rows, or how many of them")
	case slices.ContainsFunc(f.Rows, func(n int) bool { return n < 1 }):
		return crm.WithHint(fmt.Errorf("rows %v", f.Rows), "rows are counted from 1")
	case f.Share < 0 || f.Share > 1:
		return crm.WithHint(fmt.Errorf("share is %v", f.Share), "write a chance above 0 and up to 1, or leave it out")
	case f.Kind == Partial && f.Code == "":
		return crm.WithHint(fmt.Errorf("kind partial without a code"), "codes: %s", join(f.codes()))
	}
	return nil
}

// codes are those that the fault may name.
func (f Fault) codes() []string {
	var all []string
	for _, system := range f.Kind.systems() {
		if f.System != "" && f.System != system {
			continue
		}
		if f.Kind == Partial {
			all = append(all, rowCodes(system)...)
			continue
		}
		for _, a := range answers[system][f.Kind] {
			all = append(all, a.code)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// checkCode refuses a code that no CRM the fault may strike has.
func (f Fault) checkCode() error {
	codes := f.codes()
	switch {
	case f.Code == "" || slices.Contains(codes, f.Code):
		return nil
	case len(codes) == 0:
		return crm.WithHint(fmt.Errorf("kind %s has no codes", f.Kind), "leave code out")
	}
	return crm.WithHint(fmt.Errorf("kind %s has no code %q", f.Kind, f.Code), "codes: %s", join(codes))
}

// matches says whether the fault is meant for such a request: path alone, and with its query.
func (f Fault) matches(system crm.System, method, path, target string) bool {
	if f.System != "" && f.System != system || f.Method != "" && f.Method != method || !strings.Contains(target, f.Path) {
		return false
	}
	if !slices.Contains(f.Kind.systems(), system) {
		return false
	}
	switch {
	case f.Code == "":
		return true
	case f.Kind == Partial:
		return slices.Contains(rowCodes(system), f.Code)
	}
	known := answers[system][f.Kind]
	i := slices.IndexFunc(known, func(a answer) bool { return a.code == f.Code })
	return i >= 0 && (!known[i].login || atLogin(path))
}

// limit is how often the fault strikes; -1 is without end.
func (f Fault) limit() int {
	switch {
	case f.Count != 0:
		return f.Count
	case f.Nth != 0:
		return 1
	}
	return -1
}

// join lists words for a hint.
func join[S ~string](words []S) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
