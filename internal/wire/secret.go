package wire

import (
	"fmt"
	"io"
	"strings"
)

// hidden stands where a secret would have been printed.
const hidden = "[secret]"

// Secret is a string that no printer can reach: not fmt with any verb, not encoding/json, not a
// struct dump through reflection, because the value lives in a closure. The zero Secret is empty.
type Secret struct{ open func() string }

// NewSecret wraps s.
func NewSecret(s string) Secret { return Secret{func() string { return s }} }

// Reveal returns the string. Call it only where it goes out to the CRM.
func (s Secret) Reveal() string {
	if s.open == nil {
		return ""
	}
	return s.open()
}

// Format prints "[secret]" whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText is "[secret]" too, for JSON, YAML and zerolog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// mask replaces every secret in text. Servers quote tokens back in their messages.
func mask(text string, secrets ...Secret) string {
	for _, s := range secrets {
		if v := s.Reveal(); v != "" {
			text = strings.ReplaceAll(text, v, hidden)
		}
	}
	return text
}
