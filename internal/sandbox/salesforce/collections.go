package salesforce

import (
	"net/http"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// maxRecords is the most records of one collections request.
const maxRecords = 200

// maxChunks is the most runs of records of one type in one collections request.
const maxChunks = 10

// saved is what one record of a collection came to.
type saved struct {
	id      store.ID
	created bool
	errs    store.Errors
}

func (c *call) createMany([]string) answer {
	t := c.transaction()
	return c.saveMany("", func(d store.Draft, _ []store.Draft) saved {
		id, errs := t.Create(d)
		return saved{id: id, errs: errs}
	})
}

func (c *call) updateMany([]string) answer {
	t := c.transaction()
	return c.saveMany("", func(d store.Draft, _ []store.Draft) saved {
		id, errs := t.Update(d)
		if errs != nil {
			id = store.ID{} // nor does a failed update name its record in the answer
		}
		return saved{id: id, errs: errs}
	})
}

func (c *call) upsertMany(args []string) answer {
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	f, a, fine := c.keyField(o, args[1])
	if !fine {
		return a
	}
	t := c.transaction()
	var seen map[string]int
	return c.saveMany(o.Name, func(d store.Draft, all []store.Draft) saved {
		if seen == nil {
			seen = map[string]int{}
			for _, other := range all {
				seen[other.Key(f)]++
			}
		}
		if key := d.Key(f); d.Has(f) && seen[key] > 1 {
			return saved{errs: store.Errors{{Code: "DUPLICATE_VALUE", Message: "Duplicate external id specified: " + d.Text(f), Fields: []string{f.Name}}}}
		}
		id, created, errs := t.Upsert(f, d)
		return saved{id, created, errs}
	})
}

// saveMany reads {"allOrNone", "records"} whole, since a body that cannot be read is refused whole, and then
// saves record after record. only names the one type an upsert takes, "" any.
func (c *call) saveMany(only string, save func(d store.Draft, all []store.Draft) saved) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	body, a, fine := c.object("allOrNone", "records")
	if !fine {
		return a
	}
	if a, fine := c.writeHeaders(); !fine {
		return a
	}
	drafts, a, fine := c.readRecords(body["records"], only)
	if !fine {
		return a
	}
	allOrNone, isBool := body["allOrNone"].(bool)
	if body["allOrNone"] != nil && !isBool {
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of boolean from VALUE_STRING value at [line:1, column:1]")
	}
	t := c.transaction()
	mark := t.Mark()
	results := make([]saved, len(drafts))
	failed := false
	for i, d := range drafts {
		if errs := c.ordered.next(); errs != nil {
			id, _ := store.ParseID(d.ID)
			results[i] = saved{id: id, errs: errs}
		} else {
			results[i] = save(d, drafts)
		}
		failed = failed || results[i].errs != nil
	}
	if failed && allOrNone {
		t.Rollback(mark)
	}
	rows := []map[string]any{}
	for _, r := range results {
		rows = append(rows, c.savedRow(r, failed && allOrNone, only != ""))
	}
	return ok(rows)
}

func (c *call) savedRow(r saved, rolledBack, upsert bool) map[string]any {
	row := map[string]any{"success": r.errs == nil && !rolledBack, "errors": saveErrors(r.errs)}
	if r.errs == nil && rolledBack {
		row["errors"] = saveErrors(store.Errors{{Code: "ALL_OR_NONE_OPERATION_ROLLED_BACK", Fields: []string{},
			Message: "Record rolled back because not all records were valid and the request was using AllOrNone header"}})
	}
	if r.id != (store.ID{}) && !(rolledBack && r.errs == nil) {
		row["id"] = r.id.String()
	}
	if upsert {
		row["created"] = r.created
	}
	return row
}

// saveErrors writes errors as save results do: the code is in statusCode.
func saveErrors(errs store.Errors) []map[string]any {
	list := []map[string]any{}
	for _, e := range errs {
		fields := e.Fields
		if fields == nil {
			fields = []string{}
		}
		list = append(list, map[string]any{"statusCode": e.Code, "message": e.Message, "fields": fields})
	}
	return list
}

