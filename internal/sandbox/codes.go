package sandbox

import (
	"fmt"
	"strings"

	"lockstep/internal/crm"
)

// Codes lists every code a fault can name, one line per CRM and status, as faults_doc.go has it.
func Codes() string {
	var b strings.Builder
	line := func(system crm.System, kind string, codes []string) {
		text := fmt.Sprintf("%s %s:", system, kind)
		for _, code := range codes {
			if at := strings.LastIndex(text, "\n") + 1; len(text)-at+len(code) > 100 {
				text += "\n   "
			}
			text += " " + code
		}
		b.WriteString(text + "\n")
	}
	for _, system := range crm.Systems {
		for _, kind := range statuses() {
			var codes []string
			for _, a := range answers[system][kind] {
				codes = append(codes, a.code)
			}
			if codes != nil {
				line(system, string(kind), codes)
			}
		}
		line(system, "rows", rowCodes(system))
	}
	return b.String()
}
