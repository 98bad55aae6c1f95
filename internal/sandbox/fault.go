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

// The kinds. The numbers, and html, answer in the CRM's place: the simulator never sees the
// request. In truncated, reset, lost_answer and hang_after it has done its work before the answer
// goes wrong.
const (
	Unauthorized Kind = "401"         // the credentials are refused
	Forbidden    Kind = "403"         // a scope or permission is missing, or Salesforce's day is used up
	TooMany      Kind = "429"         // a rate limit
	ServerError  Kind = "500"         // something broke inside the CRM
	Unavailable  Kind = "503"         // the CRM is down for a while
	HTML         Kind = "html"        // 502 with a page of HTML, as a proxy in front of the CRM sends
	Truncated    Kind = "truncated"   // the right status, half of the JSON
	Hang         Kind = "hang"        // nothing, until the client gives up; nothing was done
	HangAfter    Kind = "hang_after"  // the same, but the work was done
	Reset        Kind = "reset"       // the connection is reset in the middle of the body
	LostAnswer   Kind = "lost_answer" // the work was done, the connection closes without an answer
	Skew         Kind = "skew"        // all is well, but the Date header is off by Fault.Skew
)

// Kinds lists them all.
var Kinds = []Kind{
	Unauthorized, Forbidden, TooMany, ServerError, Unavailable, HTML,
	Truncated, Hang, HangAfter, Reset, LostAnswer, Skew,
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
	Code       string        `yaml:"code"`        // which of the CRM's errors of that status, as in "DAILY"; empty: the usual one
	RetryAfter time.Duration `yaml:"retry_after"` // sent as Retry-After in whole seconds with a status or html; 0: no such header
	Skew       time.Duration `yaml:"skew"`        // added to the Date header; only for kind skew
}

// check says what is wrong with a fault as it was written.
func (f Fault) check() error {
	switch {
	case f.Kind == "":
		return crm.WithHint(fmt.Errorf("a fault without a kind"), "kinds: %s", join(Kinds))
	case !slices.Contains(Kinds, f.Kind):
		return crm.WithHint(fmt.Errorf("unknown kind %q", f.Kind), "kinds: %s", join(Kinds))
	case f.System != "" && !slices.Contains(crm.Systems, f.System):
		return crm.WithHint(fmt.Errorf("unknown system %q", f.System), "leave it out for both, or write one of: %s", join(crm.Systems))
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
	case (f.Kind == Skew) != (f.Skew != 0):
		return crm.WithHint(fmt.Errorf("kind %s with skew %v", f.Kind, f.Skew), "skew and kind: skew go together")
	}
	return f.checkCode()
}

// checkCode refuses a code that no CRM the fault may strike has under that status.
func (f Fault) checkCode() error {
	if f.Code == "" {
		return nil
	}
	known := false
	codes := []string{}
	for _, system := range crm.Systems {
		if f.System != "" && f.System != system {
			continue
		}
		for _, a := range answers[system][f.Kind] {
			codes = append(codes, a.code)
			known = known || a.code == f.Code
		}
	}
	switch {
	case known:
		return nil
	case len(codes) == 0:
		return crm.WithHint(fmt.Errorf("kind %s has no codes", f.Kind), "leave code out")
	}
	return crm.WithHint(fmt.Errorf("kind %s has no code %q", f.Kind, f.Code), "codes: %s", join(codes))
}

// matches says whether the fault is meant for such a request.
func (f Fault) matches(system crm.System, method, target string) bool {
	return (f.System == "" || f.System == system) &&
		(f.Method == "" || f.Method == method) &&
		strings.Contains(target, f.Path)
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
