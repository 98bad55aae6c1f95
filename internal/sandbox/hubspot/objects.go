package hubspot

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// maxPage is how many records a list page or a batch holds; maxHistories holds where histories are asked for.
const (
	maxPage      = 100
	maxHistories = 50
)

// objectInput is the body of a create or an update.
type objectInput struct {
	Properties   values             `json:"properties"`
	Associations []associationInput `json:"associations"`
}

// listRecords answers GET /crm/v3/objects/{type}.
func (c *call) listRecords() (answer, error) {
	histories := c.names("propertiesWithHistory")
	most := maxPage
	if len(histories) > 0 {
		most = maxHistories
	}
	limit, err := c.integer("limit", 10, 1, most)
	if err != nil {
		return answer{}, err
	}
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	var after int64
	if s := c.r.URL.Query().Get("after"); s != "" {
		if after, err = strconv.ParseInt(s, 10, 64); err != nil {
			return answer{}, invalid(fmt.Sprintf("Invalid query parameter after: %s is not a cursor", s))
		}
	}
	page, next := c.object.Page(after, limit, archived)
	s := c.selectionOf(c.names("properties"), histories)
	if s.related, err = c.relations(); err != nil {
		return answer{}, err
	}
	b := append(make([]byte, 0, 512*(len(page)+1)), `{"results":[`...)
	for i, r := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.appendRecord(b, r, s, extras{})
	}
	b = append(b, ']')
	if next != 0 {
		b = append(b, `,"paging":`...)
		b = append(b, encode(c.paging(idText(next)))...)
	}
	return answer{status: http.StatusOK, body: append(b, '}')}, nil
}

// paging points to the page that starts at after, by cursor and by link.
func (c *call) paging(after string) map[string]any {
	query := c.r.URL.Query()
	query.Del("after")
	link := url.Values{"after": {after}}.Encode() // it stands last
	if len(query) > 0 {
		link = query.Encode() + "&" + link
	}
	return map[string]any{"next": map[string]any{"after": after, "link": c.link(c.r.URL.Path, link)}}
}

// link is an absolute URL of this portal.
func (c *call) link(path, query string) string {
	link := url.URL{Scheme: "http", Host: c.r.Host, Path: path, RawQuery: query}
	if c.r.TLS != nil {
		link.Scheme = "https"
	}
	return link.String()
}

// located tells where what was just created is: below the path it was posted to.
func (c *call) located(id string) {
	c.header.Set("Location", c.link(strings.TrimSuffix(c.r.URL.Path, "/")+"/"+id, ""))
}

// readRecord answers GET /crm/v3/objects/{type}/{id}.
func (c *call) readRecord() (answer, error) {
	archived, err := c.flag("archived")
	if err != nil {
		return answer{}, err
	}
	r, err := c.find(c.params["id"], c.r.URL.Query().Get("idProperty"), archived)
	if gone := (portal.Gone{}); errors.As(err, &gone) {
		err = errNoSuchPath
	}
	if err != nil {
		return answer{}, err
	}
	s := c.selectionOf(c.names("properties"), c.names("propertiesWithHistory"))
	if s.related, err = c.relations(); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.appendRecord(nil, r, s, extras{})}, nil
}

// find looks a record up by id or, where idProperty names one, by a unique property. Absence has three faces: a number
// nobody has (of which a read knows only the web server's own page), something that is no number, and a value of a unique
// property, for which that page comes too.
func (c *call) find(id, idProperty string, archived bool) (portal.Record, error) {
	if idProperty != "" && idProperty != "hs_object_id" {
		p, err := c.keyProperty(idProperty)
		if err != nil {
			return portal.Record{}, err
		}
		r, found := c.object.ByKey(p, id)
		if !found {
			return r, errNoSuchPath
		}
		return r, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return portal.Record{}, &problem{
			http: http.StatusNotFound, Message: "Object not found.  objectId are usually numeric.",
			Context: map[string]any{"id": []string{id}}, Category: "OBJECT_NOT_FOUND",
		}
	}
	r, found := c.object.Get(c.object.Survivor(n), archived) // the id of a record merged away leads to the one that is left
	if !found {
		return r, portal.Gone{ID: n}
	}
	return r, nil
}

