package hubspot

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// Has says whether the portal has an object by that name: of a custom one also the short p_name.
func (s *Server) Has(object string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return object == owners || s.portal.Object(object) != nil
}

// DefineColumn makes a property, and the custom object it is of (p_name) if there is none yet. The row says column, type
// (string, or enumeration/checkbox where the field type is not the type's first), values joined by ";", and refers_to: the objects
// that records of the object can be associated with. A row without a column makes the object alone; of the type "pipeline" it makes
// a pipeline of that id, whose values are stages with what they mean: talks:0.5;signed:1.0.
func (s *Server) DefineColumn(object string, row map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.portal.Object(object)
	if name, custom := strings.CutPrefix(object, "p_"); o == nil && custom && portal.NameShape.MatchString(name) {
		o = s.portal.NewCustom(portal.Schema{Name: name, Singular: name, Plural: name + "s", Restorable: true})
		s.portal.Adopt(o)
	}
	if o == nil {
		return fmt.Errorf("the portal has no object %q", object)
	}
	for _, name := range listed(row["refers_to"]) {
		to := s.portal.Object(name)
		if to == nil {
			return fmt.Errorf("the portal has no object %q", name)
		}
		(&call{Server: s}).associable(o, to, "")
	}
	if row["column"] == "" {
		return nil
	}
	if row["type"] == "pipeline" {
		return o.AddPipeline(row["column"], listed(row["values"]))
	}
	if !portal.NameShape.MatchString(row["column"]) {
		return fmt.Errorf("%q cannot be the name of a property", row["column"])
	}
	kind, field, said := strings.Cut(row["type"], "/")
	if known := creatable[kind]; !said && known != nil {
		field = known[0]
	}
	if !slices.Contains(creatable[kind], field) {
		return fmt.Errorf("%q is no type of a property", row["type"])
	}
	p := portal.Property{Name: row["column"], Label: row["column"], Type: kind, FieldType: field, DisplayOrder: -1, Group: o.Groups[0].Name}
	values := listed(row["values"])
	if kind == "bool" && values == nil {
		values = []string{"true", "false"}
	}
	for i, v := range values {
		p.Options = append(p.Options, portal.Option{Label: v, Value: v, DisplayOrder: i})
	}
	_, err := o.Define(p)
	return err
}

// listed are the items of a list joined by ";".
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ';' })
}
