package hubspot_test

import (
	"fmt"
	"sync"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

// TestParallelClients has clients create, upsert, search and list at once: no address may be taken twice, none be lost.
func TestParallelClients(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.unique("ext_id")
	const clients, rounds = 4, 12
	created := make([]int, clients)
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			for i := range rounds {
				if w.call("POST", contacts, m{"properties": m{"email": fmt.Sprintf("p%d@example.com", i)}}).status == 201 {
					created[n]++
				}
				w.call("POST", contacts+"/batch/upsert", inputs(m{"id": fmt.Sprint(i), "idProperty": "ext_id", "properties": m{"phone": fmt.Sprint(n)}}))
				w.call("POST", search, m{"sorts": list{"-lastmodifieddate"}})
				w.call("GET", contacts+"?limit=100", nil)
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range created {
		sum += n
	}
	if n := len(w.All("contacts")); sum != rounds || n != 2*rounds {
		t.Errorf("%d creates succeeded, %d contacts; want %d and %d", sum, n, rounds, 2*rounds)
	}
}
