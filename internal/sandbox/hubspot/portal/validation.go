package portal

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validation is a rule that an admin set for the values of a property.
type Validation struct {
	Rule      string
	Arguments []string
	Normalize bool // bring a value into form where that is possible, in place of refusing it
}

// validator is one kind of rule: for which properties, with which arguments, and what it says of a value.
// holds returns the value, in form where the rule can normalise it, and whether it obeys.
type validator struct {
	types  []string // property types, or type/fieldType
	check  func(arguments []string) bool
	holds  func(v Validation, value string, now time.Time) (string, bool)
	phrase string // what the value breaks, for %s the arguments
}

var (
	freeText = []string{"string/text", "string/textarea"}
	allText  = []string{"string/text", "string/textarea", "string/phonenumber"}
	lineText = []string{"string/text"}
)

// validators are HubSpot's kinds of rules by name, as its property validations guide lists them.
var validators = map[string]validator{
	"ALPHANUMERIC": {freeText, oneOf("ALPHANUMERIC", "ALPHA_ONLY", "NUMERIC_ONLY"), each(func(v Validation, r rune) bool {
		digit, letter := unicode.IsDigit(r), unicode.IsLetter(r)
		switch v.Arguments[0] {
		case "ALPHA_ONLY":
			return letter
		case "NUMERIC_ONLY":
			return digit
		}
		return letter || digit
	}), "must consist of %s characters"},
	"SPECIAL_CHARACTERS": {freeText, oneOf("NOT_ALLOWED"), each(func(_ Validation, r rune) bool {
		return unicode.IsDigit(r) || unicode.IsLetter(r) || unicode.IsSpace(r)
	}), "must not have special characters"},
	"FORMAT": {freeText, oneOf("CAPITALIZATION", "UPPER", "LOWER"), inCase, "must be in the format %s"},
	"WHITESPACE": {lineText, func(a []string) bool { return len(a) == 0 || oneOf("ALL", "TRIM")(a) }, func(v Validation, value string, _ time.Time) (string, bool) {
		trimmed := strings.TrimSpace(value)
		if len(v.Arguments) == 0 || v.Arguments[0] == "ALL" {
			trimmed = strings.Join(strings.Fields(value), "")
		}
		return inForm(v, value, trimmed)
	}, "has whitespace that is not allowed"},
	"MAX_LENGTH": {allText, whole(1, 10_000), func(v Validation, value string, _ time.Time) (string, bool) {
		return value, utf8.RuneCountInString(value) <= atoi(v.Arguments[0])
	}, "must have at most %s characters"},
	"MIN_LENGTH": {allText, whole(1, maxText), func(v Validation, value string, _ time.Time) (string, bool) {
		return value, utf8.RuneCountInString(value) >= atoi(v.Arguments[0])
	}, "must have at least %s characters"},
	"REGEX": {freeText, func(a []string) bool {
		if len(a) == 0 || len(a) > 2 {
			return false
		}
		_, err := regexp.Compile(a[0])
		return err == nil
	}, func(v Validation, value string, _ time.Time) (string, bool) {
		return value, regexp.MustCompile(v.Arguments[0]).MatchString(value)
	}, "must match %s"},
	"EMAIL": {lineText, none, func(_ Validation, value string, _ time.Time) (string, bool) {
		_, err := mail.ParseAddress(value)
		return value, err == nil
	}, "must be an email address"},
	"EMAIL_ALLOWED_DOMAINS": {lineText, domains, domainOf(emailDomain, true), "must be of one of the domains %s"},
	"EMAIL_BLOCKED_DOMAINS": {lineText, domains, domainOf(emailDomain, false), "must not be of the domains %s"},
	"DOMAIN": {lineText, none, func(_ Validation, value string, _ time.Time) (string, bool) {
		return value, hostShape.MatchString(strings.ToLower(value))
	}, "must be a domain"},
	"URL": {lineText, none, func(_ Validation, value string, _ time.Time) (string, bool) {
		return value, urlHost(value) != ""
	}, "must be a URL"},
	"URL_ALLOWED_DOMAINS": {lineText, domains, domainOf(urlHost, true), "must be of one of the domains %s"},
	"URL_BLOCKED_DOMAINS": {lineText, domains, domainOf(urlHost, false), "must not be of the domains %s"},
	"PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE": {[]string{"string/phonenumber"}, func(a []string) bool { return len(a) == 0 || len(a) == 1 && len(a[0]) == 2 },
		func(_ Validation, value string, _ time.Time) (string, bool) {
			return value, explicitPhone.MatchString(value)
		}, "must be a phone number with a country code"},
	"MIN_NUMBER": {[]string{"number"}, aNumber, func(v Validation, value string, _ time.Time) (string, bool) {
		return value, atof(value) >= atof(v.Arguments[0])
	}, "must be at least %s"},
	"MAX_NUMBER": {[]string{"number"}, aNumber, func(v Validation, value string, _ time.Time) (string, bool) {
		return value, atof(value) <= atof(v.Arguments[0])
	}, "must be at most %s"},
	"DECIMAL": {[]string{"number"}, whole(0, 20), func(v Validation, value string, _ time.Time) (string, bool) {
		_, fraction, _ := strings.Cut(value, ".")
		return value, len(fraction) <= atoi(v.Arguments[0])
	}, "must have at most %s decimal places"},
	"START_DATE":               {[]string{"date"}, whole(0, 1<<53), bound(false), "must not be before %s"},
	"START_DATETIME":           {[]string{"datetime"}, whole(0, 1<<53), bound(false), "must not be before %s"},
	"END_DATE":                 {[]string{"date"}, whole(0, 1<<53), bound(true), "must not be after %s"},
	"END_DATETIME":             {[]string{"datetime"}, whole(0, 1<<53), bound(true), "must not be after %s"},
	"AFTER_DURATION":           {[]string{"date"}, aPeriod, beyond(+1), "must be %s after today"},
	"AFTER_DATETIME_DURATION":  {[]string{"datetime"}, aPeriod, beyond(+1), "must be %s after now"},
	"BEFORE_DURATION":          {[]string{"date"}, aPeriod, beyond(-1), "must be %s before today"},
	"BEFORE_DATETIME_DURATION": {[]string{"datetime"}, aPeriod, beyond(-1), "must be %s before now"},
	"DAYS_OF_WEEK": {[]string{"date", "datetime"}, func(a []string) bool {
		return len(a) >= 1 && len(a) <= 7 && !slices.ContainsFunc(a, func(d string) bool { return !slices.Contains(weekdays, d) })
	}, func(v Validation, value string, _ time.Time) (string, bool) {
		return value, slices.Contains(v.Arguments, weekdays[timeOf(value).Weekday()])
	}, "must be on %s"},
}

