package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// problem is an error answer. Every field but the status is optional in HubSpot's answers, and here.
type problem struct {
	http    int
	html    bool
	retries string // Retry-After

	Status        string            `json:"status"`
	Message       string            `json:"message"`
	ErrorType     string            `json:"errorType,omitempty"`
	CorrelationID string            `json:"correlationId,omitempty"`
	PolicyName    string            `json:"policyName,omitempty"`
	RequestID     string            `json:"requestId,omitempty"`
	Context       map[string]any    `json:"context,omitempty"`
	Errors        []any             `json:"errors,omitempty"`
	Links         map[string]string `json:"links,omitempty"`
	Category      string            `json:"category,omitempty"`
	SubCategory   string            `json:"subCategory,omitempty"`
}

func (p *problem) Error() string { return p.Message }

// errNoSuchPath is answered with the web server's own page.
var errNoSuchPath = &problem{http: http.StatusNotFound, html: true, Message: "Resource not found"}

// noSuchObject is a 400 for an object type that the portal does not have.
func noSuchObject(name string) *problem {
	return &problem{http: http.StatusBadRequest, Message: "Unable to infer object type from: " + name}
}

// notFoundPage is what the web server in front of the API says, as recorded.
const notFoundPage = `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<title>Error %d %s</title>
</head>
<body><h2>HTTP ERROR %d</h2>
<p>%s</p>
</body>
</html>
`

// invalid is a 400 of the request itself.
func invalid(message string) *problem {
	return &problem{http: http.StatusBadRequest, Message: message, Category: "VALIDATION_ERROR"}
}

// propertyItem is one refused value inside the message of a 400.
type propertyItem struct {
	IsValid   bool   `json:"isValid"`
	Message   string `json:"message"`
	Error     string `json:"error"`
	Name      string `json:"name"`
	Localized string `json:"localizedErrorMessage,omitempty"`
	PortalID  int64  `json:"portalId,omitempty"`
}

// propertyError is the same refused value in the errors of a 400.
type propertyError struct {
	Message string              `json:"message"`
	Code    string              `json:"code"`
	Context map[string][]string `json:"context"`
}

// rowError is one entry of errors in a 207.
type rowError struct {
	Status      string              `json:"status"`
	Category    string              `json:"category"`
	SubCategory string              `json:"subCategory,omitempty"`
	Message     string              `json:"message"`
	Context     map[string][]string `json:"context,omitempty"`
}

// valuesMessage is the text that carries refused values as JSON.
func valuesMessage(e portal.Invalid, portalID int64) string {
	items := []propertyItem{}
	for _, p := range e {
		item := propertyItem{Message: p.Message, Error: p.Code, Name: p.Name}
		if portalID != 0 {
			item.Localized, item.PortalID = p.Message, portalID
		}
		items = append(items, item)
	}
	return "Property values were not valid: " + string(encode(items))
}

// problemOf says how the API puts an error of the portal. Batch errors do not name the existing contact.
func (c *call) problemOf(err error, batch bool) *problem {
	var (
		p          *problem
		values     portal.Invalid
		conflict   portal.Conflict
		taken      portal.Taken
		incomplete portal.Incomplete
		backward   portal.Backward
		fixed      portal.Uncreatable
		apart      portal.Unmergeable
		full       portal.TooManyMerged
		gone       portal.Gone
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &values):
		p = invalid(valuesMessage(values, 0))
		for _, v := range values {
			p.Errors = append(p.Errors, propertyError{v.Message, v.Code, map[string][]string{"propertyName": {v.Name}}})
		}
		return p
	case errors.As(err, &conflict):
		p = &problem{http: http.StatusConflict, Message: "Contact already exists", Category: "CONFLICT"}
		if _, exists := c.object.Get(conflict.Existing, false); exists && (!batch || c.portal.Rules.NameConflictID) {
			p.Message += ". Existing ID: " + idText(conflict.Existing)
		}
		return p
	case errors.As(err, &taken):
		return invalid(fmt.Sprintf("Cannot set PropertyValueCoordinates{portalId=%d, objectTypeId=ObjectTypeId{legacyObjectType=%s}, propertyName=%s, value=%s} on %d. %d already has that value.",
			c.portal.ID, objectWord(c.object), taken.Property, taken.Value, taken.Record, taken.Owner))
	case errors.As(err, &incomplete):
		p = invalid("Error creating " + objectWord(c.object) + ". Some required properties were not set.")
		p.Context = map[string]any{"properties": incomplete.Properties}
		return p
	case errors.As(err, &apart):
		return invalid(apart.Reason)
	case errors.As(err, &full):
		return &problem{http: http.StatusRequestURITooLong, Message: full.Error(), Category: "VALIDATION_ERROR"}
	case errors.As(err, &fixed):
		return invalid(objectWord(c.object) + " objects cannot be created through the API.")
	case errors.As(err, &backward):
		return invalid(fmt.Sprintf("lifecyclestage cannot be moved from %s back to %s", backward.From, backward.To))
	case errors.As(err, &gone):
		return &problem{http: http.StatusNotFound, Message: "resource not found"}
	}
	return &problem{http: http.StatusInternalServerError, Message: "internal error"}
}

// rowErrorOf is the same error as one row of a 207.
func (c *call) rowErrorOf(err error, trace string) rowError {
	p := c.problemOf(err, false)
	row := rowError{Status: "error", Category: p.Category, Message: p.Message, Context: map[string][]string{"objectWriteTraceId": {trace}}}
	var values portal.Invalid
	var conflict portal.Conflict
	switch {
	case errors.As(err, &values):
		row.Message = valuesMessage(values, c.portal.ID)
	case errors.As(err, &conflict):
		// An existing record may be one that an earlier row of this very batch makes.
		row.Message = "Contact already exists. Existing ID: " + idText(conflict.Existing)
		row.Context["existingId"] = []string{idText(conflict.Existing)}
	}
	return row
}

// refuse turns an error into an answer.
func (c *call) refuse(err error) answer {
	p := *c.problemOf(err, false)
	if p.retries != "" {
		c.header.Set("Retry-After", p.retries)
	}
	if p.html {
		return answer{p.http, fmt.Appendf(nil, notFoundPage, p.http, http.StatusText(p.http), p.http, p.Message), true}
	}
	if p.Status == "" {
		p.Status = "error"
	}
	p.CorrelationID = c.correlation
	return answer{status: p.http, body: encode(p)}
}

// objectWord is how errors name an object: CONTACT.
func objectWord(o *portal.Object) string { return strings.ToUpper(o.Singular) }

// encode writes JSON as HubSpot does, with < and > as they are.
func encode(v any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("hubspot: " + err.Error()) // only types of this package are encoded
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

func ok(status int, v any) (answer, error) { return answer{status: status, body: encode(v)}, nil }
