package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// fakeCRM keeps records in memory and speaks no protocol: what stands behind the gate when a test
// is not about a CRM's own behaviour.
type fakeCRM struct {
	http.Handler

	mu      sync.Mutex
	objects []string
	order   map[string][]string
	records map[string]map[string]string // by object and id
}

func newFakeCRM(objects ...string) *fakeCRM {
	return &fakeCRM{objects: objects, order: map[string][]string{}, records: map[string]map[string]string{}}
}

func (f *fakeCRM) Insert(object string, values map[string]string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := fmt.Sprintf("%s-%d", object, len(f.order[object])+1)
	f.order[object] = append(f.order[object], id)
	f.records[object+" "+id] = maps.Clone(values)
	return id, nil
}

func (f *fakeCRM) Edit(object, id string, values map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	record, ok := f.records[object+" "+id]
	if !ok {
		return fmt.Errorf("no %s %s", object, id)
	}
	maps.Copy(record, values)
	return nil
}

func (f *fakeCRM) Get(object, id string) (map[string]string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	record, ok := f.records[object+" "+id]
	return maps.Clone(record), ok
}

func (f *fakeCRM) All(object string) []map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []map[string]string
	for _, id := range f.order[object] {
		if record, ok := f.records[object+" "+id]; ok {
			all = append(all, maps.Clone(record))
		}
	}
	return all
}

func (f *fakeCRM) Delete(object, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.records[object+" "+id]; !ok {
		return fmt.Errorf("no %s %s", object, id)
	}
	delete(f.records, object+" "+id)
	return nil
}

func (f *fakeCRM) Objects() []string { return slices.Clone(f.objects) }

// noon is the clock of tests.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// serveFake serves fakes behind real gates until the test ends.
func serveFake(t *testing.T, hubspot, salesforce *fakeCRM) *Sandbox {
	t.Helper()
	s := &Sandbox{Faults: &Faults{seed: 1}, calls: &counter{}, watch: &watcher{}}
	t.Cleanup(s.Close)
	if err := s.listenBoth(t.Context(), hubspot, salesforce, Options{Now: atNoon}); err != nil {
		t.Fatal(err)
	}
	s.serve()
	return s
}
