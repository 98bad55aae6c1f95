package extract

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/salesforce"
	"lockstep/internal/warehouse"
)

// SalesforceOverlap is how far before the cursor a query begins. A transaction's rows have the stamps of its course
// and are seen from its end; the longest one runs ten minutes.
const SalesforceOverlap = 10 * time.Minute

// BulkFrom is from how many records on an object is read by Bulk API. A query costs a call per 2,000 records, a bulk
// query a call per 50,000, but its job takes a minute or so to begin.
const BulkFrom = 100_000

// salesforceSource is Salesforce as a Source. Everything is read by queryAll: deleted and merged records come along
// for the 15 days that the recycle bin keeps them.
type salesforceSource struct {
	client   *salesforce.Client
	overlap  time.Duration
	bulkFrom int64

	described []*salesforce.Description // by the last Columns
}

// Salesforce is a Source over a client. An overlap of 0 is SalesforceOverlap, a bulkFrom of 0 BulkFrom.
func Salesforce(c *salesforce.Client, overlap time.Duration, bulkFrom int64) Source {
	if overlap == 0 {
		overlap = SalesforceOverlap
	}
	if bulkFrom == 0 {
		bulkFrom = BulkFrom
	}
	return &salesforceSource{client: c, overlap: overlap, bulkFrom: bulkFrom}
}

func (s *salesforceSource) System() crm.System { return crm.Salesforce }

func (s *salesforceSource) Account(ctx context.Context) (warehouse.Account, error) {
	u, err := s.client.UserInfo(ctx)
	if err != nil {
		return warehouse.Account{}, err
	}
	return warehouse.Account{System: crm.Salesforce, ID: u.OrganizationID, UserID: u.UserID}, nil
}

func (s *salesforceSource) Columns(ctx context.Context, objects []string) (map[string][]crm.Column, map[string]error, error) {
	all, hidden, err := s.client.Descriptions(ctx, objects)
	if err != nil {
		return nil, nil, err
	}
	s.described = nil
	out := map[string][]crm.Column{}
	for i, d := range all {
		if d == nil {
			continue
		}
		s.described = append(s.described, d)
		for _, f := range d.Fields {
			out[objects[i]] = append(out[objects[i]], f.Column())
		}
	}
	return out, hidden, nil
}

func (s *salesforceSource) People(ctx context.Context) ([]warehouse.Person, error) {
	var out []warehouse.Person
	for page, err := range s.client.Query(ctx, "SELECT Id, Email, Username, Name, IsActive, UserType FROM User") {
		if err != nil {
			return nil, err
		}
		var in struct {
			Records []struct {
				ID       string `json:"Id"`
				Email    string
				Username string
				Name     string
				IsActive bool
				UserType string
			} `json:"records"`
		}
		if err := json.Unmarshal(page.Body, &in); err != nil {
			return nil, fmt.Errorf("salesforce: the users have another form than documented")
		}
		for _, u := range in.Records {
			out = append(out, warehouse.Person{ID: u.ID, Email: u.Email, Username: u.Username, Name: u.Name, Type: u.UserType, Active: u.IsActive})
		}
	}
	return out, nil
}

// soql is a select of an object's columns with id, stamp and deletion mark.
func soql(object string, columns []string, rest string) string {
	fields := []string{"Id", "SystemModstamp", "IsDeleted"}
	for _, c := range columns {
		if !slices.ContainsFunc(fields, func(f string) bool { return strings.EqualFold(f, c) }) {
			fields = append(fields, c)
		}
	}
	return "SELECT " + strings.Join(fields, ", ") + " FROM " + object + rest
}

// changes is the query for what changed.
func (s *salesforceSource) changes(a Changed) string {
	return soql(a.Object, a.Columns, " WHERE SystemModstamp >= "+salesforce.Time(a.Since.Add(-s.overlap))+" ORDER BY SystemModstamp, Id")
}

