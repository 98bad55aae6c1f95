package project

import (
	_ "embed"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"lockstep/internal/crm"
)

// ConfigFile is the name of the settings file in a project's folder.
const ConfigFile = "lockstep.yaml"

// Example is the documented lockstep.yaml: every key, each explained above it, with its default.
//
//go:embed lockstep.yaml
var Example []byte

// placeholder is the host of the embedded example. It answers nobody.
const placeholder = "example.my.salesforce.com"

// Config is lockstep.yaml, decoded. The file itself explains each key.
type Config struct {
	Salesforce Salesforce `yaml:"salesforce"`
	HubSpot    HubSpot    `yaml:"hubspot"`
	Paths      Paths      `yaml:"paths"`
	Warehouse  Warehouse  `yaml:"warehouse"`
	Alerts     Alerts     `yaml:"alerts"`
	Wake       Wake       `yaml:"wake"`
}

// Salesforce says where the org is and how to log in to it.
type Salesforce struct {
	URL         string           `yaml:"url"`
	Auth        string           `yaml:"auth"` // SalesforceFlows
	ClientID    string           `yaml:"client_id"`
	Username    string           `yaml:"username"`
	APIVersion  string           `yaml:"api_version"`
	Stamps      SalesforceStamps `yaml:"stamps"`
	Timeout     time.Duration    `yaml:"timeout"` // one attempt
	Attempts    int              `yaml:"attempts"`
	Concurrency int              `yaml:"concurrency"`
}

// SalesforceStamps names the custom fields lockstep writes to Leads and Contacts.
type SalesforceStamps struct {
	ID string `yaml:"id"`
}

// HubSpot says where the portal is and how to log in to it.
type HubSpot struct {
	URL        string        `yaml:"url"`
	Auth       string        `yaml:"auth"` // HubSpotFlows
	ClientID   string        `yaml:"client_id"`
	APIVersion string        `yaml:"api_version"`
	Stamps     HubSpotStamps `yaml:"stamps"`
	Timeout    time.Duration `yaml:"timeout"` // one attempt
	Attempts   int           `yaml:"attempts"`
	Burst      int           `yaml:"burst"` // calls per ten seconds; 0: what HubSpot grants
	SearchLag  time.Duration `yaml:"search_lag"`
}

// HubSpotStamps names the properties lockstep writes to contacts.
type HubSpotStamps struct {
	ID     string `yaml:"id"`
	Object string `yaml:"object"`
}

// Paths are the files lockstep keeps. Load makes them absolute.
type Paths struct {
	Warehouse string `yaml:"warehouse"`
	Published string `yaml:"published"`
	Mode      string `yaml:"published_mode"` // of the published files, in octal digits
}

// Plans is the folder of the plans that the page saves and can apply.
func (p Paths) Plans() string { return filepath.Join(filepath.Dir(p.Warehouse), "plans") }

// Warehouse bounds what DuckDB takes of the machine.
type Warehouse struct {
	Memory  string `yaml:"memory"`
	Spill   string `yaml:"spill"`
	Threads int    `yaml:"threads"`

	Retention Retention `yaml:"retention"`
}

// Retention says for how many days things stay. 0: for ever.
type Retention struct {
	Plans int `yaml:"plans"`
}

// Alerts say when something is a problem that people hear of. A zero is no bound.
type Alerts struct {
	Name    string        `yaml:"name"`
	Late    time.Duration `yaml:"late"`
	Lag     time.Duration `yaml:"lag"`
	Refused float64       `yaml:"refused"` // percent
}

// Wake says how a CRM tells of an edit.
type Wake struct {
	URL     string        `yaml:"url"` // as HubSpot knows it; empty: it sends nothing
	Collect time.Duration `yaml:"collect"`
}

// The flows a lockstep.yaml may name.
const (
	ClientCredentials = "client_credentials"
	JWT               = "jwt"
	RefreshToken      = "refresh_token"
	Token             = "token"
)

// SalesforceFlows and HubSpotFlows are the flows each CRM offers.
var (
	SalesforceFlows = []string{ClientCredentials, JWT, RefreshToken}
	HubSpotFlows    = []string{Token, RefreshToken}
)

// Configured returns an error with a hint while the settings are still the example's: there is no CRM to call.
func (c Config) Configured() error {
	if u, err := url.Parse(c.Salesforce.URL); err == nil && u.Host == placeholder {
		return crm.WithHint(fmt.Errorf("%s: salesforce.url is still the example's %s", ConfigFile, placeholder),
			"`lockstep init DIR` writes a %s to fill in; `lockstep demo` needs none", ConfigFile)
	}
	return nil
}

// decodeConfig reads one lockstep.yaml over the example's values. name stands in errors.
func decodeConfig(name string, text []byte) (Config, error) {
	var own Config
	if err := DecodeYAML(name, text, &own); err != nil {
		return own, err
	}
	// A YAML decoder sets a nested struct anew, so the defaults of absent keys are put in by key, before decoding.
	keys, err := merged(Example, text)
	if err != nil {
		return own, err
	}
	var c Config
	if err := DecodeYAML(name, keys, &c); err != nil {
		return c, err
	}
	return c, c.validate(name, text)
}

