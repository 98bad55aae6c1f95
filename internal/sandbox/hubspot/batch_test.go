package hubspot_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

// inputs is the body of a batch.
func inputs(rows ...m) m { return m{"inputs": rows} }

// unique adds a property with unique values.
func (w *world) unique(name string) {
	w.t.Helper()
	w.call("POST", "/crm/v3/properties/contacts", m{
		"name": name, "label": name, "type": "string", "fieldType": "text", "groupName": "contactinformation", "hasUniqueValue": true,
	}).want(w.t, 201, m{"hasUniqueValue": true})
}

func TestBatchCreateIsAllOrNothing(t *testing.T) {
	t.Parallel()
	good := m{"properties": m{"email": "new@example.com"}}
	tests := []struct {
		name   string
		rows   []m
		status int
		want   m
	}{
		{"unknown property", []m{good, {"properties": m{"nope": "1"}}}, 400, m{
			"category": "VALIDATION_ERROR", "errors": list{m{"message": `Property "nope" does not exist`, "code": "PROPERTY_DOESNT_EXIST", "context": m{"propertyName": list{"nope"}}}},
			"message": `Property values were not valid: [{"isValid":false,"message":"Property \"nope\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"nope"}]`,
		}},
		{"every row's refused values, no row named", []m{{"properties": m{"nope": "1"}}, {"properties": m{"nope": "1", "email": "x"}}}, 400, m{
			"errors.0.code": "PROPERTY_DOESNT_EXIST", "errors.1.code": "INVALID_EMAIL", "errors.2.code": "PROPERTY_DOESNT_EXIST", "errors.3": absent,
		}},
		{"existing e-mail", []m{good, {"properties": m{"email": "ANN@example.com"}}}, 409, m{"message": "Contact already exists", "category": "CONFLICT", "context": absent}},
		{"one e-mail twice", []m{good, good}, 409, m{"message": "Contact already exists"}},
		{"a trace id on some rows only", []m{{"properties": m{"email": "new@example.com"}, "objectWriteTraceId": "a"}, {"properties": m{"nope": "1"}}}, 400, nil},
		{"a trace id twice", []m{{"properties": m{"phone": "1"}, "objectWriteTraceId": "a"}, {"properties": m{"nope": "1"}, "objectWriteTraceId": "a"}}, 400, nil},
		{"no properties", []m{good, {}}, 400, m{"category": "VALIDATION_ERROR"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, hubspot.Options{})
			w.insert(map[string]string{"email": "ann@example.com"})
			w.call("POST", contacts+"/batch/create", inputs(tt.rows...)).want(t, tt.status, tt.want)
			if n := len(w.All("contacts")); n != 1 {
				t.Errorf("%d contacts, want the one before", n)
			}
		})
	}
	w := start(t, hubspot.Options{Rules: hubspot.Rules{NameConflictID: true}})
	id := w.insert(map[string]string{"email": "ann@example.com"})
	w.call("POST", contacts+"/batch/create", inputs(m{"properties": m{"email": "ann@example.com"}})).want(t, 409, m{
		"message": "Contact already exists. Existing ID: " + id,
	})
}

