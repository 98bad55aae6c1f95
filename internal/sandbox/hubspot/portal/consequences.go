package portal

// withDefaults adds what HubSpot itself sets on a record that an API makes.
func (o *Object) withDefaults(changes []cell, by Source) []cell {
	if o.Plural == "contacts" {
		changes = o.fill(changes, "lifecyclestage", "lead")
		for _, name := range []string{"hs_analytics_source", "hs_latest_source"} {
			changes = o.fill(changes, name, "OFFLINE")
			changes = o.fill(changes, name+"_data_1", by.Type)
			changes = o.fill(changes, name+"_data_2", by.ID)
		}
	}
	return changes
}

// fill sets a property that the changes leave out.
func (o *Object) fill(changes []cell, name, value string) []cell {
	p := o.byName[name]
	if p == nil {
		return changes
	}
	for _, c := range changes {
		if c.col == p.col {
			return changes
		}
	}
	return append(changes, cell{p.col, value})
}

// consequences adds what follows from changes: the date a lifecycle stage was reached, when an owner was assigned,
// a company's website from its domain, the latest source's time. The result is in column order.
func (o *Object) consequences(before row, changes []cell) []cell {
	if len(changes) == 0 {
		return nil
	}
	now := Instant(o.portal.ms())
	for _, c := range changes {
		switch o.props[c.col].Name {
		case "lifecyclestage":
			if c.value != "" {
				changes = o.fill(changes, "hs_lifecyclestage_"+c.value+"_date", now)
			}
		case "hubspot_owner_id":
			assigned := now
			if c.value == "" {
				assigned = ""
			}
			changes = o.fill(changes, "hubspot_owner_assigneddate", assigned)
		case "hs_latest_source":
			changes = o.fill(changes, "hs_latest_source_timestamp", now)
		case "domain":
			if website := o.byName["website"]; before.id == 0 && website != nil && before.values.get(website.col) == "" {
				changes = o.fill(changes, "website", c.value)
			}
		}
	}
	sortCells(changes)
	return changes
}
