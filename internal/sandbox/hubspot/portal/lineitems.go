package portal

import "strconv"

// lineItemComputed gives the amounts of a line: price times quantity, less the discount.
func (o *Object) lineItemComputed(name string) func(Record) string {
	number := func(r Record, name string) (float64, bool) {
		n, err := strconv.ParseFloat(r.stored(name), 64)
		return n, err == nil
	}
	full := func(r Record) (float64, bool) {
		price, has := number(r, "price")
		quantity, counted := number(r, "quantity")
		if !counted {
			quantity = 1
		}
		return price * quantity, has
	}
	off := func(r Record) float64 {
		whole, _ := full(r)
		if percent, yes := number(r, "hs_discount_percentage"); yes {
			return whole * percent / 100
		}
		each, _ := number(r, "discount")
		if quantity, counted := number(r, "quantity"); counted {
			return each * quantity
		}
		return each
	}
	amount := func(of func(whole float64, r Record) float64) func(Record) string {
		return func(r Record) string {
			whole, has := full(r)
			if !has {
				return ""
			}
			return decimal(of(whole, r))
		}
	}
	switch name {
	case "amount":
		return amount(func(whole float64, r Record) float64 { return whole - off(r) })
	case "hs_pre_discount_amount":
		return amount(func(whole float64, _ Record) float64 { return whole })
	case "hs_total_discount":
		return amount(func(_ float64, r Record) float64 { return off(r) })
	}
	return nil
}