func TestBatchCreateWithTraceIDsIsMultiStatus(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.unique("ext_id")
	ann := w.insert(map[string]string{"email": "ann@example.com", "ext_id": "A"})
	r := w.call("POST", contacts+"/batch/create", inputs(
		m{"objectWriteTraceId": "0", "properties": m{"email": "ann@example.com"}},
		m{"objectWriteTraceId": "1", "properties": m{"email": "Bo@example.com"}},
		m{"objectWriteTraceId": "2", "properties": m{"missing": "1"}},
		m{"objectWriteTraceId": "3", "properties": m{"email": "bo@example.com"}},
		m{"objectWriteTraceId": "4", "properties": m{"ext_id": "A"}},
	))
	bo := r.at("results.0.id")
	r.want(t, 207, m{
		"status": "COMPLETE", "numErrors": 4, "results.0.properties.email": "bo@example.com", "results.0.objectWriteTraceId": "1", "results.1": absent,
		"errors.0": m{
			"status": "error", "category": "CONFLICT", "message": "Contact already exists. Existing ID: " + ann,
			"context": m{"objectWriteTraceId": list{"0"}, "existingId": list{ann}},
		},
		"errors.1.category": "VALIDATION_ERROR", "errors.1.context": m{"objectWriteTraceId": list{"2"}},
		"errors.1.message":                    `Property values were not valid: [{"isValid":false,"message":"Property \"missing\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"missing","localizedErrorMessage":"Property \"missing\" does not exist","portalId":12345678}]`,
		"errors.2.context.existingId":         list{bo},
		"errors.3.category":                   "VALIDATION_ERROR",
		"errors.3.context.objectWriteTraceId": list{"4"},
	})
	if got, want := r.at("errors.3.message").(string), " "+ann+" already has that value."; !strings.HasSuffix(got, want) ||
		!strings.HasPrefix(got, "Cannot set PropertyValueCoordinates{portalId=12345678, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=ext_id, value=A} on ") {
		t.Errorf("unique value: %s", got)
	}
	w.call("POST", contacts+"/batch/create", inputs(m{"properties": m{"phone": "1"}}, m{"properties": m{"phone": "2"}})).want(t, 201, m{
		"status": "COMPLETE", "errors": absent, "numErrors": absent, "results.0.objectWriteTraceId": absent, "startedAt": "2026-11-21T10:00:00.250Z",
	})
}

func TestBatchUpdate(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.unique("ext_id")
	ann := w.insert(map[string]string{"email": "ann@example.com", "ext_id": "A"})
	bo := w.insert(map[string]string{"email": "bo@example.com", "ext_id": "B"})
	update := contacts + "/batch/update"

	r := w.call("POST", update, inputs(
		m{"id": ann, "properties": m{"phone": "1"}, "objectWriteTraceId": "t"}, m{"id": "999", "properties": m{"phone": "1"}}, m{"id": "abc", "properties": m{"phone": "1"}},
	))
	r.want(t, 207, m{
		"results.0.id": ann, "results.0.properties.phone": "1", "results.0.objectWriteTraceId": "t", "results.1": absent, "numErrors": 2, "errors.1": absent,
		"errors.0": m{
			"status": "error", "category": "OBJECT_NOT_FOUND", "context": m{"ids": list{"999", "abc"}},
			"message": "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.",
		},
	})
	refused := []struct {
		name   string
		body   m
		status int
		want   m
	}{
		{"a refused value refuses all", inputs(m{"id": ann, "properties": m{"phone": "2"}}, m{"id": bo, "properties": m{"email": "x"}}), 400, m{"errors.0.code": "INVALID_EMAIL"}},
		{"trace ids change nothing", inputs(m{"id": ann, "properties": m{"phone": "2"}, "objectWriteTraceId": "0"}, m{"id": bo, "properties": m{"email": "x"}, "objectWriteTraceId": "1"}), 400, nil},
		{"duplicate ids", inputs(m{"id": ann, "properties": m{"phone": "2"}}, m{"id": ann, "properties": m{"phone": "3"}}), 400, m{
			"message": "Duplicate IDs found in batch input: [" + ann + "]. IDs must be unique", "context.ids": list{ann}, "category": "VALIDATION_ERROR",
		}},
		{"by e-mail", inputs(m{"id": "ann@example.com", "idProperty": "email", "properties": m{"phone": "2"}}), 400, m{"category": "VALIDATION_ERROR"}},
		{"a value that another holds", inputs(m{"id": ann, "properties": m{"ext_id": "B"}}), 400, m{
			"message": "Cannot set PropertyValueCoordinates{portalId=12345678, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=ext_id, value=B} on " + ann + ". " + bo + " already has that value.",
		}},
		{"an unknown unique value", inputs(m{"id": "C", "idProperty": "ext_id", "properties": m{"phone": "2"}}, m{"id": "A", "idProperty": "ext_id", "properties": m{"phone": "2"}}), 404, m{
			"context.missingObjectPropertyValueCoordinates": list{"0-1-ext_id:C"},
		}},
	}
	for _, tt := range refused {
		r := w.call("POST", update, tt.body)
		if r.status != tt.status {
			t.Errorf("%s: %d %s", tt.name, r.status, r.text)
		}
		r.want(t, tt.status, tt.want)
		if got := w.get(ann, "phone")["phone"]; got != "1" {
			t.Fatalf("%s: wrote %v", tt.name, got)
		}
	}
	w.call("POST", update, inputs(m{"id": "A", "idProperty": "ext_id", "properties": m{"phone": "2"}})).want(t, 200, m{"results.0.id": ann})
	w.call("POST", update, inputs(m{"id": ann, "properties": m{"email": "ann2@example.com"}}, m{"id": bo, "properties": m{"email": "ann@example.com"}})).want(t, 200, nil)
}

