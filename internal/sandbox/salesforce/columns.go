package salesforce

import (
	"net/http"
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
	"lockstep/internal/sandbox/salesforce/store"
)

// columns is /query?columns=true: what the query selects, without records. The Salesforce CLI asks for it before
// it writes a table or CSV.
func (c *call) columns(r *store.Result) answer {
	columns := r.Describe()
	return ok(map[string]any{
		"columnMetadata": columnMetadata(columns), "entityName": r.Object.Name, "groupBy": r.Groups != nil,
		"idSelected": slices.ContainsFunc(columns, func(c store.Column) bool { return c.Field != nil && c.Field.Type == "id" }),
		"keyPrefix":  r.Object.Prefix,
	})
}

// columnMetadata describes columns; those of parents and children stand in joinColumns.
func columnMetadata(columns []store.Column) []map[string]any {
	list := []map[string]any{}
	for _, col := range columns {
		m := map[string]any{
			"aggregate": col.Aggregate, "apexType": nil, "booleanType": false, "columnName": col.Name, "custom": false,
			"displayName": col.Display, "foreignKeyName": nil, "insertable": false, "joinColumns": columnMetadata(col.Inner),
			"numberType": col.Aggregate && col.Inner == nil, "textType": false, "updatable": false,
		}
		if f := col.Field; f != nil {
			number := slices.Contains([]string{"int", "double", "currency", "percent"}, f.Type)
			m["apexType"], m["booleanType"], m["numberType"] = apexType(f.Type), f.Type == "boolean", number
			m["textType"] = apexType(f.Type) == "String"
			m["custom"], m["insertable"], m["updatable"] = f.Custom, f.Createable, f.Updateable
		}
		list = append(list, m)
	}
	return list
}

func apexType(t string) string {
	switch t {
	case "id", "reference":
		return "Id"
	case "boolean":
		return "Boolean"
	case "int":
		return "Integer"
	case "double", "currency", "percent":
		return "Double"
	case "date":
		return "Date"
	case "datetime":
		return "Datetime"
	case "address":
		return "Address"
	}
	return "String"
}

// explain is /query?explain=: how the query would be run. It tells of one plan, by index or through all rows.
func (c *call) explain(all, tooling bool) answer {
	text := c.query.Get("explain")
	q, err := soql.Parse(text)
	if err == nil {
		var plan store.Plan
		if plan, err = c.org.Explain(q, c.user, all, tooling); err == nil {
			cost := 1.0
			if plan.Rows > 0 {
				cost = float64(plan.Candidates) / float64(plan.Rows)
			}
			return ok(map[string]any{"sourceQuery": strings.TrimSpace(text), "plans": []map[string]any{{
				"cardinality": plan.Candidates, "fields": plan.Fields, "leadingOperationType": plan.Operation, "notes": []any{},
				"relativeCost": cost, "sobjectCardinality": plan.Rows, "sobjectType": plan.Object,
			}}})
		}
	}
	return failure(http.StatusBadRequest, err.Code, "%s", err.Error())
}
