package dashboard

import (
	"encoding/csv"
	"html"
	"regexp"
	"strings"
	"testing"
)

var csvLink = regexp.MustCompile(`class="csv" href="([^"]+)"`)

// Every CSV that a page links is one, with a name for each column; those of tables made in Go hold what the page shows.
func TestEveryCSV(t *testing.T) {
	t.Parallel()
	s, _ := waitingSite(t)
	s.login()
	seen := map[string]string{}
	for _, address := range append([]string{"/", "/runs", "/history"}, acted...) {
		for _, m := range csvLink.FindAllStringSubmatch(s.page(address), -1) {
			link := html.UnescapeString(m[1])
			status, text := s.get(link)
			all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
			if status != 200 || err != nil || len(all) == 0 || len(all[0]) < 2 {
				t.Errorf("%s links %s: %d, %v\n%s", address, link, status, err, text)
			}
			name, _, _ := strings.Cut(strings.TrimPrefix(link, "/csv/"), "?")
			seen[name] += text
		}
	}
	for name, want := range map[string]string{
		"mappings": "lead_source", "to_decide": "jobtitle", "one_or_two": "003C", "health_refusal": "validation", "health_waiting": "frozen: fight",
		"health_runs": "pipeline", "health_objects": "read_at",
	} {
		if !strings.Contains(seen[name], want) {
			t.Errorf("/csv/%s has no %q:\n%s", name, want, seen[name])
		}
	}
	if _, text := s.get("/csv/to_decide?entity=deal"); strings.Contains(text, "jobtitle") {
		t.Error("/csv/to_decide shows what the filter leaves out")
	}
	if status, text := s.get("/csv/story"); status != 200 || !strings.Contains(text, "salesforce_base") {
		t.Errorf("GET /csv/story: %d\n%s", status, text)
	}
	if status, _ := s.get("/csv/nothing"); status != 404 {
		t.Errorf("GET /csv/nothing: %d", status)
	}
}
