package wire

import (
	"context"
	"time"
)

// Token is a session with a CRM.
type Token struct {
	Bearer  Secret
	BaseURL string    // where its calls go; empty: Options.BaseURL
	Expires time.Time // zero: unknown
}

// Auth provides the token of each attempt. Both methods may be called from many goroutines.
type Auth interface {
	// Token returns a token believed good, fetching one if there is none.
	Token(ctx context.Context) (Token, error)

	// Renew returns a token other than refused. When another goroutine has replaced refused
	// already, that replacement is returned and nothing is fetched.
	Renew(ctx context.Context, refused Token) (Token, error)
}

// Static is an Auth that knows one token for ever: a private app's or a service key's. Renew
// returns the same token, so a refusal of it is final.
type Static struct{ Bearer Secret }

// Token returns the token.
func (s Static) Token(context.Context) (Token, error) { return Token{Bearer: s.Bearer}, nil }

// Renew returns the token again.
func (s Static) Renew(context.Context, Token) (Token, error) { return Token{Bearer: s.Bearer}, nil }

// early is how long before its end a token is replaced, so that no call carries one that ends
// on the way.
const early = time.Minute

// Login is an Auth that fetches tokens when needed and shares them.
type Login struct {
	fetch func(context.Context) (Token, error)
	now   func() time.Time
	turn  chan struct{} // holds one element while nobody fetches; guards token
	token Token
}

// NewLogin returns a Login over fetch, which is never called twice at once. A nil now is time.Now.
func NewLogin(fetch func(context.Context) (Token, error), now func() time.Time) *Login {
	if now == nil {
		now = time.Now
	}
	l := &Login{fetch: fetch, now: now, turn: make(chan struct{}, 1)}
	l.turn <- struct{}{}
	return l
}

// Token returns the shared token, fetching one at first and shortly before it ends.
func (l *Login) Token(ctx context.Context) (Token, error) {
	return l.get(ctx, func(t Token) bool {
		return t.Bearer.Reveal() != "" && (t.Expires.IsZero() || l.now().Before(t.Expires.Add(-early)))
	})
}

// Renew fetches a token unless somebody has replaced refused already.
func (l *Login) Renew(ctx context.Context, refused Token) (Token, error) {
	return l.get(ctx, func(t Token) bool {
		return t.Bearer.Reveal() != "" && t.Bearer.Reveal() != refused.Bearer.Reveal()
	})
}

func (l *Login) get(ctx context.Context, good func(Token) bool) (Token, error) {
	select {
	case <-l.turn:
		defer func() { l.turn <- struct{}{} }()
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
	if good(l.token) {
		return l.token, nil
	}
	t, err := l.fetch(ctx)
	if err != nil {
		return Token{}, err
	}
	l.token = t
	return t, nil
}
