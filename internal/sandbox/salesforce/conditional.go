package salesforce

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

// condition holds a record against the conditional headers of a request. stop tells that the answer is all there
// is to say; else it carries what a client needs for its next condition: Last-Modified, and on accounts, which
// alone have one, an ETag. A header that cannot be read is refused.
// REST API Developer Guide, intro_rest_conditional_requests.
func (c *call) condition(o *store.Object, id store.ID) (a answer, stop bool) {
	reads := c.method == http.MethodGet
	unmet := failure(http.StatusPreconditionFailed, "PRECONDITION_FAILED", "The precondition was not met")
	same := answer{status: http.StatusNotModified}
	if at := o.Modified(id); !at.IsZero() { // zero: an object without audit fields
		stamp := at.UTC().Format(http.TimeFormat)
		a, same = a.with("Last-Modified", stamp), same.with("Last-Modified", stamp)
		for name, refuse := range map[string]func(time.Time) bool{
			"If-Modified-Since": func(t time.Time) bool { return !at.After(t) }, "If-Unmodified-Since": at.After,
		} {
			text := c.header.Get(name)
			if text == "" {
				continue
			}
			t, err := http.ParseTime(text)
			switch {
			case err != nil:
				return failure(http.StatusBadRequest, "INVALID_HEADER", "The value of %s is not a date: %s", name, text), true
			case !refuse(t):
			case name == "If-Modified-Since" && reads:
				return same, true
			default:
				return unmet, true
			}
		}
	}
	if o.Name != "Account" {
		return a, false
	}
	tag := c.etag(o, id)
	a, same = a.with("ETag", tag), same.with("ETag", tag)
	if want := c.header.Get("If-Match"); want != "" && !tagged(want, tag) {
		return unmet, true
	}
	if not := c.header.Get("If-None-Match"); not != "" && tagged(not, tag) {
		if reads {
			return same, true
		}
		return unmet, true
	}
	return a, false
}

// tagged tells whether a list of tags, weak ones among them, holds one, or is *.
func tagged(list, tag string) bool {
	for _, t := range strings.Split(list, ",") {
		t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
		if t == "*" || strings.TrimSuffix(strings.Trim(t, `"`), "--gzip") == strings.Trim(tag, `"`) {
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
