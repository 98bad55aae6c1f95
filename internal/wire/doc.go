// Package wire is what the clients of both CRMs share: one call over HTTP, made as often as it
// takes and never more often than it may.
//
// Client.Do sends a Request and returns the whole answer. Between the two stand, in this order:
//
//   - the token (Auth), put on inside the RoundTripper, so that no error, log line, redirect or
//     hook outside it ever holds a request with a token;
//   - pacing (Pacer): per endpoint, any number of rates and concurrency limits;
//   - a timeout per attempt, body included: a CRM that hangs is cut and named;
//   - reading and checking the answer: a truncated body, half a JSON, an HTML page or nothing
//     where JSON was due is a fault of the line, not an answer;
//   - the CRM's own classification of errors (Classify), which yields a Kind;
//   - metering (Meter): calls and retries per endpoint, the server's own figures of what is
//     left, and how far its clock is from ours;
//   - the decision to try again.
//
// What is tried again:
//
//	the fault                                        idempotent   not idempotent
//	nothing was sent (no connection, no such host)   yes          yes
//	the server says it did nothing (429, 423, 4xx
//	of Kind Retry)                                   yes          yes
//	anything after the request left: timeout, reset,
//	5xx, half an answer                              yes          no: Error.Uncertain
//	session expired                                  once, after Auth.Renew
//	any other Kind                                   no           no
//
// The pause is the longer of an exponential backoff with jitter and what the server asked for
// (Retry-After, or Verdict.Wait). A server that asks for more than Options.MaxWait is not waited
// for: the error returns at once and says how long (Error.Wait).
//
// Errors are an *Error wrapped by crm.WithHint. Their text names system, method, endpoint, status
// and code, and never a body, a query, a token or an e-mail address. What the server said in
// words is in Error.Message, for refusals shown to people who may see records; nothing logs it.
package wire
