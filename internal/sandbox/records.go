package sandbox

import (
	"strconv"
	"strings"
	"time"
)

// How both CRMs write an instant.
const (
	hubspotTime    = "2006-01-02T15:04:05.000Z"
	salesforceTime = "2006-01-02T15:04:05.000+0000" // of whole seconds
)

// contactsRecord is a card in HubSpot's columns; owner is an owner's id or empty.
func contactsRecord(c card, owner string) map[string]string {
	return filled(map[string]string{
		"email": c.email, "firstname": c.first, "lastname": c.last,
		"phone": c.phone, "mobilephone": c.mobile, "jobtitle": c.title, "company": c.company,
		"address": c.street, "city": c.city, "state": c.state, "zip": c.zip, "country": c.country,
		"lifecyclestage": c.lifecycle, "hs_lead_status": c.hsStatus, "hs_analytics_source": c.analytics,
		"hubspot_owner_id": owner,
		"createdate":       c.created.UTC().Format(hubspotTime), "lastmodifieddate": c.modified.UTC().Format(hubspotTime),
	})
}

// leadRecord is a card in the columns of a Salesforce Lead; owner is a User's id.
func leadRecord(c card, owner string) map[string]string {
	return stamped(c, map[string]string{
		"Email": c.email, "FirstName": c.first, "LastName": c.last,
		"Phone": c.phone, "MobilePhone": c.mobile, "Title": c.title, "Company": c.company,
		"Street": c.street, "City": c.city, "State": c.state, "PostalCode": c.zip, "Country": c.country,
		"Status": c.leadStatus, "LeadSource": c.leadSource, "OwnerId": owner,
	})
}

// convertedLeadRecord is a Lead that was made a Contact, whose id is put in when it has one.
func convertedLeadRecord(c card, owner string) map[string]string {
	lead := leadRecord(c, owner)
	lead["Status"] = "Closed - Converted"
	lead["IsConverted"] = "true"
	lead["ConvertedDate"] = c.modified.UTC().Format(time.DateOnly)
	return lead
}

// accountRecord is a person's company in the columns of a Salesforce Account, as old as its first
// Contact.
func accountRecord(p person, owner string) map[string]string {
	return stamped(card{created: p.created, modified: p.modified, touched: p.modified}, map[string]string{
		"Name": p.company, "Website": "https://" + domainOf(p.email), "BillingCity": p.place.city, "BillingCountry": p.country.names[0],
		"OwnerId": owner,
	})
}

// domainOf is what stands behind the @.
func domainOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return domain
}

// contactRecord is a card in the columns of a Salesforce Contact, whose company is its Account and not
// among them.
func contactRecord(c card, owner string) map[string]string {
	return stamped(c, map[string]string{
		"Email": c.email, "FirstName": c.first, "LastName": c.last,
		"Phone": c.phone, "MobilePhone": c.mobile, "Title": c.title,
		"MailingStreet": c.street, "MailingCity": c.city, "MailingState": c.state,
		"MailingPostalCode": c.zip, "MailingCountry": c.country,
		"LeadSource": c.leadSource, "OwnerId": owner,
	})
}

// stamped adds Salesforce's stamps.
func stamped(c card, values map[string]string) map[string]string {
	for column, at := range map[string]time.Time{
		"CreatedDate": c.created, "LastModifiedDate": c.modified, "SystemModstamp": c.touched,
	} {
		values[column] = at.UTC().Truncate(time.Second).Format(salesforceTime)
	}
	return filled(values)
}

// filled drops the blanks, for memory's sake.
func filled(values map[string]string) map[string]string {
	for column, value := range values {
		if value == "" {
			delete(values, column)
		}
	}
	return values
}

// rep is somebody of our own who looks after people: a HubSpot owner, a Salesforce User, or both.
type rep struct {
	first, last         string
	hubspot, salesforce bool // has a seat there
	gone                bool // archived in HubSpot, inactive in Salesforce, still owner of old records
}

// reps are matched by e-mail address. Six are plain, one has left, one is an owner without a User,
// one a User without an owner.
var reps = []rep{
	{"Ann", "Field", true, true, false},
	{"Bo", "Marsh", true, true, false},
	{"Cleo", "Rivers", true, true, false},
	{"Dev", "Stone", true, true, false},
	{"Eve", "Woods", true, true, false},
	{"Finn", "Lake", true, true, false},
	{"Gus", "Former", true, true, true},
	{"Hope", "Marketing", true, false, false},
	{"Ivy", "Sales", false, true, false},
}

// email is a rep's address.
func (p rep) email() string {
	return strings.ToLower(p.first + "." + p.last + "@example.com")
}

// ownerRecord is a rep in the columns of HubSpot's owners.
func (p rep) ownerRecord(number int) map[string]string {
	return map[string]string{
		"email": p.email(), "type": "PERSON", "firstName": p.first, "lastName": p.last,
		"userId": strconv.Itoa(7_000_000 + number), "archived": strconv.FormatBool(p.gone),
	}
}

// userRecord is a rep in the columns of a Salesforce User. The second one's address is in capitals,
// as an administrator types.
func (p rep) userRecord(number int) map[string]string {
	email := p.email()
	if number == 1 {
		email = strings.ToUpper(email)
	}
	return map[string]string{
		"Username": p.email() + ".sandbox", "Email": email, "FirstName": p.first, "LastName": p.last,
		"Alias": strings.ToLower(p.first), "UserType": "Standard", "IsActive": strconv.FormatBool(!p.gone),
	}
}
