// Package portal is one HubSpot account without its API: objects, properties, records, owners, and the rules a value must obey.
//
// A record is a row of a few numbers and one packed string of its values, so that a million of them fit in memory. A row is never
// changed in place: a write packs a new one. That makes older versions cheap, and a search with a lag needs them: it sees, of each
// record, the newest version that is at least Lag old. Only properties that changed since the record was made have a history.
//
//	rows      sorted by id when read in order, found by id through a map
//	stamps    (modified, id) of the live rows, sorted: incremental searches read a range of it
//	keys      value → id for e-mail addresses and for each property with unique values
//	pending   versions younger than the lag, with those they replaced
//	merged    ids that were merged away → the record they went to; their rows stay as ghosts, without values
//
// An object is a line of objects.csv until somebody asks for it; its properties come from properties*.csv then. What follows from
// a write is decided on a draft, which knows the row before and the changes; what follows from a record without a write, such as
// a deal's probability from its stage, is computed when it is read and takes no room.
//
// A Portal is not safe for concurrent use; the server in front of it holds one lock per request.
package portal
