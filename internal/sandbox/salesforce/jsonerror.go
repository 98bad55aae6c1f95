package salesforce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// place is where in a body reading stopped, as JSON_PARSER_ERROR writes it: [line:1, column:7], counted from 1.
func place(body []byte, offset int64) string {
	before := body[:min(max(offset, 0), int64(len(body)))]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
	return fmt.Sprintf("[line:%d, column:%d]", line, column)
}

// expectations leads from what Go's reader was looking for to what the original says it was expecting.
var expectations = []struct{ looking, expecting string }{
	{"looking for beginning of object key string", "was expecting double-quote to start field name"},
	{"after object key:value pair", "was expecting comma to separate Object entries"},
	{"after object key", "was expecting a colon to separate field name and value"},
	{"after array element", "was expecting comma to separate Array entries"},
	{"looking for beginning of value", "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"},
	{"in string", "has to be escaped using backslash to be included in string value"},
}

// trailing is content after the object of a body.
type trailing struct{ offset int64 }

func (t *trailing) Error() string { return "unexpected content after the object" }

// unreadable is the answer to a body that is no JSON object.
func unreadable(body []byte, err error) answer {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var more *trailing
	switch {
	case errors.As(err, &more):
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "%s at %s", more, place(body, more.offset))
	case len(bytes.TrimSpace(body)) == 0:
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.")
	case errors.As(err, &kind):
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of object from %s at %s", token(kind.Value), place(body, 0))
	case errors.As(err, &syntax) && !strings.HasPrefix(syntax.Error(), "unexpected end"):
		at := max(syntax.Offset-1, 0)
		bad := bytes.Runes(body[min(at, int64(len(body))):])
		for _, e := range expectations {
			if strings.Contains(syntax.Error(), e.looking) && len(bad) > 0 {
				return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Unexpected character ('%c' (code %d)): %s\n at %s", bad[0], bad[0], e.expecting, place(body, at+1))
			}
		}
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "%s at %s", syntax, place(body, at+1))
	case err == nil:
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Cannot deserialize instance of object from VALUE_NULL at %s", place(body, 0))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax):
		return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "Unexpected end-of-input: was expecting closing marker for OBJECT\n at %s", place(body, int64(len(body))))
	}
	return failure(http.StatusBadRequest, "JSON_PARSER_ERROR", "%s at %s", err, place(body, 0))
}

// token is the original's name for a kind of JSON value.
func token(kind string) string {
	switch kind {
	case "array":
		return "START_ARRAY"
	case "bool":
		return "VALUE_TRUE"
	case "string":
		return "VALUE_STRING"
	}
	return "VALUE_NUMBER_INT"
}

// unread is refused for a record that cannot be read: the answer says where in the body the value stands. path
// leads to the record: member names and positions in lists.
func (c *call) unread(errs store.Errors, path ...any) answer {
	if errs[0].Member != "" {
		at, _ := seek(json.NewDecoder(bytes.NewReader(c.body)), c.body, append(path, errs[0].Member))
		errs[0].Message += " at " + place(c.body, at)
	}
	return refused(errs)
}

// seek finds where a value begins in a document that is known to be well formed.
func seek(d *json.Decoder, body []byte, path []any) (offset int64, found bool) {
	if len(path) == 0 {
		at := d.InputOffset()
		for at < int64(len(body)) && strings.IndexByte(" \t\r\n:,", body[at]) >= 0 {
			at++
		}
		return at, true
	}
	if _, err := d.Token(); err != nil {
		return 0, false
	}
	for i := 0; d.More(); i++ {
		here := path[0] == any(i)
		if name, isName := path[0].(string); isName {
			key, err := d.Token()
			if err != nil {
				return 0, false
			}
			text, _ := key.(string)
			here = text == name
		}
		if here {
			return seek(d, body, path[1:])
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return 0, false
		}
	}
	return 0, false
}
