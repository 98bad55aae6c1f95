package salesforce

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"lockstep/internal/wire"
)

// kinds says what each error code asks for ("Status Codes and Error Responses", and "StatusCode"
// in the SOAP API guide). Messages are in the language of the user, so codes decide; where one
// code means two things, kindOf looks into the message. A code that is not here is a matter of
// the record, since most of what an org's own rules refuse has codes of its own.
var kinds = map[string]wire.Kind{
	"UNABLE_TO_LOCK_ROW":                wire.Retry,
	"QUERY_TIMEOUT":                     wire.Retry,
	"SERVER_UNAVAILABLE":                wire.Retry,
	"UNKNOWN_EXCEPTION":                 wire.Retry,
	"TXN_SECURITY_METERING_ERROR":       wire.Retry,
	"ALL_OR_NONE_OPERATION_ROLLED_BACK": wire.Retry,
	"PROCESSING_HALTED":                 wire.Retry,
	"TIMEOUT":                           wire.Retry,
	"TOOMANYLOCKFAILURE":                wire.Retry,
	"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": wire.Retry,

	"REQUEST_LIMIT_EXCEEDED": wire.Quota,
	"EXCEEDEDQUOTA":          wire.Quota,
	"LIMIT_EXCEEDED":         wire.Quota,

	"INVALID_SESSION_ID":                            wire.Credentials,
	"INVALID_AUTH_HEADER":                           wire.Credentials,
	"API_DISABLED_FOR_ORG":                          wire.Credentials,
	"API_CURRENTLY_DISABLED":                        wire.Credentials,
	"INVALID_OPERATION_WITH_EXPIRED_PASSWORD":       wire.Credentials,
	"INSUFFICIENT_ACCESS":                           wire.Credentials,
	"INSUFFICIENT_ACCESS_OR_READONLY":               wire.Credentials,
	"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": wire.Credentials,
	"TRANSFER_REQUIRES_READ":                        wire.Credentials,
	"INVALIDUSER":                                   wire.Credentials,

	"INVALID_FIELD":                           wire.Mapping,
	"INVALID_FIELD_FOR_INSERT_UPDATE":         wire.Mapping,
	"INVALID_TYPE":                            wire.Mapping,
	"INVALID_TYPE_ON_FIELD_IN_RECORD":         wire.Mapping,
	"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": wire.Mapping,
	"MALFORMED_QUERY":                         wire.Mapping,
	"QUERY_TOO_COMPLICATED":                   wire.Mapping,
	"JSON_PARSER_ERROR":                       wire.Mapping,
	"MISSING_ARGUMENT":                        wire.Mapping,
	"NOT_FOUND":                               wire.Mapping,
	"INVALID_QUERY_FILTER_OPERATOR":           wire.Mapping,
	"INVALID_QUERY_SCOPE":                     wire.Mapping,
	"INVALIDENTITY":                           wire.Mapping,
	"INVALIDBATCH":                            wire.Mapping,
	"CLIENTINPUTERROR":                        wire.Mapping,

	"INVALID_CROSS_REFERENCE_KEY": wire.Record, // also with 404, where a status alone would mean a path

	"ENTITY_IS_DELETED":            wire.Follow,
	"CANNOT_UPDATE_CONVERTED_LEAD": wire.Follow,
	"DUPLICATE_VALUE":              wire.Follow,
	"DUPLICATE_DEVELOPER_NAME":     wire.Follow,

	"STORAGE_LIMIT_EXCEEDED":   wire.Stop,
	"UNSUPPORTED_API_VERSION":  wire.Stop,
	"METHOD_NOT_ALLOWED":       wire.Stop,
	"UNSUPPORTED_MEDIA_TYPE":   wire.Stop,
	"OPERATION_TOO_LARGE":      wire.Stop,
	"EXCEEDED_ID_LIMIT":        wire.Stop,
	"INVALID_QUERY_LOCATOR":    wire.Stop,
	"INVALID_REPLICATION_DATE": wire.Stop,
	"FEATURENOTENABLED":        wire.Stop,
	"INVALIDJOB":               wire.Stop,
	"INVALIDJOBSTATE":          wire.Stop,
	"API_ERROR":                wire.Stop,
}

// concurrencyWait is the pause after "too many at once", which clears as soon as one call ends.
const concurrencyWait = 5 * time.Second

// kindOf is the kind of a code, by its message where the code has two meanings; "" if unknown.
func kindOf(code, message string) wire.Kind {
	switch {
	case code == "REQUEST_LIMIT_EXCEEDED" && strings.Contains(message, "Concurrent"):
		return wire.Retry
	case code == "INVALID_FIELD" && strings.HasPrefix(message, "Foreign key external ID"):
		return wire.Retry // the parent is not there yet
	case code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" &&
		(strings.Contains(message, "UNABLE_TO_LOCK_ROW") || strings.Contains(message, "LimitException")):
		return wire.Retry // a trigger met a lock, or the batch was too much for it
	case code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" && strings.HasPrefix(message, "entity type cannot be"):
		return wire.Credentials // the user may not create or edit that object
	case code == "DUPLICATE_VALUE" && strings.HasPrefix(message, "Duplicate external id specified"):
		return wire.Record // twice in one request
	}
	return kinds[code]
}

// complaint is one element of an error's body. Collections spell the code differently, and a
// duplicate rule brings what it found, under a misspelt key.
type complaint struct {
	ErrorCode  string   `json:"errorCode"`
	StatusCode string   `json:"statusCode"`
	Message    string   `json:"message"`
	Fields     []string `json:"fields"`
}