// Changes asks for the first pages of several objects in one composite call: on an idle tick that is all there is.
// An object with more to tell, or whose part failed, is queried by itself.
func (s *salesforceSource) Changes(ctx context.Context, asked []Changed) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for group := range slices.Chunk(asked, salesforce.CompositeHeavyMax) {
			first, err := s.firstPages(ctx, group)
			if err != nil {
				yield(Page{}, err)
				return
			}
			for i, a := range group {
				if page, ok := first[i], len(first[i].Body) > 0; ok {
					if !yield(page, nil) {
						return
					}
					continue
				}
				for page, err := range s.pages(ctx, a.Object, s.changes(a)) {
					page.Position = ""
					if !yield(page, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// firstPages is the answer for each object that fits one page; a zero Page for the others.
func (s *salesforceSource) firstPages(ctx context.Context, asked []Changed) ([]Page, error) {
	out := make([]Page, len(asked))
	if len(asked) < 2 {
		return out, nil
	}
	parts := make([]salesforce.SubRequest, len(asked))
	for i, a := range asked {
		if !salesforce.Fits(s.changes(a)) {
			return out, nil
		}
		parts[i] = salesforce.SubRequest{Method: http.MethodGet, Path: "/queryAll?q=" + url.QueryEscape(s.changes(a)), Name: fmt.Sprintf("q%d", i)}
	}
	answers, err := s.client.Composite(ctx, parts, true)
	if err != nil {
		return nil, err
	}
	for i, a := range answers {
		var head struct {
			Done    bool              `json:"done"`
			Records []json.RawMessage `json:"records"`
		}
		if a.Status == http.StatusOK && json.Unmarshal(a.Body, &head) == nil && head.Done {
			out[i] = Page{Object: asked[i].Object, Shape: warehouse.SalesforceRecords, Body: a.Body, Records: int64(len(head.Records))}
		}
	}
	return out, nil
}

// All reads small objects in the order of their ids, so that the last id is where to go on, and large ones, or those
// with more columns than a query's address holds, as a bulk job, which begins anew after a break.
func (s *salesforceSource) All(ctx context.Context, object string, columns []string, position string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		rest := " ORDER BY Id"
		if position != "" {
			rest = " WHERE Id > " + salesforce.Quote(position) + rest
		}
		query := soql(object, columns, rest)
		bulk := !salesforce.Fits(query)
		if !bulk && position == "" {
			count, err := s.client.RecordCount(ctx, object)
			if err != nil {
				yield(Page{}, err)
				return
			}
			bulk = count[object] >= s.bulkFrom
		}
		if !bulk {
			for page, err := range s.pages(ctx, object, query) {
				if page.Records == 0 {
					page.Position = position
				}
				position = page.Position
				if !yield(page, err) || err != nil {
					return
				}
			}
			return
		}
		for page, err := range s.client.BulkQuery(ctx, salesforce.BulkQuery{SOQL: soql(object, columns, ""), All: true}) {
			if !yield(Page{Object: object, Body: page.Body, Records: max(0, page.Records)}, err) || err != nil {
				return
			}
		}
	}
}

// pages are the pages of one query; each one's position is its last id.
func (s *salesforceSource) pages(ctx context.Context, object, query string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for page, err := range s.client.QueryAll(ctx, query) {
			if err != nil {
				yield(Page{}, err)
				return
			}
			var in struct {
				Records []struct {
					ID string `json:"Id"`
				} `json:"records"`
			}
			if err := json.Unmarshal(page.Body, &in); err != nil {
				yield(Page{}, fmt.Errorf("salesforce: a page of %s has another form than documented", object))
				return
			}
			out := Page{Object: object, Shape: warehouse.SalesforceRecords, Body: page.Body, Records: int64(len(in.Records))}
			if n := len(in.Records); n > 0 {
				out.Position = in.Records[n-1].ID
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

// recordsAtOnce is how many ids one query names: with the columns they have to fit into its address.
const recordsAtOnce = 100

// Records is a query, which lags behind nothing.
func (s *salesforceSource) Records(ctx context.Context, object string, columns, ids []string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for n := recordsAtOnce; len(ids) > 0; n = min(n, len(ids)) {
			n = min(n, len(ids))
			quoted := make([]string, n)
			for i, id := range ids[:n] {
				quoted[i] = salesforce.Quote(id)
			}
			query := soql(object, columns, " WHERE Id IN ("+strings.Join(quoted, ", ")+")")
			if n > 1 && !salesforce.Fits(query) {
				n /= 2
				continue
			}
			for page, err := range s.pages(ctx, object, query) {
				page.Position = ""
				if !yield(page, err) || err != nil {
					return
				}
			}
			ids = ids[n:]
		}
	}
}

// Histories yields nothing: in Salesforce a conflict is decided by the version in which a change was first seen.
func (s *salesforceSource) Histories(context.Context, string, []string, []string) iter.Seq2[Page, error] {
	return func(func(Page, error) bool) {}
}

func (s *salesforceSource) ClockAhead() (time.Duration, bool) {
	m := s.client.Meter().Snapshot()
	return m.Skew, m.SkewWithin > 0
}
