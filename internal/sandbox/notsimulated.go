package sandbox

import (
	_ "embed"
	"strings"

	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

//go:embed doc.go
var doc string

// NotSimulated lists plainly what the simulators leave out, in lines of at most 120 characters. The doc.go
// of this package and of the two simulators hold it, each under a heading that ends in "ot simulated".
func NotSimulated() string {
	var b strings.Builder
	for _, part := range []struct{ title, source string }{
		{"HubSpot", hubspot.Doc}, {"Salesforce", salesforce.Doc}, {"Both", doc},
	} {
		b.WriteString("Not simulated, " + part.title + ":\n")
		for _, item := range notSimulated(part.source) {
			b.WriteString(wrapped(item, 116))
		}
	}
	return b.String()
}

// notSimulated reads the items of the list out of a doc.go, each on one line.
func notSimulated(source string) (items []string) {
	below := false
	for _, line := range strings.Split(source, "\n") {
		line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		text := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "# "):
			below = strings.HasSuffix(line, "ot simulated")
		case !below || text == "":
		case strings.HasPrefix(text, "- "):
			items = append(items, text[2:])
		case strings.HasPrefix(line, "   ") && len(items) > 0:
			items[len(items)-1] += " " + text
		default:
			below = false // a paragraph after the list
		}
	}
	return items
}

// wrapped is an item as a list entry, broken at words.
func wrapped(item string, width int) string {
	var b strings.Builder
	line := "  -"
	for _, word := range strings.Fields(item) {
		if len([]rune(line))+1+len([]rune(word)) > width {
			b.WriteString(line + "\n")
			line = "   "
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
