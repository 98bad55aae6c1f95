package load_test

import (
	"context"
	"testing"
	"time"

	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	hubspotsandbox "lockstep/internal/sandbox/hubspot"
	"lockstep/internal/wire"
)

// What follows provokes refusals by the simulated portal's own rules, each for one row of the table.

func hubspotClient(t *testing.T, o hubspot.Options) *hubspot.Client {
	t.Helper()
	o.Sleep, o.Attempts = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, 2
	c, err := hubspot.New(o)
	must(t, err)
	return c
}

func listOf(object string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return list(t, c.hubspot, object) }
}

func list(t *testing.T, c *hubspot.Client, object string) heard {
	t.Helper()
	for _, err := range c.List(t.Context(), object, hubspot.ListQuery{}) {
		return told(err)
	}
	return heard{}
}

// setContact updates one contact's property.
func setContact(property, value string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return set(t, c, "contacts", property, value) }
}

func setCompany(property, value string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard { return set(t, c, "companies", property, value) }
}

func set(t *testing.T, c *crms, object, property, value string) heard {
	t.Helper()
	id, err := c.HubSpot.Insert(object, map[string]string{"phone": "0"})
	must(t, err)
	_, err = c.hubspot.BatchUpdate(t.Context(), object, []hubspot.Write{{ID: id, Properties: map[string]string{property: value}}})
	return told(err)
}

func setDate(t *testing.T, c *crms) heard {
	_, err := c.hubspot.CreateProperty(t.Context(), "contacts", hubspot.Property{Name: "since", Label: "Since", Type: "date", FieldType: "date", GroupName: "contactinformation"})
	must(t, err)
	return set(t, c, "contacts", "since", "soon")
}

// twiceOneRecord upserts by two e-mail addresses of one contact. The client itself refuses one value twice.
func twiceOneRecord(t *testing.T, c *crms) heard {
	_, err := c.HubSpot.Insert("contacts", map[string]string{"email": "ann@example.com", "hs_additional_emails": "lee@example.com"})
	must(t, err)
	_, err = c.hubspot.BatchUpsert(t.Context(), "contacts", "email", []hubspot.Write{
		{ID: "ann@example.com", Properties: map[string]string{"phone": "1"}}, {ID: "lee@example.com", Properties: map[string]string{"phone": "2"}},
	})
	return told(err)
}

func upsertBy(property string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		_, err := c.hubspot.BatchUpsert(t.Context(), "contacts", property, []hubspot.Write{{ID: "1", Properties: map[string]string{"firstname": "Ann"}}})
		return told(err)
	}
}

// rowTold is what the first row of a batch was told, in the words of a whole call.
func rowTold(result hubspot.BatchResult, err error) heard {
	if err != nil {
		return told(err)
	}
	if r := result.Outcomes[0].Refusal; r != nil && (r.Missing() || r.Exists()) {
		return heard{wire.Follow, r.Category}
	}
	return heard{}
}

func updateGone(t *testing.T, c *crms) heard {
	return rowTold(c.hubspot.BatchUpdate(t.Context(), "contacts", []hubspot.Write{{ID: "404", Properties: map[string]string{"phone": "1"}}}))
}

func createTaken(t *testing.T, c *crms) heard {
	_, err := c.HubSpot.Insert("contacts", map[string]string{"email": "ann@example.com"})
	must(t, err)
	return rowTold(c.hubspot.BatchCreate(t.Context(), "contacts", "", []hubspot.Write{{Properties: map[string]string{"email": "ann@example.com"}}}))
}

func takenValue(t *testing.T, c *crms) heard {
	c.setup(t, true)
	_, err := c.HubSpot.Insert("contacts", map[string]string{"salesforce_id": "003Sx0000000001AAA"})
	must(t, err)
	return set(t, c, "contacts", "salesforce_id", "003Sx0000000001AAA")
}

func propertyTwice(t *testing.T, c *crms) (got heard) {
	for range 2 {
		_, err := c.hubspot.CreateProperty(t.Context(), "contacts", hubspot.Property{Name: "key", Label: "Key", Type: "string", FieldType: "text", GroupName: "contactinformation"})
		got = told(err)
	}
	return got
}

// limited asks a portal of such limits until one is reached.
func limited(limits hubspotsandbox.Limits, search bool) func(*testing.T, *crms) heard {
	return func(t *testing.T, _ *crms) heard {
		noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) // the sandbox's clock stands
		box, err := sandbox.Start(t.Context(), sandbox.Options{Now: func() time.Time { return noon }, Portal: hubspotsandbox.Options{Limits: limits}})
		must(t, err)
		t.Cleanup(box.Close)
		client := hubspotClient(t, hubspot.Options{BaseURL: box.HubSpotURL, Token: wire.NewSecret("pat-na1-sandbox")})
		for range 3 {
			got := list(t, client, "contacts")
			if search {
				_, err := client.Search(t.Context(), "contacts", hubspot.Query{})
				got = told(err)
			}
			if got.kind != "" {
				return got
			}
		}
		return heard{}
	}
}

func withToken(token string) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		return list(t, hubspotClient(t, hubspot.Options{BaseURL: c.HubSpotURL, Token: wire.NewSecret(token)}), "contacts")
	}
}

func unscoped(t *testing.T, _ *crms) heard {
	box, err := sandbox.Start(t.Context(), sandbox.Options{Portal: hubspotsandbox.Options{
		Tokens: []hubspotsandbox.Token{{Value: "pat-na1-sandbox", Scopes: []string{"crm.objects.owners.read"}}},
	}})
	must(t, err)
	t.Cleanup(box.Close)
	return list(t, hubspotClient(t, hubspot.Options{BaseURL: box.HubSpotURL, Token: wire.NewSecret("pat-na1-sandbox")}), "contacts")
}

func refreshed(app hubspot.OAuth) func(*testing.T, *crms) heard {
	return func(t *testing.T, c *crms) heard {
		return list(t, hubspotClient(t, hubspot.Options{BaseURL: c.HubSpotURL, OAuth: &app}), "contacts")
	}
}
