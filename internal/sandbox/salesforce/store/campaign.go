package store

import "strconv"

// campaignStored gives a new campaign the two statuses that its members may have.
func campaignStored(c *change) Errors {
	if !c.create {
		return nil
	}
	for n, label := range []string{"Sent", "Responded"} {
		if _, errs := c.Create(draft(c.Org.Object("CampaignMemberStatus"), map[string]string{
			"CampaignId": c.object.ids[c.row].String(), "Label": label, "SortOrder": strconv.Itoa(n + 1),
			"IsDefault": strconv.FormatBool(n == 0), "HasResponded": strconv.FormatBool(n == 1),
		})); errs != nil {
			return errs
		}
	}
	return nil
}

// memberStatus finds a status of a campaign: by label, or the default one when label is empty. A campaign
// that lists none, as those that were inserted as they stand, has the two of a new one.
func (org *Org) memberStatus(campaign ID, label string) (name string, responded bool) {
	o := org.Object("CampaignMemberStatus")
	rows := o.Field("CampaignId").pointing(campaign)
	if len(rows) == 0 {
		if label == "" {
			label = "Sent"
		}
		return label, label == "Responded"
	}
	for _, row := range rows {
		text := o.Value(row, o.Field("Label")).text
		if fold(text) == fold(label) || label == "" && o.Value(row, o.Field("IsDefault")).True() {
			return text, o.Value(row, o.Field("HasResponded")).True()
		}
	}
	return label, false
}

// deriveMember fills in the default status, whether it is a response, and whom the member is. Of a lead and a
// contact given together the contact alone is kept.
func deriveMember(c *change) {
	if c.create && !c.get("ContactId").IsNull() {
		c.put("LeadId", Value{})
	}
	if c.moves("Status") {
		name, responded := c.Org.memberStatus(c.get("CampaignId").id, c.get("Status").text)
		c.put("Status", textValue(name))
		c.put("HasResponded", boolValue(responded))
		if responded && c.get("FirstRespondedDate").IsNull() {
			c.put("FirstRespondedDate", dayOrNull(timeValue(c.now)))
		}
	}
	if who := c.get("ContactId"); !who.IsNull() {
		c.put("LeadOrContactId", who)
	} else {
		c.put("LeadOrContactId", c.get("LeadId"))
	}
}

// checkMember refuses a member that is nobody, and one that the campaign has already.
func checkMember(c *change) Errors {
	if !c.create {
		return nil
	}
	who := c.get("LeadOrContactId")
	if who.IsNull() {
		return Errors{refuse("REQUIRED_FIELD_MISSING", []string{"LeadId", "ContactId"}, "Required fields are missing: [LeadId, ContactId]")}
	}
	if row := c.Org.member(c.get("CampaignId").id, who.id); row >= 0 {
		return Errors{refuse("DUPLICATE_VALUE", []string{}, "Already a campaign member.")}
	}
	return nil
}

// member finds the row of a campaign's member by lead or contact; -1 for none.
func (org *Org) member(campaign, who ID) int32 {
	o := org.Object("CampaignMember")
	for _, name := range []string{"ContactId", "LeadId"} {
		for _, row := range o.Field(name).pointing(who) {
			if o.Value(row, o.Field("CampaignId")).id == campaign {
				return row
			}
		}
	}
	return -1
}
