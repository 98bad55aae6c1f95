package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"lockstep/internal/crm"
)

// Message is the body of one post.
type Message struct {
	Text   string  `json:"text"` // one line per alert
	Source string  `json:"source"`
	Alerts []Alert `json:"alerts"`
}

// markup is what a chat would take for its own.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (e Endpoint) message(all []Alert) Message {
	m := Message{Source: e.Name, Alerts: all}
	var lines []string
	for _, a := range all {
		line := fmt.Sprintf("%s: %s", e.Name, a.Text)
		if a.State == "raised" && a.RunID != "" {
			line += " (`lockstep health`; run " + a.RunID + ")"
		}
		lines = append(lines, markup.Replace(line))
	}
	m.Text = strings.Join(lines, "\n")
	return m
}

// Post sends one message, and tries again while the endpoint is not there, within Patience. What it says in refusing is
// not repeated: only its status.
func (e Endpoint) Post(ctx context.Context, all []Alert) error {
	body, err := json.Marshal(e.message(all))
	if err != nil {
		return err
	}
	client := e.HTTP
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	ctx, cancel := context.WithTimeout(ctx, or(e.Patience, 5*time.Second))
	defer cancel()
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.Multiplier = or(e.Pause, 500*time.Millisecond), 2
	var last error
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		last = e.once(ctx, client, body)
		return struct{}{}, last
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(or(e.Attempts, 3))))
	if err != nil && last != nil {
		var stop *backoff.PermanentError
		if err = last; errors.As(last, &stop) {
			err = stop.Unwrap()
		}
		return crm.WithHint(fmt.Errorf("the alerts' webhook: %w", err), "check LOCKSTEP_ALERT_URL; what was not taken is told later")
	}
	return err
}

func (e Endpoint) once(ctx context.Context, client *http.Client, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL.Reveal(), bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(errors.New("its address cannot be read"))
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		var u *url.Error // quotes the address, which is the secret
		if errors.As(err, &u) {
			err = u.Err
		}
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10) // so that the connection is used again
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusRequestTimeout || answer.StatusCode >= 500:
		return fmt.Errorf("answered %d", answer.StatusCode)
	}
	return backoff.Permanent(fmt.Errorf("answered %d", answer.StatusCode))
}

func or[T comparable](v, otherwise T) T {
	var none T
	if v == none {
		return otherwise
	}
	return v
}
