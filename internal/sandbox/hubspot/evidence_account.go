// # Evidence: account
//
//	endpoint | behaviour | evidence | test
//	every | a bearer token, else INVALID_AUTHENTICATION; an undecodable one expired in 1970 | doc | TestTokens
//	every | MISSING_SCOPES with the scopes of which any one is enough, for each endpoint | rec AMP, doc | TestEveryRouteNeedsItsScope
//	every | the schemas API has the scopes in the context | rec AMP | TestEveryRouteNeedsItsScope
//	every | 405, 413, 414, 415 and parameters that an endpoint does not have | unverified | TestRequestsRefusedAtTheDoor
//	every | a path there is not: a page, with X-HubSpot-NotFound | rec VCR | TestRequestsRefusedAtTheDoor
//	every | the burst limit of an app with its headers, TEN_SECONDLY_ROLLING without Retry-After | doc, rec VCR | TestBurstAndSearchLimits
//	every | the daily limit of the account, from midnight to midnight of its zone; OAuth apps have none | doc | TestDailyLimit, TestRefreshToken
//	POST /crm/v3/objects/{t}/search | a limit by the second, RATE_LIMITS without policyName; daily headers only | rec GRP | TestBurstAndSearchLimits
//	POST /oauth/{v}/token | refresh_token: 1800 s, the same refresh token; BAD_REFRESH_TOKEN, BAD_CLIENT_ID and BAD_CLIENT_SECRET with 400 | doc | TestRefreshToken
//	POST /oauth/{v}/token | authorization_code: once, with the same redirect URI; BAD_AUTH_CODE, BAD_REDIRECT_URI | doc | TestAuthorizationCode
//	POST /oauth/{v}/token | a body that is no form is 415 | unverified | TestRefreshToken
//	POST /oauth/{v}/token/introspect | of both kinds of token | spec | TestRefreshToken, TestAuthorizationCode
//	POST /oauth/{v}/token/revoke | ends the installation | spec | TestRefreshToken, TestAuthorizationCode
//	GET /account-info/v3/details | zone, offset, currency, kind, data centre and the user interface's host | rec AMP | TestAccountDetails, TestDailyLimit
//	GET /account-info/v3/api-usage/daily/private-apps | used, limit and when it starts anew | spec | TestDailyLimit
//	POST /oauth/v2/private-apps/get/access-token-info | a private app's scopes | doc | TestTokens
//	POST /crm/v3/exports/export/async | 202; views and lists as CSV, labels or internal values, ids of associated records; 30 a day | doc | TestExport, TestExportsWaitForEachOther
//	GET /crm/v3/exports/export/async/tasks/{taskId}/status | one runs at a time; another URL at each poll | doc | TestExportsWaitForEachOther
//	GET /exports/{name} | the file, for five minutes, without a token | doc | TestExport, TestExportsWaitForEachOther
package hubspot