// merged is the YAML text lower with the keys of upper in place of its own.
func merged(lower, upper []byte) ([]byte, error) {
	var below, above map[string]any
	if err := yaml.Unmarshal(lower, &below); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(upper, &above); err != nil {
		return nil, err
	}
	replace(below, above)
	return yaml.Marshal(below)
}

// replace puts every leaf of from into to.
func replace(to, from map[string]any) {
	for key, v := range from {
		deeper, ok := v.(map[string]any)
		if into, both := to[key].(map[string]any); ok && both {
			replace(into, deeper)
		} else if v != nil {
			to[key] = v
		}
	}
}

// validate refuses values that decode but cannot be meant: the first of them, with its line.
func (c Config) validate(name string, text []byte) error {
	for _, check := range []struct{ key, problem string }{
		{"salesforce.url", badAddress(c.Salesforce.URL)},
		{"salesforce.auth", badFlow(c.Salesforce.Auth, SalesforceFlows)},
		{"salesforce.api_version", empty(c.Salesforce.APIVersion)},
		{"salesforce.stamps.id", empty(c.Salesforce.Stamps.ID)},
		{"salesforce.timeout", below(c.Salesforce.Timeout, time.Millisecond)},
		{"salesforce.attempts", below(c.Salesforce.Attempts, 1)},
		{"salesforce.concurrency", below(c.Salesforce.Concurrency, 1)},
		{"hubspot.url", badAddress(c.HubSpot.URL)},
		{"hubspot.auth", badFlow(c.HubSpot.Auth, HubSpotFlows)},
		{"hubspot.api_version", empty(c.HubSpot.APIVersion)},
		{"hubspot.stamps.id", empty(c.HubSpot.Stamps.ID)},
		{"hubspot.stamps.object", empty(c.HubSpot.Stamps.Object)},
		{"hubspot.timeout", below(c.HubSpot.Timeout, time.Millisecond)},
		{"hubspot.attempts", below(c.HubSpot.Attempts, 1)},
		{"hubspot.burst", below(c.HubSpot.Burst, 0)},
		{"hubspot.search_lag", below(c.HubSpot.SearchLag, time.Second)},
		{"paths.warehouse", empty(c.Paths.Warehouse)},
		{"paths.published", empty(c.Paths.Published)},
		{"paths.published_mode", badMode(c.Paths.Mode)},
		{"warehouse.threads", below(c.Warehouse.Threads, 0)},
		{"warehouse.retention.plans", below(c.Warehouse.Retention.Plans, 0)},
		{"alerts.name", empty(c.Alerts.Name)},
		{"alerts.late", below(c.Alerts.Late, 0)},
		{"alerts.lag", below(c.Alerts.Lag, 0)},
		{"alerts.refused", below(c.Alerts.Refused, 0)},
		{"wake.url", badOrigin(c.Wake.URL)},
		{"wake.collect", below(c.Wake.Collect, 0)},
	} {
		if check.problem != "" {
			return crm.WithHint(fmt.Errorf("%s: %s %s", Position(name, text, check.key), check.key, check.problem),
				"each key is explained in the %s that `lockstep init` writes", ConfigFile)
		}
	}
	return nil
}

func badAddress(s string) string {
	if u, err := url.Parse(s); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Sprintf("is %q, which is no https address", s)
	}
	return ""
}

// badOrigin takes an address without a path, or none.
func badOrigin(s string) string {
	if u, err := url.Parse(s); s != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || s != u.Scheme+"://"+u.Host) {
		return fmt.Sprintf("is %q: want the address without a path, as in https://sync.example.com", s)
	}
	return ""
}

func badFlow(s string, known []string) string {
	if !slices.Contains(known, s) {
		return fmt.Sprintf("is %q: want %s", s, strings.Join(known, ", "))
	}
	return ""
}

func badMode(s string) string {
	if n, err := strconv.ParseUint(s, 8, 12); err != nil || n&0o600 != 0o600 || n > 0o666 {
		return fmt.Sprintf("is %q, which is no mode such as \"0640\" that leaves the owner reading and writing", s)
	}
	return ""
}

// PublishedMode is the mode of the published files.
func (p Paths) PublishedMode() fs.FileMode {
	n, err := strconv.ParseUint(p.Mode, 8, 12)
	if err != nil {
		return 0o600 // not of a lockstep.yaml: those are validated
	}
	return fs.FileMode(n)
}

func empty(s string) string {
	if s == "" {
		return "is empty"
	}
	return ""
}

func below[N int | float64 | time.Duration](n, least N) string {
	if n < least {
		return fmt.Sprintf("is %v: want %v or more", n, least)
	}
	return ""
}

// absolute makes relative paths start at dir.
func (p Paths) absolute(dir string) Paths {
	for _, path := range []*string{&p.Warehouse, &p.Published} {
		if !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
	return p
}