func TestBatchUpsert(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.unique("ext_id")
	ann := w.insert(map[string]string{"email": "ann@example.com", "ext_id": "A", "hs_additional_emails": "ann2@example.com"})
	upsert := contacts + "/batch/upsert"

	r := w.call("POST", upsert, inputs(
		m{"id": "A", "idProperty": "ext_id", "properties": m{"phone": "1"}, "objectWriteTraceId": "0"},
		m{"id": "B", "idProperty": "ext_id", "properties": m{"phone": "2", "email": "Bo@Example.com"}, "objectWriteTraceId": "1"},
	))
	r.want(t, 200, nil)
	if rows := r.by("objectWriteTraceId"); rows["0"]["new"] != false || rows["0"]["id"] != ann || rows["1"]["new"] != true {
		t.Errorf("%v", rows)
	}
	if got := r.by("objectWriteTraceId")["1"]["properties"].(m); got["ext_id"] != "B" || got["email"] != "bo@example.com" || got["lifecyclestage"] != "lead" {
		t.Errorf("created: %v", got)
	}

	w.call("POST", upsert, inputs(
		m{"id": "A", "idProperty": "ext_id", "properties": m{"phone": "x"}, "objectWriteTraceId": "0"},
		m{"id": "C", "idProperty": "ext_id", "properties": m{"email": "ann@example.com"}, "objectWriteTraceId": "1"},
	)).want(t, 207, m{"results.0.id": ann, "errors.0.category": "CONFLICT", "errors.0.context.objectWriteTraceId": list{"1"}, "errors.0.context.existingId": list{ann}})

	refused := map[string]struct {
		body   m
		status int
		want   m
	}{
		"untraced fails as a whole": {inputs(m{"id": "A", "idProperty": "ext_id", "properties": m{"phone": "y"}}, m{"id": "C", "idProperty": "ext_id", "properties": m{"nope": "1"}}), 400, nil},
		"by e-mail traced fails as a whole": {inputs(m{"id": "ann@example.com", "idProperty": "email", "properties": m{"phone": "y"}, "objectWriteTraceId": "0"},
			m{"id": "d@example.com", "idProperty": "email", "properties": m{"nope": "1"}, "objectWriteTraceId": "1"}), 400, nil},
		"not unique": {inputs(m{"id": "A", "idProperty": "phone", "properties": m{}}), 400, m{
			"message": "Unable to perform update/upsert by non-unique 0-1 property phone in portal ID 12345678", "category": "VALIDATION_ERROR",
		}},
		"record id":    {inputs(m{"id": ann, "idProperty": "hs_object_id", "properties": m{}}), 400, m{"message": "Unable to perform update/upsert by non-unique 0-1 property hs_object_id in portal ID 12345678"}},
		"no property":  {inputs(m{"id": ann, "properties": m{}}), 400, nil},
		"mixed":        {inputs(m{"id": "A", "idProperty": "ext_id", "properties": m{}}, m{"id": "x@example.com", "idProperty": "email", "properties": m{}}), 400, nil},
		"duplicate":    {inputs(m{"id": "N", "idProperty": "ext_id", "properties": m{}}, m{"id": "N", "idProperty": "ext_id", "properties": m{}}), 400, m{"context.ids": list{"N"}}},
		"case differs": {inputs(m{"id": "N@example.com", "idProperty": "email", "properties": m{}}, m{"id": "n@example.com", "idProperty": "email", "properties": m{}}), 400, nil},
		"one record by two addresses": {inputs(m{"id": "ann@example.com", "idProperty": "email", "properties": m{}}, m{"id": "ann2@example.com", "idProperty": "email", "properties": m{}}), 400,
			m{"context.ids": list{ann}}},
	}
	for name, tt := range refused {
		r := w.call("POST", upsert, tt.body)
		if r.status != tt.status {
			t.Errorf("%s: %d %s", name, r.status, r.text)
			continue
		}
		r.want(t, tt.status, tt.want)
	}
	if got, n := w.get(ann, "phone")["phone"], len(w.All("contacts")); got != "x" || n != 2 {
		t.Errorf("phone %v, %d contacts", got, n)
	}
}

