package salesforce

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

const compositePath = "POST /services/data/v60.0/composite"

func TestComposite(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{compositePath: one(says(200, `{"compositeResponse":[
		{"body":{"totalSize":0,"done":true,"records":[]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q"},
		{"body":[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}],"httpHeaders":{},"httpStatusCode":404,"referenceId":"r0"}]}`))})
	c := o.client(t)
	got, err := c.Composite(t.Context(), []SubRequest{
		{Method: "GET", Path: "/query?q=SELECT+Id+FROM+Lead", Name: "q"},
		{Method: "PATCH", Path: "/sobjects/Lead/00Q", Name: "r0", Body: map[string]any{"Phone": nil}, Header: http.Header{"Sforce-Auto-Assign": {"FALSE"}}},
	}, true)
	if err != nil || len(got) != 2 || c.SubError("GET", "query", got[0], false) != nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := `{"allOrNone":false,"compositeRequest":[{"method":"GET","url":"/services/data/v60.0/query?q=SELECT+Id+FROM+Lead","referenceId":"q"},` +
		`{"method":"PATCH","url":"/services/data/v60.0/sobjects/Lead/00Q","referenceId":"r0","body":{"Phone":null},"httpHeaders":{"Sforce-Auto-Assign":"FALSE"}}]}`
	if diff := cmp.Diff(want, o.seen()[0].Body); diff != "" {
		t.Error(diff)
	}
	var e *wire.Error
	if err := c.SubError("PATCH", "update Lead", got[1], true); !errors.As(err, &e) || e.Kind != wire.Mapping || e.Uncertain || err.Error() != "salesforce: PATCH update Lead: 404 NOT_FOUND" {
		t.Errorf("got %v", err)
	}
	for _, n := range []int{0, 26} {
		if _, err := c.Composite(t.Context(), make([]SubRequest, n), true); err == nil || len(o.seen()) != 1 {
			t.Errorf("%d parts were sent", n)
		}
	}
}

// The records of the tests below.
func contact(n int, phone string) string {
	return fmt.Sprintf(`{"attributes":{"type":"Contact"},"Id":"00300000000000%dAAA","Phone":"%s"}`, n, phone)
}

