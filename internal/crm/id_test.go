package crm_test

import (
	"testing"

	"lockstep/internal/crm"
)

func TestAsked(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"003Kx0000000001":    "003Kx0000000001IAA",
		" 003Kx0000000001 ":  "003Kx0000000001IAA",
		"003Kx0000000001IAA": "003Kx0000000001IAA",
		"123456789012345":    "123456789012345", // HubSpot's, as long as that by chance
		"bo.chen@example":    "bo.chen@example",
		"":                   "",
	} {
		if got := crm.Asked(given); got != want {
			t.Errorf("Asked(%q) = %q, want %q", given, got, want)
		}
	}
}
