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
	if a, fine := c.only("q", "columns", "explain"); !fine {
		return a
	}
	if c.query.Has("explain") {
		return c.explain(all, tooling)
	}
	if !c.query.Has("q") {
		return failure(http.StatusBadRequest, "MALFORMED_QUERY", "SOQL query is missing")
	}
	result, a, fine := c.runSOQL(c.query.Get("q"), all, tooling)
	if !fine {
		return a
	}
	if c.query.Get("columns") == "true" {
		return c.columns(result)
	}
	batch, a, fine := c.batchSize()
	if !fine {
		return a
	}
	return c.open(result, batch)
}

// runSOQL parses and runs a statement.
func (c *call) runSOQL(text string, all, tooling bool) (*store.Result, answer, bool) {
	q, err := soql.Parse(text)
	if err == nil {
		var result *store.Result
		if result, err = c.org.Query(q, c.user, all, tooling); err == nil {
			return result, answer{}, true
		}
	}
	return nil, failure(http.StatusBadRequest, err.Code, "%s", err.Error()), false
}

// longPage is the most records of a page that holds two long texts or more of the org's own.
const longPage = 200

// open answers the first page of a result, and keeps what does not fit on it for later. How many records fit is a
// wish of the client's: those with much text come fewer at a time.
func (c *call) open(result *store.Result, batch int) answer {
	if result.LongTexts() > 1 {
		batch = min(batch, longPage)
	}
	cur := &cursor{result: result, user: c.user, batch: batch}
	if result.Len() <= batch {
		return c.page(cur, "", 0)
	}
	if result.Groups != nil {
		return failure(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch")
	}
	return c.page(cur, c.keepCursor(cur), 0)
}

// keepCursor gives a cursor its locator, and forgets those that are too old to be asked for.
func (c *call) keepCursor(cur *cursor) string {
	cur.opened = c.options.Now()
	for old, other := range c.cursors {
		if cur.opened.Sub(other.opened) > cursorLife {
			delete(c.cursors, old)
		}
	}
	c.serial++
	id, _ := store.ParseID(fmt.Sprintf("0r8Sx%010d", c.serial))
	c.cursors[id.String()] = cur
	return id.String()
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
		b = fmt.Appendf(b, `,"nextRecordsUrl":"%s"`, c.pageURL(locator, end))
	}
	b = append(b, `,"records":[`...)
	page := store.Page{Base: c.base(), Size: cur.batch, Open: func(children *store.Result) string {
		return c.pageURL(c.keepCursor(&cursor{result: children, user: c.user, batch: cur.batch}), cur.batch)
	}}
	for i := offset; i < end; i++ {
		if i > offset {
			b = append(b, ',')
		}
		b = cur.result.AppendRecord(b, i, page)
	}
	return answer{status: http.StatusOK, body: append(b, `]}`...)}
}

func (c *call) pageURL(locator string, offset int) string {
	return c.base() + "/query/" + locator + "-" + strconv.Itoa(offset)
}
