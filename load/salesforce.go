package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/salesforce"
	"lockstep/internal/wire"
)

// Salesforce is the Target of one org. Updates go by collections inside /composite: write, read back and
// verify the next batch in one call, which counts as one.
type Salesforce struct {
	Client *salesforce.Client
	Stamp  string // the external-id field on every object that records are created in: HubSpot_Id__c
	User   string // the integration user, 005…: what somebody else is told from

	BulkFrom int // creates from which a Bulk job takes them; 0: 2,000
}

var _ Target = (*Salesforce)(nil)

// Size is a collection's.
func (s *Salesforce) Size() int { return salesforce.WriteMax }

// Calls are one per batch, and one more to verify the first; creates are looked up, written and read back.
func (s *Salesforce) Calls(w Work) []Calls {
	batches := (w.Records + s.Size() - 1) / s.Size()
	if w.Action == Delete {
		return []Calls{{"collections retrieve", batches}, {"collections delete", batches}}
	}
	if w.Action == Create {
		return []Calls{{"query", batches}, {"collections upsert", batches}, {"collections retrieve", batches}}
	}
	return []Calls{{"collections retrieve", min(batches, 1)}, {"composite write and read", batches}}
}

// Left is the org's figure, which all its users share.
func (s *Salesforce) Left(ctx context.Context) (int64, bool, error) {
	if f, ok := s.Client.Meter().Figure("api"); ok && f.Left >= 0 {
		return f.Left, true, nil
	}
	limits, err := s.Client.Limits(ctx)
	if err != nil {
		return 0, false, err
	}
	l, ok := limits["DailyApiRequests"]
	return l.Remaining, ok, nil
}

// Key is the stamped field: setup puts it on every object.
func (s *Salesforce) Key(object string, columns []string) string {
	// A person account carries the id of a person, which is its contact's; the account's own is that of a company.
	if person := strings.TrimSuffix(s.Stamp, "__c") + "__pc"; object == "Account" && slices.Contains(columns, person) {
		return person
	}
	return s.Stamp
}

// audit are the fields that tell a record's state, besides those asked for.
func audit(object string, columns []string) []string {
	all := slices.Clone(columns)
	more := []string{"SystemModstamp", "LastModifiedById", "IsDeleted"}
	if object == "Lead" {
		more = append(more, "IsConverted")
	}
	for _, name := range more {
		if !slices.ContainsFunc(all, func(c string) bool { return strings.EqualFold(c, name) }) {
			all = append(all, name)
		}
	}
	return all
}

// Read retrieves by id. Salesforce answers null for what is deleted or merged away, and does not say which.
func (s *Salesforce) Read(ctx context.Context, object string, ids, columns []string) ([]Record, error) {
	raw, err := s.Client.Retrieve(ctx, object, ids, audit(object, columns))
	if err != nil {
		return nil, err
	}
	return s.records(ids, raw)
}

func (s *Salesforce) records(ids []string, raw []json.RawMessage) ([]Record, error) {
	all := make([]Record, len(ids))
	for i, id := range ids {
		rec, err := s.record(raw[i])
		if err != nil {
			return nil, err
		}
		if rec == nil {
			rec = &Record{Gone: "deleted or merged"}
		}
		rec.ID = id
		all[i] = *rec
	}
	return all, nil
}

// stampForms are how SystemModstamp is written: by REST, and by Bulk.
const stampForm = "2006-01-02T15:04:05.000-0700"

// record reads one record's JSON; nil for null.
func (s *Salesforce) record(raw json.RawMessage) (*Record, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var cells map[string]json.RawMessage
	if err := json.Unmarshal(raw, &cells); err != nil {
		return nil, errors.New("salesforce: a record is not the JSON it should be")
	}
	rec := &Record{Values: map[string]*string{}}
	for name, cell := range cells {
		if v, ok := cellText(cell); ok {
			rec.Values[name] = v
		}
	}
	rec.ID = or(rec.Values["Id"], "")
	delete(rec.Values, "Id")
	if t, err := time.Parse(stampForm, or(rec.Values["SystemModstamp"], "")); err == nil {
		rec.ModifiedAt = t.UTC()
	}
	rec.Foreign = or(rec.Values["LastModifiedById"], s.User) != s.User
	switch {
	case or(rec.Values["IsDeleted"], "") == "true":
		rec.Gone = "deleted"
	case or(rec.Values["IsConverted"], "") == "true":
		rec.Gone = "converted"
	}
	return rec, nil
}

// cellText is a JSON value as text; ok is false for objects and lists.
func cellText(cell json.RawMessage) (_ *string, ok bool) {
	switch s := string(cell); {
	case s == "null":
		return nil, true
	case strings.HasPrefix(s, `"`):
		var text string
		if json.Unmarshal(cell, &text) != nil {
			return nil, false
		}
		return &text, true
	case strings.HasPrefix(s, "{"), strings.HasPrefix(s, "["):
		return nil, false
	default:
		return &s, true
	}
}

