// Package wake takes the word of a CRM that records were edited, so that a run happens now instead of a quarter of an hour
// later.
//
//	HubSpot's webhooks ──> POST /wake/hubspot ─┐
//	                                           ├─> Handler ─> Collector ─> pipelines.Schedule
//	anything else ───────> POST /wake ─────────┘
//
// What arrives is only ever a reason to look: of an event nothing is kept but which object and which ids, and what those
// records hold is read from the CRM. So an event that is late, comes twice, comes in another order or is made up by
// somebody with the secret costs a read and nothing else; one that is lost is made up for by the next run of the pipeline,
// since no cursor moves for an event.
package wake
