package store

const day = 24 * 60 * 60 // seconds

// deriveTask fills in what follows from status and priority, and the account.
func deriveTask(c *change) {
	if c.moves("Status") {
		o, row, found := c.Org.meaning("TaskStatus", "ApiName", c.get("Status").text)
		closed := found && o.Value(row, o.Field("IsClosed")).True()
		if was := c.get("IsClosed").True(); closed != was || c.create {
			done := Value{}
			if closed {
				done = timeValue(c.now)
			}
			c.put("CompletedDateTime", done)
		}
		c.put("IsClosed", boolValue(closed))
	}
	if c.moves("Priority") {
		c.put("IsHighPriority", boolValue(c.get("Priority").text == "High"))
	}
	c.put("AccountId", c.account())
}

// account is the account of an activity: the one it is about, or that of what or whom it is about.
func (c *change) account() Value {
	if what := c.get("WhatId"); !what.IsNull() {
		if o, row, found := c.Org.find(what.id); found {
			switch {
			case o.Name == "Account":
				return what
			case o.Name == "Opportunity" || o.Custom && o.Field("AccountId") != nil:
				return o.Value(row, o.Field("AccountId"))
			}
		}
	}
	if who := c.get("WhoId"); !who.IsNull() {
		if o, row, found := c.Org.find(who.id); found && o.Name == "Contact" {
			return o.Value(row, o.Field("AccountId"))
		}
	}
	return Value{}
}

// checkActivity refuses what a lead cannot have: something it is related to.
func checkActivity(c *change) Errors {
	if c.get("IsRecurrence").True() { // the series would need its occurrences
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"IsRecurrence"}, "This org's simulator makes no recurring activities")}
	}
	who, what := c.get("WhoId"), c.get("WhatId")
	if who.IsNull() || what.IsNull() || who.id.Prefix() != c.Org.Object("Lead").Prefix {
		return nil
	}
	return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"WhoId", "WhatId"},
		"WhoId, WhatId: an activity of a lead cannot be related to another record")}
}

// deriveEvent fills in the ends of an event that its start and duration leave open, and the other way round.
// ActivityDateTime and StartDateTime are one value under two names; ActivityDate and EndDate are their days.
func deriveEvent(c *change) {
	start := c.get("StartDateTime")
	switch {
	case c.gave("StartDateTime"):
	case c.gave("ActivityDateTime"):
		start = c.get("ActivityDateTime")
	case c.gave("ActivityDate") && (c.get("IsAllDayEvent").True() || start.IsNull()):
		start = timeOrNull(c.get("ActivityDate"))
	}
	allDay := c.get("IsAllDayEvent").True()
	if allDay && !start.IsNull() {
		start = timeValue(start.n - mod(start.n, day))
	}
	duration, end := c.get("DurationInMinutes"), c.get("EndDateTime")
	switch {
	case start.IsNull():
	case c.gave("EndDateTime") && !end.IsNull():
		if !c.gave("DurationInMinutes") {
			duration = Value{Kind: Integer, number: float64((end.n - start.n) / 60)}
			if allDay {
				duration.number += day / 60
			}
		}
	case !duration.IsNull():
		end = timeValue(start.n + int64(duration.number)*60)
		if allDay {
			end = timeValue(end.n - day)
		}
	case allDay:
		duration, end = Value{Kind: Integer, number: day / 60}, start
	}
	c.put("StartDateTime", start)
	c.put("ActivityDateTime", start)
	c.put("ActivityDate", dayOrNull(start))
	c.put("DurationInMinutes", duration)
	c.put("EndDateTime", end)
	c.put("EndDate", dayOrNull(end))
	if c.create {
		c.put("GroupEventType", textValue("0"))
		c.put("EventSubtype", textValue("Event"))
	}
	c.put("AccountId", c.account())
}

// checkEvent refuses an event without a start or an end, and one whose parts contradict each other.
func checkEvent(c *change) Errors {
	var missing []string
	start, end, duration := c.get("StartDateTime"), c.get("EndDateTime"), c.get("DurationInMinutes")
	if start.IsNull() {
		missing = append(missing, "ActivityDateTime")
	}
	if duration.IsNull() {
		missing = append(missing, "DurationInMinutes")
	}
	if missing != nil {
		return Errors{required(missing)}
	}
	minutes := (end.n - start.n) / 60
	if c.get("IsAllDayEvent").True() {
		minutes += day / 60
	}
	switch {
	case end.n < start.n || duration.number < 0:
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"EndDateTime"}, "End Date Time: the event ends before it begins")}
	case float64(minutes) != duration.number:
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"DurationInMinutes"}, "Duration: the duration and the end of the event contradict each other")}
	}
	return checkActivity(c)
}

func timeOrNull(v Value) Value {
	if v.IsNull() {
		return v
	}
	return timeValue(v.n)
}

func dayOrNull(v Value) Value {
	if v.IsNull() {
		return v
	}
	return Value{Kind: Date, n: v.n - mod(v.n, day)}
}

// mod is the remainder that is never negative.
func mod(n, by int64) int64 { return ((n % by) + by) % by }
