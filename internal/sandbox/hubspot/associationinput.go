package hubspot

import (
	"lockstep/internal/sandbox/hubspot/portal"
)

// associationInput is one associated record in the body of a create.
type associationInput struct {
	To    *reference        `json:"to"`
	Types []associationSpec `json:"types"`
}

// link is an association to be made once its record is there.
type link struct {
	relation *portal.Relation
	to       int64
	types    []*portal.AssociationType
}

// linksOf checks the associations of a create. The types say what object the other record is of.
func (c *call) linksOf(inputs []associationInput) ([]link, error) {
	var links []link
	for _, in := range inputs {
		if in.To == nil || len(in.Types) == 0 {
			return nil, required("to", "types")
		}
		if err := checkSpecs(in.Types); err != nil {
			return nil, err
		}
		to, err := recordID(in.To.ID)
		if err != nil {
			return nil, associationProblem(err)
		}
		l := link{to: to}
		for _, spec := range in.Types {
			r, t := c.relationWith(spec)
			if t == nil || l.relation != nil && l.relation != r {
				return nil, associationProblem(badSpec{spec: spec})
			}
			l.relation, l.types = r, append(l.types, t)
		}
		if _, live := l.relation.To().Get(to, false); !live {
			return nil, associationProblem(portal.NotARecord{Object: l.relation.To(), ID: to})
		}
		links = append(links, l)
	}
	return links, nil
}

// owned refuses a lead that is to be created without a contact or company it is about.
func (c *call) owned(links []link) error {
	if c.object.Plural != "leads" || c.portal.Rules.LooseLeads {
		return nil
	}
	for _, l := range links {
		if to := l.relation.To().Plural; to == "contacts" || to == "companies" {
			return nil
		}
	}
	return invalid("Error creating LEAD. A lead must be associated with a contact or a company.")
}

// relationWith finds the relation of the path's object that has a type.
func (c *call) relationWith(spec associationSpec) (*portal.Relation, *portal.AssociationType) {
	id, err := recordID(spec.TypeID)
	if err != nil {
		return nil, nil
	}
	r := c.portal.RelationWith(spec.Category, id)
	if r == nil || r.From() != c.object {
		return nil, nil
	}
	return r, r.Type(spec.Category, id)
}

// withoutAssociations refuses them where nothing is created: only a create takes some along.
func withoutAssociations(inputs []batchInput) error {
	for _, in := range inputs {
		if in.Associations != nil {
			return unrecognized("associations")
		}
	}
	return nil
}

// connect makes the associations of a record that was just created. A limit that an admin set can still be in the way: HubSpot has
// made the record by then.
func connect(id int64, links []link) error {
	for _, l := range links {
		if err := l.relation.Associate(id, l.to, l.types...); err != nil {
			return associationProblem(err)
		}
	}
	return nil
}

// relations are what the associations parameter of a read asks for.
func (c *call) relations() ([]*portal.Relation, error) {
	var all []*portal.Relation
	for _, name := range c.names("associations") {
		o := c.portal.Object(name)
		if o == nil {
			return nil, noSuchObject(name)
		}
		if r := c.portal.Relation(c.object, o); r != nil {
			all = append(all, r)
		}
	}
	return all, nil
}

// relatedKey is what an object is called in the associations of a record: line items with a space, custom objects by
// their full name.
func relatedKey(o *portal.Object) string {
	if o.Plural == "line_items" {
		return "line items"
	}
	return o.Plural
}

// maxRelated is how many associated records a list or read shows of each record; a link leads to the rest.
const maxRelated = 100

// appendRelated renders what a record is associated with, by the names that v3 has for the types: a primary pair is there twice.
// Nothing is rendered for objects without any.
func (c *call) appendRelated(b []byte, id int64, relations []*portal.Relation) []byte {
	shown := map[string]any{}
	for _, r := range relations {
		page, next, _ := associatedPage(r.Of(id), "", maxRelated) // without a cursor nothing can be wrong
		if len(page) == 0 {
			continue
		}
		of := map[string]any{"results": namedRows(page)}
		if next != "" {
			path := "/crm/v3/objects/" + r.From().Plural + "/" + idText(id) + "/associations/" + r.To().Plural
			of["paging"] = map[string]any{"next": map[string]string{"after": next, "link": c.link(path, "after="+next)}}
		}
		shown[relatedKey(r.To())] = of
	}
	if len(shown) == 0 {
		return b
	}
	b = append(b, `,"associations":`...)
	return append(b, encode(shown)...)
}