var (
	weekdays      = []string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}
	hostShape     = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	explicitPhone = regexp.MustCompile(`^\+[1-9][0-9 ().-]{5,}[0-9]$`)
	periodShape   = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
)

// RuleFor checks a rule before it is set for a property.
func RuleFor(p *Property, v Validation) error {
	kind, known := validators[v.Rule]
	switch {
	case !known:
		return fmt.Errorf("ruleType %s does not exist", v.Rule)
	case !slices.Contains(kind.types, p.Type) && !slices.Contains(kind.types, p.Type+"/"+p.FieldType):
		return fmt.Errorf("ruleType %s is not supported by properties of type %s and fieldType %s", v.Rule, p.Type, p.FieldType)
	case !kind.check(v.Arguments):
		return fmt.Errorf("ruleArguments %q do not fit ruleType %s", v.Arguments, v.Rule)
	}
	return nil
}

// obey puts a value that the property itself takes before the admin's rules.
func (p *Property) obey(value string, now time.Time) (string, *Problem) {
	if value == "" {
		return value, nil
	}
	for _, v := range p.Validations {
		kind := validators[v.Rule]
		next, fine := kind.holds(v, value, now)
		if !fine {
			phrase := kind.phrase
			if strings.Contains(phrase, "%s") {
				phrase = fmt.Sprintf(phrase, strings.Join(v.Arguments, ", "))
			}
			if v.Rule == "REGEX" && len(v.Arguments) == 2 {
				phrase = v.Arguments[1]
			}
			return "", &Problem{Code: "INVALID_" + v.Rule, Name: p.Name, Message: fmt.Sprintf("%s %s", value, phrase)}
		}
		value = next
	}
	return value, nil
}

