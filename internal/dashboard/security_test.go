package dashboard

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What somebody typed into a CRM comes out as text, on every page and in every table.
func TestMarkupIsText(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	for _, path := range []string{
		"/", "/runs", "/runs/20260302T083000Z-large0?outcome=refused", "/history?outcome=refused",
		"/history?text=%3Cscript%3Ealert(1)%3C/script%3E", `/history?record=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`, "/runs?pipeline=%22onfocus=alert(1)%20x=%22",
		"/login?next=javascript:alert(1)", "/nowhere/%3Cscript%3Ealert(1)%3C/script%3E",
	} {
		_, text := s.get(path)
		for _, bad := range []string{"<script", "<img src=x", "<svg onload", "<b>2026", `"onfocus`, "javascript:"} {
			if strings.Contains(text, bad) {
				t.Errorf("GET %s holds %s", path, bad)
			}
		}
	}
	if text := s.page("/history?outcome=refused"); !strings.Contains(text, "&lt;img src=x onerror=alert(2)&gt;") {
		t.Errorf("the value is not shown as it was typed:\n%s", text)
	}
}

// Nothing is kept, framed, sniffed or told to other sites, and no page may run a script.
func TestHeaders(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t)})
	for _, path := range []string{"/", "/login", "/csv/runs", "/nowhere"} {
		answer, err := s.client.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("GET %s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if strings.Contains(policy, "script-src") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy lets something run: %s", policy)
	}
}

// A name that is not the page's own is not answered: a site whose name points here reads nothing.
func TestOnlyItsOwnHost(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t), Hosts: []string{"sync.example.org"}})
	at, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{
		at.Host: 200, "localhost:" + at.Port(): 200, "sync.example.org": 200, "SYNC.example.org:443": 200, "localhost.": 200,
		"evil.example": 421, "evil.example:" + at.Port(): 421, "127.0.0.1.evil.example": 421, "localhost.evil.example": 421,
		"127.0.0.2": 421, "[::1]": 421, "0.0.0.0": 421, "sync.example.org.evil.example": 421, "2130706433": 421,
	} {
		if status, text := s.do(http.MethodGet, "/", nil, map[string]string{"Host": host}); status != want || want == 421 && strings.Contains(text, "lockstep") {
			t.Errorf("Host %s: %d, want %d", host, status, want)
		}
	}
}

// A path leads to a page or nowhere, however it is written.
func TestNoOtherFiles(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t)})
	at := strings.TrimPrefix(s.url, "http://")
	for _, path := range []string{
		"/assets/" + version + "/../../server.go", "/assets/" + version + "/..%2f..%2fserver.go", "/assets/" + version + "/%2e%2e/queries/runs.sql", "/assets/../../../etc/passwd",
		"/assets/" + version + "/", "/assets/old/style.css", "/csv/..%2fruns", "/csv/../../etc/passwd", "/csv/runs%00", "/runs/..%2f..%2fetc%2fpasswd", "/templates/layout.html", "//etc/passwd", "/.git/config",
	} {
		// Over a bare connection: a client would tidy the path up.
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, at)
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if answer.StatusCode == http.StatusOK {
			t.Errorf("GET %s is answered", path)
		}
		_ = c.Close()
	}
}

