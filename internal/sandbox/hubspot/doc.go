// Package hubspot simulates a HubSpot account behind HubSpot's own HTTP API, for demos, rehearsals and tests.
//
// A Server is an http.Handler with a store behind it: what is written is what is read, and rules that surprise integrations hold
// as they do in the real thing. Insert, Edit, Get, All, Delete, Merge, Restore, Purge and Touch are the world outside the API:
// people, imports, HubSpot itself. This package is the protocol, package portal the account.
//
// # What is simulated
//
//   - HubSpot's own 29 objects (contacts with 320 of HubSpot's own properties, the others with their main ones) and custom
//     objects with their schemas, under /crm/v3 and the dated paths 2025-09, 2026-03 and 2026-09: list, read, create, update,
//     archive, search, batch read, create, update, upsert, archive, merge, GDPR deletion, restoring (Restore) for 90 days
//   - rules of single objects: pipelines of deals, tickets and others, what follows from their stages; leads that are somebody's;
//     what activities, line items and companies fill by themselves; users behind owners
//   - pipelines and their stages, properties with their groups and validation rules, sensitive properties, properties that admins
//     require (Require), owners with teams, account details, daily usage; property lists in the older v1 and v2
//   - private-app tokens with scopes; access tokens of 1800 s for refresh tokens and for authorization codes (Authorize is the page of
//     consent), introspect and revoke, in all versions
//   - the burst, search and daily limits with their headers and their three 429 bodies
//   - multi-status against all-or-nothing batches, grouped errors, results in another order than the inputs
//   - a search that lags, sees archived records for as long, and serves 10,000 results
//   - values: text for everything, null for empty, e-mail addresses lower-cased and unique, unique properties, options, dates,
//     a lifecycle stage that only goes forward, what HubSpot sets by itself on a create
//   - property histories: from the first change of a property on; before that one entry with the record's creation
//   - associations in v4, the dated versions and v3, with HubSpot's types and labels of an admin's own, their limits, the primary
//     company and associatedcompanyid that follow each other, in creates, lists, reads and searches
//   - lists with members chosen by hand or by filters on properties and other lists, their memberships from both sides, in v3, the
//     dated versions and v1
//   - exports of views and lists as CSV, one at a time, whose results are to be had for five minutes
//   - workflows (OnWrite)
//
// # What is not simulated
//
//   - imports, events, forms, the journal of webhooks, and webhooks of anything but contacts, companies and deals that are made or
//     changed (the sandbox sends those)
//   - discounts, fees, taxes, deal splits, goals' and subscriptions' own machinery; quotes are plain records
//   - the page of consent itself, code verifiers, the client-credentials grant, permissions of users
//   - calculated properties beyond those the evidence names: no hs_searchable_calculated_*, hs_v2_date_entered_*, scores,
//     last activities; rates of exchange; a lifecycle stage that moves because a deal does
//   - what a portal's subscription forbids; default pipelines of orders, services, courses, listings, appointments, projects and
//     tasks with HubSpot's own ids
//   - associations that come back with a restored record; that a change of associations moves a record's modified stamp, but where
//     associatedcompanyid changes
//   - folders of lists, their conversion on a day, permissions; filters of lists on anything but properties and lists, on what a
//     property has ever been, and on relative days; exports as XLSX, zipped or mailed
//   - the high-usage report of associations (it is taken on and never sent), limits of a tier
//   - 477, 5xx and other failures of transport (the sandbox's faults do that), a portal that is slow
//   - the exact texts of errors that no source records; Rules switches behaviour that no source settles
//
// Unknown query parameters and unknown members of a body are refused, which is stricter than HubSpot in places: in a simulator a
// misspelt one must not pass.
package hubspot