func none(a []string) bool { return len(a) == 0 }

func oneOf(words ...string) func([]string) bool {
	return func(a []string) bool { return len(a) == 1 && slices.Contains(words, a[0]) }
}

func whole(low, high int) func([]string) bool {
	return func(a []string) bool {
		if len(a) != 1 {
			return false
		}
		n, err := strconv.Atoi(a[0])
		return err == nil && n >= low && n <= high
	}
}

func aNumber(a []string) bool { return len(a) == 1 && numberShape.MatchString(a[0]) }

func aPeriod(a []string) bool {
	return len(a) == 1 && periodShape.MatchString(a[0]) && strings.ContainsAny(a[0], "0123456789")
}

func domains(a []string) bool { return len(a) >= 1 && len(a) <= 20 }

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

func atof(s string) float64 { n, _ := strconv.ParseFloat(s, 64); return n }

// each holds when every character does.
func each(fine func(Validation, rune) bool) func(Validation, string, time.Time) (string, bool) {
	return func(v Validation, value string, _ time.Time) (string, bool) {
		for _, r := range value {
			if !fine(v, r) {
				return value, false
			}
		}
		return value, true
	}
}

// inForm refuses what is not in form, or brings it there.
func inForm(v Validation, value, formed string) (string, bool) {
	if v.Normalize {
		return formed, true
	}
	return value, value == formed
}

func inCase(v Validation, value string, _ time.Time) (string, bool) {
	switch v.Arguments[0] {
	case "UPPER":
		return inForm(v, value, strings.ToUpper(value))
	case "LOWER":
		return inForm(v, value, strings.ToLower(value))
	}
	words := strings.Split(value, " ")
	for i, w := range words {
		if first, size := utf8.DecodeRuneInString(w); size > 0 {
			words[i] = string(unicode.ToUpper(first)) + w[size:]
		}
	}
	return inForm(v, value, strings.Join(words, " "))
}

func emailDomain(value string) string { _, d, _ := strings.Cut(strings.ToLower(value), "@"); return d }

func urlHost(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

func domainOf(domain func(string) string, allowed bool) func(Validation, string, time.Time) (string, bool) {
	return func(v Validation, value string, _ time.Time) (string, bool) {
		have := domain(value)
		listed := slices.ContainsFunc(v.Arguments, func(d string) bool { return strings.EqualFold(d, have) })
		return value, listed == allowed && have != ""
	}
}

// timeOf reads a stored date or instant.
func timeOf(value string) time.Time {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return t
	}
	ms, _ := ParseInstant(value)
	return time.UnixMilli(ms).UTC()
}

func bound(upper bool) func(Validation, string, time.Time) (string, bool) {
	return func(v Validation, value string, _ time.Time) (string, bool) {
		at := time.UnixMilli(int64(atoi(v.Arguments[0])))
		if upper {
			return value, !timeOf(value).After(at)
		}
		return value, !timeOf(value).Before(at)
	}
}

// beyond holds for times at least a period after now, or before it.
func beyond(sign int) func(Validation, string, time.Time) (string, bool) {
	return func(v Validation, value string, now time.Time) (string, bool) {
		m := periodShape.FindStringSubmatch(v.Arguments[0])
		n := func(i int) int { return sign * atoi(m[i]) }
		at := timeOf(value)
		if len(value) == len(time.DateOnly) {
			now = now.UTC().Truncate(24 * time.Hour)
		}
		edge := now.AddDate(n(1), n(2), 7*n(3)+n(4)).Add(time.Duration(n(5))*time.Hour + time.Duration(n(6))*time.Minute + time.Duration(n(7))*time.Second)
		if sign > 0 {
			return value, !at.Before(edge)
		}
		return value, !at.After(edge)
	}
}
