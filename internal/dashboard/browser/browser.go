// Package browser opens the page in a real Chromium, for tests. No program imports it.
//
// One Chromium serves all tests of a process; each test has a tab of its own, with its own cookies. Whatever a tab does, its
// test fails when the console has an error, when a script throws, or when a request leaves this machine.
//
// axe.min.js is axe-core 4.14.1 as npm has it (Deque Systems, MPL 2.0, see its first lines); it runs in tests only and is no
// part of the program.
package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var axe string

// patience is how long one step of a tab may take; a step is well under a second where nothing else runs.
const patience = 60 * time.Second

// one is the process's Chromium.
var one struct {
	sync.Mutex
	context context.Context
	end     func()
}

// Run runs a package's tests and ends the Chromium that they used; TestMain calls it.
func Run(m *testing.M) int {
	code := m.Run()
	one.Lock()
	defer one.Unlock()
	if one.end != nil {
		one.end()
	}
	return code
}

// chromium starts it with the first tab.
func chromium(t testing.TB) context.Context {
	t.Helper()
	one.Lock()
	defer one.Unlock()
	if one.context != nil {
		return one.context
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("no chromium on this machine: %v\nhint: apt-get install chromium", err)
	}
	dir, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true))
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	first, stop := chromedp.NewContext(allocated)
	if err := chromedp.Do(first); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	one.context = first
	one.end = func() {
		stop()
		cancel()
		_ = os.RemoveAll(dir)
	}
	return first
}

// Options are how a tab looks at the page.
type Options struct {
	Width int // in CSS pixels; 0: 1280
	Dark  bool
}

// Tab is one tab.
type Tab struct {
	t       testing.TB
	context context.Context

	mu   sync.Mutex
	host string
	told []string // what must not happen
}

// Open opens a tab, which closes with its test.
func Open(t testing.TB, o Options) *Tab {
	t.Helper()
	c, cancel := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	b := &Tab{t: t, context: c}
	if err := chromedp.Listen(c, b.listen); err != nil {
		t.Fatal(err)
	}
	b.Look(o)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, console := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		_, requests := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return errors.Join(console, requests)
	}))
	t.Cleanup(func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.told {
			t.Error(s)
		}
	})
	return b
}

