package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"
)

// fault is a break of the line, told in words chosen here. The error of net/http is not kept: its
// text may quote a URL with a query or a piece of a broken answer.
type fault struct {
	words string
	cause error // context.Canceled, context.DeadlineExceeded or nil
	fatal bool  // trying again cannot help
}

func (f *fault) Error() string { return f.words }
func (f *fault) Unwrap() error { return f.cause }

// faultOf translates an error of the transport or of reading a body.
func faultOf(err error) *fault {
	var (
		known    *fault
		dns      *net.DNSError
		cert     *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		timeout  net.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return &fault{words: "interrupted", cause: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded):
		return &fault{words: "no answer in time", cause: context.DeadlineExceeded}
	case errors.As(err, &dns):
		return &fault{words: "no such host"}
	case errors.As(err, &cert), errors.As(err, &unknown), errors.As(err, &hostname):
		return &fault{words: "its TLS certificate is not trusted", fatal: true}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &fault{words: "connection refused"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &fault{words: "connection reset"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &fault{words: "connection closed in the middle of the answer"}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &fault{words: "no answer in time", cause: context.DeadlineExceeded}
	default:
		return &fault{words: "connection broken"}
	}
}
