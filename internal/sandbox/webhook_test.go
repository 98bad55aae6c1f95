package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A webhook tells of every property that an edit changed, signed as HubSpot's documentation says, and comes
// again when it is not taken.
func TestWebhook(t *testing.T) {
	t.Parallel()
	s, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := make(chan []webhookEvent, 10)
	refused := false
	subscriber := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mac := hmac.New(sha256.New, []byte("app-secret"))
		mac.Write([]byte("POSThttps://sync.example.com/hook" + string(body) + r.Header.Get("X-HubSpot-Request-Timestamp")))
		if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("X-HubSpot-Signature-v3") != want {
			t.Errorf("signature %q, want %q", r.Header.Get("X-HubSpot-Signature-v3"), want)
		}
		if !refused {
			refused = true
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var events []webhookEvent
		if err := json.Unmarshal(body, &events); err != nil {
			t.Error(err)
		}
		got <- events
	}))
	defer subscriber.Close()
	id, err := s.HubSpot.Insert("contacts", map[string]string{"hs_object_id": "101", "email": "ann@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Subscribe(Webhook{URL: subscriber.URL + "/hook", As: "https://sync.example.com/hook", Secret: "app-secret"}); err != nil {
		t.Fatal(err)
	}
	if err := s.HubSpot.Edit("contacts", id, map[string]string{"phone": "+1 555 0100"}); err != nil {
		t.Fatal(err)
	}
	events := <-got
	type told struct {
		Type, Property, Value string
		ID                    int64
		Attempt               int
	}
	var have []told
	for _, e := range events {
		have = append(have, told{e.Type, e.Property, e.Value, e.ObjectID, e.Attempt})
	}
	if d := cmp.Diff([]told{{"contact.propertyChange", "phone", "+1 555 0100", 101, 1}}, have); d != "" {
		t.Error(d)
	}
	if err := s.Subscribe(Webhook{URL: "nowhere", Secret: "x"}); err == nil {
		t.Error("an address without a host was taken")
	}
}
