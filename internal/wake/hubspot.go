package wake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/crm"
)

// HubSpot's headers ("Validating requests", version 3 of the signature).
const (
	signatureHeader = "X-HubSpot-Signature-v3"
	timestampHeader = "X-HubSpot-Request-Timestamp"
)

// maxAge is how far a request's time may be from ours, either way.
const maxAge = 5 * time.Minute

// hubspot takes webhooks.
func (o Options) hubspot(w http.ResponseWriter, r *http.Request) {
	stamp := r.Header.Get(timestampHeader)
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if age := o.Now().Sub(time.UnixMilli(ms)); err != nil || age > maxAge || age < -maxAge {
		o.refuse(w, http.StatusUnauthorized, timestampHeader+" is missing, or more than five minutes from now")
		return
	}
	body, ok := o.body(w, r)
	if !ok {
		return
	}
	if !o.signed(r.Header.Get(signatureHeader), r.Method, o.URL+r.URL.RequestURI(), body, stamp) {
		o.refuse(w, http.StatusUnauthorized, signatureHeader+" is not this request's by the app's client secret, with wake.url in front of the path")
		return
	}
	events, ok := hubspotEvents(body)
	if !ok {
		o.refuse(w, http.StatusBadRequest, "want HubSpot's list of events")
		return
	}
	o.add(w, events)
}

// decoded are the characters that HubSpot signs as themselves where an address has them encoded.
var decoded = strings.NewReplacer(
	"%3A", ":", "%2F", "/", "%3F", "?", "%40", "@", "%21", "!", "%24", "$", "%27", "'", "%28", "(", "%29", ")", "%2A", "*", "%2C", ",", "%3B", ";",
	"%3a", ":", "%2f", "/", "%3f", "?", "%2a", "*", "%2c", ",", "%3b", ";",
)

// signed compares the signature with the HMAC of method, address, body and time by the app's secret.
func (o Options) signed(signature, method, address string, body []byte, stamp string) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(o.HubSpotSecret.Reveal()))
	mac.Write([]byte(method + decoded.Replace(address)))
	mac.Write(body)
	mac.Write([]byte(stamp))
	return hmac.Equal(given, mac.Sum(nil))
}

// hubspotObjects are the objects by the word that a subscription's type begins with, or by the type id of object.* ones.
var hubspotObjects = map[string]string{
	"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets", "product": "products", "line_item": "line_items",
	"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-5": "tickets", "0-7": "products", "0-8": "line_items",
	"0-27": "tasks", "0-46": "notes", "0-47": "meetings", "0-48": "calls", "0-49": "emails",
}

// hubspotEvents takes the records out of a webhook. An event of an object that is not known by its type wakes without
// naming a record.
func hubspotEvents(body []byte) ([]Named, bool) {
	var in []struct {
		Type     string  `json:"subscriptionType"` // contact.propertyChange, object.creation …
		TypeID   string  `json:"objectTypeId"`
		ID       int64   `json:"objectId"`
		From     int64   `json:"fromObjectId"`    // of an association
		Survivor int64   `json:"newObjectId"`     // of a merge
		Primary  int64   `json:"primaryObjectId"` // of a merge
		Merged   []int64 `json:"mergedObjectIds"`
	}
	if json.Unmarshal(body, &in) != nil || len(in) == 0 {
		return nil, false
	}
	var out []Named
	for _, e := range in {
		kind, _, _ := strings.Cut(e.Type, ".")
		if kind == "object" {
			kind = e.TypeID
		}
		name, known := hubspotObjects[kind]
		n := Named{Object: crm.Object{System: crm.HubSpot, Name: name}}
		for _, id := range append([]int64{e.ID, e.From, e.Survivor, e.Primary}, e.Merged...) {
			if known && id > 0 {
				n.IDs = append(n.IDs, strconv.FormatInt(id, 10))
			}
		}
		out = append(out, n)
	}
	return out, true
}
