package salesforce

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"unicode/utf8"
)

// maxMultipart is the longest CSV that may come along with its job, in characters.
const maxMultipart = 100_000

// multipartIngest is POST /jobs/ingest as multipart/form-data: the parts "job", JSON, and "content", CSV. The job
// comes back closed, its upload taken.
func (c *call) multipartIngest(boundary string) answer {
	bad := func(format string, args ...any) answer {
		return failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : "+format, args...)
	}
	parts := map[string][]byte{}
	r := multipart.NewReader(bytes.NewReader(c.body), boundary)
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return bad("The multipart body could not be read")
		}
		b, err := io.ReadAll(p)
		if _, twice := parts[p.FormName()]; err != nil || twice {
			return bad("The multipart body could not be read")
		}
		wanted, known := map[string]string{"job": "application/json", "content": "text/csv"}[p.FormName()]
		if kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); !known || kind != wanted {
			return bad("Unexpected part %s of type %s", p.FormName(), p.Header.Get("Content-Type"))
		}
		parts[p.FormName()] = b
	}
	if parts["job"] == nil || parts["content"] == nil {
		return bad("A multipart job needs the parts job and content")
	}
	if utf8.RuneCount(parts["content"]) > maxMultipart {
		return bad("The content of a multipart job is limited to %d characters", maxMultipart)
	}
	c.header = c.header.Clone()
	c.header.Set("Content-Type", "application/json")
	c.body = parts["job"]
	j, a, fine := c.newIngest()
	if !fine {
		return a
	}
	j.data, j.ordered, j.state = parts["content"], c.ordered, "UploadComplete"
	return ok(j.info(c, false))
}

// boundary is that of a multipart request; "" for any other.
func (c *call) boundary() string {
	kind, params, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return ""
	}
	return params["boundary"]
}
