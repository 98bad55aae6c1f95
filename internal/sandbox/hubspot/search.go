package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// The caps of a search.
const (
	maxSearchBody   = 3000 // characters
	maxSearchPage   = 200
	maxGroups       = 5
	maxGroupFilters = 6
	maxFilters      = 18
)

// searchInput is the body of a search.
type searchInput struct {
	FilterGroups []struct {
		Filters []filterInput `json:"filters"`
	} `json:"filterGroups"`
	Filters    []filterInput     `json:"filters"`
	Sorts      []json.RawMessage `json:"sorts"`
	Query      string            `json:"query"`
	Properties []string          `json:"properties"`
	Limit      text              `json:"limit"`
	After      text              `json:"after"`
}

type filterInput struct {
	PropertyName string `json:"propertyName"`
	Operator     string `json:"operator"`
	Value        text   `json:"value"`
	HighValue    text   `json:"highValue"`
	Values       []text `json:"values"`
}

// searchRecords answers POST /crm/v3/objects/{type}/search.
func (c *call) searchRecords() (answer, error) {
	if n := len([]rune(string(c.body))); n > maxSearchBody {
		return answer{}, invalid(fmt.Sprintf("The request body has %d characters; a search may have %d", n, maxSearchBody))
	}
	var in searchInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	q, err := in.query()
	if err != nil {
		return answer{}, err
	}
	limit, after, err := in.page()
	if err != nil {
		return answer{}, err
	}
	found, err := c.object.Search(string(encode(q)), q)
	if err != nil {
		var bad portal.BadFilter
		if errors.As(err, &bad) {
			return answer{}, invalid("There was a problem with the request. " + bad.Reason)
		}
		return answer{}, err
	}
	s := c.selectionOf(in.Properties, nil)
	b := fmt.Appendf(nil, `{"total":%d,"results":[`, found.Total)
	end := min(after+limit, len(found.Records))
	for i := after; i < end; i++ {
		if i > after {
			b = append(b, ',')
		}
		b = c.appendRecord(b, found.Records[i], s, extras{})
	}
	b = append(b, ']')
	if after+limit < found.Total {
		b = fmt.Appendf(b, `,"paging":{"next":{"after":"%d"}}`, after+limit)
	}
	return answer{status: http.StatusOK, body: append(b, '}')}, nil
}

// page reads limit and after. Nothing past the window is served, whatever the total says.
func (in searchInput) page() (limit, after int, err error) {
	limit = 10
	if in.Limit != "" {
		if limit, err = strconv.Atoi(string(in.Limit)); err != nil {
			return 0, 0, cannotRead(in.Limit)
		}
	}
	if limit < 0 || limit > maxSearchPage {
		return 0, 0, invalid(fmt.Sprintf("limit must be between 0 and %d", maxSearchPage))
	}
	if in.After != "" {
		if after, err = strconv.Atoi(string(in.After)); err != nil || after < 0 {
			return 0, 0, cannotRead(in.After)
		}
	}
	if after+limit > portal.Window {
		return 0, 0, invalid(fmt.Sprintf("A search can be paged through its first %d results only", portal.Window))
	}
	return limit, after, nil
}

func cannotRead(v text) *problem {
	return &problem{
		http:    http.StatusBadRequest,
		Message: fmt.Sprintf("Invalid input JSON on line 1, column 1: Cannot deserialize value of type `int` from String %q: not a valid `int` value", string(v)),
	}
}

// query turns the body into the portal's query and applies the caps on filters.
func (in searchInput) query() (portal.Query, error) {
	q := portal.Query{Text: in.Query}
	total := len(in.Filters)
	if len(in.Filters) > 0 {
		q.Groups = append(q.Groups, filtersOf(in.Filters))
	}
	for _, g := range in.FilterGroups {
		if len(g.Filters) > maxGroupFilters {
			return q, invalid(fmt.Sprintf("A filter group has %d filters; it may have %d", len(g.Filters), maxGroupFilters))
		}
		total += len(g.Filters)
		q.Groups = append(q.Groups, filtersOf(g.Filters))
	}
	if len(in.FilterGroups) > maxGroups || total > maxFilters {
		return q, invalid(fmt.Sprintf("A search may have %d filter groups and %d filters in all", maxGroups, maxFilters))
	}
	if len(in.Sorts) == 0 {
		return q, nil
	}
	// Only the first sort counts. It is an object, or a name with a minus for descending.
	var name string
	if json.Unmarshal(in.Sorts[0], &name) == nil {
		q.Sort, q.Descending = strings.CutPrefix(name, "-")
		return q, nil
	}
	var sort struct {
		PropertyName string `json:"propertyName"`
		Direction    string `json:"direction"`
	}
	if err := json.Unmarshal(in.Sorts[0], &sort); err != nil || sort.PropertyName == "" {
		return q, invalid("sorts must be property names or objects with propertyName and direction")
	}
	q.Sort = sort.PropertyName
	switch sort.Direction {
	case "", "ASCENDING":
	case "DESCENDING":
		q.Descending = true
	default:
		return q, invalid("direction must be ASCENDING or DESCENDING")
	}
	return q, nil
}

func filtersOf(in []filterInput) []portal.Filter {
	var out []portal.Filter
	for _, f := range in {
		filter := portal.Filter{Property: f.PropertyName, Operator: f.Operator, Value: string(f.Value), High: string(f.HighValue)}
		for _, v := range f.Values {
			filter.Values = append(filter.Values, string(v))
		}
		out = append(out, filter)
	}
	return out
}
