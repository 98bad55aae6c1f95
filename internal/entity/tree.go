package entity

import (
	"slices"
	"strings"
)

// walk visits every object of a parse tree, parents first.
func walk(node any, visit func(map[string]any)) {
	switch n := node.(type) {
	case map[string]any:
		visit(n)
		for _, k := range keys(n) {
			walk(n[k], visit)
		}
	case []any:
		for _, c := range n {
			walk(c, visit)
		}
	}
}

func keys(n map[string]any) []string {
	var ks []string
	for k := range n {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

func list(v any) []any { l, _ := v.([]any); return l }

func add(to *[]string, name string) {
	if name != "" && !slices.Contains(*to, name) {
		*to = append(*to, name)
	}
}

// refs are the names of the columns mentioned below a node.
func refs(node any) []string {
	var names []string
	walk(node, func(n map[string]any) {
		if n["type"] == "COLUMN_REF" {
			add(&names, refName(n))
		}
	})
	return names
}

// refName is the last part of a column reference: c.email is email.
func refName(n map[string]any) string {
	parts := list(n["column_names"])
	if len(parts) == 0 {
		return ""
	}
	name, _ := parts[len(parts)-1].(string)
	return strings.ToLower(name)
}

// itemName is the name a select item goes by.
func itemName(e map[string]any) string {
	if alias, _ := e["alias"].(string); alias != "" {
		return strings.ToLower(alias)
	}
	return refName(e)
}

func tableOf(n map[string]any) Table {
	schema, _ := n["schema_name"].(string)
	name, _ := n["table_name"].(string)
	at, _ := n["query_location"].(float64)
	return Table{Schema: strings.ToLower(schema), Name: name, Offset: int(at)}
}

// outputs names the columns of the statement's own select list; of a set operation, of its left side.
func outputs(statement map[string]any) []string {
	node, _ := statement["node"].(map[string]any)
	for node != nil && node["type"] != "SELECT_NODE" {
		left, ok := node["left"].(map[string]any)
		if !ok {
			break
		}
		node = left
	}
	var names []string
	for _, item := range list(node["select_list"]) {
		e, _ := item.(map[string]any)
		if e["type"] == "STAR" {
			names = append(names, "*")
			continue
		}
		name, _ := e["alias"].(string)
		if parts := list(e["column_names"]); name == "" && len(parts) > 0 {
			name, _ = parts[len(parts)-1].(string)
		}
		names = append(names, name)
	}
	return names
}
