package portal

import (
	"strconv"
	"time"
)

// closeDeal sets the close date of a deal that comes to a closed stage without one.
func (d *draft) closeDeal() {
	if d.object.portal.Rules.KeepCloseDate || !d.changed("dealstage") || d.changed("closedate") {
		return
	}
	if closed, _ := outcome(d.object, d.value("dealstage")); !closed {
		return
	}
	if wasClosed, _ := outcome(d.object, d.was("dealstage")); !wasClosed {
		d.fill("closedate", d.now())
	}
}

// outcome says whether a stage ends a deal, and whether well.
func outcome(o *Object, stage string) (closed, won bool) {
	s := o.stageNamed(stage)
	if s == nil {
		return false, false
	}
	closed = s.Metadata["isClosed"] == "true"
	return closed, closed && s.Metadata["probability"] == "1.0"
}

// HomeCurrency is the one currency of the account.
const HomeCurrency = "USD"

// dealComputed gives what follows from a deal's stage and amount.
func (o *Object) dealComputed(name string) func(Record) string {
	stage := o.byName["dealstage"]
	switch name {
	case "hs_is_closed":
		return func(r Record) string { closed, _ := outcome(o, r.Value(stage)); return strconv.FormatBool(closed) }
	case "hs_is_closed_won":
		return func(r Record) string { _, won := outcome(o, r.Value(stage)); return strconv.FormatBool(won) }
	case "hs_is_closed_lost":
		return func(r Record) string {
			closed, won := outcome(o, r.Value(stage))
			return strconv.FormatBool(closed && !won)
		}
	case "hs_deal_stage_probability":
		return func(r Record) string {
			if s := o.stageNamed(r.Value(stage)); s != nil {
				return plainNumber(s.Metadata["probability"])
			}
			return ""
		}
	case "hs_primary_associated_company":
		return func(r Record) string {
			return optionalID(o.portal.Relation(o, o.portal.Object("companies")).PrimaryOf(r.row.id))
		}
	case "amount_in_home_currency":
		return homeAmount
	case "hs_projected_amount", "hs_projected_amount_in_home_currency", "hs_forecast_amount":
		return func(r Record) string {
			s := o.stageNamed(r.Value(stage))
			amount, err := strconv.ParseFloat(r.stored("amount"), 64)
			if s == nil || err != nil {
				return ""
			}
			if name == "hs_forecast_amount" {
				return r.stored("amount")
			}
			p, _ := strconv.ParseFloat(s.Metadata["probability"], 64)
			return decimal(amount * p)
		}
	case "hs_closed_amount", "hs_closed_amount_in_home_currency":
		return func(r Record) string {
			if _, won := outcome(o, r.Value(stage)); !won {
				return "0"
			}
			return homeAmount(r)
		}
	case "days_to_close":
		return func(r Record) string {
			end, ok := ParseInstant(r.stored("closedate"))
			if !ok {
				return ""
			}
			return strconv.FormatInt(max(0, (end-r.row.created)/(24*time.Hour).Milliseconds()), 10)
		}
	}
	return nil
}

// UseCurrencies gives the deals of an account with several currencies their codes, the company's own first.
func (p *Portal) UseCurrencies(codes []string) {
	code := p.Object("deals").byName["deal_currency_code"]
	code.Options = nil
	for i, c := range codes {
		code.Options = append(code.Options, Option{Label: c, Value: c, DisplayOrder: i})
	}
}

func homeAmount(r Record) string {
	if code := r.stored("deal_currency_code"); code != "" && code != HomeCurrency {
		return ""
	}
	return r.stored("amount")
}

// decimal writes a computed number without the noise of binary fractions.
func decimal(n float64) string { return plainNumber(strconv.FormatFloat(n, 'f', 6, 64)) }
