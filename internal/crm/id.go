package crm

import "strings"

// ID18 is the 18-character form of a Salesforce id, which survives stores that ignore case; people copy the 15-character form
// from addresses and reports, and Salesforce's messages quote it. Anything of another length is returned as it is.
func ID18(id string) string {
	if len(id) != 15 {
		return id
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	out := []byte(id)
	for group := 0; group < 15; group += 5 {
		bits := 0
		for i := range 5 {
			if c := id[group+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		out = append(out, digits[bits])
	}
	return string(out)
}

// Asked is the id of a record as the warehouse has it, of what a person gave: an id of either CRM, Salesforce's in either
// length. Digits and letters alone make an id of Salesforce, digits alone may be HubSpot's; all else stays as it is.
func Asked(text string) string {
	text = strings.TrimSpace(text)
	letters := false
	for _, c := range []byte(text) {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			letters = true
		case c < '0' || c > '9':
			return text
		}
	}
	if !letters {
		return text
	}
	return ID18(text)
}
