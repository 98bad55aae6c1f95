package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"lockstep/internal/wire"
)

// envelope is HubSpot's error body, whole or one entry of a batch's errors. Every part of it may be missing;
// on 404, 502 and 504 the body may be HTML. (developers.hubspot.com, "Error handling")
type envelope struct {
	Status      any               `json:"status"` // "error"; OAuth puts its code here
	Category    string            `json:"category"`
	SubCategory any               `json:"subCategory"`
	Message     string            `json:"message"`
	ErrorType   string            `json:"errorType"`  // the category of documented 429s
	PolicyName  string            `json:"policyName"` // which limit a 429 is about
	Error       string            `json:"error"`      // OAuth: "invalid_grant"
	ID          string            `json:"id"`
	Context     json.RawMessage   `json:"context"`
	Tokens      json.RawMessage   `json:"errorTokens"` // in some services what others have in the context
	Errors      []json.RawMessage `json:"errors"`      // objects, or plain strings
}

// parseEnvelope reads an error body; ok is false for anything but a JSON object (HTML, nothing at all).
func parseEnvelope(body []byte) (e envelope, ok bool) {
	return e, json.Unmarshal(body, &e) == nil
}

// code is the most telling word of the envelope: the category, else the OAuth status, else the 429's type.
func (e envelope) code() string {
	if e.Category != "" {
		return e.Category
	}
	if s, _ := e.Status.(string); s != "" && s != "error" {
		return s
	}
	if e.ErrorType == "" && notFound.MatchString(e.Message) {
		return "OBJECT_NOT_FOUND"
	}
	return e.ErrorType
}

// notFound are the words of an OBJECT_NOT_FOUND, for answers that leave the category out.
var notFound = regexp.MustCompile(`^Could not get some \w+ objects, they may be deleted`)

// values reads one list of the context. HubSpot writes lists of strings; numbers and lone values are taken too.
func (e envelope) values(key string) []string { return contextValues(e.Context, key) }

func contextValues(context json.RawMessage, key string) []string {
	var all map[string]json.RawMessage
	if json.Unmarshal(context, &all) != nil || all[key] == nil {
		return nil
	}
	var list []any
	if json.Unmarshal(all[key], &list) != nil {
		var one any
		if json.Unmarshal(all[key], &one) != nil || one == nil {
			return nil
		}
		list = []any{one}
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case float64:
			out = append(out, fmt.Sprintf("%.0f", v))
		}
	}
	return out
}

// entry is one of an envelope's errors.
type entry struct {
	Message string          `json:"message"`
	Code    string          `json:"code"`
	Context json.RawMessage `json:"context"`
}

// entries reads errors[], leaving out plain strings.
func (e envelope) entries() []entry {
	var out []entry
	for _, raw := range e.Errors {
		var one entry
		if json.Unmarshal(raw, &one) == nil {
			out = append(out, one)
		}
	}
	return out
}

// PropertyError is one property HubSpot named in a refusal.
type PropertyError struct {
	Name    string // the property
	Code    string // "INVALID_OPTION", "PROPERTY_DOESNT_EXIST"…; the words vary between objects, the name does not
	Message string // HubSpot's words: they quote the value
}

// Refusal is HubSpot's no to one row of a batch, or to a whole request.
type Refusal struct {
	Category   string          // "VALIDATION_ERROR", "CONFLICT", "OBJECT_NOT_FOUND"…; empty when HubSpot named none
	Message    string          // HubSpot's words: they quote values, so they belong in history and never in a log
	Properties []PropertyError // those HubSpot named, each once; empty when it named none
	ExistingID string          // of a conflict on a unique key: the record that has the value, where HubSpot says so
	IDs        []string        // the ids the refusal is about: not found, or twice in one batch

	cause error // the wire's error, when the whole request was refused
}

// Error names category and properties. It never holds a value.
func (r *Refusal) Error() string {
	if r.cause != nil {
		return r.cause.Error()
	}
	var b strings.Builder
	b.WriteString("hubspot refused")
	if r.Category != "" {
		b.WriteString(": " + r.Category)
	}
	for i, p := range r.Properties {
		b.WriteString(map[bool]string{true: " (", false: ", "}[i == 0] + p.Name)
		if p.Code != "" {
			b.WriteString(" " + p.Code)
		}
	}
	if len(r.Properties) > 0 {
		b.WriteString(")")
	}
	if r.ExistingID != "" {
		b.WriteString(", record " + r.ExistingID + " has that value")
	}
	return b.String()
}

