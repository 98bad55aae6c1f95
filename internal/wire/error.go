package wire

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"lockstep/internal/crm"
)

// Kind says what has to happen before the same call can succeed.
type Kind string

// The kinds of errors.
const (
	Retry       Kind = "retry"       // nothing: the same call may succeed later
	Record      Kind = "record"      // a value of the record has to be put right
	Mapping     Kind = "mapping"     // a name in the SQL or the setup does not exist or is not writable
	Credentials Kind = "credentials" // a secret, a scope or a permission has to be put right
	Quota       Kind = "quota"       // a limit has to reset; more calls today are pointless
	Follow      Kind = "follow"      // the record was merged, converted or deleted, or another one has its key
	Stop        Kind = "stop"        // neither: somebody has to look
)

// Verdict is what a CRM's Classify makes of an answer that is not a success.
type Verdict struct {
	Kind    Kind          // empty: ByStatus decides
	Code    string        // the CRM's own word, "INVALID_FIELD"; letters, digits and _.-: or it is dropped
	Message string        // what the server said; may hold values
	Detail  string        // for the error's text: names of objects and columns only; dropped if it holds an @
	Fields  []string      // columns the server names
	Wait    time.Duration // at least this long before trying again; 0: the CRM did not say
	Expired bool          // the session has ended: Auth.Renew and once more
	Hint    string        // in place of the kind's own
}

// ByStatus is the kind of an HTTP status about whose body nothing is known.
func ByStatus(status int) Kind {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return Credentials
	case http.StatusNotFound:
		return Mapping
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
		return Record
	// 406 and 420 come from Salesforce's edge, 423 and 477 from HubSpot's.
	case http.StatusRequestTimeout, http.StatusNotAcceptable, 420, http.StatusLocked, http.StatusTooManyRequests, 477:
		return Retry
	}
	if status >= 500 {
		return Retry
	}
	return Stop
}

// Error is a call that did not succeed. Client.Do returns it inside a crm.Hinted; use errors.As.
type Error struct {
	System   crm.System
	Method   string
	Endpoint string // as in Request: no ids
	Status   int    // 0: no answer
	Kind     Kind
	Code     string // the CRM's own word; may be empty
	Detail   string // safe to print
	Attempts int

	// Uncertain: the request left, and whether it was carried out is not known. Read before
	// sending it again. Never set for a call that is ReadOnly.
	Uncertain bool

	// Wait is how long the server wants to be left alone; 0: it did not say.
	Wait time.Duration

	// Message is what the server said, tokens masked. It may quote values of records: for
	// people who may see those, never for a log. Fields are the columns it names.
	Message string   `json:"-"`
	Fields  []string `json:"-"`

	body  []byte
	cause error
}

// Body is the answer's body, for what a CRM's client reads out of it beyond Message.
// It may quote values of records.
func (e *Error) Body() []byte { return e.body }

func (e *Error) Unwrap() error { return e.cause }

// GoString keeps %#v from printing Message and Body.
func (e *Error) GoString() string { return e.Error() }

// Error is "salesforce: GET query: 503 SERVER_UNAVAILABLE, 5 attempts".
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s:", e.System, e.Method, e.Endpoint)
	if e.Status != 0 {
		fmt.Fprintf(&b, " %d", e.Status)
		if e.Code == "" && e.Detail == "" {
			b.WriteString(" " + http.StatusText(e.Status))
		}
	}
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Detail != "" {
		if e.Status != 0 || e.Code != "" {
			b.WriteByte(':')
		}
		b.WriteString(" " + e.Detail)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, ", %d attempts", e.Attempts)
	}
	if e.Wait > 0 && e.Kind != Record {
		fmt.Fprintf(&b, ", asks to wait %s", e.Wait.Round(time.Second))
	}
	if e.Uncertain {
		b.WriteString("; it may have been carried out")
	}
	return b.String()
}

var (
	codeForm  = regexp.MustCompile(`^[\w.:-]{1,80}$`)
	hintTexts = map[Kind]string{
		Retry:       "nothing is lost: run it again, it continues where it stopped; look at the status page of %s if it keeps failing",
		Record:      "put the value right in the record or in the mapping; it is sent again when either changes",
		Mapping:     "compare the names in sql/ with what %s has and what its user may see and edit: lockstep check",
		Credentials: "check the LOCKSTEP_ variables and the permissions or scopes of the user or app in %s",
		Quota:       "wait until the limit resets; what was not sent is planned again by the next run",
		Follow:      "the record was merged, converted, deleted or already exists: the next run reads what became of it",
		Stop:        "check the host and the API version in lockstep.yaml, and the state of %s",
	}
)

// hint is the second line of an error.
func hint(system crm.System, v Verdict) string {
	if v.Hint != "" {
		return v.Hint
	}
	names := map[crm.System]string{crm.HubSpot: "HubSpot", crm.Salesforce: "Salesforce"}
	return strings.ReplaceAll(hintTexts[v.Kind], "%s", names[system])
}

// clean drops from a verdict what may not stand in an error's text.
func (v Verdict) clean(secrets ...Secret) Verdict {
	v.Message = mask(v.Message, secrets...)
	if !codeForm.MatchString(v.Code) || mask(v.Code, secrets...) != v.Code {
		v.Code = ""
	}
	if strings.Contains(v.Detail, "@") || mask(v.Detail, secrets...) != v.Detail {
		v.Detail = ""
	}
	return v
}
