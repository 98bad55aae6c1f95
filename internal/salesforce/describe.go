package salesforce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// Object is one entry of the list of objects.
type Object struct {
	Name        string `json:"name"`
	Label       string `json:"label"`
	KeyPrefix   string `json:"keyPrefix"`
	Custom      bool   `json:"custom"`
	Queryable   bool   `json:"queryable"`
	Createable  bool   `json:"createable"`
	Updateable  bool   `json:"updateable"`
	Deletable   bool   `json:"deletable"`
	Mergeable   bool   `json:"mergeable"`
	Replicable  bool   `json:"replicateable"`
	Undeletable bool   `json:"undeletable"`
}

// Description is what an object's describe says. It lists only fields that the user may read: a
// field that is missing here may still exist.
type Description struct {
	Object
	Fields      []Field      `json:"fields"`
	RecordTypes []RecordType `json:"recordTypeInfos"`
}

// RecordType is one record type; Master is among them.
type RecordType struct {
	ID            string `json:"recordTypeId"`
	Name          string `json:"name"`
	DeveloperName string `json:"developerName"`
	Active        bool   `json:"active"`
	Available     bool   `json:"available"` // to this user
	Default       bool   `json:"defaultRecordTypeMapping"`
	Master        bool   `json:"master"`
}

// Field is one field of an object. Createable and Updateable are this user's.
type Field struct {
	Name              string          `json:"name"`
	Label             string          `json:"label"`
	Type              string          `json:"type"`   // id, string, textarea, picklist, multipicklist, combobox, reference, boolean, int, double, currency, percent, date, datetime, email, phone, url, address, …
	Length            int             `json:"length"` // characters; 0 for anything but text
	Precision         int             `json:"precision"`
	Scale             int             `json:"scale"`
	Digits            int             `json:"digits"` // of an int
	Nillable          bool            `json:"nillable"`
	Createable        bool            `json:"createable"`
	Updateable        bool            `json:"updateable"`
	DefaultedOnCreate bool            `json:"defaultedOnCreate"`
	Calculated        bool            `json:"calculated"`
	AutoNumber        bool            `json:"autoNumber"`
	Unique            bool            `json:"unique"`
	CaseSensitive     bool            `json:"caseSensitive"`
	ExternalID        bool            `json:"externalId"`
	IDLookup          bool            `json:"idLookup"` // usable as the key of an upsert
	Filterable        bool            `json:"filterable"`
	Sortable          bool            `json:"sortable"`
	Custom            bool            `json:"custom"`
	Permissionable    bool            `json:"permissionable"`
	Restricted        bool            `json:"restrictedPicklist"` // false for most standard picklists: the API takes any text there
	Polymorphic       bool            `json:"polymorphicForeignKey"`
	CompoundFieldName string          `json:"compoundFieldName"` // Account.Name has "Name" and is writable all the same
	RelationshipName  string          `json:"relationshipName"`
	ReferenceTo       []string        `json:"referenceTo"`
	DefaultValue      json.RawMessage `json:"defaultValue"` // null, a string or a boolean
	PicklistValues    []PicklistValue `json:"picklistValues"`
}

// PicklistValue is one value of a picklist; Value is what is written, read and filtered by.
type PicklistValue struct {
	Value   string `json:"value"`
	Label   string `json:"label"`
	Active  bool   `json:"active"`
	Default bool   `json:"defaultValue"`
}

// Required says whether a create without the field is refused by the schema. Page layouts,
// validation rules and triggers may ask for more.
func (f Field) Required() bool { return f.Createable && !f.Nillable && !f.DefaultedOnCreate }

// Column is the field as both CRMs' metadata share it.
func (f Field) Column() crm.Column {
	c := crm.Column{
		Name: f.Name, Label: f.Label, Type: f.Type, Length: f.Length, Precision: f.Precision, Scale: f.Scale,
		Required: f.Required(), Createable: f.Createable, Updateable: f.Updateable, Unique: f.Unique,
		ExternalID: f.ExternalID || f.IDLookup, Restricted: f.Restricted, Calculated: f.Calculated || f.AutoNumber,
		RefersTo: f.ReferenceTo,
	}
	if f.Type == "int" {
		c.Precision = f.Digits
	}
	// The default comes first, then the others in their order.
	for _, v := range slices.SortedStableFunc(slices.Values(f.PicklistValues), func(a, b PicklistValue) int {
		return cmp.Compare(rank(a), rank(b))
	}) {
		c.Options = append(c.Options, crm.Option{Value: v.Value, Label: v.Label, Active: v.Active})
	}
	return c
}

func rank(v PicklistValue) int {
	if v.Default {
		return 0
	}
	return 1
}

