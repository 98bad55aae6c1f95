package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// CustomField is a field to be created. Only Text, Number, Email and AutoNumber can be external ids.
type CustomField struct {
	Object      string `json:"-"`
	Name        string `json:"-"` // with its __c
	Label       string `json:"label"`
	Type        string `json:"type"`             // Text, LongTextArea, Number, Checkbox, Date, DateTime, …
	Length      int    `json:"length,omitempty"` // characters; Text takes up to 255
	Precision   int    `json:"precision,omitempty"`
	Scale       *int   `json:"scale,omitempty"` // 0 has to be said
	ExternalID  bool   `json:"externalId"`
	Unique      bool   `json:"unique"`
	Required    bool   `json:"required"`
	Description string `json:"description,omitempty"`
	Help        string `json:"inlineHelpText,omitempty"`
}

// CreateField creates a custom field ("CustomField" in the Tooling API guide) and returns its id.
// One call; the user needs Customize Application. Nobody sees the field, its creator included,
// before a FieldPermissions row grants it, and describe may show it seconds later. A field that
// exists already is DUPLICATE_DEVELOPER_NAME.
func (c *Client) CreateField(ctx context.Context, f CustomField) (id string, err error) {
	return c.createOne(ctx, "/tooling/sobjects/CustomField", "tooling CustomField", map[string]any{
		"FullName": f.Object + "." + f.Name, "Metadata": f,
	})
}

// CreateRecord creates one record ("sObject Basic Information") and returns its id. One call,
// never sent twice. It serves setup (PermissionSet, FieldPermissions, PermissionSetAssignment)
// and a row that a duplicate rule refused: Duplicates tells from the error what the rule found,
// which collections do not say.
func (c *Client) CreateRecord(ctx context.Context, object string, values map[string]any) (id string, err error) {
	return c.createOne(ctx, "/sobjects/"+url.PathEscape(object), "create "+object, values)
}

func (c *Client) createOne(ctx context.Context, path, endpoint string, values map[string]any) (string, error) {
	body, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	res, err := c.wire.Do(ctx, wire.Request{
		Method: http.MethodPost, Path: c.base + path, Endpoint: endpoint, Header: writeHeaders(), Body: body, Timeout: c.writeTimeout(),
	})
	if err != nil {
		return "", err
	}
	var r saveResult
	if err := c.decode(http.MethodPost, endpoint, res, &r, true); err != nil {
		return "", err
	}
	if !r.Success || r.ID == "" {
		v := wire.Verdict{Kind: wire.Stop, Detail: "the answer names no record"}
		if len(r.Errors) > 0 {
			why := refusal(r.Errors[0].code(), r.Errors[0].Message, r.Errors[0].Fields)
			v = wire.Verdict{Kind: why.Kind, Code: why.Code, Message: why.Message, Fields: why.Fields}
		}
		return "", c.wire.Fail(http.MethodPost, endpoint, res.Status, v, len(r.Errors) == 0)
	}
	return ID18(r.ID), nil
}

// Duplicates are the records that a duplicate rule found, from the error of CreateRecord.
func Duplicates(err error) []crm.Record {
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != "DUPLICATES_DETECTED" {
		return nil
	}
	type result struct {
		MatchResults []struct {
			EntityType   string `json:"entityType"`
			MatchRecords []struct {
				Record struct{ ID string } `json:"record"`
			} `json:"matchRecords"`
		} `json:"matchResults"`
	}
	var said []struct {
		Misspelt result `json:"duplicateResut"` // as Salesforce spells it
		Spelt    result `json:"duplicateResult"`
	}
	if json.Unmarshal(e.Body(), &said) != nil {
		return nil
	}
	var found []crm.Record
	for _, s := range said {
		for _, m := range append(s.Misspelt.MatchResults, s.Spelt.MatchResults...) {
			for _, r := range m.MatchRecords {
				found = append(found, crm.Record{Object: crm.Object{System: crm.Salesforce, Name: m.EntityType}, ID: ID18(r.Record.ID)})
			}
		}
	}
	return found
}
