package hubspot_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

// kinds are HubSpot's own objects with the least a create needs; nil: the API makes none.
var kinds = []struct {
	id, plural, singular string
	least                m
	shown                string // what a read shows when it names no properties, beside the stamps and the id
}{
	{"0-1", "contacts", "contact", m{"email": "ann@example.com"}, "email firstname lastname"},
	{"0-2", "companies", "company", m{"domain": "example.com"}, "domain name"},
	{"0-3", "deals", "deal", m{"dealname": "Ten seats", "dealstage": "qualifiedtobuy", "pipeline": "default"}, "amount closedate dealname dealstage pipeline"},
	{"0-5", "tickets", "ticket", m{"subject": "Help", "hs_pipeline": "0", "hs_pipeline_stage": "1"}, "content hs_pipeline hs_pipeline_stage hs_ticket_category hs_ticket_priority subject"},
	{"0-7", "products", "product", m{"name": "Seat"}, "description name price"},
	{"0-8", "line_items", "line_item", m{"name": "Seat"}, "amount hs_product_id quantity"},
	{"0-14", "quotes", "quote", m{"hs_title": "Offer", "hs_expiration_date": "2027-01-01T00:00:00Z"}, "hs_expiration_date hs_quote_amount hs_status hs_title"},
	{"0-18", "communications", "communication", m{"hs_timestamp": 1, "hs_communication_channel_type": "SMS"}, ""},
	{"0-19", "feedback_submissions", "feedback_submission", nil, ""},
	{"0-27", "tasks", "task", m{"hs_timestamp": 1}, ""},
	{"0-46", "notes", "note", m{"hs_timestamp": 1}, ""},
	{"0-47", "meetings", "meeting", m{"hs_timestamp": 1}, ""},
	{"0-48", "calls", "call", m{"hs_timestamp": 1}, ""},
	{"0-49", "emails", "email", m{"hs_timestamp": 1, "hs_email_direction": "EMAIL"}, ""},
	{"0-53", "invoices", "invoice", m{"hs_currency": "USD"}, ""},
	{"0-54", "marketing_events", "marketing_event", m{"hs_event_name": "Fair"}, ""},
	{"0-69", "subscriptions", "subscription", nil, ""},
	{"0-74", "goals", "goal", m{"hs_goal_name": "More"}, ""},
	{"0-101", "payments", "payment", m{"hs_initial_amount": 5, "hs_initiated_date": 1}, ""},
	{"0-115", "users", "user", nil, ""},
	{"0-116", "postal_mail", "postal_mail", m{"hs_timestamp": 1}, ""},
	{"0-123", "orders", "order", m{"hs_order_name": "One"}, ""},
	{"0-136", "leads", "lead", m{"hs_lead_name": "Ann"}, ""},
	{"0-142", "carts", "cart", m{"hs_cart_name": "One"}, ""},
	{"0-162", "services", "service", m{"hs_name": "One"}, ""},
	{"0-410", "courses", "course", m{"hs_course_name": "One"}, ""},
	{"0-420", "listings", "listing", m{"hs_name": "One"}, ""},
	{"0-421", "appointments", "appointment", m{"hs_appointment_start": 1}, ""},
	{"0-970", "projects", "project", m{"hs_name": "One"}, ""},
}