func part(name string, status int, body string) string {
	return fmt.Sprintf(`{"body":%s,"httpHeaders":{},"httpStatusCode":%d,"referenceId":"%s"}`, body, status, name)
}

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	rows := []Row{
		{Object: "Contact", ID: "003000000000001AAA", Values: map[string]any{"Phone": "1"}},
		{Object: "Contact", ID: "003000000000002AAA", Values: map[string]any{"Phone": "2"}},
	}
	next := &Read{Object: "Lead", IDs: []string{"00Q000000000001AAA", "00Q000000000002AAA"}, Fields: []string{"Id", "Status"}}
	lead := `{"attributes":{"type":"Lead"},"Id":"00Q000000000001AAA","Status":"New"}`
	written := part("write", 200, `[{"id":"003000000000001AAA","success":true,"errors":[]},{"id":"003000000000002AAA","success":false,"errors":[{"statusCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}]}]`)
	after := part("after", 200, `[`+contact(1, "1")+`,null]`)
	ahead := part("next", 200, `[`+lead+`,null]`)
	halted := func(name string) string {
		return part(name, 503, `[{"errorCode":"SERVER_UNAVAILABLE","message":"Server Unavailable"}]`)
	}
	want := Written{
		Outcomes: []Outcome{{ID: "003000000000001AAA", OK: true},
			{ID: "003000000000002AAA", Refusals: []Refusal{{Code: "ENTITY_IS_DELETED", Message: "entity is deleted", Fields: []string{}, Kind: wire.Follow}}}},
		After: []json.RawMessage{json.RawMessage(contact(1, "1")), nil},
		Next:  []json.RawMessage{json.RawMessage(lead), nil},
	}
	retrieve := map[string][]http.HandlerFunc{
		"POST " + collections + "/Contact": one(says(200, `[`+contact(1, "1")+`,null]`)),
		"POST " + collections + "/Lead":    one(says(200, `[`+lead+`,null]`)),
	}
	for _, test := range []struct {
		name  string
		parts []string
		next  *Read
		calls int
	}{
		{"all in one call", []string{written, after, ahead}, next, 1},
		{"no next", []string{written, after}, nil, 1},
		{"reading back fails", []string{written, halted("after"), ahead}, next, 2},
		{"all reading fails", []string{written, halted("after"), halted("next")}, next, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			routes := map[string][]http.HandlerFunc{compositePath: one(says(200, `{"compositeResponse":[`+strings.Join(test.parts, ",")+`]}`))}
			for k, v := range retrieve {
				routes[k] = v
			}
			o := newOrg(t, routes)
			got, err := o.client(t).WriteAndRead(t.Context(), rows, []string{"Phone"}, test.next)
			wanted := want
			if test.next == nil {
				wanted.Next = nil
			}
			if diff := cmp.Diff(wanted, got); err != nil || diff != "" || len(o.seen()) != test.calls {
				t.Errorf("%v, %d calls: %s", err, len(o.seen()), diff)
			}
			sent := o.seen()[0]
			wantBody := `{"allOrNone":false,"compositeRequest":[` +
				`{"method":"PATCH","url":"/services/data/v60.0/composite/sobjects","referenceId":"write","body":{"allOrNone":false,"records":[{"Phone":"1","attributes":{"type":"Contact"},"id":"003000000000001AAA"},{"Phone":"2","attributes":{"type":"Contact"},"id":"003000000000002AAA"}]},` +
				`"httpHeaders":{"Sforce-Auto-Assign":"FALSE","Sforce-Call-Options":"client=lockstep","Sforce-Duplicate-Rule-Header":"allowSave=true"}},` +
				`{"method":"GET","url":"/services/data/v60.0/composite/sobjects/Contact?ids=003000000000001AAA,003000000000002AAA\u0026fields=Id,Phone","referenceId":"after"}`
			if test.next != nil {
				wantBody += `,{"method":"GET","url":"/services/data/v60.0/composite/sobjects/Lead?ids=00Q000000000001AAA,00Q000000000002AAA\u0026fields=Id,Status","referenceId":"next"}`
			}
			if diff := cmp.Diff(wantBody+`]}`, sent.Body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWriteAndReadWhenTheWriteFails(t *testing.T) {
	t.Parallel()
	rows := []Row{{Object: "Contact", ID: "003000000000001AAA", Values: map[string]any{"Phone": theEmail}}}
	for _, test := range []struct {
		name      string
		answer    string
		kind      wire.Kind
		uncertain bool
		outcomes  int
	}{
		{"refused whole", part("write", 400, `[{"errorCode":"JSON_PARSER_ERROR","message":"Cannot deserialize `+theEmail+`"}]`) + "," + part("after", 200, `[null]`), wire.Mapping, false, 0},
		{"unknown", part("write", 500, `[{"errorCode":"UNKNOWN_EXCEPTION","message":"x"}]`) + "," + part("after", 200, `[null]`), wire.Retry, true, 0},
		{"an outcome too many", part("write", 200, `[{"success":true},{"success":true}]`) + "," + part("after", 200, `[null]`), wire.Stop, true, 0},
		{"a part too few", part("write", 200, `[{"success":true}]`), wire.Stop, true, 0},
		// The write went well and no reading does: the outcomes stand.
		{"no reading", part("write", 200, `[{"success":true}]`) + "," + part("after", 500, `[]`), wire.Mapping, false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{compositePath: one(says(200, `{"compositeResponse":[`+test.answer+`]}`))})
			got, err := o.client(t).WriteAndRead(t.Context(), rows, nil, nil)
			var e *wire.Error
			if !errors.As(err, &e) || e.Kind != test.kind || e.Uncertain != test.uncertain || len(got.Outcomes) != test.outcomes {
				t.Errorf("got %+v, %v", got, err)
			}
			noLeak(t, o, err)
		})
	}
	o := newOrg(t, nil)
	for name, rows := range map[string][]Row{
		"none":        nil,
		"no id":       {{Object: "Contact"}},
		"two objects": {{Object: "Contact", ID: "1"}, {Object: "Lead", ID: "2"}},
	} {
		if _, err := o.client(t).WriteAndRead(t.Context(), rows, nil, nil); err == nil || len(o.calls) != 0 {
			t.Errorf("%s: sent", name)
		}
	}
}

func TestAReadTooLongForAURLIsPosted(t *testing.T) {
	t.Parallel()
	fields := make([]string, 800)
	for i := range fields {
		fields[i] = fmt.Sprintf("A_Rather_Long_Field_Name_%d__c", i)
	}
	short := Read{Object: "Contact", IDs: []string{"1"}, Fields: fields[:5]}.part("a")
	long := Read{Object: "Contact", IDs: []string{"1"}, Fields: fields}.part("a")
	if short.Method != "GET" || short.Body != nil || long.Method != "POST" || len(long.Path) > 100 || long.Body == nil {
		t.Errorf("short %s, long %s %s", short.Method, long.Method, long.Path)
	}
}
