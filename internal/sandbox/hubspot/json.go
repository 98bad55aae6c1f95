package hubspot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// maxBody is the largest request body that is read, in bytes.
const maxBody = 10 << 20

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, invalid("The request body ended early")
	}
	if len(body) > maxBody {
		return nil, &problem{http: http.StatusRequestEntityTooLarge, Message: "HTTP 413 Request Entity Too Large"}
	}
	return body, nil
}

// text takes a JSON string, number or boolean as text, as HubSpot does wherever it wants a string.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case b[0] == '{':
		return errToken("java.lang.String", "Object value", "START_OBJECT")
	case b[0] == '[':
		return errToken("java.lang.String", "Array value", "START_ARRAY")
	case string(b) == "null":
		return nil
	}
	*t = text(b)
	return nil
}

// values are properties as sent; nil is JSON null.
type values map[string]*text

// errToken is a value of the wrong JSON kind, in the words of HubSpot's parser.
func errToken(want, got, token string) error {
	return fmt.Errorf("Cannot deserialize value of type `%s` from %s (token `JsonToken.%s`)", want, got, token) //nolint:staticcheck // HubSpot's wording
}

// decode reads the body strictly: no unknown members, nothing after the value.
func (c *call) decode(v any) error {
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind != "application/json" {
		return &problem{http: http.StatusUnsupportedMediaType, Message: "HTTP 415 Unsupported Media Type"}
	}
	if trimmed := strings.TrimSpace(string(c.body)); trimmed == "" || trimmed == "null" {
		return &problem{http: http.StatusBadRequest, Message: "validation error", Errors: []any{"The request body may not be null"}}
	}
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, end := d.Token(); end == io.EOF {
			return nil
		}
		err = errors.New("Trailing token after the value") //nolint:staticcheck // HubSpot's parser writes so
	}
	return &problem{http: http.StatusBadRequest, Message: fmt.Sprintf("Invalid input JSON on %s: %s", position(c.body, offsetOf(err, d)), reason(err))}
}

// decodeTexts reads a body that is a bare array of ids. It tells where one is that is no id.
func (c *call) decodeTexts() ([]text, error) {
	var raw []json.RawMessage
	if err := c.decode(&raw); err != nil {
		return nil, err
	}
	texts := make([]text, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &texts[i]); err != nil {
			at := position(c.body, int64(bytes.Index(c.body, r)+1))
			return nil, &problem{http: http.StatusBadRequest, Message: fmt.Sprintf("Invalid input JSON on %s: %s", at, reason(err))}
		}
	}
	return texts, nil
}

func offsetOf(err error, d *json.Decoder) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		return math.MaxInt32
	}
	return d.InputOffset()
}

func position(body []byte, offset int64) string {
	before := body[:min(int(offset), len(body))]
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Sprintf("line %d, column %d", line, len(before)-bytes.LastIndexByte(before, '\n')-1)
}

// reason puts a decoding error into the words of HubSpot's parser.
func reason(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		got := parserWords[strings.Fields(kind.Value)[0]]
		return errToken(javaType(kind.Type), got[0], got[1]).Error()
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "Unrecognized field " + name
	}
	return err.Error()
}

// parserWords are how HubSpot's parser calls a JSON value and the token it begins with.
var parserWords = map[string][2]string{
	"object": {"Object value", "START_OBJECT"}, "array": {"Array value", "START_ARRAY"}, "string": {"String value", "VALUE_STRING"},
	"number": {"Integer value", "VALUE_NUMBER_INT"}, "bool": {"Boolean value", "VALUE_TRUE"},
}

// javaType is what HubSpot's parser calls the type of a member. Of the classes behind the API only the one recorded has
// its name; the others are called by what they are.
func javaType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[batchInput]():
		return "com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json"
	case t.Kind() == reflect.Slice:
		return "java.util.ArrayList<java.lang.Object>"
	case t.Kind() == reflect.Bool:
		return "java.lang.Boolean"
	case t.Kind() == reflect.String:
		return "java.lang.String"
	case t.Kind() == reflect.Float64:
		return "java.lang.Double"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "java.util.LinkedHashMap<java.lang.String,java.lang.Object>"
	}
	return "java.lang.Integer"
}

// required refuses a body that leaves members out.
func required(names ...string) *problem {
	return invalid("Invalid input JSON on line 1, column 1. Some required fields were not set: [" + strings.Join(names, ", ") + "]")
}

// integer reads a whole number between low and high from the query; def when it is absent.
func (c *call) integer(name string, def, low, high int) (int, error) {
	s := c.r.URL.Query().Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, invalid(fmt.Sprintf("Invalid query parameter %s: %s is not a number", name, s))
	}
	if n < low || n > high {
		return 0, invalid(fmt.Sprintf("Invalid query parameter %s: must be between %d and %d", name, low, high))
	}
	return n, nil
}

// flag reads true or false from the query; absent is false.
func (c *call) flag(name string) (bool, error) {
	switch c.r.URL.Query().Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, invalid("Invalid query parameter " + name + ": must be true or false")
}

// names reads a list from the query: separated by commas, or the parameter repeated.
func (c *call) names(parameter string) []string {
	var all []string
	for _, v := range c.r.URL.Query()[parameter] {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" {
				all = append(all, name)
			}
		}
	}
	return all
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// uuid is a random id in the usual shape.
func (s *Server) uuid() string {
	a, b := s.rand.Uint64(), s.rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}
