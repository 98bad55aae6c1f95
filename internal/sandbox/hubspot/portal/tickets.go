package portal

import "strconv"

// closeTicket keeps the close date of a ticket: set when it comes to a closed stage, cleared when it leaves one.
func (d *draft) closeTicket() {
	if !d.changed("hs_pipeline_stage") || d.changed("closed_date") {
		return
	}
	s := d.object.stageNamed(d.value("hs_pipeline_stage"))
	switch {
	case s != nil && s.Metadata["isClosed"] == "true":
		d.fill("closed_date", d.now())
	case d.was("closed_date") != "":
		d.fill("closed_date", "")
	}
}

// ticketComputed gives what follows from a ticket's stamps.
func (o *Object) ticketComputed(name string) func(Record) string {
	switch name {
	case "hs_ticket_id":
		return func(r Record) string { return strconv.FormatInt(r.row.id, 10) }
	case "time_to_close":
		return func(r Record) string {
			end, ok := ParseInstant(r.stored("closed_date"))
			if !ok {
				return ""
			}
			return strconv.FormatInt(max(0, end-r.row.created), 10)
		}
	}
	return nil
}
