package twist

import (
	"encoding/json"
	"testing"
)

func TestTwistsAreManyAndReproducible(t *testing.T) {
	t.Parallel()
	body := []byte(`{"inputs":[{"id":"1","properties":{"phone":"2","n":[1,2.5,true,null]}}],"limit":5}`)
	seen := map[string]bool{}
	for seed := range uint64(500) {
		out := JSON(body, seed)
		if !json.Valid(out) || string(out) != string(JSON(body, seed)) {
			t.Fatalf("seed %d: %s", seed, out)
		}
		seen[string(out)] = true
		seen[Query("a=1&b=2", seed)] = true
	}
	if len(seen) < 200 {
		t.Errorf("%d forms of 500", len(seen))
	}
	if string(JSON(body, 0)) != string(body) || string(JSON([]byte("{"), 1)) != "{" || Query("", 1) != "" {
		t.Error("what is to stay does not")
	}
}
