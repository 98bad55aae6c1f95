package hubspot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// exportRoutes are the endpoints of exports. The file's own URL asks for no token: whoever has it may read.
var exportRoutes = []route{
	{"POST", "/crm/exports/export/async", doExport, "", false, (*call).startExport},
	{"GET", "/crm/exports/export/async/tasks/{id}/status", doExport, "", false, (*call).exportStatus},
	{"GET", "/exports/{name}", nothing, "", false, (*call).exportFile},
}

// How many exports an account may start in a day, and how long the URL of a result is good for.
const (
	maxExports = 30
	resultLife = 5 * time.Minute
)

// exports are the exports of an account.
type exports struct {
	started []*export             // by id, which is the place and one
	files   map[string]exportLink // by name in the URL
}

// export is one of them. Its file is as of the request.
type export struct {
	requested, starts, ready time.Time
	file                     []byte
}

// exportLink is a result's URL.
type exportLink struct {
	export  *export
	expires time.Time
}

// exportInput is the body of an export.
type exportInput struct {
	Type       string   `json:"exportType"`
	Format     string   `json:"format"`
	Name       string   `json:"exportName"`
	Language   string   `json:"language"`
	ObjectType string   `json:"objectType"`
	Properties []string `json:"objectProperties"`
	Associated text     `json:"associatedObjectType"`
	ListID     text     `json:"listId"`
	Internal   []string `json:"exportInternalValuesOptions"`
	Search     *struct {
		Filters []filterInput     `json:"filters"`
		Sorts   []json.RawMessage `json:"sorts"`
		Query   string            `json:"query"`
	} `json:"publicCrmSearchRequest"`
}

// checked refuses what is missing, unknown and not simulated.
func (in exportInput) checked() error {
	var missing []string
	for _, member := range [][2]string{{"exportType", in.Type}, {"format", in.Format}, {"exportName", in.Name}, {"language", in.Language}, {"objectType", in.ObjectType}} {
		if member[1] == "" {
			missing = append(missing, member[0])
		}
	}
	if in.Properties == nil {
		missing = append(missing, "objectProperties")
	}
	switch {
	case len(missing) > 0:
		return required(missing...)
	case in.Type != "VIEW" && in.Type != "LIST":
		return invalid(fmt.Sprintf("exportType %q is none of VIEW and LIST", in.Type))
	case in.Format == "XLSX" || in.Format == "XLS":
		return invalid("The formats XLSX and XLS are not simulated")
	case in.Format != "CSV":
		return invalid(fmt.Sprintf("format %q is none of CSV, XLSX and XLS", in.Format))
	case in.Type == "LIST" && in.ListID == "":
		return required("listId")
	case in.Type == "LIST" && in.Search != nil:
		return unrecognized("publicCrmSearchRequest")
	case in.Type == "VIEW" && in.ListID != "":
		return unrecognized("listId")
	}
	for _, option := range in.Internal {
		if option != "NAMES" && option != "VALUES" {
			return invalid(fmt.Sprintf("exportInternalValuesOptions %q is none of NAMES and VALUES", option))
		}
	}
	return nil
}

// startExport answers POST /crm/v3/exports/export/async with 202. Exports run one at a time; the others wait.
func (c *call) startExport() (answer, error) {
	var in exportInput
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.checked(); err != nil {
		return answer{}, err
	}
	now := c.now()
	if n := len(c.started); n >= maxExports && now.Sub(c.started[n-maxExports].requested) < 24*time.Hour {
		return answer{}, &problem{
			http: http.StatusTooManyRequests, Category: "RATE_LIMITS", Message: fmt.Sprintf("You have reached your limit of %d exports in 24 hours.", maxExports),
		}
	}
	if c.object = c.portal.Object(in.ObjectType); c.object == nil {
		return answer{}, noSuchObject(in.ObjectType)
	}
	records, err := c.exported(in)
	if err != nil {
		return answer{}, err
	}
	x := &export{requested: now, starts: now}
	if n := len(c.started); n > 0 && c.started[n-1].ready.After(now) {
		x.starts = c.started[n-1].ready
	}
	x.ready = x.starts.Add(c.exportTime)
	if x.file, err = c.exportCSV(in, records); err != nil {
		return answer{}, err
	}
	c.started = append(c.started, x)
	id := strconv.Itoa(len(c.started))
	return ok(http.StatusAccepted, map[string]any{
		"id": id, "links": map[string]string{"status": c.link(c.r.URL.Path+"/tasks/"+id+"/status", "")},
	})
}