func TestBatchRead(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	ann := w.insert(map[string]string{"email": "ann@example.com"})
	bo := w.insert(map[string]string{"email": "bo@example.com"})
	if err := w.Delete("contacts", bo); err != nil {
		t.Fatal(err)
	}
	read := contacts + "/batch/read"
	w.call("POST", read, m{"inputs": list{m{"id": ann}, m{"id": bo}, m{"id": "9"}}, "properties": list{"phone", "nope"}}).want(t, 207, m{
		"results.0.properties": m{"createdate": "2026-11-21T10:00:00.250Z", "hs_object_id": ann, "lastmodifieddate": "2026-11-21T10:00:00.250Z", "phone": nil},
		"errors.0.category":    "OBJECT_NOT_FOUND", "errors.0.context.ids": list{bo, "9"}, "errors.1": absent,
	})
	w.call("POST", read+"?archived=true", m{"inputs": list{m{"id": bo}}}).want(t, 200, m{"results.0.id": bo, "results.0.archived": true})
	w.call("POST", read, m{"inputs": list{m{"id": "ANN@example.com"}}, "idProperty": "email"}).want(t, 200, m{"results.0.id": ann})
	w.call("POST", read, m{"inputs": list{m{"id": ann}, m{"id": ann}}}).want(t, 400, m{"context.ids": list{ann}})
	w.call("POST", read, m{"inputs": list{m{"id": 7}}}).want(t, 207, m{"errors.0.context.ids": list{"7"}})
	w.call("POST", read, m{"inputs": list{m{"id": "x"}}, "idProperty": "phone"}).want(t, 400, nil)
	w.call("POST", read, m{}).want(t, 400, nil)
}

func TestBatchCaps(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	many := func(n int) list {
		var rows list
		for i := range n {
			rows = append(rows, m{"id": strconv.Itoa(i + 1), "properties": m{}})
		}
		return rows
	}
	text := "The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again"
	for _, action := range []string{"update", "archive", "create", "upsert"} {
		w.call("POST", contacts+"/batch/"+action, m{"inputs": many(101)}).want(t, 400, m{"message": text, "category": "VALIDATION_ERROR"})
	}
	ids := func(n int) list {
		var rows list
		for i := range n {
			rows = append(rows, m{"id": strconv.Itoa(i + 1)})
		}
		return rows
	}
	w.call("POST", contacts+"/batch/read", m{"inputs": ids(101)}).want(t, 400, m{"message": text})
	w.call("POST", contacts+"/batch/read", m{"inputs": ids(51), "propertiesWithHistory": list{"phone"}}).want(t, 400, m{
		"message": "The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again",
	})
	w.call("POST", contacts+"/batch/read", m{"inputs": ids(100)}).want(t, 207, m{"numErrors": 100})
}

func TestResultsAreShuffled(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Seed: 1})
	var rows []m
	for i := range 20 {
		rows = append(rows, m{"properties": m{"phone": fmt.Sprint(i)}})
	}
	r := w.call("POST", contacts+"/batch/create", inputs(rows...))
	r.want(t, 201, nil)
	var order []string
	for i := range 20 {
		order = append(order, r.at(fmt.Sprintf("results.%d.properties.phone", i)).(string))
	}
	sorted := make([]string, 20)
	for i := range sorted {
		sorted[i] = fmt.Sprint(i)
	}
	if cmp.Equal(order, sorted) {
		t.Error("results came in the order of the inputs")
	}
	if len(r.by("phone")) != 20 {
		t.Errorf("%d results", len(r.by("phone")))
	}
}
