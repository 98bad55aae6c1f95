package sandbox

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lockstep/internal/crm"
)

// gate stands before one CRM's simulator: it counts, tells the watcher, sets the Date header, and
// strikes with the faults that are due.
type gate struct {
	system crm.System
	inner  http.Handler
	admin  http.Handler
	faults *Faults
	calls  *counter
	watch  *watcher
	now    func() time.Time
	pause  func(context.Context, time.Duration) error // between the chunks of a slow body

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	ended   context.Context // ends with close: lets hanging requests go
	end     context.CancelFunc
}

// enter registers a request; false after close.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

// close lets no more requests in and hanging ones go. Wait for g.running afterwards.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		g.end()
	}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.enter() {
		panic(http.ErrAbortHandler)
	}
	defer g.running.Done()
	if strings.HasPrefix(r.URL.Path, adminPath) {
		g.admin.ServeHTTP(w, r)
		return
	}
	fault, onTop := g.faults.due(g.system, r)
	w.Header().Set("Date", g.now().Add(skewOf(onTop)).UTC().Format(http.TimeFormat))
	endpoint := endpointOf(r)
	g.calls.add(g.system, endpoint, fault.Kind != "")
	event := Event{System: g.system, Method: r.Method, Path: r.URL.Path, Endpoint: endpoint, Fault: fault.Kind}
	watched := g.watch.arrived(&event)

	if fault.Kind == "" && !watched && !slices.ContainsFunc(onTop, func(f Fault) bool { return f.Kind != Skew }) {
		g.inner.ServeHTTP(w, r) // the common case is not buffered
		return
	}
	held := &heldAnswer{header: w.Header()}
	g.work(held, r, fault, event.Seq)
	event.Status = held.status
	g.watch.answered(event)
	var slow Fault
	for _, f := range onTop {
		switch f.Kind {
		case TextErrors, NoCategory:
			held.twist(f.Kind, g.now())
		case Slow:
			slow = f
		}
	}
	g.deliver(w, r, held, fault.Kind, slow)
}

// skewOf sums what is added to the Date header.
func skewOf(onTop []Fault) (skew time.Duration) {
	for _, f := range onTop {
		skew += f.Skew
	}
	return skew
}

// work has the request answered into held: by the simulator, or in its place.
func (g *gate) work(held *heldAnswer, r *http.Request, fault struck, seq int) {
	switch {
	case fault.Kind != "" && fault.Kind.inPlace():
		refuse(held, g.system, fault.Fault, r.URL.Path, seq)
	case fault.Kind == Hang:
	default:
		if s, can := g.inner.(interface{ ExpireSessions() }); can && fault.Kind == Expired {
			s.ExpireSessions()
		}
		if fault.Kind != "" {
			r = r.WithContext(fault.orders(r.Context(), g.system))
		}
		g.inner.ServeHTTP(held, r)
		if held.status == 0 {
			held.status = http.StatusOK
		}
		if fault.Kind == Pending {
			held.twist(Pending, g.now())
		}
	}
	// A server only notices that its client has given up once the body is read.
	_, _ = io.Copy(io.Discard, r.Body)
}

// deliver sends what was answered, or does not, as the kind has it; slowly if slow is a fault.
func (g *gate) deliver(w http.ResponseWriter, r *http.Request, held *heldAnswer, kind Kind, slow Fault) {
	switch kind {
	case Hang, HangAfter:
		select {
		case <-r.Context().Done():
		case <-g.ended.Done():
		}
		panic(http.ErrAbortHandler)
	case LostAnswer:
		panic(http.ErrAbortHandler)
	case Reset:
		held.reset(w)
		return
	case Truncated:
		held.header.Del("Content-Length")
		half := held.body.Len() / 2
		held.body.Truncate(half)
	}
	w.WriteHeader(held.status)
	if slow.Kind == "" {
		_, _ = w.Write(held.body.Bytes()) // the client may have gone: its own affair
		return
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	defer context.AfterFunc(g.ended, stop)()
	dribble(ctx, w, held.body.Bytes(), slow, g.pause)
}

// heldAnswer keeps an answer back until the watcher has been told and the fault has had its way.
type heldAnswer struct {
	header http.Header // the real response's own
	status int         // 0: nobody answered
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header { return h.header }

func (h *heldAnswer) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *heldAnswer) Write(p []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(p)
}

// reset sends the head and half of the body, then resets the connection.
func (h *heldAnswer) reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // not a plain TCP connection: closing it is the nearest thing
	}
	defer conn.Close()
	h.header.Set("Content-Length", strconv.Itoa(h.body.Len()))
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 " + strconv.Itoa(h.status) + " " + http.StatusText(h.status) + "\r\n")
	_ = h.header.Write(&head)
	head.WriteString("\r\n")
	head.Write(h.body.Bytes()[:h.body.Len()/2])
	_, _ = conn.Write(head.Bytes())
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // close then sends a reset in place of a proper end
	}
}
