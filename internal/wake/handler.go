package wake

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/salesforce"
	"lockstep/internal/wire"
)

// The paths that Handler serves.
const (
	Path        = "/wake"
	HubSpotPath = "/wake/hubspot"
)

// maxBody is the most that one request may carry, in bytes: HubSpot sends up to 100 events, some 50 kB.
const maxBody = 1 << 20

// Options say who may wake.
type Options struct {
	Token         wire.Secret // what POST /wake has to bear; empty: nobody may
	HubSpotSecret wire.Secret // of the app whose webhooks come to /wake/hubspot; empty: none do
	URL           string      // https://host under which HubSpot reaches this server, as it is signed: nothing behind a proxy knows it
	Now           func() time.Time
	Add           func(...Named) // Collector.Add
	Log           zerolog.Logger
}

// Handler serves Path and HubSpotPath. A request either proves who sends it and is answered 202, or does nothing: 401
// without a right token, signature or time, 413 if it is too long, 400 if it names no records, 404 on a path that is not
// set up. It asks for nothing that a browser sends by itself, so it needs neither a check of the host nor of the origin.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	if o.Token.Reveal() != "" {
		mux.HandleFunc("POST "+Path, o.named)
	}
	if o.HubSpotSecret.Reveal() != "" {
		mux.HandleFunc("POST "+HubSpotPath, o.hubspot)
	}
	return mux
}

// named takes events in our own words.
func (o Options) named(w http.ResponseWriter, r *http.Request) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !same([]byte(token), []byte(o.Token.Reveal())) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		o.refuse(w, http.StatusUnauthorized, "the bearer token is not that of LOCKSTEP_WAKE_TOKEN")
		return
	}
	body, ok := o.body(w, r)
	if !ok {
		return
	}
	events, err := parse(body)
	if err != nil {
		o.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	o.add(w, events)
}

// parse reads {"system": "salesforce", "object": "Contact", "ids": ["003…"]}, or a list of such.
func parse(body []byte) ([]Named, error) {
	var in []struct {
		System crm.System `json:"system"`
		Object string     `json:"object"`
		IDs    []string   `json:"ids"`
	}
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '{' {
		body = fmt.Appendf(nil, "[%s]", body)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || d.More() || len(in) == 0 {
		return nil, errors.New(`want {"system": "salesforce", "object": "Contact", "ids": ["…"]} or a list of such, with no other keys`)
	}
	var out []Named
	for _, e := range in {
		if e.System != crm.HubSpot && e.System != crm.Salesforce || !word(e.Object) {
			return nil, errors.New("want system hubspot or salesforce, and object as its API spells it")
		}
		n := Named{Object: crm.Object{System: e.System, Name: e.Object}}
		for _, id := range e.IDs {
			id, ok := recordID(e.System, id)
			if !ok {
				return nil, fmt.Errorf("an id is none of %s's", e.System)
			}
			n.IDs = append(n.IDs, id)
		}
		out = append(out, n)
	}
	return out, nil
}

// recordID is an id in the form a mirror has it; false for what cannot be one.
func recordID(s crm.System, id string) (string, bool) {
	letters := func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' }
	if s == crm.HubSpot {
		return id, id != "" && len(id) <= 19 && strings.Trim(id, "0123456789") == ""
	}
	if len(id) != 15 && len(id) != 18 || strings.ContainsFunc(id, letters) {
		return "", false
	}
	whole := salesforce.ID18(id[:15])
	return whole, len(id) == 15 || strings.EqualFold(whole[15:], id[15:])
}

// word says whether s may be an object's name.
func word(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z')
	})
}

// body reads what was sent; false when it is answered already.
func (o Options) body(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		o.refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a request may have %d bytes", maxBody))
		return nil, false
	}
	if err != nil {
		o.refuse(w, http.StatusBadRequest, "the request broke off")
		return nil, false
	}
	return body, true
}

func (o Options) add(w http.ResponseWriter, events []Named) {
	o.Add(events...)
	w.WriteHeader(http.StatusAccepted)
}

// refuse answers, and logs no word of the sender's.
func (o Options) refuse(w http.ResponseWriter, status int, why string) {
	o.Log.Warn().Int("status", status).Str("reason", why).Msg("a request to wake was refused")
	http.Error(w, why, status)
}

// same compares in a time that tells neither content nor length.
func same(a, b []byte) bool {
	x, y := sha256.Sum256(a), sha256.Sum256(b)
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