// keyProperty is the property by which records are to be found; it must be unique.
func (c *call) keyProperty(name string) (*portal.Property, error) {
	p := c.object.Property(name)
	if p == nil || !c.object.IsKey(p) {
		return nil, c.notUnique(name)
	}
	return p, nil
}

func (c *call) notUnique(name string) *problem {
	return invalid(fmt.Sprintf("Unable to perform update/upsert by non-unique %s property %s in portal ID %d", c.object.TypeID, name, c.portal.ID))
}

// sent turns properties as sent into text. What null does is a rule of the portal.
func (c *call) sent(v values) (map[string]string, error) {
	out := make(map[string]string, len(v))
	for name, t := range v {
		if p := c.object.Property(name); p != nil && !c.may("write", p) {
			return nil, missingScopes(sensitiveScopes(c.object, p, "write"))
		}
		switch {
		case t != nil:
			out[name] = string(*t)
		case c.portal.Rules.Null == "clear":
			out[name] = ""
		case c.portal.Rules.Null == "refuse":
			return nil, portal.Invalid{{Code: "INVALID_NULL", Name: name, Message: "null is not a value of " + name}}
		}
	}
	return out, nil
}

// checked refuses a body without properties.
func (in objectInput) checked() error {
	if in.Properties == nil {
		return required("properties")
	}
	return nil
}

// createRecord answers POST /crm/v3/objects/{type}.
func (c *call) createRecord() (answer, error) {
	var in objectInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.checked(); err != nil {
		return answer{}, err
	}
	properties, err := c.sent(in.Properties)
	if err != nil {
		return answer{}, err
	}
	links, err := c.linksOf(in.Associations)
	if err != nil {
		return answer{}, err
	}
	if refused := c.refusal(0); refused != nil {
		return answer{}, refused.err()
	}
	w := c.write()
	if err := w.Create(properties); err != nil {
		return answer{}, err
	}
	if err := c.owned(links); err != nil {
		return answer{}, err
	}
	r := w.Commit()[0]
	if err := connect(r.ID(), links); err != nil {
		return answer{}, err
	}
	c.located(idText(r.ID()))
	return answer{status: http.StatusCreated, body: c.appendWritten(nil, r, nil, extras{})}, nil
}

// updateRecord answers PATCH /crm/v3/objects/{type}/{id}.
func (c *call) updateRecord() (answer, error) {
	var in objectInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Associations != nil {
		return answer{}, unrecognized("associations")
	}
	if err := in.checked(); err != nil {
		return answer{}, err
	}
	properties, err := c.sent(in.Properties)
	if err != nil {
		return answer{}, err
	}
	r, err := c.find(c.params["id"], c.r.URL.Query().Get("idProperty"), false)
	if err != nil {
		return answer{}, err
	}
	if refused := c.refusal(0); refused != nil {
		return answer{}, refused.err()
	}
	w := c.write()
	if err := w.Update(r.ID(), properties); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.appendWritten(nil, w.Commit()[0], properties, extras{})}, nil
}

// archiveRecord answers DELETE /crm/v3/objects/{type}/{id}. Archiving what is archived already is no error.
func (c *call) archiveRecord() (answer, error) {
	n, err := strconv.ParseInt(c.params["id"], 10, 64)
	if err != nil {
		_, err = c.find(c.params["id"], "", false)
		return answer{}, err
	}
	if _, archived := c.object.Get(n, true); !archived {
		if err := c.object.Delete(n); err != nil {
			return answer{}, err
		}
	}
	return answer{status: http.StatusNoContent}, nil
}