func (c complaint) code() string {
	if c.ErrorCode != "" {
		return c.ErrorCode
	}
	return c.StatusCode
}

// complaints reads an error's body: an array, or one object.
func complaints(body []byte) []complaint {
	var many []complaint
	if json.Unmarshal(body, &many) == nil {
		return many
	}
	var one complaint
	if json.Unmarshal(body, &one) == nil && one.code() != "" {
		return []complaint{one}
	}
	return nil
}

// classify reads an answer that is not a success.
func classify(status int, _ http.Header, body []byte) wire.Verdict {
	said := complaints(body)
	if len(said) == 0 {
		switch {
		case status == http.StatusForbidden && strings.TrimSpace(string(body)) == "Bad_OAuth_Token":
			return wire.Verdict{Kind: wire.Credentials, Code: "Bad_OAuth_Token", Expired: true} // userinfo's 401
		case status == http.StatusMultipleChoices:
			return wire.Verdict{Kind: wire.Record, Code: "DUPLICATE_EXTERNAL_ID", Detail: "several records have this external id"}
		}
		return wire.Verdict{}
	}
	v := wire.Verdict{Code: said[0].code(), Kind: kindOf(said[0].code(), said[0].Message)}
	for i, s := range said {
		if i > 0 {
			v.Message += "\n"
		}
		v.Message += s.Message
		v.Fields = append(v.Fields, s.Fields...)
	}
	v.Detail = names(v.Code, said[0].Message)
	if v.Code == "REQUEST_LIMIT_EXCEEDED" && v.Kind == wire.Retry {
		v.Wait = concurrencyWait
	}
	v.Expired = status == http.StatusUnauthorized && v.Code == "INVALID_SESSION_ID" &&
		!strings.Contains(v.Message, "Connected app is not attached to Agent") &&
		!strings.Contains(v.Message, "This session is not valid for use with the REST API")
	v.Hint = hints[v.Code]
	return v
}

var hints = map[string]string{
	"REQUEST_LIMIT_EXCEEDED": "the org's calls of the last 24 hours are used up; what was not sent is planned again by the next run",
	"INVALID_QUERY_LOCATOR":  "the query's cursor has ended: run it again, it starts anew where it was committed",
	"STORAGE_LIMIT_EXCEEDED": "the org's data storage is full: free some or buy more",
	"API_DISABLED_FOR_ORG":   "the user needs the permission API Enabled",
	"API_CURRENTLY_DISABLED": "the user needs the permission API Enabled",
	"INVALID_FIELD":          "the field does not exist, or the user may not see it: check the SQL and the field's permissions",
	"QUERY_TIMEOUT":          "the query takes Salesforce too long: read less at once",
}

// nameForms find names of objects and fields in messages; nothing else of a message is safe.
var nameForms = []*regexp.Regexp{
	regexp.MustCompile(`No such column '[\w.]+' on (?:entity|sobject of type) '?\w+'?`),
	regexp.MustCompile(`sObject type '\w+' is not supported`),
	regexp.MustCompile(`Didn't understand relationship '\w+'`),
	regexp.MustCompile(`(?i)Field name not found : [\w.]+`),
	regexp.MustCompile(`LineEnding is invalid on user data`),
	regexp.MustCompile(`ERROR at Row:\d+:Column:\d+`),
}

// names is the part of a message that names objects, fields and places only; it may be empty.
func names(code, message string) string {
	switch code {
	case "INVALID_FIELD", "INVALID_TYPE", "MALFORMED_QUERY", "InvalidBatch", "INVALIDBATCH", "ClientInputError", "CLIENTINPUTERROR":
		for _, form := range nameForms {
			if found := form.FindString(message); found != "" {
				return found
			}
		}
	}
	return ""
}

// classifyLogin reads a refusal of the token endpoint: {"error", "error_description"}.
func classifyLogin(status int, _ http.Header, body []byte) wire.Verdict {
	var said struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &said) != nil || said.Error == "" {
		return wire.Verdict{}
	}
	v := wire.Verdict{Kind: wire.Credentials, Code: said.Error, Message: said.Description}
	if said.Error == "unknown_error" || status >= 500 {
		v.Kind = wire.Retry
	}
	// Only texts known to hold nothing of the user's are repeated.
	if hint, known := loginHints[said.Description]; known {
		v.Detail, v.Hint = said.Description, hint
	}
	return v
}

// loginHints are the refusals of the token endpoint and what each asks for.
var loginHints = map[string]string{
	"user hasn't approved this consumer":            "in the connected app, let admin-approved users be pre-authorized and give the user its permission set",
	"user is not admin approved to access this app": "give the user the connected app's permission set or profile",
	"audience is invalid":                           "the audience is https://login.salesforce.com, or https://test.salesforce.com for a sandbox",
	"expired authorization code":                    "set this machine's clock: the signed assertion is only good for minutes",
	"invalid assertion":                             "the private key does not belong to the certificate of the connected app, or the consumer key is another app's",
	"expired access/refresh token":                  "the refresh token was revoked or has ended: authorize the app anew",
	"authentication failure":                        "check the user name, and the IP ranges the user may log in from",
	"authentication failure - Invalid Password":     "check the user name and its password",
	"user is locked":                                "unlock the user in Salesforce",
	"no client credentials user enabled":            "set the Run As user in the connected app's client credentials flow",
	"request not supported on this domain":          "client credentials need the My Domain as login host: https://NAME.my.salesforce.com",
	"client identifier invalid":                     "check the consumer key",
	"invalid client credentials":                    "check the consumer secret",
	"grant type not supported":                      "switch the flow on in the connected app",
	"retry your request":                            "Salesforce could not answer: run it again",
}
