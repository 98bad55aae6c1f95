package dashboard

import (
	"strings"
	"testing"

	"lockstep/internal/dashboard/browser"
)

// The pages of decisions and actions, in Chromium, logged in, over a world whose every value is markup: nothing of it runs,
// nothing is wider than the window, nothing serious for axe. A button does what it says and comes back with what was done.
func TestDecisionsInChromium(t *testing.T) {
	t.Parallel()
	s, f := waitingSite(t)
	tab := browser.Open(t, browser.Options{})
	tab.Go(s.url + "/login")
	tab.Fill("input[name=token]", token)
	tab.Click("main button")
	for _, address := range acted {
		if status := tab.Go(s.url + address); status != 200 {
			t.Errorf("%s: status %d", address, status)
		}
		if address == "/mappings" { // eight tables of the kind that the one of contacts is
			continue
		}
		for _, found := range tab.Usable(pictures("act", address)) {
			t.Errorf("%s: %s", address, found)
		}
	}
	tab.Look(browser.Options{Width: 400})
	tab.Go(s.url + "/decide")
	tab.Click(`form[action="/do/resolve"] button[value=salesforce]`)
	if got := strings.Join(f.asked, "|"); got != "take contact 101 jobtitle salesforce" && got != "take contact 101 phone salesforce" {
		t.Errorf("a click asked for %q", got)
	}
	if told := tab.Text("[role=status]"); !strings.Contains(told, "done: "+evil) {
		t.Errorf("it says %q", told)
	}
}
