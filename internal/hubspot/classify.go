package hubspot

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"lockstep/internal/wire"
)

// classify says what has to happen before a call can succeed ("Error handling"; "API usage guidelines and
// limits"). Its Detail holds names of properties and scopes, never values.
func classify(status int, h http.Header, body []byte) wire.Verdict {
	e, ok := parseEnvelope(body)
	v := wire.Verdict{Code: e.code(), Message: e.Message}
	switch {
	case status == http.StatusTooManyRequests:
		return limited(v, e, h)
	case status == http.StatusLocked: // too much at once on the same records
		v.Kind, v.Wait = wire.Retry, 2*time.Second
	case status == 477: // the account moves to another data centre; Retry-After says for how long
		v.Kind, v.Detail = wire.Retry, "the portal is being moved to another data centre"
	case status == 522 || status == 525 || status == 526:
		v.Kind, v.Hint = wire.Retry, "if it stays so, HubSpot asks to contact its support"
	case !ok:
		// HTML or nothing: the status has to do.
	case status == http.StatusUnauthorized:
		return unauthorized(v, e)
	case status == http.StatusForbidden:
		return forbidden(v, e)
	case v.Code == "BAD_REFRESH_TOKEN" || e.Error == "invalid_grant" || e.Error == "invalid_client":
		v.Kind, v.Detail = wire.Credentials, "the refresh token is invalid, expired or revoked"
		v.Hint = "install the app in HubSpot again and set the new LOCKSTEP_HUBSPOT_REFRESH_TOKEN"
	case status == http.StatusConflict, existingID(e) != "", v.Code == "OBJECT_NOT_FOUND":
		v.Kind = wire.Follow
		named(&v, e)
	case strings.HasPrefix(e.Message, "Unable to infer object type"):
		v.Kind, v.Detail = wire.Mapping, "HubSpot knows no object of that name"
	case status == http.StatusBadRequest:
		v.Kind = wire.Record
		named(&v, e)
	}
	return v
}

// named adds the properties a refusal names. Names HubSpot does not know, or lets nobody write, are the
// mapping's fault and not the record's.
func named(v *wire.Verdict, e envelope) {
	var words []string
	for _, p := range propertyErrors(e) {
		v.Fields = append(v.Fields, p.Name)
		words = append(words, strings.TrimSpace(p.Name+" "+p.Code))
		switch {
		case v.Kind == wire.Record && strings.Contains(p.Code, "UNIQUE"): // in the form of a value that is not valid
			v.Kind = wire.Follow
		case (v.Kind == wire.Record || v.Kind == wire.Follow && v.Code == "VALIDATION_ERROR") && (p.Code == "PROPERTY_DOESNT_EXIST" || p.Code == "READ_ONLY_VALUE"):
			v.Kind = wire.Mapping
		}
	}
	v.Detail = strings.Join(words, ", ")
}

// limited reads a 429, which comes in three shapes: errorType with policyName (documented), category without
// (recorded on search), category with. Retry-After is absent in all recorded ones; wire obeys it when there.
func limited(v wire.Verdict, e envelope, h http.Header) wire.Verdict {
	said := strings.ToLower(e.PolicyName + " " + e.Message)
	v.Kind = wire.Retry
	switch {
	case strings.Contains(said, "daily"):
		v.Kind, v.Detail = wire.Quota, "the account's calls of today are used up"
		v.Hint = "the count starts anew at midnight in the portal's time zone; what was not sent is planned again by the next run"
	case strings.Contains(said, "ten_secondly"):
		v.Detail, v.Wait = "too many calls in ten seconds", 10*time.Second
		if ms := number(h, "Interval-Milliseconds"); ms > 0 {
			v.Wait = time.Duration(ms) * time.Millisecond
		}
	case strings.Contains(said, "secondly"):
		v.Detail, v.Wait = "too many calls in a second", time.Second
	default: // a limit without a name: the longer of the two
		v.Detail, v.Wait = "too many calls", 10*time.Second
	}
	return v
}

// unauthorized tells a token that has ended from one that never was. HubSpot says of text it cannot decode
// that it expired in 1970: renewing would not help.
func unauthorized(v wire.Verdict, e envelope) wire.Verdict {
	v.Kind = wire.Credentials
	never := slices.ContainsFunc(e.values("expire time"), func(t string) bool { return strings.HasPrefix(t, "1970-") })
	switch {
	case v.Code == "EXPIRED_AUTHENTICATION" && never:
		v.Detail = "the token is not one of HubSpot's"
	case v.Code == "EXPIRED_AUTHENTICATION":
		v.Expired = true
	}
	return v
}

// forbidden names the scopes HubSpot wants, any one of which will do. They stand in errors[] or in context.
func forbidden(v wire.Verdict, e envelope) wire.Verdict {
	v.Kind = wire.Credentials
	scopes := e.values("requiredGranularScopes")
	for _, inner := range e.entries() {
		scopes = append(scopes, contextValues(inner.Context, "requiredGranularScopes")...)
	}
	if len(scopes) > 0 {
		v.Detail = "needs one of the scopes " + strings.Join(scopes, ", ")
		v.Hint = "give the app in HubSpot one of those scopes; an OAuth app has to be installed again after it"
	}
	return v
}
