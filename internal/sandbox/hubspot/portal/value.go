package portal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxText is how many characters a text property holds.
const maxText = 65_536

var (
	emailShape  = regexp.MustCompile(`^[^\s@"(),:;<>\[\]\\]+@([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]{2,}$`)
	numberShape = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)$`)
)

// canonical turns a value as sent into the value as stored, or says why it is refused.
// before is the value stored now; it matters for sets that are added to. An empty value clears.
func (o *Object) canonical(p *Property, sent, before string) (string, *Problem) {
	refuse := func(code, format string, args ...any) (string, *Problem) {
		return "", &Problem{Code: code, Name: p.Name, Message: fmt.Sprintf(format, args...)}
	}
	if sent == "" {
		return "", nil
	}
	switch p.Type {
	case "number":
		if !numberShape.MatchString(sent) {
			return refuse("INVALID_INTEGER", "%s was not a valid number.", sent)
		}
		if p.RefersTo == "COMPANY" && !o.portal.isCompany(sent) {
			return refuse("INVALID_OPTION", "%s was not one of the allowed options: it is no company", sent)
		}
		return plainNumber(sent), nil
	case "bool":
		if sent != "true" && sent != "false" {
			return refuse("INVALID_OPTION", "%s was not one of the allowed options: [true, false]", sent)
		}
		return sent, nil
	case "date":
		v, ok := parseDate(sent)
		if !ok {
			return refuse("INVALID_DATE", "%s was not a valid date.", sent)
		}
		return v, nil
	case "datetime":
		ms, ok := ParseInstant(sent)
		if !ok {
			return refuse("INVALID_LONG", "%s was not a valid long. Portal %d, object type %s", sent, o.portal.ID, o.TypeID)
		}
		return Instant(ms), nil
	case "enumeration":
		return o.enumerated(p, sent, before)
	}
	if utf8.RuneCountInString(sent) > maxText {
		return refuse("INVALID_STRING_LENGTH", "Property value is too long. Max length %d characters.", maxText)
	}
	if o.isEmail(p) {
		v := strings.ToLower(strings.TrimSpace(sent))
		if !emailShape.MatchString(v) {
			return refuse("INVALID_EMAIL", "Email address %s is invalid", sent)
		}
		if o.portal.blocked[v] && v != before {
			return refuse("INVALID_EMAIL", "Email address %s was deleted for privacy and cannot be used", sent)
		}
		return v, nil
	}
	if o.Plural == "companies" && p.Name == "domain" && !o.portal.Rules.RawDomain {
		return bareHost(sent), nil
	}
	return sent, nil
}

// bareHost takes the host out of what is sent as a domain, without www.
func bareHost(sent string) string {
	host := strings.ToLower(strings.TrimSpace(sent))
	if _, after, found := strings.Cut(host, "://"); found {
		host = after
	}
	if i := strings.IndexAny(host, "/?#:"); i >= 0 {
		host = host[:i]
	}
	return strings.TrimPrefix(host, "www.")
}

// enumerated checks options: by exact value, owners against the owners. A set may start with a semicolon to be added to.
func (o *Object) enumerated(p *Property, sent, before string) (string, *Problem) {
	values := []string{sent}
	if p.Multi() {
		if strings.HasPrefix(sent, ";") {
			sent = before + sent
		}
		values = values[:0]
		seen := map[string]bool{}
		for v := range strings.SplitSeq(sent, ";") {
			if v != "" && !seen[v] {
				seen[v] = true
				values = append(values, v)
			}
		}
	}
	for _, v := range values {
		if !o.allows(p, v) {
			return "", &Problem{
				Code: "INVALID_OPTION", Name: p.Name,
				Message: fmt.Sprintf("%s was not one of the allowed options: [%s]", v, optionList(p)),
			}
		}
	}
	return strings.Join(values, ";"), nil
}

func (o *Object) allows(p *Property, value string) bool {
	if p.RefersTo == "OWNER" {
		owner, ok := o.portal.Owner(value)
		return ok && !owner.Archived
	}
	if p.External && len(p.Choices()) == 0 {
		return true // the values live elsewhere: teams, pipelines
	}
	_, ok := p.option(value)
	return ok
}

func optionList(p *Property) string {
	var values []string
	for _, o := range p.Choices() {
		values = append(values, o.Value)
	}
	return strings.Join(values, ", ")
}

// plainNumber drops what a number does not need: a plus, leading zeros, zeros and a point at the end.
func plainNumber(s string) string {
	s = strings.TrimPrefix(s, "+")
	s, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(s, ".")
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if negative && whole != "0" {
		return "-" + whole
	}
	return whole
}

// parseDate reads YYYY-MM-DD or milliseconds at midnight UTC.
func parseDate(s string) (string, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Format(time.DateOnly), true
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || ms%(24*60*60*1000) != 0 {
		return "", false
	}
	return time.UnixMilli(ms).UTC().Format(time.DateOnly), true
}

// ParseInstant reads ISO 8601 with a zone, or milliseconds; the answer is in Unix milliseconds.
func ParseInstant(s string) (int64, bool) {
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return ms, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
