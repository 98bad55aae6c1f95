package hubspot

import "testing"

func TestAssociationTarget(t *testing.T) {
	t.Parallel()
	for column, want := range map[string]string{
		"associated_company_id": "companies", "associated_ticket_id": "tickets",
		"associated_p_subscription_id": "p_subscription", "associated_p1234567_subscription_id": "p1234567_subscription", "associated_2-3465404_id": "2-3465404",
		"associated_line_item_id": "", "associated_p_id": "", "associated_phone_id": "", "hs_associated_company_id": "", "associated_p_x": "",
	} {
		if got, ok := AssociationTarget(column); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}
