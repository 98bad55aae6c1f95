package dashboard

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lockstep/internal/dashboard/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }

//go:embed testdata/world.sql
var world string

// addresses are every page, one of each kind where there are many.
func addresses() []string {
	all := []string{"/login", "/runs/20260302T083000Z-large0", "/history?since=never"}
	for _, p := range pages {
		if !strings.Contains(p.path, "{") {
			all = append(all, p.path)
		}
	}
	return all
}

// Every page loads in Chromium, light and dark, wide and 400 pixels narrow: nothing in the console, no request to another
// host, nothing to scroll sideways for, nothing serious for axe.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t, world)})
	shots := os.Getenv("LOCKSTEP_SHOTS") // a folder for pictures, to be looked at
	for _, o := range []browser.Options{{}, {Dark: true, Width: 400}} {
		t.Run(fmt.Sprintf("dark %v, width %d", o.Dark, o.Width), func(t *testing.T) {
			t.Parallel()
			tab := browser.Open(t, o)
			for _, address := range addresses() {
				status := tab.Go(s.url + address)
				if want := expected(address); status != want {
					t.Errorf("%s: status %d, want %d", address, status, want)
				}
				if status != 200 {
					tab.Forgive() // Chromium writes the status into the console
				}
				if n := tab.Wider(); n > 0 {
					t.Errorf("%s is %d pixels wider than the window", address, n)
				}
				for _, v := range tab.Axe() {
					t.Errorf("%s: %s", address, v)
				}
				if shots != "" {
					name := strings.NewReplacer("/", "_", "?", "_", "=", "_").Replace(address)
					tab.Shot(filepath.Join(shots, fmt.Sprintf("%s-%v-%d.png", name, o.Dark, o.Width)))
				}
			}
		})
	}
}

func expected(address string) int {
	switch address {
	case "/history?since=never":
		return 400
	}
	return 200
}
