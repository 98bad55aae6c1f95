package entity

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

var (
	errLine    = regexp.MustCompile(`\nLINE (\d+):`)
	candidates = regexp.MustCompile(`Candidate bindings:(?: :)? "([^"]+)"|Did you mean "([^"]+)"`)
	binder     = regexp.MustCompile(`^[A-Z][A-Za-z ]* Error: `)
)

// Error turns DuckDB's complaint about the file into one that names the user's own line. before is the number
// of lines that stand before the file's text in the statement that ran. A value of a record never passes:
// conversion errors quote the row, so they are cut after their kind.
func (f File) Error(err error, before int) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	at := f.Path
	if m := errLine.FindStringSubmatch(text); m != nil {
		if n, _ := strconv.Atoi(m[1]); n > before {
			at = fmt.Sprintf("%s:%d", f.Path, n-before)
		}
	}
	hint := "run `lockstep check` after a change to see every file's errors at once"
	if m := candidates.FindStringSubmatch(text); m != nil {
		hint = fmt.Sprintf("did you mean %q?", m[1]+m[2])
	}
	kind := binder.FindString(text)
	first, _, _ := strings.Cut(strings.TrimPrefix(text, kind), "\n")
	if strings.HasPrefix(kind, "Conversion") || strings.HasPrefix(kind, "Invalid Input") || strings.HasPrefix(kind, "Out of Range") || strings.HasPrefix(kind, "Constraint") {
		return crm.WithHint(fmt.Errorf("%s: %s of a record's value", at, strings.ToLower(strings.TrimSuffix(kind, ": "))), "a value does not fit what the SQL does with it: use try_cast, and unknown() for what cannot be translated")
	}
	if strings.HasPrefix(kind, "Out of Memory") {
		hint, first = warehouse.MoreRoom(text), "out of memory: "+first
	}
	return crm.WithHint(fmt.Errorf("%s: %s", at, first), "%s", hint)
}

// checkMacro refuses a lib file that is anything but one `create or replace macro`: the driver would run
// every statement of the text.
func (f File) checkMacro() error {
	if !strings.HasPrefix(strings.TrimSpace(f.Text), "--") {
		return crm.WithHint(fmt.Errorf("%s:1: the first line is not a comment", f.Path), "the first line says what the macro gives")
	}
	body := f.bare()
	if !strings.HasPrefix(body, "create or replace macro ") {
		return crm.WithHint(fmt.Errorf("%s: not a macro", f.Path), "a lib file is one `create or replace macro name(arguments) as …`")
	}
	if i := strings.Index(body, ";"); i >= 0 && strings.TrimSpace(body[i+1:]) != "" {
		return crm.WithHint(fmt.Errorf("%s: more than one statement", f.Path), "a lib file is one macro; put the other one in a file of its own")
	}
	return nil
}

// bare is the text in lower case without comments, its strings and quoted names emptied, spaces folded.
func (f File) bare() string {
	var b strings.Builder
	text := f.Text
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.HasPrefix(text[i:], "--"):
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
				b.WriteByte(' ')
			} else {
				i = len(text)
			}
		case strings.HasPrefix(text[i:], "/*"):
			if n := strings.Index(text[i:], "*/"); n >= 0 {
				i += n + 1
			} else {
				i = len(text)
			}
		case c == '\'' || c == '"':
			end := i + 1
			for end < len(text) && text[end] != c {
				end++
			}
			b.WriteByte(c)
			b.WriteByte(c)
			i = end
		default:
			b.WriteByte(c)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(b.String())), " ")
}
