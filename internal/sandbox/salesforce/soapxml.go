package salesforce

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// element is one XML element of a SOAP call, its namespace left out.
type element struct {
	name     string
	text     string
	null     bool // xsi:nil="true"
	children []*element
}

// maxElementDepth bounds the nesting of a call, so that a hostile one cannot exhaust the stack.
const maxElementDepth = 30

// readXML reads a document into its root element. Document types are refused: no call needs one.
func readXML(body []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) > maxElementDepth {
				return nil, fmt.Errorf("elements nest deeper than %d", maxElementDepth)
			}
			e := &element{name: t.Name.Local}
			for _, a := range t.Attr {
				e.null = e.null || a.Name.Local == "nil" && (a.Value == "true" || a.Value == "1")
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(t)
		case xml.Directive:
			return nil, fmt.Errorf("document types are not allowed")
		}
	}
	if len(root.children) != 1 {
		return nil, fmt.Errorf("the document has no root element")
	}
	return root.children[0], nil
}

// child is the first child of a name; nil when there is none, and of nothing.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// all lists the children of a name.
func (e *element) all(name string) []*element {
	if e == nil {
		return nil
	}
	var out []*element
	for _, c := range e.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// value is the text of a child, "" when it is absent, empty or nil.
func (e *element) value(name string) string {
	if c := e.child(name); c != nil && !c.null {
		return strings.TrimSpace(c.text)
	}
	return ""
}

// xmlText escapes text for an element.
func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // into memory: cannot fail
	return b.String()
}

// tag is one element with text; an empty text is nil, as the partner API writes it.
func tag(name, text string) string {
	if text == "" {
		return "<" + name + ` xsi:nil="true"/>`
	}
	return "<" + name + ">" + xmlText(text) + "</" + name + ">"
}
