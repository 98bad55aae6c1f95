package crm

import "regexp"

// address is what looks like an e-mail address: rather one too many than one too few.
var address = regexp.MustCompile(`[A-Za-z0-9._%+'-]+(@|%40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)

// Mask takes e-mail addresses out of a text that leaves for a log or another machine.
func Mask(text string) string { return address.ReplaceAllString(text, "[e-mail]") }
