package dashboard

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"lockstep/internal/dashboard/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }

//go:embed testdata/world.sql
var world string

// addresses are every page, one of each kind where there are many.
func addresses() []string {
	all := []string{"/login", "/runs/20260302T083000Z-large0", "/runs/20260302T080000Z-shadow", "/runs?state=failed", "/history?record=10000003", "/history?since=never"}
	for _, p := range pages {
		if !strings.Contains(p.path, "{") {
			all = append(all, p.path)
		}
	}
	return all
}

// pictures is where pictures of a page go, to be looked at: LOCKSTEP_SHOTS is their folder; empty: none are taken.
func pictures(kind, address string) string {
	folder := os.Getenv("LOCKSTEP_SHOTS")
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, kind+strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(address))
}

// Every page loads in Chromium, light and dark, wide and 400 pixels narrow: nothing in the console, no request to another
// host, nothing to scroll sideways for, nothing serious for axe.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	tab := browser.Open(t, browser.Options{})
	for _, address := range addresses() {
		status := tab.Go(s.url + address)
		if want := expected(address); status != want {
			t.Errorf("%s: status %d, want %d", address, status, want)
		}
		if status != 200 {
			tab.Forgive() // Chromium writes the status into the console
		}
		for _, found := range tab.Usable(pictures("page", address)) {
			t.Errorf("%s: %s", address, found)
		}
	}
	for _, outcome := range outcomes {
		at := "/runs/20260302T083000Z-large0"
		if outcome == "planned" {
			at = "/runs/20260302T080000Z-shadow"
		}
		if _, text := s.get(at); !strings.Contains(text, `?outcome=`+outcome+`"`) {
			t.Errorf("%s has no change that ended as %s: the world has none, so nobody has looked at it", at, outcome)
		}
	}
}

// By keyboard: the first stop leads past the menu, every stop after it is seen to have the focus, and none is a trap.
func TestKeyboardInChromium(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	tab := browser.Open(t, browser.Options{})
	tab.Go(s.url + "/health")
	tab.Press(kb.Tab)
	if got := browser.Ask[string](tab, `document.activeElement.className + " " + (document.activeElement.getBoundingClientRect().left >= 0)`); got != "skip true" {
		t.Fatalf("the first stop is %q, want the link past the menu, in sight", got)
	}
	tab.Press(kb.Enter)
	if got := browser.Ask[string](tab, `document.activeElement.id || location.hash`); got != "content" && got != "#content" {
		t.Errorf("it leads to %q", got)
	}
	var stops []string
	want := []string{"Decide solid", "category solid", "entity solid", "system solid", "Show solid", "csv solid", "scroll solid"}
	for range want {
		tab.Press(kb.Tab)
		stops = append(stops, browser.Ask[string](tab, `(e => (e.name || e.className || e.textContent) + " " + getComputedStyle(e).outlineStyle)(document.activeElement)`))
	}
	for i, stop := range stops {
		if stop != want[i] {
			t.Errorf("stops after it are %q, want %q", stops, want)
			break
		}
	}
}

func expected(address string) int {
	switch address {
	case "/history?since=never":
		return 400
	}
	return 200
}
