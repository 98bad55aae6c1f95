package salesforce

import (
	"fmt"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// most parts of one call, by call.
const (
	maxConversions = 100
	maxMerges      = 10
)

// soapConvert is convertLead, which no REST resource does: each lead on its own, what failed told of in its result.
func (c *call) soapConvert(in *element) (string, *soapFault) {
	list := in.all("leadConverts")
	if len(list) > maxConversions {
		return "", &soapFault{"EXCEEDED_ID_LIMIT", fmt.Sprintf("record limit reached. cannot submit more than %d records into this call", maxConversions)}
	}
	out := ""
	for _, e := range list {
		lead := e.value("leadId")
		conversion := store.Conversion{
			Lead: lead, Account: e.value("accountId"), Contact: e.value("contactId"), Status: e.value("convertedStatus"), Owner: e.value("ownerId"),
		}
		if e.value("doNotCreateOpportunity") != "true" {
			values, _ := c.org.Get(c.org.Object("Lead"), lead)
			if conversion.Opportunity = e.value("opportunityName"); conversion.Opportunity == "" {
				conversion.Opportunity = values["Company"]
			}
		}
		var made store.Converted
		var err error
		if conversion.Status == "" {
			err = store.Errors{{Code: "REQUIRED_FIELD_MISSING", Message: "convertedStatus is required"}}
		} else {
			made, err = c.transaction().Convert(conversion)
		}
		if err != nil {
			out += "<result>" + tag("accountId", "") + tag("contactId", "") + soapErrors(err) + "</result>"
			continue
		}
		out += "<result>" + tag("accountId", made.Account) + tag("contactId", made.Contact) + tag("leadId", long(lead)) +
			tag("opportunityId", made.Opportunity) + tag("success", "true") + "</result>"
	}
	return out, nil
}

// soapMerge is merge: up to two records into a third of their object.
func (c *call) soapMerge(in *element) (string, *soapFault) {
	list := in.all("mergeRequests")
	if len(list) == 0 {
		list = in.all("request")
	}
	if len(list) > maxMerges {
		return "", &soapFault{"EXCEEDED_ID_LIMIT", fmt.Sprintf("record limit reached. cannot submit more than %d records into this call", maxMerges)}
	}
	out := ""
	for _, e := range list {
		master := e.child("masterRecord")
		winner := master.value("Id")
		if winner == "" {
			winner = master.value("id")
		}
		var losers []string
		for _, l := range e.all("recordToMergeIds") {
			losers = append(losers, strings.TrimSpace(l.text))
		}
		id, _ := store.ParseID(winner)
		o := c.org.ByPrefix(id.Prefix())
		var err error = store.Errors{{Code: "INVALID_CROSS_REFERENCE_KEY", Message: "invalid cross reference id"}}
		if o != nil && !o.Tooling {
			var keep map[string]string
			if keep, err = c.kept(o, master); err == nil {
				err = c.transaction().Merge(o, winner, losers, keep)
			}
		}
		if err != nil {
			out += "<result>" + soapErrors(err) + "</result>"
			continue
		}
		out += "<result>" + tag("id", id.String())
		for _, l := range losers {
			out += tag("mergedRecordIds", long(l))
		}
		out += tag("success", "true") + "</result>"
	}
	return out, nil
}

// kept is what the surviving record of a merge is to hold, as the call says.
func (c *call) kept(o *store.Object, master *element) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range master.children {
		if strings.EqualFold(e.name, "id") || e.name == "type" {
			continue
		}
		if f := o.Field(e.name); f == nil || !c.org.Visible(c.user, f) {
			return nil, store.Errors{{Code: "INVALID_FIELD", Message: "No such column '" + e.name + "' on sobject of type " + o.Name}}
		}
		out[e.name] = strings.TrimSpace(e.text)
	}
	return out, nil
}

// soapUndelete is undelete, which REST lacks too.
func (c *call) soapUndelete(in *element) (string, *soapFault) {
	return c.soapEach(in, func(o *store.Object, id string) error { return c.transaction().Undelete(o, id) })
}

// soapEmpty is emptyRecycleBin: what lies there is gone for good.
func (c *call) soapEmpty(in *element) (string, *soapFault) {
	return c.soapEach(in, func(o *store.Object, id string) error {
		if _, there := c.org.Get(o, id); there {
			return store.Errors{{Code: "INVALID_ID_FIELD", Message: "entity is not in the recycle bin"}}
		}
		return c.org.Purge(o, id)
	})
}

// soapEach does one thing to each of the ids of a call.
func (c *call) soapEach(in *element, do func(o *store.Object, id string) error) (string, *soapFault) {
	ids := in.all("ids")
	if len(ids) > maxRecords {
		return "", &soapFault{"EXCEEDED_ID_LIMIT", fmt.Sprintf("record limit reached. cannot submit more than %d records into this call", maxRecords)}
	}
	out := ""
	for _, e := range ids {
		sent := strings.TrimSpace(e.text)
		id, valid := store.ParseID(sent)
		o := c.org.ByPrefix(id.Prefix())
		var err error = store.Errors{{Code: "MALFORMED_ID", Message: "malformed id " + sent}}
		if valid && o != nil && !o.Tooling {
			err = do(o, sent)
		}
		if err != nil {
			out += "<result>" + soapErrors(err) + "</result>"
			continue
		}
		out += "<result>" + tag("id", id.String()) + tag("success", "true") + "</result>"
	}
	return out, nil
}

// long is the 18-character form of an id.
func long(id string) string {
	parsed, _ := store.ParseID(id)
	return parsed.String()
}

// soapErrors is the errors of one result.
func soapErrors(err error) string {
	errs, known := err.(store.Errors)
	if !known {
		errs = store.Errors{{Code: "INVALID_OPERATION", Message: err.Error()}}
	}
	out := ""
	for _, e := range errs {
		fields := ""
		for _, f := range e.Fields {
			fields += tag("fields", f)
		}
		out += "<errors>" + fields + tag("message", e.Message) + tag("statusCode", e.Code) + "</errors>"
	}
	return out + tag("success", "false")
}
