/*
Package sandbox runs two simulated CRMs over real HTTP on loopback: what `lockstep sandbox` and
`lockstep demo` start and what tests run against.

The simulators, packages hubspot and salesforce below this one, know their CRM's protocol and keep
its records in memory; each lists what it does not simulate. This package starts them, fills them,
and stands before them:

	request ─> gate ──────────────────────────────> simulator
	           │ counts the request per endpoint
	           │ tells the watcher: arrived, answered
	           │ sets Date from the sandbox's clock
	           └ strikes with the faults that are due

Nothing is saved: a sandbox that ends is gone. Nothing listens but 127.0.0.1 and what else is
loopback. Credentials are public: client "sandbox" with secret "sandbox" at
<SalesforceURL>/services/oauth2/token, and the HubSpot token "pat-na1-sandbox".

# Records

Options.HubSpotDir and SalesforceDir name a folder per CRM whose files are named after their object,
as in contacts.csv, owners.csv, Lead.csv, Contact.csv and User.csv. Options.LoadDir names one folder
for both, of files named <system>.<Object>.csv; other files there are left alone. The first line
names columns in the CRM's own spelling, an empty cell is a blank, text is UTF-8. Records are taken
as they stand, even where the CRM would refuse them; writes that come later are validated. A column
that the CRM's metadata lacks becomes a custom text column.

Options.People generates people, the same ones for the same seed and clock; a greater number adds to
them. About 60 % are in both CRMs, 20 % in each alone. Some of them are a Lead and a Contact, or
twice in one CRM under another spelling; each record has gaps and errors of its own. Owners and
Users are matched by e-mail; one has left, one is only an owner, one only a User. Companies are text
on contacts and Leads, and Accounts of Contacts; HubSpot companies and stamped ids are not made. Each
company has a registrable domain of its own below .example, as in bakery12.example; mailboxes that
anyone may have are below example.com, example.org and example.net. Telephone numbers are from ranges
kept for fiction where the country keeps one.

# Faults

A script, `lockstep sandbox --faults FILE` or Faults.Add, is a list. Of the faults due for a request
the first strikes; skew comes on top of any other. Every key but kind may be left out:

	faults:
	  # system: hubspot or salesforce. Left out: both.
	  - system: salesforce
	    # method: the HTTP method, upper case. Left out: any.
	    method: POST
	    # path: a part of the path or of the decoded query (?q=SELECT Id FROM Lead). Left out: any.
	    # Token requests match too: name a path to spare them.
	    path: /composite
	    # nth: strike from the nth matching request on, counted from 1. Left out: from the first.
	    nth: 2
	    # count: strike that often. Left out: once when nth is there, else without end, as does -1.
	    count: 1
	    # kind: 401, 403, 429, 500, 503, html (a 502 page): answered in the CRM's place, nothing done.
	    # truncated (half of the JSON), reset (the connection breaks in the middle of the body),
	    # lost_answer (the connection closes without an answer), hang_after: the work is done before.
	    # hang: nothing is done or answered until the client gives up.
	    # skew: answered well, but with another Date.
	    kind: lost_answer

	  - system: hubspot
	    path: /search
	    # probability: strike with this chance, drawn from the sandbox's seed. Left out: always.
	    probability: 0.25
	    kind: 429
	    # code: which of the CRM's errors of that status. HubSpot 401: INVALID_AUTHENTICATION,
	    # EXPIRED_AUTHENTICATION; 403: MISSING_SCOPES; 429: TEN_SECONDLY_ROLLING, SECONDLY, DAILY;
	    # 500: INTERNAL; 503: UNAVAILABLE. Salesforce 401: INVALID_SESSION_ID, INVALID_AUTH_HEADER;
	    # 403: REQUEST_LIMIT_EXCEEDED, CONCURRENT, INSUFFICIENT_ACCESS, API_DISABLED_FOR_ORG;
	    # 429: REQUEST_LIMIT_EXCEEDED; 500: UNKNOWN_EXCEPTION; 503: SERVER_UNAVAILABLE.
	    # Left out: the first of these.
	    code: SECONDLY
	    # retry_after: sent as Retry-After, in whole seconds, with a status or html. Left out: none,
	    # as HubSpot's own 429s have none.
	    retry_after: 2s

	  - kind: skew
	    # skew: added to the Date header; only with kind skew, and required there.
	    skew: -5m

Go's HTTP client sends a GET again by itself when a kept-alive connection closes without an answer:
a lost_answer on one is then seen by the sandbox's counts and not by the caller.

# Orders

Both servers take orders under /__sandbox/, without credentials. Bodies and answers are JSON, an
error is {"error", "hint"}. Faults and calls are those of both CRMs, records those of the CRM asked:

	GET    /__sandbox/faults                     the script, with requests seen and struck per fault
	POST   /__sandbox/faults                     adds a script, YAML or JSON
	DELETE /__sandbox/faults                     ends all faults
	GET    /__sandbox/calls                      requests per system and endpoint
	DELETE /__sandbox/calls                      starts the counting anew
	GET    /__sandbox/records?object=Lead&id=…   the record; without id every live one
	POST   /__sandbox/records                    {"object", "values"}: inserts it as it stands
	DELETE /__sandbox/records?object=Lead&id=…   deletes it, as a human does
	POST   /__sandbox/edit                       {"object", "id", "values"}: as a human does

# Not simulated

Slow bodies, lock errors and batches that fail in part on order; TLS; state that outlives the
process.
*/
package sandbox
