package load

import (
	"database/sql"
	"encoding/json"
)

// nullable is a column's text; nil for null, which in plan.field is absent or no base, and not a blank.
func nullable(v sql.NullString) *string {
	if !v.Valid {
		return nil
	}
	return &v.String
}

// blank is a column's text in plan.value, where null and the empty text are both blank.
func blank(v sql.NullString) *string {
	if !v.Valid || v.String == "" {
		return nil
	}
	return &v.String
}

// jsonText is v as JSON. Only for values that always encode: strings, lists and maps of strings.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func jsonList(s string) []string {
	var list []string
	// to_json of a varchar[] is a list of strings or null.
	_ = json.Unmarshal([]byte(s), &list)
	return list
}