// Unwrap is the wire's error when the whole request was refused, nil for a row.
func (r *Refusal) Unwrap() error { return r.cause }

// Missing says that the record is gone: deleted, archived, merged into another, or never there.
func (r *Refusal) Missing() bool { return r.Category == "OBJECT_NOT_FOUND" }

// Exists says that what was to be made is there already: a record with that e-mail, a property of that name.
func (r *Refusal) Exists() bool {
	return r.Category == "CONFLICT" || r.Category == "OBJECT_ALREADY_EXISTS" || r.ExistingID != ""
}

// refusal reads an envelope as a refusal.
func (e envelope) refusal() *Refusal {
	r := &Refusal{Category: e.code(), Message: e.Message, ExistingID: existingID(e)}
	r.IDs = e.values("ids")
	if len(r.IDs) == 0 {
		r.IDs = e.values("id")
	}
	r.Properties = propertyErrors(e)
	return r
}

// propertyErrors reads the properties a refusal names, from errors[] where there is one, else from the JSON
// that the message carries after its first bracket (answers of 2022 have no errors[]). A batch repeats a
// property once per row, without saying which row: each name is kept once.
func propertyErrors(e envelope) []PropertyError {
	var found []PropertyError
	for _, item := range e.entries() {
		for _, name := range contextValues(item.Context, "propertyName") {
			found = append(found, PropertyError{name, item.Code, item.Message})
		}
	}
	if found == nil {
		found = messageErrors(e.Message)
	}
	if found == nil {
		if m := uniqueProperty.FindStringSubmatch(e.Message); m != nil {
			found = append(found, PropertyError{m[1], "CONFLICTING_UNIQUE_VALUE", e.Message})
		}
	}
	if found == nil {
		for _, name := range e.values("properties") { // required properties that were not set
			found = append(found, PropertyError{name, "REQUIRED", e.Message})
		}
	}
	seen := map[string]bool{}
	var out []PropertyError
	for _, p := range found {
		if !seen[p.Name] {
			seen[p.Name] = true
			out = append(out, p)
		}
	}
	return out
}

// messageErrors reads `Property values were not valid: [{"name":"email","error":"INVALID_EMAIL",…}]`.
func messageErrors(message string) []PropertyError {
	start := strings.Index(message, "[{")
	if start < 0 {
		return nil
	}
	var items []struct{ Name, Error, Message string }
	// A decoder stops at the end of the array: words may follow it.
	if json.NewDecoder(strings.NewReader(message[start:])).Decode(&items) != nil {
		return nil
	}
	var out []PropertyError
	for _, item := range items {
		if item.Name != "" {
			out = append(out, PropertyError{item.Name, item.Error, item.Message})
		}
	}
	return out
}

var (
	existing       = regexp.MustCompile(`Existing ID: (\d+)`)
	alreadyHas     = regexp.MustCompile(`\. (\d+) already has that value`)
	uniqueProperty = regexp.MustCompile(`propertyName=([A-Za-z0-9_]+),`)
)

// existingID is the record that already holds a unique value. HubSpot says it in three ways, or not at all:
// context.existingId (207), "Existing ID: 1" (e-mail), "2. 1 already has that value" (a unique property, a 400).
func existingID(e envelope) string {
	for _, key := range []string{"existingId", "existingObjectId"} {
		for _, ids := range [][]string{e.values(key), contextValues(e.Tokens, key)} {
			if len(ids) > 0 {
				return ids[0]
			}
		}
	}
	for _, pattern := range []*regexp.Regexp{existing, alreadyHas} {
		if m := pattern.FindStringSubmatch(e.Message); m != nil {
			return m[1]
		}
	}
	return ""
}

// refused turns the wire's error of a request HubSpot understood and declined into a *Refusal that wraps it;
// any other error is returned as it is.
func refused(err error) error {
	var e *wire.Error
	if !errors.As(err, &e) || e.Uncertain || (e.Status != http.StatusBadRequest && e.Status != http.StatusConflict && e.Status != http.StatusNotFound) {
		return err
	}
	body, ok := parseEnvelope(e.Body())
	if !ok {
		return err
	}
	r := body.refusal()
	r.Message, r.cause = e.Message, err
	return r
}
