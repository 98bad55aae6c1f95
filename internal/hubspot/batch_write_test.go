package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/wire"
)

// brief is an outcome without its record and with the refusal's category.
type brief struct {
	Answer   Answer
	ID       string
	New      bool
	Category string
}

func briefly(r BatchResult) []brief {
	out := make([]brief, len(r.Outcomes))
	for i, o := range r.Outcomes {
		out[i] = brief{Answer: o.Answer, ID: o.ID, New: o.New}
		if o.Refusal != nil {
			out[i].Category = o.Refusal.Category
		}
	}
	return out
}

func writes(n int) []Write {
	rows := make([]Write, n)
	for i := range rows {
		rows[i] = Write{ID: fmt.Sprint(500 + i), Properties: map[string]string{"firstname": fmt.Sprint("Ann", i)}}
	}
	return rows
}

// Results come back in another order, e-mails in lower case (recorded in 15 of 16 batches).
func TestCreateMatchesByTraceIdNotByIndex(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 207, body: `{"status":"COMPLETE","results":[
		{"id":"73","properties":{"email":"c@example.com","lifecyclestage":"lead"},"objectWriteTraceId":"2"},
		{"id":"71","properties":{"email":"a@example.com"},"objectWriteTraceId":"0"}],
		"numErrors":1,"errors":[{"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 171591000198","context":{"objectWriteTraceId":["1"],"existingId":["171591000198"]}}]}`})
	c := p.client(t)
	got, err := c.BatchCreate(t.Context(), "contacts", "", []Write{ // no key: the trace ids alone
		{Properties: map[string]string{"email": "A@example.com"}},
		{Properties: map[string]string{"email": "b@example.com"}},
		{Properties: map[string]string{"email": "C@Example.com", "phone": ""}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []brief{{Answer: Taken, ID: "71"}, {Refused, "171591000198", false, "CONFLICT"}, {Answer: Taken, ID: "73"}}
	if diff := cmp.Diff(want, briefly(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if record := string(got.Outcomes[2].Record); !strings.Contains(record, `"lifecyclestage":"lead"`) {
		t.Errorf("the read-back of row 3 is %s", record)
	}
	if p.requests()[0].Path != "/crm/objects/2026-03/contacts/batch/create" {
		t.Errorf("called %s", p.requests()[0].Path)
	}
	// A cleared property goes as the empty text, never as null.
	sameJSON(t, `{"inputs":[
		{"properties":{"email":"A@example.com"},"objectWriteTraceId":"0"},
		{"properties":{"email":"b@example.com"},"objectWriteTraceId":"1"},
		{"properties":{"email":"C@Example.com","phone":""},"objectWriteTraceId":"2"}]}`, p.requests()[0].Body)
	p.noSecrets(t)
}

// A server that echoes no trace id: the key's value decides, without regard to case.
func TestCreateMatchesByKeyWithoutTraceIds(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 207} {
		p := script(t, reply{status: status, body: `{"status":"COMPLETE","results":[
			{"id":"72","properties":{"email":"b@example.com","hs_object_id":72}},{"id":"71","properties":{"email":"a@example.com"}}]}`})
		got, err := p.client(t).BatchCreate(t.Context(), "contacts", "email", []Write{
			{Properties: map[string]string{"email": "A@Example.com"}}, {Properties: map[string]string{"email": "b@example.com"}}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]brief{{Answer: Taken, ID: "71"}, {Answer: Taken, ID: "72"}}, briefly(got)); diff != "" {
			t.Errorf("status %d (-want +got)\n%s", status, diff)
		}
	}
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 207, body: `{"status":"COMPLETE","results":[
		{"id":"9","new":true,"properties":{"salesforce_id":"00q000000000003aaa"}},
		{"id":"7","new":false,"properties":{"salesforce_id":"00Q000000000001AAA"},"objectWriteTraceId":"0"}],
		"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"missing\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"missing\",\"portalId\":1}]","context":{"objectWriteTraceId":["1"]}}],"numErrors":1}`})
	got, err := p.client(t).BatchUpsert(t.Context(), "contacts", "salesforce_id", []Write{
		{ID: "00Q000000000001AAA", Properties: map[string]string{"lastname": "Lee"}},
		{ID: "00Q000000000002AAA", Properties: map[string]string{"missing": "x"}},
		{ID: "00Q000000000003AAA", Properties: map[string]string{"lastname": "Chen"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []brief{{Answer: Taken, ID: "7"}, {Refused, "", false, "VALIDATION_ERROR"}, {Answer: Taken, ID: "9", New: true}}
	if diff := cmp.Diff(want, briefly(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Outcomes[1].Refusal.Properties[0].Name != "missing" || got.Repeated {
		t.Errorf("got %+v", got)
	}
	sameJSON(t, `{"inputs":[
		{"id":"00Q000000000001AAA","idProperty":"salesforce_id","properties":{"lastname":"Lee"},"objectWriteTraceId":"0"},
		{"id":"00Q000000000002AAA","idProperty":"salesforce_id","properties":{"missing":"x"},"objectWriteTraceId":"1"},
		{"id":"00Q000000000003AAA","idProperty":"salesforce_id","properties":{"lastname":"Chen"},"objectWriteTraceId":"2"}]}`, p.requests()[0].Body)
}

// All ids that are gone are folded into one error; numErrors counts otherwise.
func TestUpdateSpreadsNotFoundOverItsIDs(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 207, body: `{"status":"COMPLETE","results":[
		{"id":"503","properties":{"firstname":"Ann3"}},{"id":"500","properties":{"firstname":"Ann0"}}],"numErrors":1,
		"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["502","501"]}}]}`})
	got, err := p.client(t).BatchUpdate(t.Context(), "contacts", writes(4))
	if err != nil {
		t.Fatal(err)
	}
	gone := brief{Refused, "", false, "OBJECT_NOT_FOUND"}
	if diff := cmp.Diff([]brief{{Answer: Taken, ID: "500"}, gone, gone, {Answer: Taken, ID: "503"}}, briefly(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !got.Outcomes[1].Refusal.Missing() {
		t.Error("a record that is gone is not Missing")
	}
	sameJSON(t, `{"inputs":[{"id":"500","properties":{"firstname":"Ann0"}},{"id":"501","properties":{"firstname":"Ann1"}},
		{"id":"502","properties":{"firstname":"Ann2"}},{"id":"503","properties":{"firstname":"Ann3"}}]}`, p.requests()[0].Body)
}

// One bad value refuses the whole update: the error says which properties, and that nothing is in doubt.
func TestUpdateRefusedWhole(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 400, body: `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"ann.lee@example.com was not one of the allowed options: [A, B]\",\"error\":\"INVALID_OPTION\",\"name\":\"hs_lead_status\"}]","correlationId":"x","errors":[{"message":"ann.lee@example.com was not one of the allowed options: [A, B]","code":"INVALID_OPTION","context":{"propertyName":["hs_lead_status"]}}],"category":"VALIDATION_ERROR"}`})
	_, err := p.client(t).BatchUpdate(t.Context(), "contacts", writes(2))
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a *Refusal", err)
	}
	if diff := cmp.Diff([]PropertyError{{"hs_lead_status", "INVALID_OPTION", "ann.lee@example.com was not one of the allowed options: [A, B]"}}, refusal.Properties); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.Contains(refusal.Message, "ann.lee@example.com") {
		t.Errorf("history needs HubSpot's words, got %q", refusal.Message)
	}
	var w *wire.Error
	if !errors.As(err, &w) || w.Uncertain || w.Kind != wire.Record || w.Status != 400 {
		t.Errorf("the wire's error is %#v", w)
	}
	if want := "hubspot.BatchUpdate(contacts, 2 rows): hubspot: POST objects/contacts/batch/update: 400 VALIDATION_ERROR: hs_lead_status INVALID_OPTION"; err.Error() != want {
		t.Errorf("text\n%s, want\n%s", err, want)
	}
	p.noSecrets(t, err.Error())
}

func TestUniqueValueTakenRefusesWhole(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 400, body: `{"status":"error","message":"Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=salesforce_id, value=ann.lee@example.com} on 500. 77 already has that value.","correlationId":"x","category":"VALIDATION_ERROR"}`})
	_, err := p.client(t).BatchUpdate(t.Context(), "contacts", writes(1))
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.ExistingID != "77" || refusal.Properties[0].Name != "salesforce_id" {
		t.Fatalf("got %v, %+v", err, refusal)
	}
	p.noSecrets(t, err.Error())
}

// What no error and no result speaks of is not taken for granted either way.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body  string
		want  []brief
		stray int
	}{
		"nothing said":        {`{"status":"PENDING","results":[]}`, []brief{{Answer: Unanswered}, {Answer: Unanswered}}, 0},
		"one error, two rows": {`{"results":[],"errors":[{"category":"VALIDATION_ERROR","message":"no"}]}`, []brief{{Answer: Unanswered}, {Answer: Unanswered}}, 1},
		"one error, one row":  {`{"results":[{"id":"500"}],"errors":[{"category":"VALIDATION_ERROR","message":"no"}]}`, []brief{{Answer: Taken, ID: "500"}, {Refused, "", false, "VALIDATION_ERROR"}}, 0},
		"an error in words":   {`{"results":[{"id":"500"}],"errors":["no"]}`, []brief{{Answer: Taken, ID: "500"}, {Refused, "", false, ""}}, 0},
		"two errors, one of no row": {`{"results":[],"errors":[{"category":"CONFLICT","message":"no"},{"category":"OBJECT_NOT_FOUND","context":{"ids":["500"]}}]}`,
			[]brief{{Refused, "", false, "OBJECT_NOT_FOUND"}, {Refused, "", false, "CONFLICT"}}, 0},
		"an error and a result of no row": {`{"results":[{"id":"500"},{"id":"999"}],"errors":[{"message":"no"}]}`, []brief{{Answer: Taken, ID: "500"}, {Answer: Unanswered}}, 1},
		"a result of no row":              {`{"results":[{"id":"500"},{"id":"999"}]}`, []brief{{Answer: Taken, ID: "500"}, {Answer: Unanswered}}, 0},
		"a result of no row, 2":           {`{"results":[{"id":"999"}],"errors":[{"message":"no"}]}`, []brief{{Answer: Unanswered}, {Answer: Unanswered}}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := script(t, reply{status: 207, body: tt.body}).client(t).BatchUpdate(t.Context(), "contacts", writes(2))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, briefly(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(got.Stray) != tt.stray {
				t.Errorf("%d stray errors, want %d", len(got.Stray), tt.stray)
			}
		})
	}
}

