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
as in contacts.csv, owners.csv, Lead.csv, Contact.csv and User.csv; associations.csv associates
HubSpot's records, with the columns from_object, from_id, to_object, to_id and label. Options.LoadDir names one folder
for both, of files named <system>.<Object>.csv; columns.csv there defines custom objects and columns before any record
is loaded, a line each: object (salesforce.Subscription__c, hubspot.p_subscription), column, type in the CRM's own word
(Picklist, Lookup; enumeration/checkbox), length, scale, values joined by ";" and refers_to, which for a HubSpot object names
what its records can be associated with; other files are left alone. The first line
names columns in the CRM's own spelling, an empty cell is a blank, text is UTF-8. Records are taken
as they stand, even where the CRM would refuse them; writes that come later are validated. A column
that the CRM's metadata lacks becomes a custom text column. With Options.PersonAccounts an Account.csv may say IsPersonAccount,
and the contact of such an account is made with it; with Options.StateCountryPicklists a listed country or state gets its code.

Options.People generates people, the same ones for the same seed and clock; a greater number adds to
them. About 60 % are in both CRMs, 20 % in each alone. Some of them are a Lead and a Contact, or
twice in one CRM under another spelling; each record has gaps and errors of its own. Owners and
Users are matched by e-mail; one has left, one is only an owner, one only a User. Companies are text
on contacts and Leads, and Accounts of Contacts; stamped ids are not made. Options.Companies adds
HubSpot's companies with their contacts, and up to three deals or Opportunities per company, most of
them in both CRMs; the people stay as they are. Each company has a registrable domain of its own below .example, as in bakery12.example; mailboxes that
anyone may have are below example.com, example.org and example.net. Telephone numbers are from ranges
kept for fiction where the country keeps one.

# Faults

A script, `lockstep sandbox --faults FILE` or Faults.Add, says which requests go wrong and how. Every
error of either API can be had this way; the keys, kinds and codes stand in faults_doc.go, below.

# Automation

Rules that rewrite a field when a record is saved, through the API or by a human: flows in Salesforce,
which see the record before it is stored, workflows in HubSpot, which run after the answer.
`lockstep sandbox --automation FILE`, Options.Rules or the order below:

	automation:
	  # system: hubspot or salesforce; an order goes to the one asked.
	  - system: salesforce
	    # object, set: whose records, and the field that is rewritten.
	    object: Contact
	    set: Phone
	    # when: only when this field has changed. Left out: on every save.
	    when: Phone
	    # format: phone, lower, upper or trim; of copy's value, or the field's own.
	    format: phone
	  - system: hubspot
	    object: contacts
	    set: jobtitle
	    # copy: with this property's value.
	    copy: hs_email_domain
	  - system: hubspot
	    object: contacts
	    when: email
	    set: lifecyclestage
	    # to: with this text; "" clears.
	    to: lead

# Orders

Both servers take orders under /__sandbox/, without credentials. Bodies and answers are JSON, an
error is {"error", "hint"}. Faults and calls are those of both CRMs, all else is the CRM's that is
asked; what it has no counterpart of is refused. GET /__sandbox/ lists the orders with examples:

	GET    /__sandbox/            lists the orders
	GET    /__sandbox/faults      the script, with requests seen and struck per fault
	POST   /__sandbox/faults      adds a script, YAML or JSON
	DELETE /__sandbox/faults      ends all faults
	GET    /__sandbox/calls       requests per system and endpoint
	DELETE /__sandbox/calls       starts the counting anew
	GET    /__sandbox/routes      the endpoints that this CRM has
	GET    /__sandbox/records     the record; without id every live one
	POST   /__sandbox/records     inserts it as it stands
	DELETE /__sandbox/records     deletes it, as a human does
	POST   /__sandbox/edit        changes it, as a human does
	POST   /__sandbox/merge       makes id the survivor of the losers
	POST   /__sandbox/convert     converts a Lead; without account or contact into new ones
	POST   /__sandbox/restore     takes it out of the recycle bin or the archive
	POST   /__sandbox/purge       removes it for good
	POST   /__sandbox/associate   relates two records; label may be left out
	POST   /__sandbox/dissociate  ends every relation of two records
	POST   /__sandbox/touch       moves its modified stamp alone, as background work does
	POST   /__sandbox/lock        holds a record, as a long transaction does: writes meet UNABLE_TO_LOCK_ROW
	POST   /__sandbox/unlock      lets it go
	POST   /__sandbox/limit       sets the calls of a day; what was used stays used
	POST   /__sandbox/expire      ends every session: the next call of each is a 401
	GET    /__sandbox/automation  the rules added here
	POST   /__sandbox/automation  adds a rule that rewrites a field
	DELETE /__sandbox/automation  ends all rules added here, validation too
	POST   /__sandbox/validation  adds a rule that refuses
	POST   /__sandbox/duplicates  adds a duplicate rule

# Evidence

What the simulators do is held against the vendors' documentation, recordings of real traffic and clients that were
not written here. Tables of endpoint, behaviour, evidence and test stand in the documentation of each package, one
for each area, in its evidence_*.go: here for the gate, faults, orders, fuzzing and concurrency; in hubspot for
objects, relations, lists, account, recordings and clients; in salesforce for data, reading, recordings and clients.
A test reads them all: no row is without an existing test, no endpoint, order or kind of fault without a row.

# Not simulated

  - TLS, HTTP/2, other hosts than loopback
  - state that outlives the process: a sandbox that ends is gone
  - time: what CRMs do by themselves after hours or days happens when the sandbox's clock says so, or on order

What each CRM leaves out stands in its own package, under the same heading; `lockstep sandbox --help`
prints all three lists.
*/
package sandbox
