// Package extract brings both CRMs into the mirrors. It knows no meaning: which columns it reads is what the
// project's SQL mentions, and their types are the CRM's own.
//
//	source.go      what a CRM must offer: the contract
//	hubspot.go     HubSpot as a Source
//	salesforce.go  Salesforce as a Source
//	run.go         both CRMs side by side, and what is reported
//	session.go     one CRM: account, people, metadata, then its objects
//	glance.go      whether anything has moved at all
//	object.go      one object: which columns, and whether all of it or what changed
//	named.go       records read by their ids, because somebody said that they were edited
//	landing.go     pages into groups into the warehouse
//	histories.go   property histories of records in conflict
//	bench.go       how fast landing is
//
// # What a run reads
//
// Per CRM: which account this is (another one is refused), the people records belong to, and each object's metadata.
// Then, per object:
//
//	what is known of the object                      what is read
//	never read to the end                            all of it
//	a column the SQL names for the first time        all of it; the column counts once it is complete
//	an earlier full read broke off                   the rest of it, from where it stopped, then what changed
//	Options.Full                                     all of it
//	otherwise                                        what changed since the cursor
//
// A settled run, one after a run that saw nothing change and left nothing to do, first only asks for the stamps of what
// changed since the cursors: an object of HubSpot is a search, five of Salesforce a composite call. If the mirrors have
// them all, nothing else is read. Otherwise, and once an hour, the run is as above. So whatever a plan is made of is
// fresh, and a change of metadata, users or owners alone is seen within the hour, or by the nightly run.
//
// A run that was woken for named records reads those by their ids, whatever else it reads, and then asks for stamps like a
// settled one: an edit that a search does not show yet arrives at once. They move no cursor, so what lies between is read
// as ever.
//
// A read of changes begins before the cursor by the source's own lag and takes records with the cursor's very stamp
// again: duplicates cost nothing, a gap costs a record. The cursor only moves to what was returned.
//
// Objects are read in the order of their names. A converted Lead names its Contact, so Contact must be read first:
// a conversion between the two reads is then seen by the next run instead of seeming a Contact out of nothing.
//
// Nothing is written unless a page has arrived, every group of pages is committed with the position after it, and
// whatever goes wrong between leaves the mirrors as they were: the next run goes on there.
package extract