// An answer that cannot be read leaves a write in doubt.
func TestMisreadAnswerOfAWriteIsUncertain(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"results":"ann.lee@example.com"}`})
	_, err := p.client(t).BatchUpdate(t.Context(), "contacts", writes(1))
	var e *wire.Error
	if !errors.As(err, &e) || !e.Uncertain || e.Kind != wire.Stop {
		t.Errorf("got %v", err)
	}
	p.noSecrets(t, err.Error())
}

// A create whose answer was lost is left alone; an update and an upsert are repeated.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	lost, good := reply{status: 502, body: "<html>bad gateway</html>", header: map[string]string{"Content-Type": "text/html"}}, reply{body: `{"results":[{"id":"500","properties":{"key":"500"}}]}`}

	p := script(t, lost)
	_, err := p.client(t).BatchCreate(t.Context(), "contacts", "", []Write{{Properties: map[string]string{"email": "ann.lee@example.com"}}})
	var e *wire.Error
	if !errors.As(err, &e) || !e.Uncertain {
		t.Errorf("create: got %v, want an uncertain error", err)
	}
	p.noSecrets(t, err.Error())

	p = script(t, lost, good)
	got, err := p.client(t).BatchUpsert(t.Context(), "contacts", "key", writes(1))
	if err != nil || got.Outcomes[0].Answer != Taken {
		t.Fatalf("upsert: got %+v, %v", got, err)
	}
	if !got.Repeated {
		t.Error("upsert: not said that the first attempt may have made the record")
	}
	if first, again := p.requests()[0].Body, p.requests()[1].Body; first != again {
		t.Errorf("upsert: repeated as\n%s", again)
	}

	// Refused at the second attempt: the first may have written, so it is no refusal yet.
	p = script(t, lost, reply{status: 400, body: `{"status":"error","category":"VALIDATION_ERROR","message":"no"}`})
	_, err = p.client(t).BatchUpsert(t.Context(), "contacts", "key", writes(1))
	var refusal *Refusal
	if errors.As(err, &refusal) || !errors.As(err, &e) || !e.Uncertain {
		t.Errorf("refused after a lost answer: got %v", err)
	}

	p = script(t, lost, good)
	if got, err = p.client(t).BatchUpdate(t.Context(), "contacts", writes(1)); err != nil || got.Outcomes[0].Answer != Taken {
		t.Errorf("update: got %+v, %v", got, err)
	}
}

// What HubSpot would turn down whole is refused before the call, without quoting a value.
func TestBatchLimits(t *testing.T) {
	t.Parallel()
	p := script(t) // any request fails the test
	c := p.client(t)
	ctx := t.Context()
	tests := map[string]func() error{
		"a batch takes 100 rows, not 101": func() error { _, err := c.BatchUpdate(ctx, "contacts", writes(101)); return err },
		"takes 100 rows, not 102":         func() error { _, err := c.BatchUpsert(ctx, "contacts", "key", writes(102)); return err },
		"takes 100 rows, not 103":         func() error { _, err := c.BatchCreate(ctx, "contacts", "", make([]Write, 103)); return err },
		"share one id: row 2":             func() error { _, err := c.BatchUpdate(ctx, "contacts", []Write{{ID: "1"}, {ID: "1"}}); return err },
		"row 1 of the batch has no id":    func() error { _, err := c.BatchUpdate(ctx, "contacts", make([]Write, 1)); return err },
		"row 1 has an id":                 func() error { _, err := c.BatchCreate(ctx, "contacts", "", writes(1)); return err },
		`"" is not a key`:                 func() error { _, err := c.BatchUpsert(ctx, "contacts", "", writes(1)); return err },
		`"hs_object_id" is not a key`:     func() error { _, err := c.BatchUpsert(ctx, "contacts", "hs_object_id", writes(1)); return err },
		"share one id: row 2 stands in it twice": func() error {
			_, err := c.BatchUpsert(ctx, "contacts", "email", []Write{{ID: "ann.lee@example.com"}, {ID: "Ann.Lee@example.com"}})
			return err
		},
		"takes 50 rows, not 51": func() error {
			_, err := c.BatchRead(ctx, "contacts", ReadQuery{IDs: make([]string, 51), WithHistory: []string{"email"}})
			return err
		},
	}
	for want, f := range tests {
		err := f()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if err != nil && strings.Contains(strings.ToLower(err.Error()), "ann.lee") {
			t.Errorf("a value stands in %q", err)
		}
	}
	if got, err := c.BatchUpdate(ctx, "contacts", nil); err != nil || len(got.Outcomes) != 0 {
		t.Errorf("an empty batch: %+v, %v", got, err)
	}
}

func TestBatchRead(t *testing.T) {
	t.Parallel()
	body := `{"status":"COMPLETE","results":[
		{"id":"3","properties":{"lastmodifieddate":"2022-11-03T10:00:00Z"},"propertiesWithHistory":{"phone":[{"value":"+1 555 0100","timestamp":"2022-11-03T10:00:00Z","sourceType":"CRM_UI"}]}},
		{"id":"1","properties":{"lastmodifieddate":"2025-11-04T12:10:35.352Z"},"updatedAt":"2025-11-04T12:10:35.352Z"}],
		"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["2"]}}],"numErrors":1}`
	p := script(t, reply{status: 207, body: body}, reply{body: `{"results":[]}`})
	c := p.client(t)
	page, err := c.BatchRead(t.Context(), "contacts", ReadQuery{IDs: []string{"1", "2", "3"}, Properties: []string{"email"}, WithHistory: []string{"phone"}})
	if err != nil {
		t.Fatal(err)
	}
	if string(page.Body) != body {
		t.Error("the page is not as HubSpot sent it")
	}
	if diff := cmp.Diff([]string{"2"}, page.Missing); diff != "" {
		t.Errorf("missing (-want +got)\n%s", diff)
	}
	if page.Rows[0].ID != "3" || page.Rows[1].ModifiedAt.Format("15:04:05.000") != "12:10:35.352" {
		t.Errorf("rows %+v", page.Rows)
	}
	if page, err = c.BatchRead(t.Context(), "contacts", ReadQuery{IDs: []string{"9"}, Archived: true}); err != nil || page.Missing[0] != "9" {
		t.Errorf("an id nothing is said about: %+v, %v", page, err)
	}
	requests := p.requests()
	if requests[0].Path != "/crm/objects/2026-03/contacts/batch/read" || requests[0].Query != "archived=false" || requests[1].Query != "archived=true" {
		t.Errorf("called %s?%s, ?%s", requests[0].Path, requests[0].Query, requests[1].Query)
	}
	sameJSON(t, `{"inputs":[{"id":"1"},{"id":"2"},{"id":"3"}],"properties":["email"],"propertiesWithHistory":["phone"]}`, requests[0].Body)
}

