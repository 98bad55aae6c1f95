package sandbox

import (
	"bytes"
	"encoding/json"
	"time"
)

// twist changes what HubSpot answered into a form that other portals and other days have shown. What is no
// JSON object stays.
func (h *heldAnswer) twist(kind Kind, now time.Time) {
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(h.body.Bytes()))
	d.UseNumber()
	if d.Decode(&body) != nil {
		return
	}
	switch kind {
	case Pending:
		if body["status"] != "COMPLETE" {
			return // no batch, or one that was refused
		}
		body = map[string]any{"status": "PENDING", "results": []any{}, "requestedAt": now.UTC().Format("2006-01-02T15:04:05.000Z")}
	case TextErrors:
		list, _ := body["errors"].([]any)
		for i, one := range list {
			if e, is := one.(map[string]any); is {
				list[i] = e["message"]
			}
		}
	case NoCategory:
		delete(body, "category")
		list, _ := body["errors"].([]any)
		for _, one := range list {
			if e, is := one.(map[string]any); is {
				delete(e, "category")
			}
		}
	}
	h.body.Reset()
	e := json.NewEncoder(&h.body)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		panic(err) // decoded a moment ago
	}
	h.header.Del("Content-Length")
}
