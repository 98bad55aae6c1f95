package salesforce

import (
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxBody is the largest body taken, in bytes, sent and unpacked: a Bulk upload of 150 MB in base64.
const maxBody = 150 << 20

// readBody reads a request's body and unpacks it: the API takes gzip and deflate.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var in io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	var err error
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); {
	case r.ContentLength == 0 || encoding == "" || encoding == "identity":
	case encoding == "gzip":
		in, err = gzip.NewReader(in)
	case encoding == "deflate":
		in, err = zlib.NewReader(in)
	default:
		err = fmt.Errorf("Content-Encoding %s is not supported", encoding)
	}
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(in, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("the body unpacks to more than %d bytes", maxBody)
	}
	return body, err
}
