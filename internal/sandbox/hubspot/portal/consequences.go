package portal

// withDefaults adds what HubSpot itself sets on a record that an API makes.
func (d *draft) withDefaults() {
	by := d.write.source
	switch d.object.Plural {
	case "contacts":
		d.fill("lifecyclestage", "lead")
		for _, name := range []string{"hs_analytics_source", "hs_latest_source"} {
			d.fill(name, "OFFLINE")
			d.fill(name+"_data_1", by.Type)
			d.fill(name+"_data_2", by.ID)
		}
	case "deals":
		d.fill("hs_analytics_source", "OFFLINE")
		d.fill("hs_analytics_source_data_1", by.Type)
		d.fill("hs_analytics_source_data_2", by.ID)
	}
}

// consequences adds what follows from the changes of any object: when an owner was assigned, the date a lifecycle stage was
// reached, a company's website from its domain, the latest source's time; and, by the rules of its kind, what belongs to one
// object only. The error is Invalid.
func (d *draft) consequences() error {
	if len(d.changes) == 0 && !d.creating() {
		return nil
	}
	if err := d.place(); err != nil {
		return err
	}
	if owner, yes := d.change("hubspot_owner_id"); yes {
		assigned := ""
		if owner != "" {
			assigned = d.now()
		}
		d.fill("hubspot_owner_assigneddate", assigned)
	}
	if stage, yes := d.change("lifecyclestage"); yes && stage != "" {
		d.fill("hs_lifecyclestage_"+stage+"_date", d.now())
	}
	if d.changed("hs_latest_source") {
		d.fill("hs_latest_source_timestamp", d.now())
	}
	if err := d.byKind(); err != nil {
		return err
	}
	sortCells(d.changes)
	return nil
}

// byKind applies the rules that one object has and no other.
func (d *draft) byKind() error {
	switch d.object.Plural {
	case "companies":
		if domain, yes := d.change("domain"); yes && d.creating() && d.value("website") == "" {
			d.fill("website", domain)
		}
	case "deals":
		d.closeDeal()
	case "tickets":
		d.closeTicket()
	case "tasks":
		d.completeTask()
	case "meetings":
		if d.creating() {
			d.fill("hs_meeting_source", "CRM_UI") // as recorded, whoever makes it
		}
	case "emails":
		return d.checkHeaders()
	}
	return nil
}