// having is the condition on a key: one column's value, or those of several.
func having(key string, values []string) string {
	var all []string
	if !several(key) {
		for _, v := range values {
			all = append(all, salesforce.Quote(v))
		}
		return key + " IN (" + strings.Join(all, ", ") + ")"
	}
	columns := strings.Split(key, ",")
	for _, v := range values {
		var each []string
		for i, part := range strings.Split(v, ":") {
			if i < len(columns) && part != "" {
				each = append(each, columns[i]+" = "+salesforce.Quote(part))
			} else if i < len(columns) {
				each = append(each, columns[i]+" = null")
			}
		}
		all = append(all, "("+strings.Join(each, " AND ")+")")
	}
	return strings.Join(all, " OR ")
}

// Find queries by an external id, which SOQL reads from the database and not from a search index.
func (s *Salesforce) Find(ctx context.Context, object, column string, values, columns []string) ([]Record, error) {
	if len(values) == 0 {
		return nil, nil
	}
	fields := audit(object, columns)
	for _, key := range strings.Split(column, ",") {
		if !slices.ContainsFunc(fields, func(c string) bool { return strings.EqualFold(c, key) }) {
			fields = append(fields, key)
		}
	}
	soql := fmt.Sprintf("SELECT Id, %s FROM %s WHERE %s", strings.Join(fields, ", "), object, having(column, values))
	if !salesforce.Fits(soql) && len(values) > 1 {
		half := len(values) / 2
		first, err := s.Find(ctx, object, column, values[:half], columns)
		if err != nil {
			return nil, err
		}
		second, err := s.Find(ctx, object, column, values[half:], columns)
		return append(first, second...), err
	}
	var all []Record
	for page, err := range s.Client.Query(ctx, soql) {
		if err != nil {
			return nil, err
		}
		var body struct {
			Records []json.RawMessage `json:"records"`
		}
		if err := json.Unmarshal(page.Body, &body); err != nil {
			return nil, errors.New("salesforce: a page is not the JSON it should be")
		}
		for _, raw := range body.Records {
			rec, err := s.record(raw)
			if err != nil {
				return nil, err
			}
			all = append(all, *rec)
		}
	}
	return all, nil
}

// Update writes a collection, reads it back and reads the next one, in one call.
func (s *Salesforce) Update(ctx context.Context, b Batch) (Answer, error) {
	fields := audit(b.Object, b.Columns)
	var rows []salesforce.Row
	for _, r := range b.Rows {
		rows = append(rows, salesforce.Row{Object: b.Object, ID: r.ID, Values: anyValues(r.Values)})
	}
	var next *salesforce.Read
	if len(b.Next) > 0 {
		next = &salesforce.Read{Object: b.Object, IDs: b.Next, Fields: fields}
	}
	w, err := s.Client.WriteAndRead(ctx, rows, fields, next)
	if err != nil && w.Outcomes == nil {
		return Answer{}, rejected(err)
	}
	// A write that stands is no error because a read after it failed: its rows have no Record.
	a := Answer{}
	for i, o := range w.Outcomes {
		one := salesforceOutcome(o)
		if o.OK && w.After != nil {
			rec, err := s.record(w.After[i])
			if err == nil && rec != nil && rec.Gone == "" {
				rec.ID = b.Rows[i].ID
				one.Record = rec
			}
		}
		a.Outcomes = append(a.Outcomes, one)
	}
	if w.Next != nil {
		if a.Next, err = s.records(b.Next, w.Next); err != nil {
			a.Next = nil // read again before they are written
		}
	}
	return a, nil
}

// Create upserts on the stamped field, and retrieves what was made. Where several columns are the key there is nothing to
// upsert on: they were looked up before.
func (s *Salesforce) Create(ctx context.Context, b Batch) (Answer, error) {
	if b.Job != nil {
		return s.createJob(ctx, b)
	}
	var rows []salesforce.Row
	for _, r := range b.Rows {
		values := anyValues(r.Values)
		if !several(b.Key) {
			values[b.Key] = r.Key
		}
		rows = append(rows, salesforce.Row{Object: b.Object, Values: values})
	}
	write := func() ([]salesforce.Outcome, error) { return s.Client.Upsert(ctx, b.Object, b.Key, rows) }
	if several(b.Key) {
		write = func() ([]salesforce.Outcome, error) { return s.Client.Create(ctx, rows) }
	}
	outcomes, err := write()
	if err != nil {
		return Answer{}, rejected(err)
	}
	a := Answer{}
	var made []string
	for _, o := range outcomes {
		one := salesforceOutcome(o)
		one.Existed = o.OK && !o.Created && !o.Repeated && !several(b.Key)
		a.Outcomes = append(a.Outcomes, one)
		if o.OK {
			made = append(made, o.ID)
		}
	}
	read, err := s.Read(ctx, b.Object, made, b.Columns)
	if err != nil {
		return a, nil //nolint:nilerr // what is written and cannot be read back has no Record
	}
	found := byID(read)
	for i := range a.Outcomes {
		if rec, ok := found[a.Outcomes[i].ID]; ok && rec.Gone == "" && outcomes[i].OK {
			a.Outcomes[i].Record = &rec
		}
	}
	return a, nil
}

