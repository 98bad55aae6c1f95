package sandbox

import (
	"context"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// rowCodes are the refusals that kind partial can give a row of a write.
func rowCodes(system crm.System) []string {
	var all []string
	if system == crm.HubSpot {
		for _, r := range hubspotRows {
			all = append(all, r.code)
		}
		return all
	}
	for _, s := range salesforceSays {
		if s.row {
			all = append(all, s.code)
		}
	}
	return all
}

// strikesRow says whether a row of the request, counted from 0, is refused.
func (s struck) strikesRow(row int) bool {
	switch {
	case len(s.Rows) > 0:
		return slices.Contains(s.Rows, row+1)
	case s.Share > 0:
		return s.chance(s.Share)
	}
	return true
}

// orders puts a fault that the simulator itself has to carry out into the request's context.
func (s struck) orders(ctx context.Context, system crm.System) context.Context {
	switch {
	case s.Kind == StaleSearch:
		return hubspot.WithOrders(ctx, hubspot.Orders{Stale: s.Age})
	case s.Kind != Lock && s.Kind != Partial:
		return ctx
	case system == crm.HubSpot:
		return hubspot.WithOrders(ctx, hubspot.Orders{Refuse: s.hubspotRow})
	}
	return salesforce.WithOrders(ctx, salesforce.Orders{Refuse: s.salesforceRow})
}

func (s struck) salesforceRow(row int) *salesforce.Refusal {
	if !s.strikesRow(row) {
		return nil
	}
	code := s.Code
	if s.Kind == Lock {
		code = "UNABLE_TO_LOCK_ROW"
	}
	for _, known := range salesforceSays {
		if known.row && known.code == code {
			message, fields := known.about(s.Field)
			return &salesforce.Refusal{Code: known.errorCode(), Message: message, Fields: append([]string{}, fields...)}
		}
	}
	return nil
}

func (s struck) hubspotRow(row int) *hubspot.Refusal {
	i := slices.IndexFunc(hubspotRows, func(known struct {
		code, property string
		refusal        hubspot.Refusal
	}) bool {
		return known.code == s.Code
	})
	if i < 0 || !s.strikesRow(row) {
		return nil
	}
	r := hubspotRows[i].refusal
	if property := hubspotRows[i].property; property != "" {
		if s.Field != "" {
			property = s.Field
		}
		r.Property, r.Code = property, s.Code
		r.Message = strings.ReplaceAll(r.Message, "%F", property)
	}
	return &r
}