// exported are the records that an export holds.
func (c *call) exported(in exportInput) ([]portal.Record, error) {
	if in.Type == "LIST" {
		id, _ := strconv.ParseInt(string(in.ListID), 10, 64)
		l := c.portal.List(id)
		if l == nil {
			return nil, noList(string(in.ListID))
		}
		if l.Object() != c.object {
			return nil, invalid(fmt.Sprintf("List %d holds no %s", id, c.object.Plural))
		}
		var records []portal.Record
		for _, m := range l.Members(false) {
			if r, live := c.object.Get(m.ID, false); live {
				records = append(records, r)
			}
		}
		return records, nil
	}
	var search searchInput
	if in.Search != nil {
		search = searchInput{Filters: in.Search.Filters, Sorts: in.Search.Sorts, Query: in.Search.Query}
	}
	q, err := search.query()
	if err != nil {
		return nil, err
	}
	records, err := c.object.Select(q)
	return records, filterProblem(err)
}

// exportCSV writes the file: the record id, the properties, the ids of associated records.
func (c *call) exportCSV(in exportInput, records []portal.Record) ([]byte, error) {
	var columns []*portal.Property
	names, values := slices.Contains(in.Internal, "NAMES"), slices.Contains(in.Internal, "VALUES")
	header := []string{"Record ID"}
	for _, name := range in.Properties {
		p := c.object.Property(name)
		if p == nil {
			return nil, invalid(fmt.Sprintf("Property %q does not exist", name))
		}
		columns = append(columns, p)
		if names {
			header = append(header, p.Name)
		} else {
			header = append(header, p.Label)
		}
	}
	var associated *portal.Relation
	if in.Associated != "" {
		o := c.portal.Object(string(in.Associated))
		if o == nil {
			return nil, noSuchObject(string(in.Associated))
		}
		if associated = c.portal.Relation(c.object, o); associated == nil {
			return nil, invalid(fmt.Sprintf("%s are not associated with %s", c.object.Plural, o.Plural))
		}
		header = append(header, "Associated "+strings.ToUpper(o.Singular[:1])+o.Singular[1:]+" IDs")
	}
	b := appendCSV(nil, header)
	row := make([]string, 0, len(header))
	for _, r := range records {
		row = append(row[:0], idText(r.ID()))
		for _, p := range columns {
			row = append(row, shownValue(p, r.Value(p), values))
		}
		if associated != nil {
			row = append(row, associatedIDs(associated, r.ID()))
		}
		b = appendCSV(b, row)
	}
	return b, nil
}

// maxExportAssociations is how many associated records a row names.
const maxExportAssociations = 1000

func associatedIDs(r *portal.Relation, id int64) string {
	var ids []string
	for _, a := range r.Of(id) {
		if len(ids) == maxExportAssociations {
			break
		}
		ids = append(ids, idText(a.To))
	}
	return strings.Join(ids, ";")
}

// shownValue is a value as a file has it: the labels of options, unless their values are asked for.
func shownValue(p *portal.Property, value string, internal bool) string {
	if internal || len(p.Options) == 0 || value == "" {
		return value
	}
	labels := strings.Split(value, ";")
	for i, v := range labels {
		if at := slices.IndexFunc(p.Options, func(o portal.Option) bool { return o.Value == v }); at >= 0 {
			labels[i] = p.Options[at].Label
		}
	}
	return strings.Join(labels, ";")
}

// appendCSV writes one line, every cell in quotes, as HubSpot does.
func appendCSV(b []byte, cells []string) []byte {
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, strings.ReplaceAll(cell, `"`, `""`)...)
		b = append(b, '"')
	}
	return append(b, '\n')
}

// exportStatus answers GET /crm/v3/exports/export/async/tasks/{id}/status. Each answer of a finished export has a URL of its own.
func (c *call) exportStatus() (answer, error) {
	n, err := strconv.Atoi(c.params["id"])
	if err != nil || n < 1 || n > len(c.started) {
		return answer{}, &problem{http: http.StatusNotFound, Message: "resource not found"}
	}
	x, now := c.started[n-1], c.now()
	status := map[string]any{"status": "COMPLETE", "requestedAt": stamp(x.requested)}
	if now.Before(x.starts) {
		status["status"] = "PENDING"
		return ok(http.StatusOK, status)
	}
	status["startedAt"] = stamp(x.starts)
	if now.Before(x.ready) {
		status["status"] = "PROCESSING"
		return ok(http.StatusOK, status)
	}
	for name, link := range c.files {
		if !now.Before(link.expires) {
			delete(c.files, name)
		}
	}
	if c.files == nil {
		c.files = map[string]exportLink{}
	}
	name := c.uuid() + ".csv"
	c.files[name] = exportLink{x, now.Add(resultLife)}
	status["completedAt"], status["result"], status["numErrors"] = stamp(x.ready), c.link("/exports/"+name, ""), 0
	return ok(http.StatusOK, status)
}

// exportFile answers GET of a result's URL, until it expires.
func (c *call) exportFile() (answer, error) {
	link, known := c.files[c.params["name"]]
	if !known || !c.now().Before(link.expires) {
		return answer{}, errNoSuchPath
	}
	c.header.Set("Content-Type", "text/csv;charset=utf-8")
	return answer{status: http.StatusOK, body: link.export.file}, nil
}
