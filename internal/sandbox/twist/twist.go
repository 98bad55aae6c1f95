// Package twist changes JSON bodies and query strings at random, for the fuzz tests of the simulators: a byte changed
// anywhere mostly makes JSON that no longer parses, a value changed leads further in.
package twist

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"
)

// odd are values that clients should not send and do.
var odd = []string{
	`null`, `true`, `false`, `""`, `" "`, `"0"`, `"-1"`, `"x"`, `"null"`, `"1"`, `"404"`, `"é\u2028\u0000"`, `"#N/A"`, `"%"`, `"../.."`, `"ann@example.com"`, `"2026-01-01"`,
	`"2026-01-01T00:00:00Z"`, `"9999999999999999999999"`, `0`, `-1`, `1`, `1.5`, `1e99`, `9223372036854775808`, `279`, `[]`, `[null]`, `["1","1"]`, `{}`, `{"id":"1"}`, `{"id":{}}`,
}

// oddity is one of them.
func oddity(r *rand.Rand) (v any) {
	d := json.NewDecoder(strings.NewReader(pick(r, odd)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err) // they are written above
	}
	return v
}

// JSON changes some values of a JSON body, the same ones for the same seed. What is no JSON, and everything for seed
// 0, comes back as it is.
func JSON(body []byte, seed uint64) []byte {
	var v any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if seed == 0 || d.Decode(&v) != nil {
		return body
	}
	r := rand.New(rand.NewPCG(seed, 1))
	for range 1 + r.IntN(3) {
		v = change(r, v)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return body // a number of the body's own that is none to the encoder
	}
	return out
}

// change changes one value within v, or v itself.
func change(r *rand.Rand, v any) any {
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 0 || r.IntN(8) == 0 {
			break
		}
		name := pick(r, slices.Sorted(maps.Keys(x)))
		switch r.IntN(6) {
		case 0:
			delete(x, name)
		case 1:
			x[name] = oddity(r)
		case 2:
			x[pick(r, slices.Sorted(maps.Keys(x)))] = x[name]
		default:
			x[name] = change(r, x[name])
		}
		return x
	case []any:
		if len(x) == 0 || r.IntN(8) == 0 {
			break
		}
		i := r.IntN(len(x))
		switch r.IntN(6) {
		case 0:
			return append(x, x[i]) // twice
		case 1:
			return slices.Delete(x, i, i+1)
		default:
			x[i] = change(r, x[i])
		}
		return x
	case string:
		switch r.IntN(8) {
		case 0:
			return x + x
		case 1:
			return strings.ToUpper(x)
		case 2:
			return strings.Repeat(x+"y", 100)
		case 3:
			return " " + x + " "
		}
	}
	return oddity(r)
}

// Query changes a query string likewise.
func Query(query string, seed uint64) string {
	values, err := url.ParseQuery(query)
	if seed == 0 || err != nil || len(values) == 0 {
		return query
	}
	r := rand.New(rand.NewPCG(seed, 2))
	name := pick(r, slices.Sorted(maps.Keys(values)))
	switch r.IntN(4) {
	case 0:
		values.Del(name)
	case 1:
		values[name] = append(values[name], values[name]...)
	default:
		if s, ok := oddity(r).(string); ok {
			values.Set(name, s)
		}
	}
	return values.Encode()
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// Watch ends the program when what it watches takes longer than any request may: the fuzzer then keeps the input.
func Watch(name string) (stop func()) {
	timer := time.AfterFunc(20*time.Second, func() { panic(name + ": no answer within 20 s") })
	return func() { timer.Stop() }
}

// Pick is the place of name among n things that name tells of; a name that is none picks one all the same, so that
// every mutation leads somewhere.
func Pick(name string, n int, is func(i int) bool) int {
	for i := range n {
		if is(i) {
			return i
		}
	}
	h := fnv.New32a()
	h.Write([]byte(name)) // cannot fail
	return int(h.Sum32() % uint32(n))
}