// Look makes the tab look at its page in another way, without loading it again.
func (b *Tab) Look(o Options) {
	b.t.Helper()
	if o.Width == 0 {
		o.Width = 1280
	}
	scheme := map[bool]string{false: "light", true: "dark"}[o.Dark]
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	b.do(chromedp.EmulateViewport(int64(o.Width), 900), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// Usable is what keeps people from using the page that is shown, light and dark, wide and 400 pixels narrow: something to
// scroll sideways for, something serious for axe, a table whose columns have no heads or
// that has no name. shots, if it is not empty, is the beginning of the names of four pictures.
func (b *Tab) Usable(shots string) (found []string) {
	b.t.Helper()
	for _, o := range []Options{{}, {Dark: true}, {Width: 400}, {Width: 400, Dark: true}} {
		b.Look(o)
		if n := b.Wider(); n > 0 {
			found = append(found, fmt.Sprintf("dark %v, width %d: %d pixels wider than the window", o.Dark, o.Width, n))
		}
		if o.Dark == (o.Width > 0) { // both schemes, and both widths: what axe finds in one of the others it finds in these
			found = append(found, b.Axe()...)
		}
		if shots != "" {
			b.Shot(fmt.Sprintf("%s-%v-%d.png", shots, o.Dark, o.Width))
		}
	}
	b.Look(Options{})
	return append(found, Ask[[]string](b, `[...document.querySelectorAll('table')].filter(t => !t.querySelector('th') || t.querySelector('th:not([scope])') || !t.closest('[role=region][aria-label]'))
		.map(t => 'a table without heads, or without a name: ' + t.innerText.slice(0, 60))`)...)
}

// listen notes what must not happen.
func (b *Tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.told = append(b.told, "a script threw: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.told = append(b.told, fmt.Sprintf("a script wrote to the console: %s", e.Type))
	case *log.EventEntryAdded:
		b.told = append(b.told, fmt.Sprintf("the console has: %s %v", e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Host != b.host {
			b.told = append(b.told, "a request left the page's host: "+e.Request.URL)
		}
	}
}

// Forgive takes back what the console said so far, and returns it: for a test that goes where it must not get.
func (b *Tab) Forgive() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	told := b.told
	b.told = nil
	return told
}

func (b *Tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	c, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	if err := chromedp.Do(c, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// got is what an action returns.
func got[T any](b *Tab, action chromedp.Action[T]) T {
	b.t.Helper()
	c, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	v, err := chromedp.Run(c, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// Go loads an address, and returns the answer's status.
func (b *Tab) Go(address string) int {
	b.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.host = u.Host
	b.mu.Unlock()
	return b.led(chromedp.Navigate(address))
}

// Click clicks what a CSS selector finds first, waits for the page that it leads to, and returns the answer's status.
func (b *Tab) Click(selector string) int {
	b.t.Helper()
	return b.led(chromedp.Click(chromedp.CSS(selector)))
}

func (b *Tab) led(to chromedp.Action[chromedp.Void]) int {
	b.t.Helper()
	c, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(c, to)
	if err != nil {
		b.t.Fatal(err)
	}
	if answer == nil { // to another place of the same page
		return 200
	}
	return int(answer.Status)
}

// Fill types into a field.
func (b *Tab) Fill(selector, text string) {
	b.t.Helper()
	Ask[string](b, `document.querySelector(`+quote(selector)+`).value = ""`)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose sets a field to one of its options.
func (b *Tab) Choose(selector, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
}

// Press presses a key on what has the focus: kb.Tab and the like.
func (b *Tab) Press(key string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key))
}

// Text is what a reader sees of the element that a CSS selector finds first.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	return got(b, chromedp.Text(chromedp.CSS(selector)))
}

// Count is how many elements a CSS selector finds.
func (b *Tab) Count(selector string) int {
	b.t.Helper()
	return Ask[int](b, `document.querySelectorAll(`+quote(selector)+`).length`)
}

// Ask is the value of an expression in the page.
func Ask[T any](b *Tab, expression string) T {
	b.t.Helper()
	return got(b, chromedp.Evaluate[T](expression))
}

// Axe is what axe-core finds wrong with the page that is shown, serious or critical: the rule, what it says and where.
func (b *Tab) Axe() (found []string) {
	b.t.Helper()
	var all []struct {
		ID, Impact, Help string
		Nodes            []struct {
			Target         []any
			FailureSummary string
		}
	}
	if !Ask[bool](b, `typeof axe === 'object'`) {
		b.do(chromedp.Evaluate[chromedp.Void](axe))
	}
	text := got(b, chromedp.Evaluate[string](
		`axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range all {
		if v.Impact != "serious" && v.Impact != "critical" {
			continue
		}
		for _, n := range v.Nodes {
			found = append(found, fmt.Sprintf("%s (%s): %s at %v: %s", v.ID, v.Impact, v.Help, n.Target, strings.Join(strings.Fields(n.FailureSummary), " ")))
		}
	}
	return found
}

// Wider is by how many pixels the page is wider than its window: 0 when nobody has to scroll sideways.
func (b *Tab) Wider() int {
	b.t.Helper()
	return Ask[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// Shot writes a picture of the whole page, PNG.
func (b *Tab) Shot(path string) {
	b.t.Helper()
	if err := os.WriteFile(path, got(b, chromedp.FullScreenshot(100)), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// quote is a text as JavaScript writes it.
func quote(text string) string {
	out, _ := json.Marshal(text) // a text is always one
	return string(out)
}
