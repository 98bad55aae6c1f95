package salesforce

import (
	"net/http"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// statusOf is the HTTP status of a refusal on a single record; 400 for codes not listed.
var statusOf = map[string]int{"ENTITY_IS_DELETED": http.StatusNotFound, "NOT_FOUND": http.StatusNotFound}

// refused is what one record got wrong, as single-record resources answer it.
func refused(errs store.Errors) answer {
	status := http.StatusBadRequest
	if s, found := statusOf[errs[0].Code]; found {
		status = s
	}
	list := []map[string]any{}
	for _, e := range errs {
		m := map[string]any{"message": e.Message, "errorCode": e.Code}
		if e.Fields != nil {
			m["fields"] = e.Fields
		}
		list = append(list, m)
	}
	return answer{status: status, body: encode(list)}
}

func (c *call) createRow(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	body, a, fine := c.object()
	if !fine {
		return a
	}
	if a, fine := c.only(); !fine {
		return a
	}
	if a, fine := c.writeHeaders(); !fine {
		return a
	}
	t := c.transaction()
	d, errs := t.Read(o, body)
	if errs == nil && hasID(body) {
		return failure(http.StatusBadRequest, "INVALID_FIELD", "The Id field should not be specified in the sobject data.")
	}
	var id store.ID
	if errs == nil {
		errs = c.ordered.next()
	}
	if errs == nil {
		id, errs = t.Create(d)
	}
	if errs != nil {
		return c.duplicated(errs, c.unread(errs))
	}
	a = ok(map[string]any{"id": id.String(), "success": true, "errors": []any{}})
	a.status = http.StatusCreated
	return a.with("Location", c.base()+"/sobjects/"+o.Name+"/"+id.String())
}

func hasID(body map[string]any) bool {
	for name := range body {
		if strings.EqualFold(name, "id") {
			return true
		}
	}
	return false
}

// readRow is GET /sobjects/X/{id}, and with ?fields= fewer columns.
func (c *call) readRow(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	if a, fine := c.only("fields"); !fine {
		return a
	}
	id, a, fine := pathID(o, args[1])
	if !fine {
		return a
	}
	return c.record(o, id)
}

// pathID reads the id of /sobjects/X/{id}. What is none is taken for the name of an external id field.
func pathID(o *store.Object, sent string) (store.ID, answer, bool) {
	id, valid := store.ParseID(sent)
	if !valid || id.Prefix() != o.Prefix {
		return id, failure(http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: %s", sent), false
	}
	return id, answer{}, true
}

// withID adds the id to the columns asked for: a record that is read always has it, last when nobody asked.
func withID(names []string) []string {
	for _, name := range names {
		if strings.EqualFold(strings.TrimSpace(name), "Id") {
			return names
		}
	}
	return append(names, "Id")
}

// record answers with one record as this user sees it.
func (c *call) record(o *store.Object, id store.ID) answer {
	var names []string
	if c.query.Has("fields") {
		names = withID(strings.Split(c.query.Get("fields"), ","))
	}
	shape, errs := c.org.Selection(o, c.user, names)
	if errs != nil {
		return refused(errs)
	}
	switch b, state := c.org.AppendByID(nil, o, id, shape, c.base()); state {
	case store.Deleted, store.Missing: // one and the same to a reader, though not to a writer
		return notFound()
	default:
		a, stop := c.condition(o, id)
		if stop {
			return a
		}
		a.status, a.body = http.StatusOK, b
		return a
	}
}

func (c *call) updateRow(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	body, a, fine := c.object()
	if !fine {
		return a
	}
	if a, fine := c.only(); !fine {
		return a
	}
	if hasID(body) {
		return failure(http.StatusBadRequest, "INVALID_FIELD", "The Id field should not be specified in the sobject data.")
	}
	if a, fine := c.writeHeaders(); !fine {
		return a
	}
	t := c.transaction()
	d, errs := t.Read(o, body)
	if errs != nil {
		return c.unread(errs)
	}
	if errs == nil {
		errs = c.ordered.next()
	}
	if errs == nil {
		if id, valid := store.ParseID(args[1]); valid {
			if a, stop := c.condition(o, id); stop {
				return a
			}
		}
		d.ID = args[1]
		_, errs = t.Update(d)
	}
	if errs != nil {
		return c.duplicated(errs, refusedAt(errs))
	}
	return answer{status: http.StatusNoContent}
}

// duplicated is the answer to a single record that a duplicate rule refuses: of it the client learns which records
// were found. Any other refusal stays as it is.
func (c *call) duplicated(errs store.Errors, other answer) answer {
	if errs[0].Duplicates == nil {
		return other
	}
	return answer{status: http.StatusBadRequest, body: encode([]map[string]any{{
		"duplicateResut": c.duplicateResult(errs[0].Duplicates), "errorCode": errs[0].Code, "message": errs[0].Message,
	}})}
}

// refusedAt is refused for a record that the url names: one that is not there is 404.
func refusedAt(errs store.Errors) answer {
	a := refused(errs)
	if errs[0].Code == "INVALID_CROSS_REFERENCE_KEY" && len(errs[0].Fields) == 0 {
		a.status = http.StatusNotFound
	}
	return a
}

func (c *call) deleteRow(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	if a, fine := c.only(); !fine {
		return a
	}
	if _, a, fine := pathID(o, args[1]); !fine {
		return a
	}
	errs := c.ordered.next()
	if errs == nil {
		errs = c.transaction().Delete(o, args[1])
	}
	if errs != nil {
		return refusedAt(errs)
	}
	return answer{status: http.StatusNoContent}
}

// keyField finds the column of /sobjects/X/{field}/{value}; it must be one that records are looked up by.
func (c *call) keyField(o *store.Object, name string) (*store.Field, answer, bool) {
	f := o.Field(name)
	if f == nil || !c.org.Visible(c.user, f) || !f.IDLookup && !f.ExternalID {
		return nil, failure(http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: %s", name), false
	}
	return f, answer{}, true
}

func (c *call) readRowByKey(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	if a, fine := c.only("fields"); !fine {
		return a
	}
	if a, followed := c.follow(o, args[1], args[2]); followed {
		return a
	}
	f, a, fine := c.keyField(o, args[1])
	if !fine {
		return a
	}
	ids := o.Holding(f, args[2])
	switch len(ids) {
	case 0:
		return notFound()
	case 1:
		return c.record(o, ids[0])
	}
	return c.choices(o, ids)
}

// choices is 300: the key means several records.
func (c *call) choices(o *store.Object, ids []store.ID) answer {
	paths := []string{}
	for _, id := range ids {
		paths = append(paths, c.base()+"/sobjects/"+o.Name+"/"+id.String())
	}
	a := ok(paths)
	a.status = http.StatusMultipleChoices
	return a
}

func (c *call) upsertRow(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	if a, fine := c.only("updateOnly"); !fine {
		return a
	}
	f, a, fine := c.keyField(o, args[1])
	if !fine {
		return a
	}
	body, a, fine := c.object()
	if !fine {
		return a
	}
	if a, fine := c.writeHeaders(); !fine {
		return a
	}
	t := c.transaction()
	d, errs := t.Read(o, body)
	if errs != nil {
		return c.unread(errs)
	}
	if hasID(body) {
		return failure(http.StatusBadRequest, "INVALID_FIELD", "The Id field should not be specified in the sobject data.")
	}
	if d.Has(f) {
		return failure(http.StatusBadRequest, "INVALID_FIELD", "The %s field should not be specified in the sobject data.", f.Name)
	}
	if f.Type == "id" {
		d.ID = args[2]
	} else if !d.SetKey(f, args[2]) {
		return notFound()
	} else if c.query.Get("updateOnly") == "true" && len(o.Holding(f, args[2])) == 0 {
		return notFound()
	}
	if errs := c.ordered.next(); errs != nil {
		return refused(errs)
	}
	id, created, errs := t.Upsert(f, d)
	if errs != nil {
		if errs[0].Matches != nil {
			return c.choices(o, errs[0].Matches)
		}
		return c.duplicated(errs, refusedAt(errs))
	}
	if !created && c.before(46) {
		return answer{status: http.StatusNoContent}
	}
	a = ok(map[string]any{"id": id.String(), "success": true, "errors": []any{}, "created": created})
	if created {
		a.status = http.StatusCreated
		a = a.with("Location", c.base()+"/sobjects/"+o.Name+"/"+id.String())
	}
	return a
}