func TestEveryObject(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.plural, func(t *testing.T) {
			t.Parallel()
			w := start(t, hubspot.Options{})
			path := "/crm/v3/objects/"
			if k.least == nil {
				w.call("POST", path+k.plural, m{"properties": m{}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
				return
			}
			body := m{"properties": k.least}
			if k.plural == "leads" {
				ann := w.create(m{"email": "ann@example.com"})
				body["associations"] = list{m{"to": m{"id": ann}, "types": list{m{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}}}}
			}
			r := w.call("POST", path+k.plural, body)
			r.want(t, 201, nil)
			id := r.at("id").(string)
			shown := strings.Fields("hs_object_id " + k.shown)
			switch {
			case k.plural == "contacts":
				shown = append(shown, "createdate", "lastmodifieddate")
			case strings.Contains("companies deals tickets leads products line_items", k.plural):
				shown = append(shown, "createdate", "hs_lastmodifieddate")
			default:
				shown = append(shown, "hs_createdate", "hs_lastmodifieddate")
			}
			for _, name := range []string{k.plural, k.singular, strings.ToUpper(k.singular), k.id} {
				r := w.call("GET", path+name+"/"+id, nil)
				r.want(t, 200, m{"id": id, "url": "https://app.hubspot.com/contacts/12345678/record/" + k.id + "/" + id})
				got := map[string]bool{}
				for p := range r.at("properties").(m) {
					got[p] = true
				}
				want := map[string]bool{}
				for _, p := range shown {
					want[p] = true
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			w.call("POST", path+k.plural+"/search", m{"limit": 1}).want(t, 200, m{"total": 1, "results.0.id": id})
			w.call("DELETE", path+k.plural+"/"+id, nil).want(t, 204, nil)
			w.call("GET", path+k.plural+"?archived=true", nil).want(t, 200, m{"results.0.id": id})
		})
	}
}

func TestRequiredToCreate(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	tests := []struct {
		object  string
		sent    m
		missing list
	}{
		{"companies", m{"city": "Bern"}, list{"name", "domain"}},
		{"deals", m{"amount": 1}, list{"dealname", "dealstage"}},
		{"deals", m{"dealname": "x", "dealstage": ""}, list{"dealstage"}},
		{"tickets", m{}, list{"subject", "hs_pipeline_stage"}},
		{"leads", m{}, list{"hs_lead_name"}},
		{"notes", m{"hs_note_body": "x"}, list{"hs_timestamp"}},
		{"emails", m{"hs_timestamp": 1}, list{"hs_email_direction"}},
		{"communications", m{"hs_timestamp": 1}, list{"hs_communication_channel_type"}},
	}
	for _, tt := range tests {
		r := w.call("POST", "/crm/v3/objects/"+tt.object, m{"properties": tt.sent})
		r.want(t, 400, m{"category": "VALIDATION_ERROR", "context.properties": tt.missing})
	}
	w.call("POST", "/crm/v3/objects/deals", m{"properties": m{}}).want(t, 400, m{"message": "Error creating DEAL. Some required properties were not set."})
}

func TestScopesOfObjects(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{{Value: hubspot.DefaultToken, Scopes: []string{"crm.objects.contacts.read", "crm.objects.deals.read"}}}})
	tests := []struct {
		method, path string
		wanted       list // nil: may
	}{
		{"GET", "/crm/v3/objects/notes", nil},
		{"GET", "/crm/v3/objects/deals", nil},
		{"POST", "/crm/v3/objects/notes", list{"crm.objects.contacts.write"}},
		{"GET", "/crm/v3/objects/tickets", list{"tickets"}},
		{"POST", "/crm/v3/properties/tickets", list{"tickets"}},
		{"GET", "/crm/v3/objects/line_items", list{"crm.objects.line_items.read"}},
		{"POST", "/crm/v3/properties/deals", list{"crm.schemas.deals.write"}},
	}
	for _, tt := range tests {
		r := w.call(tt.method, tt.path, nil)
		if tt.wanted == nil {
			r.want(t, 200, nil)
			continue
		}
		r.want(t, 403, m{"category": "MISSING_SCOPES", "errors.0.context.requiredGranularScopes": tt.wanted})
	}
}

// TestUnusedObjectsAreCheap: what nobody asks for must not cost memory.
func TestUnusedObjectsAreCheap(t *testing.T) {
	hubspot.New(hubspot.Options{}) // what is read once per process
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := hubspot.New(hubspot.Options{})
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(s)
	if n := after.TotalAlloc - before.TotalAlloc; n > 64<<10 {
		t.Errorf("an empty portal costs %d bytes", n)
	}
}
