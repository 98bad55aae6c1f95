package salesforce

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/soql"
	"lockstep/internal/sandbox/salesforce/store"
)

// cursor is an open query: the rows it found, read when a page is asked for.
type cursor struct {
	result *store.Result
	user   store.ID
	batch  int
	opened time.Time
}

// cursorLife is how long the next page may be asked for.
const cursorLife = 48 * time.Hour

func (c *call) runQuery([]string) answer        { return c.soql(false, false) }
func (c *call) runQueryAll([]string) answer     { return c.soql(true, false) }
func (c *call) runToolingQuery([]string) answer { return c.soql(false, true) }

func (c *call) soql(all, tooling bool) answer {
	if a, fine := c.only("q", "columns"); !fine {
		return a
	}
	if !c.query.Has("q") {
		return failure(http.StatusBadRequest, "MALFORMED_QUERY", "SOQL query is missing")
	}
	q, err := soql.Parse(c.query.Get("q"))
	if err != nil {
		return failure(http.StatusBadRequest, err.Code, "%s", err.Error())
	}
	result, err := c.org.Query(q, c.user, all, tooling)
	if err != nil {
		return failure(http.StatusBadRequest, err.Code, "%s", err.Error())
	}
	if c.query.Get("columns") == "true" {
		return c.columns(result)
	}
	batch, a, fine := c.batchSize()
	if !fine {
		return a
	}
	cur := &cursor{result: result, user: c.user, batch: batch, opened: c.options.Now()}
	if result.Len() <= batch {
		return c.page(cur, "", 0)
	}
	for old, other := range c.cursors {
		if cur.opened.Sub(other.opened) > cursorLife {
			delete(c.cursors, old)
		}
	}
	c.serial++
	locator := fmt.Sprintf("01gSx%010dAAA", c.serial)
	c.cursors[locator] = cur
	return c.page(cur, locator, 0)
}

// batchSize reads Sforce-Query-Options: batchSize=N.
func (c *call) batchSize() (int, answer, bool) {
	header := c.header.Get("Sforce-Query-Options")
	if header == "" {
		return 2000, answer{}, true
	}
	name, value, _ := strings.Cut(header, "=")
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if strings.TrimSpace(name) != "batchSize" || err != nil || n < 200 || n > 2000 {
		return 0, failure(http.StatusBadRequest, "INVALID_QUERY_OPTIONS", "batchSize must be between 200 and 2000"), false
	}
	return n, answer{}, true
}

func (c *call) nextPage(args []string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	locator, offset, _ := strings.Cut(args[0], "-")
	n, err := strconv.Atoi(offset)
	cur := c.cursors[locator]
	if err != nil || cur == nil || cur.user != c.user || n < 0 || n >= cur.result.Len() || c.options.Now().Sub(cur.opened) > cursorLife {
		return failure(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
	}
	return c.page(cur, locator, n)
}

// page writes records from offset on. The next url says /query/ for queryAll too.
func (c *call) page(cur *cursor, locator string, offset int) answer {
	end := min(offset+cur.batch, cur.result.Len())
	b := fmt.Appendf(make([]byte, 0, 512*(end-offset)+100), `{"totalSize":%d,"done":%t`, cur.result.Total, end == cur.result.Len())
	if end < cur.result.Len() {
		b = fmt.Appendf(b, `,"nextRecordsUrl":"%s/query/%s-%d"`, c.base(), locator, end)
	}
	b = append(b, `,"records":[`...)
	for i := offset; i < end; i++ {
		if i > offset {
			b = append(b, ',')
		}
		b = cur.result.AppendRecord(b, i, c.base())
	}
	return answer{status: http.StatusOK, body: append(b, `]}`...)}
}

// columns is /query?columns=true: what the query selects, without records.
func (c *call) columns(r *store.Result) answer {
	list := []map[string]any{}
	for i, name := range r.Columns {
		list = append(list, map[string]any{
			"aggregate": r.Groups != nil, "apexType": "String", "booleanType": false, "columnName": name, "custom": strings.HasSuffix(name, "__c"),
			"displayName": r.Label(i), "foreignKeyName": nil, "insertable": false, "joinColumns": []any{}, "numberType": false,
			"textType": true, "updatable": false,
		})
	}
	return ok(map[string]any{"columnMetadata": list, "entityName": r.Object.Name, "groupBy": r.Groups != nil, "idSelected": true, "keyPrefix": r.Object.Prefix})
}
