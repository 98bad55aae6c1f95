package dashboard

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/internal/entity"
	"lockstep/sql"
)

// TestDuplicatesPage: groups are paged in the report's order, and of a group of thousands the page names some, and says how many more there are.
func TestDuplicatesPage(t *testing.T) {
	t.Parallel()
	const more = 3000
	project := func() (*entity.Project, error) { return entity.Load(sql.FS) }
	s := served(t, Options{Project: project, Source: warehoused(t, fmt.Sprintf(`create table report.duplicates as
		select greatest(1, i - %d) as group_number, if(i <= %[1]d + 1, %[1]d + 2, 2) as group_records, 'contacts ' || if(i <= %[1]d + 1, 0, i) as group_keep, 'contact' as entity, if(i %% 2 = 0, 'exact', 'close') as kind,
			'same e-mail' as rule, 0.9::double as score, 'v' || i as evidence, 'hubspot' as scope, 'hubspot' as a_system, 'contacts' as a_object, if(i <= %[1]d + 1, 0, i)::varchar as a_id, 'Ann' as a_label,
			'hubspot' as b_system, 'contacts' as b_object, 'b' || i as b_id, 'Ann' as b_label, 'contacts ' || if(i <= %[1]d + 1, 0, i) as keep, 'why' as keep_reason
		from range(1, %[1]d + 46) as t(i)`, more))})
	for _, tt := range []struct {
		path           string
		groups         int
		has, hasNoneOf []string
	}{
		{"/duplicates", 20, []string{"45 groups", "b3020", fmt.Sprintf("and %d more</p>", more+2-40), fmt.Sprintf("and %d more, in the CSV", more+1-10), "from=20"}, []string{"b3021", "First page"}},
		{"/duplicates?from=20", 20, []string{"45 groups, from number 21", "b3021", "b3040", "from=40", "First page"}, []string{"b3020", "b3041"}},
		{"/duplicates?from=40", 5, []string{"b3045", "First page"}, []string{"b3040", "Next page"}},
		{"/duplicates?from=99", 0, []string{"45 groups", "There are no more.", "First page"}, nil},
		{"/duplicates?kind=exact&from=-1", 20, []string{"23 groups", "b3002", "b3038", "kind=exact"}, []string{"b3003", "b3040", "First page"}},
		{"/duplicates?id=nobody", 0, []string{"0 groups", "No group is like that."}, []string{"None."}},
		{"/duplicates?id=b3045", 1, []string{"1 group.", "b3045"}, []string{"Next page"}},
	} {
		text := s.page(tt.path)
		if n := strings.Count(text, "<article"); n != tt.groups {
			t.Errorf("%s: %d groups, want %d", tt.path, n, tt.groups)
		}
		for _, x := range tt.has {
			if !strings.Contains(text, x) {
				t.Errorf("%s has no %q", tt.path, x)
			}
		}
		for _, x := range tt.hasNoneOf {
			if strings.Contains(text, x) {
				t.Errorf("%s has %q", tt.path, x)
			}
		}
	}
	if _, text := s.get("/csv/duplicates?kind=exact&id=b3045"); strings.Count(text, "\n") != 1 {
		t.Errorf("the evidence of groups that are not on the page:\n%s", text)
	}
	if _, text := s.get("/csv/duplicates?kind=exact&id=b2"); strings.Count(text, "\n") != 1+more+1 {
		t.Errorf("%d rows, want all of the group", strings.Count(text, "\n")-1)
	}
}
