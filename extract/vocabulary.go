package extract

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// speaker is a Source that knows record types and currencies. It is asked after Columns, with what that has shown.
type speaker interface {
	RecordTypes() []warehouse.RecordType
	Currencies(ctx context.Context) ([]warehouse.Currency, error)
}

// vocabulary brings catalog.record_types and catalog.currencies up to date.
func (s *session) vocabulary(ctx context.Context) error {
	from, ok := s.source.(speaker)
	if !ok {
		return nil
	}
	currencies, err := from.Currencies(ctx)
	if err != nil {
		return err
	}
	return s.w.InTx(ctx, func(tx *warehouse.Tx) error {
		if err := warehouse.WriteCurrencies(ctx, tx, s.source.System(), currencies); err != nil || s.source.System() != crm.Salesforce {
			return err
		}
		return warehouse.WriteRecordTypes(ctx, tx, from.RecordTypes())
	})
}

// RecordTypes are none: HubSpot has pipelines in their place.
func (s *hubspotSource) RecordTypes() []warehouse.RecordType { return nil }

// Currencies are what the account's details say.
func (s *hubspotSource) Currencies(context.Context) ([]warehouse.Currency, error) {
	var all []warehouse.Currency
	for _, code := range append([]string{s.details.Currency}, s.details.Currencies...) {
		if code != "" && !slices.ContainsFunc(all, func(c warehouse.Currency) bool { return c.Code == code }) {
			all = append(all, warehouse.Currency{Code: code, Home: code == s.details.Currency, Active: true})
		}
	}
	return all, nil
}

// RecordTypes come with the descriptions; the master type, which every object has and no record names, is left out.
func (s *salesforceSource) RecordTypes() []warehouse.RecordType {
	var all []warehouse.RecordType
	for _, d := range s.described {
		for _, r := range d.RecordTypes {
			if !r.Master {
				all = append(all, warehouse.RecordType{Object: d.Name, ID: r.ID, DeveloperName: r.DeveloperName, Name: r.Name, Active: r.Active})
			}
		}
	}
	return all
}

// Currencies costs a call in an org with several, whose records have a CurrencyIsoCode, and none in any other.
func (s *salesforceSource) Currencies(ctx context.Context) ([]warehouse.Currency, error) {
	several := false
	for _, d := range s.described {
		for _, f := range d.Fields {
			several = several || f.Name == "CurrencyIsoCode"
		}
	}
	if !several {
		return nil, nil
	}
	var all []warehouse.Currency
	for page, err := range s.client.Query(ctx, "SELECT IsoCode, ConversionRate, DecimalPlaces, IsActive, IsCorporate FROM CurrencyType") {
		if err != nil {
			return nil, err
		}
		var in struct {
			Records []struct {
				IsoCode        string
				ConversionRate *float64
				DecimalPlaces  *int
				IsActive       bool
				IsCorporate    bool
			} `json:"records"`
		}
		if err := json.Unmarshal(page.Body, &in); err != nil {
			return nil, fmt.Errorf("salesforce: the currencies have another form than documented")
		}
		for _, c := range in.Records {
			all = append(all, warehouse.Currency{Code: c.IsoCode, Home: c.IsCorporate, Active: c.IsActive, Rate: c.ConversionRate, Decimals: c.DecimalPlaces})
		}
	}
	return all, nil
}
