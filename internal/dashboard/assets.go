package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets/*
var assetFiles embed.FS

// version is of the assets: another one is another address, so a browser may keep what it has for ever.
var version = func() string {
	h := sha256.New()
	names, err := fs.Glob(assetFiles, "assets/*")
	if err != nil {
		panic(err) // a pattern of ours
	}
	for _, name := range names {
		text, err := assetFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}()

// asset is the address of a file of assets/.
func asset(name string) string { return "/assets/" + version + "/" + name }

// assets serves assets/ by exact name; there are no folders to walk.
func (s *Server) assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		text, err := assetFiles.ReadFile("assets/" + name)
		if err != nil || r.PathValue("version") != version {
			s.fail(w, r, errNotFound)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
	})
}
