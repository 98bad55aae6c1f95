// Package sql holds the default project: entities, macros, crosswalks and reports, as a data engineer edits
// them. There is no Go here but the embed.
package sql

import "embed"

// FS is the folder as it ships; `lockstep init` writes it out.
//
//go:embed lib/*.sql crosswalk/*.csv list/*.csv activity campaign_member check company contact contact_role deal event report task
var FS embed.FS
