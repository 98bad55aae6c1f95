package project

import (
	"fmt"
	"os"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// The variables that secrets are read from. Each may instead be given as NAME_FILE, the path of a file that holds it.
const (
	SalesforceClientID     = "LOCKSTEP_SALESFORCE_CLIENT_ID"
	SalesforceClientSecret = "LOCKSTEP_SALESFORCE_CLIENT_SECRET"
	SalesforcePrivateKey   = "LOCKSTEP_SALESFORCE_PRIVATE_KEY"
	SalesforceRefreshToken = "LOCKSTEP_SALESFORCE_REFRESH_TOKEN"
	HubSpotToken           = "LOCKSTEP_HUBSPOT_TOKEN"
	HubSpotClientID        = "LOCKSTEP_HUBSPOT_CLIENT_ID"
	HubSpotClientSecret    = "LOCKSTEP_HUBSPOT_CLIENT_SECRET"
	HubSpotRefreshToken    = "LOCKSTEP_HUBSPOT_REFRESH_TOKEN"
	AlertURL               = "LOCKSTEP_ALERT_URL"
	WakeToken              = "LOCKSTEP_WAKE_TOKEN"
	PageToken              = "LOCKSTEP_PAGE_TOKEN"
)

// Environment looks variables up; os.LookupEnv is one.
type Environment func(name string) (string, bool)

// Secret reads the variable name, or the file that name_FILE names. It is empty where neither is set;
// both set is an error, since one of them would be ignored in silence.
func (e Environment) Secret(name string) (wire.Secret, error) {
	value, direct := e(name)
	path, byFile := e(name + "_FILE")
	switch {
	case direct && byFile:
		return wire.Secret{}, crm.WithHint(fmt.Errorf("%s and %s_FILE are both set", name, name), "unset one of them")
	case byFile:
		b, err := os.ReadFile(path)
		if err != nil {
			return wire.Secret{}, crm.WithHint(fmt.Errorf("%s_FILE: %w", name, err), "the variable names a file that holds the secret and nothing else")
		}
		value = string(b)
	}
	return wire.NewSecret(strings.TrimSpace(value)), nil
}

// Required is Secret, but an absent value is an error that names the variable and what wants it.
func (e Environment) Required(name, wantedBy string) (wire.Secret, error) {
	s, err := e.Secret(name)
	if err == nil && s.Reveal() == "" {
		err = crm.WithHint(fmt.Errorf("%s is not set, and %s needs it", name, wantedBy),
			"export %s=…, or %s_FILE=PATH", name, name)
	}
	return s, err
}