// Delete moves records into the recycle bin.
func (s *Salesforce) Delete(ctx context.Context, object string, ids []string) (Answer, error) {
	outcomes, err := s.Client.Delete(ctx, ids)
	if err != nil {
		return Answer{}, rejected(err)
	}
	a := Answer{}
	for i, o := range outcomes {
		one := salesforceOutcome(o)
		gone := slices.ContainsFunc(one.Refusals, func(f Refusal) bool { return f.Category == Gone })
		if o.OK || gone {
			one = Outcome{ID: ids[i], Record: &Record{ID: ids[i], Gone: "deleted"}}
		}
		a.Outcomes = append(a.Outcomes, one)
	}
	return a, nil
}

// Wrote knows no more than LastModifiedById, which every record carries (Record.Foreign).
func (s *Salesforce) Wrote(context.Context, string, []string, []string, time.Time) (map[string][]string, error) {
	return nil, nil
}

func anyValues(values map[string]*string) map[string]any {
	all := map[string]any{}
	for name, v := range values {
		if all[name] = nil; v != nil {
			all[name] = *v
		}
	}
	return all
}

func salesforceOutcome(o salesforce.Outcome) Outcome {
	one := Outcome{ID: o.ID}
	if o.OK {
		return one
	}
	for _, f := range o.Refusals {
		if f.Kind == wire.Retry || f.Kind == wire.Quota || f.Kind == wire.Stop { // the last: the org's storage is full
			one.Later = f.Message
			continue
		}
		one.Refusals = append(one.Refusals, Refusal{
			Category: salesforceCategory(f.Code, f.Kind, f.Message), Columns: namedIn(f.Fields, f.Message), Code: f.Code, Words: f.Message, Existing: f.Other,
		})
	}
	if len(one.Refusals) > 0 {
		one.Later = ""
	} else if one.Later == "" {
		one.Refusals = []Refusal{{Category: Other, Words: "refused without a reason"}}
	}
	return one
}

// columnForms find the column in messages whose fields[] are empty.
var columnForms = []*regexp.Regexp{
	regexp.MustCompile(`^duplicate value found: (\w+) duplicates value`),
	regexp.MustCompile(`No such column '(\w+)' on`),
	regexp.MustCompile(`Field name not found : (\w+)`),
	regexp.MustCompile(`Foreign key external ID: .* not found for field (\w+) in`),
}

func namedIn(fields []string, message string) []string {
	if len(fields) > 0 {
		return fields
	}
	for _, form := range columnForms {
		if found := form.FindStringSubmatch(message); found != nil {
			return found[1:2]
		}
	}
	return nil
}

// salesforceCategory is the category of a status code ("StatusCode" in the SOAP API guide).
func salesforceCategory(code string, kind wire.Kind, message string) Category {
	if code == "FIELD_INTEGRITY_EXCEPTION" && strings.Contains(message, "id value of incorrect type") {
		return Association // most of its other meanings are a value of the wrong form
	}
	if code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" && kind == wire.Credentials {
		return Permission // not a trigger: the user may not make such records
	}
	switch code {
	case "REQUIRED_FIELD_MISSING":
		return RequiredField
	case "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "INVALID_STATUS":
		return Picklist
	case "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_FIELD", "TRANSFER_REQUIRES_READ":
		return Permission
	case "DUPLICATE_VALUE", "DUPLICATES_DETECTED", "DUPLICATE_EXTERNAL_ID":
		return Duplicate
	case "FIELD_CUSTOM_VALIDATION_EXCEPTION", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER":
		return ValidationRule
	case "STRING_TOO_LONG", "NUMBER_OUTSIDE_VALID_RANGE", "INVALID_EMAIL_ADDRESS", "INVALID_TYPE_ON_FIELD_IN_RECORD", "JSON_PARSER_ERROR", "FIELD_INTEGRITY_EXCEPTION":
		return LengthOrType
	case "INACTIVE_OWNER_OR_USER":
		return Owner
	case "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID":
		return Association
	case "ENTITY_IS_DELETED", "CANNOT_UPDATE_CONVERTED_LEAD":
		return Gone
	case "REQUEST_LIMIT_EXCEEDED", "STORAGE_LIMIT_EXCEEDED":
		return Quota
	}
	return Other
}

// rejected turns the error of a call of which nothing was written, because something in it is not acceptable,
// into a *Rejected. Every other error stays.
func rejected(err error) error {
	var e *wire.Error
	if !errors.As(err, &e) || e.Uncertain || e.Status < 400 || e.Status >= 500 {
		return err
	}
	if e.Kind != wire.Record && e.Kind != wire.Mapping && e.Kind != wire.Follow {
		return err
	}
	category := Other
	if e.System == crm.Salesforce {
		category = salesforceCategory(e.Code, e.Kind, e.Message)
	}
	columns := namedIn(e.Fields, e.Message)
	return &Rejected{
		Refusals: []Refusal{{Category: category, Columns: columns, Code: e.Code, Words: e.Message}},
		All:      e.Kind == wire.Mapping && len(columns) > 0, Err: err,
	}
}
