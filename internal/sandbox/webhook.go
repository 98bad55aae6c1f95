package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"lockstep/internal/crm"
)

// Webhook is an app's subscription to what is made and changed in HubSpot: contacts, companies and deals, every property.
type Webhook struct {
	URL    string // where it is sent
	As     string // the address that is signed, where a proxy stands between; empty: URL
	Secret string // the app's client secret
}

// subscribed are the objects by the word for one of them.
var subscribed = map[string]string{"contacts": "contact", "companies": "company", "deals": "deal"}

// webhookEvents is how many events one request carries at most.
const webhookEvents = 100

// webhookEvent is one event as HubSpot words it.
type webhookEvent struct {
	EventID    int64  `json:"eventId"`
	Portal     int64  `json:"portalId"`
	OccurredAt int64  `json:"occurredAt"`
	Type       string `json:"subscriptionType"`
	Attempt    int    `json:"attemptNumber"`
	ObjectID   int64  `json:"objectId"`
	Property   string `json:"propertyName,omitempty"`
	Value      string `json:"propertyValue,omitempty"`
	Source     string `json:"changeSource"`
}

// webhooks sends events to one subscriber, in their order and one request at a time.
type webhooks struct {
	to  Webhook
	now func() time.Time

	mu      sync.Mutex
	last    int64
	waiting []webhookEvent
	filled  chan struct{} // gets a value when something waits
}

// Subscribe has HubSpot tell w of every create and change from now on, until Close. What is not answered with a success is
// sent again a second later, three times in all.
func (s *Sandbox) Subscribe(w Webhook) error {
	if u, err := url.Parse(w.URL); err != nil || u.Host == "" || w.Secret == "" {
		return crm.WithHint(fmt.Errorf("webhook: %q is no address, or it has no secret", w.URL), "write it as in http://127.0.0.1:8420/wake/hubspot")
	}
	if w.As == "" {
		w.As = w.URL
	}
	h := &webhooks{to: w, now: s.now, filled: make(chan struct{}, 1)}
	for _, object := range slices.Sorted(maps.Keys(subscribed)) {
		if err := s.HubSpot.OnWrite(object, h.saw(object)); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ending = append(s.ending, cancel)
	s.serving.Go(func() { h.send(ctx) })
	return nil
}

// saw notes what a write has changed. It changes nothing itself.
func (h *webhooks) saw(object string) func(before, after map[string]string) map[string]string {
	return func(before, after map[string]string) map[string]string {
		id, err := strconv.ParseInt(after["hs_object_id"], 10, 64)
		if err != nil {
			return nil
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		e := webhookEvent{OccurredAt: h.now().UnixMilli(), ObjectID: id, Source: "CRM_UI"}
		if before == nil {
			h.add(e, subscribed[object]+".creation")
		}
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if name != "lastmodifieddate" && name != "hs_lastmodifieddate" && before[name] != after[name] { // those two cannot be subscribed to
				e.Property, e.Value = name, after[name]
				h.add(e, subscribed[object]+".propertyChange")
			}
		}
		select {
		case h.filled <- struct{}{}:
		default:
		}
		return nil
	}
}

func (h *webhooks) add(e webhookEvent, kind string) {
	h.last++
	e.EventID, e.Type = h.last, kind
	h.waiting = append(h.waiting, e)
}

// send sends what waits until ctx is done.
func (h *webhooks) send(ctx context.Context) {
	for {
		h.mu.Lock()
		batch := slices.Clone(h.waiting[:min(len(h.waiting), webhookEvents)])
		h.waiting = h.waiting[len(batch):]
		h.mu.Unlock()
		if len(batch) == 0 {
			select {
			case <-ctx.Done():
				return
			case <-h.filled:
			}
			continue
		}
		for attempt := range 3 {
			if attempt > 0 && sleep(ctx, time.Second) != nil {
				return
			}
			for i := range batch {
				batch[i].Attempt = attempt
			}
			if h.post(ctx, batch) {
				break
			}
		}
	}
}

// post sends one request, signed as version 3 of the signature says: method, address, body and time.
func (h *webhooks) post(ctx context.Context, batch []webhookEvent) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	body, err := json.Marshal(batch)
	if err != nil {
		return false
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.to.URL, bytes.NewReader(body))
	if err != nil {
		return false
	}
	stamp := strconv.FormatInt(h.now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(h.to.Secret))
	mac.Write([]byte(http.MethodPost + h.to.As + string(body) + stamp))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-HubSpot-Request-Timestamp", stamp)
	r.Header.Set("X-HubSpot-Signature-v3", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode/100 == 2
}