func TestBatchReadByAUniqueProperty(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 207, body: `{"results":[{"id":"1","properties":{"email":"ann.lee@example.com"}}],
		"errors":[{"category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["bo@example.com"]}}]}`})
	page, err := p.client(t).BatchRead(t.Context(), "contacts", ReadQuery{IDs: []string{"Ann.Lee@example.com", "bo@example.com"}, IDProperty: "email"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"bo@example.com"}, page.Missing); diff != "" {
		t.Errorf("missing (-want +got)\n%s", diff)
	}
	sameJSON(t, `{"inputs":[{"id":"Ann.Lee@example.com"},{"id":"bo@example.com"}],"idProperty":"email"}`, p.requests()[0].Body)
}

// The outcomes' records are whole, so that load can land them as read back.
func TestRecordOfAnOutcomeIsTheRawObject(t *testing.T) {
	t.Parallel()
	record := `{"id":"500","properties":{"phone":""},"createdAt":"2025-11-03T23:36:13.632Z","updatedAt":"2025-11-04T12:10:35.352Z","archived":false}`
	got, err := script(t, reply{status: http.StatusOK, body: `{"results":[` + record + `]}`}).client(t).BatchUpdate(t.Context(), "contacts", writes(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(json.RawMessage(record), got.Outcomes[0].Record); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
