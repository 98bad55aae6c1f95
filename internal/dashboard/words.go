package dashboard

import (
	"fmt"
	"html/template"
	"path"
	"strings"
	"time"
)

// words are the functions of the templates.
var words = template.FuncMap{
	"ago":    ago,
	"stamp":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"join":   func(all []string) string { return strings.Join(all, ", ") },
	"base":   path.Base,
	"label":  label,
	"spoken": spoken,
	"say":    func(word string) string { return strings.ReplaceAll(word, "_", " ") },
	"text":   text, "past": past, "personTone": personTone,
	"stateTone":   stateTone,
	"outcomeTone": func(outcome string) string { return tones[outcome] },
	"inc":         func(n int) int { return n + 1 },
	"waits":       waits,
	"means":       func(kind string) string { return waiting[kind].Means },
	// where a file of sql/ is shown
	"sqlFile": func(file string) string { return "/mappings/" + strings.TrimPrefix(file, "sql/") },
	// what a part of a page needs beside its own data
	"pair": func(v view, one any) pair { return pair{v, one} },
}

// pair is one thing of a page with the page around it.
type pair struct {
	View view
	One  any
}

// ago is "12 minutes ago", in the largest unit of which at least two have passed.
func ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < 2*time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
