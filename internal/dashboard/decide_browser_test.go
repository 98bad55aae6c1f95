package dashboard

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lockstep/internal/dashboard/browser"
)

// The pages of decisions and actions, in Chromium, logged in, over a world whose every value is markup: nothing of it runs,
// nothing is wider than the window, nothing serious for axe. A button does what it says and comes back with what was done.
func TestDecisionsInChromium(t *testing.T) {
	t.Parallel()
	shots := os.Getenv("LOCKSTEP_SHOTS") // a folder for pictures, to be looked at
	for _, o := range []browser.Options{{}, {Dark: true, Width: 400}} {
		t.Run(fmt.Sprintf("dark %v, width %d", o.Dark, o.Width), func(t *testing.T) {
			t.Parallel()
			s, f := waitingSite(t)
			tab := browser.Open(t, o)
			tab.Go(s.url + "/login")
			tab.Fill("input[name=token]", token)
			tab.Click("main button")
			for _, address := range acted {
				if status := tab.Go(s.url + address); status != 200 {
					t.Errorf("%s: status %d", address, status)
				}
				if n := tab.Wider(); n > 0 {
					t.Errorf("%s is %d pixels wider than the window", address, n)
				}
				for _, v := range tab.Axe() {
					t.Errorf("%s: %s", address, v)
				}
				if shots != "" {
					name := strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(address)
					tab.Shot(filepath.Join(shots, fmt.Sprintf("act%s-%v-%d.png", name, o.Dark, o.Width)))
				}
			}
			tab.Go(s.url + "/decide")
			tab.Click(`form[action="/do/resolve"] button[value=salesforce]`)
			if got := strings.Join(f.asked, "|"); got != "take contact 101 jobtitle salesforce" && got != "take contact 101 phone salesforce" {
				t.Errorf("a click asked for %q", got)
			}
			if told := tab.Text("[role=status]"); !strings.Contains(told, "done: "+evil) {
				t.Errorf("it says %q", told)
			}
		})
	}
}
