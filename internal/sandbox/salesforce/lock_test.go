package salesforce_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestLockedRows(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	account := x.insert("Account", "Name", "Acme")
	contact := x.insert("Contact", "LastName", "Lee", "AccountId", account)
	free := x.insert("Contact", "LastName", "Chen")
	release := x.Lock(account)
	want := "UNABLE_TO_LOCK_ROW unable to obtain exclusive access to this record or 1 records: " + account + " []"
	for _, c := range []struct{ method, path, body string }{
		{"PATCH", "/sobjects/Account/" + account, `{"Phone":"1"}`}, {"PATCH", "/sobjects/Contact/" + contact, `{"Phone":"1"}`},
		{"POST", "/sobjects/Contact", `{"LastName":"New","AccountId":"` + account + `"}`}, {"PATCH", "/sobjects/Contact/" + free, `{"AccountId":"` + account + `"}`},
		{"DELETE", "/sobjects/Contact/" + contact, ""}, {"POST", "/sobjects/Task", `{"WhoId":"` + contact + `","ActivityDate":"2026-05-06"}`},
		{"POST", "/sobjects/Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","AccountId":"` + account + `"}`},
	} {
		if got := x.refusal(c.method, c.path, c.body); got != want {
			t.Errorf("%s %s: %s", c.method, c.path, got)
		}
	}
	r := x.must(200, "PATCH", "/composite/sobjects", `{"records":[{"attributes":{"type":"Contact"},"id":"`+contact+`","Phone":"1"},{"attributes":{"type":"Contact"},"id":"`+free+`","Phone":"1"}]}`)
	if get(r.json, 0, "errors", 0, "statusCode") != "UNABLE_TO_LOCK_ROW" || get(r.json, 1, "success") != true {
		t.Errorf("beside a row that is free: %s", r.text)
	}
	x.create("Task", `{"WhoId":"`+contact+`","Status":"Completed"}`) // a task that is done locks nothing
	release()
	x.must(204, "PATCH", "/sobjects/Contact/"+contact, `{"Phone":"1"}`)
}

// Writes that overlap in time collide on the account they share, and on nothing else; what was refused changed nothing.
func TestOverlappingWritesCollide(t *testing.T) {
	t.Parallel()
	var first atomic.Bool
	entered, leave := make(chan struct{}), make(chan struct{})
	x := start(t, salesforce.Options{Holding: func() {
		if first.CompareAndSwap(false, true) {
			close(entered)
			<-leave
		}
	}})
	account, other := x.insert("Account", "Name", "Acme"), x.insert("Account", "Name", "Other")
	body := func(account string) string { return fmt.Sprintf(`{"LastName":"Lee","AccountId":%q}`, account) }
	slow := make(chan int)
	go func() { slow <- x.do(http.MethodPost, "/sobjects/Contact", body(account)).status }()
	<-entered
	if got := x.refusal("POST", "/sobjects/Contact", body(account)); got != "UNABLE_TO_LOCK_ROW unable to obtain exclusive access to this record or 1 records: "+account+" []" {
		t.Errorf("the second write: %s", got)
	}
	x.create("Contact", body(other))
	close(leave)
	if status := <-slow; status != 201 {
		t.Errorf("the first write: %d", status)
	}
	x.create("Contact", body(account))
	if n := len(x.All("Contact")); n != 3 {
		t.Errorf("%d contacts", n)
	}
}
