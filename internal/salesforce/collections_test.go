package salesforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

const collections = "/services/data/v60.0/composite/sobjects"

func TestUpdate(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"PATCH " + collections: one(says(200, `[
		{"id":"003RM0000000001AAA","success":true,"errors":[]},
		{"id":"003RM0000000002AAA","success":false,"errors":[{"statusCode":"INVALID_EMAIL_ADDRESS","message":"Email: invalid email address: nope","fields":["Email"]},
			{"statusCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"The admin says no","fields":[]}]},
		{"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"unable to obtain exclusive access","fields":[]}]}]`))})
	got, err := o.client(t).Update(t.Context(), []Row{
		{Object: "Contact", ID: "003RM0000000001AAA", Values: map[string]any{"Phone": nil, "LastName": "Lee"}},
		{Object: "Contact", ID: "003RM0000000002AAA", Values: map[string]any{"Email": "nope"}},
		{Object: "Contact", ID: "003RM0000000003AAA", Values: map[string]any{"Account": map[string]string{"Key__c": "7"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Outcome{
		{ID: "003RM0000000001AAA", OK: true},
		{ID: "003RM0000000002AAA", Refusals: []Refusal{
			{Code: "INVALID_EMAIL_ADDRESS", Message: "Email: invalid email address: nope", Fields: []string{"Email"}, Kind: wire.Record},
			{Code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message: "The admin says no", Fields: []string{}, Kind: wire.Record}}},
		{ID: "003RM0000000003AAA", Refusals: []Refusal{{Code: "UNABLE_TO_LOCK_ROW", Message: "unable to obtain exclusive access", Fields: []string{}, Kind: wire.Retry}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	sent := o.seen()[0]
	wantBody := `{"allOrNone":false,"records":[{"LastName":"Lee","Phone":null,"attributes":{"type":"Contact"},"id":"003RM0000000001AAA"},` +
		`{"Email":"nope","attributes":{"type":"Contact"},"id":"003RM0000000002AAA"},{"Account":{"Key__c":"7"},"attributes":{"type":"Contact"},"id":"003RM0000000003AAA"}]}`
	if diff := cmp.Diff(wantBody, sent.Body); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{
		"Sforce-Auto-Assign": "FALSE", "Sforce-Duplicate-Rule-Header": "allowSave=true",
		"Sforce-Call-Options": "client=lockstep", "Content-Type": "application/json",
	} {
		if got := sent.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	rows := []Row{{Object: "Contact", Values: map[string]any{"HubSpot_Id__c": "51", "LastName": "Lee"}}, {Object: "Contact", Values: map[string]any{"HubSpot_Id__c": "52"}}}
	o := newOrg(t, map[string][]http.HandlerFunc{"PATCH " + collections + "/Contact/HubSpot_Id__c": one(says(200, `[
		{"id" : "0035500001H9cakAAB","success" : true,"errors" : [ ],"created" : true},
		{"success":false,"created":true,"errors":[{"statusCode":"DUPLICATE_VALUE","message":"duplicate value found: NPI__c duplicates value on record with id: 003q000000KvQ1t","fields":[]}]}]`))})
	got, err := o.client(t).Upsert(t.Context(), "Contact", "HubSpot_Id__c", rows)
	if err != nil {
		t.Fatal(err)
	}
	want := []Outcome{
		{ID: "0035500001H9cakAAB", OK: true, Created: true},
		// A failed row may read "created": true. The other record is named by 15 characters.
		{Refusals: []Refusal{{Code: "DUPLICATE_VALUE", Message: "duplicate value found: NPI__c duplicates value on record with id: 003q000000KvQ1t",
			Fields: []string{}, Kind: wire.Follow, Other: "003q000000KvQ1tAAF"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALostAnswer(t *testing.T) {
	t.Parallel()
	lost := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	good := says(200, `[{"id":"003RM0000000001AAA","success":true,"errors":[],"created":false}]`)
	routes := func() map[string][]http.HandlerFunc {
		return map[string][]http.HandlerFunc{
			"PATCH " + collections + "/Contact/Key__c": {lost, good},
			"PATCH " + collections:                     {lost, good},
			"POST " + collections:                      {lost, good},
		}
	}
	rows := []Row{{Object: "Contact", ID: "003RM0000000001AAA", Values: map[string]any{"Key__c": "1"}}}

	o := newOrg(t, routes())
	got, err := o.client(t).Upsert(t.Context(), "Contact", "Key__c", rows)
	if err != nil || !got[0].Repeated || len(o.seen()) != 2 {
		t.Errorf("an upsert is sent again and says so: %+v, %v", got, err)
	}
	o = newOrg(t, routes())
	if got, err = o.client(t).Update(t.Context(), rows); err != nil || !got[0].Repeated || len(o.seen()) != 2 {
		t.Errorf("an update is sent again: %+v, %v", got, err)
	}
	o = newOrg(t, routes())
	_, err = o.client(t).Create(t.Context(), rows)
	var e *wire.Error
	if !errors.As(err, &e) || !e.Uncertain || len(o.seen()) != 1 {
		t.Errorf("a create is not sent again: %v after %d calls", err, len(o.seen()))
	}
}

func TestAnAnswerWithTooFewOutcomes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[]`, `[{"id":"003RM0000000001AAA","success":true,"errors":[]}]`, `{"success":true}`} {
		o := newOrg(t, map[string][]http.HandlerFunc{"PATCH " + collections: one(says(200, body))})
		_, err := o.client(t).Update(t.Context(), []Row{{Object: "Contact", ID: "1"}, {Object: "Contact", ID: "2"}})
		var e *wire.Error
		if !errors.As(err, &e) || !e.Uncertain || e.Kind != wire.Stop {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestSizesOfAWrite(t *testing.T) {
	t.Parallel()
	many := func(n int, objects ...string) []Row {
		rows := make([]Row, n)
		for i := range rows {
			rows[i] = Row{Object: objects[i%len(objects)], ID: fmt.Sprint(i)}
		}
		return rows
	}
	for name, test := range map[string]struct {
		rows []Row
		fine bool
	}{
		"none":         {nil, false},
		"200":          {many(200, "Contact"), true},
		"201":          {many(201, "Contact"), false},
		"10 stretches": {many(10, "Lead", "Contact"), true},
		"11 stretches": {many(11, "Lead", "Contact"), false},
	} {
		o := newOrg(t, map[string][]http.HandlerFunc{"PATCH " + collections: one(func(w http.ResponseWriter, r *http.Request) {
			results := make([]saveResult, len(test.rows))
			body, err := json.Marshal(results)
			if err != nil {
				t.Error(err)
			}
			says(200, string(body))(w, r)
		})})
		_, err := o.client(t).Update(t.Context(), test.rows)
		if (err == nil) != test.fine || !test.fine && len(o.calls) != 0 {
			t.Errorf("%s: %v after %d calls", name, err, len(o.calls))
		}
	}
}

func TestRetrieve(t *testing.T) {
	t.Parallel()
	ids := []string{"003000000000001AAA", "003000000000002AAA", "003000000000003AAA", "003000000000001"} // the last is the first again
	record := func(n string) string {
		return `{"attributes":{"type":"Contact"},"Id":"00300000000000` + n + `AAA","Email":null}`
	}
	for name, body := range map[string]string{
		"null where there is none": `[` + record("1") + `,null,` + record("3") + `,` + record("1") + `]`,
		"left out":                 `[` + record("3") + `,` + record("1") + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{"POST " + collections + "/Contact": one(says(200, body))})
			got, err := o.client(t).Retrieve(t.Context(), "Contact", ids, []string{"Email"})
			want := []json.RawMessage{json.RawMessage(record("1")), nil, json.RawMessage(record("3")), json.RawMessage(record("1"))}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Error(err, diff)
			}
			if sent := o.seen()[0].Body; sent != `{"fields":["Id","Email"],"ids":["`+strings.Join(ids, `","`)+`"]}` {
				t.Errorf("sent %s", sent)
			}
		})
	}
	for name, body := range map[string]string{
		"a record nobody asked for": `[` + record("9") + `]`,
		"more than asked for":       `[null,null,null,null,null]`,
		"no records":                `[7]`,
		"an object":                 `{}`,
	} {
		o := newOrg(t, map[string][]http.HandlerFunc{"POST " + collections + "/Contact": one(says(200, body))})
		if got, err := o.client(t).Retrieve(t.Context(), "Contact", ids, nil); err == nil {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestRetrieveInChunks(t *testing.T) {
	t.Parallel()
	var sizes []int
	o := newOrg(t, map[string][]http.HandlerFunc{})
	o.routes["POST "+collections+"/Contact"] = one(func(w http.ResponseWriter, r *http.Request) {
		seen := o.seen()
		var asked struct{ IDs []string }
		if err := json.Unmarshal([]byte(seen[len(seen)-1].Body), &asked); err != nil {
			t.Error(err)
		}
		sizes = append(sizes, len(asked.IDs)) // one call at a time
		says(200, `[`+strings.Repeat("null,", len(asked.IDs)-1)+`null]`)(w, r)
	})
	ids := make([]string, 4500)
	for i := range ids {
		ids[i] = fmt.Sprintf("003%012d", i)
	}
	got, err := o.client(t).Retrieve(t.Context(), "Contact", ids, []string{"Id"})
	if diff := cmp.Diff([]int{2000, 2000, 500}, sizes); err != nil || diff != "" || len(got) != 4500 {
		t.Error(err, diff, len(got))
	}
	if none, err := o.client(t).Retrieve(t.Context(), "Contact", nil, nil); err != nil || len(none) != 0 || len(sizes) != 3 {
		t.Errorf("nothing asked: %v, %v", none, err)
	}
}

// As recorded, v50; names changed.
const duplicates = `[{"duplicateResut":{"allowSave":true,"duplicateRule":"Contacts_DR","duplicateRuleEntityType":"Contact",
  "errorMessage":"Use one of these records?",
  "matchResults":[{"entityType":"Contact","errors":[],"matchEngine":"ExactMatchEngine",
    "matchRecords":[{"additionalInformation":[],"fieldDiffs":[],"matchConfidence":100,
      "record":{"attributes":{"type":"Contact","url":"/services/data/v50.0/sobjects/Contact/0031i000013x2TEAAY"},"Id":"0031i000013x2TEAAY"}}],
    "rule":"Contact_MR","size":1,"success":true}]},
  "errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?"}]`

func TestCreateRecord(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{
		"POST /services/data/v60.0/sobjects/PermissionSet": one(says(201, `{"id":"0PS000000000001AAA","success":true,"errors":[]}`)),
		"POST /services/data/v60.0/sobjects/Contact":       one(says(400, duplicates)),
	})
	c := o.client(t)
	id, err := c.CreateRecord(t.Context(), "PermissionSet", map[string]any{"Name": "HubSpot_Sync", "Label": "HubSpot Sync"})
	if err != nil || id != "0PS000000000001AAA" || o.seen()[0].Body != `{"Label":"HubSpot Sync","Name":"HubSpot_Sync"}` {
		t.Errorf("got %s, %v, sent %s", id, err, o.seen()[0].Body)
	}
	_, err = c.CreateRecord(t.Context(), "Contact", map[string]any{"LastName": "Lee"})
	want := []crm.Record{{Object: crm.Object{System: crm.Salesforce, Name: "Contact"}, ID: "0031i000013x2TEAAY"}}
	if diff := cmp.Diff(want, Duplicates(err)); diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	if Duplicates(nil) != nil || Duplicates(errors.New("other")) != nil {
		t.Error("found duplicates where none were told")
	}
}

func TestCreateField(t *testing.T) {
	t.Parallel()
	const path = "POST /services/data/v60.0/tooling/sobjects/CustomField"
	o := newOrg(t, map[string][]http.HandlerFunc{path: {
		says(201, `{"id":"00N000000000001AAA","success":true,"errors":[],"warnings":[],"infos":[]}`),
		says(400, `[{"errorCode":"DUPLICATE_DEVELOPER_NAME","message":"There is already a field named HubSpot_Id on Contact.","fields":["FullName"]}]`),
	}})
	c := o.client(t)
	field := CustomField{Object: "Contact", Name: "HubSpot_Id__c", Label: "HubSpot Id", Type: "Text", Length: 32, ExternalID: true, Unique: true}
	id, err := c.CreateField(t.Context(), field)
	want := `{"FullName":"Contact.HubSpot_Id__c","Metadata":{"label":"HubSpot Id","type":"Text","length":32,"externalId":true,"unique":true,"required":false}}`
	if diff := cmp.Diff(want, o.seen()[0].Body); err != nil || id != "00N000000000001AAA" || diff != "" {
		t.Error(id, err, diff)
	}
	_, err = c.CreateField(t.Context(), field)
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != "DUPLICATE_DEVELOPER_NAME" || e.Kind != wire.Follow {
		t.Errorf("got %v", err)
	}
}
