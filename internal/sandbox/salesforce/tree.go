package salesforce

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"lockstep/internal/sandbox/salesforce/store"
)

const (
	maxTreeTypes  = 5
	maxTreeLevels = 5
)

// branch is one record of a tree: its reference, what it holds, and the record above it.
type branch struct {
	reference string
	object    *store.Object
	body      map[string]any
	parent    int // index of the record above; -1 at the top
	by        *store.Field
}

// tree is POST /composite/tree/X: records with their children, up to 200 in all, saved all or none.
func (c *call) tree(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	if a, fine := c.only(); !fine {
		return a
	}
	body, a, fine := c.object("records")
	if !fine {
		return a
	}
	var branches []branch
	types := map[string]bool{}
	if a, fine := c.growTree(o, body["records"], -1, nil, 1, &branches); !fine {
		return a
	}
	seen := map[string]bool{}
	for _, b := range branches {
		types[b.object.Name] = true
		if b.reference == "" || seen[b.reference] {
			return treeRefused(b.reference, store.Errors{{Code: "INVALID_INPUT", Message: "Include a referenceId of its own for each record.", Fields: []string{}}})
		}
		seen[b.reference] = true
	}
	switch {
	case len(branches) > maxRecords:
		return treeRefused(branches[0].reference, store.Errors{{Code: "INVALID_INPUT", Message: fmt.Sprintf("The tree can’t contain more than %d records.", maxRecords), Fields: []string{}}})
	case len(types) > maxTreeTypes:
		return treeRefused(branches[0].reference, store.Errors{{Code: "INVALID_INPUT", Message: fmt.Sprintf("The tree can’t contain more than %d types of records.", maxTreeTypes), Fields: []string{}}})
	}
	if a, fine := c.writeHeaders(); !fine {
		return a
	}
	return c.plant(branches)
}

// plant saves the records of a tree, parents first.
func (c *call) plant(branches []branch) answer {
	t := c.transaction()
	mark := t.Mark()
	ids := make([]store.ID, len(branches))
	failures := []map[string]any{}
	results := []map[string]any{}
	for i, b := range branches {
		if b.parent >= 0 {
			if ids[b.parent] == (store.ID{}) {
				continue // the record above was refused; it alone is told of
			}
			b.body[b.by.Name] = ids[b.parent].String()
		}
		d, errs := t.Read(b.object, b.body)
		if errs == nil {
			errs = c.ordered.next()
		}
		if errs == nil {
			ids[i], errs = t.Create(d)
		}
		if errs != nil {
			ids[i] = store.ID{}
			failures = append(failures, map[string]any{"referenceId": b.reference, "errors": saveErrors(errs)})
			continue
		}
		results = append(results, map[string]any{"referenceId": b.reference, "id": ids[i].String()})
	}
	if len(failures) > 0 {
		t.Rollback(mark)
		a := ok(map[string]any{"hasErrors": true, "results": failures})
		a.status = http.StatusBadRequest
		return a
	}
	a := ok(map[string]any{"hasErrors": false, "results": results})
	a.status = http.StatusCreated
	return a
}

func treeRefused(reference string, errs store.Errors) answer {
	a := ok(map[string]any{"hasErrors": true, "results": []map[string]any{{"referenceId": reference, "errors": saveErrors(errs)}}})
	a.status = http.StatusBadRequest
	return a
}

// growTree flattens nested records, parents before children.
func (c *call) growTree(o *store.Object, in any, parent int, by *store.Field, level int, out *[]branch) (answer, bool) {
	list, isList := in.([]any)
	if !isList || len(list) == 0 {
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "records must be a list of records at [line:1, column:1]"), false
	}
	for _, item := range list {
		record, _ := item.(map[string]any)
		attributes, _ := record["attributes"].(map[string]any)
		reference, _ := attributes["referenceId"].(string)
		kind, _ := attributes["type"].(string)
		if found := c.visibleObject(kind); found == nil || found != o {
			return treeRefused(reference, store.Errors{{Code: "INVALID_INPUT", Message: fmt.Sprintf("The attributes of each record need the type %s", o.Name), Fields: []string{}}}), false
		}
		if level > maxTreeLevels {
			return treeRefused(reference, store.Errors{{Code: "INVALID_INPUT", Message: fmt.Sprintf("The tree can’t be deeper than %d levels.", maxTreeLevels), Fields: []string{}}}), false
		}
		self := len(*out)
		plain := map[string]any{}
		*out = append(*out, branch{reference, o, plain, parent, by})
		for _, name := range slices.Sorted(maps.Keys(record)) {
			v := record[name]
			inner, isObject := v.(map[string]any)
			r, isChild := c.org.ChildNamed(o, c.user, name)
			if !isObject || !isChild || inner["records"] == nil {
				plain[name] = v
				continue
			}
			if a, fine := c.growTree(r.Object, inner["records"], self, r.Field, level+1, out); !fine {
				return a, false
			}
		}
	}
	return answer{}, true
}
