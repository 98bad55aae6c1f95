package salesforce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// call is one request being answered: from a client, or inside a composite one.
type call struct {
	*Server
	method  string
	path    []string // segments, unescaped
	query   url.Values
	header  http.Header
	body    []byte
	host    string // http://127.0.0.1:1234, what instance_url says
	badURL  bool
	version string // "60.0"
	user    store.ID
	crowded bool   // too many long calls are under way
	counted bool   // a call against the daily limit, and answered with its header
	inside  bool   // a sub-request of /composite
	key     string // of a SOAP call: its access token
	tx      *store.Tx
	ordered *refusals // nil: none
	details bool      // tell what the records are that a duplicate rule found
}

func newCall(s *Server, r *http.Request, body []byte) *call {
	c := &call{Server: s, method: r.Method, header: r.Header, body: body, host: "http://" + r.Host, ordered: refusalsOf(r)}
	if r.TLS != nil {
		c.host = "https://" + r.Host
	}
	if c.method == http.MethodHead {
		c.method = http.MethodGet
	}
	c.setURL(r.URL.EscapedPath(), r.URL.RawQuery)
	return c
}

// setURL splits a path; doubled slashes collapse, as the real servers let them.
func (c *call) setURL(path, query string) {
	for _, part := range strings.Split(path, "/") {
		if part == "" {
			continue
		}
		plain, err := url.PathUnescape(part)
		c.badURL = c.badURL || err != nil
		c.path = append(c.path, plain)
	}
	var err error
	c.query, err = url.ParseQuery(query)
	c.badURL = c.badURL || err != nil
}

const (
	oldestVersion = 31 // those before were retired in 2025
	newestVersion = 68
)

// setVersion reads "v60.0".
func (c *call) setVersion(segment string) bool {
	n, err := strconv.ParseFloat(strings.TrimPrefix(segment, "v"), 64)
	if err != nil || !strings.HasPrefix(segment, "v") || n != float64(int(n)) || n < oldestVersion || n > newestVersion {
		return false
	}
	c.version = fmt.Sprintf("%.1f", n)
	return true
}

// retired tells whether a version was there once.
func retired(segment string) bool {
	n, err := strconv.ParseFloat(strings.TrimPrefix(segment, "v"), 64)
	return err == nil && strings.HasPrefix(segment, "v") && n == float64(int(n)) && n > 0 && n < oldestVersion
}

// before tells whether the call is of an API version older than n.
func (c *call) before(n int) bool {
	v, _ := strconv.ParseFloat(c.version, 64)
	return v < float64(n)
}

// base is what urls inside answers begin with.
func (c *call) base() string { return "/services/data/v" + c.version }

// only refuses query parameters that the resource does not have. Salesforce ignores most of those;
// a simulator that did would hide a misspelt one.
func (c *call) only(names ...string) (answer, bool) {
	for name := range c.query {
		if !slices.Contains(names, name) {
			return failure(http.StatusBadRequest, "INVALID_QUERY_PARAMETER", "Unexpected parameter: %s", name), false
		}
	}
	return answer{}, true
}

// object reads the body as one JSON object with numbers kept as written. When members are named, others
// are refused.
func (c *call) object(members ...string) (map[string]any, answer, bool) {
	if kind, _, err := mime.ParseMediaType(c.header.Get("Content-Type")); !c.inside && (err != nil || kind != "application/json") {
		return nil, failure(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Content-Type header specified in HTTP request is not supported: %s", c.header.Get("Content-Type")), false
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	err := d.Decode(&out)
	if err == nil {
		end := d.InputOffset()
		if _, more := d.Token(); more != io.EOF {
			err = &trailing{end}
		}
	}
	if err != nil || out == nil {
		return nil, unreadable(c.body, err), false
	}
	if len(members) > 0 {
		for name := range out {
			if !slices.Contains(members, name) {
				return nil, failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Unrecognized field %q, not marked as ignorable at [line:1, column:1]", name), false
			}
		}
	}
	return out, answer{}, true
}

// transaction is where the call's writes go: its own, or that of the composite request around it.
func (c *call) transaction() *store.Tx {
	if c.tx == nil {
		c.tx = c.org.Begin(c.user)
		if c.options.Holding != nil {
			c.tx.NoteHeld()
		}
	}
	return c.tx
}

// encode writes JSON without escaping <, > and &.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // only our own maps and structs come here
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func ok(v any) answer { return answer{status: http.StatusOK, body: encode(v)} }
