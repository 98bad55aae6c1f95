package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// attempt is one request and what came of it.
type attempt struct {
	ok       bool
	response Response
	verdict  Verdict // when not ok
	cause    error   // context.Canceled, context.DeadlineExceeded, or nil
	left     bool    // the request's header was written to a connection
	answered bool    // a whole answer came back, good or bad
}

// mayHaveLanded: the server may have done what was asked, and has not said that it did not. A
// whole 4xx is such a word, except 408.
func (a attempt) mayHaveLanded() bool {
	refused := a.answered && a.response.Status >= 300 && a.response.Status < 500 && a.response.Status != http.StatusRequestTimeout
	return a.left && !refused
}

func (c *Client) attempt(ctx context.Context, r Request, token Token, n int) (a attempt) {
	ready := c.o.Now()
	for _, pacer := range c.o.Pace(r.Endpoint) {
		done, err := pacer(ctx)
		if err != nil {
			return a.broken(faultOf(err))
		}
		defer done()
	}
	held := c.o.Now().Sub(ready)
	timeout := r.Timeout
	if timeout == 0 {
		timeout = c.o.Timeout
	}
	timed, cancel := c.deadline(ctx, timeout)
	defer cancel()
	var left atomic.Bool // the transport writes from its own goroutine
	timed = httptrace.WithClientTrace(timed, &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }})
	if c.o.Auth != nil {
		timed = withToken(timed, token.Bearer)
	}
	request, err := c.request(timed, r, token)
	if err != nil {
		return a.broken(&fault{words: err.Error(), fatal: true})
	}

	sent := c.o.Now()
	res, err := c.http.Do(request)
	var body []byte
	if err == nil {
		body, err = io.ReadAll(res.Body)
		_ = res.Body.Close() // read to the end or broken: nothing more to learn
		a.response = Response{Status: res.StatusCode, Header: res.Header, Body: body}
	}
	received := c.o.Now()
	a.left, a.answered = left.Load(), err == nil

	switch {
	case err != nil:
		f := faultOf(err)
		if errors.Is(context.Cause(timed), context.DeadlineExceeded) && ctx.Err() == nil {
			f = &fault{words: fmt.Sprintf("no answer within %s", timeout), cause: context.DeadlineExceeded}
		} else if !a.left {
			f = &fault{words: "cannot connect to " + request.URL.Host + ": " + f.words, cause: f.cause, fatal: f.fatal}
		}
		a = a.broken(f)
	default:
		a = c.judge(a, r)
	}
	if date, err := http.ParseTime(a.response.Header.Get("Date")); err == nil {
		c.o.Meter.date(date, sent, received)
	}
	if a.response.Header != nil {
		c.o.Observe(a.response.Header, received, c.o.Meter)
	}
	a.verdict = a.verdict.clean(append(c.o.Secrets, token.Bearer)...)
	c.meter(a, r, n, held, received.Sub(sent))
	return a
}

// request builds the HTTP request, without the token.
func (c *Client) request(ctx context.Context, r Request, token Token) (*http.Request, error) {
	base := c.o.BaseURL
	if token.BaseURL != "" {
		checked, err := checkBase(token.BaseURL)
		if err != nil {
			return nil, err
		}
		base = checked
	}
	if !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") {
		// A next-page link with a host in it would carry the token there.
		return nil, errors.New("the path of the call does not start with one slash")
	}
	target := base + r.Path
	if len(r.Query) > 0 {
		separator := "?"
		if strings.Contains(r.Path, "?") {
			separator = "&"
		}
		target += separator + r.Query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader(r.Body))
	if err != nil {
		return nil, errors.New("the call does not make a URL") // err would quote it
	}
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	request.Header.Set("User-Agent", "lockstep")
	request.Header.Set("Accept", r.accept())
	if len(r.Body) > 0 {
		kind := r.ContentType
		if kind == "" {
			kind = "application/json"
		}
		request.Header.Set("Content-Type", kind)
	}
	return request, nil
}

func (r Request) accept() string {
	if r.Accept == "" {
		return "application/json"
	}
	return r.Accept
}

// judge tells a good answer from a bad one and from half of one.
func (c *Client) judge(a attempt, r Request) attempt {
	status, body := a.response.Status, a.response.Body
	good := status >= 200 && status < 300 || status == http.StatusNotModified
	claims := isJSON(a.response.Header.Get("Content-Type"))
	empty := len(bytes.TrimSpace(body)) == 0
	mayBeEmpty := !good || r.NoBody || status == http.StatusNoContent || status == http.StatusNotModified

	switch {
	case empty && mayBeEmpty:
	case empty && isJSON(r.accept()):
		return a.garbled("an empty answer where JSON was due")
	case good && isHTML(a.response.Header, body) && !strings.Contains(r.accept(), "html"):
		return a.garbled("an HTML page in place of an answer")
	case claims && !json.Valid(body), good && isJSON(r.accept()) && !json.Valid(body):
		return a.garbled("half a JSON")
	}
	if good {
		a.ok = true
		return a
	}
	v := c.o.Classify(status, a.response.Header, body)
	if v.Kind == "" {
		v.Kind = ByStatus(status)
	}
	if v.Detail == "" && v.Code == "" {
		switch {
		case status < 400 && a.response.Header.Get("Location") != "":
			v.Detail = "a redirect to another address"
		case isHTML(a.response.Header, body):
			v.Detail = "an HTML page in place of an answer"
		}
	}
	if after := retryAfter(a.response.Header, c.o.Now()); after > v.Wait {
		v.Wait = after
	}
	a.verdict = v
	return a
}

// broken is an attempt without a whole answer.
func (a attempt) broken(f *fault) attempt {
	a.ok, a.cause = false, f.cause
	a.response.Status = 0
	a.verdict = Verdict{Kind: Retry, Detail: f.words}
	if f.fatal {
		a.verdict.Kind = Stop
	}
	return a
}

// garbled is a whole answer that makes no sense. Whatever its status was, it is no word of the
// server's that nothing was done.
func (a attempt) garbled(words string) attempt {
	a.ok, a.answered = false, false
	a.verdict = Verdict{Kind: Retry, Detail: words}
	return a
}

func (c *Client) meter(a attempt, r Request, n int, held, took time.Duration) {
	if a.left {
		calls := Calls{Endpoint: r.Endpoint, Calls: 1, Sent: int64(len(r.Body)), Received: int64(len(a.response.Body)), Held: held, Took: took}
		if n > 1 {
			calls.Retries = 1
		}
		if !a.ok {
			calls.Failed = 1
		}
		c.o.Meter.count(calls)
	}
	c.o.Log.Debug().Str("system", string(c.o.System)).Str("method", r.Method).Str("endpoint", r.Endpoint).
		Int("status", a.response.Status).Str("code", a.verdict.Code).Int("attempt", n).
		Int("bytes", len(a.response.Body)).Dur("took", took).Msg("call")
}

func isJSON(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

func isHTML(h http.Header, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 256)]))
	return kind == "text/html" || bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// retryAfter reads Retry-After, seconds or a date (RFC 9110 §10.2.3); 0 when absent or unreadable.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < 1e6 {
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
