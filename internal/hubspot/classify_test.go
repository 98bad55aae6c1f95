package hubspot

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/wire"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		header map[string]string
		body   string
		want   wire.Verdict
	}{
		"429 daily, documented": {429, nil,
			`{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","correlationId":"x","policyName":"DAILY","requestId":"y"}`,
			wire.Verdict{Kind: wire.Quota, Code: "RATE_LIMIT", Detail: "the account's calls of today are used up"}},
		"429 ten seconds, documented": {429, nil,
			`{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}`,
			wire.Verdict{Kind: wire.Retry, Code: "RATE_LIMIT", Detail: "too many calls in ten seconds", Wait: 10 * time.Second}},
		"429 ten seconds, category and header": {429, map[string]string{"X-HubSpot-RateLimit-Interval-Milliseconds": "8000"},
			`{"status":"error","message":"You have reached your ten_secondly_rolling limit.","category":"RATE_LIMITS"}`,
			wire.Verdict{Kind: wire.Retry, Code: "RATE_LIMITS", Detail: "too many calls in ten seconds", Wait: 8 * time.Second}},
		"429 search, recorded": {429, nil,
			`{"status":"error","message":"You have reached your secondly limit.","correlationId":"x","category":"RATE_LIMITS"}`,
			wire.Verdict{Kind: wire.Retry, Code: "RATE_LIMITS", Detail: "too many calls in a second", Wait: time.Second}},
		"429 search, policy": {429, nil, `{"status":"error","message":"limit","policyName":"SECONDLY","errorType":"RATE_LIMIT"}`,
			wire.Verdict{Kind: wire.Retry, Code: "RATE_LIMIT", Detail: "too many calls in a second", Wait: time.Second}},
		"429 without a body": {429, nil, ``, wire.Verdict{Kind: wire.Retry, Detail: "too many calls", Wait: 10 * time.Second}},
		"401 no token": {401, nil,
			`{"status":"error","message":"Authentication credentials not found.","correlationId":"x","category":"INVALID_AUTHENTICATION"}`,
			wire.Verdict{Kind: wire.Credentials, Code: "INVALID_AUTHENTICATION"}},
		"401 expired": {401, nil,
			`{"status":"error","message":"The OAuth token used to make this call expired 3 minute(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}`,
			wire.Verdict{Kind: wire.Credentials, Code: "EXPIRED_AUTHENTICATION", Expired: true}},
		"401 a token HubSpot cannot read": {401, nil,
			`{"status":"error","message":"The OAuth token used to make this call expired 20705 day(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["1970-01-01T00:00:00Z"]}}`,
			wire.Verdict{Kind: wire.Credentials, Code: "EXPIRED_AUTHENTICATION", Detail: "the token is not one of HubSpot's"}},
		"403 scopes in errors[]": {403, nil,
			`{"status":"error","message":"This app hasn't been granted all required scopes to make this call.","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.deals.read","crm.schemas.deals.read"]}}],"category":"MISSING_SCOPES"}`,
			wire.Verdict{Kind: wire.Credentials, Code: "MISSING_SCOPES", Detail: "needs one of the scopes crm.objects.deals.read, crm.schemas.deals.read"}},
		"403 scopes in context": {403, nil,
			`{"status":"error","message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["custom-object-read"],"links":["https://developers.hubspot.com/scopes"]},"category":"MISSING_SCOPES"}`,
			wire.Verdict{Kind: wire.Credentials, Code: "MISSING_SCOPES", Detail: "needs one of the scopes custom-object-read"}},
		"400 refresh token": {400, nil,
			`{"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"}`,
			wire.Verdict{Kind: wire.Credentials, Code: "BAD_REFRESH_TOKEN", Detail: "the refresh token is invalid, expired or revoked"}},
		"400 a name nobody knows": {400, nil,
			`{"message":"…","errors":[{"code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["nope"]}}],"category":"VALIDATION_ERROR"}`,
			wire.Verdict{Kind: wire.Mapping, Code: "VALIDATION_ERROR", Detail: "nope PROPERTY_DOESNT_EXIST", Fields: []string{"nope"}}},
		"400 a value": {400, nil,
			`{"message":"…","errors":[{"code":"INVALID_OPTION","context":{"propertyName":["lifecyclestage"]}}],"category":"VALIDATION_ERROR"}`,
			wire.Verdict{Kind: wire.Record, Code: "VALIDATION_ERROR", Detail: "lifecyclestage INVALID_OPTION", Fields: []string{"lifecyclestage"}}},
		"400 object unknown": {400, nil, `{"status":"error","message":"Unable to infer object type from: butterflies","correlationId":"x"}`,
			wire.Verdict{Kind: wire.Mapping, Detail: "HubSpot knows no object of that name"}},
		"400 unique value": {400, nil,
			`{"message":"Cannot set PropertyValueCoordinates{portalId=1, propertyName=ext_id, value=V} on 1. 2 already has that value.","category":"VALIDATION_ERROR"}`,
			wire.Verdict{Kind: wire.Follow, Code: "VALIDATION_ERROR", Detail: "ext_id CONFLICTING_UNIQUE_VALUE", Fields: []string{"ext_id"}}},
		"400 unique value, as a value that is not valid": {400, nil,
			`{"message":"…","errors":[{"code":"CONFLICTING_UNIQUE_VALUE","context":{"propertyName":["ext_id"]}}],"category":"VALIDATION_ERROR"}`,
			wire.Verdict{Kind: wire.Follow, Code: "VALIDATION_ERROR", Detail: "ext_id CONFLICTING_UNIQUE_VALUE", Fields: []string{"ext_id"}}},
		"400 a unique value and a name nobody knows": {400, nil,
			`{"message":"…","errors":[{"code":"CONFLICTING_UNIQUE_VALUE","context":{"propertyName":["ext_id"]}},{"code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["nope"]}}],"category":"VALIDATION_ERROR"}`,
			wire.Verdict{Kind: wire.Mapping, Code: "VALIDATION_ERROR", Detail: "ext_id CONFLICTING_UNIQUE_VALUE, nope PROPERTY_DOESNT_EXIST", Fields: []string{"ext_id", "nope"}}},
		"400 whole batch, no category": {400, nil, `{"status":"error","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."}`,
			wire.Verdict{Kind: wire.Follow, Code: "OBJECT_NOT_FOUND"}},
		"409": {409, nil, `{"message":"Contact already exists. Existing ID: 12345","category":"CONFLICT"}`,
			wire.Verdict{Kind: wire.Follow, Code: "CONFLICT"}},
		"404 record": {404, nil, `{"message":"Object not found.  objectId are usually numeric.","context":{"id":["abc"]},"category":"OBJECT_NOT_FOUND"}`,
			wire.Verdict{Kind: wire.Follow, Code: "OBJECT_NOT_FOUND"}},
		"404 path":    {404, nil, `{"status":"error","message":"resource not found","correlationId":"x"}`, wire.Verdict{}},
		"404 HTML":    {404, nil, `<html>HTTP ERROR 404 Resource not found</html>`, wire.Verdict{}},
		"423":         {423, nil, `{"status":"error","message":"locked"}`, wire.Verdict{Kind: wire.Retry, Wait: 2 * time.Second}},
		"477 moving":  {477, nil, ``, wire.Verdict{Kind: wire.Retry, Detail: "the portal is being moved to another data centre"}},
		"502 HTML":    {502, nil, `<html>bad gateway</html>`, wire.Verdict{}},
		"525 no body": {525, nil, ``, wire.Verdict{Kind: wire.Retry}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for name, value := range tt.header {
				h.Set(name, value)
			}
			got := classify(tt.status, h, []byte(tt.body))
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(wire.Verdict{}, "Message", "Hint")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