// Global lists the objects this user can see ("Describe Global"). One call.
func (c *Client) Global(ctx context.Context) ([]Object, error) {
	var answer struct {
		SObjects []Object `json:"sobjects"`
	}
	err := c.get(ctx, "/sobjects", "sobjects", nil, &answer)
	return answer.SObjects, err
}

// Describe lists an object's fields ("sObject Describe"). One call. An object that does not
// exist, or that the user may not see, is NOT_FOUND.
func (c *Client) Describe(ctx context.Context, object string) (*Description, error) {
	var answer Description
	if err := c.get(ctx, "/sobjects/"+url.PathEscape(object)+"/describe", "describe "+object, nil, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// convertedStatuses is the query for what only a conversion may set.
const convertedStatuses = "SELECT ApiName FROM LeadStatus WHERE IsConverted = true"

// Descriptions describes several objects, in their order: 25 a call, as parts of a composite one ("Composite": any
// sObject resource may be a part). Of a Lead's Status the values that only a conversion may set come as inactive: the
// call of its describe asks for them too, where it has room. Of an object that does not exist, or that the user may not
// see, hidden has the error, and the description is nil.
func (c *Client) Descriptions(ctx context.Context, objects []string) (all []*Description, hidden map[string]error, err error) {
	hidden = map[string]error{}
	absent := func(object string, err error) bool {
		var e *wire.Error
		if !errors.As(err, &e) || e.Status != http.StatusNotFound {
			return false
		}
		hidden[object] = err
		return true
	}
	if len(objects) == 1 {
		d, err := c.Describe(ctx, objects[0])
		if absent(objects[0], err) {
			return []*Description{nil}, hidden, nil
		}
		return []*Description{d}, hidden, err
	}
	for chunk := range slices.Chunk(objects, CompositeMax) {
		var parts []SubRequest
		for i, o := range chunk {
			parts = append(parts, SubRequest{Method: http.MethodGet, Path: "/sobjects/" + url.PathEscape(o) + "/describe", Name: fmt.Sprintf("d%d", i)})
		}
		lead := slices.Index(chunk, "Lead")
		if len(parts) == CompositeMax {
			lead = -1
		}
		if lead >= 0 {
			parts = append(parts, SubRequest{Method: http.MethodGet, Path: "/query?q=" + url.QueryEscape(convertedStatuses), Name: "converted"})
		}
		answers, err := c.Composite(ctx, parts, true)
		if err != nil {
			return nil, nil, err
		}
		for i, a := range answers[:min(len(chunk), len(answers))] {
			endpoint := "describe " + chunk[i]
			if err := c.SubError(http.MethodGet, endpoint, a, false); err != nil {
				if !absent(chunk[i], err) {
					return nil, nil, err
				}
				all = append(all, nil)
				continue
			}
			var d Description
			if json.Unmarshal(a.Body, &d) != nil {
				return nil, nil, c.wire.Fail(http.MethodGet, endpoint, a.Status, wire.Verdict{
					Kind: wire.Stop, Detail: "the answer has a form this program does not know",
				}, false)
			}
			all = append(all, &d)
		}
		if lead >= 0 && len(answers) == len(parts) && hidden["Lead"] == nil {
			all[len(all)-len(chunk)+lead].inactivate("Status", answers[len(chunk)])
		}
	}
	return all, hidden, nil
}

// inactivate marks picklist values that the answer to a query of ApiName lists. Where the user may not ask, nothing is marked:
// Salesforce refuses such a value then.
func (d *Description) inactivate(field string, a SubResponse) {
	var body struct {
		Records []struct {
			APIName string `json:"ApiName"`
		} `json:"records"`
	}
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &body) != nil {
		return
	}
	for _, f := range d.Fields {
		if f.Name != field {
			continue
		}
		for i, v := range f.PicklistValues {
			for _, r := range body.Records {
				if r.APIName == v.Value {
					f.PicklistValues[i].Active = false
				}
			}
		}
	}
}

// get reads one resource under the version's path into into.
func (c *Client) get(ctx context.Context, path, endpoint string, query url.Values, into any) error {
	res, err := c.wire.Do(ctx, wire.Request{Method: http.MethodGet, Path: c.base + path, Endpoint: endpoint, Query: query})
	if err != nil {
		return err
	}
	return c.decode(http.MethodGet, endpoint, res, into, false)
}

// decode reads an answer whose form is known. json's own error quotes nothing but types and
// offsets, and still stays out: the shape of the answer is Salesforce's business, not the user's.
func (c *Client) decode(method, endpoint string, res *wire.Response, into any, wrote bool) error {
	if json.Unmarshal(res.Body, into) == nil {
		return nil
	}
	return c.wire.Fail(method, endpoint, res.Status, wire.Verdict{
		Kind: wire.Stop, Detail: "the answer has a form this program does not know",
	}, wrote)
}
