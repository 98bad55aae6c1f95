package dashboard

import (
	"database/sql"
	"strings"
	"testing"
)

// Every page is there, with its title, over a warehouse in which nothing has happened.
func TestPagesOfAnEmptyWarehouse(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: warehoused(t)})
	for _, p := range pages {
		if strings.Contains(p.path, "{") {
			continue
		}
		if text := s.page(p.path); !strings.Contains(text, "<h1>"+p.Title+"</h1>") || !strings.Contains(text, `aria-current="page">`+p.Menu) {
			t.Errorf("GET %s:\n%s", p.path, text)
		}
	}
}

// Before the first run has published, every page says so.
func TestNothingPublished(t *testing.T) {
	t.Parallel()
	s := served(t, Options{Source: nothing{}})
	if text := s.page("/runs"); !strings.Contains(text, "Nothing has been published yet") {
		t.Errorf("GET /runs:\n%s", text)
	}
}

type nothing struct{}

func (nothing) DB() (*sql.DB, func()) { return nil, func() {} }
