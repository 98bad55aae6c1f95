package crm_test

import (
	"testing"

	"lockstep/internal/crm"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"no owner ann.lee+x@example.com here":         "no owner [e-mail] here",
		`{"error":"ann@example.org; bo@example.net"}`: `{"error":"[e-mail]; [e-mail]"}`,
		"/contacts/ann%40example.com?x":               "/contacts/[e-mail]?x",
		"at 09:00, 3 @ 4, a@b":                        "at 09:00, 3 @ 4, a@b",
	} {
		if got := crm.Mask(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