// Who forges a form gets nowhere: not from another site, not without the proof, not with that of another action or session.
func TestForgedForms(t *testing.T) {
	t.Parallel()
	did := 0
	s := served(t, Options{Source: warehoused(t), Token: token, Actions: &nobody{}})
	s.server.deeds = []deed{{"probe", func(context.Context, Actions, url.Values) (string, error) { did++; return "It is <done>.", nil }}}
	form := func(proof string) url.Values { return url.Values{"csrf": {proof}, "back": {"/runs"}} }
	if status, _ := s.post("/do/probe", form("")); status != http.StatusForbidden {
		t.Errorf("without a session: %d", status)
	}
	proof := s.login()
	session := ""
	at, _ := url.Parse(s.url)
	for _, c := range s.client.Jar.Cookies(at) {
		session = c.Value
	}
	right := s.server.sessions.sign(session, "probe")
	for name, tt := range map[string]struct {
		proof  string
		header map[string]string
	}{
		"no proof": {"", nil}, "the proof of another action": {proof, nil}, "the proof of another session": {s.server.sessions.sign("x", "probe"), nil},
		"another site, by Origin": {right, map[string]string{"Origin": "https://evil.example"}},
		"no origin at all":        {right, map[string]string{"Origin": "null"}},
		"another site, by fetch":  {right, map[string]string{"Sec-Fetch-Site": "cross-site"}},
		"a neighbour, by fetch":   {right, map[string]string{"Sec-Fetch-Site": "same-site"}},
	} {
		if status, _ := s.do(http.MethodPost, "/do/probe", form(tt.proof), tt.header); status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := s.get("/do/probe?csrf=" + right); status == http.StatusOK {
		t.Error("an action is done by a link")
	}
	if did != 0 {
		t.Errorf("something was done: %d times", did)
	}
	// The form as the page itself sends it is taken, once told, and leads back.
	if status, text := s.post("/do/probe", form(right)); status != http.StatusOK || did != 1 || !strings.Contains(text, "It is &lt;done&gt;.") || !strings.Contains(text, "<h1>Runs</h1>") {
		t.Errorf("the page's own form: %d, done %d times\n%s", status, did, text)
	}
	if strings.Contains(s.page("/runs"), "It is") {
		t.Error("told twice")
	}
}

// The token opens a session, a wrong one does not, and nobody can try many. Logging out ends it.
func TestToken(t *testing.T) {
	t.Parallel()
	at := now
	s := served(t, Options{Source: warehoused(t), Token: token, Actions: &nobody{}, Now: func() time.Time { return at }})
	for i := range 6 {
		status, text := s.post("/login", url.Values{"token": {"wrong"}})
		if want := map[bool]int{true: 403, false: 429}[i < 5]; status != want || strings.Contains(text, "wrong\"") && strings.Contains(text, `value="wrong"`) {
			t.Errorf("attempt %d: %d, want %d", i, status, want)
		}
	}
	if status, _ := s.post("/login", url.Values{"token": {token}}); status != http.StatusTooManyRequests {
		t.Errorf("the right token right after: %d", status)
	}
	at = at.Add(time.Minute)
	proof := s.login()
	u, _ := url.Parse(s.url)
	if text := s.page("/runs"); !strings.Contains(text, "Log out") {
		t.Errorf("nobody is logged in:\n%s", text)
	}
	if status, _ := s.post("/logout", url.Values{"csrf": {proof}}); status != http.StatusOK || len(s.client.Jar.Cookies(u)) != 0 {
		t.Errorf("log out: %d, cookies %v", status, s.client.Jar.Cookies(u))
	}
	s.login()
	at = at.Add(13 * time.Hour)
	if text := s.page("/runs"); strings.Contains(text, "Log out") {
		t.Error("a session outlives its day")
	}
}

// The cookie is for the server alone, and login leads to no other site.
func TestLoginLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t), Token: token})
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, next := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, "/\tx", "javascript:alert(1)", ""} {
		r, _ := http.NewRequest(http.MethodPost, s.url+"/login", strings.NewReader(url.Values{"token": {token}, "next": {next}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		s.server.sessions.logins.SetLimit(1000)
		s.server.sessions.logins.SetBurst(1000)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if to := answer.Header.Get("Location"); to != "/" {
			t.Errorf("next %q leads to %q", next, to)
		}
		c := answer.Cookies()
		if len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode || c[0].Path != "/" {
			t.Errorf("cookies %v", c)
		}
	}
}

// Beyond loopback nothing is shown before the token is given: no page, no CSV.
func TestClosed(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world), Token: token, Closed: true})
	for _, path := range []string{"/", "/runs", "/runs/20260302T083000Z-large0", "/history", "/csv/runs", "/csv/history"} {
		if _, text := s.get(path); !strings.Contains(text, "<h1>Log in</h1>") || strings.Contains(text, "nightly") {
			t.Errorf("GET %s shows what it should not:\n%s", path, text)
		}
	}
	s.login()
	if text := s.page("/runs"); !strings.Contains(text, "20260302T083000Z-large0") {
		t.Errorf("with the token:\n%s", text)
	}
}

// A body that no form of the page has is not read to its end.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t), Token: token})
	if status, _ := s.post("/login", url.Values{"token": {strings.Repeat("x", bodySize)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of %d bytes: %d", bodySize, status)
	}
	if status, _ := s.do(http.MethodGet, "/history?text="+strings.Repeat("x", 1000), nil, nil); status != http.StatusOK {
		t.Errorf("a long question: %d", status)
	}
	if status, _ := s.do(http.MethodPost, "/login", nil, map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=%zz"}); status == http.StatusOK {
		t.Errorf("a form that is none: %d", status)
	}
}

// Who sends or reads slowly is cut off, and holds up nobody meanwhile.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Source: warehoused(t), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	s.timing = timing{header: 200 * time.Millisecond, read: 300 * time.Millisecond, write: time.Second, idle: time.Second}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	var slow []net.Conn
	for _, part := range []string{"GET / HTTP/1.1\r\nHost: x\r\nX-", "POST /login HTTP/1.1\r\nHost: " + l.Addr().String() + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntoken=", ""} {
		for range 20 {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(c, part)
			slow = append(slow, c)
		}
	}
	answer, err := http.Get("http://" + l.Addr().String() + "/login")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("beside 60 slow clients: %v %v", answer, err)
	}
	_ = answer.Body.Close()
	for i, c := range slow {
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		text := make([]byte, 4096)
		for err = nil; err == nil; {
			_, err = c.Read(text)
		}
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			t.Fatalf("slow client %d is still connected", i)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Beyond loopback a token that somebody chose has to be there, and long enough.
func TestListen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		address, token string
		closed, fails  bool
	}{
		{"127.0.0.1:0", "", false, false}, {"localhost:0", "", false, false}, {"[::1]:0", "", false, false}, {"0.0.0.0:0", "", true, true}, {":0", "short", true, true},
		{"0.0.0.0:0", "sixteen or more.", true, false}, {"nothing", "", false, true},
	} {
		l, closed, err := Listen(tt.address, tt.token)
		if l != nil {
			_ = l.Close()
		} else if !tt.fails && strings.Contains(tt.address, "::1") {
			continue // a machine without IPv6
		}
		if (err != nil) != tt.fails || err == nil && closed != tt.closed {
			t.Errorf("Listen(%q, %q): closed %v, %v", tt.address, tt.token, closed, err)
		}
	}
}

// nobody carries nothing out.
type nobody struct{ fakeActions }

func (*nobody) Work() []Work { return nil }
