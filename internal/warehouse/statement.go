package warehouse

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed sql/*.sql
var files embed.FS

// statements are the SQL files that are made for one object: its columns are not known before the CRM names them.
var statements = template.Must(template.New("").Funcs(template.FuncMap{
	"name": ident, "text": literal,
}).ParseFS(files, "sql/*.sql"))

// statement fills in sql/<file>.
func statement(file string, data any) (string, error) {
	var b strings.Builder
	if err := statements.ExecuteTemplate(&b, file, data); err != nil {
		return "", fmt.Errorf("sql/%s: %w", file, err)
	}
	return b.String(), nil
}

// literal writes a text constant for DuckDB.
func literal(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// literals writes a list of text constants for DuckDB.
func literals(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = literal(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
