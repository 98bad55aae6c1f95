package wire

import (
	"context"
	"net/http"
)

type tokenKey struct{}

// withToken hands a token to the RoundTripper without putting it on the request.
func withToken(ctx context.Context, bearer Secret) context.Context {
	return context.WithValue(ctx, tokenKey{}, bearer)
}

// bearer puts the token on a copy of the request and takes the copy back out of the answer, so a
// token exists only between here and the socket. It also takes the text off what the transport
// says: net/http quotes URLs (with the query) and pieces of broken answers in its errors.
type bearer struct{ next http.RoundTripper }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r
	if token, ok := r.Context().Value(tokenKey{}).(Secret); ok {
		sent = r.Clone(r.Context())
		sent.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	res, err := b.next.RoundTrip(sent)
	if err != nil {
		return nil, faultOf(err)
	}
	res.Request = r
	return res, nil
}
