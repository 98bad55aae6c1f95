package salesforce

import "strings"

// FormatPhones is a flow for Automate that writes phone numbers of the columns named as the user interface does for
// North America: ten digits, or eleven beginning with 1, become (555) 555-0100. Any other number stays as it is.
func FormatPhones(columns ...string) func(before, after map[string]string) map[string]string {
	return func(_, after map[string]string) map[string]string {
		changes := map[string]string{}
		for _, column := range columns {
			if formatted := formatPhone(after[column]); formatted != after[column] {
				changes[column] = formatted
			}
		}
		return changes
	}
}

func formatPhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if strings.Trim(s, "+0123456789 ()-.") != "" { // an extension, a word
		return s
	}
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 10 || strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "+1") {
		return s
	}
	return "(" + digits[:3] + ") " + digits[3:6] + "-" + digits[6:]
}
