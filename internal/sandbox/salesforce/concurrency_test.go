package salesforce_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

// Eight clients upsert the same ten keys at once: ten records come of it, each created once.
func TestParallelClients(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	var mu sync.Mutex
	created := map[string]int{}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for n := range 10 {
				key := fmt.Sprint(n)
				r := x.do(http.MethodPatch, "/sobjects/Lead/HubSpot_Id__c/"+key, fmt.Sprintf(`{"LastName":"L%d","Company":"Acme"}`, worker))
				if r.status != 200 && r.status != 201 {
					t.Errorf("upsert: %d %s", r.status, r.text)
				}
				mu.Lock()
				if get(r.json, "created") == true {
					created[key]++
				}
				mu.Unlock()
				x.do(http.MethodGet, "/query?q="+url.QueryEscape("SELECT Id FROM Lead WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id"), "")
			}
		})
	}
	group.Wait()
	for key, n := range created {
		if n != 1 {
			t.Errorf("key %s was created %d times", key, n)
		}
	}
	if n := len(x.All("Lead")); n != 10 || len(created) != 10 {
		t.Errorf("%d records, %d keys created", n, len(created))
	}
}
