package entity

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, err string
		columns         []string
		rows            [][]string
		lines           []int
	}{
		{name: "comments, then a header, then rows", text: "# why\ndomain,why\nexample.com, ours \n# more\nexample.net,\n",
			columns: []string{"domain", "why"}, rows: [][]string{{"example.com", "ours"}, {"example.net", ""}}, lines: []int{3, 5}},
		{name: "no row", text: "domain\n", columns: []string{"domain"}},
		{name: "empty", text: "", err: "sql/list/x.csv:1: the header is missing"},
		{name: "a column twice", text: "a,a\n", err: `sql/list/x.csv:1: column "a"`},
		{name: "a column that SQL would have to quote", text: "A b\n", err: `sql/list/x.csv:1: column "A b"`},
		{name: "a row twice", text: "a\n1\n2\n1\n", err: "sql/list/x.csv:4: the row of line 2 again"},
		{name: "a cell too many", text: "a\n1,2\n", err: "sql/list/x.csv:2: wrong number of fields"},
	} {
		l, err := parseList("sql/list/x.csv", tt.text)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if d := cmp.Diff(List{Name: "x", Path: "sql/list/x.csv", Text: tt.text, Columns: tt.columns, Rows: tt.rows, Lines: tt.lines}, l); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
