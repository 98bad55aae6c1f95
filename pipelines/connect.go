package pipelines

import (
	"github.com/rs/zerolog"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/project"
	"lockstep/internal/salesforce"
	"lockstep/internal/wire"
	"lockstep/load"
)

// CRMs are the two CRMs as a run needs them: to read, to write, and to count the calls.
type CRMs struct {
	HubSpot    *hubspot.Client
	Salesforce *salesforce.Client
	Sources    map[crm.System]extract.Source
	Targets    load.Targets
	Meters     map[crm.System]*wire.Meter

	salesforce *load.Salesforce // in Targets; a run tells it who we are
}

// Connect makes the clients that a project's settings and the LOCKSTEP_… variables describe. It calls nobody:
// wrong credentials come to light with the first call.
func Connect(p *project.Project, env project.Environment, log zerolog.Logger) (*CRMs, error) {
	if err := p.Config.Configured(); err != nil {
		return nil, err
	}
	h, err := connectHubSpot(p.Config.HubSpot, env, log)
	if err != nil {
		return nil, err
	}
	s, err := connectSalesforce(p.Config.Salesforce, env, log)
	if err != nil {
		return nil, err
	}
	c := p.Config
	org := &load.Salesforce{Client: s, Stamp: c.Salesforce.Stamps.ID}
	return &CRMs{
		HubSpot: h, Salesforce: s, salesforce: org,
		Sources: map[crm.System]extract.Source{
			crm.HubSpot: extract.HubSpot(h, c.HubSpot.SearchLag), crm.Salesforce: extract.Salesforce(s, 0, 0),
		},
		Targets: load.Targets{crm.HubSpot: &load.HubSpot{Client: h, Stamp: c.HubSpot.Stamps.ID}, crm.Salesforce: org},
		Meters:  map[crm.System]*wire.Meter{crm.HubSpot: h.Meter(), crm.Salesforce: s.Meter()},
	}, nil
}

func connectHubSpot(c project.HubSpot, env project.Environment, log zerolog.Logger) (*hubspot.Client, error) {
	o := hubspot.Options{
		BaseURL: c.URL, Version: hubspot.Version(c.APIVersion), PerTenSeconds: c.Burst,
		Attempts: c.Attempts, Timeout: c.Timeout, Log: log,
	}
	wanted := "hubspot.auth " + c.Auth
	var err error
	switch c.Auth {
	case project.Token:
		o.Token, err = env.Required(project.HubSpotToken, wanted)
	case project.RefreshToken:
		o.OAuth = &hubspot.OAuth{}
		if o.OAuth.ClientID, err = clientID(c.ClientID, project.HubSpotClientID, env, wanted); err != nil {
			return nil, err
		}
		if o.OAuth.ClientSecret, err = env.Required(project.HubSpotClientSecret, wanted); err != nil {
			return nil, err
		}
		o.OAuth.RefreshToken, err = env.Required(project.HubSpotRefreshToken, wanted)
	}
	if err != nil {
		return nil, err
	}
	return hubspot.New(o)
}

func connectSalesforce(c project.Salesforce, env project.Environment, log zerolog.Logger) (*salesforce.Client, error) {
	flow, err := salesforceFlow(c, env)
	if err != nil {
		return nil, err
	}
	return salesforce.New(salesforce.Options{
		Flow: flow, LoginURL: c.URL, Version: c.APIVersion, AtOnce: c.Concurrency,
		Attempts: c.Attempts, Timeout: c.Timeout, Log: log,
	})
}

func salesforceFlow(c project.Salesforce, env project.Environment) (salesforce.Flow, error) {
	wanted := "salesforce.auth " + c.Auth
	id, err := clientID(c.ClientID, project.SalesforceClientID, env, wanted)
	if err != nil {
		return nil, err
	}
	switch c.Auth {
	case project.JWT:
		key, err := env.Required(project.SalesforcePrivateKey, wanted)
		return salesforce.JWTBearer{ConsumerKey: id, Username: c.Username, PrivateKey: key}, err
	case project.RefreshToken:
		token, err := env.Required(project.SalesforceRefreshToken, wanted)
		if err != nil {
			return nil, err
		}
		secret, err := env.Secret(project.SalesforceClientSecret) // some apps require none
		return &salesforce.RefreshToken{ConsumerKey: id, ConsumerSecret: secret, Token: token}, err
	}
	secret, err := env.Required(project.SalesforceClientSecret, wanted)
	return salesforce.ClientCredentials{ConsumerKey: id, ConsumerSecret: secret}, err
}

// clientID is the variable's, else the setting's.
func clientID(setting, variable string, env project.Environment, wanted string) (string, error) {
	s, err := env.Secret(variable)
	if err == nil && s.Reveal() == "" && setting != "" {
		return setting, nil
	}
	s, err = env.Required(variable, wanted)
	return s.Reveal(), err
}
