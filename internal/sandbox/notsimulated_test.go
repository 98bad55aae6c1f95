package sandbox

import (
	"go/doc/comment"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNotSimulatedIsWhatTheDocsSay reads the lists as go doc does and compares.
func TestNotSimulatedIsWhatTheDocsSay(t *testing.T) {
	t.Parallel()
	told := strings.Join(strings.Fields(NotSimulated()), " ")
	for _, dir := range []string{".", "hubspot", "salesforce"} {
		var items []string
		below := false
		for _, block := range new(comment.Parser).Parse(packageDoc(t, filepath.Join(dir, "doc.go"))).Content {
			switch b := block.(type) {
			case *comment.Heading:
				text, _ := b.Text[0].(comment.Plain)
				below = strings.HasSuffix(string(text), "ot simulated")
			case *comment.List:
				for _, item := range b.Items {
					if below {
						items = append(items, strings.Join(strings.Fields(plain(item)), " "))
					}
				}
			}
		}
		if len(items) < 3 {
			t.Errorf("%s/doc.go lists %d things that are not simulated", dir, len(items))
		}
		for _, item := range items {
			if !strings.Contains(told, "- "+item) {
				t.Errorf("not told of: %s", item)
			}
		}
	}
	for _, line := range strings.Split(NotSimulated(), "\n") {
		if n := len([]rune(line)); n > 120 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

func plain(item *comment.ListItem) string {
	var p comment.Printer
	return string(p.Text(&comment.Doc{Content: item.Content}))
}

func TestNotSimulatedReadsLists(t *testing.T) {
	t.Parallel()
	const source = "// Package x.\n//\n// # Simulated\n//\n//   - all\n//\n// # What is not simulated\n//\n//   - one,\n//     and more of it\n//   - two\n//\n// A paragraph.\n//\n//   - no item\npackage x\n"
	if diff := cmp.Diff([]string{"one, and more of it", "two"}, notSimulated(source)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("  - a few\n    words\n", wrapped("a few words", 10)); diff != "" {
		t.Error(diff)
	}
}
