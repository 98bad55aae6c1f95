package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"lockstep/internal/crm"
)

// noLeak looks for secrets and e-mail addresses in everything an error prints and in the log.
func noLeak(t *testing.T, o *org, err error) {
	t.Helper()
	o.mu.Lock()
	texts := []string{o.log.String(), fmt.Sprintf("%v %+v %#v", err, err, err)}
	o.mu.Unlock()
	for at := err; at != nil; at = errors.Unwrap(at) {
		asJSON, jsonErr := json.Marshal(at)
		texts = append(texts, at.Error(), string(asJSON), fmt.Sprint(jsonErr))
	}
	var hinted *crm.Hinted
	if errors.As(err, &hinted) {
		texts = append(texts, hinted.Hint)
	}
	for _, text := range texts {
		for _, no := range []string{theToken, theSecret, theEmail, "PRIVATE KEY"} {
			if strings.Contains(text, no) {
				t.Errorf("%q stands in: %s", no, text)
			}
		}
	}
}

// everyCall is each method once, with an e-mail address wherever a value can stand.
func everyCall(ctx context.Context, c *Client) map[string]error {
	errs := map[string]error{}
	drain := func(name string, err error) {
		if errs[name] == nil {
			errs[name] = err
		}
	}
	rows := []Row{{Object: "Contact", ID: "003000000000001AAA", Values: map[string]any{"Email": theEmail}}}
	soql := "SELECT Id FROM Contact WHERE Email = " + Quote(theEmail)
	for _, err := range c.Query(ctx, soql) {
		drain("Query", err)
	}
	for _, err := range c.QueryAll(ctx, soql) {
		drain("QueryAll", err)
	}
	for _, err := range c.ToolingQuery(ctx, soql) {
		drain("ToolingQuery", err)
	}
	for _, err := range c.BulkQuery(ctx, BulkQuery{SOQL: soql}) {
		drain("BulkQuery", err)
	}
	calls := map[string]func() error{
		"UserInfo":    func() error { _, err := c.UserInfo(ctx); return err },
		"Global":      func() error { _, err := c.Global(ctx); return err },
		"Describe":    func() error { _, err := c.Describe(ctx, "Contact"); return err },
		"Limits":      func() error { _, err := c.Limits(ctx); return err },
		"RecordCount": func() error { _, err := c.RecordCount(ctx, "Contact"); return err },
		"Create":      func() error { _, err := c.Create(ctx, rows); return err },
		"Update":      func() error { _, err := c.Update(ctx, rows); return err },
		"Upsert":      func() error { _, err := c.Upsert(ctx, "Contact", "Key__c", rows); return err },
		"Retrieve": func() error {
			_, err := c.Retrieve(ctx, "Contact", []string{"003000000000001AAA"}, []string{"Email"})
			return err
		},
		"Composite": func() error {
			_, err := c.Composite(ctx, []SubRequest{{Method: "GET", Path: "/x", Name: "a"}}, true)
			return err
		},
		"WriteAndRead": func() error { _, err := c.WriteAndRead(ctx, rows, []string{"Email"}, nil); return err },
		"CreateField":  func() error { _, err := c.CreateField(ctx, CustomField{Object: "Contact", Name: "Key__c"}); return err },
		"CreateRecord": func() error { _, err := c.CreateRecord(ctx, "Contact", rows[0].Values); return err },
		"CreateIngest": func() error {
			_, err := c.CreateIngest(ctx, Ingest{Object: "Contact", Operation: "update"})
			return err
		},
		"Upload":      func() error { return c.Upload(ctx, "750000000000001AAA", []byte("Email\n"+theEmail+"\n")) },
		"CloseIngest": func() error { _, err := c.CloseIngest(ctx, "750000000000001AAA"); return err },
		"AbortIngest": func() error { _, err := c.AbortIngest(ctx, "750000000000001AAA"); return err },
		"IngestJob":   func() error { _, err := c.IngestJob(ctx, "750000000000001AAA"); return err },
		"WaitIngest":  func() error { _, err := c.WaitIngest(ctx, "750000000000001AAA", nil); return err },
		"IngestResults": func() error {
			_, _, err := c.IngestResults(ctx, "750000000000001AAA", "Email")
			return err
		},
	}
	for name, call := range calls {
		errs[name] = call()
	}
	return errs
}

func TestNoCallLeaks(t *testing.T) {
	t.Parallel()
	echo := fmt.Sprintf(`%s %s %s`, theToken, theSecret, theEmail)
	answers := map[string]http.HandlerFunc{
		"401 for ever": says(401, `[{"message":"Session expired or invalid `+echo+`","errorCode":"INVALID_SESSION_ID"}]`),
		"403":          says(403, `[{"message":"`+echo+`","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`),
		"400":          says(400, `[{"message":"No such column '`+theEmail+`' `+echo+`","errorCode":"INVALID_FIELD"}]`),
		"a code":       says(400, `[{"message":"m","errorCode":"`+echo+`"}]`),
		"500 HTML": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(500)
			_, _ = io.WriteString(w, "<html>"+echo)
		},
		"half a JSON":   says(200, `{"records":["`+echo),
		"another JSON":  says(200, `{"strange":"`+echo+`"}`),
		"a wrong array": says(200, `["`+echo+`","`+echo+`"]`),
		"a failed job":  says(200, `{"id":"750","state":"Failed","errorMessage":"InvalidBatch : Field name not found : `+echo+`"}`),
		"failed in 2xx": says(201, `{"id":null,"success":false,"errors":[{"statusCode":"DUPLICATE_VALUE","message":"`+echo+`","fields":[]}]}`),
		"a cut sentence": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999")
			_, _ = io.WriteString(w, echo)
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, nil)
			session := o.session(theToken)
			o.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return
				}
				if r.URL.Path == "/services/oauth2/token" {
					session(w, r)
					return
				}
				answer(w, r)
			})
			c := o.client(t, func(p *Options) { p.Attempts = 2 })
			failed := 0
			for call, err := range everyCall(t.Context(), c) {
				if err != nil {
					failed++
				}
				var hinted *crm.Hinted
				if err != nil && !errors.As(err, &hinted) {
					t.Errorf("%s: no hint: %v", call, err)
				}
				noLeak(t, o, err)
			}
			if failed < 10 {
				t.Errorf("only %d calls failed: the test proves little", failed)
			}
			if text := fmt.Sprintf("%+v %#v", c, c); strings.Contains(text, theToken) || strings.Contains(text, theSecret) {
				t.Error("printing the client prints a secret")
			}
		})
	}
}
