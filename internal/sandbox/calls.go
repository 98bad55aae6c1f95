package sandbox

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"lockstep/internal/crm"
)

// Calls is how often one endpoint of one CRM was asked.
type Calls struct {
	System   crm.System
	Endpoint string // "POST /crm/objects/{version}/contacts/search": no ids, no values
	Requests int    // that arrived, struck by a fault or not
	Struck   int    // of those, the ones a fault other than skew struck
}

// counter counts requests per endpoint. It is safe for concurrent use.
type counter struct {
	mu    sync.Mutex
	calls map[call]*Calls
}

type call struct {
	system   crm.System
	endpoint string
}

func (c *counter) add(system crm.System, endpoint string, struck bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[call]*Calls{}
	}
	key := call{system, endpoint}
	if c.calls[key] == nil {
		c.calls[key] = &Calls{System: system, Endpoint: endpoint}
	}
	c.calls[key].Requests++
	if struck {
		c.calls[key].Struck++
	}
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = nil
}

// all is every endpoint asked, by system and endpoint.
func (c *counter) all() []Calls {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Calls, 0, len(c.calls))
	for _, n := range c.calls {
		all = append(all, *n)
	}
	slices.SortFunc(all, func(a, b Calls) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return all
}

// count sums the requests to a system's endpoints that contain part.
func (c *counter) count(system crm.System, part string) int {
	n := 0
	for _, calls := range c.all() {
		if calls.System == system && strings.Contains(calls.Endpoint, part) {
			n += calls.Requests
		}
	}
	return n
}

var (
	versionSegment = regexp.MustCompile(`^(v\d+(\.\d+)?|20\d\d-\d\d)$`)
	// A Salesforce id or cursor (01g…-2000), a HubSpot id, or a key value such as an e-mail address.
	idSegment = regexp.MustCompile(`^(\d[0-9A-Za-z]{14}(...)?(-\d+)?|[0-9]+|.*@.*)$`)
)

// endpointOf is the request's method and path with versions and ids blanked out.
func endpointOf(r *http.Request) string {
	segments := strings.Split(r.URL.Path, "/")
	for i, s := range segments {
		switch {
		case versionSegment.MatchString(s):
			segments[i] = "{version}"
		case idSegment.MatchString(s):
			segments[i] = "{id}"
		}
	}
	return r.Method + " " + strings.Join(segments, "/")
}
