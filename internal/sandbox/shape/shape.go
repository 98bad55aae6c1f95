// Package shape says in one line what a JSON answer looks like, so that an answer of a simulator can be held against
// what was recorded of the real API without keeping the recording.
//
// A shape is a list of paths with their types, separated by blanks:
//
//	totalSize:number done:bool records:array records[].Id:string records[].Email:string|null nextRecordsUrl:string?
//
// A path names members with dots; [] is every element of an array, "*" every member that no other path of the shape
// names. A value at the root is written [] or with an empty path. Types are string, number, bool, null, array and
// object, alternatives between bars; ? after the types allows the member to be absent. Objects and arrays above a path
// need not be listed. What a shape does not list must not be there.
package shape

import (
	"fmt"
	"slices"
	"strings"
)

// node is what a shape says of one place in the JSON.
type node struct {
	types    []string
	optional bool
	members  map[string]*node
	element  *node
}

// Check tells where a value, decoded by encoding/json, departs from a shape; nil when it does not.
func Check(v any, shape string) []string {
	return parse(shape).check("", v, nil)
}

// parse reads a shape; it panics on one that is not well-formed, for shapes stand in programs.
func parse(shape string) *node {
	root := &node{}
	for _, word := range strings.Fields(shape) {
		path, types, ok := strings.Cut(word, ":")
		if !ok {
			panic("shape: " + word + " has no type")
		}
		n := root
		for step := range strings.SplitSeq(path, ".") {
			name := strings.TrimRight(step, "[]")
			if name != "" {
				n = n.member(name)
			}
			for range strings.Count(step, "[]") {
				if n.element == nil {
					n.element = &node{}
				}
				n = n.element
			}
		}
		types, n.optional = strings.CutSuffix(types, "?")
		n.types = strings.Split(types, "|")
	}
	return root
}

func (n *node) member(name string) *node {
	if n.members == nil {
		n.members = map[string]*node{}
	}
	if n.members[name] == nil {
		n.members[name] = &node{}
	}
	return n.members[name]
}

// check adds to found what of v is not as n says.
func (n *node) check(at string, v any, found []string) []string {
	is := typeOf(v)
	if n.types != nil && !slices.Contains(n.types, is) {
		return append(found, fmt.Sprintf("%s: is %s, recorded as %s", at, is, strings.Join(n.types, " or ")))
	}
	switch x := v.(type) {
	case []any:
		if n.element == nil {
			return found
		}
		for i, e := range x {
			found = n.element.check(fmt.Sprintf("%s[%d]", at, i), e, found)
		}
	case map[string]any:
		if n.members == nil {
			return found
		}
		for name, m := range n.members {
			if _, there := x[name]; !there && name != "*" && !m.absent() {
				found = append(found, at+"."+name+": is not there")
			}
		}
		for name, e := range x {
			m := n.members[name]
			if m == nil {
				m = n.members["*"]
			}
			if m == nil {
				found = append(found, at+"."+name+": was not recorded")
				continue
			}
			found = m.check(at+"."+name, e, found)
		}
	default:
		if n.types == nil && (n.members != nil || n.element != nil) {
			found = append(found, at+": is "+is+", has no members")
		}
	}
	slices.Sort(found)
	return found
}

// absent tells whether the member may be missing: it says so, or nothing says of what type it is and all below it may be.
func (n *node) absent() bool {
	if n.types != nil {
		return n.optional
	}
	if n.element != nil {
		return n.element.absent()
	}
	for _, m := range n.members {
		if !m.absent() {
			return false
		}
	}
	return true
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "bool"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number" // float64 or json.Number
}

// Text tells whether a text is as recorded: in want, {{a word}} stands for any text of one character or more.
func Text(got, want string) bool {
	parts := []string{}
	for rest := want; ; {
		before, after, ok := strings.Cut(rest, "{{")
		_, next, closed := strings.Cut(after, "}}")
		if !ok || !closed {
			parts = append(parts, rest)
			break
		}
		parts = append(parts, before)
		rest = next
	}
	if !strings.HasPrefix(got, parts[0]) {
		return false
	}
	if len(parts) == 1 {
		return got == want
	}
	got = got[len(parts[0]):]
	for i, part := range parts[1:] {
		if got == "" {
			return false
		}
		at := strings.Index(got[1:], part)
		if i == len(parts)-2 {
			return len(got) > len(part) && strings.HasSuffix(got, part)
		}
		if at < 0 {
			return false
		}
		got = got[1+at+len(part):]
	}
	return true
}