func (c *call) readRecords(in any, only string) ([]store.Draft, answer, bool) {
	list, isList := in.([]any)
	if !isList {
		return nil, failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of list from VALUE_NULL value null or request may be missing a required field at [line:1, column:1]"), false
	}
	if len(list) > maxRecords {
		return nil, failure(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than %d records into this call", maxRecords), false
	}
	var drafts []store.Draft
	chunks, last := 0, ""
	for i, item := range list {
		record, _ := item.(map[string]any)
		attributes, _ := record["attributes"].(map[string]any)
		kind, _ := attributes["type"].(string)
		o := c.visibleObject(kind)
		switch {
		case record == nil:
			return nil, failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of sobject from VALUE_STRING value or request may be missing a required field at [line:1, column:1]"), false
		case kind == "":
			return nil, failure(http.StatusBadRequest, "INVALID_TYPE", "sObject type is not specified in the attributes of the record"), false
		case o == nil:
			return nil, failure(http.StatusBadRequest, "INVALID_TYPE", "sObject type '%s' is not supported.", kind), false
		case only != "" && o.Name != only:
			return nil, failure(http.StatusBadRequest, "INVALID_TYPE", "sObject type '%s' does not match the type %s of the request", o.Name, only), false
		}
		if o.Name != last {
			chunks, last = chunks+1, o.Name
		}
		if chunks > maxChunks {
			return nil, failure(http.StatusBadRequest, "TOO_MANY_ENUM_VALUE", "Cannot have more than %d chunks in a single operation. Please rearrange the data to reduce chunking.", maxChunks), false
		}
		d, errs := c.transaction().Read(o, record)
		if errs != nil {
			return nil, c.unread(errs, "records", i), false
		}
		drafts = append(drafts, d)
	}
	return drafts, answer{}, true
}

func (c *call) deleteMany([]string) answer {
	if a, fine := c.only("ids", "allOrNone"); !fine {
		return a
	}
	ids := strings.Split(c.query.Get("ids"), ",")
	if len(ids) > maxRecords {
		return failure(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than %d records into this call", maxRecords)
	}
	t := c.transaction()
	mark := t.Mark()
	var results []saved
	failed := false
	for _, sent := range ids {
		id, valid := store.ParseID(sent)
		o := c.org.ByPrefix(id.Prefix())
		r := saved{id: id, errs: c.ordered.next()}
		switch {
		case r.errs != nil:
		case !valid:
			r.errs = store.Errors{{Code: "MALFORMED_ID", Message: "malformed id " + sent, Fields: []string{}}}
		case o == nil || o.Tooling:
			r.errs = store.Errors{{Code: "INVALID_CROSS_REFERENCE_KEY", Message: "invalid cross reference id", Fields: []string{}}}
		default:
			r.errs = t.Delete(o, sent)
		}
		failed = failed || r.errs != nil
		results = append(results, r)
	}
	all := failed && c.query.Get("allOrNone") == "true"
	if all {
		t.Rollback(mark)
	}
	rows := []map[string]any{}
	for _, r := range results {
		rows = append(rows, c.savedRow(r, all, false))
	}
	return ok(rows)
}

func (c *call) readMany(args []string) answer {
	if a, fine := c.only("ids", "fields"); !fine {
		return a
	}
	return c.retrieve(args[0], strings.Split(c.query.Get("ids"), ","), strings.Split(c.query.Get("fields"), ","))
}

func (c *call) readManyPost(args []string) answer {
	body, a, fine := c.object("ids", "fields")
	if !fine {
		return a
	}
	texts := func(in any) (out []string) {
		list, _ := in.([]any)
		for _, v := range list {
			s, _ := v.(string)
			out = append(out, s)
		}
		return out
	}
	return c.retrieve(args[0], texts(body["ids"]), texts(body["fields"]))
}

// retrieve answers records in the order of the ids; one that is not there, or deleted, is null.
func (c *call) retrieve(object string, ids, fields []string) answer {
	o := c.visibleObject(object)
	if o == nil {
		return notFound()
	}
	if len(ids) > 2000 {
		return failure(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 2000 records into this call")
	}
	if len(fields) == 0 || fields[0] == "" {
		return failure(http.StatusBadRequest, "MISSING_ARGUMENT", "The fields parameter is required")
	}
	shape, errs := c.org.Selection(o, c.user, withID(fields))
	if errs != nil {
		return refused(errs)
	}
	b := []byte{'['}
	for i, sent := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		id, valid := store.ParseID(sent)
		if !valid || id.Prefix() != o.Prefix {
			return failure(http.StatusBadRequest, "MALFORMED_ID", "malformed id %s", sent)
		}
		out, state := c.org.AppendByID(b, o, id, shape, c.base())
		if b = out; state != store.Found {
			b = append(b, "null"...)
		}
	}
	return answer{status: http.StatusOK, body: append(b, ']')}
}
