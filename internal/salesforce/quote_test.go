package salesforce

import (
	"strings"
	"testing"
	"time"
)

// unquote reads a SOQL string literal by the rules of the SOQL and SOSL Reference, strictly: it
// must be one literal from the first to the last byte, and a backslash may stand only before
// the characters the reference lists.
func unquote(literal string) (string, bool) {
	if len(literal) < 2 || literal[0] != '\'' || literal[len(literal)-1] != '\'' {
		return "", false
	}
	inside := literal[1 : len(literal)-1]
	meanings := map[byte]byte{'\\': '\\', '\'': '\'', '"': '"', 'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}
	var out strings.Builder
	for i := 0; i < len(inside); i++ {
		switch inside[i] {
		case '\'':
			return "", false // the literal ended early
		case '\\':
			if i++; i == len(inside) {
				return "", false // it swallowed the closing quote
			}
			meant, known := meanings[inside[i]]
			if !known {
				return "", false
			}
			out.WriteByte(meant)
		default:
			out.WriteByte(inside[i])
		}
	}
	return out.String(), true
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                        `''`,
		"Lee":                     `'Lee'`,
		"O'Hara":                  `'O\'Hara'`,
		`back\slash`:              `'back\\slash'`,
		`\' OR Name != '`:         `'\\\' OR Name != \''`,
		`say "hi"`:                `'say "hi"'`,
		"two\nlines\r\n\tand\b\f": `'two\nlines\r\n\tand\b\f'`,
		"100% _":                  `'100% _'`,
		"Zoë 李":                   `'Zoë 李'`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "'", `\`, `\'`, `'\`, "O'Hara", "\x00", "\n", `\n`, `\u0027`, "\xff'", "' OR Id != null --"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		back, ok := unquote(Quote(s))
		if !ok || back != s {
			t.Errorf("%q became %s, which reads as %q (%v)", s, Quote(s), back, ok)
		}
	})
}

func TestTime(t *testing.T) {
	t.Parallel()
	in := time.Date(2026, 3, 2, 1, 4, 5, 678_999_999, time.FixedZone("", 2*3600))
	if got, want := Time(in), "2026-03-01T23:04:05.678Z"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestID18(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"003q000000KvQ1t":    "003q000000KvQ1tAAF",
		"701E0000000JuFH":    "701E0000000JuFHIA0",
		"003q000000KvQ1tAAF": "003q000000KvQ1tAAF",
		"012000000000000":    "012000000000000AAA",
		"":                   "",
		"short":              "short",
	} {
		if got := ID18(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
