package hubspot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// OAuth is an OAuth app installed in the portal. HubSpot's refresh tokens do not expire; a new one that comes
// with an access token is used from then on, for as long as the program runs.
type OAuth struct {
	ClientID     string
	ClientSecret wire.Secret
	RefreshToken wire.Secret
}

// auth chooses between a token that stays and one that is renewed, and lists the secrets to mask.
func (o Options) auth() (wire.Auth, []wire.Secret, error) {
	switch {
	case o.OAuth != nil && o.Token.Reveal() != "":
		return nil, nil, crm.WithHint(errors.New("hubspot has both a token and an OAuth app"), "keep one of the two LOCKSTEP_ settings")
	case o.OAuth != nil:
		a := *o.OAuth
		if a.ClientID == "" || a.ClientSecret.Reveal() == "" || a.RefreshToken.Reveal() == "" {
			return nil, nil, crm.WithHint(errors.New("the OAuth app of hubspot needs a client id, a client secret and a refresh token"),
				"set all three LOCKSTEP_ variables")
		}
		shared := o.wire()
		shared.Secrets = []wire.Secret{a.ClientSecret, a.RefreshToken}
		client, err := wire.New(shared)
		if err != nil {
			return nil, nil, err
		}
		r := &refresher{app: a, path: o.Version.token(), wire: client, now: o.Now}
		return wire.NewLogin(r.fetch, o.Now), shared.Secrets, nil
	case o.Token.Reveal() != "":
		return wire.Static{Bearer: o.Token}, []wire.Secret{o.Token}, nil
	}
	return nil, nil, crm.WithHint(errors.New("hubspot has no token"),
		"set LOCKSTEP_HUBSPOT_TOKEN to the token of a service key or private app")
}

// refresher fetches access tokens; wire.Login calls it when the last one is about to end.
type refresher struct {
	path string
	wire *wire.Client
	now  func() time.Time

	mu  sync.Mutex
	app OAuth // RefreshToken is replaced when HubSpot hands out another
}

// fetch renews the access token. A refresh token that HubSpot does not know, or knows no more, is answered 400
// BAD_REFRESH_TOKEN: Kind credentials, never repeated.
//
// POST /oauth/{version}/token ("OAuth", "Refresh an access token"); everything stands in the body, nothing in
// the address.
func (r *refresher) fetch(ctx context.Context) (wire.Token, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {r.app.ClientID},
		"client_secret": {r.app.ClientSecret.Reveal()}, "refresh_token": {r.app.RefreshToken.Reveal()},
	}
	asked := r.now()
	res, err := r.wire.Do(ctx, wire.Request{
		Method: http.MethodPost, Path: r.path, Endpoint: endpoint(r.path), Idempotent: true,
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded",
	})
	if err != nil {
		return wire.Token{}, fmt.Errorf("hubspot access token: %w", err)
	}
	var answer struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		ExpiresIn    int64  `json:"expires_in"` // seconds; 1,800 today
	}
	if json.Unmarshal(res.Body, &answer) != nil || answer.AccessToken == "" || answer.ExpiresIn <= 0 {
		return wire.Token{}, crm.WithHint(errors.New("hubspot access token: the answer holds none"), "check the host of hubspot in lockstep.yaml")
	}
	if answer.RefreshToken != "" {
		r.app.RefreshToken = wire.NewSecret(answer.RefreshToken)
	}
	return wire.Token{
		Bearer:  wire.NewSecret(answer.AccessToken),
		Expires: asked.Add(time.Duration(answer.ExpiresIn) * time.Second),
	}, nil
}
