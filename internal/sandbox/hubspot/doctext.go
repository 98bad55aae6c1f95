package hubspot

import _ "embed"

// Doc is the source of doc.go: what is and what is not simulated is said there, and told by
// `lockstep sandbox --help` from here.
//
//go:embed doc.go
var Doc string
