package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// currencyObjects are those whose records have a currency in an org with several.
var currencyObjects = []string{"Account", "Campaign", "CampaignMember", "Case", "Contact", "Event", "Lead", "Opportunity", "Task"}

// UseCurrencies makes the org one with several currencies, the first of which is the corporate one: records get
// CurrencyIsoCode, and CurrencyType lists the codes, with the rates of those written as EUR=0.8. It is called once, before
// custom objects are made.
func (org *Org) UseCurrencies(currencies []string) error {
	if len(currencies) < 2 || org.currencies != nil {
		return fmt.Errorf("an org with several currencies is told once of at least two")
	}
	var codes, rates []string
	for _, c := range currencies {
		code, rate, _ := strings.Cut(c, "=")
		codes, rates = append(codes, code), append(rates, cmp.Or(rate, "1"))
	}
	for _, o := range schema(org.Now().Unix(), "currency") {
		org.enter(o)
	}
	known := org.Object("CurrencyType").Field("IsoCode").Options
	org.currencies = codes
	for n, code := range codes {
		if !slices.ContainsFunc(known, func(o Option) bool { return o.Value == code }) {
			known = append(known, Option{Value: code, Label: code})
		}
		if _, err := org.Insert("CurrencyType", map[string]string{
			"IsoCode": code, "ConversionRate": rates[n], "DecimalPlaces": "2", "IsActive": "true", "IsCorporate": fmt.Sprint(n == 0),
		}); err != nil {
			return err
		}
	}
	org.Object("CurrencyType").Field("IsoCode").Options = known
	for _, name := range currencyObjects {
		org.addCurrency(org.Object(name))
	}
	user := org.Object("User")
	f := org.currencyField("DefaultCurrencyIsoCode", "Default Currency ISO Code")
	user.add(f)
	for row := range user.Rows() {
		user.set(row, f, textValue(codes[0]))
	}
	return nil
}

func (org *Org) addCurrency(o *Object) {
	if org.currencies != nil {
		o.add(org.currencyField("CurrencyIsoCode", "Currency ISO Code"))
		o.Changed = org.Now().Unix()
	}
}

func (org *Org) currencyField(name, label string) *Field {
	f := &Field{Name: name, Label: label, Type: "picklist", Length: 3, Createable: true, Updateable: true, Nillable: true, Defaulted: true,
		Restricted: true, Default: org.currencies[0]}
	for n, code := range org.currencies {
		f.Options = append(f.Options, Option{Value: code, Label: strings.ToUpper(code), Default: n == 0})
	}
	return f
}
