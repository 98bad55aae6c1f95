package salesforce

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// stamped puts on a record's answer what a later conditional request goes by: Last-Modified, and on accounts, alone of
// all objects, an ETag. It answers 304 or 412 in its place when the request's conditions say so.
// REST API Developer Guide, intro_rest_conditional_requests.
func (c *call) stamped(o *store.Object, id store.ID, a answer) answer {
	at := o.Modified(id)
	if at.IsZero() { // an object without audit fields
		return a
	}
	if c.stale(o, id) {
		return preconditionFailed()
	}
	since, err := http.ParseTime(c.header.Get("If-Modified-Since"))
	if err == nil && !at.After(since) || c.names("If-None-Match", c.etag(o, id)) {
		a = answer{status: http.StatusNotModified}
	}
	if tag := c.etag(o, id); tag != "" {
		a = a.with("ETag", tag)
	}
	return a.with("Last-Modified", at.UTC().Format(http.TimeFormat))
}

// stale tells whether the request goes by an older state of the record than it is in.
func (c *call) stale(o *store.Object, id store.ID) bool {
	until, err := http.ParseTime(c.header.Get("If-Unmodified-Since"))
	if err == nil && o.Modified(id).After(until) {
		return true
	}
	return c.header.Get("If-Match") != "" && !c.names("If-Match", c.etag(o, id))
}

func preconditionFailed() answer {
	return failure(http.StatusPreconditionFailed, "PRECONDITION_FAILED", "The precondition was not met")
}

// names tells whether a header lists a tag, or all of them.
func (c *call) names(header, tag string) bool {
	if tag == "" {
		return false
	}
	for one := range strings.SplitSeq(c.header.Get(header), ",") {
		if one = strings.TrimSpace(one); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// etag changes with every value of an account; "" for every other object.
func (c *call) etag(o *store.Object, id store.ID) string {
	if o.Name != "Account" {
		return ""
	}
	values, _ := c.org.Get(o, id.String())
	var lines []string
	for name, v := range values {
		lines = append(lines, fmt.Sprintf("%s=%q", name, v))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return `"` + base64.StdEncoding.EncodeToString(sum[:]) + `"`
}
