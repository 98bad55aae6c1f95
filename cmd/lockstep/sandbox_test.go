package main

import (
	"strings"
	"testing"

	"lockstep/internal/sandbox"
)

// TestSandboxHelpTellsWhatIsNotSimulated: whoever rehearses reads it before trusting the rehearsal.
func TestSandboxHelpTellsWhatIsNotSimulated(t *testing.T) {
	t.Parallel()
	long := newSandbox(&app{}).Long
	if !strings.Contains(long, strings.TrimSuffix(sandbox.NotSimulated(), "\n")) {
		t.Errorf("the help leaves something out:\n%s", long)
	}
	for _, line := range strings.Split(long, "\n") {
		if len([]rune(line)) > 120 {
			t.Errorf("%d characters: %s", len([]rune(line)), line)
		}
	}
}
